//! A model that Ollama runs.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::provider::framing::Framing;
use crate::schema::dialect;

http_model! {
    /// A model that Ollama runs, on this machine or another.
    ///
    /// A handle: cloning it is cheap, and all handles share one HTTP client.
    ///
    /// - An extra field `options` adds to the options agno writes, such as `num_ctx`; `keep_alive` is an extra field of
    ///   its own.
    /// - Ollama cannot make a model call a tool. Where one has to be called, or none may be, only that tool or none is
    ///   declared.
    /// - [`Settings::reasoning_effort`](crate::model::Settings::reasoning_effort) is the name of a thinking level;
    ///   `none` is no thinking.
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
    /// This model at the address in `OLLAMA_BASE_URL` or `OLLAMA_HOST`, else at `http://localhost:11434`. No key is
    /// needed; the one in `OLLAMA_API_KEY` is sent where it is set.
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
    /// When the address cannot be read.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// This model, to be given an address, a key, headers, a client.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The API.
pub(crate) struct Chat;

impl Api for Chat {
    type Dialect = dialect::JsonSchema;
    type Decoder = Decoder;
    const NAME: &'static str = "Ollama's API";
    const FRAMING: Framing = Framing::Lines;

    /// A model that is held to a schema from its first word on cannot call a tool.
    fn holds_output(&self, with_tools: bool) -> bool {
        !with_tools
    }

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(model, request, stream)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::default()
    }
}
