//! serde's attributes for bounds, borrowing and types of other crates do not change the schema.
use std::borrow::Cow;
use std::num::ParseIntError;

use agno::Schema;
use serde::{Deserialize, Serialize};

#[derive(Schema, Serialize, Deserialize)]
#[serde(
    bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"),
    expecting = "a visit"
)]
struct Visit<'a, T> {
    #[serde(borrow)]
    city: Cow<'a, str>,
    #[serde(borrow = "'a", skip_serializing_if = "Option::is_none")]
    zip: Option<&'a str>,
    #[serde(bound = "")]
    nights: u8,
    value: T,
}

#[derive(Schema, Serialize, Deserialize)]
enum Borrowing<'a> {
    #[serde(borrow)]
    Text(Cow<'a, str>),
    #[serde(rename(serialize = "n", deserialize = "n"), alias = "number")]
    Number(u8),
}

#[derive(Schema, Deserialize)]
#[serde(try_from = "String")]
#[schema(with = String)]
struct Parsed(#[allow(dead_code)] u8);

impl TryFrom<String> for Parsed {
    type Error = ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(remote = "std::ops::RangeFull")]
#[schema(inline, description = "Everything.")]
struct Everything {}

impl From<Everything> for std::ops::RangeFull {
    fn from(_: Everything) -> Self {
        Self
    }
}

#[test]
fn the_schema_depends_only_on_the_fields() {
    assert_eq!(
        agno::json_schema!(Visit<'static, bool>),
        r#"{"type":"object","properties":{"city":{"type":"string"},"zip":{"type":["string","null"]},"nights":{"type":"integer","minimum":0,"maximum":255},"value":{"type":"boolean"}},"required":["city","nights","value"],"additionalProperties":false}"#
    );
    let visit: Visit<'_, bool> = serde_json::from_str(r#"{"city":"Oslo","nights":1,"value":true}"#).unwrap();
    assert_eq!(
        (visit.city.as_ref(), visit.zip, visit.nights, visit.value),
        ("Oslo", None, 1, true)
    );
    assert!(agno::json_schema!(Borrowing<'static>).contains(r#""n":{"#));
    assert_eq!(agno::json_schema!(Parsed), r#"{"type":"string"}"#);
    assert!(agno::json_schema!(Everything).contains("Everything."));
}
