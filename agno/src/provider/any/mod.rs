//! A model selected at run time by a name such as `provider:model`. This module depends on every API and on the
//! embedded model.

pub(crate) mod from_name;

use futures_util::Stream;
use futures_util::stream::BoxStream;

use super::list::{ModelApi, configuration, known, list_of_built_in, provider_named};
use super::table::provider_table;
use crate::model::{
    Capabilities, Delta, DynModel, Model, ModelError, ModelId, Reply, Request, ScriptedModel,
};
use crate::schema::{AnyDialect, Dialect};

/// The environment variable that names the model for agents that do not specify a model.
const VARIABLE: &str = "AGNO_MODEL";

/// Generates the enum, its conversions and the selection by name from the table.
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
        /// use agno::model::{FunctionModel, Model, ModelErrorKind, Reply, ScriptedModel};
        ///
        /// let model = AnyModel::named("ollama:llama3.2")?;
        /// assert_eq!(model.id().to_string(), "ollama:llama3.2");
        ///
        /// let error = AnyModel::named("opnai:gpt-5-mini").unwrap_err();
        /// assert_eq!(error.kind(), ModelErrorKind::Configuration);
        /// assert!(error.to_string().contains("did you mean `openai`"));
        ///
        /// // A script, for tests, and any other model.
        /// let scripted = AnyModel::from(ScriptedModel::new());
        /// let own = AnyModel::from(FunctionModel::new(|_request| Ok(Reply::text("Hello."))).erase());
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
            /// A type-erased model, such as a user-defined one.
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
            /// Creates the model of this provider with the API selected by the enabled features.
            fn for_provider(provider: &str, model: &str) -> Result<Self, ModelError> {
                let known = provider_named(provider)?;
                match known.model_api() {
                    $(
                        #[cfg(feature = $feature)]
                        ModelApi::$api => <$model as from_name::FromName>::from_name(provider, model).map(Self::$api),
                        #[cfg(not(feature = $feature))]
                        ModelApi::$api => {
                            // Avoids an unused variable when every feature is disabled.
                            let _ = model;
                            Err(configuration(format!(
                                "`{provider}` models require agno's `{}` feature; enable it in Cargo.toml",
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
    /// Creates the model with this name, in the format `provider:model`.
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
    /// Returns an error of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the name has no
    /// provider, the provider is unknown, or its feature is disabled. Returns the error of the constructor when the
    /// model cannot be created, for instance because a key is missing.
    pub fn named(name: &str) -> Result<Self, ModelError> {
        let name = name.trim();
        let Some((provider, model)) = name.split_once(':') else {
            let message = format!(
                "`{name}` does not name a provider; write `provider:model`, for instance `openai:{name}`"
            );
            return Err(configuration(message));
        };
        Self::for_provider(provider, model)
    }

    /// Creates the model named in `AGNO_MODEL`. If the variable is not set but `OPENAI_API_KEY` is, creates OpenAI's
    /// `gpt-5-mini`.
    ///
    /// `OPENAI_API_KEY` selects a model only if the `openai` feature is enabled.
    ///
    /// The key and the base URL of the provider also come from the environment, for example from `OPENAI_API_KEY` and
    /// `OPENAI_BASE_URL`; see [`PROVIDERS`](crate::provider::PROVIDERS). A key is not sent over `http://` to a public
    /// host unless `AGNO_ALLOW_HTTP=1` is set.
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
    /// Returns an error of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the environment
    /// names no model; the message lists the ways to configure one. Returns the error of [`named`](Self::named) when
    /// the model cannot be created.
    pub fn from_env() -> Result<Self, ModelError> {
        match named_in_env() {
            Some(name) => Self::named(&name),
            None => Err(configuration(format!(
                "no model is configured; set {VARIABLE}=provider:model, name one in `#[agent(model = \"provider:model\")]`, or pass one to `.with(model)` ({})",
                list_of_built_in()
            ))),
        }
    }

    /// Creates the model that the environment names, like [`from_env`](Self::from_env), or the model with the given
    /// name if the environment names none.
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
    /// Returns the error of [`named`](Self::named) when the model cannot be created.
    pub fn from_env_or(name: &str) -> Result<Self, ModelError> {
        match named_in_env() {
            Some(named) => Self::named(&named),
            None => Self::named(name),
        }
    }

    /// Returns `true` if the environment selects a model for [`from_env`](Self::from_env).
    pub fn is_named_in_env() -> bool {
        named_in_env().is_some()
    }
}

/// Returns the name of the model that the environment selects.
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

/// A script, for tests of code that stores an [`AnyModel`].
impl From<ScriptedModel> for AnyModel {
    fn from(model: ScriptedModel) -> Self {
        Self::Dyn(model.erase())
    }
}

impl From<DynModel> for AnyModel {
    fn from(model: DynModel) -> Self {
        Self::Dyn(model)
    }
}

/// Evaluates an expression with the model in an `AnyModel`, whichever variant it is.
macro_rules! for_each_provider {
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
        for_each_provider!(self, model => model.dialect().any())
    }

    fn id(&self) -> ModelId<'_> {
        for_each_provider!(self, model => model.id())
    }

    fn capabilities(&self) -> Capabilities {
        for_each_provider!(self, model => model.capabilities())
    }

    fn fingerprint(&self) -> String {
        for_each_provider!(self, model => model.fingerprint())
    }

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        for_each_provider!(self, model => model.complete(request).await)
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        // Boxed once per streamed request. Without the box, the stream would be as large as the largest stream of any
        // provider.
        for_each_provider!(self, model => Box::pin(model.stream(request)) as BoxStream<'a, Result<Delta, ModelError>>)
    }
}

crate::model::every_capability!([] AnyModel);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_for_a_name_without_a_provider_suggests_one() {
        let error = AnyModel::named("gpt-5-mini").unwrap_err().to_string();
        assert!(error.contains("`openai:gpt-5-mini`"), "{error}");
    }
}
