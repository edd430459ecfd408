//! Validation of values against schemas that are known only at run time, such as the schemas of a server's tools.
//!
//! The common keywords of JSON Schema are supported; [`validate`] lists them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::ValidationErrors;
use super::canonical::canonical;
use super::runtime_rules::resolve;
use super::validation_error::{List, Path, Quoted};

/// Maximum nesting depth of references, alternatives and values.
const MAX_DEPTH: usize = 192;
/// Work to apply a schema to a value.
const APPLY_WORK: u64 = 200;
/// Work to compare a value with a constant or to look up a required name.
const COMPARE_WORK: u64 = 10;

/// Validates a value against a JSON Schema.
///
/// Supported keywords: `type`, `nullable`, `properties`, `required`, `additionalProperties`, `enum`, `const`,
/// `items`, `prefixItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, `minLength`,
/// `maxLength`, `minItems`, `maxItems`, `uniqueItems`, `anyOf`, `oneOf`, `allOf` and `$ref` within the same document.
/// All other keywords are ignored.
///
/// Validation is limited to about half a second of work in a release build and to 192 nested values, references and
/// alternatives. Exceeding a limit is reported as an error.
///
/// # Errors
///
/// Returns the validation errors, each with its path, if the value does not match the schema.
///
/// ```
/// use agno::schema::runtime;
/// use serde_json::json;
///
/// let schema = json!({
///     "type": "object",
///     "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
///     "required": ["city"],
/// });
/// assert!(runtime::validate(&schema, &json!({"city": "Oslo"})).is_ok());
/// let problems = runtime::validate(&schema, &json!({"days": 0})).unwrap_err();
/// assert_eq!(problems.to_string(), "city: missing; days: expected at least 1, got 0");
/// ```
pub fn validate(schema: &Value, value: &Value) -> Result<(), ValidationErrors> {
    let mut errors = ValidationErrors::default();
    check_at(schema, value, &Path::Root, &mut errors);
    errors.into_result()
}

/// Returns the JSON Schema (2020-12) of a type that implements [`schemars::JsonSchema`], as serde reads the type.
///
/// The schema has no `$schema` and no root `title`. Nested named types are in `$defs`. Each call renders the schema
/// again, so store the result.
///
/// ```
/// use agno::schema::runtime;
/// use serde_json::json;
///
/// #[derive(schemars::JsonSchema)]
/// struct Point {
///     x: i64,
/// }
///
/// let schema = runtime::schemars_schema::<Point>();
/// assert!(runtime::validate(&schema, &json!({"x": 1})).is_ok());
/// assert_eq!(runtime::validate(&schema, &json!({})).unwrap_err().to_string(), "x: missing");
/// ```
#[cfg(feature = "schemars")]
pub fn schemars_schema<T: schemars::JsonSchema>() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12()
        .for_deserialize()
        .with(|settings| settings.meta_schema = None);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    schema.to_value()
}

pub(super) fn check_at(schema: &Value, value: &Value, path: &Path<'_>, errors: &mut ValidationErrors) {
    Check {
        root: schema,
        depth: 0,
        path,
        errors,
    }
    .value(schema, value);
}

struct Check<'a> {
    root: &'a Value,
    depth: usize,
    path: &'a Path<'a>,
    errors: &'a mut ValidationErrors,
}

impl Check<'_> {
    fn at<'b>(&'b mut self, path: &'b Path<'b>) -> Check<'b> {
        Check {
            root: self.root,
            depth: self.depth + 1,
            path,
            errors: &mut *self.errors,
        }
    }

    fn report(&mut self, message: impl core::fmt::Display) {
        self.errors.add(self.path, message);
    }

    fn value(mut self, schema: &Value, value: &Value) {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(false) => return self.report("no value is allowed here"),
            _ => return,
        };
        if self.errors.is_full() {
            return;
        }
        if self.depth > MAX_DEPTH {
            return self.report("nested too deeply");
        }
        if !self.errors.spend(work(keywords, value)) {
            return self.report("too complex to check");
        }
        if let Some(Value::String(reference)) = keywords.get("$ref")
            && let Some(target) = resolve(self.root, reference)
        {
            let path = self.path;
            self.at(path).value(target, value);
        }
        if !self.kind(keywords, value) {
            return;
        }
        self.constants(keywords, value);
        match value {
            Value::Object(fields) => self.object(keywords, fields),
            Value::Array(items) => self.array(keywords, items),
            Value::String(text) => self.string(keywords, text),
            Value::Number(number) => self.number(keywords, number),
            Value::Null | Value::Bool(_) => {}
        }
        self.combined(keywords, value);
    }

    /// Returns `true` if the type matches. Otherwise, reports the mismatch; further errors would be noise.
    fn kind(&mut self, keywords: &Map<String, Value>, value: &Value) -> bool {
        let names: Vec<&str> = match keywords.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        let nullable = keywords.get("nullable") == Some(&Value::Bool(true));
        if names.iter().any(|name| has_type(name, value)) || (nullable && value.is_null()) {
            return true;
        }
        self.report(format_args!(
            "expected {}, got {}",
            names.join(" or "),
            Excerpt(value)
        ));
        false
    }

    fn constants(&mut self, keywords: &Map<String, Value>, value: &Value) {
        if let Some(Value::Array(values)) = keywords.get("enum")
            && !values.contains(value)
        {
            let texts = values.iter().filter_map(Value::as_str);
            self.report(format_args!(
                "expected one of {}, got {}",
                List(texts),
                Excerpt(value)
            ));
        }
        if let Some(constant) = keywords.get("const")
            && constant != value
        {
            self.report(format_args!(
                "expected {}, got {}",
                Excerpt(constant),
                Excerpt(value)
            ));
        }
    }

    fn object(&mut self, keywords: &Map<String, Value>, fields: &Map<String, Value>) {
        if let Some(Value::Array(required)) = keywords.get("required") {
            for name in required.iter().filter_map(Value::as_str) {
                if !fields.contains_key(name) {
                    self.errors.add(&Path::Field(self.path, name), "missing");
                }
            }
        }
        let no_properties = Map::new();
        let properties = keywords
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&no_properties);
        for (name, value) in fields {
            let path = Path::Field(self.path, name);
            match (properties.get(name), keywords.get("additionalProperties")) {
                (Some(schema), _) => self.at(&path).value(schema, value),
                (None, Some(Value::Bool(false))) => {
                    let known = List(properties.keys().map(String::as_str));
                    self.report(format_args!("unknown field {}; expected {known}", Quoted(name)));
                }
                (None, Some(schema)) => self.at(&path).value(schema, value),
                (None, None) => {}
            }
        }
    }

    fn array(&mut self, keywords: &Map<String, Value>, items: &[Value]) {
        let count = items.len() as u64;
        if let Some(min) = size(keywords, "minItems")
            && count < min
        {
            self.report(format_args!("expected at least {min} items, got {count}"));
        }
        if let Some(max) = size(keywords, "maxItems")
            && count > max
        {
            self.report(format_args!("expected at most {max} items, got {count}"));
        }
        if keywords.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = HashSet::new();
            if !items.iter().all(|item| seen.insert(canonical(item))) {
                self.report("expected unique items");
            }
        }
        let slots = keywords
            .get("prefixItems")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        for (index, item) in items.iter().enumerate() {
            if let Some(schema) = slots.get(index).or(keywords.get("items")) {
                let path = Path::Item(self.path, index);
                self.at(&path).value(schema, item);
            }
        }
    }

    fn string(&mut self, keywords: &Map<String, Value>, text: &str) {
        let count = text.chars().count() as u64;
        if let Some(min) = size(keywords, "minLength")
            && count < min
        {
            self.report(format_args!("expected at least {min} characters, got {count}"));
        }
        if let Some(max) = size(keywords, "maxLength")
            && count > max
        {
            self.report(format_args!("expected at most {max} characters, got {count}"));
        }
    }

    fn number(&mut self, keywords: &Map<String, Value>, number: &serde_json::Number) {
        let Some(value) = number.as_f64() else {
            return;
        };
        let bound = |name: &str| keywords.get(name).and_then(Value::as_f64);
        if let Some(min) = bound("minimum")
            && value < min
        {
            self.report(format_args!("expected at least {min}, got {number}"));
        }
        if let Some(max) = bound("maximum")
            && value > max
        {
            self.report(format_args!("expected at most {max}, got {number}"));
        }
        if let Some(min) = bound("exclusiveMinimum")
            && value <= min
        {
            self.report(format_args!("expected more than {min}, got {number}"));
        }
        if let Some(max) = bound("exclusiveMaximum")
            && value >= max
        {
            self.report(format_args!("expected less than {max}, got {number}"));
        }
        if let Some(step) = bound("multipleOf")
            && step > 0.0
            && !super::check::is_multiple(value, step)
        {
            self.report(format_args!("expected a multiple of {step}, got {number}"));
        }
    }

    fn combined(&mut self, keywords: &Map<String, Value>, value: &Value) {
        for (keyword, one) in [("anyOf", false), ("oneOf", true)] {
            let Some(Value::Array(shapes)) = keywords.get(keyword) else {
                continue;
            };
            let mut matching = 0;
            let mut nearest: Option<ValidationErrors> = None;
            for shape in shapes {
                let mut errors = self.errors.with_same_work();
                Check {
                    root: self.root,
                    depth: self.depth + 1,
                    path: self.path,
                    errors: &mut errors,
                }
                .value(shape, value);
                self.errors.add_work(&errors);
                if errors.is_empty() {
                    matching += 1;
                } else {
                    let depth =
                        |errors: &ValidationErrors| errors.iter().map(|error| error.path().len()).max();
                    if nearest
                        .as_ref()
                        .is_none_or(|nearest| depth(&errors) > depth(nearest))
                    {
                        nearest = Some(errors);
                    }
                }
            }
            if matching == 0 {
                self.report(format_args!(
                    "matches none of the {} alternatives; errors of the closest one follow",
                    shapes.len()
                ));
                self.errors.append(nearest.unwrap_or_default());
            } else if one && matching > 1 {
                self.report(format_args!(
                    "matches {matching} of the alternatives, expected exactly one"
                ));
            }
        }
        if let Some(Value::Array(shapes)) = keywords.get("allOf") {
            for shape in shapes {
                let path = self.path;
                self.at(path).value(shape, value);
            }
        }
    }
}

/// Returns the work to apply a schema to a value, excluding nested schemas.
fn work(keywords: &Map<String, Value>, value: &Value) -> u64 {
    let count = |keyword: &str| {
        keywords
            .get(keyword)
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    let length = match value {
        Value::String(text) => text.len() / 8,
        Value::Array(items) => items.len(),
        _ => 0,
    };
    APPLY_WORK + COMPARE_WORK * (count("enum") + count("required")) as u64 + length as u64
}

fn size(keywords: &Map<String, Value>, name: &str) -> Option<u64> {
    keywords.get(name).and_then(Value::as_u64)
}

fn has_type(name: &str, value: &Value) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => {
            name == "number"
                || (name == "integer" && number.as_f64().is_some_and(|number| number.fract() == 0.0))
        }
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

/// A value in an error message; arrays and objects are reduced to their type.
struct Excerpt<'a>(&'a Value);

impl core::fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Value::String(text) => Quoted(text).fmt(f),
            Value::Array(_) => f.write_str("an array"),
            Value::Object(_) => f.write_str("an object"),
            small => small.fmt(f),
        }
    }
}
