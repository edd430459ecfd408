//! Conversations: what earlier runs said, and how much of it the next one sees.

mod window;

pub use window::Window;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use smallvec::smallvec;

use crate::message::{Message, MessageList};
use crate::model::History;
use crate::run::RunId;

pub(crate) use window::Cut;

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

/// What one run left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Chunk {
    run: RunId,
    #[serde(with = "shared")]
    pub(crate) messages: Arc<MessageList>,
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
        self.keep(RunId::new(), Arc::new(smallvec![message.into()]));
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
        self.history_from(self.cut())
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    /// Where the window begins now.
    pub(crate) fn cut(&self) -> Cut {
        self.window.cut(&self.chunks)
    }

    /// The messages from there on.
    pub(crate) fn history_from(&self, cut: Cut) -> History<'_> {
        History::new(self.chunks.get(cut.chunk..).unwrap_or_default(), cut.skip)
    }

    /// Adds what a run left; empty runs leave nothing.
    pub(crate) fn keep(&mut self, run: RunId, messages: Arc<MessageList>) {
        if !messages.is_empty() {
            self.chunks.push(Chunk { run, messages });
        }
    }

    /// Takes back what this run left when it stopped or paused, because it goes on now. Other runs may have come
    /// between.
    pub(crate) fn take_back(&mut self, run: RunId) {
        if let Some(at) = self.chunks.iter().rposition(|chunk| chunk.run == run) {
            self.chunks.remove(at);
        }
    }
}

/// Shared messages, written down as a list.
mod shared {
    use super::{Arc, MessageList};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(messages: &Arc<MessageList>, to: S) -> Result<S::Ok, S::Error> {
        messages.as_slice().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<MessageList>, D::Error> {
        MessageList::deserialize(from).map(Arc::new)
    }
}
