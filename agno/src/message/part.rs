//! What a model says: text, thinking, calls, and what only its provider understands.

use serde::{Deserialize, Serialize};

use super::{Media, ToolCall};

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
        /// Where the words are from, in the order the model gave them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        citations: Vec<Citation>,
        /// What the provider wants back with the words, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<String>,
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
    /// A picture the model made.
    Image(Box<Media>),
    /// Sound the model made.
    Audio(Box<Media>),
    /// What the provider did on its own side: a web search, a piece of code it ran. It is sent back as it came.
    Provider(ProviderItem),
}

impl Part {
    /// A piece of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text {
            text: text.into(),
            citations: Vec::new(),
            signature: None,
        }
    }

    /// A piece of reasoning without a signature.
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self::Reasoning(Reasoning {
            text: text.into(),
            ..Reasoning::default()
        })
    }

    /// A refusal.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self::Refusal { text: text.into() }
    }

    /// The text, when the piece is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } => Some(text),
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

    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Text { text, .. } | Self::Refusal { text } => text.len(),
            Self::Reasoning(reasoning) => reasoning.text.len(),
            Self::Call(call) => call.text_bytes(),
            Self::Provider(item) => item.json.len(),
            Self::Image(_) | Self::Audio(_) => 0,
        }
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

/// Where words of an answer are from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Citation {
    /// The address of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The source's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The source's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The citation as the provider wrote it, JSON: places within documents and whatever else it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub json: String,
}

impl Citation {
    /// A citation as the provider wrote it.
    pub fn new(json: impl Into<String>) -> Self {
        Self {
            json: json.into(),
            ..Self::default()
        }
    }
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
