//! A limit on requests and tokens per minute, with two token buckets. The `governor` crate does not fit: the token
//! count of a request is known only afterwards, and `governor` cannot return an excess to a bucket.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::layer;
use super::relay::relay;
use crate::message::Message;
use crate::model::{Delta, Model, ModelError, Reply, Request, Usage};

/// Maximum number of requests and tokens per minute.
///
/// Clones share the counts, so that several models can share the limits of one account. Tokens are estimated before a request (one per four bytes of text, plus `max_tokens`). The estimate is replaced by
/// the provider's count after the answer.
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

    /// Sets the maximum number of input and output tokens per minute; 0 is treated as 1. A larger request waits until
    /// the full amount is available.
    #[must_use]
    pub fn with_tokens_per_minute(mut self, tokens: u32) -> Self {
        self.tokens = Some(Arc::new(Bucket::new(tokens)));
        self
    }

    /// Waits until the request is within the limits. Returns the estimated number of tokens, which it has acquired.
    async fn admit(&self, request: &Request<'_>) -> f64 {
        if let Some(requests) = &self.requests {
            requests.acquire(1.0).await;
        }
        match &self.tokens {
            None => 0.0,
            Some(tokens) => {
                let estimate = estimate(request).min(tokens.size);
                tokens.acquire(estimate).await;
                estimate
            }
        }
    }

    /// Replaces the estimate with the tokens that the request used.
    fn settle_usage(&self, estimate: f64, usage: Usage) {
        if let Some(tokens) = self.tokens.as_ref().filter(|_| usage.total() > 0) {
            #[expect(clippy::cast_precision_loss, reason = "token counts are far below 2^53")]
            tokens.correct(estimate - usage.total() as f64);
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
    /// Negative while waiting requests have acquired in advance.
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

    /// Acquires this amount and waits until it is available. Requests are served in order of arrival.
    async fn acquire(&self, amount: f64) {
        let wait = {
            let mut level = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            if let Some(at) = level.at {
                let filled = (now - at).as_secs_f64() * self.size / 60.0;
                level.available = (level.available + filled).min(self.size);
            }
            level.at = Some(now);
            level.available -= amount;
            -level.available * 60.0 / self.size
        };
        if wait > 0.0 {
            // Returns the amount to the bucket if the wait is cancelled.
            let mut reservation = Reservation { bucket: self, amount };
            tokio::time::sleep(Duration::from_secs_f64(wait)).await;
            reservation.amount = 0.0;
        }
    }

    fn correct(&self, by: f64) {
        let mut level = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        level.available = (level.available + by).min(self.size);
    }
}

struct Reservation<'a> {
    bucket: &'a Bucket,
    amount: f64,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.bucket.correct(self.amount);
    }
}

/// A model with a rate limit, see [`ModelExt::rate_limit`](super::ModelExt::rate_limit).
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
        let estimate = self.layer.admit(&request).await;
        let reply = self.inner.complete(request).await?;
        self.layer.settle_usage(estimate, reply.usage);
        Ok(reply)
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let estimate = self.layer.admit(&request).await;
            let mut usage = Usage::default();
            let mut deltas = pin!(self.inner.stream(request));
            while let Some(delta) = deltas.next().await {
                let delta = delta?;
                if let Delta::Usage(counted) = delta {
                    usage = counted;
                }
                out.send(delta).await;
            }
            self.layer.settle_usage(estimate, usage);
            Ok(())
        })
    }
}
