//! The future of a run. It keeps the invocation until its first poll, so that other code can start the run in another way,
//! for example to record its events.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::driver::drive;
use super::options::Start;
use super::sink::EventSink;
use super::{Declared, Invocation};
use crate::model::Model;
use crate::run::{Answer, Error, ErrorKind, Result};

/// A run of an agent that has not started. The futures of [`Agent::run`](super::Agent::run) and similar methods implement
/// this trait.
///
/// Only agno implements this trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the run of an agent",
    label = "not the run of an agent"
)]
pub trait Work: Sized {
    /// The type of the answer's output.
    type Output: Send;

    /// Runs the agent and passes its events to `sink`.
    #[doc(hidden)]
    fn with_sink<S: EventSink>(self, sink: S) -> impl Future<Output = Result<Answer<Self::Output>>> + Send;
}

pin_project! {
    /// An invocation until the first poll, and then its run. `start` is the function that creates the run.
    #[project = RunningState]
    #[project_replace = PreviousState]
    pub(super) enum Running<I, F, Fut> {
        Idle { invocation: I, start: F },
        Started { #[pin] run: Fut },
        // The start of the run panicked.
        Failed,
    }
}

impl<I, F, Fut> Running<I, F, Fut>
where
    F: Fn(I) -> Fut,
    Fut: Future,
{
    #[inline]
    pub(super) fn new(invocation: I, start: F) -> Self {
        Self::Idle { invocation, start }
    }
}

impl<I, F, Fut> Future for Running<I, F, Fut>
where
    F: Fn(I) -> Fut,
    Fut: Future,
{
    type Output = Fut::Output;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Fut::Output> {
        if let RunningState::Idle { .. } = self.as_mut().project()
            && let PreviousState::Idle { invocation, start } = self.as_mut().project_replace(Self::Failed)
        {
            self.set(Self::Started {
                run: start(invocation),
            });
        }
        match self.project() {
            RunningState::Started { run } => run.poll(context),
            _ => Poll::Pending,
        }
    }
}

impl<'a, D, M, F, Fut> Work for Running<Invocation<'a, D, M, Start>, F, Fut>
where
    D: Declared,
    M: Model,
    F: Send,
    Fut: Send,
{
    type Output = D::Output;

    async fn with_sink<S: EventSink>(self, sink: S) -> Result<Answer<D::Output>> {
        match self {
            Self::Idle { invocation, .. } => drive(invocation, sink).await,
            _ => Err(Error::new(
                ErrorKind::Configuration,
                "the run has started already; pass it on before it is polled",
            )),
        }
    }
}
