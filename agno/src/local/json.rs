//! Writes JSON with a space after each comma and colon, as Python does. Models were trained on this format.

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::io::{self, Write};

/// Serializes a value on one line.
pub(super) fn to_spaced_json(value: &impl Serialize) -> String {
    write(value, Spaced)
}

/// Serializes a value on several lines, indented by `spaces` per level.
pub(super) fn indented(value: &impl Serialize, spaces: usize) -> String {
    write(value, PrettyFormatter::with_indent(" ".repeat(spaces).as_bytes()))
}

fn write(value: &impl Serialize, formatter: impl Formatter) -> String {
    let mut out = Vec::new();
    // Serializing to memory fails only for maps with non-string keys, which do not occur here.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut out, formatter));
    String::from_utf8(out).unwrap_or_default()
}

struct Spaced;

impl Spaced {
    fn separate<W: ?Sized + Write>(writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }
}

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        Self::separate(writer, first)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        Self::separate(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn spaces_follow_commas_and_colons() {
        assert_eq!(
            to_spaced_json(&json!({"a": [1, "b,c"], "d": {}})),
            r#"{"a": [1, "b,c"], "d": {}}"#
        );
    }
}
