//! Conversations, which store the messages of earlier runs and select those that the next run sends to the model.
//!
//! The [Sessions](crate::guide::sessions) chapter introduces sessions.

mod edit;
mod format;
mod owner;
mod window;

#[doc(inline)]
pub use crate::id::{ParseIdError, SessionId};
#[doc(inline)]
pub use crate::message::history::Segment;
pub use owner::{InvalidOwnerError, Owner};
pub use window::Window;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use crate::id::{RunId, unix_millis};
use crate::message::{History, Message, MessageList};
use crate::version::Version;

use format::{SavedSession, SessionFormat};
pub(crate) use window::{WindowStart, estimated_tokens};

/// Maximum number of pushed messages per segment. Small, because a window skips the hidden messages in its first segment,
/// but large enough that `push` rarely allocates.
const MAX_SEGMENT_MESSAGES: usize = 32;

/// A conversation across runs.
///
/// Appending a run takes constant time, and requests borrow the session's messages, so neither starting nor appending
/// a run copies messages. A session serves one run at a time, which the borrow checker enforces.
///
/// ```
/// use agno::session::{Owner, Session, Window};
/// use agno::Message;
///
/// let mut session = Session::new(Owner::new("user-17")?).with_window(Window::messages(40));
/// session.push(Message::user("My name is Ada."));
/// session.push(Message::assistant("Hello, Ada."));
/// assert_eq!(session.messages().count(), 2);
/// # Ok::<(), agno::session::InvalidOwnerError>(())
/// ```
///
/// # Identity
///
/// A session has an [ID](Self::id) and an [owner](Self::owner), which never change. A clone of a session is the same
/// session, with the same ID. Sessions are equal if their serialized forms are: the window does not count.
///
/// # Trust
///
/// A serialized session is trusted data, like a serialized [`Run`](crate::Run), because the model receives the messages
/// in it. Deserialization reads all formats that earlier versions of agno wrote, and rejects later versions and unknown
/// fields. A session of format 1 receives a new ID each time it is read and the [shared owner](Owner::shared); its times
/// are unknown, and its window is ignored. [`from_history`](Self::from_history) moves its messages to an owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "SavedSession")]
pub struct Session {
    version: Version<SessionFormat>,
    id: SessionId,
    owner: Owner,
    /// Milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<u64>,
    /// Milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<u64>,
    /// Configuration, which is not stored.
    #[serde(skip_serializing)]
    window: Window,
    #[serde(rename = "chunks")]
    segments: Vec<Segment>,
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.owner == other.owner
            && self.created == other.created
            && self.updated == other.updated
            && self.segments == other.segments
    }
}

impl Session {
    /// Creates an empty session whose messages are all visible to the model. Pass an [`Owner`], or a reference to one.
    pub fn new(owner: impl Into<Owner>) -> Self {
        let id = SessionId::new();
        let millis = Some(id.unix_millis());
        Self {
            version: Version::CURRENT,
            id,
            owner: owner.into(),
            created: millis,
            updated: millis,
            window: Window::ALL,
            segments: Vec::new(),
        }
    }

    /// Returns the ID, which never changes.
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// Returns the owner, which never changes.
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Returns the time when the session was created, in milliseconds, or `None` for a session that was saved in
    /// format 1.
    pub fn created_at(&self) -> Option<SystemTime> {
        time_of(self.created?)
    }

    /// Returns the time of the last change to the messages, in milliseconds, or `None` for a session that was saved in
    /// format 1 and has not changed since.
    ///
    /// ```
    /// use agno::session::{Owner, Session};
    ///
    /// let mut session = Session::new(Owner::shared());
    /// assert_eq!(session.updated_at(), session.created_at());
    /// session.push("Hi");
    /// assert!(session.updated_at() >= session.created_at());
    /// ```
    pub fn updated_at(&self) -> Option<SystemTime> {
        time_of(self.updated?)
    }

    /// Records a change to the messages.
    fn touch(&mut self) {
        // The time in an ID may be ahead of the clock, because IDs always increase.
        self.updated = Some(unix_millis(Instant::now())).max(self.created);
    }

    /// Sets the window, which limits the messages visible to the model. Messages outside the window stay in the
    /// session. The window is not serialized: set it again after loading a session.
    #[must_use]
    pub const fn with_window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Appends a message that does not belong to a run, such as an example or a part of a conversation that began
    /// elsewhere.
    pub fn push(&mut self, message: impl Into<Message>) {
        self.push_untimed(message.into());
        self.touch();
    }

    /// Appends a message without recording the time.
    fn push_untimed(&mut self, message: Message) {
        if let Some(Segment { run: None, messages }) = self.segments.last_mut()
            && let Some(messages) = Arc::get_mut(messages)
            && messages.len() < MAX_SEGMENT_MESSAGES
        {
            messages.push(message);
            return;
        }
        let messages = Arc::new(smallvec![message]);
        self.segments.push(Segment { run: None, messages });
    }

    /// Iterates over all messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> + Clone {
        self.segments.iter().flat_map(|segment| segment.messages.iter())
    }

    /// Returns the number of messages.
    pub fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.messages.len()).sum()
    }

    /// Returns `true` if the session has no messages.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Returns the window.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// Returns the messages that the next run sends to the model before its own messages.
    ///
    /// ```
    /// use agno::session::{Owner, Session, Window};
    ///
    /// let mut session = Session::new(Owner::shared()).with_window(Window::messages(1));
    /// session.push("one");
    /// session.push("two");
    /// assert_eq!(session.visible().iter().next().unwrap().text(), "two");
    /// assert_eq!(session.len(), 2);
    /// ```
    pub fn visible(&self) -> History<'_> {
        self.history_from(self.window_start())
    }

    /// Removes all messages. The session keeps its ID and its owner.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.touch();
    }

    /// Returns the current start of the window.
    pub(crate) fn window_start(&self) -> WindowStart {
        self.window.window_start(&self.segments)
    }

    /// Returns the messages from the given start.
    pub(crate) fn history_from(&self, start: WindowStart) -> History<'_> {
        History::new(self.segments.get(start.segment..).unwrap_or_default(), start.skip)
    }

    /// Appends the messages of a run, unless there are none.
    pub(crate) fn append_run(&mut self, run: RunId, messages: Arc<MessageList>) {
        if !messages.is_empty() {
            self.segments.push(Segment {
                run: Some(run),
                messages,
            });
            self.touch();
        }
    }

    /// Removes the messages of a stopped or paused run that is now resumed. Other runs may have been appended since.
    pub(crate) fn remove_run(&mut self, run: RunId) {
        if let Some(at) = self.position(run) {
            self.segments.remove(at);
        }
    }
}

/// Converts milliseconds since the Unix epoch.
fn time_of(millis: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(session: &Session) -> Vec<String> {
        session
            .messages()
            .map(|message| message.text().into_owned())
            .collect()
    }

    #[test]
    fn a_cloned_session_is_independent_of_the_original() {
        let mut session = Session::new(Owner::shared());
        session.push("one");
        let mut copy = session.clone();
        copy.push("two");
        session.push("three");
        assert_eq!(
            (texts(&session), texts(&copy)),
            (
                vec!["one".into(), "three".into()],
                vec!["one".into(), "two".into()]
            )
        );
    }

    #[test]
    fn messages_of_many_segments_keep_their_order_and_round_trip_through_serde() {
        let mut session = Session::new(Owner::shared());
        let count = 2 * MAX_SEGMENT_MESSAGES + 3;
        (0..count).for_each(|index| session.push(index.to_string()));
        session.append_run(RunId::new(), Arc::new(smallvec![Message::user("run")]));
        session.push("after");
        let mut expected: Vec<_> = (0..count).map(|index| index.to_string()).collect();
        expected.extend(["run".into(), "after".into()]);
        assert_eq!((texts(&session), session.len()), (expected, count + 2));
        let json = serde_json::to_string(&session).unwrap();
        assert_eq!(serde_json::from_str::<Session>(&json).unwrap(), session);
    }
}
