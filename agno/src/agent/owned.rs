//! Runs that own their agent, session and settings, for tasks and for responses that outlive a function.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::driver::drive;
use super::invocation::Invocation;
use super::options::{OwnedOptions, Start, limit_methods};
use super::sink::{EventSink, NoEvents};
use super::stream::Ended;
use super::{Agent, Declared, ErasedAgent, RunStream};
use crate::message::Message;
use crate::model::{Model, Settings};
use crate::run::{Limits, Run};
use crate::session::Session;

/// An agent whose runs can own it: an [`Agent`], an `Arc` of one, or an [`ErasedAgent`].
///
/// `'a` is the lifetime of what the agent borrows. If it borrows nothing, the streams are `'static`, so a function can
/// return them and a task can own them. In a web service, create the agent for each request and return its stream; when
/// the client disconnects, the stream is dropped, which cancels the run.
///
/// ```
/// use agno::agent::{IntoRun, RunStream};
/// use agno::model::ScriptedModel;
/// use agno::prelude::*;
///
/// /// Greets people.
/// #[agent(instructions = "Greet in {language}.")]
/// struct Greeter { language: String }
///
/// fn greet(language: &str) -> RunStream<'static> {
///     let model = ScriptedModel::new().reply("Bonjour !");
///     Greeter { language: language.to_owned() }.with(model).into_stream("Greet Ada.")
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let task = tokio::spawn(greet("French").answer());
/// assert_eq!(task.await.expect("the task does not panic")?.text(), "Bonjour !");
/// # Ok(())
/// # }
/// ```
pub trait IntoRun<'a>: Sized + Send + 'a {
    /// The type of the answer's output.
    type Output: Send + 'a;

    /// Prepares a run that owns the agent.
    fn into_run(self, input: impl Into<Message>) -> OwnedInvocation<Self> {
        OwnedInvocation::new(self, Start::Input(input.into()))
    }

    /// Prepares a run that owns the agent and continues a run that stopped or paused.
    fn into_resume(self, run: Run) -> OwnedInvocation<Self> {
        OwnedInvocation::new(self, Start::Run(Box::new(run)))
    }

    /// Runs the agent with an input message and streams the events.
    fn into_stream(self, input: impl Into<Message>) -> RunStream<'a, Self::Output> {
        self.into_run(input).stream()
    }

    #[doc(hidden)]
    fn stream_owned(invocation: OwnedInvocation<Self>) -> RunStream<'a, Self::Output>;

    #[doc(hidden)]
    fn run_owned(invocation: OwnedInvocation<Self>) -> BoxFuture<'a, Ended<Self::Output>>;
}

/// The input and the options of a run that owns its agent.
///
/// ```
/// use agno::agent::{Ended, IntoRun};
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
/// let run = agent.into_run("Hi").session(Session::new(Owner::shared())).max_turns(3).run();
/// let Ended { result, session, .. } = tokio::spawn(run).await.expect("the task does not panic");
/// assert_eq!(result?.text(), "Hello.");
/// assert_eq!(session.map(|session| session.len()), Some(2));
/// # Ok(())
/// # }
/// ```
#[must_use = "an invocation does nothing until it is run or streamed"]
pub struct OwnedInvocation<A> {
    pub(super) agent: A,
    pub(super) options: OwnedOptions,
    pub(super) start: Start,
}

impl<A> OwnedInvocation<A> {
    fn new(agent: A, start: Start) -> Self {
        Self {
            agent,
            options: OwnedOptions::default(),
            start,
        }
    }

    /// Sets the session. It is returned when the run ends, with the run's messages: by [`run`](Self::run), in the last
    /// event of a stream, or by [`RunStream::take_session`] after an error. If the run is dropped, the session is lost.
    pub fn session(mut self, session: Session) -> Self {
        self.options.session = Some(session);
        self
    }

    /// Sets the token that cancels the run.
    pub fn cancellation(mut self, token: CancellationToken) -> Self {
        self.options.cancellation = Some(token);
        self
    }

    /// Sets the model settings.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.options.settings = Some(Box::new(settings));
        self
    }

    limit_methods!();

    /// Runs the agent. The future owns everything, so a task can own the future.
    pub fn run<'a>(self) -> BoxFuture<'a, Ended<A::Output>>
    where
        A: IntoRun<'a>,
    {
        A::run_owned(self)
    }

    /// Runs the agent and streams the events.
    pub fn stream<'a>(self) -> RunStream<'a, A::Output>
    where
        A: IntoRun<'a>,
    {
        A::stream_owned(self)
    }
}

/// Drives a run with an agent that `A` owns or shares.
async fn drive_owned<D: Declared, M: Model, A: Borrow<Agent<D, M>>, S: EventSink>(
    invocation: OwnedInvocation<A>,
    sink: S,
) -> Ended<D::Output> {
    let OwnedInvocation {
        agent,
        mut options,
        start,
    } = invocation;
    let invocation = Invocation::with_options(agent.borrow(), options.lend()).with_start(start);
    let result = drive(invocation, sink).await;
    Ended {
        result,
        session: options.session,
    }
}

/// Implements [`IntoRun`] for the ways to own an agent.
macro_rules! into_run {
    ($($owner:ty),+) => {$(
        impl<'a, D: Declared + 'a, M: Model + 'a> IntoRun<'a> for $owner {
            type Output = D::Output;

            fn stream_owned(invocation: OwnedInvocation<Self>) -> RunStream<'a, D::Output> {
                RunStream::new(D::INFO.name, |sink| drive_owned::<D, M, _, _>(invocation, sink))
            }

            fn run_owned(invocation: OwnedInvocation<Self>) -> BoxFuture<'a, Ended<D::Output>> {
                Box::pin(drive_owned::<D, M, _, _>(invocation, NoEvents))
            }
        }
    )+};
}

into_run!(Agent<D, M>, Arc<Agent<D, M>>);

impl<'a> IntoRun<'a> for ErasedAgent<'a> {
    type Output = serde_json::Value;

    fn stream_owned(invocation: OwnedInvocation<Self>) -> RunStream<'a, serde_json::Value> {
        let OwnedInvocation {
            agent,
            options,
            start,
        } = invocation;
        agent.stream_owned(options, start)
    }

    fn run_owned(invocation: OwnedInvocation<Self>) -> BoxFuture<'a, Ended<serde_json::Value>> {
        let OwnedInvocation {
            agent,
            options,
            start,
        } = invocation;
        agent.run_owned(options, start)
    }
}

impl<A> fmt::Debug for OwnedInvocation<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedInvocation")
            .field("limits", &self.options.limits.all)
            .field("max_turns", &self.options.limits.max_turns)
            .finish_non_exhaustive()
    }
}
