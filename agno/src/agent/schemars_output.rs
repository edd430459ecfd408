//! The output of an agent whose type knows its schema only at run time: a type of another crate that implements
//! `schemars::JsonSchema`. A module of its own, behind its feature.

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

/// What a model is asked for where a `T` is wanted that implements [`schemars::JsonSchema`] and is not of your own making:
/// what `#[agent(output = T, schemars)]` puts beside an agent. Derive [`Schema`](macro@crate::Schema) for your own types,
/// so that the schema is a constant and the compiler holds its rules.
///
/// The schema is made once, when the first run asks for it. An answer is checked against it and then read by serde; what
/// is wrong goes back to the model with its path. What is no object is asked for as `{"value": ..}` and taken out again.
/// For OpenAI it is not strict.
///
/// Needs the feature `schemars`. By hand it is a static beside an implementation of [`Declared`](crate::Declared):
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
/// // `Declared::output_schema` returns the first, `Declared::parse_output` the second.
/// let schema: OutputSchema<'static> = TRIP.schema();
/// assert_eq!(schema.name, "trip");
/// let error = TRIP.parse(r#"{"city": "Oslo", "days": "two"}"#).unwrap_err();
/// assert!(error.starts_with("days: expected integer"), "{error}");
/// ```
pub struct SchemarsOutput<T> {
    name: &'static str,
    // What needs to know more of `T` than its name is taken where the static is made, so that a type that lacks it is told
    // of there and nowhere else.
    schema: fn() -> Value,
    wrapped: fn() -> Value,
    read: fn(Value) -> serde_json::Result<T>,
    rendered: OnceLock<RenderedSchema>,
}

/// What is made of the schema, once.
struct RenderedSchema {
    value: Value,
    /// The schema of the object with the value, where it is no object.
    wrapped: Option<Value>,
    declarations: [String; 4],
}

impl<T> SchemarsOutput<T> {
    /// A `T` under this name, `^[a-zA-Z0-9_-]{1,64}$`.
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

    /// The shape as a model is asked for it.
    pub const fn schema(&self) -> OutputSchema<'_> {
        OutputSchema::lazy(self.name, self)
    }

    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words a model can act on.
    pub fn parse(&self, text: &str) -> Result<T, String> {
        let text = without_fence(text);
        let answer: Value = serde_json::from_str(text).map_err(|error| parse_error(text, &error))?;
        let rendered = self.rendered();
        let Some(wrapped) = &rendered.wrapped else {
            return self.read(&rendered.value, answer);
        };
        match runtime::validate(wrapped, &answer) {
            Ok(()) => self.read(&rendered.value, answer["value"].clone()),
            // A model that is not held to the schema may leave the object out; the value alone is as good.
            Err(error) => self.read(&rendered.value, answer).map_err(|_| error_text(error)),
        }
    }

    fn read(&self, schema: &Value, answer: Value) -> Result<T, String> {
        runtime::validate(schema, &answer).map_err(error_text)?;
        // Valid by the schema and still refused: a rule of the type's own, in its own words.
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
    // Gemini is told nothing of what an object without properties holds.
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

/// The object around a value. Its schema is made with the value's, so that references within it lead where they should.
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
    fn what_is_no_object_is_wrapped_and_taken_out() {
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
    fn a_type_within_itself_is_asked_for_and_checked_all_the_way() {
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
    fn debug_prints_the_name_of_the_type() {
        assert!(format!("{LEG:?}").starts_with("SchemarsOutput { name: \"leg\""));
    }

    #[test]
    fn each_dialect_has_its_declaration() {
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
