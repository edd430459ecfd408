//! A model on Amazon Bedrock.

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
    /// A handle: cloning it is cheap, and all handles share one HTTP client. Its `Debug` shows no key.
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
    /// # What settings become
    ///
    /// - `max_tokens`, `temperature`, `top_p` and `stop` are Converse's own; `top_k` goes to Claude and Nova.
    /// - `reasoning_tokens` and `reasoning_effort` go to Claude, in the form its generation takes; the effort to Nova and
    ///   gpt-oss as well.
    /// - An answer's shape is held natively by Claude 4.5, 4.6 and 5; other models are asked for it as a tool.
    /// - `prompt_cache`: points behind the tools, the instructions and the user's last words.
    /// - Penalties, seeds and likelihoods are not known to the API and left out.
    /// - Claude from 4.5 on can be told to make no call, or one at most. Others cannot: where no call may be made, tools
    ///   are declared to them only if earlier calls need them.
    ///
    /// Media are taken as bytes or by an address of S3 (`s3://..`). Fields such as `guardrailConfig` go into
    /// [`Settings::extra`](crate::model::Settings::extra).
    Bedrock, Converse, dialect::Anthropic, ToolCalling, StructuredOutput
}

impl Bedrock {
    /// This model in the region of `AWS_REGION`, with the credentials in AWS's variables: see [`Builder`].
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
    /// When there are no credentials or no region.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// This model, to be given a region, credentials, headers, a client. It is named by its id, by an inference profile's
    /// or by an ARN.
    pub fn builder(model: impl Into<String>) -> Builder {
        Builder::new(model.into())
    }
}

/// The API.
pub(crate) struct Converse {
    /// Signs requests, where they carry no key.
    pub(super) signer: Option<Signer>,
    /// Whether the model can be held to a schema.
    pub(super) holds_output: bool,
    pub(super) shape: Shape,
}

impl Api for Converse {
    type Dialect = dialect::Anthropic;
    type Decoder = Decoder;
    const NAME: &'static str = "a Converse API";
    const FRAMING: Framing = Framing::Frames;

    fn holds_output(&self, _with_tools: bool) -> bool {
        self.holds_output
    }

    fn holds_schema(&self, declaration: &str) -> bool {
        self.shape.fit(declaration).is_some()
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
