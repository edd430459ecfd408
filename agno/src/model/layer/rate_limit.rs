//! A limit on requests and tokens per minute, with two token buckets. The `governor` crate is unsuitable: the token
//! count of a request is known only afterwards, and `governor` cannot return unused tokens, or the reservation of a
//! cancelled request, to a bucket.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::layer;
use super::relay::relay;
use crate::message::Message;
use crate::model::{Delta, Model, ModelError, ModelErrorKind, ModelEvent, ModelId, Reply, Request, Usage};

/// Maximum usage of one answer, in full buckets. The provider reports the usage, and a wrong number must not block other
/// requests for longer than this many minutes.
const MAX_MINUTES: f64 = 10.0;

/// Maximum number of requests and tokens per minute.
///
/// Clones share the counts, so that several models can share the limits of one account.
///
/// Tokens are estimated before a request (one per four bytes of text and 100 per tool, plus `max_tokens`). The
/// provider's count replaces the estimate after the answer. A request that fails before the model has worked on it, and
/// an answer from a cache, use no tokens. A request that is cancelled while it waits counts toward neither limit.
///
/// ```
/// use agno::model::layer::RateLimitLayer;
///
/// let account = RateLimitLayer::new().with_requests_per_minute(500).with_tokens_per_minute(200_000);
/// ```
#[derive(Debug, Clone, Default)]
pub struct RateLimitLayer {
    requests: Option<Arc<Bucket>>,
    tokens: Option<Arc<Bucket>>,
}

impl RateLimitLayer {
    /// Creates a layer without limits.
    pub const fn new() -> Self {
        Self {
            requests: None,
            tokens: None,
        }
    }

    /// Sets the maximum number of requests per minute; 0 is treated as 1.
    #[must_use]
    pub fn with_requests_per_minute(mut self, requests: u32) -> Self {
        self.requests = Some(Arc::new(Bucket::new(requests)));
        self
    }

    /// Sets the maximum number of input and output tokens per minute; 0 is treated as 1. A request with a
    /// larger estimate waits until all tokens of a minute are available.
    #[must_use]
    pub fn with_tokens_per_minute(mut self, tokens: u32) -> Self {
        self.tokens = Some(Arc::new(Bucket::new(tokens)));
        self
    }

    /// Waits until the request is within the limits, and reserves its estimated number of tokens.
    async fn admit(&self, request: &Request<'_>, model: ModelId<'_>) -> ReservedTokens<'_> {
        let report = |delay| request.report(&ModelEvent::RateLimitWait { model, delay });
        let request_permit = match &self.requests {
            Some(requests) => Some(requests.acquire(1.0, report).await),
            None => None,
        };
        let token_permit = match &self.tokens {
            Some(tokens) => Some(tokens.acquire(estimate(request).min(tokens.size), report).await),
            None => None,
        };
        if let Some(permit) = request_permit {
            permit.keep();
        }
        ReservedTokens {
            tokens: token_permit.map(|permit| (permit.bucket, permit.keep())),
        }
    }
}

/// The tokens reserved for a request.
struct ReservedTokens<'a> {
    tokens: Option<(&'a Bucket, f64)>,
}

impl ReservedTokens<'_> {
    /// Replaces the reserved tokens with the tokens used. A total of zero means that the provider does not count them,
    /// unless the answer comes from a cache.
    fn settle(&mut self, usage: Usage, is_cached: bool) {
        if usage.total() > 0 || is_cached {
            self.replace(usage);
        }
    }

    /// Releases the reserved tokens of a failed request, unless the model may have used them.
    fn settle_failure(&mut self, usage: Usage, error: &ModelError) {
        let may_have_worked = matches!(
            error.kind(),
            ModelErrorKind::Timeout
                | ModelErrorKind::Truncated
                | ModelErrorKind::MalformedReply
                | ModelErrorKind::TooLarge
                | ModelErrorKind::ContentRefused
        );
        if usage.total() > 0 || !may_have_worked {
            self.replace(usage);
        }
    }

    fn replace(&mut self, usage: Usage) {
        if let Some((bucket, reserved)) = self.tokens.take() {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the count is limited, and need not be exact"
            )]
            let used = (usage.total() as f64).min(bucket.size * MAX_MINUTES);
            bucket.correct(reserved - used);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "prompt sizes are far below 2^53")]
fn estimate(request: &Request<'_>) -> f64 {
    let text: usize = request.messages.iter().map(Message::text_bytes).sum();
    let read = (request.instructions.len() + text) as f64 / 4.0 + 100.0 * request.tools.len() as f64;
    read + f64::from(request.settings.max_tokens.unwrap_or(0))
}

/// A bucket that refills at a steady rate, from empty to full in a minute.
#[derive(Debug)]
struct Bucket {
    size: f64,
    state: Mutex<Level>,
}

#[derive(Debug)]
struct Level {
    /// The amount available; negative while requests wait for an amount that they have reserved.
    available: f64,
    at: Option<Instant>,
}

impl Bucket {
    fn new(size: u32) -> Self {
        let size = f64::from(size.max(1));
        Self {
            size,
            state: Mutex::new(Level {
                available: size,
                at: None,
            }),
        }
    }

    /// Reserves this amount and waits until it is available. The wait is determined when a request arrives, so a request
    /// that is not polled does not delay the others.
    async fn acquire(&self, amount: f64, report: impl FnOnce(Duration)) -> Reservation<'_> {
        let (acquired, wait) = {
            let mut level = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            if let Some(at) = level.at {
                let filled = (now - at).as_secs_f64() * self.size / 60.0;
                level.available = (level.available + filled).min(self.size);
            }
            level.at = Some(now);
            level.available -= amount;
            (
                Reservation { bucket: self, amount },
                -level.available * 60.0 / self.size,
            )
        };
        if wait > 0.0 {
            let wait = Duration::try_from_secs_f64(wait).unwrap_or(Duration::MAX);
            report(wait);
            tokio::time::sleep(wait).await;
        }
        acquired
    }

    fn correct(&self, by: f64) {
        let mut level = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        level.available = (level.available + by).min(self.size);
    }
}

/// A reserved amount, which is released into the bucket on drop.
struct Reservation<'a> {
    bucket: &'a Bucket,
    amount: f64,
}

impl Reservation<'_> {
    /// Consumes the reservation without releasing the amount. Returns the amount.
    fn keep(mut self) -> f64 {
        std::mem::take(&mut self.amount)
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.bucket.correct(self.amount);
    }
}

/// A model with a rate limit, created by [`ModelExt::rate_limit`](super::ModelExt::rate_limit).
#[derive(Clone)]
pub struct RateLimit<M> {
    inner: M,
    layer: RateLimitLayer,
}

impl<M> RateLimit<M> {
    pub(super) fn new(inner: M, layer: RateLimitLayer) -> Self {
        Self { inner, layer }
    }
}

layer!(RateLimit<M>);

impl<M: Model> Model for RateLimit<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let mut reserved = self.layer.admit(&request, self.inner.id()).await;
        let outcome = self.inner.complete(request).await;
        match &outcome {
            Ok(reply) => reserved.settle(reply.usage, reply.is_cached()),
            Err(error) => reserved.settle_failure(Usage::default(), error),
        }
        outcome
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let mut reserved = self.layer.admit(&request, self.inner.id()).await;
            let (mut usage, mut discarded, mut is_cached) = (Usage::default(), Usage::default(), false);
            let mut deltas = pin!(self.inner.stream(request));
            while let Some(delta) = deltas.next().await {
                match &delta {
                    Ok(Delta::Usage(counted)) => usage = *counted,
                    Ok(Delta::Details(details)) => is_cached |= details.original_usage.is_some(),
                    // The answer so far is discarded, but its tokens have been used.
                    Ok(Delta::Restart) => discarded += std::mem::take(&mut usage),
                    Ok(Delta::Finish(_)) => reserved.settle(discarded + usage, is_cached),
                    Ok(_) => {}
                    Err(error) => reserved.settle_failure(discarded + usage, error),
                }
                out.send(delta?).await;
            }
            Ok(())
        })
    }
}
