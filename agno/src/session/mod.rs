//! Conversations, which store the messages of earlier runs and select those that the next run sends to the model.
//!
//! The [Sessions](crate::guide::sessions) chapter introduces sessions.

mod window;

pub use window::Window;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use crate::id::RunId;
use crate::message::{Chunk, History, Message, MessageList};
use crate::version::{Format, Version};

pub(crate) use window::WindowStart;

/// Maximum number of pushed messages per chunk. Small, because a window skips the hidden messages in its first chunk,
/// but large enough that `push` rarely allocates.
const MAX_CHUNK_MESSAGES: usize = 32;

/// A conversation across runs.
///
/// Appending a run takes constant time, and requests borrow the session's messages, so neither starting nor appending
/// a run copies messages. A session serves one run at a time, which the borrow checker enforces.
///
/// ```
/// use agno::session::{Session, Window};
/// use agno::Message;
///
/// let mut session = Session::new().with_window(Window::messages(40));
/// session.push(Message::user("My name is Ada."));
/// session.push(Message::assistant("Hello, Ada."));
/// assert_eq!(session.messages().count(), 2);
/// ```
///
/// A serialized session is trusted data, like a serialized [`Run`](crate::Run), because the model receives the messages
/// in it. Deserialization rejects unknown versions and unknown fields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Absent in sessions that the first releases saved.
    #[serde(default)]
    version: Version<SessionFormat>,
    #[serde(default)]
    window: Window,
    chunks: Vec<Chunk>,
}

struct SessionFormat;

impl Format for SessionFormat {
    const NOUN: &'static str = "the session";
    const VERSION: u32 = 1;
}

impl Session {
    /// Creates an empty session whose messages are all visible to the model.
    pub const fn new() -> Self {
        Self {
            version: Version::CURRENT,
            window: Window::ALL,
            chunks: Vec::new(),
        }
    }

    /// Sets the window, which limits the messages visible to the model. Messages outside the window stay in the
    /// session.
    #[must_use]
    pub const fn with_window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Appends a message that does not belong to a run, such as an example or a part of a conversation that began
    /// elsewhere.
    pub fn push(&mut self, message: impl Into<Message>) {
        let message = message.into();
        if let Some(Chunk { run: None, messages }) = self.chunks.last_mut()
            && let Some(messages) = Arc::get_mut(messages)
            && messages.len() < MAX_CHUNK_MESSAGES
        {
            messages.push(message);
            return;
        }
        let messages = Arc::new(smallvec![message]);
        self.chunks.push(Chunk { run: None, messages });
    }

    /// Iterates over all messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.messages.iter())
    }

    /// Returns the number of messages.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.messages.len()).sum()
    }

    /// Returns `true` if the session has no messages.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Returns the window.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// Returns the messages that the next run sends to the model before its own messages.
    ///
    /// ```
    /// use agno::session::{Session, Window};
    ///
    /// let mut session = Session::new().with_window(Window::messages(1));
    /// session.push("one");
    /// session.push("two");
    /// assert_eq!(session.visible().iter().next().unwrap().text(), "two");
    /// assert_eq!(session.len(), 2);
    /// ```
    pub fn visible(&self) -> History<'_> {
        self.history_from(self.window_start())
    }

    /// Removes all messages.
    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    /// Returns the current start of the window.
    pub(crate) fn window_start(&self) -> WindowStart {
        self.window.window_start(&self.chunks)
    }

    /// Returns the messages from the given start.
    pub(crate) fn history_from(&self, start: WindowStart) -> History<'_> {
        History::new(self.chunks.get(start.chunk..).unwrap_or_default(), start.skip)
    }

    /// Appends the messages of a run, unless there are none.
    pub(crate) fn append_run(&mut self, run: RunId, messages: Arc<MessageList>) {
        if !messages.is_empty() {
            self.chunks.push(Chunk {
                run: Some(run),
                messages,
            });
        }
    }

    /// Removes the messages of a stopped or paused run that is now resumed. Other runs may have been appended since.
    pub(crate) fn remove_run(&mut self, run: RunId) {
        if let Some(at) = self.chunks.iter().rposition(|chunk| chunk.run == Some(run)) {
            self.chunks.remove(at);
        }
    }
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
        let mut session = Session::new();
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
    fn messages_of_many_chunks_keep_their_order_and_round_trip_through_serde() {
        let mut session = Session::new();
        let count = 2 * MAX_CHUNK_MESSAGES + 3;
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
