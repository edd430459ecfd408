//! The model type of the Messages API.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::claude::fit_schema::Shape;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A Claude model on Anthropic's Messages API, or any model on a compatible server.
    ///
    /// `Anthropic` is a handle: clones are cheap and share one HTTP client. Its `Debug` output omits the API key.
    ///
    /// ```no_run
    /// use agno::prelude::*;
    /// use agno::provider::Anthropic;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(Anthropic::new("claude-sonnet-4-5")?);
    /// println!("{}", agent.run("Hello").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Settings
    ///
    /// - `max_tokens` is required by the API. The default is 32,000 (8,192 for Claude 3.5 and for models other than
    ///   Claude, 4,096 for Claude 3 and earlier). The limit includes thinking; with a thinking budget, the default is
    ///   at least the budget plus 8,192.
    /// - `reasoning_tokens` sets a thinking budget of at least 1,024. Models that support only adaptive thinking
    ///   (Opus 4.7, Claude 5) use it instead of a budget. 0 disables thinking, or reduces it to the model's minimum.
    /// - `reasoning_effort` sets Anthropic's effort level and enables adaptive thinking. Older models, which support
    ///   only budgets, receive a budget (1,024 for `minimal`, 2,048 for `low`, 8,192 for `medium`, 16,384 for higher
    ///   efforts).
    /// - `temperature`, `top_p` and `top_k` are omitted where the model rejects them: together with a thinking
    ///   budget, and on models that support only adaptive thinking. On Claude 4.5 and later, `top_p` is omitted if
    ///   `temperature` is set.
    /// - A tool call is not forced on models that do not support it. If a forced call conflicts with a thinking
    ///   budget, the budget is dropped.
    /// - `prompt_cache` adds cache breakpoints after the tools, the instructions, and the last user message or tool
    ///   result.
    /// - Penalties, seeds and log probabilities are omitted, because the API does not support them.
    ///
    /// Fields that require a beta (`mcp_servers`, `context_management`) belong in
    /// [`Settings::extra`](crate::model::Settings::extra), Anthropic's own tools (`web_search_20250305`) in
    /// [`Settings::provider_tools`](crate::model::Settings::provider_tools), and the name of the beta in
    /// [`Builder::beta`]. The blocks of such tools are kept in the reply and sent back unchanged.
    Anthropic, Messages, dialect::Anthropic, ToolCalling, StructuredOutput
}

impl Anthropic {
    /// Creates a model that uses the API key in `ANTHROPIC_API_KEY`.
    ///
    /// If `ANTHROPIC_BASE_URL` is set, requests go to that server, and the key is optional.
    ///
    /// ```no_run
    /// use agno::provider::Anthropic;
    ///
    /// let model = Anthropic::new("claude-sonnet-4-5")?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Builder::build`].
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// Returns a builder, which accepts an API key, a base URL, headers and an HTTP client.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The Messages API, with the features of one model.
pub(crate) struct Messages {
    /// `true` if the model supports structured output.
    pub(super) supports_output_schema: bool,
    pub(super) shape: Shape,
}

impl Api for Messages {
    type Dialect = dialect::Anthropic;
    type Decoder = Decoder;
    const NAME: &'static str = "a Messages API";

    fn supports_output_schema(&self, _with_tools: bool) -> bool {
        self.supports_output_schema
    }

    fn supports_schema(&self, declaration: &str) -> bool {
        self.shape.fit(declaration).is_some()
    }

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(model, &self.shape, request, stream)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::default()
    }
}
