//! A call a model asks for, and what came of it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Content, Parts, join};

/// A tool the model wants called, with the result once there is one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// The provider's name for this call; its result is sent back under it.
    pub id: String,
    /// The tool's name, as the model wrote it.
    pub name: String,
    /// The arguments as the model wrote them: JSON text, not yet checked.
    pub arguments: String,
    /// What came of it; `None` until it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ToolResult>,
    /// What the provider wants back with the call, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl ToolCall {
    /// A call without a result.
    pub fn new(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            arguments: arguments.into(),
            result: None,
            signature: None,
        }
    }

    /// The result's text for the model. A call that was never answered says so: providers refuse a call
    /// without a result.
    pub fn result_text(&self) -> Cow<'_, str> {
        match &self.result {
            Some(result) => result.text(),
            None => Cow::Borrowed("this call was not made"),
        }
    }

    #[inline]
    pub(super) fn text_bytes(&self) -> usize {
        let result = self.result.as_ref().map_or(0, |result| {
            result
                .content
                .iter()
                .filter_map(Content::as_text)
                .map(str::len)
                .sum()
        });
        self.name.len() + self.arguments.len() + result
    }
}

/// What came of a call: what the tool returned, or why it failed, in words for the model.
///
/// ```
/// use agno::ToolResult;
///
/// assert!(!ToolResult::from_text("4 degrees").is_error);
/// assert_eq!(ToolResult::error("no such city").text(), "no such city");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolResult {
    /// What the model reads.
    pub content: Parts<Content>,
    /// Whether the tool failed, or was never called.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_error: bool,
}

impl ToolResult {
    /// A good result of text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self {
            content: Parts::one(Content::text(text)),
            is_error: false,
        }
    }

    /// Creates a successful result with this content.
    pub fn new(content: impl Into<Parts<Content>>) -> Self {
        Self {
            content: content.into(),
            is_error: false,
        }
    }

    /// A failure, in words a model can act on.
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            content: Parts::one(Content::text(text)),
            is_error: true,
        }
    }

    /// The text, its pieces joined; borrowed when there is one piece.
    pub fn text(&self) -> Cow<'_, str> {
        join(self.content.iter().filter_map(Content::as_text))
    }
}
