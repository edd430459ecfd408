//! A model behind the Messages API.

use super::builder::Builder;
use super::reply::Decoder;
use super::request;
use crate::model::{ModelError, Request};
use crate::provider::api::Api;
use crate::provider::claude::fit_schema::Shape;
use crate::provider::exchange::http_model;
use crate::schema::dialect;

http_model! {
    /// Claude behind Anthropic's Messages API, at Anthropic or at any server that speaks it.
    ///
    /// A handle: cloning it is cheap, and all handles share one HTTP client. Its `Debug` shows no key.
    ///
    /// ```no_run
    /// use agno::prelude::*;
    /// use agno::provider::Anthropic;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(Anthropic::new("claude-sonnet-4-5")?);
    /// println!("{}", agent.run("Hello").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # What settings become
    ///
    /// - `max_tokens`, which the API wants always: 32,000 where nobody says, 8,192 for Claude 3.5 and for models that are
    ///   no Claude, 4,096 for Claude 3. Thinking is part of it; where only `reasoning_tokens` is set, there are 8,192 more.
    /// - `reasoning_tokens`: a budget of at least 1,024. Generations that think as they see fit (Opus 4.7, Claude 5)
    ///   are asked to do so. 0 is no thinking, or as little as the model can be held to.
    /// - `reasoning_effort`: the effort in Anthropic's words, and thinking as the model sees fit; older generations, which
    ///   only count, get a budget (`low` 2,048, `medium` 8,192, above 16,384).
    /// - `temperature`, `top_p` and `top_k` are left out where the generation refuses them: beside a budget of thinking,
    ///   from Opus 4.7 on, and the second of the first two from Claude 4.5 on.
    /// - A call is not forced on a generation that cannot be forced, nor beside a budget of thinking, which gives way.
    /// - `prompt_cache`: marks behind the tools, the instructions and the user's last words.
    /// - Penalties, seeds and likelihoods are not known to the API and left out.
    ///
    /// Fields with a beta of their own (`mcp_servers`, `context_management`) go into
    /// [`Settings::extra`](crate::model::Settings::extra), tools of Anthropic's (`web_search_20250305`) into
    /// [`Settings::provider_tools`](crate::model::Settings::provider_tools), and the name of the beta into
    /// [`Builder::beta`]. What such tools did is kept in the answer and sent back as it came.
    Anthropic, Messages, dialect::Anthropic, ToolCalling, StructuredOutput
}

impl Anthropic {
    /// This model of Anthropic, with the key in `ANTHROPIC_API_KEY`. Where `ANTHROPIC_BASE_URL` is set, the model of that
    /// name at that address; a key is not required there.
    ///
    /// ```no_run
    /// use agno::provider::Anthropic;
    ///
    /// let model = Anthropic::new("claude-sonnet-4-5")?;
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
pub(crate) struct Messages {
    /// Whether the model can be held to a schema.
    pub(super) holds_output: bool,
    pub(super) shape: Shape,
}

impl Api for Messages {
    type Dialect = dialect::Anthropic;
    type Decoder = Decoder;
    const NAME: &'static str = "a Messages API";

    fn holds_output(&self, _with_tools: bool) -> bool {
        self.holds_output
    }

    fn holds_schema(&self, declaration: &str) -> bool {
        self.shape.fit(declaration).is_some()
    }

    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
        request::write(model, &self.shape, request, stream)
    }

    fn decoder(&self, _request: &Request<'_>) -> Decoder {
        Decoder::default()
    }
}
