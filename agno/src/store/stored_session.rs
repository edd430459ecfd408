//! A session that a program opened in a store.

use std::collections::HashSet;

use super::{
    Append, Entry, EntryStatus, LeaseToken, Need, Result, SessionGuard, SessionKey, SessionStore, StoreError,
    StoreErrorKind, Version,
};
use crate::message::Message;
use crate::model::Usage;
use crate::run::{Answer, Error, ErrorKind, Run, RunId};
use crate::session::{Segment, Session, Window};

/// A session of a store, opened for one run at a time.
///
/// It holds the session's lock, so that the runs of a session in this process follow each other. Another process can still
/// append to the session in the meantime: [`save`](Self::save) then returns an error that contains the run.
///
/// [`Agent::in_session`](crate::Agent::in_session) opens, runs and saves in one call.
///
/// ```
/// use agno::model::ScriptedModel;
/// use agno::prelude::*;
/// use agno::session::Window;
/// use agno::store::{MemoryStore, SessionKey, StoredSession};
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = MemoryStore::new();
/// let key = SessionKey::new(Owner::new("user-17")?, "s-1")?;
/// let agent = Assistant.with(ScriptedModel::new().reply("Hello."));
///
/// let mut stored = StoredSession::open(&store, &key, Window::messages(40)).await?;
/// let answer = agent.session(stored.session_mut()).run("Hi").await?;
/// stored.save(&store, &answer).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct StoredSession {
    key: SessionKey,
    version: Version,
    session: Session,
    /// The messages that the store contains. Sharing them keeps a push from changing them.
    saved: Vec<Segment>,
    agent: String,
    /// The runs that the store contains, oldest first, each with its state if it stopped.
    runs: Vec<(RunId, Option<Run>)>,
    /// `true` if the newest entry is a run.
    ends_with_run: bool,
    lease: Option<LeaseToken>,
    _guard: SessionGuard,
}

/// The outcome of the last run of a session, for [`StoredSession::save`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Outcome<'a> {
    /// The run returned an answer and used these tokens.
    Finished(Usage),
    /// The run returned an error, which contains the run so far.
    Stopped(&'a Error),
    /// The future of the run was dropped. The tokens that the run used are unknown.
    Dropped,
}

impl<T> From<&Answer<T>> for Outcome<'_> {
    fn from(answer: &Answer<T>) -> Self {
        Self::Finished(answer.usage)
    }
}

impl<'a> From<&'a Error> for Outcome<'a> {
    fn from(error: &'a Error) -> Self {
        Self::Stopped(error)
    }
}

impl StoredSession {
    /// Waits for the session's lock, and opens the session. The window determines how many messages are read.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`SessionStore::open`].
    pub async fn open(store: &impl SessionStore, key: &SessionKey, window: Window) -> Result<Self> {
        let guard = store.locks().lock(key).await;
        let opened = store.open(key, Need::window(window)).await?;
        let mut session = Session::new(key.owner());
        if let Some(summary) = &opened.summary {
            session.push(Message::user(format!(
                "Summary of the earlier conversation:\n{}",
                summary.text
            )));
        }
        let mut runs = Vec::new();
        let mut segments = Vec::with_capacity(opened.entries.len());
        for stored in &opened.entries {
            let (segment, run) = stored.entry.decode().map_err(|error| match error.kind() {
                StoreErrorKind::Invalid => StoreError::damaged(key.id(), stored.version).with_source(error),
                _ => error,
            })?;
            runs.extend(segment.run_id().map(|id| (id, run)));
            segments.push(segment);
        }
        session.extend(segments);
        Ok(Self {
            key: key.clone(),
            version: opened.version,
            saved: session.segments().to_vec(),
            agent: String::new(),
            session: session.with_window(window),
            runs,
            ends_with_run: opened
                .entries
                .last()
                .is_some_and(|stored| stored.entry.run.is_some()),
            lease: None,
            _guard: guard,
        })
    }

    /// Sets the name of the agent, which the entries of its runs contain.
    #[must_use]
    pub fn with_agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = agent.into();
        self
    }

    /// Sets the token of the session's lease, which the program holds.
    #[must_use]
    pub const fn with_lease(mut self, lease: LeaseToken) -> Self {
        self.lease = Some(lease);
        self
    }

    /// Returns the version of the session in the store.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the session. It contains only the messages that its window needs.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the session for the next run.
    pub const fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Takes the last run if it stopped and can be resumed: a run that is waiting for a decision, was cancelled, or failed.
    pub fn take_stopped_run(&mut self) -> Option<Run> {
        let (_, newest) = self.runs.last_mut().filter(|_| self.ends_with_run)?;
        newest.take()
    }

    /// Checks that a run is not an outdated copy: that it was not resumed since the copy was made. Resuming an outdated copy
    /// would repeat calls. A run that the window does not contain is not checked.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Conflict`](StoreErrorKind::Conflict).
    pub fn check_resumable(&self, run: &Run) -> Result<()> {
        let stored = self.runs.iter().rev().find(|(id, _)| *id == run.id());
        let is_outdated = match stored {
            None => false,
            Some((_, None)) => true,
            Some((_, Some(stored))) => stored.turns() != run.turns() || has_more_results(stored, run),
        };
        if is_outdated {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                "the run was resumed in the meantime; open the session again, and decide about the run that it contains",
            ));
        }
        Ok(())
    }

    /// Appends the messages that were added to the session since it was opened or saved: an entry for each run, and others
    /// for messages that no run produced. `outcome` is the outcome of the last run: an [`Answer`], an [`Error`], or
    /// [`Outcome::Dropped`]. Messages that were removed from the session stay in the store.
    ///
    /// # Errors
    ///
    /// Returns an error that contains the first [entry](StoreError::entry) that was not appended.
    pub async fn save<'a>(
        &mut self,
        store: &impl SessionStore,
        outcome: impl Into<Outcome<'a>>,
    ) -> Result<()> {
        let outcome = outcome.into();
        for (segment, is_last) in self.unsaved() {
            let outcome = outcome.of(&segment).filter(|_| is_last);
            let mut entry = Entry::encode(&segment, outcome.and_then(Outcome::stopped))?;
            if segment.run_id().is_some() {
                entry.agent.clone_from(&self.agent);
            }
            if let Some(outcome) = outcome {
                (entry.status, entry.usage) = ending(outcome);
            }
            let append = Append::at(self.version);
            let append = match self.lease {
                Some(lease) => append.with_lease(lease),
                None => append,
            };
            self.version = store.append(&self.key, append, entry).await?;
            self.saved.push(segment);
        }
        Ok(())
    }

    /// Returns the segments that the store does not contain, and `true` for the segment of the last run.
    fn unsaved(&self) -> Vec<(Segment, bool)> {
        let saved: HashSet<usize> = self.saved.iter().map(Segment::address).collect();
        let segments = self.session.segments();
        let last = segments.iter().rposition(|segment| segment.run_id().is_some());
        segments
            .iter()
            .enumerate()
            .filter(|(_, segment)| !saved.contains(&segment.address()))
            .map(|(at, segment)| (segment.clone(), Some(at) == last))
            .collect()
    }
}

impl<'a> Outcome<'a> {
    /// Returns the outcome if it can be that of the segment's run.
    fn of(self, segment: &Segment) -> Option<Self> {
        match self {
            Self::Stopped(error) => error
                .run()
                .is_some_and(|run| Some(run.id()) == segment.run_id())
                .then_some(self),
            Self::Finished(_) | Self::Dropped => segment.run_id().map(|_| self),
        }
    }

    /// Returns the run if it stopped.
    fn stopped(self) -> Option<&'a Run> {
        match self {
            Self::Stopped(error) => error.run(),
            Self::Finished(_) | Self::Dropped => None,
        }
    }
}

/// Returns `true` if a call has a result in one copy of a run, and none in the other.
fn has_more_results(run: &Run, other: &Run) -> bool {
    let calls = |run: &'_ Run| {
        let calls = run.messages().iter().flat_map(Message::calls);
        calls.map(|call| call.result.is_some()).collect::<Vec<_>>()
    };
    calls(run)
        .into_iter()
        .zip(calls(other))
        .any(|(has, other_has)| has && !other_has)
}

/// Returns the status and the usage of a run.
fn ending(outcome: Outcome<'_>) -> (EntryStatus, Usage) {
    match outcome {
        Outcome::Finished(usage) => (EntryStatus::Finished, usage),
        Outcome::Dropped => (EntryStatus::Cancelled, Usage::default()),
        Outcome::Stopped(error) => {
            let status = match error.kind() {
                ErrorKind::Paused => EntryStatus::Paused,
                ErrorKind::Cancelled => EntryStatus::Cancelled,
                _ => EntryStatus::Failed,
            };
            (status, error.run().map(Run::usage).unwrap_or_default())
        }
    }
}
