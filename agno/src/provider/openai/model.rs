//! A model behind a Chat Completions API.

use super::builder::Builder;
use super::quirks::{OutputFormat, Quirks};
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A model behind OpenAI's Chat Completions API, at OpenAI or at any server that speaks it.
    ///
    /// A handle: cloning it is cheap, and all handles share one HTTP client. Its `Debug` shows no key.
    ///
    /// ```no_run
    /// use agno::prelude::*;
    /// use agno::provider::OpenAi;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(OpenAi::new("gpt-5-mini")?);
    /// println!("{}", agent.run("Hello").await?);
    /// # Ok(())
    /// # }
    /// ```
    OpenAi, Chat, dialect::OpenAi, ToolCalling, StructuredOutput, ImageInput, AudioInput, DocumentInput
}

impl OpenAi {
    /// This model of OpenAI, with the key in `OPENAI_API_KEY`. Where `OPENAI_BASE_URL` is set, the model of that name at
    /// that address; a key is not required there.
    ///
    /// ```no_run
    /// use agno::provider::OpenAi;
    ///
    /// let model = OpenAi::new("gpt-5-mini")?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no key, or the address cannot be read.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// This model of one of the [`SERVERS`](super::SERVERS), with the key in the variable its row names.
    ///
    /// ```no_run
    /// use agno::provider::OpenAi;
    ///
    /// let model = OpenAi::compatible("groq", "llama-3.3-70b-versatile")?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such provider or no key, or the address cannot be read.
    pub fn compatible(provider: &str, model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).named(provider).build()
    }

    /// This model, to be given a key, an address, headers, a client.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The API.
pub(crate) struct Chat {
    /// Whose thinking the answers hold.
    pub(super) provider: &'static str,
    pub(super) quirks: Quirks,
}

impl Api for Chat {
    type Dialect = dialect::OpenAi;
    type Decoder = Decoder;
    const NAME: &'static str = "a Chat Completions API";

    fn holds_output(&self, with_tools: bool) -> bool {
        self.quirks.output != OutputFormat::None && (self.quirks.output_and_tools || !with_tools)
    }

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(model, self.provider, &self.quirks, request, stream)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::of(self.provider)
    }
}
