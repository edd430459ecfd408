//! Enums in serde's four representations.

use agno::Schema;
use serde::{Deserialize, Serialize};

use super::structs::{Opaque, Place};

/// A shape.
#[derive(Schema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    Nothing,
    /// Around a center.
    Circle {
        radius: f64,
    },
    Square(f64),
    Line(f64, f64),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum External {
    Place(Place),
    Maybe(Option<u8>),
    Deep(Box<Shape>),
    Empty {},
    One { a: u8 },
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(crate) enum Event {
    /// The run started.
    RunStarted {
        run_id: u32,
    },
    Moved(Place),
    Ended,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "op", content = "args")]
pub(crate) enum Command {
    Stop,
    Go(u8),
    Between(u8, u8),
    To { place: Place },
    Perhaps(Option<u8>),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Either {
    Number(u8),
    Text(String),
    Pair(bool, bool),
    Place(Place),
    Null,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub(crate) enum VariantCase {
    #[serde(rename_all = "PascalCase")]
    NewYork {
        east_side: bool,
    },
    #[serde(skip)]
    _Skipped(Opaque),
    OldTown,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", expecting = "an animal")]
pub(crate) enum WithOther {
    Dog {
        legs: u8,
    },
    #[serde(rename = "feline", alias = "cat")]
    Cat,
    /// Any other kind.
    #[serde(other)]
    Unknown,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "type", content = "data")]
pub(crate) enum ClosedAdjacent {
    A { a: u8 },
    B(u8),
}

/// Has fields that are only read or only written; the schema contains those that are read.
#[derive(Schema, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Sides {
    #[serde(skip_deserializing)]
    _Written(bool),
    Read {
        #[serde(skip_serializing, default)]
        secret: u8,
        #[serde(alias = "b")]
        a: u8,
    },
}
