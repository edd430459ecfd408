//! Agent outputs whose schema is known only at run time, for types from other crates that implement
//! `schemars::JsonSchema`. Requires the `schemars` feature.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::output::{error_text, parse_error, without_fence};
use crate::model::{Lazy, OutputSchema};
use crate::schema::{AnyDialect, runtime, runtime_dialect};

/// The output of an agent with `#[agent(output = T, schemars)]`, for types from other crates that implement
/// [`schemars::JsonSchema`].
///
/// For your own types, derive [`Schema`](macro@crate::Schema) instead, so that the schema is a constant that the
/// compiler checks.
///
/// The schema is generated once, on the first run. Answers are validated against the schema and then deserialized with
/// serde; errors are sent to the model with their paths. Values that are not objects are requested as `{"value": ..}`
/// and unwrapped. OpenAI's strict mode is disabled for these schemas.
///
/// To use this type without the macro, create a static next to an implementation of [`Declared`](crate::Declared):
///
/// ```
/// use agno::agent::SchemarsOutput;
/// use agno::model::OutputSchema;
/// use serde::Deserialize;
///
/// /// From another crate.
/// #[derive(Debug, PartialEq, Deserialize, schemars::JsonSchema)]
/// struct Trip {
///     city: String,
///     days: u8,
/// }
///
/// static TRIP: SchemarsOutput<Trip> = SchemarsOutput::new("trip");
///
/// // `Declared::output_schema` returns `schema()`, and `Declared::parse_output` returns `parse(text)`.
/// let schema: OutputSchema<'static> = TRIP.schema();
/// assert_eq!(schema.name, "trip");
/// let error = TRIP.parse(r#"{"city": "Oslo", "days": "two"}"#).unwrap_err();
/// assert!(error.starts_with("days: expected integer"), "{error}");
/// ```
pub struct SchemarsOutput<T> {
    name: &'static str,
    // `new` stores these functions, so an unsuitable `T` violates only the bounds of `new`, where the static is created.
    schema: fn() -> Value,
    wrapped: fn() -> Value,
    read: fn(Value) -> serde_json::Result<T>,
    rendered: OnceLock<RenderedSchema>,
}

/// The generated schemas and their declarations.
struct RenderedSchema {
    value: Value,
    /// The schema of the object around the value, if the value is not an object.
    wrapped: Option<Value>,
    declarations: [String; 4],
}

impl<T> SchemarsOutput<T> {
    /// Creates an output with a name that matches `^[a-zA-Z0-9_-]{1,64}$`.
    pub const fn new(name: &'static str) -> Self
    where
        T: JsonSchema + DeserializeOwned,
    {
        Self {
            name,
            schema: runtime::schemars_schema::<T>,
            wrapped: runtime::schemars_schema::<Wrapped<T>>,
            read: serde_json::from_value,
            rendered: OnceLock::new(),
        }
    }

    /// Returns the schema that is sent to the model.
    pub const fn schema(&self) -> OutputSchema<'_> {
        OutputSchema::lazy(self.name, self)
    }

    /// Parses an answer.
    ///
    /// # Errors
    ///
    /// Returns an error message for the model when the answer is not valid.
    pub fn parse(&self, text: &str) -> Result<T, String> {
        let text = without_fence(text);
        let answer: Value = serde_json::from_str(text).map_err(|error| parse_error(text, &error))?;
        let rendered = self.rendered();
        let Some(wrapped) = &rendered.wrapped else {
            return self.read(&rendered.value, answer);
        };
        match runtime::validate(wrapped, &answer) {
            Ok(()) => self.read(&rendered.value, answer["value"].clone()),
            // If the schema is not enforced, a model may omit the object around the value. Accept the bare value too.
            Err(error) => self.read(&rendered.value, answer).map_err(|_| error_text(error)),
        }
    }

    fn read(&self, schema: &Value, answer: Value) -> Result<T, String> {
        runtime::validate(schema, &answer).map_err(error_text)?;
        // The schema accepts the answer, but the type may have further rules, which serde reports.
        (self.read)(answer).map_err(error_text)
    }

    fn rendered(&self) -> &RenderedSchema {
        self.rendered.get_or_init(|| {
            let value = (self.schema)();
            let wrapped = (value["type"] != "object").then(self.wrapped);
            let schema = wrapped.as_ref().unwrap_or(&value);
            let declarations = ALL.map(|dialect| declaration(self.name, schema, dialect));
            RenderedSchema {
                value,
                wrapped,
                declarations,
            }
        })
    }
}

const ALL: [AnyDialect; 4] = [
    AnyDialect::OpenAi,
    AnyDialect::Anthropic,
    AnyDialect::Gemini,
    AnyDialect::JsonSchema,
];

fn declaration(name: &str, schema: &Value, dialect: AnyDialect) -> String {
    // For Gemini, `arguments` returns `None` if an object has no properties.
    let schema = runtime_dialect::arguments(schema, dialect).unwrap_or_else(|| json!({"type": "object"}));
    let mut declaration = json!({"name": name, "schema": schema});
    if dialect == AnyDialect::OpenAi {
        declaration["strict"] = json!(false);
    }
    declaration.to_string()
}

impl<T> Lazy for SchemarsOutput<T> {
    fn declaration(&self, dialect: AnyDialect) -> &str {
        let [openai, anthropic, gemini, plain] = &self.rendered().declarations;
        match dialect {
            AnyDialect::OpenAi => openai,
            AnyDialect::Anthropic => anthropic,
            AnyDialect::Gemini => gemini,
            AnyDialect::JsonSchema => plain,
        }
    }
}

impl<T> fmt::Debug for SchemarsOutput<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemarsOutput")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// An object around a value. One generator creates both schemas, so that references inside the value's schema resolve.
struct Wrapped<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Wrapped<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Wrapped_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        schemars::json_schema!({
            "type": "object",
            "properties": {"value": value},
            "required": ["value"],
            "additionalProperties": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize, JsonSchema)]
    struct Leg {
        to: String,
        then: Option<Box<Leg>>,
    }

    static LEGS: SchemarsOutput<Vec<Leg>> = SchemarsOutput::new("legs");
    static LEG: SchemarsOutput<Leg> = SchemarsOutput::new("leg");

    fn leg(to: &str) -> Leg {
        Leg {
            to: to.to_owned(),
            then: None,
        }
    }

    #[test]
    fn non_object_outputs_are_wrapped_and_unwrapped() {
        for text in [
            r#"{"value": [{"to": "Oslo"}]}"#,
            r#"[{"to": "Oslo"}]"#,
            "```json\n[{\"to\": \"Oslo\"}]\n```",
        ] {
            assert_eq!(LEGS.parse(text), Ok(vec![leg("Oslo")]), "{text}");
        }
        assert_eq!(
            LEGS.parse(r#"{"value": [{"to": "Oslo"}, {"to": 5}]}"#)
                .unwrap_err(),
            "value[1].to: expected string, got 5"
        );
    }

    #[test]
    fn recursive_types_are_validated_at_every_level() {
        let good = LEG.parse(r#"{"to": "Oslo", "then": {"to": "Bergen", "then": null}}"#);
        assert_eq!(
            good,
            Ok(Leg {
                then: Some(Box::new(leg("Bergen"))),
                ..leg("Oslo")
            })
        );
        let invalid = LEG.parse(r#"{"to": "Oslo", "then": {"to": "Bergen", "then": {}}}"#);
        assert!(invalid.unwrap_err().ends_with("then.then.to: missing"));
        let invalid = LEGS.parse(r#"{"value": [{"to": "Oslo", "then": {}}]}"#);
        assert!(invalid.unwrap_err().ends_with("value[0].then.to: missing"));
    }

    #[test]
    fn debug_output_contains_the_output_name() {
        assert!(format!("{LEG:?}").starts_with("SchemarsOutput { name: \"leg\""));
    }

    #[test]
    fn every_dialect_has_a_declaration() {
        let declared = |dialect: AnyDialect| -> Value {
            serde_json::from_str(LEGS.schema().declaration(dialect)).unwrap()
        };
        for dialect in ALL {
            let declared = declared(dialect);
            assert_eq!(declared["name"], "legs");
            assert_eq!(
                declared["schema"]["properties"]["value"]["type"], "array",
                "{declared}"
            );
        }
        assert_eq!(declared(AnyDialect::OpenAi)["strict"], false);
        let gemini = declared(AnyDialect::Gemini).to_string();
        assert!(!gemini.contains("$ref"), "{gemini}");
    }
}
