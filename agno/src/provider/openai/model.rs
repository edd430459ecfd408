//! Asks a server, whole or streamed.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use futures_util::{Stream, stream};
use reqwest::Response;

use super::builder::Builder;
use super::error::{self, Source};
use super::reply::{Decoder, now};
use super::request;
use super::table::{Provider, Quirks};
use crate::model::{
    Delta, Model, ModelError, ModelErrorKind, ModelId, Reply, ReplyBuilder, Request, Settings,
    StructuredOutput, ToolCalling,
};
use crate::provider::http::{Server, content_type};
use crate::provider::retry_after::retry_after;
use crate::provider::sse::Parser;
use crate::schema::dialect;

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
#[derive(Clone)]
pub struct OpenAi(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) server: Server,
    /// The server's address as it may be shown.
    pub(super) place: String,
    /// The key, to keep it out of what the server says.
    pub(super) secret: Option<String>,
    pub(super) provider: Provider,
    pub(super) quirks: Quirks,
    pub(super) model: String,
    pub(super) settings: Settings,
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

    /// This model of one of the [`PROVIDERS`](super::PROVIDERS), with the key in the variable its row names.
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

impl fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAi")
            .field("provider", &self.0.provider.name)
            .field("model", &self.0.model)
            .field("address", &self.0.place)
            .field("has_key", &self.0.server.has_credentials())
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn source(&self) -> Source<'_> {
        Source {
            provider: self.provider.name,
            model: &self.model,
            place: &self.place,
            key_variable: self.provider.key_variable,
            has_key: self.server.has_credentials(),
            secret: self.secret.as_deref(),
        }
    }

    /// Sends a request; the answer's head, if it is not a refusal.
    async fn send(&self, request: &Request<'_>, stream: bool) -> Result<(Response, bool), ModelError> {
        let body = request::write(&self.model, &self.quirks, &self.settings, request, stream)?;
        let accept = if stream {
            "text/event-stream"
        } else {
            "application/json"
        };
        let mut response = self.server.post(body, accept).await?;
        let content_type = content_type(response.headers());
        let is_page = matches!(content_type.as_str(), "text/html" | "application/xhtml+xml");
        if !response.status().is_success() {
            let status = response.status().as_u16();
            let delay = retry_after(response.headers(), now());
            // What the body says is a help, not a must.
            let body = if is_page {
                Vec::new()
            } else {
                self.server.whole(&mut response).await.unwrap_or_default()
            };
            return Err(error::from_body(status, &body, delay, &self.source()));
        }
        if is_page {
            return Err(
                error::web_page(&content_type, &self.source()).with_status(response.status().as_u16())
            );
        }
        // A server that does not stream answers whole.
        let is_whole = content_type == "application/json" || content_type.ends_with("+json");
        Ok((response, is_whole))
    }

    async fn whole(&self, response: &mut Response) -> Result<Vec<Delta>, ModelError> {
        let body = self.server.whole(response).await?;
        Decoder::new().whole(&body, &self.source())
    }
}

/// A streamed answer in the reading.
struct Reading {
    response: Response,
    parser: Parser,
    decoder: Decoder,
}

impl Reading {
    /// Reads on; whether there is more to read.
    async fn read(&mut self, inner: &Inner, deltas: &mut Vec<Delta>) -> Result<bool, ModelError> {
        let Self {
            response,
            parser,
            decoder,
        } = self;
        let source = inner.source();
        let more = match inner.server.chunk(response, |bytes| parser.feed(bytes)).await {
            Ok(more) => more.is_some(),
            // The answer is there; only the end of the connection is missing.
            Err(_) if decoder.has_finished() => false,
            Err(error) if error.kind() == ModelErrorKind::Network => {
                return Err(ModelError::truncated().with_source(error));
            }
            Err(error) => return Err(error),
        };
        while let Some(event) = parser.next_event().map_err(|error| {
            ModelError::new(
                ModelErrorKind::TooLarge,
                "a piece of the streamed answer is larger than any should be",
            )
            .with_source(error)
        })? {
            decoder.event(event.data, &source, deltas)?;
        }
        if decoder.is_done() {
            decoder.end(deltas)?;
            return Ok(false);
        }
        if !more {
            if let Some(event) = parser.finish()
                && decoder
                    .event(event.data, &source, deltas)
                    .is_err_and(|error| error.kind() != ModelErrorKind::MalformedReply)
            {
                return Err(ModelError::truncated());
            }
            decoder.end(deltas)?;
        }
        Ok(more)
    }
}

/// Where a streamed answer stands.
enum Stage<'a> {
    Asking(Request<'a>),
    Reading(Box<Reading>),
    Over,
}

impl Stage<'_> {
    /// Goes on until there is something to hand out or nothing more to come.
    async fn advance(&mut self, inner: &Inner, ready: &mut VecDeque<Delta>) -> Result<(), ModelError> {
        let mut deltas = Vec::new();
        let outcome = self.step(inner, &mut deltas).await;
        ready.extend(deltas);
        if outcome.is_err() {
            *self = Stage::Over;
        }
        outcome
    }

    async fn step(&mut self, inner: &Inner, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        match self {
            Stage::Asking(request) => {
                let (mut response, is_whole) = inner.send(request, true).await?;
                if is_whole {
                    *deltas = inner.whole(&mut response).await?;
                    *self = Stage::Over;
                } else {
                    *self = Stage::Reading(Box::new(Reading {
                        response,
                        parser: Parser::new(),
                        decoder: Decoder::new(),
                    }));
                }
            }
            Stage::Reading(reading) => {
                if !reading.read(inner, deltas).await? {
                    *self = Stage::Over;
                }
            }
            Stage::Over => {}
        }
        Ok(())
    }
}

impl Model for OpenAi {
    type Dialect = dialect::OpenAi;

    fn dialect(&self) -> Self::Dialect {
        dialect::OpenAi
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new(self.0.provider.name, &self.0.model)
    }

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let (mut response, _) = self.0.send(&request, false).await?;
        let mut builder = ReplyBuilder::new();
        for delta in self.0.whole(&mut response).await? {
            builder.push(&delta);
        }
        builder.finish()
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        let start = (Stage::Asking(request), VecDeque::new(), None);
        stream::unfold(start, move |(mut stage, mut ready, mut failed)| async move {
            loop {
                if let Some(delta) = ready.pop_front() {
                    return Some((Ok(delta), (stage, ready, failed)));
                }
                if let Some(error) = failed.take() {
                    return Some((Err(error), (stage, ready, None)));
                }
                if matches!(stage, Stage::Over) {
                    return None;
                }
                // What came before an error is handed out before it.
                failed = stage.advance(&self.0, &mut ready).await.err();
            }
        })
    }
}

impl ToolCalling for OpenAi {}
impl StructuredOutput for OpenAi {}
