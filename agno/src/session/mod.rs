//! Conversations: what earlier runs said, and how much of it the next one sees.

mod window;

pub use window::Window;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use crate::id::RunId;
use crate::message::{Chunk, History, Message, MessageList};

pub(crate) use window::WindowStart;

/// How many messages that no run made share a chunk: few, for a window is found within its first chunk by stepping over
/// messages, and enough that adding one seldom allocates.
const MAX_CHUNK_MESSAGES: usize = 32;

/// A conversation over several runs.
///
/// It grows by a run at a time, in constant time, and is lent to the model in place: neither adding to it nor
/// running over it copies a message. A session serves one run at a time; the borrow checker sees to it.
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Session {
    #[serde(default)]
    window: Window,
    chunks: Vec<Chunk>,
}

impl Session {
    /// An empty conversation, all of which the model sees.
    pub const fn new() -> Self {
        Self {
            window: Window::ALL,
            chunks: Vec::new(),
        }
    }

    /// With this much of it shown to the model. What lies before stays in the session.
    #[must_use]
    pub const fn with_window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Adds a message that no run made: an example, or a conversation that began elsewhere.
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

    /// All messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.messages.iter())
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.messages.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// How much the model sees.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The messages the next run shows the model before its own.
    pub fn visible(&self) -> History<'_> {
        self.history_from(self.window_start())
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    /// Where the window begins now.
    pub(crate) fn window_start(&self) -> WindowStart {
        self.window.window_start(&self.chunks)
    }

    /// The messages from there on.
    pub(crate) fn history_from(&self, start: WindowStart) -> History<'_> {
        History::new(self.chunks.get(start.chunk..).unwrap_or_default(), start.skip)
    }

    /// Adds what a run left; empty runs leave nothing.
    pub(crate) fn append_run(&mut self, run: RunId, messages: Arc<MessageList>) {
        if !messages.is_empty() {
            self.chunks.push(Chunk {
                run: Some(run),
                messages,
            });
        }
    }

    /// Takes back what this run left when it stopped or paused, because it goes on now. Other runs may have come
    /// between.
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
    fn what_is_added_to_a_copy_is_not_in_the_original() {
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
    fn messages_of_many_chunks_are_in_order_around_a_run_and_are_written_down() {
        let mut session = Session::new();
        let count = 2 * MAX_CHUNK_MESSAGES + 3;
        (0..count).for_each(|at| session.push(at.to_string()));
        session.append_run(RunId::new(), Arc::new(smallvec![Message::user("run")]));
        session.push("after");
        let mut expected: Vec<_> = (0..count).map(|at| at.to_string()).collect();
        expected.extend(["run".into(), "after".into()]);
        assert_eq!((texts(&session), session.len()), (expected, count + 2));
        let written = serde_json::to_string(&session).unwrap();
        assert_eq!(serde_json::from_str::<Session>(&written).unwrap(), session);
    }
}
