//! The model type of Cohere's chat API.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A Cohere model.
    ///
    /// `Cohere` is a handle: clones are cheap and share one HTTP client. Its `Debug` output omits the API key.
    ///
    /// - The model's reasoning and the plan that it writes before calling tools become reasoning parts.
    /// - Cohere cannot force a tool by name. If the request requires a specific tool, agno declares only that tool.
    /// - `documents`, `citation_options`, `safety_mode`, `strict_tools` and `priority` belong in
    ///   [`Settings::extra`](crate::model::Settings::extra).
    ///
    /// ```no_run
    /// use agno::prelude::*;
    /// use agno::provider::Cohere;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(Cohere::new("command-a-03-2025")?);
    /// println!("{}", agent.run("Hello").await?);
    /// # Ok(())
    /// # }
    /// ```
    Cohere, Chat, dialect::JsonSchema, ToolCalling, StructuredOutput
}

impl Cohere {
    /// Creates a model that uses the API key in `COHERE_API_KEY` or `CO_API_KEY`.
    ///
    /// If `COHERE_BASE_URL` is set, requests go to that server, and the key is optional.
    ///
    /// ```no_run
    /// use agno::provider::Cohere;
    ///
    /// let model = Cohere::new("command-a-03-2025")?;
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

/// Cohere's chat API.
pub(crate) struct Chat;

impl Api for Chat {
    type Dialect = dialect::JsonSchema;
    type Decoder = Decoder;
    const NAME: &'static str = "Cohere's chat API";

    /// Returns `false` with tools, because the API rejects the combination of tools and a response format.
    fn supports_output_schema(&self, with_tools: bool) -> bool {
        !with_tools
    }

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(model, request, stream)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::default()
    }
}
