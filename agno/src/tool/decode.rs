//! Decodes the arguments that a model sent. Errors are messages for the model.

use serde::Deserialize;

use crate::message::ToolResult;
use crate::schema::{self, Schema, SchemaRef};

/// Maximum size of the arguments of one call, in bytes: 1 MiB. Longer arguments are reported to the model as an
/// error.
const MAX_ARGUMENTS: usize = 1 << 20;

/// Maximum size of the error for invalid arguments, in bytes.
const MAX_ERROR: usize = 8 << 10;

/// Decodes the arguments of a call.
///
/// Some models send an empty string, `null` or whitespace for a call without arguments. All of these are decoded as
/// `{}`.
///
/// ```
/// use agno::Schema;
/// use agno::tool::decode;
/// use serde::Deserialize;
///
/// #[derive(Schema, Deserialize)]
/// struct Args<'a> {
///     city: &'a str,
/// }
///
/// assert_eq!(decode::<Args<'_>>(r#"{"city": "Oslo"}"#).unwrap().city, "Oslo");
/// assert!(decode::<Args<'_>>(r#"{"town": "Oslo"}"#).is_err_and(|result| result.is_error));
/// ```
///
/// # Errors
///
/// Returns an error result for the model when the arguments are invalid or longer than 1 MiB. The result names invalid
/// arguments by their paths.
pub fn decode<'a, A: Schema + Deserialize<'a>>(arguments: &'a str) -> Result<A, ToolResult> {
    decode_as(
        A::SCHEMA,
        const { A::SCHEMA.is_constrained() },
        text_of(arguments)?,
    )
}

/// Decodes arguments of a type with this schema. `is_constrained` is the schema's constant.
#[inline]
pub(crate) fn decode_as<'a, A: Deserialize<'a>>(
    schema: SchemaRef,
    is_constrained: bool,
    arguments: &'a str,
) -> Result<A, ToolResult> {
    match serde_json::from_str::<A>(arguments) {
        Ok(decoded) => {
            // Deserialization does not check ranges, lengths or patterns.
            if is_constrained && let Err(errors) = schema::validate(schema, arguments) {
                return Err(invalid_arguments(&errors));
            }
            Ok(decoded)
        }
        Err(error) => Err(match schema::validate(schema, arguments) {
            Err(errors) => invalid_arguments(&errors),
            // The schema accepts the arguments, but deserialization fails for a reason that the schema does not
            // express.
            Ok(()) => invalid_arguments(&error),
        }),
    }
}

/// Returns the text of the arguments after checking its length. Missing arguments become `{}`.
#[inline]
pub(crate) fn text_of(arguments: &str) -> Result<&str, ToolResult> {
    if arguments.len() > MAX_ARGUMENTS {
        return Err(too_long(arguments));
    }
    // Most models send arguments that need no trimming.
    if arguments.starts_with('{') && arguments.ends_with('}') {
        return Ok(arguments);
    }
    Ok(match arguments.trim_ascii() {
        "" | "null" => "{}",
        trimmed => trimmed,
    })
}

#[cold]
fn too_long(arguments: &str) -> ToolResult {
    ToolResult::error(format!(
        "the arguments have {} bytes, more than the limit of {MAX_ARGUMENTS}; send less",
        arguments.len()
    ))
}

/// Creates the error for invalid arguments. A message from serde may quote the arguments, so it is truncated.
#[cold]
pub(super) fn invalid_arguments(problem: &dyn std::fmt::Display) -> ToolResult {
    let mut text = format!("invalid arguments: {problem}");
    if text.len() > MAX_ERROR {
        let end = (0..=MAX_ERROR).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text.push('…');
    }
    ToolResult::error(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_truncated_between_characters() {
        let result = invalid_arguments(&"ä".repeat(MAX_ERROR));
        let text = result.text();
        assert!(text.starts_with("invalid arguments: ä") && text.ends_with("ä…"));
        assert!(text.len() <= MAX_ERROR + '…'.len_utf8());
        assert_eq!(invalid_arguments(&"short").text(), "invalid arguments: short");
    }
}
