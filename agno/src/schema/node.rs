//! The tree itself: what a JSON value may be, as data that exists when the program is compiled.

use super::annotations::Annotations;
use super::{Definition, EnumValue, Field, Kind, SchemaRef, Tagging, Unique, Variant};

/// One node of a schema: what a JSON value may be, and what a model is told about it.
///
/// Nodes are built by `const` functions, by `#[derive(Schema)]` or by hand. A modifier that makes no sense for its
/// node (a length of a boolean) stops the compiler.
///
/// ```
/// use agno::schema::{Limit, Node};
///
/// const SEATS: Node = Node::integer(Some(0), Some(255))
///     .at_least(Limit::Int(1))
///     .at_most(Limit::Int(8))
///     .description("How many seats to book.");
/// assert_eq!(SEATS.kind_name(), "integer");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub(crate) kind: Kind,
    pub(crate) definition: Option<Definition>,
    pub(crate) annotations: Annotations,
}

/// Constructors.
impl Node {
    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            definition: None,
            annotations: Annotations::NONE,
        }
    }

    /// Any JSON value.
    pub const fn any() -> Self {
        Self::of(Kind::Any)
    }

    /// `null`.
    pub const fn null() -> Self {
        Self::of(Kind::Null)
    }

    /// `true` or `false`.
    pub const fn boolean() -> Self {
        Self::of(Kind::Bool)
    }

    /// A whole number, between the bounds of its Rust type.
    pub const fn integer(min: Option<i128>, max: Option<i128>) -> Self {
        Self::of(Kind::Integer {
            min,
            max,
            is_explicit: false,
            multiple_of: None,
        })
    }

    /// A number.
    pub const fn number() -> Self {
        Self::of(Kind::Number {
            min: None,
            max: None,
            exclusive_max: false,
            multiple_of: None,
        })
    }

    /// A text.
    pub const fn string() -> Self {
        Self::of(Kind::String {
            min: 0,
            max: None,
            fixed_by_type: false,
            pattern: None,
            format: None,
        })
    }

    /// A text of one character.
    pub const fn character() -> Self {
        Self::of(Kind::String {
            min: 1,
            max: Some(1),
            fixed_by_type: true,
            pattern: None,
            format: None,
        })
    }

    /// Creates a text that a Rust type parses, with a regular expression for its format. A text that matches the pattern
    /// and is not valid for the type (the 30th of February) is an error of serde.
    pub const fn string_matching(pattern: &'static str) -> Self {
        Self::of(Kind::String {
            min: 0,
            max: None,
            fixed_by_type: true,
            pattern: Some(pattern),
            format: None,
        })
    }

    /// Creates an enumeration of texts.
    pub const fn enumeration(values: &'static [EnumValue]) -> Self {
        Self::of(Kind::Enum(values))
    }

    /// A list whose items are alike.
    pub const fn array(items: SchemaRef) -> Self {
        Self::of(Kind::Array {
            items,
            min: 0,
            max: None,
            fixed_by_type: false,
            unique: Unique::No,
        })
    }

    /// A list of exactly `len` items that are alike.
    pub const fn fixed_array(items: SchemaRef, len: usize) -> Self {
        Self::of(Kind::Array {
            items,
            min: len,
            max: Some(len),
            fixed_by_type: true,
            unique: Unique::No,
        })
    }

    /// A set: a list in which equal items make one.
    pub const fn set(items: SchemaRef) -> Self {
        Self::of(Kind::Array {
            items,
            min: 0,
            max: None,
            fixed_by_type: false,
            unique: Unique::Declared,
        })
    }

    /// A list with one schema for each place.
    pub const fn tuple(items: &'static [SchemaRef]) -> Self {
        Self::of(Kind::Tuple(items))
    }

    /// An object with named fields; others are passed over, see [`closed`](Self::closed).
    pub const fn object(fields: &'static [Field]) -> Self {
        Self::of(Kind::Object {
            fields,
            closed: false,
        })
    }

    /// An object whose keys are data.
    pub const fn map(keys: SchemaRef, values: SchemaRef) -> Self {
        Self::of(Kind::Map { keys, values })
    }

    /// `null`, or what is linked.
    pub const fn nullable(inner: SchemaRef) -> Self {
        Self::of(Kind::Nullable(inner))
    }

    /// One of several shapes.
    pub const fn union(tagging: Tagging, variants: &'static [Variant]) -> Self {
        Self::of(Kind::Union { variants, tagging })
    }

    /// A literal JSON Schema, for what the tree cannot say.
    ///
    /// It must be a JSON object and is written as it stands in each dialect.
    ///
    /// # Panics
    /// If it is no JSON object: in a constant, an error of the compiler.
    #[track_caller]
    pub const fn raw(json: &'static str) -> Self {
        let bytes = json.as_bytes();
        assert!(
            bytes.len() >= 2 && bytes[0] == b'{' && bytes[bytes.len() - 1] == b'}',
            "a literal schema must be a JSON object"
        );
        Self::of(Kind::Raw(json))
    }

    /// The innermost definition of this path around this node.
    pub const fn enclosing(path: &'static str) -> Self {
        Self::of(Kind::Enclosing(path))
    }
}

/// Modifiers.
impl Node {
    /// Sets the description that the model reads.
    pub const fn description(mut self, description: &'static str) -> Self {
        self.annotations = self.annotations.description(description);
        self
    }

    /// Makes this the node of a named type, which may be rendered once and referred to.
    pub const fn definition(self, definition: Definition) -> Self {
        Self {
            definition: Some(definition),
            ..self
        }
    }

    /// Sets examples, each a JSON text.
    pub const fn examples(mut self, examples: &'static [&'static str]) -> Self {
        self.annotations = self.annotations.examples(examples);
        self
    }

    /// Sets the value taken when none is given, as JSON text.
    pub const fn default(mut self, json: &'static str) -> Self {
        self.annotations = self.annotations.default(json);
        self
    }

    /// Tells the model to prefer something else.
    pub const fn deprecated(mut self) -> Self {
        self.annotations = self.annotations.deprecated();
        self
    }
}

/// Readers.
impl Node {
    /// What kind of value this is.
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The name of the type, if it has one.
    pub const fn name(&self) -> Option<&'static str> {
        match self.definition {
            Some(definition) => Some(definition.name),
            None => None,
        }
    }

    /// The kind as a word: `object`, `string`, …
    pub const fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Any => "any",
            Kind::Null => "null",
            Kind::Bool => "boolean",
            Kind::Integer { .. } => "integer",
            Kind::Number { .. } => "number",
            Kind::String { .. } => "string",
            Kind::Enum(_) => "enum",
            Kind::Array { .. } => "array",
            Kind::Tuple(_) => "tuple",
            Kind::Object { .. } => "object",
            Kind::Map { .. } => "map",
            Kind::Nullable(_) => "nullable",
            Kind::Union { .. } => "union",
            Kind::Raw(_) => "raw",
            Kind::Enclosing(_) => "enclosing",
        }
    }
}
