//! Converts schemas from other sources, such as a server or `schemars`, to the keywords that a dialect supports,
//! because a provider rejects the entire request if it finds an unknown keyword. The conversion happens once per schema
//! and dialect.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::AnyDialect;
use super::render::supports_format;
use super::runtime_rules::resolve;

/// Maximum number of schema nodes in one rendering. Expanding references can multiply the nodes.
pub(super) const MAX_NODES: usize = 5_000;
/// Maximum nesting depth of schemas.
pub(super) const MAX_DEPTH: usize = 48;

/// Keywords that help editors and other programs but not a model.
const NOISE: &[&str] = &["$schema", "$id", "$comment", "title", "$vocabulary"];

/// Keywords that Gemini supports without conversion.
const GEMINI: &[&str] = &[
    "type",
    "description",
    "nullable",
    "properties",
    "required",
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "pattern",
    "anyOf",
    "example",
];

/// Returns the schema of a tool's arguments in a dialect, without the keywords in `NOISE`. Gemini rejects an object
/// without properties, so in its dialect, this returns `None` for such a schema, and the declaration omits the
/// parameters. In the other dialects, `properties` is always present.
pub(crate) fn arguments(schema: &Value, dialect: AnyDialect) -> Option<Value> {
    let mut rendering = Rendering {
        root: schema,
        dialect,
        remaining_nodes: MAX_NODES,
        open_references: Vec::new(),
    };
    let mut schema = rendering.schema(schema, 0);
    if dialect == AnyDialect::Gemini {
        return schema.get("properties").is_some().then_some(schema);
    }
    if let Value::Object(keywords) = &mut schema {
        keywords.entry("properties").or_insert_with(|| json!({}));
    }
    Some(schema)
}

struct Rendering<'a> {
    root: &'a Value,
    dialect: AnyDialect,
    remaining_nodes: usize,
    /// References that are being expanded.
    open_references: Vec<&'a str>,
}

impl<'a> Rendering<'a> {
    fn is_gemini(&self) -> bool {
        self.dialect == AnyDialect::Gemini
    }

    fn schema(&mut self, schema: &'a Value, depth: usize) -> Value {
        let Value::Object(keywords) = schema else {
            // `true` accepts any value. `false` accepts none, so it describes only properties that never occur.
            return if self.is_gemini() { any() } else { schema.clone() };
        };
        if depth > MAX_DEPTH || self.remaining_nodes == 0 {
            return json!({"type": "object"});
        }
        self.remaining_nodes -= 1;
        if self.is_gemini()
            && let Some(Value::String(reference)) = keywords.get("$ref")
        {
            return self.resolve(keywords, reference, depth);
        }
        let mut output = Map::new();
        for (keyword, value) in keywords {
            if let Some(value) = self.keyword(keyword, value, depth) {
                output.insert(keyword.clone(), value);
            }
        }
        self.format(keywords, &mut output);
        if self.is_gemini() {
            self.rewrite(keywords, &mut output, depth);
        }
        Value::Object(output)
    }

    fn keyword(&mut self, keyword: &str, value: &'a Value, depth: usize) -> Option<Value> {
        if NOISE.contains(&keyword) || keyword == "format" {
            return None;
        }
        if self.is_gemini() && !GEMINI.contains(&keyword) {
            return None;
        }
        Some(match (keyword, value) {
            ("enum" | "const" | "default" | "examples" | "example" | "required" | "type", value) => {
                value.clone()
            }
            (
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas",
                Value::Object(named),
            ) => {
                let each = named.iter();
                Value::Object(
                    each.map(|(name, schema)| (name.clone(), self.schema(schema, depth + 1)))
                        .collect(),
                )
            }
            (_, Value::Object(_)) => self.schema(value, depth + 1),
            ("items", Value::Bool(_)) if self.is_gemini() => any(),
            (_, Value::Array(schemas)) => schemas
                .iter()
                .map(|schema| self.schema(schema, depth + 1))
                .collect(),
            (_, value) => value.clone(),
        })
    }

    /// Keeps a format that the dialect supports and moves any other string format to the description. The format of a
    /// number is its Rust type and is dropped.
    fn format(&self, keywords: &Map<String, Value>, output: &mut Map<String, Value>) {
        let Some(Value::String(format)) = keywords.get("format") else {
            return;
        };
        if supports_format(self.dialect, format) {
            output.insert("format".to_owned(), json!(format));
        } else if supports_format(AnyDialect::JsonSchema, format) {
            describe(output, &format!("Format: {format}."));
        }
    }

    /// Expands a reference. A type nested in itself becomes an object without further details.
    fn resolve(&mut self, keywords: &'a Map<String, Value>, reference: &'a str, depth: usize) -> Value {
        let mut output = match resolve(self.root, reference) {
            Some(target) if !self.open_references.contains(&reference) => {
                self.open_references.push(reference);
                let output = self.schema(target, depth + 1);
                self.open_references.pop();
                output
            }
            _ => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                json!({"type": "object", "description": format!("Same structure as the enclosing {name}.")})
            }
        };
        if let (Value::Object(output), Some(description)) = (&mut output, keywords.get("description")) {
            output.insert("description".to_owned(), description.clone());
        }
        output
    }

    /// Converts keywords that Gemini spells differently, and adds unsupported rules to the description.
    fn rewrite(&mut self, keywords: &'a Map<String, Value>, output: &mut Map<String, Value>, depth: usize) {
        if output.get("properties") == Some(&json!({})) {
            output.remove("properties");
        }
        self.kinds(output);
        self.constants(keywords, output);
        self.shapes(keywords, output, depth);
        if let Some(Value::Array(examples)) = keywords.get("examples")
            && let Some(first) = examples.first()
        {
            output.insert("example".to_owned(), first.clone());
        }
        if output.get("type") == Some(&json!("array")) && !output.contains_key("items") {
            let items = keywords.get("prefixItems").and_then(Value::as_array);
            let items: Vec<Value> = items
                .into_iter()
                .flatten()
                .map(|item| self.schema(item, depth + 1))
                .collect();
            output.insert("items".to_owned(), one_of(items));
        }
        keep_known_names(output);
        for (keyword, text) in [
            ("multipleOf", "A multiple of"),
            ("exclusiveMinimum", "Above"),
            ("exclusiveMaximum", "Below"),
        ] {
            if let Some(value @ Value::Number(_)) = keywords.get(keyword) {
                describe(output, &format!("{text} {value}."));
            }
        }
    }

    /// Converts a list of types, such as `"type": ["string", "null"]`.
    fn kinds(&self, output: &mut Map<String, Value>) {
        let Some(Value::Array(kinds)) = output.get("type") else {
            return;
        };
        let mut kinds = kinds.clone();
        let all = kinds.len();
        kinds.retain(|kind| kind != "null");
        if kinds.len() < all {
            output.insert("nullable".to_owned(), json!(true));
        }
        match <[Value; 1]>::try_from(kinds) {
            Ok([kind]) => {
                output.insert("type".to_owned(), kind);
            }
            Err(kinds) => {
                output.remove("type");
                let shapes = kinds.into_iter().map(|kind| {
                    if kind == "array" {
                        json!({"type": kind, "items": any()})
                    } else {
                        json!({"type": kind})
                    }
                });
                output.insert("anyOf".to_owned(), shapes.collect());
            }
        }
    }

    /// Converts `enum` and `const`. Strings become values of an `enum`; other values are listed in the description.
    fn constants(&self, keywords: &Map<String, Value>, output: &mut Map<String, Value>) {
        let mut values = match (keywords.get("enum"), keywords.get("const")) {
            (Some(Value::Array(values)), _) => values.clone(),
            (_, Some(value)) => vec![value.clone()],
            _ => return,
        };
        if values.iter().any(Value::is_null) {
            values.retain(|value| !value.is_null());
            output.insert("nullable".to_owned(), json!(true));
        }
        if !values.is_empty() && values.iter().all(Value::is_string) {
            output.insert("type".to_owned(), json!("string"));
            output.insert("enum".to_owned(), Value::Array(values));
            return;
        }
        if let Some(value) = values.first() {
            let kind = match value {
                Value::Bool(_) => "boolean",
                Value::Number(number) if number.is_f64() => "number",
                Value::Number(_) => "integer",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                _ => "object",
            };
            output.entry("type").or_insert_with(|| json!(kind));
            let values: Vec<String> = values.iter().map(Value::to_string).collect();
            describe(output, &format!("One of {}.", values.join(", ")));
        }
    }

    /// Converts `oneOf`, `allOf`, and a `null` among the shapes.
    fn shapes(&mut self, keywords: &'a Map<String, Value>, output: &mut Map<String, Value>, depth: usize) {
        if let Some(Value::Array(shapes)) = keywords.get("oneOf") {
            let shapes = shapes.iter().map(|shape| self.schema(shape, depth + 1)).collect();
            output.insert("anyOf".to_owned(), shapes);
        }
        if let Some(Value::Array(parts)) = keywords.get("allOf") {
            for part in parts {
                if let Value::Object(mut rendered) = self.schema(part, depth + 1) {
                    // The properties with these names may be in another part.
                    if let Some(names) = part.get("required") {
                        rendered.insert("required".to_owned(), names.clone());
                    }
                    merge(output, rendered);
                }
            }
        }
        let Some(Value::Array(shapes)) = output.get_mut("anyOf") else {
            return;
        };
        let all = shapes.len();
        shapes.retain(|shape| shape.get("type") != Some(&json!("null")));
        let (left, only) = (shapes.len(), shapes.first().cloned());
        if left < all {
            output.insert("nullable".to_owned(), json!(true));
        }
        if left < 2 {
            output.remove("anyOf");
            if let Some(Value::Object(only)) = only {
                merge(output, only);
            }
        }
    }
}

/// Returns a schema that accepts any value, for which Gemini has no keyword.
fn any() -> Value {
    json!({"anyOf": [
        {"type": "string", "nullable": true},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "object"},
        {"type": "array", "items": {"type": "string"}},
    ]})
}

fn one_of(mut shapes: Vec<Value>) -> Value {
    shapes.dedup();
    match <[Value; 1]>::try_from(shapes) {
        Ok([shape]) => shape,
        Err(shapes) if shapes.is_empty() => any(),
        Err(shapes) => json!({"anyOf": shapes}),
    }
}

/// Merges the keywords of one schema into another. `properties` and `required` are combined; for other keywords, the
/// first value wins.
fn merge(output: &mut Map<String, Value>, part: Map<String, Value>) {
    for (keyword, value) in part {
        match (output.get_mut(&keyword), value) {
            (Some(Value::Object(known)), Value::Object(more)) if keyword == "properties" => {
                known.extend(more);
            }
            (Some(Value::Array(known)), Value::Array(more)) if keyword == "required" => known.extend(more),
            (Some(_), _) => {}
            (None, value) => {
                output.insert(keyword, value);
            }
        }
    }
}

/// Removes duplicate names and names without a property from `required`, because Gemini rejects them.
fn keep_known_names(output: &mut Map<String, Value>) {
    let Some(Value::Array(mut names)) = output.remove("required") else {
        return;
    };
    let properties = output.get("properties").and_then(Value::as_object);
    let mut seen = HashSet::new();
    names.retain(|name| {
        name.as_str().is_some_and(|text| {
            properties.is_some_and(|properties| properties.contains_key(text)) && seen.insert(text.to_owned())
        })
    });
    if !names.is_empty() {
        output.insert("required".to_owned(), Value::Array(names));
    }
}

fn describe(output: &mut Map<String, Value>, sentence: &str) {
    let text = match output.get("description").and_then(Value::as_str) {
        Some(known) => {
            let end = if known.ends_with(['.', '!', '?', ':']) {
                ""
            } else {
                "."
            };
            format!("{known}{end} {sentence}")
        }
        None => sentence.to_owned(),
    };
    output.insert("description".to_owned(), json!(text));
}

#[cfg(test)]
mod tests;
