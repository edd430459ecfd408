//! Sends a request through any provider's [`Api`] and reads the reply, complete or streamed.

use std::fmt;

use futures_util::{Stream, stream};
use reqwest::Response;

use super::api::{Api, Decode};
use super::codec::budget::Budget;
use super::framing::Framer;
use super::strategy::{FinalAnswerExtractor, with_strategy};
use super::transport::connection::Connection;
use super::transport::digest::Digest;
use super::transport::error::Source;
use super::transport::http::Progress;
use super::transport::http_time::now;
use super::transport::rate_limits::rate_limits;
use crate::model::{
    Delta, ModelError, ModelErrorKind, ModelId, Reply, ReplyBuilder, ReplyDetails, Request, Settings,
};

/// The header of a session token, which is added when a request is signed.
const SESSION_TOKEN: &str = "x-amz-security-token";

/// A model behind an HTTP API.
pub(crate) struct Exchange<A> {
    pub(crate) api: A,
    pub(crate) connection: Connection,
    pub(crate) model: String,
    /// The defaults for settings that a request does not set.
    pub(crate) settings: Settings,
}

impl<A: Api> Exchange<A> {
    pub(crate) fn id(&self) -> ModelId<'_> {
        ModelId::new(self.connection.provider, &self.model)
    }

    /// Returns the name of the model and a digest of everything else that affects its answers. Only the digest depends
    /// on secrets.
    pub(crate) fn fingerprint(&self) -> String {
        let mut digest = Digest::new();
        digest.add(A::NAME);
        self.connection.add_to(&mut digest);
        digest.add(self.api.options());
        digest.add(serde_json::to_string(&self.settings).unwrap_or_default());
        format!("{} {}", self.id(), digest.finish())
    }

    /// Writes the `Debug` output of the model, without the key.
    pub(crate) fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.connection.debug(name, &self.model, f)
    }

    fn source(&self) -> Source<'_> {
        self.connection.source(&self.model, A::NAME)
    }

    /// Sends a request and returns the reply with its body unread.
    ///
    /// # Errors
    ///
    /// Returns an error when the request is invalid, the server is unreachable, or the server rejects the request.
    async fn send(
        &self,
        request: &Request<'_>,
        stream: bool,
    ) -> Result<ResponseHead<A::Decoder>, ModelError> {
        let settings = request.settings.over(&self.settings);
        let request = Request {
            settings: &settings,
            ..*request
        };
        let ((body, decoder), final_answer) =
            with_strategy(&self.api, request, A::Dialect::default(), |request| {
                Ok((
                    self.api.write(&self.model, request, stream)?,
                    self.api.decoder(request),
                ))
            })?;
        let server = &self.connection.server;
        let accept = if stream {
            A::FRAMING.accept()
        } else {
            "application/json"
        };
        let endpoint = if stream {
            &self.connection.streamed
        } else {
            &self.connection.endpoint
        };
        let mut message = server.request(endpoint, body, accept);
        self.api.finish(&mut message, &settings).await?;
        if let Some(token) = message.headers().get(SESSION_TOKEN) {
            self.connection.secrets.set_latest(token.to_str().ok());
        }
        let (response, content_type) = server.send_checked(endpoint, message, &self.source()).await?;
        let is_complete = content_type == "application/json" || content_type.ends_with("+json");
        Ok(ResponseHead {
            reader: ReplyReader {
                framer: A::FRAMING.framer(server.max_reply),
                decoder,
                final_answer,
                raw: settings.keep_raw.then(Vec::new),
                progress: Progress::new(),
                budget: Budget::new(server.max_reply),
                details: rate_limits(response.headers(), now()).map(|limits| ReplyDetails {
                    rate_limits: Some(limits),
                    ..ReplyDetails::default()
                }),
                response,
            },
            // A server that does not support streaming returns a complete reply.
            is_complete: is_complete || !stream,
        })
    }

    pub(crate) async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let head = self.send(&request, false).await?;
        let mut deltas = Vec::new();
        head.reader.decode_body(self, &mut deltas).await?;
        let mut builder = ReplyBuilder::new();
        for delta in &deltas {
            builder.push(delta);
        }
        builder.finish()
    }

    pub(crate) fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        // Boxed, because `unfold` moves the state into and out of a future for each delta.
        let start = Box::new((Stage::Sending(request), ReadyDeltas::default()));
        stream::unfold(start, move |mut state| async move {
            loop {
                let (stage, ready) = &mut *state;
                if let Some(delta) = ready.next() {
                    return Some((delta, state));
                }
                if matches!(stage, Stage::Done) {
                    return None;
                }
                stage.advance(self, ready).await;
            }
        })
    }
}

/// The deltas to emit, and the error to emit after them.
#[derive(Default)]
struct ReadyDeltas {
    deltas: Vec<Delta>,
    /// The number of deltas that have been emitted.
    emitted: usize,
    failed: Option<ModelError>,
}

impl ReadyDeltas {
    fn next(&mut self) -> Option<Result<Delta, ModelError>> {
        if let Some(delta) = self.deltas.get_mut(self.emitted) {
            self.emitted = self.emitted.saturating_add(1);
            return Some(Ok(std::mem::replace(delta, Delta::Break)));
        }
        self.deltas.clear();
        self.emitted = 0;
        self.failed.take().map(Err)
    }
}

/// A reply whose body has not been read yet.
struct ResponseHead<D> {
    reader: ReplyReader<D>,
    is_complete: bool,
}

/// A reply that is being read.
struct ReplyReader<D> {
    response: Response,
    framer: Framer,
    decoder: D,
    progress: Progress,
    budget: Budget,
    final_answer: Option<FinalAnswerExtractor>,
    /// The original reply, if `keep_raw` is set.
    raw: Option<Vec<String>>,
    /// The details from the reply's headers.
    details: Option<ReplyDetails>,
}

impl<D: Decode> ReplyReader<D> {
    /// Reads a complete reply.
    async fn decode_body<A: Api>(
        mut self,
        exchange: &Exchange<A>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let body = exchange.connection.server.body(&mut self.response).await?;
        self.budget.spend(&body)?;
        self.record_raw(&body);
        self.decoder.decode_body(&body, &exchange.source(), deltas)?;
        self.settle(deltas);
        Ok(())
    }

    /// Reads the next chunk. Returns `false` at the end of the reply.
    async fn read<A: Api>(
        &mut self,
        exchange: &Exchange<A>,
        deltas: &mut Vec<Delta>,
    ) -> Result<bool, ModelError> {
        let source = exchange.source();
        let Self {
            response,
            framer,
            decoder,
            raw,
            progress,
            budget,
            ..
        } = self;
        let server = &exchange.connection.server;
        let more = match server.chunk(response, progress, |bytes| framer.feed(bytes)).await {
            Ok(more) => more.is_some(),
            // The model has finished, so an interrupted connection does not matter.
            Err(_) if decoder.has_finished() => false,
            Err(error) if error.kind() == ModelErrorKind::Network => {
                return Err(ModelError::truncated().with_source(error));
            }
            Err(error) => return Err(error),
        };
        while let Some((name, data)) = framer.next_event()? {
            budget.spend(data)?;
            if let Some(raw) = raw {
                raw.push(A::FRAMING.raw(name, data));
            }
            decoder.event(name, data, &source, deltas)?;
        }
        if decoder.is_done() {
            decoder.end(deltas)?;
            self.settle(deltas);
            return Ok(false);
        }
        if !more {
            if let Some((name, data)) = framer.finish()
                && decoder
                    .event(name, data, &source, deltas)
                    .is_err_and(|error| error.kind() != ModelErrorKind::MalformedReply)
            {
                return Err(ModelError::truncated());
            }
            decoder.end(deltas)?;
        }
        self.settle(deltas);
        Ok(more)
    }

    fn record_raw(&mut self, text: &[u8]) {
        if let Some(raw) = &mut self.raw {
            raw.push(String::from_utf8_lossy(text).into_owned());
        }
    }

    /// Converts the call that contains the final answer into text, and inserts the details before `Finish`.
    fn settle(&mut self, deltas: &mut Vec<Delta>) {
        if let Some(final_answer) = &mut self.final_answer {
            final_answer.extract(deltas);
        }
        if matches!(deltas.last(), Some(Delta::Finish(_))) {
            let mut details = self.details.take().unwrap_or_default();
            details.raw = self.raw.take().unwrap_or_default();
            if !details.is_empty() {
                let last = deltas.len().saturating_sub(1);
                deltas.insert(last, Delta::Details(Box::new(details)));
            }
        }
    }
}

/// The state of a streamed reply.
#[expect(
    clippy::large_enum_variant,
    reason = "the enum is boxed, and its value is usually the largest variant"
)]
enum Stage<'a, D> {
    Sending(Request<'a>),
    Reading(ReplyReader<D>),
    Done,
}

impl<D: Decode> Stage<'_, D> {
    /// Advances to the next deltas or an error.
    async fn advance<A: Api<Decoder = D>>(&mut self, exchange: &Exchange<A>, ready: &mut ReadyDeltas) {
        if let Err(error) = self.step(exchange, &mut ready.deltas).await {
            ready.failed = Some(error);
            *self = Stage::Done;
        }
    }

    async fn step<A: Api<Decoder = D>>(
        &mut self,
        exchange: &Exchange<A>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        match self {
            Stage::Sending(request) => {
                let head = exchange.send(request, true).await?;
                if head.is_complete {
                    *self = Stage::Done;
                    head.reader.decode_body(exchange, deltas).await?;
                } else {
                    *self = Stage::Reading(head.reader);
                }
            }
            Stage::Reading(reader) => {
                if !reader.read(exchange, deltas).await? {
                    *self = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        Ok(())
    }
}

/// Defines a public handle to a model of one API. Clones of a handle are cheap and share one HTTP client, and their
/// `Debug` output omits the API key.
macro_rules! http_model {
    ($(#[$doc:meta])* $name:ident, $api:ty, $dialect:ty $(, $capability:ident)*) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub(crate) std::sync::Arc<$crate::provider::exchange::Exchange<$api>>);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.debug(stringify!($name), f)
            }
        }

        impl $crate::model::Model for $name {
            type Dialect = $dialect;

            fn dialect(&self) -> Self::Dialect {
                <$dialect>::default()
            }

            fn id(&self) -> $crate::model::ModelId<'_> {
                self.0.id()
            }

            fn fingerprint(&self) -> String {
                self.0.fingerprint()
            }

            async fn complete(
                &self,
                request: $crate::model::Request<'_>,
            ) -> Result<$crate::model::Reply, $crate::model::ModelError> {
                self.0.complete(request).await
            }

            fn stream<'a>(
                &'a self,
                request: $crate::model::Request<'a>,
            ) -> impl futures_util::Stream<Item = Result<$crate::model::Delta, $crate::model::ModelError>> + Send + 'a
            {
                self.0.stream(request)
            }
        }

        $(impl $crate::model::$capability for $name {})*
    };
}
pub(crate) use http_model;
