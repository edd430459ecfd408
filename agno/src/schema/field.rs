//! A field of an object: its schema and the properties of the field itself, such as its presence, default and
//! description.

use super::SchemaRef;
use super::annotations::Annotations;

/// A field of a [`Node::object`](super::Node::object).
///
/// A field is required unless its schema accepts `null` (an `Option`) or [`optional`](Self::optional) is set. serde
/// follows the same rule.
///
/// ```
/// use agno::schema::{Field, Schema};
///
/// const LIMIT: Field = Field::new("limit", <u8 as Schema>::SCHEMA)
///     .description("Maximum number of results.")
///     .optional()
///     .default("10");
/// assert!(!LIMIT.is_required());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) schema: SchemaRef,
    pub(crate) annotations: Annotations,
    pub(crate) presence: Presence,
    pub(crate) null_is_absent: bool,
    pub(crate) flatten: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    // Required unless the schema is nullable. This is evaluated when the tree is used, not when it is built: a
    // recursive type cannot read its own node while the compiler evaluates that node.
    BySchema,
    Required,
    Optional,
}

impl Field {
    /// Creates a field with its name on the wire.
    pub const fn new(name: &'static str, schema: SchemaRef) -> Self {
        Self {
            name,
            aliases: &[],
            schema,
            annotations: Annotations::NONE,
            presence: Presence::BySchema,
            null_is_absent: false,
            flatten: false,
        }
    }

    /// Creates a field that is replaced by the fields of another object or the entries of a map: serde's `flatten`.
    ///
    /// ```
    /// use agno::schema::{Field, Node, Schema, SchemaRef, validate};
    ///
    /// const PAGE: SchemaRef = SchemaRef::new(&Node::object(&[Field::new("page", u32::SCHEMA)]));
    /// const QUERY: SchemaRef =
    ///     SchemaRef::new(&Node::object(&[Field::new("text", String::SCHEMA), Field::flatten(PAGE)]));
    /// assert!(validate(QUERY, r#"{"text": "oslo", "page": 2}"#).is_ok());
    /// ```
    pub const fn flatten(schema: SchemaRef) -> Self {
        let mut field = Self::new("", schema);
        field.flatten = true;
        field
    }

    /// Sets the description that the model reads. Without one, the model reads the description of the type.
    pub const fn description(mut self, description: &'static str) -> Self {
        self.annotations = self.annotations.description(description);
        self
    }

    /// Sets other names that are accepted.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Makes the field optional.
    pub const fn optional(self) -> Self {
        Self {
            presence: Presence::Optional,
            ..self
        }
    }

    /// Makes the field required, even if it accepts `null`.
    pub const fn required(self) -> Self {
        Self {
            presence: Presence::Required,
            ..self
        }
    }

    /// Treats `null` as a missing field. In strict dialects, models send `null` for an omitted optional tool parameter.
    pub const fn null_is_absent(self) -> Self {
        Self {
            null_is_absent: true,
            ..self
        }
    }

    /// Sets the value used for a missing field, as JSON text.
    pub const fn default(mut self, json: &'static str) -> Self {
        self.annotations = self.annotations.default(json);
        self
    }

    /// Sets examples, each as JSON text.
    pub const fn examples(mut self, examples: &'static [&'static str]) -> Self {
        self.annotations = self.annotations.examples(examples);
        self
    }

    /// Marks the field as deprecated, so that the model prefers an alternative.
    pub const fn deprecated(mut self) -> Self {
        self.annotations = self.annotations.deprecated();
        self
    }

    /// Returns the name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the schema of the value.
    pub const fn schema(&self) -> SchemaRef {
        self.schema
    }

    /// Returns `true` if the field must be present.
    pub const fn is_required(&self) -> bool {
        match self.presence {
            Presence::Required => true,
            Presence::Optional => false,
            Presence::BySchema => !self.schema.is_nullable(),
        }
    }

    /// Returns `true` if the field is replaced by the fields of its schema.
    pub const fn is_flattened(&self) -> bool {
        self.flatten
    }
}
