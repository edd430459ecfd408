//! Parses the JSON of a reply, and describes errors without quoting the reply.

use serde::Deserialize;

use crate::model::{ModelError, ModelErrorKind};

/// Parses JSON. `format` names the expected format in error messages, for example `the Messages API`.
///
/// # Errors
///
/// Returns an error of kind [`MalformedReply`](ModelErrorKind::MalformedReply) when the JSON does not match `T`.
pub(crate) fn parse<'a, T: Deserialize<'a>>(json: &'a [u8], format: &str) -> Result<T, ModelError> {
    serde_json::from_slice(json).map_err(|error| malformed(&error, json.len(), format))
}

/// Describes a serde error by its position, because its message can quote the reply.
pub(crate) fn malformed(error: &serde_json::Error, length: usize, format: &str) -> ModelError {
    let problem = if error.is_eof() {
        "is truncated".to_owned()
    } else if error.is_syntax() {
        "is not JSON".to_owned()
    } else {
        format!("does not match {format}")
    };
    ModelError::new(
        ModelErrorKind::MalformedReply,
        format!(
            "the reply {problem} (line {}, column {} of {length} bytes); retry, or check the base URL",
            error.line(),
            error.column(),
        ),
    )
}
