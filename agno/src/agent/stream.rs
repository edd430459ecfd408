//! Streamed runs, which advance only while the stream of events is polled.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use tokio::time::Instant;

use crate::handoff::Handoff;
use crate::run::{Answer, Error, ErrorKind, Event, Result};

/// A stream of a run's events as they occur.
///
/// The run advances only while the stream is polled. A slow consumer slows the run down, and dropping the stream
/// cancels the run. The time that the consumer spends on an event does not count toward the timeouts of tools.
///
/// ```
/// use agno::prelude::*;
/// use agno::model::ScriptedModel;
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let agent = Assistant.with(ScriptedModel::new().reply("Hello there."));
/// let mut events = agent.stream("Hi");
/// let mut text = String::new();
/// while let Some(event) = events.next().await {
///     if let Event::Text { delta, .. } = event? {
///         text.push_str(&delta);
///     }
/// }
/// assert_eq!(text, "Hello there.");
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct RunStream<'a, T = ()> {
    driver: Option<DriverFuture<'a, T>>,
    handoff: Handoff<Event<T>>,
    outcome: Option<Box<Result<Answer<T>>>>,
    /// The time at which the last event was returned, until the next poll, if a call's timeout needs it.
    returned_at: Option<Instant>,
}

/// The future that runs the driver's loop.
type DriverFuture<'a, T> = Pin<Box<dyn Future<Output = Result<Answer<T>>> + Send + 'a>>;

impl<'a, T: Send + 'a> RunStream<'a, T> {
    pub(super) fn new<F, Fut>(driver: F) -> Self
    where
        F: FnOnce(Handoff<Event<T>>) -> Fut,
        Fut: Future<Output = Result<Answer<T>>> + Send + 'a,
    {
        let handoff = Handoff::new();
        let driver = Box::pin(driver(handoff.clone()));
        Self {
            driver: Some(driver),
            handoff,
            outcome: None,
            returned_at: None,
        }
    }

    /// Returns the next event, or `None` after the last one. The last item of a failed run is its error.
    pub async fn next(&mut self) -> Option<Result<Event<T>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the answer and discards the remaining events.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(ScriptedModel::new().reply("Hello."));
    /// let mut events = agent.stream("Hi");
    /// assert!(matches!(events.next().await, Some(Ok(Event::Started { .. }))));
    /// assert_eq!(events.answer().await?.text(), "Hello.");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Agent::run`](crate::Agent::run), and an error of kind
    /// [`ErrorKind::Configuration`] when the stream has already ended.
    pub async fn answer(mut self) -> Result<Answer<T>> {
        while let Some(event) = self.next().await {
            if let Event::Finished { answer } = event? {
                return Ok(*answer);
            }
        }
        Err(Error::new(
            ErrorKind::Configuration,
            "the stream has ended; its answer or error was its last event",
        ))
    }
}

impl<'a, T: Send + 'a> Stream for RunStream<'a, T> {
    type Item = Result<Event<T>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(returned_at) = this.returned_at.take() {
            this.handoff.add_idle(returned_at.elapsed());
        }
        this.handoff.set_reader(context.waker());
        if let Some(driver) = &mut this.driver
            && let Poll::Ready(outcome) = driver.as_mut().poll(context)
        {
            this.driver = None;
            this.outcome = Some(Box::new(outcome));
        }
        // A cancelled driver can finish before the stream takes the driver's last event.
        if let Some(event) = this.handoff.take() {
            this.returned_at = this.handoff.is_timed().then(Instant::now);
            return Poll::Ready(Some(Ok(event)));
        }
        if let Some(outcome) = this.outcome.take().map(|outcome| *outcome) {
            return Poll::Ready(Some(outcome.map(|answer| Event::Finished {
                answer: Box::new(answer),
            })));
        }
        if this.driver.is_some() {
            Poll::Pending
        } else {
            Poll::Ready(None)
        }
    }
}

impl<T> fmt::Debug for RunStream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunStream")
            .field("ended", &self.driver.is_none())
            .finish_non_exhaustive()
    }
}
