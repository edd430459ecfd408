//! Editing a session: cutting it, removing runs, and building it from parts of other sessions. Runs keep their IDs, so that
//! a run that is resumed later still finds its messages.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Owner, Session};
use crate::id::RunId;
use crate::message::Message;
use crate::message::history::Segment;

/// Editing. Each method keeps the messages of a run together, under the ID of the run.
///
/// ```
/// use agno::session::{Owner, Segment, Session};
/// use agno::{Message, run::RunId};
///
/// let (first, second) = (RunId::new(), RunId::new());
/// let run = |id, text: &str| Segment::new(id, [Message::user(text), Message::assistant("Done.")]);
/// let mut session = Session::from_history(Owner::shared(), [run(first, "one"), run(second, "two")]);
///
/// // Start again at the first question, with the same words.
/// let fork = Session::from_history(session.owner(), &session.segments()[..1]);
/// assert_eq!(fork.segments()[0].run_id(), Some(first));
///
/// // Replace a run with a summary.
/// let removed = session.take_run(first).expect("the session contains the run");
/// assert_eq!(removed.messages().len(), 2);
/// session.push("Summary: the user asked for one.");
/// assert_eq!(session.len(), 3);
/// ```
impl Session {
    /// Creates a session from an owner and an iterator of messages or segments, such as the
    /// [`segments`](Self::segments) of another session. The new session has its own ID.
    ///
    /// `Session` does not implement `FromIterator`, because `collect` cannot pass the owner.
    pub fn from_history<T>(owner: impl Into<Owner>, history: impl IntoIterator<Item = T>) -> Self
    where
        Self: Extend<T>,
    {
        let mut session = Self::new(owner);
        session.extend(history);
        session
    }

    /// Returns the segments, oldest first: one for each run, and others for messages that no run produced.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Keeps the first `len` messages and removes all others. A run that is cut keeps its ID. If the run is resumed
    /// later, it replaces the messages that are left of it.
    ///
    /// ```
    /// use agno::session::{Owner, Session};
    ///
    /// let mut session = Session::from_history(Owner::shared(), ["one", "two", "three"].map(agno::Message::user));
    /// session.truncate(1);
    /// assert_eq!(session.len(), 1);
    /// ```
    pub fn truncate(&mut self, len: usize) {
        let mut left = len;
        let mut at = 0;
        while let Some(segment) = self.segments.get_mut(at).filter(|_| left > 0) {
            let messages = segment.messages.len();
            if messages > left {
                Arc::make_mut(&mut segment.messages).truncate(left);
                self.touch();
            }
            left = left.saturating_sub(messages);
            at += 1;
        }
        if at < self.segments.len() {
            self.segments.truncate(at);
            self.touch();
        }
    }

    /// Removes a run and returns its messages, or `None` if the session does not contain the run.
    pub fn take_run(&mut self, run_id: RunId) -> Option<Segment> {
        let at = self.position(run_id)?;
        self.touch();
        Some(self.segments.remove(at))
    }

    /// Returns the index of the run's segment. Searches the newest segments first.
    pub(super) fn position(&self, run_id: RunId) -> Option<usize> {
        self.segments
            .iter()
            .rposition(|segment| segment.run == Some(run_id))
    }
}

/// Appends messages that do not belong to a run, like [`push`](Session::push).
impl Extend<Message> for Session {
    fn extend<I: IntoIterator<Item = Message>>(&mut self, messages: I) {
        let mut messages = messages.into_iter().peekable();
        if messages.peek().is_some() {
            messages.for_each(|message| self.push_untimed(message));
            self.touch();
        }
    }
}

/// Appends segments. A segment of a run that the session already contains replaces the earlier one, so that a run is
/// never in a session twice. Empty segments are ignored.
impl Extend<Segment> for Session {
    fn extend<I: IntoIterator<Item = Segment>>(&mut self, segments: I) {
        let mut runs: HashSet<RunId> = self.segments.iter().filter_map(Segment::run_id).collect();
        let mut segments = segments
            .into_iter()
            .filter(|segment| !segment.messages.is_empty())
            .peekable();
        if segments.peek().is_none() {
            return;
        }
        for segment in segments {
            if let Some(run) = segment.run
                && !runs.insert(run)
                && let Some(at) = self.position(run)
            {
                self.segments.remove(at);
            }
            self.segments.push(segment);
        }
        self.touch();
    }
}

/// Appends segments without copying their messages.
impl<'a> Extend<&'a Segment> for Session {
    fn extend<I: IntoIterator<Item = &'a Segment>>(&mut self, segments: I) {
        self.extend(segments.into_iter().cloned());
    }
}
