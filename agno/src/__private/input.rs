//! The typed input of an agent: the arguments with which other agents call it.

use serde::de::DeserializeOwned;

use crate::message::{Message, ToolResult};
use crate::schema::SchemaRef;
use crate::tool::{decode_as, text_of};

/// Checks the schema of an input.
///
/// # Panics
///
/// Panics if it is not the schema of an object. In a constant, this is a compile error.
#[track_caller]
pub const fn check_input(schema: SchemaRef) {
    assert!(
        schema.is_object(),
        "the input of an agent must be an object with named fields, as the arguments of a tool are; put the value into a field of a struct"
    );
}

/// Checks the arguments of a call, and returns them as the input of the run. `is_constrained` is the schema's constant.
///
/// # Errors
///
/// Returns an error result for the calling model when the arguments are invalid.
pub fn input_message<T: DeserializeOwned>(
    schema: SchemaRef,
    is_constrained: bool,
    arguments: &str,
) -> Result<Message, ToolResult> {
    let arguments = text_of(arguments)?;
    decode_as::<T>(schema, is_constrained, arguments).map(|_| Message::user(arguments))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::schema::Schema;

    #[derive(Schema, Deserialize)]
    #[schema(crate = crate)]
    #[expect(dead_code, reason = "only decoded")]
    struct Query {
        #[schema(len = 1..=5)]
        text: String,
        limit: Option<u8>,
    }

    fn read(arguments: &str) -> Result<String, String> {
        const { check_input(Query::SCHEMA) };
        let message = input_message::<Query>(Query::SCHEMA, true, arguments);
        message
            .map(|message| message.text().into_owned())
            .map_err(|error| error.text().into_owned())
    }

    #[test]
    fn the_input_of_the_run_is_the_text_of_the_arguments() {
        assert_eq!(read(r#" {"text":"a"}"#), Ok(r#"{"text":"a"}"#.to_owned()));
    }

    #[test]
    fn invalid_arguments_are_errors_for_the_calling_model() {
        for (arguments, part) in [
            ("", "text"),
            (r#"{"text":""}"#, "text"),
            (r#"{"text":"a","limit":"b"}"#, "limit"),
        ] {
            let error = read(arguments).unwrap_err();
            assert!(
                error.starts_with("invalid arguments") && error.contains(part),
                "{error}"
            );
        }
    }
}
