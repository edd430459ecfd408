//! Streamed runs, which advance only while the stream of events is polled.

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use tokio::time::Instant;

use super::sink::Item;
use crate::handoff::Handoff;
use crate::run::{Answer, CallPath, Envelope, Error, ErrorKind, Event, Result};
use crate::session::Session;

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
///     if let Event::Text { delta, .. } = event?.event {
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
    handoff: Handoff<Item>,
    /// The name of the agent, for the last event.
    agent: &'static str,
    ended: Option<Box<Ended<T>>>,
    /// The session of an owned run that failed.
    session: Option<Session>,
    /// The time at which the last event was returned, until the next poll, if a call's timeout needs it.
    returned_at: Option<Instant>,
}

/// The future that runs the driver's loop.
type DriverFuture<'a, T> = Pin<Box<dyn Future<Output = Ended<T>> + Send + 'a>>;

/// The result of a run that owned its session, with the session.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended<T = ()> {
    /// The answer, or the error with the run so far.
    pub result: Result<Answer<T>>,
    /// The session, if the run owned one.
    pub session: Option<Session>,
}

impl<T> Ended<T> {
    #[inline]
    pub(super) fn without_session(result: Result<Answer<T>>) -> Self {
        Self {
            result,
            session: None,
        }
    }
}

impl<'a, T: Send + 'a> RunStream<'a, T> {
    pub(super) fn new<F, Fut>(agent: &'static str, driver: F) -> Self
    where
        F: FnOnce(Handoff<Item>) -> Fut,
        Fut: Future<Output = Ended<T>> + Send + 'a,
    {
        let handoff = Handoff::new();
        let driver = Box::pin(driver(handoff.clone()));
        Self {
            driver: Some(driver),
            handoff,
            agent,
            ended: None,
            session: None,
            returned_at: None,
        }
    }

    /// Returns the next event, or `None` after the last one. The last item of a failed run is its error.
    pub async fn next(&mut self) -> Option<Result<Envelope<T>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Takes the session of an [owned run](crate::agent::IntoRun) that ended with an error. After success, the session is
    /// in the last event.
    pub fn take_session(&mut self) -> Option<Session> {
        self.session.take()
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
    /// assert!(matches!(events.next().await, Some(Ok(item)) if item.event == Event::Started));
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
            if let Event::Finished { answer, .. } = event?.event {
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
    type Item = Result<Envelope<T>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(returned_at) = this.returned_at.take() {
            this.handoff.add_idle(returned_at.elapsed());
        }
        this.handoff.set_reader(context.waker());
        if let Some(driver) = &mut this.driver
            && let Poll::Ready(ended) = driver.as_mut().poll(context)
        {
            this.driver = None;
            this.ended = Some(Box::new(ended));
        }
        // A cancelled driver can finish before the stream takes the driver's last event.
        if let Some(item) = this.handoff.take() {
            this.returned_at = this.handoff.is_timed().then(Instant::now);
            return Poll::Ready(Some(Ok(item.into_output())));
        }
        if let Some(ended) = this.ended.take() {
            let Ended { result, session } = *ended;
            return Poll::Ready(Some(match result {
                Ok(answer) => Ok(Envelope {
                    run_id: answer.run_id,
                    agent: Cow::Borrowed(this.agent),
                    path: CallPath::ROOT,
                    event: Event::Finished {
                        answer: Box::new(answer),
                        session: session.map(Box::new),
                    },
                }),
                Err(error) => {
                    this.session = session;
                    Err(error)
                }
            }));
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
