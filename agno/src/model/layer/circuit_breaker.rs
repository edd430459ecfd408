//! Failing at once while a provider is down.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::relay::relay;
use super::{Outcome, layer};
use crate::model::{Delta, Model, ModelError, ModelErrorKind, Reply, Request};

/// When to stop asking a provider that fails, and for how long. Clones share what they have seen.
///
/// After so many failures in a row that are the provider's (overloaded, out of reach, too slow), requests fail at once
/// for a while, as overloaded and with the time left as `retry_after`. Then one request is let through: if it succeeds,
/// all are again; if not, the pause begins anew.
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
    /// Requests go through; so many failed in a row.
    Closed(u32),
    /// None do until then.
    Open(Instant),
    /// One is on its way to find out, since then.
    HalfOpen(Instant),
}

impl CircuitBreakerLayer {
    /// Stops after this many failures in a row (at least 1), for this long.
    pub fn new(failures: u32, pause: Duration) -> Self {
        Self {
            failures: failures.max(1),
            pause,
            state: Arc::new(Mutex::new(State::Closed(0))),
        }
    }

    /// Whether requests fail at once now.
    pub fn is_open(&self) -> bool {
        matches!(*self.lock(), State::Open(until) if until > Instant::now())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a request through, or says how long none is.
    fn admit(&self) -> Result<(), Duration> {
        let now = Instant::now();
        let mut state = self.lock();
        match *state {
            State::Closed(_) => Ok(()),
            State::Open(until) if until > now => Err(until - now),
            // One that never came back does not keep others out for ever.
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
                "{} failed {} times in a row and is not asked for another {remaining:.0?}",
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
