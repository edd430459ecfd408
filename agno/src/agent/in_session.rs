//! Runs in a session of a store: open, run and save in one call.

use std::fmt;

use tokio_util::sync::CancellationToken;

use super::driver::drive;
use super::invocation::Invocation;
use super::options::{ChangedLimits, Options, Start};
use super::sink::{EventSink, NoEvents};
use super::stream::Ended;
use super::{Agent, Declared, RunStream};
use crate::message::Message;
use crate::model::{Model, Settings};
use crate::run::{Answer, Error, ErrorKind, Limits, Result, Run};
use crate::session::{Owner, Window};
use crate::store::{Ending, LeaseToken, SessionKey, SessionStore, StoreError, StoredSession};

/// A session of a store, in which an agent runs; see [`Agent::in_session`].
#[must_use = "nothing happens until the agent runs"]
pub struct InSession<'a, D, M, S> {
    agent: &'a Agent<D, M>,
    store: &'a S,
    key: Result<SessionKey, StoreError>,
    window: Window,
    lease: Option<LeaseToken>,
    cancellation: Option<&'a CancellationToken>,
    settings: Option<&'a Settings>,
    limits: ChangedLimits,
}

impl<D: Declared, M: Model> Agent<D, M> {
    /// Prepares a run in the session with this owner and ID in a store. The session need not exist.
    ///
    /// The run waits for the earlier runs of the session in this process, reads the messages that the window needs, and
    /// appends its own messages when it ends, with its usage and its status, whether it succeeded, failed, paused or was
    /// cancelled. If another process appended a run in the meantime, nothing is appended, and the error contains the run.
    ///
    /// **Do not drop the future** of the run to stop it, because nothing can be saved then: pass a token to
    /// [`cancellation`](InSession::cancellation). A service whose requests can be dropped runs the agent in a task.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    /// use agno::store::MemoryStore;
    ///
    /// /// Talks to people.
    /// #[agent]
    /// struct Companion;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = MemoryStore::new();
    /// let user = Owner::new("user-17")?; // from the authenticated request
    /// let agent = Companion.with(ScriptedModel::new().reply("Hello, Ada.").reply("You are Ada."));
    /// agent.in_session(&store, &user, "s-1").run("I am Ada.").await?;
    /// let answer = agent.in_session(&store, &user, "s-1").run("Who am I?").await?;
    /// assert_eq!(answer.text(), "You are Ada.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_session<'a, S: SessionStore>(
        &'a self,
        store: &'a S,
        owner: &Owner,
        id: impl AsRef<str>,
    ) -> InSession<'a, D, M, S> {
        InSession {
            agent: self,
            store,
            key: SessionKey::new(owner, id),
            window: Window::ALL,
            lease: None,
            cancellation: None,
            settings: None,
            limits: ChangedLimits::default(),
        }
    }
}

impl<'a, D: Declared, M: Model, S: SessionStore> InSession<'a, D, M, S> {
    /// Sets the window, which limits the messages that are read and sent to the model. By default, they are all read and sent,
    /// so set a window for sessions that grow.
    pub const fn window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Sets the token of the session's lease, which the program holds.
    pub const fn lease(mut self, lease: LeaseToken) -> Self {
        self.lease = Some(lease);
        self
    }

    /// Sets the token that cancels the run.
    pub const fn cancellation(mut self, token: &'a CancellationToken) -> Self {
        self.cancellation = Some(token);
        self
    }

    /// Sets the model settings.
    pub const fn settings(mut self, settings: &'a Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Sets the limits, which replace the limits of the agent or of the resumed run.
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits.all = Some(limits);
        self
    }

    /// Sets the maximum number of requests; 0 is treated as 1.
    pub const fn max_turns(mut self, max_turns: u32) -> Self {
        self.limits.max_turns = Some(max_turns);
        self
    }

    /// Runs the agent with an input message.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Agent::run`], and an error of kind [`ErrorKind::Store`] if the session could not be
    /// opened, or the run could not be stored. Its source is then a [`StoreError`] with the entry of the run.
    pub async fn run(self, input: impl Into<Message>) -> Result<Answer<D::Output>> {
        self.drive(Start::Input(input.into()), NoEvents).await
    }

    /// Runs the agent with an input message and streams the events. The last event comes after the run was stored.
    pub fn stream(self, input: impl Into<Message>) -> RunStream<'a, D::Output> {
        self.stream_from(Start::Input(input.into()))
    }

    /// Returns the last run of the session if it stopped and can be resumed: one that waits for a decision, was cancelled or
    /// failed. Decide about its calls, and pass it to [`resume`](Self::resume).
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    /// use agno::store::MemoryStore;
    ///
    /// /// Pays a bill.
    /// #[tool(approval)]
    /// fn pay(/// Amount in euros.
    ///     amount: u32) -> String { format!("Paid {amount} euros.") }
    ///
    /// /// Pays bills.
    /// #[agent(tools = [pay])]
    /// struct Clerk;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = MemoryStore::new();
    /// let user = Owner::new("user-17")?;
    /// let clerk = Clerk.with(ScriptedModel::new().call("pay", r#"{"amount":5}"#));
    /// assert!(clerk.in_session(&store, &user, "s-1").run("Pay the bill.").await.is_err());
    ///
    /// // Later, perhaps in another process:
    /// let clerk = Clerk.with(ScriptedModel::new().reply("The bill is paid."));
    /// let mut run = clerk.in_session(&store, &user, "s-1").stopped_run().await?.expect("the run waits");
    /// let path = run.waiting().next().expect("a call waits").path.clone();
    /// run.approve(&path)?;
    /// let answer = clerk.in_session(&store, &user, "s-1").resume(run).await?;
    /// assert_eq!(answer.text(), "The bill is paid.");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::Store`] if the session cannot be opened.
    pub async fn stopped_run(self) -> Result<Option<Run>> {
        // The newest run has at least one message.
        let mut stored = StoredSession::open(self.store, &self.key?, Window::messages(0)).await?;
        Ok(stored.take_stopped_run())
    }

    /// Resumes a run of the session that stopped or paused.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run), and an error of kind [`ErrorKind::Store`] that contains the run if it
    /// was resumed already, because resuming it twice would repeat its calls.
    pub async fn resume(self, run: Run) -> Result<Answer<D::Output>> {
        self.drive(Start::Run(Box::new(run)), NoEvents).await
    }

    /// Resumes a run of the session that stopped or paused, and streams the events.
    pub fn resume_stream(self, run: Run) -> RunStream<'a, D::Output> {
        self.stream_from(Start::Run(Box::new(run)))
    }

    /// Opens the session, drives the run, and saves it.
    async fn drive<E: EventSink>(self, start: Start, sink: E) -> Result<Answer<D::Output>> {
        let mut stored = StoredSession::open(self.store, &self.key?, self.window)
            .await?
            .with_agent(D::INFO.name);
        if let Some(lease) = self.lease {
            stored = stored.with_lease(lease);
        }
        if let Start::Run(run) = &start
            && let Err(outdated) = stored.check_resumable(run)
        {
            return Err(Error::from(outdated).with_run((**run).clone()));
        }
        let options = Options {
            session: Some(stored.session_mut()),
            cancellation: self.cancellation,
            settings: self.settings,
            limits: self.limits,
            ..Options::NONE
        };
        let invocation = Invocation::with_options(self.agent, options).with_start(start);
        match drive(invocation, sink).await {
            Ok(answer) => {
                // The answer itself is not `Sync`.
                let ending = Ending::from(&answer);
                stored.save(self.store, ending).await?;
                Ok(answer)
            }
            Err(error) => match stored.save(self.store, &error).await {
                Ok(()) => Err(error),
                Err(not_stored) => Err(neither(error, not_stored)),
            },
        }
    }

    fn stream_from(self, start: Start) -> RunStream<'a, D::Output> {
        RunStream::new(D::INFO.name, |events| async move {
            Ended::without_session(self.drive(start, events).await)
        })
    }
}

/// Returns the error for a run that failed and could not be stored.
#[cold]
fn neither(error: Error, not_stored: StoreError) -> Error {
    let message = format!("{error}; the run could not be stored: {not_stored}");
    let failed = Error::new(ErrorKind::Store, message).with_source(not_stored);
    match error.into_run() {
        Some(run) => failed.with_run(run),
        None => failed,
    }
}

impl<D, M, S> fmt::Debug for InSession<'_, D, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InSession")
            .field("key", &self.key)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
