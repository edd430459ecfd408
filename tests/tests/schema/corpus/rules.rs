//! The attribute `#[schema(..)]`: rules, descriptions, and formats of custom serde functions.

use std::rc::Rc;
use std::sync::Arc;

use agno::Schema;
use serde::{Deserialize, Serialize};

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Constrained {
    #[schema(range = 1..=6)]
    die: u8,
    #[schema(range = -0.5..0.5)]
    offset: f64,
    #[schema(range = ..=100)]
    percent: Option<i64>,
    #[schema(multiple_of = 5, range = 0..60)]
    minute: u8,
    #[schema(multiple_of = 0.25)]
    price: f64,
    #[schema(len = 1..=3)]
    short: String,
    #[schema(len = 2..)]
    two: Vec<u8>,
    #[schema(unique)]
    different: Vec<u8>,
    #[schema(len = 3)]
    three: Option<Box<[u8]>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Patterns {
    #[schema(pattern = "^[a-z]{2}$")]
    language: String,
    #[schema(format = "date")]
    day: String,
    #[schema(format = "email")]
    mail: Option<String>,
    #[schema(format = "flight-number", len = ..=6)]
    flight: String,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct WithJson {
    #[serde(with = "shout")]
    #[schema(with = r#"{"type": "string", "description": "Loud."}"#)]
    text: String,
    /// Anything short.
    #[schema(with = r#"{"type": "string", "maxLength": 3}"#)]
    short: Option<String>,
}

mod shout {
    pub(super) fn serialize<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct WithType {
    #[serde(with = "shout")]
    #[schema(with = String, len = 1..=5)]
    text: String,
}

#[derive(Schema, Serialize, Deserialize, Clone)]
#[serde(from = "f64", into = "f64")]
#[schema(with = f64)]
/// Degrees.
pub(crate) struct Celsius {
    degrees: f64,
}

impl From<f64> for Celsius {
    fn from(degrees: f64) -> Self {
        Self { degrees }
    }
}

impl From<Celsius> for f64 {
    fn from(celsius: Celsius) -> Self {
        celsius.degrees
    }
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct RawNames {
    r#type: u8,
    #[serde(rename = "in")]
    place: r#Raw,
}

#[derive(Schema, Serialize, Deserialize)]
#[allow(non_camel_case_types)]
pub(crate) enum r#Raw {
    r#Here,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Pointers {
    #[serde(serialize_with = "rc::write", deserialize_with = "rc::read")]
    #[schema(with = Rc<u8>)]
    rc: Rc<u8>,
    #[serde(serialize_with = "rc::write", deserialize_with = "rc::read")]
    #[schema(with = Arc<u8>)]
    arc: Rc<u8>,
}

#[derive(Debug, Schema, Serialize, Deserialize)]
pub(crate) struct OneDirection {
    #[serde(serialize_with = "numbers::write")]
    #[schema(with = Option<u8>)]
    written: Option<u8>,
    #[serde(deserialize_with = "numbers::read")]
    #[schema(with = Option<u8>)]
    read: Option<u8>,
}

mod numbers {
    #[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
    pub(super) fn write<S: serde::Serializer>(value: &Option<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(value, serializer)
    }

    pub(super) fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

mod rc {
    use std::rc::Rc;

    pub(super) fn write<S: serde::Serializer>(value: &Rc<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(**value)
    }

    pub(super) fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Rc<u8>, D::Error> {
        serde::Deserialize::deserialize(deserializer).map(Rc::new)
    }
}

/// "Quotes", back\slashes, …
///
/// - lists
/// - too
#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Escapes {
    #[serde(rename = "a \"quoted\" name\n")]
    a: u8,
}

/// Is repeated at each use.
#[derive(Schema, Serialize, Deserialize)]
#[schema(inline)]
pub(crate) struct Inlined {
    a: u8,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct InlinedTwice {
    first: Inlined,
    second: Inlined,
}

/// Is recursive, so it becomes a definition anyway.
#[derive(Schema, Serialize, Deserialize)]
#[schema(inline)]
pub(crate) struct InlinedTree {
    value: u8,
    children: Vec<InlinedTree>,
}

/// Represents a type of another crate.
#[derive(Schema, Serialize, Deserialize)]
#[serde(remote = "std::cell::Cell<u8>")]
pub(crate) struct CellDef {
    #[serde(getter = "std::cell::Cell::get")]
    value: u8,
}

impl From<CellDef> for std::cell::Cell<u8> {
    fn from(cell: CellDef) -> Self {
        Self::new(cell.value)
    }
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Remote {
    #[serde(with = "CellDef")]
    #[schema(with = CellDef)]
    cell: std::cell::Cell<u8>,
}
