//! What a model says: text, thinking, calls, and what only its provider understands.

use serde::{Deserialize, Serialize};

use super::{Media, Text, ToolCall};

/// A piece of what a model says.
///
/// What is rare lies in a box, so that the pieces of most messages, which are text, are small: a run moves its messages
/// from the model to the answer.
///
/// ```
/// use agno::message::{Part, Reasoning, ToolCall};
///
/// let pieces = [
///     Part::from(Reasoning::default()),
///     Part::text("Let me look."),
///     Part::call("call_1", "weather", r#"{"city":"Oslo"}"#),
/// ];
/// assert_eq!(pieces[1].as_text(), Some("Let me look."));
/// assert_eq!(pieces[2].as_call().map(|call| call.name.as_str()), Some("weather"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Text for the reader.
    Text(Text),
    /// The model's thinking, where it shows it.
    Reasoning(Box<Reasoning>),
    /// A tool the model wants called.
    Call(Box<ToolCall>),
    /// A refusal in the model's words.
    #[non_exhaustive]
    Refusal {
        /// The words.
        text: String,
    },
    /// A picture the model made.
    Image(Box<Media>),
    /// Sound the model made.
    Audio(Box<Media>),
    /// What the provider did on its own side: a web search, a piece of code it ran. It is sent back as it came.
    Provider(Box<ProviderItem>),
}

impl Part {
    /// A piece of text.
    #[inline]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::new(text))
    }

    /// A piece of reasoning without a signature.
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self::from(Reasoning {
            text: text.into(),
            ..Reasoning::default()
        })
    }

    /// A call without a result.
    pub fn call(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self::from(ToolCall::new(id, name, arguments))
    }

    /// A refusal.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self::Refusal { text: text.into() }
    }

    /// The text, when the piece is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.text),
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

    #[inline]
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(part) => part.text.len(),
            Self::Refusal { text } => text.len(),
            Self::Reasoning(reasoning) => reasoning.text.len(),
            Self::Call(call) => call.text_bytes(),
            Self::Provider(item) => item.json.len(),
            Self::Image(_) | Self::Audio(_) => 0,
        }
    }
}

impl From<Text> for Part {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<Reasoning> for Part {
    fn from(reasoning: Reasoning) -> Self {
        Self::Reasoning(Box::new(reasoning))
    }
}

impl From<ToolCall> for Part {
    fn from(call: ToolCall) -> Self {
        Self::Call(Box::new(call))
    }
}

impl From<ProviderItem> for Part {
    fn from(item: ProviderItem) -> Self {
        Self::Provider(Box::new(item))
    }
}

/// A model's thinking.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reasoning {
    /// The words, or a summary of them; empty when the provider keeps them to itself.
    pub text: String,
    /// What the provider wants back with the next request to trust the words: a signature, or the thinking itself,
    /// encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The provider's name for it, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether the provider held the words back; they are in the signature then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
}

/// Something a provider did on its own side, which only it understands: a search and what was found, code and what it
/// printed. It is sent back to the same provider as it came, and left out for others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProviderItem {
    /// What it is, in the provider's word: `web_search_call`, `server_tool_use`.
    pub kind: String,
    /// All of it as the provider wrote it, JSON.
    pub json: String,
}

impl ProviderItem {
    /// An item of this kind.
    pub fn new(kind: impl Into<String>, json: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            json: json.into(),
        }
    }
}
