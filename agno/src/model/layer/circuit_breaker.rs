//! A circuit breaker, which fails requests immediately while a provider is down.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::relay::relay;
use super::{Outcome, layer};
use crate::model::{Delta, Model, ModelError, ModelErrorKind, Reply, Request};

/// Configuration of a circuit breaker: the number of failures that open it, and the pause.
///
/// Clones share their state. The breaker counts consecutive failures of the provider (overloaded, unreachable, too slow, or with a reply that was
/// cut off). When they reach the limit, requests fail immediately during the pause, with an error of kind `Overloaded`
/// and the remaining time as `retry_after`. After the pause, one request goes through. If it succeeds, all requests go
/// through again; if it fails, the pause starts anew.
///
/// ```
/// use agno::model::layer::CircuitBreakerLayer;
/// use std::time::Duration;
///
/// let breaker = CircuitBreakerLayer::new(5, Duration::from_secs(30));
/// ```
#[derive(Debug, Clone)]
pub struct CircuitBreakerLayer {
    failures: u32,
    pause: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Requests go through. Holds the number of consecutive failures.
    Closed(u32),
    /// Requests fail until this time.
    Open(Instant),
    /// One trial request is in progress since this time.
    HalfOpen(Instant),
}

impl CircuitBreakerLayer {
    /// Creates a breaker that opens after `failures` consecutive failures (at least 1), for the length of `pause`.
    pub fn new(failures: u32, pause: Duration) -> Self {
        Self {
            failures: failures.max(1),
            pause,
            state: Arc::new(Mutex::new(State::Closed(0))),
        }
    }

    /// Returns `true` if requests currently fail immediately.
    pub fn is_open(&self) -> bool {
        matches!(*self.lock(), State::Open(until) if until > Instant::now())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a request, or returns how long none will be admitted.
    fn admit(&self) -> Result<(), Duration> {
        let now = Instant::now();
        let mut state = self.lock();
        match *state {
            State::Closed(_) => Ok(()),
            State::Open(until) if until > now => Err(until - now),
            // A trial request that was dropped must not block the others forever.
            State::HalfOpen(since) if since + self.pause > now => Err(since + self.pause - now),
            State::Open(_) | State::HalfOpen(_) => {
                *state = State::HalfOpen(now);
                Ok(())
            }
        }
    }

    fn record<T>(&self, outcome: &Outcome<T>) {
        let mut state = self.lock();
        let failed = matches!(
            outcome.as_ref().map_err(ModelError::kind),
            Err(ModelErrorKind::Overloaded
                | ModelErrorKind::Network
                | ModelErrorKind::Timeout
                | ModelErrorKind::Truncated)
        );
        *state = match *state {
            _ if !failed => State::Closed(0),
            State::Closed(before) if before + 1 < self.failures => State::Closed(before + 1),
            _ => State::Open(Instant::now() + self.pause),
        };
    }
}

/// A model behind a circuit breaker, see [`ModelExt::circuit_breaker`](super::ModelExt::circuit_breaker).
#[derive(Clone)]
pub struct CircuitBreaker<M> {
    inner: M,
    layer: CircuitBreakerLayer,
}

impl<M: Model> CircuitBreaker<M> {
    pub(super) fn new(inner: M, layer: CircuitBreakerLayer) -> Self {
        Self { inner, layer }
    }

    fn admit(&self) -> Result<(), ModelError> {
        self.layer.admit().map_err(|remaining| {
            let message = format!(
                "{} failed {} times in a row; requests are blocked for another {remaining:.0?}",
                self.inner.id(),
                self.layer.failures
            );
            ModelError::new(ModelErrorKind::Overloaded, message).with_retry_after(Some(remaining))
        })
    }
}

layer!(CircuitBreaker<M>);

impl<M: Model> Model for CircuitBreaker<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        self.admit()?;
        let outcome = self.inner.complete(request).await;
        self.layer.record(&outcome);
        outcome
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            self.admit()?;
            let mut deltas = pin!(self.inner.stream(request));
            while let Some(delta) = deltas.next().await {
                if delta.is_err() {
                    self.layer.record(&delta);
                }
                out.send(delta?).await;
            }
            self.layer.record(&Ok(()));
            Ok(())
        })
    }
}
