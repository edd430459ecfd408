//! Conversion of return values into the results that the model reads. Text stays as it is; other values become
//! JSON.

use std::error::Error as StdError;
use std::fmt;

use serde::ser::{Serialize, Serializer};

use crate::message::{Citation, Content, Media, Parts, ToolResult};

/// A return value of a tool: any value that implements `Serialize`, such as text, or a [`ToolOutput`].
///
/// ```
/// use agno::tool::{ToolOutput, ToolReturn};
///
/// assert_eq!("plain text".into_result().text(), "plain text");
/// assert_eq!(vec![1, 2].into_result().text(), "[1,2]");
/// assert_eq!(ToolOutput::text("a chart").into_result().text(), "a chart");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the result of a tool",
    label = "neither text nor serializable",
    note = "return text, a type with `#[derive(serde::Serialize)]`, or a `Result` of one"
)]
pub trait ToolReturn {
    /// Converts the value into the result that the model reads.
    fn into_result(self) -> ToolResult;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> ToolReturn for T {
    fn into_result(self) -> ToolResult {
        to_result(&self)
    }
}

/// A tool result with several parts: text and the images, audio or documents that belong to it.
///
/// ```
/// use agno::message::Media;
/// use agno::prelude::*;
/// use agno::tool::ToolOutput;
///
/// /// Draws a chart of the sales.
/// #[tool]
/// fn chart() -> ToolOutput {
///     let drawing = Media::bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml");
///     ToolOutput::text("Sales went up.").with_image(drawing)
/// }
/// # fn main() {}
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToolOutput {
    content: Parts<Content>,
    citations: Vec<Citation>,
}

impl ToolOutput {
    /// Creates an empty result.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a result with one text part.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new().with_content(Content::text(text))
    }

    /// Appends a part.
    #[must_use]
    pub fn with_content(mut self, part: impl Into<Content>) -> Self {
        self.content.push(part.into());
        self
    }

    /// Appends an image.
    #[must_use]
    pub fn with_image(self, image: Media) -> Self {
        self.with_content(Content::image(image))
    }

    /// Adds a source of the result, which the answer of the run cites; see [`Answer::citations`](crate::Answer::citations).
    #[must_use]
    pub fn with_citation(mut self, citation: Citation) -> Self {
        self.citations.push(citation);
        self
    }

    /// Appends a document.
    #[must_use]
    pub fn with_document(self, document: Media) -> Self {
        self.with_content(Content::document(document))
    }
}

// Omitted from the compiler's help, because most results are serialized.
#[diagnostic::do_not_recommend]
impl ToolReturn for ToolOutput {
    fn into_result(self) -> ToolResult {
        let result = ToolResult::new(self.content);
        self.citations.into_iter().fold(result, ToolResult::with_citation)
    }
}

/// Converts a value into the result that the model reads. Text stays as it is, `()` becomes `null`, and other values
/// become JSON.
///
/// A value that cannot be serialized becomes an error result with the reason.
///
/// ```
/// assert_eq!(agno::tool::to_result("plain text").text(), "plain text");
/// assert_eq!(agno::tool::to_result(&[1, 2]).text(), "[1,2]");
/// ```
pub fn to_result<T: Serialize>(value: T) -> ToolResult {
    let mut json = Vec::with_capacity(128);
    match value.serialize(TextOrJson(&mut serde_json::Serializer::new(&mut json))) {
        Ok(Serialized::Text(text)) => ToolResult::from_text(text),
        Ok(Serialized::Json) => match String::from_utf8(json) {
            Ok(json) => ToolResult::from_text(json),
            Err(_) => ToolResult::error("the tool's result is not valid UTF-8"),
        },
        Err(error) => ToolResult::error(format!(
            "the tool's result could not be serialized as JSON: {error}"
        )),
    }
}

/// The error type for handwritten tools. `?` converts any other error into it.
///
/// ```
/// use agno::tool::ToolError;
///
/// fn parse(text: &str) -> Result<u8, ToolError> {
///     Ok(text.parse::<u8>()?)
/// }
/// assert_eq!(parse("300").unwrap_err().to_string(), "number too large to fit in target type");
/// ```
pub struct ToolError(String);

impl ToolError {
    /// Creates an error from a message that helps the model to correct its call.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl<E: StdError> From<E> for ToolError {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ToolError").field(&self.0).finish()
    }
}

/// The outcome of serialization: text, or JSON in the writer's buffer.
enum Serialized {
    Text(String),
    Json,
}

/// Serializes a value as JSON, except that plain text is returned without quotes.
struct TextOrJson<'a, 'b>(&'a mut serde_json::Serializer<&'b mut Vec<u8>>);

/// Methods that forward a scalar to the JSON serializer.
macro_rules! forward_scalar {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        fn $method(self, $($argument: $type),*) -> Result<Serialized, serde_json::Error> {
            self.0.$method($($argument),*).map(|()| Serialized::Json)
        }
    )*};
}

/// Methods that forward a compound value to the JSON serializer.
macro_rules! compound {
    ($($method:ident($($argument:ident: $type:ty),*) -> $compound:ident;)*) => {$(
        fn $method(self, $($argument: $type),*) -> Result<Self::$compound, serde_json::Error> {
            self.0.$method($($argument),*).map(Compound)
        }
    )*};
}

impl<'a, 'b> Serializer for TextOrJson<'a, 'b> {
    type Ok = Serialized;
    type Error = serde_json::Error;
    type SerializeSeq = Compound<'a, 'b>;
    type SerializeTuple = Compound<'a, 'b>;
    type SerializeTupleStruct = Compound<'a, 'b>;
    type SerializeTupleVariant = Compound<'a, 'b>;
    type SerializeMap = Compound<'a, 'b>;
    type SerializeStruct = Compound<'a, 'b>;
    type SerializeStructVariant = Compound<'a, 'b>;

    fn serialize_str(self, text: &str) -> Result<Serialized, serde_json::Error> {
        Ok(Serialized::Text(text.to_owned()))
    }

    fn serialize_char(self, letter: char) -> Result<Serialized, serde_json::Error> {
        Ok(Serialized::Text(letter.to_string()))
    }

    fn collect_str<T: ?Sized + fmt::Display>(self, text: &T) -> Result<Serialized, serde_json::Error> {
        Ok(Serialized::Text(text.to_string()))
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Serialized, serde_json::Error> {
        Ok(Serialized::Text(variant.to_owned()))
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<Serialized, serde_json::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Serialized, serde_json::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Serialized, serde_json::Error> {
        self.0
            .serialize_newtype_variant(name, index, variant, value)
            .map(|()| Serialized::Json)
    }

    forward_scalar! {
        serialize_bool(value: bool);
        serialize_i8(value: i8);
        serialize_i16(value: i16);
        serialize_i32(value: i32);
        serialize_i64(value: i64);
        serialize_i128(value: i128);
        serialize_u8(value: u8);
        serialize_u16(value: u16);
        serialize_u32(value: u32);
        serialize_u64(value: u64);
        serialize_u128(value: u128);
        serialize_f32(value: f32);
        serialize_f64(value: f64);
        serialize_bytes(value: &[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(name: &'static str);
    }

    compound! {
        serialize_seq(len: Option<usize>) -> SerializeSeq;
        serialize_tuple(len: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeTupleVariant;
        serialize_map(len: Option<usize>) -> SerializeMap;
        serialize_struct(name: &'static str, len: usize) -> SerializeStruct;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeStructVariant;
    }
}

type JsonCompound<'a, 'b> = <&'a mut serde_json::Serializer<&'b mut Vec<u8>> as Serializer>::SerializeSeq;

/// A list or an object that is forwarded to the JSON serializer.
struct Compound<'a, 'b>(JsonCompound<'a, 'b>);

/// Implementations of serde's compound traits that forward to the JSON serializer.
macro_rules! forward_compound {
    ($($trait:ident { $($method:ident $(<$key:ident>)? ($($argument:ident: $type:ty),*);)* })*) => {$(
        impl serde::ser::$trait for Compound<'_, '_> {
            type Ok = Serialized;
            type Error = serde_json::Error;

            $(fn $method<T: ?Sized + Serialize>(&mut self, $($argument: $type,)* value: &T) -> Result<(), serde_json::Error> {
                serde::ser::$trait::$method(&mut self.0, $($argument,)* value)
            })*

            fn end(self) -> Result<Serialized, serde_json::Error> {
                serde::ser::$trait::end(self.0).map(|()| Serialized::Json)
            }
        }
    )*};
}

forward_compound! {
    SerializeSeq { serialize_element(); }
    SerializeTuple { serialize_element(); }
    SerializeTupleStruct { serialize_field(); }
    SerializeTupleVariant { serialize_field(); }
    SerializeMap { serialize_key(); serialize_value(); }
    SerializeStruct { serialize_field(key: &'static str); }
    SerializeStructVariant { serialize_field(key: &'static str); }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde_json::json;

    #[test]
    fn strings_are_unquoted_and_other_values_are_json() {
        assert_eq!(to_result("a \"b\"").text(), "a \"b\"");
        assert_eq!(to_result(Some("text")).text(), "text");
        assert_eq!(to_result('x').text(), "x");
        assert_eq!(to_result(()).text(), "null");
        assert_eq!(to_result(None::<u8>).text(), "null");
        assert_eq!(to_result(4.5).text(), "4.5");
        assert_eq!(to_result(["a", "b"]).text(), r#"["a","b"]"#);
        assert_eq!(
            to_result(json!({"a": [1, {"b": null}]})).text(),
            r#"{"a":[1,{"b":null}]}"#
        );
    }

    #[test]
    fn compound_values_match_serde_json() {
        #[derive(Serialize)]
        struct Pair(u8, &'static str);
        #[derive(Serialize)]
        struct Named {
            a: u8,
        }
        #[derive(Serialize)]
        enum Shape {
            Newtype(&'static str),
            Tuple(u8, u8),
            Struct { a: u8 },
        }
        fn assert_matches_serde_json(value: impl Serialize) {
            assert_eq!(to_result(&value).text(), serde_json::to_string(&value).unwrap());
        }
        assert_matches_serde_json(Pair(1, "x"));
        assert_matches_serde_json(Named { a: 1 });
        assert_matches_serde_json(Shape::Newtype("text"));
        assert_matches_serde_json(Shape::Tuple(1, 2));
        assert_matches_serde_json(Shape::Struct { a: 1 });
        assert_matches_serde_json((1, "x", [true]));
        assert_matches_serde_json(std::collections::BTreeMap::from([("k", 1)]));
    }

    #[test]
    fn serialization_failures_are_errors_for_the_model() {
        let map = std::collections::BTreeMap::from([(vec![1], 1)]);
        let result = to_result(map);
        assert!(result.is_error);
        assert!(result.text().contains("could not be serialized as JSON"));
    }
}
