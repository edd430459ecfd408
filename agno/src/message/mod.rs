//! What people, models and tools say to each other, as plain data that serialises.
//!
//! A tool's result lives inside the call it answers ([`ToolCall::result`]), so a history in which a call lost
//! its result, or a result its call, cannot be written down. Providers that want them apart get them apart
//! when the request is written.

mod call;
mod content;
mod history;
mod media;
mod part;
mod part_list;
mod text;

pub use call::{ToolCall, ToolResult};
pub use content::Content;
pub(crate) use history::Chunk;
pub use history::History;
pub use media::{Media, MediaSource};
pub use part::{Part, ProviderItem, Reasoning};
pub use part_list::Parts;
pub use text::{Citation, Text};

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// One entry of a conversation.
///
/// ```
/// use agno::Message;
///
/// let question = Message::user("What is the weather in Oslo?");
/// assert_eq!(question.text(), "What is the weather in Oslo?");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Message {
    /// What a person, or the program in a person's place, said.
    User(UserMessage),
    /// What the model answered, with the results of the calls it made.
    Assistant(AssistantMessage),
}

/// The messages of a run. A question and its answer, which most runs are, lie in place, with room for a turn of calls.
pub(crate) type MessageList = SmallVec<[Message; 3]>;

impl Message {
    /// A user's message: of text, or of pieces such as text and images.
    pub fn user(content: impl Into<UserMessage>) -> Self {
        Self::User(content.into())
    }

    /// A model's message of text.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::Assistant(AssistantMessage::new(Parts::one(Part::text(text))))
    }

    /// The text of the message, its pieces joined; borrowed when there is one piece.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::User(message) => join(message.content.iter().filter_map(Content::as_text)),
            Self::Assistant(message) => message.text(),
        }
    }

    /// The calls of a model's message; none for a user's.
    pub fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        let parts = match self {
            Self::Assistant(message) => &message.parts[..],
            Self::User(_) => &[],
        };
        parts.iter().filter_map(Part::as_call)
    }

    /// Whether a person said it. A window of history starts at such a message.
    #[inline]
    pub fn is_user(&self) -> bool {
        matches!(self, Self::User(_))
    }

    /// Bytes of text in the message: words, names, arguments and results. The measure behind token estimates.
    #[inline]
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::User(message) => sum(&message.content, Content::text_bytes),
            Self::Assistant(message) => sum(&message.parts, Part::text_bytes),
        }
    }
}

impl<T: Into<UserMessage>> From<T> for Message {
    fn from(message: T) -> Self {
        Self::User(message.into())
    }
}

impl From<AssistantMessage> for Message {
    fn from(message: AssistantMessage) -> Self {
        Self::Assistant(message)
    }
}

/// A user's message.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserMessage {
    /// What it says, in order.
    pub content: Parts<Content>,
}

/// What text or pieces become.
macro_rules! user_message_from {
    ($([$($generics:tt)*] $from:ty, $value:ident => $content:expr;)*) => {$(
        impl<$($generics)*> From<$from> for UserMessage {
            fn from($value: $from) -> Self {
                Self { content: $content }
            }
        }
    )*};
}

user_message_from! {
    [] String, text => Parts::one(Content::text(text));
    [] &str, text => Parts::one(Content::text(text));
    [] &String, text => Parts::one(Content::text(text.as_str()));
    [] Cow<'_, str>, text => Parts::one(Content::text(text));
    [] Content, part => Parts::one(part);
    [] Vec<Content>, parts => parts.into();
    [const N: usize] [Content; N], parts => parts.into();
}

/// A model's message: text, reasoning and calls in the order the model gave them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantMessage {
    /// The pieces, in the model's order; providers want them back in that order.
    pub parts: Parts<Part>,
    /// Whose signatures, ids and items the pieces hold, if any. Only this provider gets them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Cow<'static, str>>,
}

impl AssistantMessage {
    /// A message of these pieces.
    pub fn new(parts: impl Into<Parts<Part>>) -> Self {
        Self {
            parts: parts.into(),
            provider: None,
        }
    }

    /// The text, its pieces joined; borrowed when there is one piece.
    pub fn text(&self) -> Cow<'_, str> {
        join(self.parts.iter().filter_map(Part::as_text))
    }

    /// The calls, in the model's order.
    pub fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.parts.iter().filter_map(Part::as_call)
    }

    /// The calls, to give them results.
    pub fn calls_mut(&mut self) -> impl Iterator<Item = &mut ToolCall> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Call(call) => Some(&mut **call),
            _ => None,
        })
    }

    /// Whether signatures, ids and items in it are this provider's, so that it can read them.
    pub fn is_of(&self, provider: &str) -> bool {
        self.provider.as_deref() == Some(provider)
    }

    /// Whether the model asked for at least one call.
    pub fn has_calls(&self) -> bool {
        self.calls().next().is_some()
    }
}

/// Adds up the parts of a message, of which most have one.
#[inline]
fn sum<T>(parts: &[T], bytes: impl Fn(&T) -> usize) -> usize {
    match parts {
        [only] => bytes(only),
        parts => sum_many(parts, bytes),
    }
}

/// The rare case apart, so that the usual one needs no registers saved.
#[inline(never)]
fn sum_many<T>(parts: &[T], bytes: impl Fn(&T) -> usize) -> usize {
    parts.iter().map(bytes).sum()
}

/// Joins pieces of text; borrows when there is at most one.
fn join<'a>(mut parts: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let Some(first) = parts.next() else {
        return Cow::Borrowed("");
    };
    let Some(second) = parts.next() else {
        return Cow::Borrowed(first);
    };
    let mut joined = String::with_capacity(first.len() + second.len());
    joined.push_str(first);
    joined.push_str(second);
    parts.for_each(|part| joined.push_str(part));
    Cow::Owned(joined)
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run moves its messages several times; see PERFORMANCE.md.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn messages_of_one_piece_are_small() {
        assert_eq!((size_of::<Part>(), size_of::<Parts<Part>>()), (32, 32));
        assert_eq!(size_of::<Message>(), 56);
    }
}
