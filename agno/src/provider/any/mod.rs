//! The model a configuration names: `provider:model` as text, an enum in the program. This folder is above every API and
//! above the embedded model.

pub(crate) mod from_name;

use futures_util::Stream;
use futures_util::stream::BoxStream;

use super::list::{ModelApi, configuration, known, list_of_built_in, provider_named};
use super::table::provider_table;
use crate::model::{Capabilities, Delta, DynModel, Model, ModelError, ModelId, Reply, Request};
use crate::schema::{AnyDialect, Dialect};

/// The variable that names the model of agents without one of their own.
const VARIABLE: &str = "AGNO_MODEL";

/// Makes the enum, its conversions and the choice by name from the table.
macro_rules! any_model {
    ({}
        apis { $($(#[$doc:meta])* $api:ident {
            $feature:literal, $title:literal, $model:ty, $make:expr $(, or $substitute:ident $substitutes:literal)?
        })* }
        providers { $($providers:tt)* }
    ) => {
        /// A model chosen at run time, by name or from the environment.
        ///
        /// ```
        /// use agno::AnyModel;
        /// use agno::model::{Model, ModelErrorKind, ScriptedModel};
        ///
        /// let model = AnyModel::named("ollama:llama3.2")?;
        /// assert_eq!(model.id().to_string(), "ollama:llama3.2");
        ///
        /// let error = AnyModel::named("opnai:gpt-5-mini").unwrap_err();
        /// assert_eq!(error.kind(), ModelErrorKind::Configuration);
        /// assert!(error.to_string().contains("did you mean `openai`"));
        ///
        /// let own = AnyModel::from(ScriptedModel::new().erase());
        /// # Ok::<(), agno::ModelError>(())
        /// ```
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum AnyModel {
            $(
                $(#[$doc])*
                #[cfg(feature = $feature)]
                $api($model),
            )*
            /// A model behind a pointer: one of the program's own.
            Dyn(DynModel),
        }

        $(
            #[cfg(feature = $feature)]
            impl From<$model> for AnyModel {
                fn from(model: $model) -> Self {
                    Self::$api(model)
                }
            }
        )*

        impl AnyModel {
            /// Creates the model of this provider over the API that is built in.
            fn of(provider: &str, model: &str) -> Result<Self, ModelError> {
                let known = provider_named(provider)?;
                match known.model_api() {
                    $(
                        #[cfg(feature = $feature)]
                        ModelApi::$api => <$model as from_name::FromName>::from_name(provider, model).map(Self::$api),
                        #[cfg(not(feature = $feature))]
                        ModelApi::$api => {
                            // The only use of it where every feature is off.
                            let _ = model;
                            Err(configuration(format!(
                                "models of `{provider}` are not built in; turn the feature `{}` of agno on",
                                known.feature
                            )))
                        }
                    )*
                }
            }
        }
    };
}

provider_table!(any_model {});

impl AnyModel {
    /// The model this text names, as `provider:model`.
    ///
    /// ```no_run
    /// use agno::AnyModel;
    ///
    /// let model = AnyModel::named("groq:llama-3.3-70b-versatile")?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such provider, its feature is off, or the model cannot be made: a missing key, for instance.
    pub fn named(name: &str) -> Result<Self, ModelError> {
        let name = name.trim();
        let Some((provider, model)) = name.split_once(':') else {
            let message = format!(
                "`{name}` does not say whose model it is; write `provider:model`, for instance `openai:{name}`"
            );
            return Err(configuration(message));
        };
        Self::of(provider, model)
    }

    /// The model the environment names: in the variable `AGNO_MODEL`, or OpenAI's `gpt-5-mini` where only
    /// `OPENAI_API_KEY` is set.
    ///
    /// ```no_run
    /// use agno::AnyModel;
    ///
    /// let model = AnyModel::from_env()?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it names none, with the ways to configure a model, or the model it names cannot be made.
    pub fn from_env() -> Result<Self, ModelError> {
        match named_in_env() {
            Some(name) => Self::named(&name),
            None => Err(configuration(format!(
                "no model is configured; set {VARIABLE}=provider:model, name one in `#[agent(model = \"provider:model\")]`, or give one with `.with(model)` ({})",
                list_of_built_in()
            ))),
        }
    }

    /// The model the environment names, as [`from_env`](Self::from_env); the one this text names where it names none.
    ///
    /// ```no_run
    /// use agno::AnyModel;
    ///
    /// let model = AnyModel::from_env_or("ollama:llama3.2")?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the model cannot be made.
    pub fn from_env_or(name: &str) -> Result<Self, ModelError> {
        match named_in_env() {
            Some(named) => Self::named(&named),
            None => Self::named(name),
        }
    }

    /// Whether the environment names a model.
    pub fn is_named_in_env() -> bool {
        named_in_env().is_some()
    }
}

/// The name of the model in the environment.
fn named_in_env() -> Option<String> {
    let set = |variable| {
        std::env::var(variable)
            .ok()
            .filter(|text| !text.trim().is_empty())
    };
    set(VARIABLE).or_else(|| {
        let keys = const { known("openai") }.key_variables.iter();
        let key = keys.copied().find_map(set).filter(|_| cfg!(feature = "openai"));
        key.map(|_| "openai:gpt-5-mini".to_owned())
    })
}

impl From<DynModel> for AnyModel {
    fn from(model: DynModel) -> Self {
        Self::Dyn(model)
    }
}

/// Evaluates the same expression on whichever model it is.
macro_rules! on_each {
    ($any:expr, $model:ident => $expression:expr) => {
        provider_table!(on_each_api { $any, $model => $expression })
    };
}

macro_rules! on_each_api {
    ({ $any:expr, $name:ident => $expression:expr }
        apis { $($(#[$doc:meta])* $api:ident {
            $feature:literal, $title:literal, $model:ty, $make:expr $(, or $substitute:ident $substitutes:literal)?
        })* }
        providers { $($providers:tt)* }
    ) => {
        match $any {
            $(
                #[cfg(feature = $feature)]
                AnyModel::$api($name) => $expression,
            )*
            AnyModel::Dyn($name) => $expression,
        }
    };
}

impl Model for AnyModel {
    type Dialect = AnyDialect;

    fn dialect(&self) -> AnyDialect {
        on_each!(self, model => model.dialect().any())
    }

    fn id(&self) -> ModelId<'_> {
        on_each!(self, model => model.id())
    }

    fn capabilities(&self) -> Capabilities {
        on_each!(self, model => model.capabilities())
    }

    fn fingerprint(&self) -> String {
        on_each!(self, model => model.fingerprint())
    }

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        on_each!(self, model => model.complete(request).await)
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        // One box a streamed request: the streams of all providers in one type would each be as large as the largest.
        on_each!(self, model => Box::pin(model.stream(request)) as BoxStream<'a, Result<Delta, ModelError>>)
    }
}

crate::model::every_capability!([] AnyModel);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_provider_is_answered_with_one() {
        let error = AnyModel::named("gpt-5-mini").unwrap_err().to_string();
        assert!(error.contains("`openai:gpt-5-mini`"), "{error}");
    }
}
