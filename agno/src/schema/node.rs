//! The schema tree: a description of JSON values as data that exists at compile time.

use super::annotations::Annotations;
use super::{Definition, EnumValue, Field, Kind, SchemaRef, Tagging, Unique, Variant};

/// A node of a schema: the JSON values that it accepts, and the annotations that the model reads.
///
/// Nodes are built with `const` functions, either by `#[derive(Schema)]` or by hand. A modifier that does not apply to
/// its node, such as a length on a boolean, is a compile error in a constant.
///
/// ```
/// use agno::schema::{Limit, Node};
///
/// const SEATS: Node = Node::integer(Some(0), Some(255))
///     .at_least(Limit::Int(1))
///     .at_most(Limit::Int(8))
///     .description("Number of seats to book.");
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
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            definition: None,
            annotations: Annotations::NONE,
        }
    }

    /// Creates a node for any JSON value.
    pub const fn any() -> Self {
        Self::new(Kind::Any)
    }

    /// Creates a node for `null`.
    pub const fn null() -> Self {
        Self::new(Kind::Null)
    }

    /// Creates a node for `true` or `false`.
    pub const fn boolean() -> Self {
        Self::new(Kind::Bool)
    }

    /// Creates a node for an integer within the bounds of its Rust type.
    pub const fn integer(min: Option<i128>, max: Option<i128>) -> Self {
        Self::new(Kind::Integer {
            min,
            max,
            is_explicit: false,
            multiple_of: None,
        })
    }

    /// Creates a node for a number.
    pub const fn number() -> Self {
        Self::new(Kind::Number {
            min: None,
            max: None,
            exclusive_max: false,
            multiple_of: None,
        })
    }

    /// Creates a node for a string.
    pub const fn string() -> Self {
        Self::new(Kind::String {
            min: 0,
            max: None,
            fixed_by_type: false,
            pattern: None,
            format: None,
        })
    }

    /// Creates a node for a string of one character.
    pub const fn character() -> Self {
        Self::new(Kind::String {
            min: 1,
            max: Some(1),
            fixed_by_type: true,
            pattern: None,
            format: None,
        })
    }

    /// Creates a node for a string that a Rust type parses, with a regular expression for its format. serde rejects a
    /// string that matches the pattern but is not valid for the type, such as February 30.
    ///
    /// The work of a validation is bounded: the larger the pattern, the shorter the total length of the strings that it
    /// can be matched against, from more than 1 MiB for small patterns down to a few thousand characters for a pattern
    /// of 2,500 states. Longer strings are an error.
    pub const fn string_matching(pattern: &'static str) -> Self {
        Self::new(Kind::String {
            min: 0,
            max: None,
            fixed_by_type: true,
            pattern: Some(pattern),
            format: None,
        })
    }

    /// Creates a node for an enumeration of strings.
    pub const fn enumeration(values: &'static [EnumValue]) -> Self {
        Self::new(Kind::Enum(values))
    }

    /// Creates a node for a list whose items share a schema.
    pub const fn array(items: SchemaRef) -> Self {
        Self::new(Kind::Array {
            items,
            min: 0,
            max: None,
            fixed_by_type: false,
            unique: Unique::No,
        })
    }

    /// Creates a node for a list of exactly `len` items that share a schema.
    pub const fn fixed_array(items: SchemaRef, len: usize) -> Self {
        Self::new(Kind::Array {
            items,
            min: len,
            max: Some(len),
            fixed_by_type: true,
            unique: Unique::No,
        })
    }

    /// Creates a node for a set: a list in which equal items are merged.
    pub const fn set(items: SchemaRef) -> Self {
        Self::new(Kind::Array {
            items,
            min: 0,
            max: None,
            fixed_by_type: false,
            unique: Unique::Declared,
        })
    }

    /// Creates a node for a list with one schema per position.
    pub const fn tuple(items: &'static [SchemaRef]) -> Self {
        Self::new(Kind::Tuple(items))
    }

    /// Creates a node for an object with named fields. Unknown fields are ignored unless the object is
    /// [`closed`](Self::closed).
    pub const fn object(fields: &'static [Field]) -> Self {
        Self::new(Kind::Object {
            fields,
            closed: false,
        })
    }

    /// Creates a node for an object whose keys are data.
    ///
    /// ```
    /// use agno::schema::{Node, Schema, SchemaRef, validate};
    ///
    /// const PRICES: SchemaRef = SchemaRef::new(&Node::map(String::SCHEMA, f64::SCHEMA));
    /// assert!(validate(PRICES, r#"{"tea": 3.5, "coffee": 4.0}"#).is_ok());
    /// ```
    pub const fn map(keys: SchemaRef, values: SchemaRef) -> Self {
        Self::new(Kind::Map { keys, values })
    }

    /// Creates a node that accepts `null` or the values of `inner`.
    pub const fn nullable(inner: SchemaRef) -> Self {
        Self::new(Kind::Nullable(inner))
    }

    /// Creates a node for one of several shapes.
    pub const fn union(tagging: Tagging, variants: &'static [Variant]) -> Self {
        Self::new(Kind::Union { variants, tagging })
    }

    /// Creates a node from a literal JSON Schema, for rules that the tree cannot express.
    ///
    /// The literal must be a JSON object. All dialects render it unchanged.
    ///
    /// ```
    /// use agno::schema::{AnyDialect, Node, SchemaRef};
    ///
    /// const EVEN: SchemaRef = SchemaRef::new(&Node::raw(r#"{"type":"integer","multipleOf":2}"#));
    /// assert_eq!(EVEN.to_json(AnyDialect::JsonSchema), r#"{"type":"integer","multipleOf":2}"#);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the literal is not enclosed in braces; in a constant, this is a compile error.
    #[track_caller]
    pub const fn raw(json: &'static str) -> Self {
        let bytes = json.as_bytes();
        assert!(
            bytes.len() >= 2 && bytes[0] == b'{' && bytes[bytes.len() - 1] == b'}',
            "a literal schema must be a JSON object"
        );
        Self::new(Kind::Raw(json))
    }

    /// Creates a node that refers to the innermost enclosing definition with this path.
    ///
    /// ```
    /// use agno::schema::{Definition, Field, Node, Schema, SchemaRef, validate};
    ///
    /// struct Tree;
    /// impl Schema for Tree {
    ///     const SCHEMA: SchemaRef = SchemaRef::new(
    ///         &Node::object(&[Field::new("children", CHILDREN)]).definition(Definition::new("Tree", "shop::Tree")),
    ///     );
    /// }
    /// const CHILDREN: SchemaRef = SchemaRef::new(&Node::array(SchemaRef::new(&Node::enclosing("shop::Tree"))));
    /// assert!(validate(Tree::SCHEMA, r#"{"children": [{"children": []}]}"#).is_ok());
    /// ```
    pub const fn enclosing(path: &'static str) -> Self {
        Self::new(Kind::Enclosing(path))
    }
}

/// Modifiers.
impl Node {
    /// Sets the description that the model reads.
    pub const fn description(mut self, description: &'static str) -> Self {
        self.annotations = self.annotations.description(description);
        self
    }

    /// Makes this the node of a named type, which may be rendered once and then referenced.
    pub const fn definition(self, definition: Definition) -> Self {
        Self {
            definition: Some(definition),
            ..self
        }
    }

    /// Sets examples, each as JSON text.
    pub const fn examples(mut self, examples: &'static [&'static str]) -> Self {
        self.annotations = self.annotations.examples(examples);
        self
    }

    /// Sets the value used for a missing field, as JSON text.
    pub const fn default(mut self, json: &'static str) -> Self {
        self.annotations = self.annotations.default(json);
        self
    }

    /// Marks the value as deprecated, so that the model prefers an alternative.
    pub const fn deprecated(mut self) -> Self {
        self.annotations = self.annotations.deprecated();
        self
    }
}

/// Accessors.
impl Node {
    /// Returns the kind of value that the node describes.
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Returns the name of the type, if it has one.
    pub const fn name(&self) -> Option<&'static str> {
        match self.definition {
            Some(definition) => Some(definition.name),
            None => None,
        }
    }

    /// Returns the name of the kind: `object`, `string`, …
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
