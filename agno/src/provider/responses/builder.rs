//! Puts a model together: whose server, which key, what each request carries.

use std::fmt;
use std::sync::Arc;

use super::OpenAiResponses;
use super::model::Responses;
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::openai::{OPENAI, Server};
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// A model in the making, from [`OpenAiResponses::builder`].
///
/// What is not given is taken from the provider's row and the variables it names. A wrong value is reported by
/// [`build`](Self::build).
///
/// ```
/// use agno::model::Settings;
/// use agno::provider::OpenAiResponses;
///
/// let model = OpenAiResponses::builder("gpt-5-mini")
///     .api_key("secret")
///     .reasoning_summary("auto")
///     .settings(Settings::new().with_reasoning_effort("low"))
///     .build()?;
/// assert!(!format!("{model:?}").contains("secret"));
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "nothing is made until `build()`"]
pub struct Builder {
    model: String,
    server: Server,
    summary: Option<String>,
    reasoning_model: Option<bool>,
    options: Options,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            server: OPENAI,
            summary: None,
            reasoning_model: None,
            options: Options::default(),
        }
    }

    /// Sets the server, which must speak the Responses API: one of the [`SERVERS`](crate::provider::openai::SERVERS), or
    /// your own.
    pub fn server(mut self, server: Server) -> Self {
        self.server = server;
        self
    }

    connection_methods!();

    /// With a summary of the model's thinking: `auto`, `concise` or `detailed`. By default there is none; some models
    /// give it only to organisations that OpenAI has verified.
    pub fn reasoning_summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }

    /// With or without asking for the model's thinking, encrypted, to hand it back with the next request. By default that
    /// is told from the model's name, which need not say it: a deployment at Azure has any name. Models that do not think
    /// refuse to be asked.
    pub fn encrypted_reasoning(mut self, enabled: bool) -> Self {
        self.reasoning_model = Some(enabled);
        self
    }

    /// On the account of this organisation.
    pub fn organization(self, id: impl Into<String>) -> Self {
        self.header("openai-organization", id)
    }

    /// On the account of this project.
    pub fn project(self, id: impl Into<String>) -> Self {
        self.header("openai-project", id)
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// When the key is missing, or a value cannot be used; the error says which and how to mend it.
    pub fn build(self) -> Result<OpenAiResponses, ModelError> {
        let model = model_name(self.model, "gpt-5-mini")?;
        let server = self.server;
        let (connection, settings) = server.connect(self.options, "/responses")?;
        let is_azure = server.name == "azure" || connection.host().ends_with(".azure.com");
        Ok(OpenAiResponses(Arc::new(Exchange {
            api: Responses {
                provider: server.name,
                reasoning_ids: !is_azure,
                summary: self.summary,
                reasoning_model: self.reasoning_model.unwrap_or_else(|| reasoning_model(&model)),
            },
            connection,
            model,
            settings,
        })))
    }
}

/// Whether a model thinks, by its name. OpenAI's older ones do not.
fn reasoning_model(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    let name = name.strip_prefix("ft:").unwrap_or(name);
    let older = ["gpt-4", "gpt-3", "gpt-5-chat", "chatgpt-"];
    !older.iter().any(|start| name.starts_with(start))
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("model", &self.model)
            .field("provider", &self.server.name)
            .field("has_key", &self.options.api_key.is_some())
            .finish_non_exhaustive()
    }
}
