//! Messages of earlier runs, shared by a session, its clones and the requests that borrow them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Message, MessageList};
use crate::id::RunId;

/// The messages of one run, or messages that were added without a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Chunk {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<RunId>,
    #[serde(with = "shared")]
    pub(crate) messages: Arc<MessageList>,
}

/// A range of a session's history. It consists of the chunks of earlier runs, and may start in the middle of the first
/// chunk.
///
/// ```
/// use agno::Session;
/// use agno::message::History;
/// use agno::model::{Messages, Request};
///
/// let mut session = Session::new();
/// session.push("My name is Ada.");
/// let history: History<'_> = session.visible();
/// let request = Request::new(Messages::new(&[]).with_history(history));
/// assert_eq!(request.messages.len(), 1);
/// ```
#[derive(Clone, Copy, Default)]
pub struct History<'a> {
    chunks: &'a [Chunk],
    /// Number of messages to skip in the first chunk.
    skip: usize,
}

impl<'a> History<'a> {
    /// An empty history.
    pub const EMPTY: Self = Self { chunks: &[], skip: 0 };

    /// Creates a history from `chunks`, without the first `skip` messages of the first chunk.
    pub(crate) const fn new(chunks: &'a [Chunk], skip: usize) -> Self {
        Self { chunks, skip }
    }

    /// Iterates over the messages, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &'a Message> + Clone + use<'a> {
        self.chunks
            .iter()
            .flat_map(|chunk| chunk.messages.iter())
            .skip(self.skip)
    }

    /// Returns the number of messages.
    pub fn len(&self) -> usize {
        self.chunks
            .iter()
            .map(|chunk| chunk.messages.len())
            .sum::<usize>()
            - self.skip
    }

    /// Returns `true` if there are no messages.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for History<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Serializes shared messages as a list.
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
