//! A model behind a Responses API.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// A model behind OpenAI's Responses API, at OpenAI or at any server that speaks it.
    ///
    /// A handle: cloning it is cheap, and all handles share one HTTP client. Its `Debug` shows no key.
    ///
    /// Requests are stateless: `store` is false, and what a model thought goes back to it encrypted. The extra fields
    /// `store`, `previous_response_id` and `conversation` ask for state; the messages of a request are sent all the same.
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
    /// This model of OpenAI, with the key in `OPENAI_API_KEY`. Where `OPENAI_BASE_URL` is set, the model of that name at
    /// that address; a key is not required there.
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
pub(crate) struct Responses {
    /// Whose items the answers hold.
    pub(super) provider: &'static str,
    /// Whether reasoning goes back under its id. Azure refuses an id of what it did not store.
    pub(super) reasoning_ids: bool,
    /// How much of the thinking is told, where that was asked for.
    pub(super) summary: Option<String>,
    /// Whether its thinking is asked for, encrypted.
    pub(super) reasoning_model: bool,
}

impl Api for Responses {
    type Dialect = dialect::OpenAi;
    type Decoder = Decoder;
    const NAME: &'static str = "a Responses API";

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(self, model, request, stream)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::of(self.provider)
    }
}
