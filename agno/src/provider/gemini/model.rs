//! The model type of the Gemini API.

use super::builder::Builder;
use super::family::Family;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request, Settings};
use crate::provider::api::Api;
use crate::provider::exchange::http_model;
use crate::provider::transport::endpoint::secret;
use crate::schema::dialect;

http_model! {
    /// A Gemini model on the Gemini API or Vertex AI.
    ///
    /// `Gemini` is a handle: clones are cheap and share one HTTP client. Its `Debug` output omits the API key.
    ///
    /// - [`Settings::reasoning_effort`] sets the thinking level, or a thinking budget for Gemini 2.5.
    ///   [`Settings::reasoning_tokens`] sets the budget itself. Either setting also requests the model's thoughts,
    ///   unless the budget is 0.
    /// - [`Settings::provider_tools`] are elements of `tools`, such as `{"googleSearch":{}}`. Gemini 3 and later accept
    ///   them together with an agent's tools.
    /// - The extra fields `generationConfig` and `toolConfig` extend the objects that agno sends, for example with
    ///   `responseModalities`, `mediaResolution` or `speechConfig`.
    /// - With the extra field `cachedContent`, the cache must contain the instructions and tools. The request omits
    ///   them, because the API then accepts them only from the cache.
    ///
    /// ```no_run
    /// use agno::prelude::*;
    /// use agno::provider::Gemini;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(Gemini::new("gemini-3-flash-preview")?);
    /// println!("{}", agent.run("Hello").await?);
    /// # Ok(())
    /// # }
    /// ```
    Gemini, GenerateContent, dialect::Gemini, ToolCalling, StructuredOutput
}

impl Gemini {
    /// Creates a model on the Gemini API that uses the API key in `GEMINI_API_KEY` or `GOOGLE_API_KEY`.
    ///
    /// If `GEMINI_BASE_URL` is set, requests go to that server, and the key is optional.
    ///
    /// ```no_run
    /// use agno::provider::Gemini;
    ///
    /// let model = Gemini::new("gemini-3-flash-preview")?;
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

/// The generateContent API, with the features of one model and server.
pub(crate) struct GenerateContent {
    pub(super) family: Family,
    /// `true` for Vertex AI's variant of the API.
    pub(super) is_vertex: bool,
}

impl Api for GenerateContent {
    type Dialect = dialect::Gemini;
    type Decoder = Decoder;
    const NAME: &'static str = "a generateContent API";

    /// Returns `false` for Gemma, which does not support output schemas, and for models before Gemini 3 if the request
    /// has tools.
    ///
    /// Models before Gemini 3 reject requests with both tools and an output schema: `Function calling with a response
    /// mime type: 'application/json' is unsupported`.
    fn supports_output_schema(&self, with_tools: bool) -> bool {
        !self.family.is_gemma && (!with_tools || self.family.is_gemini_3_or_later())
    }

    fn write(&self, _model: &str, request: &Request<'_>, _stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(self, request)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::default()
    }

    /// Sets the header from which Vertex AI reads the service tier.
    async fn finish(&self, request: &mut reqwest::Request, settings: &Settings) -> Result<(), ModelError> {
        if let Some(tier) = settings.service_tier.as_deref().filter(|_| self.is_vertex)
            && let Some(value) = secret(tier)
        {
            request
                .headers_mut()
                .insert("x-vertex-ai-llm-shared-request-type", value);
        }
        Ok(())
    }
}
