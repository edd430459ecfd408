//! Parts of a model's message: text, reasoning, calls, and data that only the provider understands.

use serde::{Deserialize, Serialize};

use super::{Media, Text, ToolCall};

/// A part of a model's message.
///
/// Rare variants are boxed to keep this type small, because a run moves its messages from the model to the answer and
/// most parts are text.
///
/// ```
/// use agno::message::{Part, Reasoning, ToolCall};
///
/// let parts = [
///     Part::from(Reasoning::default()),
///     Part::text("Let me look."),
///     Part::call("call_1", "weather", r#"{"city":"Oslo"}"#),
/// ];
/// assert_eq!(parts[1].as_text(), Some("Let me look."));
/// assert_eq!(parts[2].as_call().map(|call| call.name.as_str()), Some("weather"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Text for the user.
    Text(Text),
    /// The model's reasoning, if the provider returns it.
    Reasoning(Box<Reasoning>),
    /// A tool call that the model requests.
    Call(Box<ToolCall>),
    /// The model's refusal to answer.
    #[non_exhaustive]
    Refusal {
        /// The text of the refusal.
        text: String,
    },
    /// An image that the model generated.
    Image(Box<Media>),
    /// Audio that the model generated.
    Audio(Box<Media>),
    /// An action that the provider performed itself, such as a web search or code execution. It is sent back
    /// unchanged.
    Provider(Box<ProviderItem>),
}

impl Part {
    /// Creates a `Text` part.
    #[inline]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::new(text))
    }

    /// Creates a `Reasoning` part without a signature.
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self::from(Reasoning {
            text: text.into(),
            ..Reasoning::default()
        })
    }

    /// Creates a `Call` part without a result.
    pub fn call(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self::from(ToolCall::new(id, name, arguments))
    }

    /// Creates a `Refusal` part.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self::Refusal { text: text.into() }
    }

    /// Returns the text if the part is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.text),
            _ => None,
        }
    }

    /// Returns the call if the part is a call.
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

/// A model's reasoning.
///
/// ```
/// use agno::message::{AssistantMessage, Part};
///
/// let message = AssistantMessage::new([Part::reasoning("It is winter there."), Part::text("Cold.")]);
/// let reasoning = message.parts.iter().find_map(|part| match part {
///     Part::Reasoning(reasoning) => Some(&reasoning.text),
///     _ => None,
/// });
/// assert_eq!(reasoning.unwrap(), "It is winter there.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reasoning {
    /// The reasoning or a summary of it. Empty if the provider returns neither.
    pub text: String,
    /// The data that the provider expects back in the next request to verify the reasoning: a signature, or the
    /// encrypted reasoning itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The provider's ID for the reasoning, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `true` if the provider withheld the text. `signature` then contains the encrypted text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
}

/// An action that a provider performed itself, in a format that only the provider understands.
///
/// Examples are a web search with its results, and code with its output. The item is sent back unchanged to the same
/// provider, and omitted from requests to other providers.
///
/// ```
/// use agno::message::{Part, ProviderItem};
///
/// let search = r#"{"type":"web_search_call","id":"ws_1","status":"completed"}"#;
/// let part = Part::from(ProviderItem::new("web_search_call", search));
/// assert!(matches!(part, Part::Provider(item) if item.kind == "web_search_call"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProviderItem {
    /// The item type in the provider's API, such as `web_search_call` or `server_tool_use`.
    pub kind: String,
    /// The complete item in the provider's original JSON.
    pub json: String,
}

impl ProviderItem {
    /// Creates an item from its type and its JSON.
    pub fn new(kind: impl Into<String>, json: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            json: json.into(),
        }
    }
}
