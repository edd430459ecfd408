//! Extracts the JSON from the text of a typed answer, and formats the errors that the model reads.

use std::fmt::Display;

#[cfg(feature = "schemars")]
use crate::schema::{self, Node, SchemaRef};

/// Formats an error for the model.
pub(crate) fn error_text(error: impl Display) -> String {
    error.to_string()
}

/// Returns the reason why an answer is not valid JSON.
#[cfg(feature = "schemars")]
pub(super) fn parse_error(text: &str, error: &serde_json::Error) -> String {
    const ANY: SchemaRef = SchemaRef::new(&Node::any());
    match schema::validate(ANY, text) {
        Err(errors) => error_text(errors),
        Ok(()) => error_text(error),
    }
}

/// Returns the text inside code fences, which models often put around JSON. Without fences, returns the entire text.
pub(crate) fn without_fence(text: &str) -> &str {
    let text = text.trim();
    let Some(fenced) = text.strip_prefix("```").and_then(|text| text.strip_suffix("```")) else {
        return text;
    };
    match fenced.split_once('\n') {
        Some((language, body)) if language.trim().chars().all(char::is_alphanumeric) => body.trim(),
        _ => fenced.trim(),
    }
}
