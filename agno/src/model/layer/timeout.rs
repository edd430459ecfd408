//! Giving up: on the whole answer, on its first word, on the next.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::layer;
use super::relay::{is_metadata, relay};
use crate::model::{Delta, Model, ModelError, ModelErrorKind, Reply, Request};

/// How long an answer may take. What is not set may take for ever, or as long as the provider's own timeouts say.
///
/// How long connecting may take is set where the model is built.
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
    /// None.
    pub const fn new() -> Self {
        Self {
            first_token: None,
            between_tokens: None,
            total: None,
        }
    }

    /// The first word of a streamed answer is there within this time.
    #[must_use]
    pub const fn with_first_token(mut self, time: Duration) -> Self {
        self.first_token = Some(time);
        self
    }

    /// A streamed answer goes on within this time: after its first word where [`with_first_token`](Self::with_first_token) limits
    /// the time before it, else after the provider's first sign of life.
    #[must_use]
    pub const fn with_between_tokens(mut self, time: Duration) -> Self {
        self.between_tokens = Some(time);
        self
    }

    /// The whole answer is there within this time, streamed or not.
    #[must_use]
    pub const fn with_total(mut self, time: Duration) -> Self {
        self.total = Some(time);
        self
    }
}

/// A model whose answers are given up when they take too long, see
/// [`ModelExt::timeout`](super::ModelExt::timeout).
#[derive(Clone)]
pub struct Timeout<M> {
    inner: M,
    layer: TimeoutLayer,
}

impl<M: Model> Timeout<M> {
    pub(super) fn new(inner: M, layer: TimeoutLayer) -> Self {
        Self { inner, layer }
    }

    /// What `work` comes to before the first of these limits that is reached.
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
                "{} took longer than {time:?} {action}; ask again, or raise the timeout",
                self.inner.id()
            );
            ModelError::new(ModelErrorKind::Timeout, message).with_source(elapsed)
        })
    }

    fn total(&self) -> Option<Limit> {
        Limit::from_now(self.layer.total, "to answer")
    }
}

/// When to give up, after how long, and on what.
#[derive(Clone, Copy)]
struct Limit {
    end: Instant,
    time: Duration,
    action: &'static str,
}

impl Limit {
    fn from_now(time: Option<Duration>, action: &'static str) -> Option<Self> {
        let time = time?;
        // A time beyond the clock's is no limit.
        let end = Instant::now().checked_add(time)?;
        Some(Self { end, time, action })
    }
}

layer!(Timeout<M>);

impl<M: Model> Model for Timeout<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        self.within(self.inner.complete(request), [self.total(), None])
            .await?
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let total = self.total();
            let mut next = Limit::from_now(self.layer.first_token, "to begin its answer");
            let mut has_started = false;
            let mut deltas = pin!(self.inner.stream(request));
            while let Some(delta) = self.within(deltas.next(), [total, next]).await? {
                let delta = delta?;
                // A provider's first sign of life is no word of the answer, where that has a limit of its own.
                has_started |= self.layer.first_token.is_none() || !is_metadata(&delta);
                out.send(delta).await;
                if has_started {
                    next = Limit::from_now(self.layer.between_tokens, "to go on with its answer");
                }
            }
            Ok(())
        })
    }
}
