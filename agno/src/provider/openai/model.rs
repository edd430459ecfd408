//! Models that use a Chat Completions API.

use super::builder::Builder;
use super::quirks::{OutputFormat, Quirks};
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::codec::calls::IdFormat;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A model that uses OpenAI's Chat Completions API, from OpenAI or any compatible server.
    ///
    /// `OpenAi` is a handle: clones are cheap and share one HTTP client. Its `Debug` output omits the API key.
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
    /// Creates an OpenAI model with the API key from `OPENAI_API_KEY`.
    ///
    /// If `OPENAI_BASE_URL` is set, requests go to that server, and the key is optional.
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
    /// Returns the same errors as [`Builder::build`].
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// Creates a model that uses one of the [`SERVERS`](super::SERVERS), with the API key from that server's
    /// environment variable.
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
    /// Returns the same errors as [`Builder::build`], and an error of kind
    /// [`Configuration`](crate::model::ModelErrorKind::Configuration) when the provider is unknown.
    pub fn compatible(provider: &str, model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).named(provider).build()
    }

    /// Returns a builder, which accepts an API key, a base URL, headers and an HTTP client.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The Chat Completions API of a server.
pub(crate) struct Chat {
    /// The provider name recorded with the reasoning in replies.
    pub(super) provider: &'static str,
    pub(super) quirks: Quirks,
    /// The format of call IDs that the server accepts.
    pub(super) id_format: IdFormat,
}

impl Api for Chat {
    type Dialect = dialect::OpenAi;
    type Decoder = Decoder;
    const NAME: &'static str = "a Chat Completions API";

    fn supports_output_schema(&self, with_tools: bool) -> bool {
        self.quirks.output != OutputFormat::None && (self.quirks.output_and_tools || !with_tools)
    }

    fn options(&self) -> String {
        format!("{:?}", self.quirks)
    }

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(
            model,
            self.provider,
            &self.quirks,
            self.id_format,
            request,
            stream,
        )
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::new(self.provider)
    }
}
