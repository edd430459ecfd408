//! Timeouts for the complete answer, for its first token and between tokens.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::drop_reason::TimeoutDrop;
use super::layer;
use super::relay::{is_metadata, relay};
use crate::model::{Delta, Model, ModelError, ModelErrorKind, Reply, Request};

/// Time limits for an answer. If no limit is set, only the timeouts of the model itself apply.
///
/// The connect timeout is not part of this layer; it is set when the model is built. Layers inside this layer observe a
/// timeout: a circuit breaker counts a failure, and hooks receive an error.
///
/// ```
/// use agno::model::layer::TimeoutLayer;
/// use std::time::Duration;
///
/// let timeout = TimeoutLayer::new()
///     .with_first_token(Duration::from_secs(20))
///     .with_between_tokens(Duration::from_secs(10))
///     .with_total(Duration::from_secs(120));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeoutLayer {
    first_token: Option<Duration>,
    between_tokens: Option<Duration>,
    total: Option<Duration>,
}

impl TimeoutLayer {
    /// Creates a layer without limits.
    pub const fn new() -> Self {
        Self {
            first_token: None,
            between_tokens: None,
            total: None,
        }
    }

    /// Sets the maximum time until the first token of a streamed answer.
    #[must_use]
    pub const fn with_first_token(mut self, time: Duration) -> Self {
        self.first_token = Some(time);
        self
    }

    /// Sets the maximum time between tokens of a streamed answer. It applies after the first token if
    /// [`with_first_token`](Self::with_first_token) is set, otherwise after the first data from the provider.
    #[must_use]
    pub const fn with_between_tokens(mut self, time: Duration) -> Self {
        self.between_tokens = Some(time);
        self
    }

    /// Sets the maximum time for the complete answer, streamed or not. The time that the reader of a stream takes for
    /// each delta does not count.
    #[must_use]
    pub const fn with_total(mut self, time: Duration) -> Self {
        self.total = Some(time);
        self
    }
}

/// A model with time limits, created by [`ModelExt::timeout`](super::ModelExt::timeout).
#[derive(Clone)]
pub struct Timeout<M> {
    inner: M,
    layer: TimeoutLayer,
}

impl<M: Model> Timeout<M> {
    pub(super) fn new(inner: M, layer: TimeoutLayer) -> Self {
        Self { inner, layer }
    }

    /// Returns the output of `work`, or an error when one of these limits is reached first.
    async fn within<T>(
        &self,
        work: impl Future<Output = T>,
        limits: [Option<Limit>; 2],
    ) -> Result<T, ModelError> {
        let Some(limit) = limits.into_iter().flatten().min_by_key(|limit| limit.end) else {
            return Ok(work.await);
        };
        timeout_at(limit.end, work).await.map_err(|elapsed| {
            let Limit { time, action, .. } = limit;
            let message = format!(
                "{} took longer than {time:?} {action}; retry, or raise the timeout",
                self.inner.id()
            );
            ModelError::new(ModelErrorKind::Timeout, message).with_source(elapsed)
        })
    }

    fn total(&self) -> Option<Limit> {
        Limit::from_now(self.layer.total, "to answer")
    }
}

/// A time limit: its end, its length, and the action that it limits.
#[derive(Clone, Copy)]
struct Limit {
    end: Instant,
    time: Duration,
    action: &'static str,
}

impl Limit {
    /// Moves the end by the time that the reader of a stream was busy.
    fn extended(self, time: Duration) -> Option<Self> {
        let end = self.end.checked_add(time)?;
        Some(Self { end, ..self })
    }

    fn from_now(time: Option<Duration>, action: &'static str) -> Option<Self> {
        let time = time?;
        // A time beyond the range of the clock means that there is no limit.
        let end = Instant::now().checked_add(time)?;
        Some(Self { end, time, action })
    }
}

layer!(Timeout<M>);

impl<M: Model> Model for Timeout<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let mut timeout_drop = TimeoutDrop::default();
        let work = pin!(self.inner.complete(request));
        match self.within(work, [self.total(), None]).await {
            Ok(outcome) => outcome,
            Err(error) => {
                timeout_drop.enter();
                Err(error)
            }
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let mut total = self.total();
            let mut next = Limit::from_now(self.layer.first_token, "to start its answer");
            let mut has_started = false;
            let mut timeout_drop = TimeoutDrop::default();
            let mut deltas = pin!(self.inner.stream(request));
            loop {
                let delta = match self.within(deltas.next(), [total, next]).await {
                    Ok(None) => return Ok(()),
                    Ok(Some(delta)) => delta?,
                    Err(error) => {
                        timeout_drop.enter();
                        return Err(error);
                    }
                };
                // Metadata counts as the start of an answer only if the first token has no separate limit.
                has_started |= self.layer.first_token.is_none() || !is_metadata(&delta);
                let sent = Instant::now();
                out.send(delta).await;
                // The time that the reader takes for a delta is not the model's.
                let busy = sent.elapsed();
                total = total.and_then(|limit| limit.extended(busy));
                next = if has_started {
                    Limit::from_now(self.layer.between_tokens, "to continue its answer")
                } else {
                    next.and_then(|limit| limit.extended(busy))
                };
            }
        })
    }
}
