//! Builds a model from a server, a key and request settings.

use std::fmt;
use std::sync::Arc;

use super::OpenAiResponses;
use super::model::Responses;
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::openai::{OPENAI, Server};
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// A builder for [`OpenAiResponses`] models, created by [`OpenAiResponses::builder`].
///
/// Values that are not set come from the [`Server`] and the environment variables that it names.
/// [`build`](Self::build) reports invalid values.
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
#[must_use = "builders do nothing until `build` is called"]
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

    /// Sets the server, which must support the Responses API: one of [`SERVERS`](crate::provider::openai::SERVERS), or
    /// your own. The default is [`OPENAI`].
    pub fn server(mut self, server: Server) -> Self {
        self.server = server;
        self
    }

    connection_methods!();

    /// Requests a summary of the model's reasoning: `auto`, `concise` or `detailed`. By default, no summary is requested.
    /// Some models provide summaries only to organizations that OpenAI has verified.
    pub fn reasoning_summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }

    /// Sets whether to request the model's encrypted reasoning, which is sent back with the next request. The default
    /// depends on the model's name, which may be misleading: an Azure deployment can have any name. Models that do not
    /// reason reject requests for encrypted reasoning.
    ///
    /// ```
    /// use agno::provider::OpenAiResponses;
    ///
    /// let model = OpenAiResponses::builder("our-deployment")
    ///     .base_url("https://shop.openai.azure.com/openai/v1")
    ///     .api_key("secret")
    ///     .encrypted_reasoning(true)
    ///     .build()?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    pub fn encrypted_reasoning(mut self, enabled: bool) -> Self {
        self.reasoning_model = Some(enabled);
        self
    }

    /// Attributes requests to this organization.
    pub fn organization(self, id: impl Into<String>) -> Self {
        self.header("openai-organization", id)
    }

    /// Attributes requests to this project.
    pub fn project(self, id: impl Into<String>) -> Self {
        self.header("openai-project", id)
    }

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when a required key is
    /// missing, and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when a value is invalid. The
    /// error names the value and the fix.
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

/// Returns `true` if the name belongs to a reasoning model. OpenAI's older models and its chat models do not reason.
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
