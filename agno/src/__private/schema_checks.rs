//! Schema checks that expansions evaluate in constants. They check the type of an example, and that a type can be
//! flattened.

use crate::const_text::{ConstMessage, same_bytes};
use crate::schema::{EnumValue, Kind, Node, SchemaRef, push_integer, render};

/// Checks the type of an example or a default, which is JSON text. Does not check the contents of lists or tagged enums.
///
/// # Panics
///
/// Panics if the example does not have the schema's type. In a constant, this is a compile error.
#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
pub const fn check_example(schema: SchemaRef, json: &str) {
    if let Some(mismatch) = mismatch(schema, json) {
        let mut message = ConstMessage::new();
        message.push(mismatch.problem);
        if let Some((value, min, max)) = mismatch.range {
            message.push(value);
            message.push(" is outside the range of the type, ");
            push_integer(&mut message, min);
            message.push("..=");
            push_integer(&mut message, max);
            message.push("; write a number that fits");
        }
        match message.as_str() {
            Some(text) => panic!("{}", text),
            None => panic!("an example does not have the type of the field"),
        }
    }
}

/// Checks that a schema can be flattened.
///
/// # Panics
///
/// Panics if the schema has no fields to flatten. In a constant, this is a compile error.
#[track_caller]
pub const fn check_flatten(schema: SchemaRef) {
    assert!(
        render::is_flattenable(schema),
        "only an object, a map or an enum of objects can be flattened; remove `#[serde(flatten)]`"
    );
}

/// Returns `nullable` if `schema` is nullable, and otherwise `ruled`. Both are copies of the schema's node with
/// additional constraints.
pub const fn replaced(schema: SchemaRef, ruled: &'static Node, nullable: &'static Node) -> SchemaRef {
    SchemaRef::new(if schema.is_nullable() { nullable } else { ruled })
}

/// The difference between an example and its type.
struct Mismatch<'j> {
    problem: &'static str,
    /// The example and the bounds of its type, for a number out of range.
    range: Option<(&'j str, i128, i128)>,
}

const fn problem<'j>(problem: &'static str) -> Option<Mismatch<'j>> {
    Some(Mismatch { problem, range: None })
}

const fn mismatch(schema: SchemaRef, json: &str) -> Option<Mismatch<'_>> {
    let bytes = json.as_bytes();
    let (first, text) = match bytes.first() {
        Some(first) => (*first, *first == b'"'),
        None => return None,
    };
    let number = first == b'-' || first.is_ascii_digit();
    match &schema.get().kind {
        Kind::Nullable(inner) if !same_bytes(bytes, b"null") => mismatch(*inner, json),
        Kind::Bool if !same_bytes(bytes, b"true") && !same_bytes(bytes, b"false") => {
            problem("the type is a boolean; write `true` or `false`")
        }
        Kind::Integer { min, max, .. } => match (number, as_integer(bytes)) {
            (true, Some(value)) => {
                let below = matches!(min, Some(min) if value < *min);
                let above = matches!(max, Some(max) if value > *max);
                if below || above {
                    Some(Mismatch {
                        problem: "",
                        range: Some((json, bound(*min, i128::MIN), bound(*max, i128::MAX))),
                    })
                } else {
                    None
                }
            }
            _ => problem("the type is an integer; write one, such as `5`"),
        },
        Kind::Number { .. } if !number => problem("the type is a number; write one, such as `0.5`"),
        Kind::String { .. } if !text => problem("the type is a string; write one, such as `\"Oslo\"`"),
        Kind::Enum(values) if !text || !contains(values, bytes) => {
            problem("the value is not a variant of the enum; write the name of a variant")
        }
        Kind::Array { .. } | Kind::Tuple(_) if first != b'[' => {
            problem("the type is a list; write one, such as `[1, 2]`")
        }
        Kind::Object { .. } | Kind::Map { .. } => problem(
            "the type is an object, which a literal cannot express; annotate the fields of the object instead",
        ),
        _ => None,
    }
}

const fn bound(limit: Option<i128>, none: i128) -> i128 {
    match limit {
        Some(limit) => limit,
        None => none,
    }
}

/// Parses an integer. Returns `None` if the number has a decimal point or an exponent.
const fn as_integer(bytes: &[u8]) -> Option<i128> {
    let negative = bytes[0] == b'-';
    let mut at = negative as usize;
    let mut value = 0_i128;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            return None;
        }
        value = match value.checked_mul(10) {
            Some(value) => value,
            None => return None,
        };
        value += (bytes[at] - b'0') as i128;
        at += 1;
    }
    Some(if negative { -value } else { value })
}

/// Returns `true` if `values` contains the JSON string. Accepts strings with escape sequences unchecked.
const fn contains(values: &[EnumValue], json: &[u8]) -> bool {
    let mut at = 0;
    while at < json.len() {
        if json[at] == b'\\' {
            return true;
        }
        at += 1;
    }
    let mut at = 0;
    while at < values.len() {
        if quoted(values[at].text, json) {
            return true;
        }
        let mut alias = 0;
        while alias < values[at].aliases.len() {
            if quoted(values[at].aliases[alias], json) {
                return true;
            }
            alias += 1;
        }
        at += 1;
    }
    false
}

const fn quoted(word: &str, json: &[u8]) -> bool {
    match json {
        [b'"', inner @ .., b'"'] => same_bytes(inner, word.as_bytes()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    fn fits<T: Schema>(json: &str) -> bool {
        mismatch(T::SCHEMA, json).is_none()
    }

    #[test]
    fn examples_of_the_field_type_are_accepted() {
        assert!(fits::<u8>("255") && fits::<i8>("-128") && fits::<u64>("18446744073709551615"));
        assert!(fits::<f64>("5") && fits::<f32>("-0.5") && fits::<bool>("true"));
        assert!(fits::<String>("\"a\"") && fits::<char>("\"a\"") && fits::<Vec<u8>>("[]"));
        assert!(fits::<(u8, bool)>("[1,true]") && fits::<Option<u8>>("null") && fits::<Option<u8>>("7"));
    }

    #[test]
    fn examples_of_another_type_are_rejected() {
        assert!(!fits::<u8>("256") && !fits::<u8>("-1") && !fits::<u8>("1.5") && !fits::<u8>("\"1\""));
        assert!(!fits::<f64>("\"a\"") && !fits::<bool>("1") && !fits::<String>("5") && !fits::<char>("null"));
        assert!(!fits::<Vec<u8>>("5") && !fits::<Option<u8>>("\"a\"") && !fits::<u8>("null"));
    }

    #[test]
    fn enum_examples_must_match_a_variant_or_an_alias() {
        static UNIT: Node =
            Node::enumeration(&[EnumValue::new("m").aliases(&["meters"]), EnumValue::new("km")]);
        const SCHEMA: SchemaRef = SchemaRef::new(&UNIT);
        assert!(mismatch(SCHEMA, "\"km\"").is_none() && mismatch(SCHEMA, "\"meters\"").is_none());
        assert!(mismatch(SCHEMA, "\"mi\"").is_some() && mismatch(SCHEMA, "5").is_some());
    }
}
