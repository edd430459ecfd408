//! Giving up: on the whole answer, on its first word, on the next.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::layer;
use super::relay::relay;
use crate::model::{Delta, Model, ModelError, ModelErrorKind, Reply, Request};

/// How long an answer may take. What is not set may take for ever, or as long as the provider's own timeouts say.
///
/// How long connecting may take is set where the model is built.
///
/// ```
/// use agno::model::layer::Timeouts;
/// use std::time::Duration;
///
/// let timeouts = Timeouts::new()
///     .first_token(Duration::from_secs(20))
///     .between_tokens(Duration::from_secs(10))
///     .whole(Duration::from_secs(120));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Timeouts {
    first_token: Option<Duration>,
    between_tokens: Option<Duration>,
    whole: Option<Duration>,
}

impl Timeouts {
    /// None.
    pub const fn new() -> Self {
        Self {
            first_token: None,
            between_tokens: None,
            whole: None,
        }
    }

    /// A streamed answer begins within this time.
    #[must_use]
    pub const fn first_token(mut self, time: Duration) -> Self {
        self.first_token = Some(time);
        self
    }

    /// A streamed answer goes on within this time.
    #[must_use]
    pub const fn between_tokens(mut self, time: Duration) -> Self {
        self.between_tokens = Some(time);
        self
    }

    /// The whole answer is there within this time, streamed or not.
    #[must_use]
    pub const fn whole(mut self, time: Duration) -> Self {
        self.whole = Some(time);
        self
    }
}

/// A model whose answers are given up when they take too long, see
/// [`ModelExt::timeouts`](super::ModelExt::timeouts).
#[derive(Clone)]
pub struct Timed<M> {
    inner: M,
    timeouts: Timeouts,
}

impl<M: Model> Timed<M> {
    pub(super) fn new(inner: M, timeouts: Timeouts) -> Self {
        Self { inner, timeouts }
    }

    /// What `work` comes to within `part` and before `end`.
    async fn within<T>(
        &self,
        work: impl Future<Output = T>,
        part: Option<(Duration, &'static str)>,
        end: Option<Instant>,
    ) -> Result<T, ModelError> {
        let part = part.map(|(time, what)| (Instant::now() + time, time, what));
        let whole = end
            .zip(self.timeouts.whole)
            .map(|(end, time)| (end, time, "to answer"));
        let Some((deadline, time, what)) = [part, whole].into_iter().flatten().min_by_key(|(end, ..)| *end)
        else {
            return Ok(work.await);
        };
        timeout_at(deadline, work).await.map_err(|elapsed| {
            let message = format!(
                "{} took longer than {time:?} {what}; ask again, or raise the timeout",
                self.inner.id()
            );
            ModelError::new(ModelErrorKind::Timeout, message).with_source(elapsed)
        })
    }

    fn end(&self) -> Option<Instant> {
        self.timeouts.whole.map(|time| Instant::now() + time)
    }
}

layer!(Timed<M>);

impl<M: Model> Model for Timed<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        self.within(self.inner.complete(request), None, self.end())
            .await?
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let end = self.end();
            let mut part = self
                .timeouts
                .first_token
                .map(|time| (time, "to begin its answer"));
            let mut pieces = pin!(self.inner.stream(request));
            while let Some(delta) = self.within(pieces.next(), part, end).await? {
                out.send(delta?).await;
                part = self
                    .timeouts
                    .between_tokens
                    .map(|time| (time, "to go on with its answer"));
            }
            Ok(())
        })
    }
}
