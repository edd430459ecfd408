//! Receivers of a run's events: `run` discards events, and `stream` passes them to the reader of the stream.

use std::future::{Future, ready};
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;

use crate::handoff::{Handoff, IdleTimer};
use crate::model::{Delta, Model, ModelError, Reply, ReplyBuilder, Request};
use crate::run::Event;

/// Receives the events of a run.
pub(super) trait EventSink<T>: Send {
    /// `true` if events are consumed. When `false`, the driver skips building events and does not stream.
    const ENABLED: bool;

    /// The clock that measures the receiver's idle time.
    type Idle: Idle;

    /// Returns the clock that measures the receiver's idle time.
    fn idle_clock(&self) -> Self::Idle;

    /// Passes an event to the receiver and waits until the receiver takes it.
    fn emit(&mut self, event: impl FnOnce() -> Event<T> + Send) -> impl Future<Output = ()> + Send;

    /// Sends a request to the model. Collects the chunks of a streamed answer in `partial` until the answer is
    /// complete.
    fn send_request<'a, M: Model>(
        &'a mut self,
        model: &'a M,
        request: Request<'a>,
        turn: u32,
        partial: &'a mut Option<Box<ReplyBuilder>>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a;
}

/// Measures the time during which the receiver of events did not poll the run. Idle time does not count toward
/// timeouts.
pub(super) trait Idle: Send + Sync {
    /// Starts a timer, which is in use until it is dropped. Idle time is measured only while a timer is in use.
    fn timer(&self) -> Option<IdleTimer<'_>>;

    /// Returns the total idle time so far.
    fn total(&self) -> Duration;
}

impl Idle for () {
    fn timer(&self) -> Option<IdleTimer<'_>> {
        None
    }

    fn total(&self) -> Duration {
        Duration::ZERO
    }
}

impl<T: Send> Idle for Handoff<T> {
    fn timer(&self) -> Option<IdleTimer<'_>> {
        Some(self.timer())
    }

    fn total(&self) -> Duration {
        self.idle()
    }
}

/// Discards all events.
pub(super) struct NoEvents;

impl<T> EventSink<T> for NoEvents {
    const ENABLED: bool = false;

    type Idle = ();

    fn idle_clock(&self) {}

    fn emit(&mut self, _event: impl FnOnce() -> Event<T> + Send) -> impl Future<Output = ()> + Send {
        ready(())
    }

    fn send_request<'a, M: Model>(
        &'a mut self,
        model: &'a M,
        request: Request<'a>,
        _turn: u32,
        _partial: &'a mut Option<Box<ReplyBuilder>>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a {
        model.complete(request)
    }
}

impl<T: Send> EventSink<T> for Handoff<Event<T>> {
    const ENABLED: bool = true;

    type Idle = Self;

    fn idle_clock(&self) -> Self {
        self.clone()
    }

    async fn emit(&mut self, event: impl FnOnce() -> Event<T> + Send) {
        self.send(event()).await;
    }

    fn send_request<'a, M: Model>(
        &'a mut self,
        model: &'a M,
        request: Request<'a>,
        turn: u32,
        partial: &'a mut Option<Box<ReplyBuilder>>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a {
        stream_reply(model, request, turn, partial, self)
    }
}

/// Requests a streamed answer and emits its chunks as they arrive.
async fn stream_reply<T, M: Model, S: EventSink<T>>(
    model: &M,
    request: Request<'_>,
    turn: u32,
    partial: &mut Option<Box<ReplyBuilder>>,
    sink: &mut S,
) -> Result<Reply, ModelError> {
    let partial = partial.get_or_insert_default();
    let mut deltas = pin!(model.stream(request));
    while let Some(chunk) = deltas.next().await {
        let chunk = chunk?;
        partial.push(&chunk);
        match chunk {
            Delta::Text(delta) if !delta.is_empty() => sink.emit(|| Event::Text { delta }).await,
            Delta::Reasoning(delta) if !delta.is_empty() => sink.emit(|| Event::Reasoning { delta }).await,
            Delta::Restart => sink.emit(|| Event::TurnRestarted { turn }).await,
            _ => {}
        }
    }
    std::mem::take(&mut **partial).finish()
}
