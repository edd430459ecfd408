//! Models that use a Responses API.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A model that uses OpenAI's Responses API, from OpenAI or any compatible server.
    ///
    /// `OpenAiResponses` is a handle: clones are cheap and share one HTTP client. Its `Debug` output omits the API key.
    ///
    /// Requests are stateless: `store` is `false`, and the model's reasoning is sent back encrypted. The extra fields
    /// `store`, `previous_response_id` and `conversation` enable server-side state. agno sends the entire conversation
    /// even if they are set.
    ///
    /// ```no_run
    /// use agno::model::Settings;
    /// use agno::prelude::*;
    /// use agno::provider::OpenAiResponses;
    /// use serde_json::json;
    ///
    /// /// Answers from the web.
    /// #[agent]
    /// struct Researcher;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let search = Settings::new().with_provider_tool(json!({"type": "web_search"}));
    /// let model = OpenAiResponses::builder("gpt-5-mini").settings(search).build()?;
    /// println!("{}", Researcher.with(model).run("What happened today?").await?);
    /// # Ok(())
    /// # }
    /// ```
    OpenAiResponses, Responses, dialect::OpenAi, ToolCalling, StructuredOutput
}

impl OpenAiResponses {
    /// Creates an OpenAI model with the API key from `OPENAI_API_KEY`.
    ///
    /// If `OPENAI_BASE_URL` is set, requests go to that server, and the key is optional.
    ///
    /// ```no_run
    /// use agno::provider::OpenAiResponses;
    ///
    /// let model = OpenAiResponses::new("gpt-5-mini")?;
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

/// The Responses API of a server.
pub(crate) struct Responses {
    /// The provider name recorded with the items of replies.
    pub(super) provider: &'static str,
    /// `true` if reasoning is sent back with its ID. Azure rejects the ID of an item that it did not store.
    pub(super) reasoning_ids: bool,
    /// The level of detail of the reasoning summary, if one is requested.
    pub(super) summary: Option<String>,
    /// `true` if encrypted reasoning is requested whenever the provider does not store the reply.
    pub(super) reasoning_model: bool,
}

impl Api for Responses {
    type Dialect = dialect::OpenAi;
    type Decoder = Decoder;
    const NAME: &'static str = "a Responses API";

    fn options(&self) -> String {
        format!(
            "{} {:?} {}",
            self.reasoning_ids, self.summary, self.reasoning_model
        )
    }

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(self, model, request, stream)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::new(self.provider)
    }
}
