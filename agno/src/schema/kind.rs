//! The kinds of JSON values that a schema node can describe, and their parts: variants, enum values, definitions, bounds.

use super::{Field, SchemaRef};

/// What kind of JSON value a [`Node`](super::Node) stands for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Any JSON value.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    #[non_exhaustive]
    Integer {
        /// Smallest value, if there is one.
        min: Option<i128>,
        /// Largest value, if there is one.
        max: Option<i128>,
        /// `true` if the bounds were set explicitly; bounds of the Rust type are checked by serde.
        is_explicit: bool,
        /// The value is a multiple of this.
        multiple_of: Option<i128>,
    },
    /// A number.
    #[non_exhaustive]
    Number {
        /// Smallest value, if there is one.
        min: Option<f64>,
        /// Largest value, if there is one.
        max: Option<f64>,
        /// `true` if `max` itself is excluded.
        exclusive_max: bool,
        /// The value is a multiple of this.
        multiple_of: Option<f64>,
    },
    /// A text.
    #[non_exhaustive]
    String {
        /// Smallest number of characters.
        min: usize,
        /// Largest number of characters, if there is one.
        max: Option<usize>,
        /// `true` if the type fixes length and pattern, so that serde checks them, as for a `char`.
        fixed_by_type: bool,
        /// A regular expression found in the text.
        pattern: Option<&'static str>,
        /// What the text is, in JSON Schema's words: `date-time`, `uuid`, …
        format: Option<&'static str>,
    },
    /// One of a few texts.
    Enum(&'static [EnumValue]),
    /// A list whose items are alike.
    #[non_exhaustive]
    Array {
        /// What each item is.
        items: SchemaRef,
        /// Smallest number of items.
        min: usize,
        /// Largest number of items, if there is one.
        max: Option<usize>,
        /// `true` if the type fixes the number of items, as `[T; N]` does.
        fixed_by_type: bool,
        /// Whether items must differ.
        unique: Unique,
    },
    /// A list with one schema for each place.
    Tuple(&'static [SchemaRef]),
    /// An object with named fields.
    #[non_exhaustive]
    Object {
        /// The fields, in the order of their declaration.
        fields: &'static [Field],
        /// Whether a field of another name is an error (serde's `deny_unknown_fields`).
        closed: bool,
    },
    /// An object whose keys are data.
    #[non_exhaustive]
    Map {
        /// What each key is: a text, one of a few texts, or an integer written as text.
        keys: SchemaRef,
        /// What each value is.
        values: SchemaRef,
    },
    /// `null`, or what is linked.
    Nullable(SchemaRef),
    /// One of several shapes: a Rust enum that carries data.
    #[non_exhaustive]
    Union {
        /// The shapes, as they are on the wire, tag included.
        variants: &'static [Variant],
        /// How the shapes are told apart.
        tagging: Tagging,
    },
    /// A literal JSON Schema.
    Raw(&'static str),
    /// The innermost definition of this path around this node: how a generic type speaks of itself.
    Enclosing(&'static str),
}

/// Whether the items of a list must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unique {
    /// They need not.
    No,
    /// The model is told so; the Rust type (a set) makes one of equal items.
    Declared,
    /// Equal items are an error.
    Checked,
}

/// How the shapes of a [`Kind::Union`] are told apart, in serde's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tagging {
    /// `"Unit"` or `{"Name": content}`.
    External,
    /// `{"tag": "name", ..fields}`.
    Internal(&'static str),
    /// `{"tag": "name", "content": content}`.
    Adjacent(&'static str, &'static str),
    /// By shape alone: the first that fits.
    Untagged,
}

/// One shape of a [`Kind::Union`].
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) schema: SchemaRef,
}

impl Variant {
    /// A shape, under the name that its tag has on the wire (`""` where there is none).
    pub const fn new(name: &'static str, schema: SchemaRef) -> Self {
        Self {
            name,
            aliases: &[],
            schema,
        }
    }

    /// Other names that are accepted.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

/// One text of a [`Kind::Enum`].
#[derive(Clone, Copy, Debug)]
pub struct EnumValue {
    pub(crate) text: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) description: Option<&'static str>,
}

impl EnumValue {
    /// A text.
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            aliases: &[],
            description: None,
        }
    }

    /// Sets the meaning, which the model reads.
    pub const fn description(self, description: &'static str) -> Self {
        Self {
            description: Some(description),
            ..self
        }
    }

    /// Other spellings that are accepted.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The text itself.
    pub const fn text(&self) -> &'static str {
        self.text
    }
}

/// The identity of a named type: what makes two nodes the same entry of `$defs`.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) args: &'static [SchemaRef],
    pub(crate) inline: bool,
}

impl Definition {
    /// A type by its name and a path that no other type has.
    pub const fn new(name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            path,
            args: &[],
            inline: false,
        }
    }

    /// The arguments of a generic type.
    pub const fn args(self, args: &'static [SchemaRef]) -> Self {
        Self { args, ..self }
    }

    /// Asks that the type be written out wherever it is used, even twice. One that leads back to itself is referred to
    /// all the same.
    pub const fn inline(self) -> Self {
        Self { inline: true, ..self }
    }
}

/// A bound of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A whole number; fits integers and floating point numbers.
    Int(i128),
    /// A decimal number; fits floating point numbers only.
    Float(f64),
}
