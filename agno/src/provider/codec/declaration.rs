//! The declaration of a tool or an output, split into parts for APIs that wrap the parts differently. The JSON of each
//! part stays unchanged.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::{ModelError, ModelErrorKind, OutputSchema};
use crate::schema::Dialect;

/// The parts of a declaration. The required parts depend on the kind of declaration.
#[derive(Deserialize)]
pub(crate) struct RawDeclaration<'a> {
    #[cfg(feature = "bedrock")]
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[cfg(feature = "bedrock")]
    #[serde(borrow, default)]
    description: Option<&'a RawValue>,
    #[cfg(feature = "bedrock")]
    #[serde(borrow, default, alias = "parameters")]
    input_schema: Option<&'a RawValue>,
    #[serde(borrow, default)]
    schema: Option<&'a RawValue>,
    #[serde(borrow, default)]
    strict: Option<&'a RawValue>,
}

/// The parts of an output's declaration.
pub(crate) struct RawOutput<'a> {
    pub(crate) schema: &'a str,
    pub(crate) strict: Option<&'a str>,
}

/// The parts of a tool's declaration.
#[cfg(feature = "bedrock")]
pub(crate) struct RawTool<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) input_schema: &'a str,
}

impl<'a> RawDeclaration<'a> {
    /// Parses a declaration.
    pub(crate) fn read(json: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }

    /// Parses an output's declaration.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`BadRequest`](ModelErrorKind::BadRequest) when the declaration is not valid JSON or has
    /// no schema.
    pub(crate) fn parse_output(
        output: &OutputSchema<'a>,
        dialect: impl Dialect,
    ) -> Result<RawOutput<'a>, ModelError> {
        let read = || {
            let declaration = Self::read(output.declaration(dialect))?;
            Ok(RawOutput {
                schema: required(declaration.schema, "schema")?,
                strict: declaration.strict.map(RawValue::get),
            })
        };
        read().map_err(|source| {
            let message = format!(
                "the declaration of output `{}` is not JSON with a `schema`",
                output.name
            );
            bad_declaration(message, source)
        })
    }

    /// Parses a tool's declaration.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`BadRequest`](ModelErrorKind::BadRequest) when the declaration is not valid JSON or has
    /// no name or no schema.
    #[cfg(feature = "bedrock")]
    pub(crate) fn parse_tool(json: &'a str) -> Result<RawTool<'a>, ModelError> {
        let read = || {
            let declaration = Self::read(json)?;
            Ok(RawTool {
                name: required(declaration.name, "name")?,
                description: declaration.description.map(RawValue::get),
                input_schema: required(declaration.input_schema, "input_schema")?,
            })
        };
        read().map_err(|source| {
            let message = "the declaration of a tool is not JSON with a `name` and an `input_schema`";
            bad_declaration(message.to_owned(), source)
        })
    }

    /// Returns the schema of an output's declaration.
    #[cfg(any(feature = "anthropic", feature = "bedrock"))]
    pub(crate) fn schema(&self) -> Option<&'a RawValue> {
        self.schema
    }

    /// Returns `true` if the declaration has a `strict` field.
    #[cfg(feature = "openai")]
    pub(crate) fn has_strict(&self) -> bool {
        self.strict.is_some()
    }
}

/// Returns only the schema of an output's declaration.
#[cfg(any(feature = "gemini", feature = "ollama", feature = "cohere"))]
pub(crate) fn schema_of<'a>(output: &OutputSchema<'a>, dialect: impl Dialect) -> Result<&'a str, ModelError> {
    RawDeclaration::parse_output(output, dialect).map(|output| output.schema)
}

fn required<'a>(part: Option<&'a RawValue>, field: &'static str) -> serde_json::Result<&'a str> {
    part.map(RawValue::get)
        .ok_or_else(|| serde::de::Error::missing_field(field))
}

fn bad_declaration(message: String, source: serde_json::Error) -> ModelError {
    ModelError::new(ModelErrorKind::BadRequest, message).with_source(source)
}
