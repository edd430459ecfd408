//! The kinds of JSON values that a schema node can describe, and their parts: variants, enum values, definitions and
//! limits.

use super::{Field, SchemaRef};

/// The kind of JSON value that a [`Node`](super::Node) describes.
///
/// ```
/// use agno::schema::{Kind, Schema};
///
/// let Kind::Array { items, .. } = <Vec<bool> as Schema>::SCHEMA.get().kind() else { panic!("a list") };
/// assert!(matches!(items.get().kind(), Kind::Bool));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Any JSON value.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// An integer.
    #[non_exhaustive]
    Integer {
        /// Smallest value, if limited.
        min: Option<i128>,
        /// Largest value, if limited.
        max: Option<i128>,
        /// `true` if the bounds were set explicitly. Otherwise, they are the bounds of the Rust type, which serde
        /// checks.
        is_explicit: bool,
        /// Number that must divide the value, if any.
        multiple_of: Option<i128>,
    },
    /// A number.
    #[non_exhaustive]
    Number {
        /// Smallest value, if limited.
        min: Option<f64>,
        /// Largest value, if limited.
        max: Option<f64>,
        /// `true` if `max` itself is excluded.
        exclusive_max: bool,
        /// Number that must divide the value, if any.
        multiple_of: Option<f64>,
    },
    /// A string.
    #[non_exhaustive]
    String {
        /// Minimum number of characters.
        min: usize,
        /// Maximum number of characters, if limited.
        max: Option<usize>,
        /// `true` if the type fixes the length and the pattern, as `char` does. serde then checks them.
        fixed_by_type: bool,
        /// Regular expression that must match within the string.
        pattern: Option<&'static str>,
        /// Format of the string, as named by JSON Schema: `date-time`, `uuid`, …
        format: Option<&'static str>,
    },
    /// One of a fixed set of strings.
    Enum(&'static [EnumValue]),
    /// A list whose items share a schema.
    #[non_exhaustive]
    Array {
        /// Schema of each item.
        items: SchemaRef,
        /// Minimum number of items.
        min: usize,
        /// Maximum number of items, if limited.
        max: Option<usize>,
        /// `true` if the type fixes the number of items, as `[T; N]` does.
        fixed_by_type: bool,
        /// The uniqueness rule for the items.
        unique: Unique,
    },
    /// A list with one schema per position.
    Tuple(&'static [SchemaRef]),
    /// An object with named fields.
    #[non_exhaustive]
    Object {
        /// Fields in declaration order.
        fields: &'static [Field],
        /// `true` if an unknown field is an error (serde's `deny_unknown_fields`).
        closed: bool,
    },
    /// An object whose keys are data.
    #[non_exhaustive]
    Map {
        /// Schema of each key: a string, an enumeration of strings, or an integer or boolean written as a string.
        keys: SchemaRef,
        /// Schema of each value.
        values: SchemaRef,
    },
    /// `null`, or a value that matches this schema.
    Nullable(SchemaRef),
    /// One of several shapes: a Rust enum with data.
    #[non_exhaustive]
    Union {
        /// The shapes as they appear on the wire, including the tag.
        variants: &'static [Variant],
        /// The method that distinguishes the shapes.
        tagging: Tagging,
    },
    /// A literal JSON Schema.
    Raw(&'static str),
    /// A reference to the innermost enclosing definition with this path. Recursive generic types refer to themselves
    /// this way.
    Enclosing(&'static str),
}

/// Uniqueness rule for the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unique {
    /// Items may repeat.
    No,
    /// The schema declares unique items, but repeated items are not an error: the Rust type (a set) merges them.
    Declared,
    /// Repeated items are an error.
    Checked,
}

/// Representation of the shapes of a [`Kind::Union`] on the wire, in serde's terms.
///
/// ```
/// use agno::schema::{AnyDialect, Field, Node, Schema, SchemaRef, Tagging, Variant};
///
/// const CIRCLE: SchemaRef = SchemaRef::new(&Node::object(&[
///     Field::new("kind", SchemaRef::new(&Node::raw(r#"{"const":"circle"}"#))),
///     Field::new("radius", f64::SCHEMA),
/// ]));
/// const SHAPE: SchemaRef = SchemaRef::new(&Node::union(Tagging::Internal("kind"), &[Variant::new("circle", CIRCLE)]));
/// assert_eq!(SHAPE.get().kind_name(), "union");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tagging {
    /// `"Unit"` or `{"Name": content}`.
    External,
    /// `{"tag": "name", ..fields}`.
    Internal(&'static str),
    /// `{"tag": "name", "content": content}`.
    Adjacent(&'static str, &'static str),
    /// No tag; the first shape that matches is used.
    Untagged,
}

/// A shape of a [`Kind::Union`].
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) schema: SchemaRef,
}

impl Variant {
    /// Creates a shape with the value of its tag on the wire (`""` if it has no tag).
    pub const fn new(name: &'static str, schema: SchemaRef) -> Self {
        Self {
            name,
            aliases: &[],
            schema,
        }
    }

    /// Sets other names that are accepted.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

/// A string of a [`Kind::Enum`].
///
/// ```
/// use agno::schema::{EnumValue, Node, SchemaRef, validate};
///
/// const UNIT: SchemaRef = SchemaRef::new(&Node::enumeration(&[
///     EnumValue::new("celsius").aliases(&["C"]),
///     EnumValue::new("fahrenheit").description("Only in the United States."),
/// ]));
/// assert!(validate(UNIT, r#""celsius""#).is_ok() && validate(UNIT, r#""C""#).is_ok());
/// assert!(validate(UNIT, r#""kelvin""#).is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EnumValue {
    pub(crate) text: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) description: Option<&'static str>,
}

impl EnumValue {
    /// Creates an enum value from its string.
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            aliases: &[],
            description: None,
        }
    }

    /// Sets the description that the model reads.
    pub const fn description(self, description: &'static str) -> Self {
        Self {
            description: Some(description),
            ..self
        }
    }

    /// Sets other spellings that are accepted.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Returns the string.
    pub const fn text(&self) -> &'static str {
        self.text
    }
}

/// The identity of a named type. Nodes with the same identity share an entry in `$defs`.
///
/// ```
/// use agno::schema::{Definition, Field, Node, Schema, SchemaRef};
///
/// struct City;
/// impl Schema for City {
///     const SCHEMA: SchemaRef = SchemaRef::new(
///         &Node::object(&[Field::new("name", String::SCHEMA)])
///             .definition(Definition::new("City", concat!(module_path!(), "::City"))),
///     );
/// }
/// assert_eq!(City::SCHEMA.get().name(), Some("City"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) args: &'static [SchemaRef],
    pub(crate) inline: bool,
}

impl Definition {
    /// Creates the identity of a type from its name and a path that is unique to it.
    pub const fn new(name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            path,
            args: &[],
            inline: false,
        }
    }

    /// Sets the arguments of a generic type.
    pub const fn args(self, args: &'static [SchemaRef]) -> Self {
        Self { args, ..self }
    }

    /// Writes the type out at every use instead of adding an entry to `$defs`. Recursive types are still referenced.
    pub const fn inline(self) -> Self {
        Self { inline: true, ..self }
    }
}

/// A bound on a number.
///
/// ```
/// use agno::schema::{Limit, Node};
///
/// const SHARE: Node = Node::number().at_least(Limit::Int(0)).below(Limit::Float(0.5));
/// assert_eq!(SHARE.kind_name(), "number");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// An integer; valid for integers and floating-point numbers.
    Int(i128),
    /// A decimal number; valid only for floating-point numbers.
    Float(f64),
}
