//! Messages of earlier runs, shared by a session, its clones and the requests that borrow them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Message, MessageList};
use crate::id::RunId;

/// The messages of one run, or messages that no run produced. Cloning a segment shares its messages.
///
/// ```
/// use agno::Message;
/// use agno::run::RunId;
/// use agno::session::Segment;
///
/// let run = RunId::new();
/// let segment = Segment::new(run, [Message::user("Hi"), Message::assistant("Hello.")]);
/// assert_eq!((segment.run_id(), segment.messages().len()), (Some(run), 2));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<RunId>,
    #[serde(with = "shared")]
    pub(crate) messages: Arc<MessageList>,
}

impl Segment {
    /// Creates a segment from the messages of a run, or from messages of no run (`None`).
    pub fn new<M: Into<Message>>(
        run_id: impl Into<Option<RunId>>,
        messages: impl IntoIterator<Item = M>,
    ) -> Self {
        Self {
            run: run_id.into(),
            messages: Arc::new(messages.into_iter().map(Into::into).collect()),
        }
    }

    /// Returns the ID of the run, or `None` for messages that no run produced.
    pub fn run_id(&self) -> Option<RunId> {
        self.run
    }

    /// Returns the messages, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Returns the address of the messages, which is equal for segments that share them.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.messages).addr()
    }

    /// Converts the segment into its messages. They are copied only if something else shares them, such as the run's
    /// [`Answer`](crate::Answer).
    pub fn into_messages(self) -> Vec<Message> {
        Arc::unwrap_or_clone(self.messages).into_vec()
    }
}

/// A range of a session's history. It consists of the segments of earlier runs, and may start in the middle of the first
/// segment.
///
/// ```
/// use agno::Session;
/// use agno::message::History;
/// use agno::model::{Messages, Request};
/// use agno::session::Owner;
///
/// let mut session = Session::new(Owner::shared());
/// session.push("My name is Ada.");
/// let history: History<'_> = session.visible();
/// let request = Request::new(Messages::new(&[]).with_history(history));
/// assert_eq!(request.messages.len(), 1);
/// ```
#[derive(Clone, Copy, Default)]
pub struct History<'a> {
    segments: &'a [Segment],
    /// Number of messages to skip in the first segment.
    skip: usize,
}

impl<'a> History<'a> {
    /// An empty history.
    pub const EMPTY: Self = Self {
        segments: &[],
        skip: 0,
    };

    /// Creates a history from `segments`, without the first `skip` messages of the first segment.
    pub(crate) const fn new(segments: &'a [Segment], skip: usize) -> Self {
        Self { segments, skip }
    }

    /// Iterates over the messages, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &'a Message> + Clone + use<'a> {
        self.segments
            .iter()
            .flat_map(|segment| segment.messages.iter())
            .skip(self.skip)
    }

    /// Returns the number of messages.
    pub fn len(&self) -> usize {
        self.segments
            .iter()
            .map(|segment| segment.messages.len())
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
