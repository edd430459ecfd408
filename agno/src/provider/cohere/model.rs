//! A model of Cohere.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A model of Cohere.
    ///
    /// A handle: cloning it is cheap, and all handles share one HTTP client. Its `Debug` shows no key.
    ///
    /// - The plan a model makes before it calls tools is a piece of reasoning, and so are its thoughts.
    /// - Cohere cannot make a model call a tool by name; where one has to be called, only that one is declared.
    /// - `documents`, `citation_options`, `safety_mode`, `strict_tools` and `priority` are extra fields.
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
    /// This model, with the key in `COHERE_API_KEY` or `CO_API_KEY`. Where `COHERE_BASE_URL` is set, the model of that
    /// name at that address; a key is not required there.
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
    /// When there is no key, or the address cannot be read.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// This model, to be given a key, an address, headers, a client.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The API.
pub(crate) struct Chat;

impl Api for Chat {
    type Dialect = dialect::JsonSchema;
    type Decoder = Decoder;
    const NAME: &'static str = "Cohere's chat API";

    /// A response format beside tools is refused.
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
