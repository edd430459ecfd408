//! A tool call that a model requests, and its result.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Citation, Content, Parts, join};

/// A tool call that the model requests, with its result once the call is complete.
///
/// ```
/// use agno::{ToolCall, ToolResult};
///
/// let mut call = ToolCall::new("call_1", "weather", r#"{"city":"Oslo"}"#);
/// assert!(call.result.is_none());
/// call.result = Some(ToolResult::from_text("4 degrees"));
/// assert_eq!(call.result_text(), "4 degrees");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// The provider's ID for this call. The result is sent back with this ID.
    pub id: String,
    /// The tool's name, as the model wrote it.
    pub name: String,
    /// The arguments that the model wrote: JSON text that has not been validated.
    pub arguments: String,
    /// The result, or `None` until the call is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ToolResult>,
    /// The provider's signature, which is sent back with the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl ToolCall {
    /// Creates a call without a result.
    pub fn new(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            arguments: arguments.into(),
            result: None,
            signature: None,
        }
    }

    /// Returns the text of the result, as sent to the model. For a call without a result, returns a placeholder
    /// message, because providers reject calls without results.
    pub fn result_text(&self) -> Cow<'_, str> {
        match &self.result {
            Some(result) => result.text(),
            None => Cow::Borrowed("this call was not executed"),
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

/// The result of a call: the tool's output, or an error message for the model.
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
    /// The content that the model reads.
    pub content: Parts<Content>,
    /// `true` if the tool failed or was never called.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_error: bool,
    /// The sources of the result, which the answer of the run cites. Boxed, because few results have any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    citations: Option<Box<[Citation]>>,
}

impl ToolResult {
    /// Creates a successful result from text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self {
            content: Parts::one(Content::text(text)),
            is_error: false,
            citations: None,
        }
    }

    /// Creates a successful result from content parts.
    pub fn new(content: impl Into<Parts<Content>>) -> Self {
        Self {
            content: content.into(),
            is_error: false,
            citations: None,
        }
    }

    /// Creates an error result. The message should help the model correct its call.
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            content: Parts::one(Content::text(text)),
            is_error: true,
            citations: None,
        }
    }

    /// Adds a source. The model does not receive it; [`Answer::citations`](crate::Answer::citations) returns it.
    ///
    /// ```
    /// use agno::ToolResult;
    /// use agno::message::Citation;
    ///
    /// let source = Citation::from_url("https://weather.example/oslo");
    /// let result = ToolResult::from_text("4 degrees").with_citation(source);
    /// assert_eq!(result.citations().len(), 1);
    /// ```
    #[must_use]
    pub fn with_citation(mut self, citation: Citation) -> Self {
        let mut citations = self.citations.take().map(<[_]>::into_vec).unwrap_or_default();
        citations.push(citation);
        self.citations = Some(citations.into_boxed_slice());
        self
    }

    /// Returns the sources of the result.
    pub fn citations(&self) -> &[Citation] {
        self.citations.as_deref().unwrap_or_default()
    }

    /// Returns the text. Several parts are joined; a single part is borrowed.
    pub fn text(&self) -> Cow<'_, str> {
        join(self.content.iter().filter_map(Content::as_text))
    }
}
