//! Asking again: waits that double, with jitter, or as long as the provider says; bounded by a count, a time and a budget.

use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::layer;
use super::relay::{Unsaid, relay};
use crate::model::{Delta, Model, ModelError, Reply, Request};

/// How often and how patiently a model is asked again.
///
/// By default three times, after about 0.5, 1 and 2 seconds (each wait is drawn between half of that and all of it, so
/// that many clients do not come back at once), for at most two minutes in all. What the provider says (`Retry-After`)
/// is waited for in the place of that; when it is longer than the time that is left, the error is returned at once.
///
/// ```
/// use agno::model::layer::Retry;
/// use std::time::Duration;
///
/// let patient = Retry::new().times(6).first_wait(Duration::from_secs(1)).within(Duration::from_secs(600));
/// ```
#[derive(Debug, Clone)]
pub struct Retry {
    times: u32,
    first_wait: Duration,
    longest_wait: Duration,
    within: Duration,
    repeats_streams: bool,
    budget: Option<RetryBudget>,
}

impl Default for Retry {
    fn default() -> Self {
        Self::new()
    }
}

impl Retry {
    /// Three times within two minutes.
    pub const fn new() -> Self {
        Self {
            times: 3,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            within: Duration::from_secs(120),
            repeats_streams: false,
            budget: None,
        }
    }

    /// At most this often after the first time.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// With about this wait before the second time; each further one is twice as long.
    #[must_use]
    pub const fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// With no wait of ours longer than this. What the provider says may be longer.
    #[must_use]
    pub const fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// With no new attempt later than this after the first.
    #[must_use]
    pub const fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Also asks again when a stream breaks off after some of it was handed on. The stream says [`Delta::Restart`] then,
    /// and what came before it is void.
    #[must_use]
    pub const fn repeating_streams(mut self) -> Self {
        self.repeats_streams = true;
        self
    }

    /// With this budget, which may be shared by several models.
    #[must_use]
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// How long to wait before this retry, from 1, if it may be made at all.
    fn wait(&self, retry: u32, error: &ModelError, started: Instant) -> Option<Duration> {
        if retry > self.times || !error.is_retryable() {
            return None;
        }
        let wait = error.retry_after().unwrap_or_else(|| {
            let doubled = self.first_wait.saturating_mul(2_u32.saturating_pow(retry - 1));
            jittered(doubled.min(self.longest_wait))
        });
        let fits = started.elapsed() + wait <= self.within;
        (fits && self.budget.as_ref().is_none_or(RetryBudget::take)).then_some(wait)
    }
}

/// Between half of a wait and all of it.
fn jittered(wait: Duration) -> Duration {
    // A hasher's seed is random, and differs each time.
    let random = RandomState::new().hash_one(0_u8) >> 32;
    #[expect(clippy::cast_precision_loss, reason = "32 bits are exact in an f64")]
    let share = random as f64 / f64::from(u32::MAX);
    wait.mul_f64(0.5 + share / 2.0)
}

/// Keeps retries from making an outage worse: each request earns a part of a retry, each retry costs one. Clones share
/// it.
///
/// ```
/// use agno::model::layer::{Retry, RetryBudget};
///
/// // At most one retry for five requests, with ten to begin with.
/// let budget = RetryBudget::new(0.2, 10);
/// let retry = Retry::new().budget(budget.clone());
/// ```
#[derive(Debug, Clone)]
pub struct RetryBudget(Arc<Budget>);

#[derive(Debug)]
struct Budget {
    /// In thousandths of a retry.
    left: AtomicU32,
    earned: u32,
    most: u32,
}

impl RetryBudget {
    /// `share` of a retry a request (0 to 1), with `reserve` retries to begin with and at most.
    pub fn new(share: f64, reserve: u32) -> Self {
        let most = reserve.saturating_mul(1000);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 1000"
        )]
        let earned = (share.clamp(0.0, 1.0) * 1000.0) as u32;
        Self(Arc::new(Budget {
            left: AtomicU32::new(most),
            earned,
            most,
        }))
    }

    /// How many retries are left.
    pub fn left(&self) -> u32 {
        self.0.left.load(Ordering::Relaxed) / 1000
    }

    fn earn(&self) {
        let budget = &self.0;
        let more = |left: u32| Some(left.saturating_add(budget.earned).min(budget.most));
        let _ = budget
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    fn take(&self) -> bool {
        let less = |left: u32| left.checked_sub(1000);
        self.0
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }
}

/// A model that is asked again, see [`ModelExt::retry`](super::ModelExt::retry).
#[derive(Clone)]
pub struct Retrying<M> {
    inner: M,
    retry: Retry,
}

impl<M> Retrying<M> {
    pub(super) fn new(inner: M, retry: Retry) -> Self {
        Self { inner, retry }
    }

    fn earn(&self) {
        if let Some(budget) = &self.retry.budget {
            budget.earn();
        }
    }
}

layer!(Retrying<M>);

impl<M: Model> Model for Retrying<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        self.earn();
        let (started, mut retries) = (Instant::now(), 0);
        loop {
            let error = match self.inner.complete(request).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            retries += 1;
            match self.retry.wait(retries, &error, started) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            self.earn();
            let (started, mut retries) = (Instant::now(), 0);
            let mut out = Unsaid::new(out);
            loop {
                let error = {
                    let mut pieces = pin!(self.inner.stream(request));
                    loop {
                        match pieces.next().await {
                            None => return Ok(()),
                            Some(Ok(delta)) => out.send(delta).await,
                            Some(Err(error)) => break error,
                        }
                    }
                };
                retries += 1;
                let repeats = !out.has_said() || self.retry.repeats_streams;
                let wait = repeats
                    .then(|| self.retry.wait(retries, &error, started))
                    .flatten();
                let Some(wait) = wait else {
                    out.flush().await;
                    return Err(error);
                };
                tokio::time::sleep(wait).await;
                out.again().await;
            }
        })
    }
}
