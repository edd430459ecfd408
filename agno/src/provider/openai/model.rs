//! Models behind a Chat Completions API.

use super::builder::Builder;
use super::quirks::{OutputFormat, Quirks};
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A model behind OpenAI's Chat Completions API, at OpenAI or at any compatible server.
    ///
    /// This type is a handle: it is cheap to clone, and all handles share one HTTP client. Its `Debug` output omits the
    /// key.
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
    /// Creates a model of OpenAI with the key in `OPENAI_API_KEY`. If `OPENAI_BASE_URL` is set, the model of that name at
    /// that address is used, and a key is not required.
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
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when the key is missing,
    /// and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the address is invalid.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// Creates a model of one of the [`SERVERS`](super::SERVERS), with the key in the environment variable that the server
    /// declares.
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
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when the key is missing,
    /// and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the provider is unknown or the
    /// address is invalid.
    pub fn compatible(provider: &str, model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).named(provider).build()
    }

    /// Creates a builder for this model, which can set a key, an address, headers and an HTTP client.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The Chat Completions API of a server.
pub(crate) struct Chat {
    /// The provider name recorded with the reasoning in replies.
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
