//! Validates JSON text against a schema during parsing. Only schemas that are written as raw JSON require building a
//! value. For common kinds of values, validation allocates only if there is an error.

mod list;
mod object;
mod pattern;
mod scalar;
mod union;

pub(super) use scalar::is_multiple;

use core::fmt;
use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::validation_error::{Path, ValidationErrors};
use super::{Kind, Node, SchemaRef};
use crate::schema::render::Stack;

/// Validates JSON text against a schema.
///
/// # Errors
///
/// Returns the errors, each with its path, if the text is not valid JSON or the value does not match the schema.
///
/// ```
/// use agno::schema::{Field, Node, Schema, SchemaRef, EnumValue, validate};
///
/// const UNIT: SchemaRef = SchemaRef::new(&Node::enumeration(&[EnumValue::new("celsius"), EnumValue::new("fahrenheit")]));
/// const ARGUMENTS: SchemaRef = SchemaRef::new(
///     &Node::object(&[Field::new("city", String::SCHEMA), Field::new("unit", UNIT)]).closed(),
/// );
/// let problems = validate(ARGUMENTS, r#"{"town": "Oslo", "unit": "kelvin"}"#).unwrap_err();
/// let lines: Vec<String> = problems.iter().map(|problem| problem.to_string()).collect();
/// assert_eq!(lines, [
///     r#"unknown argument "town"; expected "city", "unit""#,
///     r#"unit: expected one of "celsius", "fahrenheit", got "kelvin""#,
///     r#"city: missing"#,
/// ]);
/// ```
pub fn validate(schema: SchemaRef, json: &str) -> Result<(), ValidationErrors> {
    let mut errors = ValidationErrors::default();
    if is_too_deep(json) {
        errors.add(&Path::Root, "nested too deeply");
    } else {
        check(schema.get(), json, &Path::Root, None, &mut errors);
    }
    errors.into_result()
}

/// Returns `true` if brackets nest too deeply. Validation is recursive, so the limit bounds its use of the stack.
fn is_too_deep(json: &str) -> bool {
    const MAX_DEPTH: usize = 120;
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// A string, borrowed if it contains no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Validates an entire JSON document against a node.
fn check(
    node: &'static Node,
    json: &str,
    path: &Path<'_>,
    stack: Option<&Stack<'_>>,
    errors: &mut ValidationErrors,
) {
    let mut reader = serde_json::Deserializer::from_str(json);
    let result = Check {
        node,
        path,
        stack,
        nullable: false,
        errors: &mut *errors,
    }
    .deserialize(&mut reader);
    if let Err(error) = result.and_then(|()| reader.end()) {
        // Reports only the first syntax error, because any later error would be a guess.
        errors.add(
            path,
            format_args!(
                "not valid JSON at line {} column {}",
                error.line(),
                error.column()
            ),
        );
    }
}

/// A validator for the next value, with the expected schema, the path and the errors so far.
struct Check<'a> {
    node: &'static Node,
    path: &'a Path<'a>,
    stack: Option<&'a Stack<'a>>,
    nullable: bool,
    errors: &'a mut ValidationErrors,
}

impl Check<'_> {
    fn expected(&mut self, got: impl fmt::Display) {
        let or_null = if self.nullable { " or null" } else { "" };
        self.errors.add(
            self.path,
            format_args!("expected {}{or_null}, got {got}", scalar::Expected(self.node)),
        );
    }
}

impl<'de> DeserializeSeed<'de> for Check<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        while let Kind::Nullable(inner) = self.node.kind {
            self.node = inner.get();
            self.nullable = true;
        }
        if let Kind::Enclosing(path) = self.node.kind
            && let Some(target) = Stack::by_path(self.stack, path)
        {
            self.node = target;
        }
        let entry = Stack {
            node: self.node,
            parent: self.stack,
        };
        let mut check = Check {
            node: self.node,
            path: self.path,
            stack: if self.node.definition.is_some() {
                Some(&entry)
            } else {
                self.stack
            },
            nullable: self.nullable,
            errors: self.errors,
        };
        match check.node.kind {
            Kind::Any => IgnoredAny::deserialize(deserializer).map(drop),
            // These kinds parse their text more than once, so they read it as raw JSON.
            Kind::Integer { min, max, .. } if scalar::is_wide(min, max) => {
                let text = <&RawValue>::deserialize(deserializer)?;
                check.wide_integer(text.get());
                Ok(())
            }
            Kind::Union { .. } | Kind::Raw(_) => {
                let text = <&RawValue>::deserialize(deserializer)?;
                check.text(text.get());
                Ok(())
            }
            Kind::Object { .. } if object::has_flattened_union(check.node) => {
                let text = <&RawValue>::deserialize(deserializer)?;
                check.text(text.get());
                Ok(())
            }
            _ => deserializer.deserialize_any(check),
        }
    }
}

impl Check<'_> {
    fn text(&mut self, json: &str) {
        if self.nullable && json.trim() == "null" {
            return;
        }
        match self.node.kind {
            Kind::Union { variants, tagging } => self.union(json, variants, tagging),
            Kind::Raw(schema) => self.raw(schema, json),
            _ => self.flattened_object(json),
        }
    }

    // `deserialize_any` yields integers of at most 64 bits, so this parses wider integers from the text.
    fn wide_integer(self, json: &str) {
        let mut check = self;
        if let Ok(value) = json.parse() {
            check.integer(value);
        } else if json.parse::<u128>().is_ok() {
            check.integer(i128::MAX);
        } else if let Err(error) = serde_json::Deserializer::from_str(json).deserialize_any(check) {
            debug_assert!(false, "the value was read before: {error}");
        }
    }

    fn raw(&mut self, schema: &str, json: &str) {
        let parsed = (serde_json::from_str(schema), serde_json::from_str(json));
        match parsed {
            (Ok(schema), Ok(value)) => super::runtime::check_at(&schema, &value, self.path, self.errors),
            _ => self.errors.add(self.path, "not valid JSON"),
        }
    }
}

impl<'de> Visitor<'de> for Check<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", scalar::Expected(self.node))
    }

    fn visit_unit<E>(mut self) -> Result<(), E> {
        if !self.nullable && !matches!(self.node.kind, Kind::Null) {
            self.expected("null");
        }
        Ok(())
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<(), E> {
        if !matches!(self.node.kind, Kind::Bool) {
            self.expected(value);
        }
        Ok(())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
        self.integer(i128::from(value));
        Ok(())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
        self.integer(i128::from(value));
        Ok(())
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<(), E> {
        self.number(value);
        Ok(())
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        self.string(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        self.list(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<(), A::Error> {
        self.object(entries)
    }
}
