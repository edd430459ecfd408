//! Schemas: what a JSON value may be, told to a model and held against what it answers.
//!
//! A type's schema is a tree of constants, [`Schema::SCHEMA`]. It is written by `#[derive(Schema)]` or by hand, and from
//! then on everything about it is known while the program is compiled: its JSON in each provider's dialect
//! ([`json_schema!`](crate::json_schema), [`declare_tool!`](crate::declare_tool)), whether OpenAI's strict mode can hold
//! it, whether it holds rules that serde does not check ([`SchemaRef::is_constrained`]). At run time [`validate`] holds a JSON text
//! against it and says in words what is wrong.
//!
//! ```
//! use agno::schema::{Field, Node, Schema, SchemaRef, validate};
//!
//! struct Visit;
//! impl Schema for Visit {
//!     const SCHEMA: SchemaRef = SchemaRef::new(&Node::object(&[
//!         Field::new("city", <String as Schema>::SCHEMA).description("City name."),
//!         Field::new("nights", <Option<u8> as Schema>::SCHEMA),
//!     ]));
//! }
//!
//! assert!(validate(Visit::SCHEMA, r#"{"city": "Oslo"}"#).is_ok());
//! let problems = validate(Visit::SCHEMA, r#"{"nights": "two"}"#).unwrap_err();
//! assert_eq!(problems.to_string(), "nights: expected an integer from 0 to 255 or null, got \"two\"; city: missing");
//! ```

//!
//! # Types of other crates
//!
//! Each behind the feature of its name, in the form that its serde has:
//!
//! | feature | types | form |
//! |---|---|---|
//! | `chrono` | `DateTime`, `NaiveDate` | text of the format `date-time`, `date` |
//! | | `NaiveTime`, `NaiveDateTime` | text by a pattern: JSON Schema's formats want an offset |
//! | | `Weekday`, `Month`, `TimeDelta` | one of the names; seconds and nanoseconds |
//! | `time` | `Date` | text of the format `date` |
//! | | `Time`, `PrimitiveDateTime`, `UtcDateTime`, `OffsetDateTime`, `UtcOffset`, `Duration` | text by a pattern, not RFC 3339 |
//! | | `Weekday`, `Month` | one of the names |
//! | `uuid` | `Uuid`, `NonNilUuid` | text of the format `uuid` |
//! | `url` | `Url` | text of the format `uri` |
//! | `rust_decimal` | `Decimal` | text, which is exact |
//!
//! For RFC 3339 with the crate `time`, which needs its feature `serde-well-known`:
//!
//! ```
//! # mod time { pub mod serde { pub mod rfc3339 {
//! #     pub fn deserialize<'de, D: serde::Deserializer<'de>>(d: D) -> Result<String, D::Error> {
//! #         serde::Deserialize::deserialize(d)
//! #     }
//! # } } }
//! # type OffsetDateTime = String;
//! #[derive(agno::Schema, serde::Deserialize)]
//! struct Alarm {
//!     #[serde(with = "time::serde::rfc3339")]
//!     #[schema(with = String, format = "date-time")]
//!     at: OffsetDateTime,
//! }
//! ```
//!
//! A type that implements `schemars::JsonSchema` and nothing else is of use where schemas are made at run time: as the output
//! of an agent, `#[agent(output = Type, schemars)]`, and as the
//! arguments of [`DynTool::from_schemars`](crate::tool::DynTool#method.from_schemars), with the feature `schemars`.

mod annotations;
mod check;
pub mod dialect;
mod field;
mod impls;
mod kind;
mod node;
mod reference;
pub(crate) mod render;
mod rules;
pub mod runtime;
pub(crate) mod runtime_dialect;
mod validation_error;

pub use check::validate;
pub use dialect::{AnyDialect, Dialect, Rendered};
pub use field::Field;
pub use kind::{Definition, EnumValue, Kind, Limit, Tagging, Unique, Variant};
pub use node::Node;
pub use reference::SchemaRef;
pub use validation_error::{ValidationError, ValidationErrors};

/// Gives a type a [`Schema`](trait@crate::Schema): its JSON form, as serde has it, as a constant.
///
/// ```
/// use agno::Schema;
/// use serde::Deserialize;
///
/// /// A table for dinner.
/// #[derive(Schema, Deserialize)]
/// struct Booking {
///     /// Name of the restaurant.
///     #[schema(len = 1..=80)]
///     restaurant: String,
///     #[schema(range = 1..=12, example = 2)]
///     guests: u8,
///     seat: Option<Seat>,
/// }
///
/// #[derive(Schema, Deserialize)]
/// #[serde(rename_all = "lowercase")]
/// enum Seat {
///     Inside,
///     /// Only in summer.
///     Garden,
/// }
///
/// let schema = agno::json_schema!(Booking);
/// assert!(schema.contains(r#""restaurant":{"type":"string","description":"Name of the restaurant.","minLength":1,"maxLength":80}"#));
/// assert!(schema.contains(r#""enum":["inside","garden",null]"#));
/// assert!(schema.contains(r#""required":["restaurant","guests"]"#));
/// ```
///
/// Doc comments are descriptions. serde's attributes are honoured, all that say something of the form: `rename`,
/// `rename_all`, `rename_all_fields`, `alias`, `default`, `skip`, `skip_deserializing`, `flatten`, `tag`, `content`,
/// `untagged`, `deny_unknown_fields`, `transparent`, `remote`. Where serde calls functions of yours (`with`, `deserialize_with`,
/// `serialize_with`, `from`, `try_from`, `into`), the derive asks for `#[schema(with = ..)]`.
///
/// | `#[schema(..)]` | on | value | meaning |
/// |---|---|---|---|
/// | `description` | type, variant, field | text | instead of the doc comment |
/// | `example`, `examples` | type, field | literal, list of literals | told to the model |
/// | `default` | field with `#[serde(default)]` | literal | the value that serde fills in |
/// | `deprecated` | type, field | - | the model should prefer something else |
/// | `inline` | type | - | written out wherever it is used, even twice, rather than once under `$defs` |
/// | `range` | number field | `1..=5`, `..10`, `0.5..` | least and largest value |
/// | `len` | text or list field | `1..=80` | characters or items |
/// | `pattern` | text field | regular expression | found in the text |
/// | `format` | text field | text | `date-time`, `email`, `uuid`, … |
/// | `multiple_of` | number field | number above zero | the value is a multiple |
/// | `unique` | list field | - | items differ |
/// | `with` | type, field | JSON Schema as text, or a type | instead of the type's own schema |
/// | `crate` | type | path | where agno is, if not at `::agno` |
///
/// On an `Option` the rules hold for the value inside. Rules are part of the schema, and
/// [`validate`] holds values to them; a rule that makes no sense for its type is an error of the compiler, and so is an
/// example of another type: see [`compile_time`](crate::compile_time).
#[doc(inline)]
pub use agno_macros::Schema;

/// A type whose JSON form is known as a constant.
///
/// Derive it: `#[derive(Schema)]` reads serde's attributes, so that the schema is what serde takes and gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema, so a model cannot be told what it is",
    label = "needs a schema",
    note = "add `#[derive(Schema)]` to a type of yours, beside `Deserialize`",
    note = "for a type of another crate see agno's features, or write `#[schema(with = \"…\")]` on the field"
)]
pub trait Schema {
    /// The schema.
    const SCHEMA: SchemaRef;
}

impl SchemaRef {
    /// The schema as JSON in a dialect, made at run time; [`json_schema!`](crate::json_schema) makes a constant.
    ///
    /// ```
    /// use agno::schema::{AnyDialect, Schema};
    ///
    /// assert_eq!(bool::SCHEMA.to_json(AnyDialect::JsonSchema), r#"{"type":"boolean"}"#);
    /// ```
    pub fn to_json(self, dialect: AnyDialect) -> String {
        render::Rendering {
            document: render::Document::Schema,
            schema: self,
            dialect,
        }
        .to_text()
    }

    /// Returns `true` if the schema has rules that serde does not check: ranges narrower than the type, lengths, patterns,
    /// literal schemas. Without such rules every value that serde decodes is valid.
    ///
    /// ```
    /// use agno::schema::{Limit, Node, Schema, SchemaRef};
    ///
    /// const DIE: SchemaRef = SchemaRef::new(&Node::integer(Some(0), Some(255)).at_least(Limit::Int(1)).at_most(Limit::Int(6)));
    /// const { assert!(DIE.is_constrained()) };
    /// const { assert!(!<Vec<u8> as Schema>::SCHEMA.is_constrained()) };
    /// ```
    pub const fn is_constrained(self) -> bool {
        render::Plan::of(self).is_constrained()
    }

    /// Whether OpenAI's strict mode can hold the schema.
    pub const fn is_strict(self) -> bool {
        render::Plan::of(self).is_strict()
    }
}
