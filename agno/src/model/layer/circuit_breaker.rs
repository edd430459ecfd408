//! A circuit breaker, which fails requests immediately while a provider is down.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::drop_reason::is_timeout;
use super::layer;
use super::relay::relay;
use crate::model::{Delta, Model, ModelError, ModelErrorKind, Reply, Request};

/// Configuration of a circuit breaker: the number of consecutive failures that open it, and the length of the pause.
///
/// Clones share their state. A request counts as a failure when the provider is overloaded, unreachable or too slow, or
/// when its reply is truncated or malformed. After the configured number of consecutive failures, requests fail
/// immediately during the pause, with an error of kind `Overloaded` and the remaining time as `retry_after`. After the
/// pause, one request goes through, and the others fail until it ends. If it succeeds, all requests go through again;
/// if it fails, the pause starts again. A pause of [`Duration::MAX`] never ends.
///
/// A request that exceeds a [`TimeoutLayer`](super::TimeoutLayer) around the breaker counts as a failure. A request that
/// its caller cancels does not count.
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
    /// Requests go through. Contains the number of consecutive failures.
    Closed(u32),
    /// Requests fail until this time, or forever.
    Open(Option<Instant>),
    /// One trial request has been in progress since this time.
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

    /// Returns `true` during the pause, in which all requests fail immediately.
    pub fn is_open(&self) -> bool {
        matches!(*self.lock(), State::Open(until) if until.is_none_or(|until| until > Instant::now()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a request. If requests are blocked, the error is the time at which the block ends, or `None` if it never
    /// ends.
    fn admit(&self) -> Result<Admitted<'_>, Option<Instant>> {
        let now = Instant::now();
        let mut state = self.lock();
        // A trial request whose caller never polls it again must not block the others forever.
        let blocked_until = match *state {
            State::Closed(_) => Some(now),
            State::Open(until) => until,
            State::HalfOpen(since) => since.checked_add(self.pause),
        };
        if blocked_until.is_none_or(|until| until > now) {
            return Err(blocked_until);
        }
        let is_trial = !matches!(*state, State::Closed(_));
        if is_trial {
            *state = State::HalfOpen(now);
        }
        Ok(Admitted {
            layer: self,
            is_trial,
            is_recorded: false,
        })
    }
}

/// An admitted request, whose outcome must be recorded.
struct Admitted<'a> {
    layer: &'a CircuitBreakerLayer,
    is_trial: bool,
    is_recorded: bool,
}

impl Admitted<'_> {
    fn record(&mut self, outcome: Result<(), &ModelError>) {
        match outcome.map_err(ModelError::kind) {
            Ok(()) => self.succeeded(),
            Err(
                ModelErrorKind::Overloaded
                | ModelErrorKind::Network
                | ModelErrorKind::Timeout
                | ModelErrorKind::Truncated
                | ModelErrorKind::MalformedReply,
            ) => self.failed(),
            // The request was not sent, so its outcome does not reflect the state of the provider.
            Err(ModelErrorKind::Configuration | ModelErrorKind::Unsupported | ModelErrorKind::Script) => {
                self.ended_without_outcome();
            }
            Err(_) => self.succeeded(),
        }
    }

    fn succeeded(&mut self) {
        self.is_recorded = true;
        *self.layer.lock() = State::Closed(0);
    }

    fn failed(&mut self) {
        self.is_recorded = true;
        let mut state = self.layer.lock();
        *state = match *state {
            State::Closed(before) if before.saturating_add(1) < self.layer.failures => {
                State::Closed(before + 1)
            }
            _ => State::Open(Instant::now().checked_add(self.layer.pause)),
        };
    }

    /// Allows another request to be the trial.
    fn ended_without_outcome(&mut self) {
        self.is_recorded = true;
        let mut state = self.layer.lock();
        if self.is_trial && matches!(*state, State::HalfOpen(_)) {
            *state = State::Open(Some(Instant::now()));
        }
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        match self.is_recorded {
            true => {}
            false if is_timeout() => self.failed(),
            false => self.ended_without_outcome(),
        }
    }
}

/// A model behind a circuit breaker, created by [`ModelExt::circuit_breaker`](super::ModelExt::circuit_breaker).
#[derive(Clone)]
pub struct CircuitBreaker<M> {
    inner: M,
    layer: CircuitBreakerLayer,
}

impl<M: Model> CircuitBreaker<M> {
    pub(super) fn new(inner: M, layer: CircuitBreakerLayer) -> Self {
        Self { inner, layer }
    }

    fn admit(&self) -> Result<Admitted<'_>, ModelError> {
        self.layer.admit().map_err(|until| {
            let remaining = until.map(|until| until - Instant::now());
            let time = match remaining {
                Some(remaining) => format!("for another {remaining:.0?}"),
                None => "until the program restarts".to_owned(),
            };
            let message = format!(
                "{} failed {} times in a row; requests are blocked {time}",
                self.inner.id(),
                self.layer.failures
            );
            ModelError::new(ModelErrorKind::Overloaded, message).with_retry_after(remaining)
        })
    }
}

layer!(CircuitBreaker<M>);

impl<M: Model> Model for CircuitBreaker<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let mut admitted = self.admit()?;
        let outcome = self.inner.complete(request).await;
        admitted.record(outcome.as_ref().map(|_| ()));
        outcome
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let mut admitted = self.admit()?;
            let mut deltas = pin!(self.inner.stream(request));
            while let Some(delta) = deltas.next().await {
                match &delta {
                    Ok(Delta::Finish(_)) => admitted.succeeded(),
                    Err(error) if !admitted.is_recorded => admitted.record(Err(error)),
                    _ => {}
                }
                out.send(delta?).await;
            }
            if !admitted.is_recorded {
                admitted.record(Err(&ModelError::truncated()));
            }
            Ok(())
        })
    }
}
