//! The model a configuration names: `provider:model` as text, an enum in the program.

use futures_util::Stream;
use futures_util::future::Either;

use super::{
    Capabilities, Delta, DynModel, Model, ModelError, ModelErrorKind, ModelId, Reply, Request,
    StructuredOutput, ToolCalling,
};
#[cfg(feature = "local")]
use crate::local::Local;
#[cfg(feature = "openai")]
use crate::provider::OpenAi;
use crate::schema::{AnyDialect, Dialect};

/// The variable that names the model of agents without one of their own.
const VARIABLE: &str = "AGNO_MODEL";

/// Every provider agno knows, with the feature that brings it and whether it is on.
const PROVIDERS: &[(&str, &str, bool)] = {
    const OPENAI: bool = cfg!(feature = "openai");
    &[
        ("openai", "openai", OPENAI),
        ("deepseek", "openai", OPENAI),
        ("groq", "openai", OPENAI),
        ("openrouter", "openai", OPENAI),
        ("together", "openai", OPENAI),
        ("xai", "openai", OPENAI),
        ("fireworks", "openai", OPENAI),
        ("cerebras", "openai", OPENAI),
        ("perplexity", "openai", OPENAI),
        ("glm", "openai", OPENAI),
        ("zai", "openai", OPENAI),
        ("qwen", "openai", OPENAI),
        ("alibaba", "openai", OPENAI),
        ("moonshot", "openai", OPENAI),
        ("minimax", "openai", OPENAI),
        ("modelscope", "openai", OPENAI),
        ("sambanova", "openai", OPENAI),
        ("internlm", "openai", OPENAI),
        ("nvidia", "openai", OPENAI),
        ("huggingface", "openai", OPENAI),
        ("vercel", "openai", OPENAI),
        ("portkey", "openai", OPENAI),
        ("azure", "openai", OPENAI),
        ("mistral", "openai", OPENAI),
        ("lmstudio", "openai", OPENAI),
        ("vllm", "openai", OPENAI),
        ("llamacpp", "openai", OPENAI),
        ("ollama", "openai", OPENAI),
        ("local", "local", cfg!(feature = "local")),
    ]
};

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
        #[cfg_attr(
            not(any(feature = "openai", feature = "local")),
            allow(unused_variables, reason = "no provider makes a model of it")
        )]
        let Some((provider, model)) = name.split_once(':') else {
            let message = format!(
                "`{name}` does not say whose model it is; write `provider:model`, for instance `openai:{name}`"
            );
            return Err(configuration(message));
        };
        match PROVIDERS.iter().find(|(known, ..)| *known == provider) {
            None => Err(unknown_provider(provider)),
            Some((_, feature, false)) => Err(configuration(format!(
                "models of `{provider}` are not built in; turn the feature `{feature}` of agno on"
            ))),
            #[cfg(feature = "openai")]
            Some((_, "openai", true)) => OpenAi::compatible(provider, model).map(Self::OpenAi),
            #[cfg(feature = "local")]
            Some((_, "local", true)) => Local::load(model).map(Self::Local),
            Some(_) => Err(unknown_provider(provider)),
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
                built_in()
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

/// The error of a provider nobody knows.
pub(crate) fn unknown_provider(name: &str) -> ModelError {
    let near = PROVIDERS
        .iter()
        .map(|(known, ..)| (distance(name, known), *known))
        .min()
        .filter(|(distance, known)| *distance <= known.len().min(name.len()) / 3);
    let near = near.map_or_else(String::new, |(_, known)| format!(" did you mean `{known}`?"));
    let name = name.chars().take(40).collect::<String>();
    configuration(format!("there is no provider `{name}`;{near} {}", built_in()))
}

fn built_in() -> String {
    let names: Vec<&str> = PROVIDERS
        .iter()
        .filter(|(.., on)| *on)
        .map(|(name, ..)| *name)
        .collect();
    if names.is_empty() {
        "no provider is built in; turn a feature of agno on, such as `openai`".to_owned()
    } else {
        format!("providers built in: {}", names.join(", "))
    }
}

/// How many letters must change, come or go to make one word the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().take(40).enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (column, with) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != *with);
            corner = row[column + 1];
            row[column + 1] = replaced.min(corner + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

fn configuration(message: String) -> ModelError {
    ModelError::new(ModelErrorKind::Configuration, message)
}

#[cfg(feature = "openai")]
impl From<OpenAi> for AnyModel {
    fn from(model: OpenAi) -> Self {
        Self::OpenAi(model)
    }
}

impl From<DynModel> for AnyModel {
    fn from(model: DynModel) -> Self {
        Self::Dyn(model)
    }
}

#[cfg(feature = "local")]
impl From<Local> for AnyModel {
    fn from(model: Local) -> Self {
        Self::Local(model)
    }
}

/// The same expression on whichever model it is.
macro_rules! on_each {
    ($any:expr, $model:ident => $expression:expr) => {
        match $any {
            #[cfg(feature = "openai")]
            AnyModel::OpenAi($model) => $expression,
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

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        on_each!(self, model => model.complete(request).await)
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        match self {
            #[cfg(feature = "openai")]
            Self::OpenAi(model) => Either::Left(model.stream(request)),
            #[cfg(not(feature = "openai"))]
            _ if false => Either::Left(absent()),
            #[cfg(feature = "local")]
            Self::Local(model) => Either::Right(Either::Left(model.stream(request))),
            #[cfg(not(feature = "local"))]
            _ if false => Either::Right(Either::Left(absent())),
            Self::Dyn(model) => Either::Right(Either::Right(model.stream(request))),
        }
    }
}

/// Names the type of the streams of a model whose feature is off; there are none.
#[cfg(not(all(feature = "openai", feature = "local")))]
fn absent() -> futures_util::stream::Empty<Result<Delta, ModelError>> {
    futures_util::stream::empty()
}

impl ToolCalling for AnyModel {}
impl StructuredOutput for AnyModel {}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "openai")]
    #[test]
    fn every_row_of_the_table_can_be_named() {
        let rows: Vec<&str> = crate::provider::openai::PROVIDERS
            .iter()
            .map(|row| row.name)
            .collect();
        let named: Vec<&str> = PROVIDERS
            .iter()
            .filter(|(_, feature, _)| *feature == "openai")
            .map(|(name, ..)| *name)
            .collect();
        assert_eq!(rows, named);
    }

    #[test]
    fn a_provider_that_is_nearly_right_is_suggested_and_others_are_not() {
        assert!(
            unknown_provider("deepseak")
                .to_string()
                .contains("did you mean `deepseek`")
        );
        assert!(
            unknown_provider("mistrall")
                .to_string()
                .contains("did you mean `mistral`")
        );
        assert!(!unknown_provider("acme").to_string().contains("did you mean"));
        assert!(!unknown_provider("").to_string().contains("did you mean"));
    }

    #[test]
    fn a_name_without_a_provider_is_answered_with_one() {
        let error = AnyModel::named("gpt-5-mini").unwrap_err().to_string();
        assert!(error.contains("`openai:gpt-5-mini`"), "{error}");
    }
}
