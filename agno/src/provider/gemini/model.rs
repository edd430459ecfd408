//! A Gemini model.

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
    /// A Gemini model, behind the Gemini API or Vertex AI.
    ///
    /// A handle: cloning it is cheap, and all handles share one HTTP client. Its `Debug` shows no key.
    ///
    /// - [`Settings::reasoning_effort`] is Gemini's thinking level, a budget for Gemini 2.5;
    ///   [`Settings::reasoning_tokens`] is the budget itself. With either, the model's thoughts are asked for.
    /// - [`Settings::provider_tools`] are elements of `tools`, such as `{"googleSearch":{}}`. Gemini 3 and later take
    ///   them beside an agent's tools.
    /// - Extra fields `generationConfig` and `toolConfig` add to what agno puts there: `responseModalities`,
    ///   `mediaResolution`, `speechConfig`. With an extra `cachedContent`, instructions and tools have to be in the
    ///   cache: the API takes them from nowhere else then.
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
    /// This model of the Gemini API, with the key in `GEMINI_API_KEY` or `GOOGLE_API_KEY`. Where `GEMINI_BASE_URL` is
    /// set, the model of that name at that address; a key is not required there.
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
pub(crate) struct GenerateContent {
    pub(super) family: Family,
    /// Whether it is Vertex AI's form of the API.
    pub(super) is_vertex: bool,
}

impl Api for GenerateContent {
    type Dialect = dialect::Gemini;
    type Decoder = Decoder;
    const NAME: &'static str = "a generateContent API";

    /// Before the third generation, a schema beside functions is refused: `Function calling with a response mime type:
    /// 'application/json' is unsupported`.
    fn holds_output(&self, with_tools: bool) -> bool {
        !self.family.is_gemma && (!with_tools || self.family.is_gemini_3_or_later())
    }

    fn write(&self, _model: &str, request: &Request<'_>, _stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(self, request)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::default()
    }

    /// Vertex AI reads the class of service from a header.
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
