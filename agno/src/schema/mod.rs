//! Schemas: descriptions of JSON values, sent to a model and used to validate its tool arguments and answers.
//!
//! The schema of a type is a tree of constants, [`Schema::SCHEMA`]. It is written by `#[derive(Schema)]` or by hand.
//! Everything about it is known at compile time: its JSON in each provider's dialect
//! ([`json_schema!`](crate::json_schema), [`declare_tool!`](crate::declare_tool)), whether OpenAI's strict mode
//! supports it, and whether it has rules that serde does not check ([`SchemaRef::is_constrained`]). At run time,
//! [`validate`] checks JSON text against the schema and reports the errors.
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
//! # Types from other crates
//!
//! Each type requires the feature with the name of its crate. The schemas match the formats of the serde
//! implementations:
//!
//! | feature | types | format |
//! |---|---|---|
//! | `chrono` | `DateTime`, `NaiveDate` | string with the format `date-time`, `date` |
//! | | `NaiveTime`, `NaiveDateTime` | string with a pattern: JSON Schema's formats require an offset |
//! | | `Weekday`, `Month`, `TimeDelta` | one of the names; seconds and nanoseconds |
//! | `time` | `Date` | string with the format `date` |
//! | | `Time`, `PrimitiveDateTime`, `UtcDateTime`, `OffsetDateTime`, `UtcOffset`, `Duration` | string with a pattern, not RFC 3339 |
//! | | `Weekday`, `Month` | one of the names |
//! | `uuid` | `Uuid`, `NonNilUuid` | string with the format `uuid` |
//! | `url` | `Url` | string with the format `uri` |
//! | `rust_decimal` | `Decimal` | string, which is exact |
//!
//! For RFC 3339 with the `time` crate, enable the crate's `serde-well-known` feature:
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
//! A type that implements only `schemars::JsonSchema` works where schemas are created at run time: as the output of an
//! agent, `#[agent(output = Type, schemars)]`, and as the arguments of
//! [`DynTool::from_schemars`](crate::tool::DynTool#method.from_schemars). Both require the `schemars` feature.

mod annotations;
mod canonical;
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
pub(crate) mod runtime_rules;
mod validation_error;

pub use check::validate;
pub use dialect::{AnyDialect, Dialect, Rendered};
pub use field::Field;
pub use kind::{Definition, EnumValue, Kind, Limit, Tagging, Unique, Variant};
pub use node::Node;
pub use reference::SchemaRef;
pub(crate) use rules::push_integer;
#[doc(hidden)]
pub use rules::{Rule, with_rules};
pub use validation_error::{ValidationError, ValidationErrors};

/// Implements [`Schema`](trait@crate::Schema) for a type: a constant that describes the JSON format of the type's
/// serde implementation.
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
/// Doc comments become descriptions. The derive honors every serde attribute that affects the format: `rename`,
/// `rename_all`, `rename_all_fields`, `alias`, `default`, `skip`, `skip_deserializing`, `flatten`, `tag`, `content`,
/// `untagged`, `deny_unknown_fields`, `transparent`, `remote`. Where serde calls user-defined functions (`with`,
/// `deserialize_with`, `serialize_with`, `from`, `try_from`, `into`), the derive requires `#[schema(with = ..)]`.
///
/// | `#[schema(..)]` | on | value | meaning |
/// |---|---|---|---|
/// | `description` | type, variant, field | string | replaces the doc comment |
/// | `example`, `examples` | type, field | literal, list of literals | shown to the model |
/// | `default` | field with `#[serde(default)]` | literal | the value that serde fills in |
/// | `deprecated` | type, field | - | the model should prefer an alternative |
/// | `inline` | type | - | written out at every use, even if used twice, instead of once under `$defs` |
/// | `range` | number field | `1..=5`, `..10`, `0.5..` | minimum and maximum value |
/// | `len` | string or list field | `1..=80` | number of characters or items |
/// | `pattern` | string field | regular expression | must match within the string |
/// | `format` | string field | string | `date-time`, `email`, `uuid`, … |
/// | `multiple_of` | number field | positive number | the value must be a multiple of this number |
/// | `unique` | list field | - | the items must be unique |
/// | `with` | type, field | JSON Schema as a string, or a type | replaces the type's own schema |
/// | `crate` | type | path | path of agno, if not `::agno` |
///
/// On an `Option`, the rules apply to the inner value. Rules are part of the schema, and [`validate`] enforces them.
/// The work of a validation is bounded: the larger a `pattern`, the shorter the total length of the strings that it can
/// be matched against, from more than 1 MiB for small patterns down to a few thousand characters for a pattern of 2,500
/// states. Longer strings are an error. Rules that do not apply to the type, and examples of a different type, are
/// compile errors; see [`compile_time`](crate::guide::compile_time).
#[doc(inline)]
pub use agno_macros::Schema;

/// A type whose JSON schema is a constant.
///
/// `#[derive(Schema)]` implements this trait. The derive reads serde's attributes, so the schema matches the values
/// that serde reads and writes.
///
/// ```
/// use agno::schema::{Node, Schema, SchemaRef, validate};
///
/// /// An amount in cents, serialized as text such as "12.50".
/// struct Cents(u64);
///
/// impl Schema for Cents {
///     const SCHEMA: SchemaRef = SchemaRef::new(&Node::string().pattern(r"^\d+\.\d\d$"));
/// }
/// assert!(validate(Cents::SCHEMA, r#""12.50""#).is_ok());
/// assert!(validate(Cents::SCHEMA, r#""12.5""#).is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema",
    label = "no schema for this type",
    note = "for your own type, add `#[derive(Schema, Deserialize)]`",
    note = "for a type of another crate, enable its feature of agno, or write `#[schema(with = \"…\")]` on the field"
)]
pub trait Schema {
    /// The schema of the type.
    const SCHEMA: SchemaRef;
}

/// A type whose schema is part of another schema: any type with a [`Schema`].
///
/// Types that contain others, such as `Vec<T>` and derived types, require this trait of their parts. The compiler lists the
/// types that implement a missing trait, and the types with a schema would fill a page; this trait has one
/// implementation, which the compiler does not list.
///
/// ```
/// use agno::schema::{HasSchema, Schema};
///
/// assert_eq!(<u8 as HasSchema>::OF.get().kind_name(), u8::SCHEMA.get().kind_name());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema",
    label = "no schema for this type",
    note = "for your own type, add `#[derive(Schema, Deserialize)]`",
    note = "for a type of another crate, enable its feature of agno, or write `#[schema(with = \"…\")]` on the field"
)]
pub trait HasSchema {
    /// The schema of the type.
    const OF: SchemaRef;
}

#[diagnostic::do_not_recommend]
impl<T: Schema + ?Sized> HasSchema for T {
    const OF: SchemaRef = T::SCHEMA;
}

impl SchemaRef {
    /// Renders the schema as JSON in a dialect, at run time. [`json_schema!`](crate::json_schema) creates a constant
    /// instead.
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

    /// Returns `true` if the schema has rules that serde does not check, such as ranges narrower than the type's own
    /// range, lengths, patterns and literal schemas. Without such rules, every value that serde decodes is valid.
    ///
    /// ```
    /// use agno::schema::{Limit, Node, Schema, SchemaRef};
    ///
    /// const DIE: SchemaRef = SchemaRef::new(&Node::integer(Some(0), Some(255)).at_least(Limit::Int(1)).at_most(Limit::Int(6)));
    /// const { assert!(DIE.is_constrained()) };
    /// const { assert!(!<Vec<u8> as Schema>::SCHEMA.is_constrained()) };
    /// ```
    pub const fn is_constrained(self) -> bool {
        render::Plan::new(self).is_constrained()
    }

    /// Returns `true` if OpenAI's strict mode supports the schema.
    ///
    /// ```
    /// use agno::schema::{Field, Node, Schema, SchemaRef};
    /// use std::collections::BTreeMap;
    ///
    /// const CITY: SchemaRef = SchemaRef::new(&Node::object(&[Field::new("name", String::SCHEMA)]));
    /// const { assert!(CITY.is_strict()) };
    /// // Strict mode requires the schema to list all keys.
    /// const { assert!(!<BTreeMap<String, u8> as Schema>::SCHEMA.is_strict()) };
    /// ```
    pub const fn is_strict(self) -> bool {
        render::Plan::new(self).is_strict()
    }
}
