//! What people, models and tools say to each other, as plain data that serialises.
//!
//! A tool's result lives inside the call it answers ([`ToolCall::result`]), so a history in which a call lost
//! its result, or a result its call, cannot be written down. Providers that want them apart get them apart
//! when the request is written.

mod call;
mod parts;

pub use call::{ToolCall, ToolResult};
pub use parts::Parts;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

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

impl Message {
    /// A user's message of text.
    pub fn user(text: impl Into<String>) -> Self {
        Self::User(UserMessage {
            content: Parts::one(Content::text(text)),
        })
    }

    /// A model's message of text.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::Assistant(AssistantMessage {
            parts: Parts::one(Part::text(text)),
        })
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
    pub fn is_user(&self) -> bool {
        matches!(self, Self::User(_))
    }

    /// Bytes of text in the message: words, names, arguments and results. The measure behind token estimates.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::User(message) => message.content.iter().map(Content::text_bytes).sum(),
            Self::Assistant(message) => message.parts.iter().map(Part::text_bytes).sum(),
        }
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::user(text)
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::user(text)
    }
}

impl From<&String> for Message {
    fn from(text: &String) -> Self {
        Self::user(text.as_str())
    }
}

/// A user's message.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserMessage {
    /// What it says, in order.
    pub content: Parts<Content>,
}

/// A model's message: text, reasoning and calls in the order the model gave them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantMessage {
    /// The pieces, in the model's order; providers want them back in that order.
    pub parts: Parts<Part>,
}

impl AssistantMessage {
    /// A message of these pieces.
    pub fn new(parts: impl Into<Parts<Part>>) -> Self {
        Self { parts: parts.into() }
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
            Part::Call(call) => Some(call),
            _ => None,
        })
    }

    /// Whether the model asked for at least one call.
    pub fn has_calls(&self) -> bool {
        self.calls().next().is_some()
    }
}

/// A piece of what is said to a model: by a user, or by a tool in its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// Text.
    #[non_exhaustive]
    Text {
        /// The words.
        text: String,
    },
}

impl Content {
    /// A piece of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// The text, when the piece is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
        }
    }

    fn text_bytes(&self) -> usize {
        match self {
            Self::Text { text } => text.len(),
        }
    }
}

/// A piece of what a model says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Text for the reader.
    #[non_exhaustive]
    Text {
        /// The words.
        text: String,
    },
    /// The model's thinking, where it shows it.
    Reasoning(Reasoning),
    /// A tool the model wants called.
    Call(ToolCall),
    /// A refusal in the model's words.
    #[non_exhaustive]
    Refusal {
        /// The words.
        text: String,
    },
}

impl Part {
    /// A piece of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// A piece of reasoning without a signature.
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self::Reasoning(Reasoning {
            text: text.into(),
            signature: None,
        })
    }

    /// A refusal.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self::Refusal { text: text.into() }
    }

    /// The text, when the piece is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            _ => None,
        }
    }

    /// The call, when the piece is a call.
    pub fn as_call(&self) -> Option<&ToolCall> {
        match self {
            Self::Call(call) => Some(call),
            _ => None,
        }
    }

    fn text_bytes(&self) -> usize {
        match self {
            Self::Text { text } | Self::Refusal { text } => text.len(),
            Self::Reasoning(reasoning) => reasoning.text.len(),
            Self::Call(call) => call.text_bytes(),
        }
    }
}

/// A model's thinking.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reasoning {
    /// The words, or a summary of them.
    pub text: String,
    /// What the provider wants back with the next request to trust the words, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// Joins pieces of text; borrows when there is at most one.
fn join<'a>(mut pieces: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let Some(first) = pieces.next() else {
        return Cow::Borrowed("");
    };
    let Some(second) = pieces.next() else {
        return Cow::Borrowed(first);
    };
    let mut joined = String::with_capacity(first.len() + second.len());
    joined.push_str(first);
    joined.push_str(second);
    pieces.for_each(|piece| joined.push_str(piece));
    Cow::Owned(joined)
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
