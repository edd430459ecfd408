//! Structs: the serialized format of their fields, names and flattened parts.

use std::collections::{BTreeMap, HashMap};

use agno::Schema;
use serde::{Deserialize, Serialize};

use super::enums::Event;

#[derive(Schema, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Celsius,
    /// Freezing is at 32.
    #[serde(alias = "f")]
    Fahrenheit,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Place {
    city: String,
    zip: Option<String>,
}

/// A place to stay,
/// found by its city.
#[derive(Schema, Serialize, Deserialize)]
#[schema(example = "none")]
pub(crate) struct Described {
    /// City name, for instance "Paris".
    #[schema(example = "Oslo", examples = ["Rome"])]
    city: String,
    #[schema(description = "Not the doc comment", deprecated)]
    /// Never seen.
    country: String,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Options {
    a: Option<u8>,
    /// Maybe a unit.
    b: Option<Unit>,
    c: Option<Vec<Option<u8>>>,
    d: Option<Box<Place>>,
    e: Option<HashMap<String, u8>>,
    f: Option<Option<bool>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Defaults {
    #[serde(default)]
    a: u8,
    #[serde(default = "seven")]
    #[schema(default = 7)]
    b: u8,
    #[serde(default)]
    #[schema(default = None)]
    c: Option<u8>,
    d: u8,
}

fn seven() -> u8 {
    7
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Renamed {
    first_name: String,
    #[serde(rename = "last-name", alias = "surname")]
    last_name: String,
    #[serde(rename(serialize = "AGE", deserialize = "AGE"))]
    age: u8,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Skipped {
    a: u8,
    #[serde(skip)]
    _b: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<u8>,
    #[serde(skip_deserializing, skip_serializing)]
    _d: Opaque,
}

/// Has no schema, and needs none.
#[derive(Default)]
pub(crate) struct Opaque;

#[derive(Schema, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct Closed {
    a: u8,
    b: String,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Id(u64);

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Point(f64, f64);

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Nothing;

/// Wraps a place.
#[derive(Schema, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Wrapper {
    place: Place,
    #[serde(skip)]
    _cache: Opaque,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Trip {
    from: Place,
    stops: Vec<Stop>,
    unit: Unit,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Stop {
    id: Id,
    nights: u8,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Route {
    /// Start of a tour.
    from: Place,
    to: Place,
    via: Option<Place>,
    unit: Unit,
    other_unit: Unit,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Flattened {
    id: u8,
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Paging {
    #[serde(default)]
    offset: u32,
    limit: u32,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct FlattenedOption {
    id: u8,
    #[serde(flatten)]
    place: Option<Place>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct FlattenedMap {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, bool>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct FlattenedEnum {
    at: u32,
    #[serde(flatten)]
    event: Event,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "kind", rename = "tagged")]
pub(crate) struct TaggedStruct {
    a: u8,
}
