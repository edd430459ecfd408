//! Retries with exponential backoff and jitter, or after the delay that the provider requests. They are limited in
//! number, in time and by a budget.

use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::layer;
use super::relay::{BufferedStart, relay};
use crate::model::{Delta, Model, ModelError, ModelEvent, Reply, Request};

/// Configuration of retries: their number, the waits between them, and a time limit.
///
/// The default is three retries after approximately 0.5, 1 and 2 seconds, within two minutes in total. Each wait is
/// shortened at random, by at most half, so that many clients do not retry at the same moment. A delay that the
/// provider requests (`Retry-After`) replaces the wait. If that delay exceeds the remaining time, the error is returned
/// immediately.
///
/// ```
/// use agno::model::layer::RetryLayer;
/// use std::time::Duration;
///
/// let patient = RetryLayer::new().with_max_retries(6).with_initial_backoff(Duration::from_secs(1)).with_max_elapsed(Duration::from_secs(600));
/// ```
#[derive(Debug, Clone)]
pub struct RetryLayer {
    max_retries: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    max_elapsed: Duration,
    retries_streams: bool,
    budget: Option<RetryBudget>,
}

impl Default for RetryLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl RetryLayer {
    /// Creates the default configuration: three retries within two minutes.
    pub const fn new() -> Self {
        Self {
            max_retries: 3,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(30),
            max_elapsed: Duration::from_secs(120),
            retries_streams: false,
            budget: None,
        }
    }

    /// Sets the maximum number of retries after the first attempt.
    #[must_use]
    pub const fn with_max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets the approximate wait before the first retry. The wait doubles for each further retry.
    #[must_use]
    pub const fn with_initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }

    /// Sets the maximum wait. A delay that the provider requests may exceed it.
    #[must_use]
    pub const fn with_max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// Sets the time limit, measured from the start of the first attempt. No retry starts after the limit.
    #[must_use]
    pub const fn with_max_elapsed(mut self, time: Duration) -> Self {
        self.max_elapsed = time;
        self
    }

    /// Also retries streams that fail after deltas have been forwarded. The stream then yields [`Delta::Restart`], which
    /// discards all earlier deltas.
    #[must_use]
    pub const fn with_stream_retries(mut self) -> Self {
        self.retries_streams = true;
        self
    }

    /// Sets the retry budget, which several models may share.
    #[must_use]
    pub fn with_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Returns the wait before this retry (counted from 1) and charges the budget, or returns `None` if the retry is not
    /// allowed.
    fn wait(&self, retry: u32, error: &ModelError, started: Instant) -> Option<Duration> {
        if retry > self.max_retries || !error.is_retryable() {
            return None;
        }
        let wait = error.retry_after().unwrap_or_else(|| {
            let doubled = self
                .initial_backoff
                .saturating_mul(2_u32.saturating_pow(retry - 1));
            jittered(doubled.min(self.max_backoff))
        });
        let end = started.elapsed().checked_add(wait);
        let fits = end.is_some_and(|end| end <= self.max_elapsed);
        (fits && self.budget.as_ref().is_none_or(RetryBudget::take)).then_some(wait)
    }
}

/// Returns a random duration between half of `wait` and `wait`.
fn jittered(wait: Duration) -> Duration {
    // Each new hasher has a different random seed.
    let random = RandomState::new().hash_one(0_u8) >> 32;
    #[expect(clippy::cast_precision_loss, reason = "32 bits are exact in an f64")]
    let share = random as f64 / f64::from(u32::MAX);
    let half = wait / 2;
    half.saturating_add(half.mul_f64(share))
}

/// A budget that keeps retries from worsening an outage.
///
/// Each request earns a fraction of a retry, and each retry costs one. Clones share the budget.
///
/// ```
/// use agno::model::layer::{RetryLayer, RetryBudget};
///
/// // At most one retry per five requests, with an initial reserve of ten.
/// let budget = RetryBudget::new(0.2, 10);
/// let retry = RetryLayer::new().with_budget(budget.clone());
/// ```
#[derive(Debug, Clone)]
pub struct RetryBudget(Arc<Budget>);

#[derive(Debug)]
struct Budget {
    /// The remaining retries, in thousandths.
    remaining: AtomicU32,
    refill: u32,
    max: u32,
}

impl RetryBudget {
    /// Creates a budget in which each request earns `share` of a retry (0 to 1). `reserve` is both the initial and the
    /// maximum number of retries.
    pub fn new(share: f64, reserve: u32) -> Self {
        let max = reserve.saturating_mul(1000);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the value is between 0 and 1000"
        )]
        let refill = (share.clamp(0.0, 1.0) * 1000.0) as u32;
        Self(Arc::new(Budget {
            remaining: AtomicU32::new(max),
            refill,
            max,
        }))
    }

    /// Returns the number of retries left.
    pub fn remaining(&self) -> u32 {
        self.0.remaining.load(Ordering::Relaxed) / 1000
    }

    fn refill(&self) {
        let budget = &self.0;
        let add = |remaining: u32| Some(remaining.saturating_add(budget.refill).min(budget.max));
        let _ = budget
            .remaining
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    fn take(&self) -> bool {
        let subtract = |remaining: u32| remaining.checked_sub(1000);
        self.0
            .remaining
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, subtract)
            .is_ok()
    }
}

/// A model with retries, created by [`ModelExt::retry`](super::ModelExt::retry).
#[derive(Clone)]
pub struct Retry<M> {
    inner: M,
    layer: RetryLayer,
}

impl<M> Retry<M> {
    pub(super) fn new(inner: M, layer: RetryLayer) -> Self {
        Self { inner, layer }
    }

    fn refill(&self) {
        if let Some(budget) = &self.layer.budget {
            budget.refill();
        }
    }
}

impl<M: Model> Retry<M> {
    fn report(&self, request: &Request<'_>, retry: u32, delay: Duration, error: &ModelError) {
        request.report(&ModelEvent::Retry {
            model: self.inner.id(),
            retry,
            delay,
            error,
        });
    }
}

layer!(Retry<M>);

impl<M: Model> Model for Retry<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        self.refill();
        let (started, mut retries) = (Instant::now(), 0);
        loop {
            let error = match self.inner.complete(request).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            retries += 1;
            match self.layer.wait(retries, &error, started) {
                Some(delay) => {
                    self.report(&request, retries, delay, &error);
                    tokio::time::sleep(delay).await;
                }
                None => return Err(error),
            }
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            self.refill();
            let (started, mut retries) = (Instant::now(), 0);
            let mut out = BufferedStart::new(out);
            loop {
                let error = {
                    let mut deltas = pin!(self.inner.stream(request));
                    loop {
                        match deltas.next().await {
                            None => return Ok(()),
                            Some(Ok(delta)) => out.send(delta).await,
                            Some(Err(error)) => break error,
                        }
                    }
                };
                retries += 1;
                let repeats = !out.has_forwarded() || self.layer.retries_streams;
                let wait = repeats
                    .then(|| self.layer.wait(retries, &error, started))
                    .flatten();
                let Some(wait) = wait else {
                    out.flush().await;
                    return Err(error);
                };
                self.report(&request, retries, wait, &error);
                tokio::time::sleep(wait).await;
                out.restart().await;
            }
        })
    }
}
