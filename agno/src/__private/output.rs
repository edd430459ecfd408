//! The typed output of an agent: the schema sent to the model, and the parser of the answer.
//!
//! Providers require an object. Any other value (a list, a number, an enum) is wrapped as the only field of an object,
//! `{"value": ...}`, and the parser unwraps the value.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::agent::output::{error_text, without_fence};
use crate::schema::{self, Field, Kind, Node, Schema, SchemaRef};

/// The schema sent to the model for an agent's output.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The schema of the object.
    pub schema: SchemaRef,
    /// The schema of the value.
    value: SchemaRef,
    /// `true` if the value is wrapped in an object.
    wrapped: bool,
}

/// Returns the shape of `T`.
pub const fn shape_of<T: Schema>() -> Shape {
    struct Wrapped<T>(PhantomData<T>);

    impl<T: Schema> Wrapped<T> {
        const SCHEMA: SchemaRef = SchemaRef::new(
            const { &Node::object(const { &[Field::new("value", T::SCHEMA).required()] }).closed() },
        );
    }

    let wrapped =
        !T::SCHEMA.is_object() && !matches!(T::SCHEMA.get().kind(), Kind::Map { .. } | Kind::Raw(_));
    Shape {
        schema: if wrapped { Wrapped::<T>::SCHEMA } else { T::SCHEMA },
        value: T::SCHEMA,
        wrapped,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped<T> {
    value: T,
}

/// Parses an answer of this shape.
///
/// # Errors
///
/// Returns an error message that helps the model correct its answer.
pub fn parse_output<T: DeserializeOwned>(shape: Shape, text: &str) -> Result<T, String> {
    let text = without_fence(text);
    if !shape.wrapped {
        return read(shape.value, text);
    }
    match read::<Wrapped<T>>(shape.schema, text) {
        Ok(wrapped) => Ok(wrapped.value),
        // A model without strict schemas may omit the object. Accept the bare value as well.
        Err(problem) => read(shape.value, text).map_err(|_| problem),
    }
}

fn read<T: DeserializeOwned>(schema: SchemaRef, text: &str) -> Result<T, String> {
    match serde_json::from_str(text) {
        Ok(value) => schema::validate(schema, text).map(|()| value).map_err(error_text),
        Err(error) => Err(match schema::validate(schema, text) {
            Err(errors) => error_text(errors),
            // The schema accepts the value but the Rust type rejects it, so only serde's error contains the reason.
            Ok(()) => error_text(error),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn non_object_outputs_are_wrapped_and_unwrapped() {
        const { assert!(shape_of::<Vec<u8>>().wrapped) };
        assert_eq!(
            parse_output::<Vec<u8>>(shape_of::<Vec<u8>>(), r#"{"value":[1,2]}"#),
            Ok(vec![1, 2])
        );
        assert_eq!(
            parse_output::<Vec<u8>>(shape_of::<Vec<u8>>(), "[1,2]"),
            Ok(vec![1, 2])
        );
        assert_eq!(
            parse_output::<Option<u8>>(shape_of::<Option<u8>>(), r#"{"value":null}"#),
            Ok(None)
        );
        let invalid = parse_output::<Vec<u8>>(shape_of::<Vec<u8>>(), r#"{"value":[1,"2"]}"#).unwrap_err();
        assert!(invalid.contains("value[1]"), "{invalid}");
    }

    #[test]
    fn code_fences_and_whitespace_around_an_answer_are_ignored() {
        for text in [
            "7",
            " 7\n",
            "```json\n7\n```",
            "```\n7```",
            "```7```",
            "\n```JSON\n 7 \n```\n",
        ] {
            assert_eq!(parse_output::<u8>(shape_of::<u8>(), text), Ok(7), "{text:?}");
        }
        assert!(parse_output::<u8>(shape_of::<u8>(), "seven").is_err());
        assert!(parse_output::<u8>(shape_of::<u8>(), "").is_err());
    }
}
