//! The model a configuration names: `provider:model` as text, an enum in the program.

use std::pin::Pin;

use futures_util::Stream;

use super::known::{built_in, configuration, list_of_built_in};
use super::{Capabilities, Delta, DynModel, Model, ModelError, ModelId, Reply, Request};
#[cfg(feature = "local")]
use crate::local::Local;
#[cfg(feature = "anthropic")]
use crate::provider::Anthropic;
#[cfg(feature = "bedrock")]
use crate::provider::Bedrock;
#[cfg(feature = "cohere")]
use crate::provider::Cohere;
#[cfg(feature = "gemini")]
use crate::provider::Gemini;
#[cfg(feature = "ollama")]
use crate::provider::Ollama;
#[cfg(feature = "openai")]
use crate::provider::{OpenAi, OpenAiResponses};
use crate::schema::{AnyDialect, Dialect};

type BoxStream<'a> = Pin<Box<dyn Stream<Item = Result<Delta, ModelError>> + Send + 'a>>;

/// The variable that names the model of agents without one of their own.
const VARIABLE: &str = "AGNO_MODEL";

/// A model chosen at run time, by name or from the environment.
///
/// ```
/// use agno::model::{AnyModel, Model, ModelErrorKind, ScriptedModel};
///
/// let model = AnyModel::named("ollama:llama3.2")?;
/// assert_eq!(model.id().to_string(), "ollama:llama3.2");
///
/// let wrong = AnyModel::named("opnai:gpt-5-mini").unwrap_err();
/// assert_eq!(wrong.kind(), ModelErrorKind::Configuration);
/// assert!(wrong.to_string().contains("did you mean `openai`"));
///
/// let own = AnyModel::from(ScriptedModel::new().erase());
/// # Ok::<(), agno::ModelError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyModel {
    /// A model behind OpenAI's Chat Completions API.
    #[cfg(feature = "openai")]
    OpenAi(OpenAi),
    /// A model behind OpenAI's Responses API.
    #[cfg(feature = "openai")]
    OpenAiResponses(OpenAiResponses),
    /// A model behind Anthropic's Messages API.
    #[cfg(feature = "anthropic")]
    Anthropic(Anthropic),
    /// A model behind Google's generateContent API.
    #[cfg(feature = "gemini")]
    Gemini(Gemini),
    /// A model on Amazon Bedrock.
    #[cfg(feature = "bedrock")]
    Bedrock(Bedrock),
    /// A model behind Cohere's chat API.
    #[cfg(feature = "cohere")]
    Cohere(Cohere),
    /// A model behind Ollama's own API.
    #[cfg(feature = "ollama")]
    Ollama(Ollama),
    /// Weights in this process.
    #[cfg(feature = "local")]
    Local(Local),
    /// A model behind a pointer: one of the program's own.
    Dyn(DynModel),
}

impl AnyModel {
    /// The model this text names, as `provider:model`.
    ///
    /// ```no_run
    /// use agno::model::AnyModel;
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
        let known = built_in(provider)?;
        match known.name {
            #[cfg(feature = "openai")]
            "openai-responses" => OpenAiResponses::new(model).map(Self::OpenAiResponses),
            #[cfg(feature = "anthropic")]
            "anthropic" => Anthropic::new(model).map(Self::Anthropic),
            #[cfg(feature = "gemini")]
            "gemini" => Gemini::new(model).map(Self::Gemini),
            #[cfg(feature = "bedrock")]
            "bedrock" => Bedrock::new(model).map(Self::Bedrock),
            #[cfg(feature = "cohere")]
            "cohere" => Cohere::new(model).map(Self::Cohere),
            #[cfg(feature = "ollama")]
            "ollama" => Ollama::new(model).map(Self::Ollama),
            #[cfg(feature = "local")]
            "local" => Local::load(model).map(Self::Local),
            #[cfg(feature = "openai")]
            chat => OpenAi::compatible(chat, model).map(Self::OpenAi),
            #[cfg(not(feature = "openai"))]
            other => Err(configuration(format!(
                "there is no provider `{other}` for `{model}`"
            ))),
        }
    }

    /// The model the environment names: in the variable `AGNO_MODEL`, or OpenAI's `gpt-5-mini` where only
    /// `OPENAI_API_KEY` is set.
    ///
    /// ```no_run
    /// use agno::model::AnyModel;
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
    /// use agno::model::AnyModel;
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
        let key = set("OPENAI_API_KEY").filter(|_| cfg!(feature = "openai"));
        key.map(|_| "openai:gpt-5-mini".to_owned())
    })
}

/// A model is any model.
macro_rules! from {
    ($($feature:literal $model:ident)*) => {$(
        #[cfg(feature = $feature)]
        impl From<$model> for AnyModel {
            fn from(model: $model) -> Self {
                Self::$model(model)
            }
        }
    )*};
}

from! {
    "openai" OpenAi
    "openai" OpenAiResponses
    "anthropic" Anthropic
    "gemini" Gemini
    "bedrock" Bedrock
    "cohere" Cohere
    "ollama" Ollama
    "local" Local
}

impl From<DynModel> for AnyModel {
    fn from(model: DynModel) -> Self {
        Self::Dyn(model)
    }
}

/// The same expression on whichever model it is.
macro_rules! on_each {
    ($any:expr, $model:ident => $expression:expr) => {
        match $any {
            #[cfg(feature = "openai")]
            AnyModel::OpenAi($model) => $expression,
            #[cfg(feature = "openai")]
            AnyModel::OpenAiResponses($model) => $expression,
            #[cfg(feature = "anthropic")]
            AnyModel::Anthropic($model) => $expression,
            #[cfg(feature = "gemini")]
            AnyModel::Gemini($model) => $expression,
            #[cfg(feature = "bedrock")]
            AnyModel::Bedrock($model) => $expression,
            #[cfg(feature = "cohere")]
            AnyModel::Cohere($model) => $expression,
            #[cfg(feature = "ollama")]
            AnyModel::Ollama($model) => $expression,
            #[cfg(feature = "local")]
            AnyModel::Local($model) => $expression,
            AnyModel::Dyn($model) => $expression,
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
        on_each!(self, model => Box::pin(model.stream(request)) as BoxStream<'a>)
    }
}

super::capability::every_capability!([] AnyModel);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_provider_is_answered_with_one() {
        let error = AnyModel::named("gpt-5-mini").unwrap_err().to_string();
        assert!(error.contains("`openai:gpt-5-mini`"), "{error}");
    }
}
