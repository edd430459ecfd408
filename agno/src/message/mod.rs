//! Messages between users, models and tools, as plain, serializable data.
//!
//! A tool's result is stored inside its call ([`ToolCall::result`]), so a result cannot be separated from its call. If
//! a provider expects calls and results in separate messages, agno splits them when it serializes the request.

mod call;
mod content;
pub(crate) mod history;
mod media;
mod part;
mod part_list;
mod text;

pub use call::{ToolCall, ToolResult};
pub use content::Content;
pub use history::History;
pub use media::{Media, MediaSource};
pub use part::{Part, ProviderItem, Reasoning};
pub use part_list::Parts;
pub use text::{Citation, Text};

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// A message in a conversation.
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
    /// A message from the user, or from a program that acts on the user's behalf.
    User(UserMessage),
    /// A reply from the model, including the results of its calls.
    Assistant(AssistantMessage),
}

/// The messages of a run. Up to three are stored inline, which is enough for a question, one turn of calls and an
/// answer.
pub(crate) type MessageList = SmallVec<[Message; 3]>;

impl Message {
    /// Creates a user's message from text, or from parts such as text and images.
    pub fn user(content: impl Into<UserMessage>) -> Self {
        Self::User(content.into())
    }

    /// Creates a model's message from text.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::Assistant(AssistantMessage::new(Parts::one(Part::text(text))))
    }

    /// Returns the text of the message. Several parts are joined; a single part is borrowed.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::User(message) => join(message.content.iter().filter_map(Content::as_text)),
            Self::Assistant(message) => message.text(),
        }
    }

    /// Iterates over the calls in a model's message. A user's message has none.
    pub fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        let parts = match self {
            Self::Assistant(message) => &message.parts[..],
            Self::User(_) => &[],
        };
        parts.iter().filter_map(Part::as_call)
    }

    /// Returns `true` if this is a user's message. A history window starts at a user's message.
    #[inline]
    pub fn is_user(&self) -> bool {
        matches!(self, Self::User(_))
    }

    /// Returns the number of bytes of text in the message, including tool names, arguments and results. Token estimates
    /// are based on this number.
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
///
/// ```
/// use agno::message::{Content, Media, UserMessage};
///
/// let document = Media::url("https://shop.example/invoice.pdf", "application/pdf");
/// let message = UserMessage::from([Content::text("What is the total?"), Content::document(document)]);
/// assert_eq!(message.content.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserMessage {
    /// The content parts, in order.
    pub content: Parts<Content>,
}

/// Implements conversions from text and content parts.
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

/// A model's message, with text, reasoning and calls in the order the model produced them.
///
/// ```
/// use agno::message::{AssistantMessage, Part};
///
/// let message = AssistantMessage::new([
///     Part::reasoning("I need the weather."),
///     Part::text("Let me look."),
///     Part::call("call_1", "weather", r#"{"city":"Oslo"}"#),
/// ]);
/// assert_eq!(message.text(), "Let me look.");
/// assert_eq!(message.calls().next().unwrap().name, "weather");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantMessage {
    /// The parts, in the order the model produced them. Providers expect them back in the same order.
    pub parts: Parts<Part>,
    /// The provider whose signatures, IDs and items the parts contain, if any. Only this provider receives them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Cow<'static, str>>,
}

impl AssistantMessage {
    /// Creates a message from parts.
    pub fn new(parts: impl Into<Parts<Part>>) -> Self {
        Self {
            parts: parts.into(),
            provider: None,
        }
    }

    /// Returns the text. Several parts are joined; a single part is borrowed.
    pub fn text(&self) -> Cow<'_, str> {
        join(self.parts.iter().filter_map(Part::as_text))
    }

    /// Iterates over the calls, in order.
    pub fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.parts.iter().filter_map(Part::as_call)
    }

    /// Iterates over the calls mutably, to set their results.
    pub fn calls_mut(&mut self) -> impl Iterator<Item = &mut ToolCall> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Call(call) => Some(&mut **call),
            _ => None,
        })
    }

    /// Returns `true` if `provider` issued the signatures, IDs and items in the message, and can therefore read them.
    pub fn is_of(&self, provider: &str) -> bool {
        self.provider.as_deref() == Some(provider)
    }

    /// Returns `true` if the message contains at least one call.
    pub fn has_calls(&self) -> bool {
        self.calls().next().is_some()
    }
}

/// Adds up the bytes of all parts. Most messages have one part.
#[inline]
fn sum<T>(parts: &[T], bytes: impl Fn(&T) -> usize) -> usize {
    match parts {
        [only] => bytes(only),
        parts => sum_many(parts, bytes),
    }
}

/// Handles the rare case out of line, so that the common case does not have to save registers.
#[inline(never)]
fn sum_many<T>(parts: &[T], bytes: impl Fn(&T) -> usize) -> usize {
    parts.iter().map(bytes).sum()
}

/// Joins text parts. Borrows if there is at most one.
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

    /// Runs move each message several times, so messages must be small.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn messages_with_one_part_are_small() {
        assert_eq!((size_of::<Part>(), size_of::<Parts<Part>>()), (32, 32));
        assert_eq!(size_of::<Message>(), 56);
    }
}
