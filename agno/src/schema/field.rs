//! A field of an object: its schema, and what only the field knows (its presence, its default, its own words).

use super::SchemaRef;
use super::annotations::Annotations;

/// A field of a [`Node::object`](super::Node::object).
///
/// A field must be present unless its schema takes `null` (an `Option`) or [`optional`](Self::optional) says otherwise:
/// serde's own rule.
///
/// ```
/// use agno::schema::{Field, Schema};
///
/// const LIMIT: Field = Field::new("limit", <u8 as Schema>::SCHEMA)
///     .description("How many at most.")
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
    // Required unless the schema is nullable. Asked of the tree when it is used, not when it is built: a recursive
    // type cannot read its own node while that is being made.
    BySchema,
    Required,
    Optional,
}

impl Field {
    /// A field under its name on the wire.
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

    /// The fields of another object (or the entries of a map) in place of one field: serde's `flatten`.
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

    /// Other names that are accepted.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The field may be missing.
    pub const fn optional(self) -> Self {
        Self {
            presence: Presence::Optional,
            ..self
        }
    }

    /// The field must be present, even if it may be `null`.
    pub const fn required(self) -> Self {
        Self {
            presence: Presence::Required,
            ..self
        }
    }

    /// `null` stands for a missing field: for optional parameters of tools, which strict dialects ask for as `null`.
    pub const fn null_is_absent(self) -> Self {
        Self {
            null_is_absent: true,
            ..self
        }
    }

    /// The value of a missing field, as JSON text.
    pub const fn default(mut self, json: &'static str) -> Self {
        self.annotations = self.annotations.default(json);
        self
    }

    /// Examples, each a JSON text.
    pub const fn examples(mut self, examples: &'static [&'static str]) -> Self {
        self.annotations = self.annotations.examples(examples);
        self
    }

    /// Tells the model to prefer something else.
    pub const fn deprecated(mut self) -> Self {
        self.annotations = self.annotations.deprecated();
        self
    }

    /// The name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What the value may be.
    pub const fn schema(&self) -> SchemaRef {
        self.schema
    }

    /// Whether the field must be present.
    pub const fn is_required(&self) -> bool {
        match self.presence {
            Presence::Required => true,
            Presence::Optional => false,
            Presence::BySchema => !self.schema.is_nullable(),
        }
    }

    /// Whether the field stands for the fields of its schema.
    pub const fn is_flattened(&self) -> bool {
        self.flatten
    }
}
