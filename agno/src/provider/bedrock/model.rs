//! The model type of Amazon Bedrock.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use super::sign::Signer;
use crate::model::{ModelError, Request, Settings};
use crate::provider::api::Api;
use crate::provider::claude::fit_schema::Shape;
use crate::provider::exchange::http_model;
use crate::provider::framing::Framing;
use crate::schema::dialect;

http_model! {
    /// A model on Amazon Bedrock, through its Converse API.
    ///
    /// `Bedrock` is a handle: clones are cheap and share one HTTP client. Its `Debug` output omits the API key.
    ///
    /// ```no_run
    /// use agno::prelude::*;
    /// use agno::provider::Bedrock;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(Bedrock::new("us.anthropic.claude-sonnet-4-5-20250929-v1:0")?);
    /// println!("{}", agent.run("Hello").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Settings
    ///
    /// - `max_tokens`, `temperature`, `top_p` and `stop` map to Converse's own fields; `top_k` is sent to Claude and
    ///   Nova.
    /// - `reasoning_tokens` and `reasoning_effort` are sent to Claude in the format of its generation. The effort is
    ///   also sent to Nova and gpt-oss.
    /// - Claude 4.5, 4.6 and 5 support structured output natively; other models return it through a tool call.
    /// - `prompt_cache` adds cache points after the tools, the instructions, and the last user message or tool result.
    /// - Penalties, seeds and log probabilities are omitted, because the API does not support them.
    /// - On Claude 4.5 and later, calls can be disabled, or limited to one per reply. Other models support neither: if
    ///   calls are disabled, agno omits the tools, unless the conversation already contains calls.
    ///
    /// Media is accepted as bytes or by S3 URI (`s3://..`). Fields such as `guardrailConfig` belong in
    /// [`Settings::extra`](crate::model::Settings::extra).
    Bedrock, Converse, dialect::Anthropic, ToolCalling, StructuredOutput
}

impl Bedrock {
    /// Creates a model with the region and credentials from AWS's environment variables; see [`Builder`].
    ///
    /// ```no_run
    /// use agno::provider::Bedrock;
    ///
    /// let model = Bedrock::new("amazon.nova-pro-v1:0")?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Builder::build`].
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// Returns a builder, which accepts a region, credentials, headers and an HTTP client.
    ///
    /// `model` is a model ID, an inference profile ID or an ARN.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The Converse API, with the features of one model.
pub(crate) struct Converse {
    /// The signer of requests, or `None` if they carry an API key.
    pub(super) signer: Option<Signer>,
    /// `true` if the model supports structured output.
    pub(super) supports_output_schema: bool,
    pub(super) shape: Shape,
}

impl Api for Converse {
    type Dialect = dialect::Anthropic;
    type Decoder = Decoder;
    const NAME: &'static str = "a Converse API";
    const FRAMING: Framing = Framing::Frames;

    fn supports_output_schema(&self, _with_tools: bool) -> bool {
        self.supports_output_schema
    }

    fn supports_schema(&self, declaration: &str) -> bool {
        self.shape.fit(declaration).is_some()
    }

    fn options(&self) -> String {
        self.signer.as_ref().map_or_else(String::new, Signer::account)
    }

    fn write(&self, model: &str, request: &Request<'_>, _stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(model, &self.shape, request)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::default()
    }

    async fn finish(&self, request: &mut reqwest::Request, _settings: &Settings) -> Result<(), ModelError> {
        match &self.signer {
            Some(signer) => signer.sign(request).await,
            None => Ok(()),
        }
    }
}
