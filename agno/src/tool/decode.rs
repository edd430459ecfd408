//! From the text a model sent to the arguments a tool takes; what is wrong comes back in words for the model.

use serde::Deserialize;

use crate::message::ToolResult;
use crate::schema::{self, Schema};

/// The most bytes of arguments a call may have: 1 MiB. More is answered to the model as an error.
const MAX_ARGUMENTS: usize = 1 << 20;

/// Reads the arguments of a call.
///
/// Models leave arguments out as `""`, `null` or white space where they mean `{}`; all of these are read so.
///
/// # Errors
///
/// A result for the model that names each argument that is wrong, by its path.
pub fn decode<'a, A: Schema + Deserialize<'a>>(arguments: &'a str) -> Result<A, ToolResult> {
    let arguments = text_of(arguments)?;
    match serde_json::from_str::<A>(arguments) {
        Ok(decoded) => {
            // Types alone do not hold ranges, lengths and patterns.
            if const { A::SCHEMA.is_constrained() }
                && let Err(errors) = schema::validate(A::SCHEMA, arguments)
            {
                return Err(invalid_arguments(&errors));
            }
            Ok(decoded)
        }
        Err(error) => Err(match schema::validate(A::SCHEMA, arguments) {
            Err(errors) => invalid_arguments(&errors),
            // Valid by the schema and still refused: a rule of the type's own, in its own words.
            Ok(()) => invalid_arguments(&error),
        }),
    }
}

/// The text of the arguments, once bounded and with nothing read as `{}`.
#[inline]
pub(super) fn text_of(arguments: &str) -> Result<&str, ToolResult> {
    if arguments.len() > MAX_ARGUMENTS {
        return Err(too_long(arguments));
    }
    // What most models send: nothing to trim.
    if arguments.starts_with('{') && arguments.ends_with('}') {
        return Ok(arguments);
    }
    Ok(match arguments.trim_ascii() {
        "" | "null" => "{}",
        given => given,
    })
}

#[cold]
fn too_long(arguments: &str) -> ToolResult {
    ToolResult::error(format!(
        "the arguments are {} bytes long, more than the {MAX_ARGUMENTS} a call may have; send less",
        arguments.len()
    ))
}

#[cold]
pub(super) fn invalid_arguments(problem: &dyn std::fmt::Display) -> ToolResult {
    ToolResult::error(format!(
        "the arguments are not right, the tool was not called: {problem}"
    ))
}
