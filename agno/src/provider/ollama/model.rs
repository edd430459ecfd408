//! The model type of Ollama's chat API.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::provider::framing::Framing;
use crate::schema::dialect;

http_model! {
    /// A model that runs on an Ollama server, on this machine or another.
    ///
    /// `Ollama` is a handle: clones are cheap and share one HTTP client. Its `Debug` output omits the API key.
    ///
    /// - The extra field `options` extends the options that agno writes, for example with `num_ctx`. `keep_alive` is a
    ///   separate extra field.
    /// - Ollama cannot force a model to call a tool. If the model must call a specific tool, only that tool is
    ///   declared. If calls are disabled, no tool is declared.
    /// - [`Settings::reasoning_effort`](crate::model::Settings::reasoning_effort) sets the thinking level. `none`
    ///   disables thinking.
    ///
    /// ```no_run
    /// use agno::prelude::*;
    /// use agno::provider::Ollama;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(Ollama::new("qwen3")?);
    /// println!("{}", agent.run("Hello").await?);
    /// # Ok(())
    /// # }
    /// ```
    Ollama, Chat, dialect::JsonSchema, ToolCalling, StructuredOutput
}

impl Ollama {
    /// Creates a model on the server at `OLLAMA_BASE_URL` or `OLLAMA_HOST`, with `http://localhost:11434` as the
    /// default.
    ///
    /// No key is required. If `OLLAMA_API_KEY` is set, its value is sent as the key.
    ///
    /// ```
    /// use agno::provider::Ollama;
    ///
    /// let model = Ollama::new("qwen3")?;
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

/// Ollama's chat API.
pub(crate) struct Chat;

impl Api for Chat {
    type Dialect = dialect::JsonSchema;
    type Decoder = Decoder;
    const NAME: &'static str = "Ollama's API";
    const FRAMING: Framing = Framing::Lines;

    /// Returns `false` with tools, because a model that must follow a schema from its first token cannot call a tool.
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
