//! Checks schemas that a program passes at run time. Without these checks, a mistake would surface only when a provider
//! rejects a request, or not at all, because validation ignores keywords whose values have the wrong type.

use core::fmt;
use std::collections::HashSet;

use regex_lite::Regex;
use serde_json::Value;

use super::runtime_dialect::{MAX_DEPTH, MAX_NODES};
use super::validation_error::Quoted;

/// Maximum length of a chain of references.
const MAX_REFERENCES: usize = 64;

/// The type names of JSON Schema.
const TYPES: &[&str] = &[
    "object", "array", "string", "integer", "number", "boolean", "null",
];

/// Regular expression syntax that is valid in JSON Schema but unsupported by this crate's engine. A pattern that
/// contains any of it is not checked.
const UNCHECKED: &[&str] = &[
    "(?=", "(?!", "(?<=", "(?<!", "\\p{", "\\P{", "\\u", "\\c", "\\k", "\\1", "\\2", "\\3", "\\4", "\\5",
];

/// An error in a schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SchemaError {
    /// JSON pointer to the invalid value, empty for the root.
    pointer: String,
    message: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "at the root: {}", self.message),
            pointer => write!(f, "at `{pointer}`: {}", self.message),
        }
    }
}

/// Checks that a schema has only known types, keyword values of the correct type, patterns that compile, references
/// that resolve within the schema, and a limited depth and size.
///
/// # Errors
///
/// Returns the first error.
pub(crate) fn check_schema(schema: &Value) -> Result<(), SchemaError> {
    let mut rules = Rules {
        root: schema,
        parts: 0,
        targets: Vec::new(),
        visited: None,
    };
    rules.schema(schema, &Pointer::Root, 0)?;
    if rules.targets.is_empty() {
        return Ok(());
    }
    // A reference may point to a schema that the first pass did not reach, for example under an unknown keyword. Most
    // schemas have no references, so only this second pass records the visited parts.
    rules.visited = Some(HashSet::new());
    rules.parts = 0;
    rules.schema(schema, &Pointer::Root, 0)?;
    while let Some((reference, target)) = rules.targets.pop() {
        let is_visited = |visited: &HashSet<_>| visited.contains(&core::ptr::from_ref(target));
        if !rules.visited.as_ref().is_some_and(is_visited) {
            rules.schema(target, &Pointer::Reference(reference), 0)?;
        }
    }
    Ok(())
}

/// A JSON pointer, kept on the call stack and formatted only if there is an error.
enum Pointer<'a> {
    Root,
    /// The target of a reference.
    Reference(&'a str),
    Name(&'a Pointer<'a>, &'a str),
    Index(&'a Pointer<'a>, usize),
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Reference(reference) => f.write_str(reference.trim_start_matches('#')),
            Self::Name(parent, name) => write!(f, "{parent}/{}", name.replace('~', "~0").replace('/', "~1")),
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// Resolves a reference within the same document.
pub(super) fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    root.pointer(pointer)
        .or_else(|| root.pointer(&percent_decode(pointer)?))
}

/// Decodes a pointer in a URI fragment, such as `/$defs/List%3Cu8%3E`.
fn percent_decode(pointer: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut parts = pointer.split('%');
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend(rest.bytes());
    }
    String::from_utf8(bytes).ok()
}

struct Rules<'a> {
    root: &'a Value,
    /// Number of schemas checked so far.
    parts: usize,
    /// References and their targets.
    targets: Vec<(&'a str, &'a Value)>,
    visited: Option<HashSet<*const Value>>,
}

impl<'a> Rules<'a> {
    fn schema(&mut self, schema: &'a Value, at: &Pointer<'_>, depth: usize) -> Result<(), SchemaError> {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(_) => return Ok(()),
            other => return expected("a schema (an object or a boolean)", other, at),
        };
        if depth > MAX_DEPTH {
            return fail(
                at,
                format!("the schema is nested more than {MAX_DEPTH} levels deep"),
            );
        }
        if self.parts == MAX_NODES {
            return fail(at, format!("the schema has more than {MAX_NODES} parts"));
        }
        self.parts += 1;
        if let Some(visited) = &mut self.visited {
            visited.insert(core::ptr::from_ref(schema));
        }
        for (keyword, value) in keywords {
            self.keyword(keyword, value, &Pointer::Name(at, keyword), depth + 1)?;
        }
        Ok(())
    }

    fn keyword(
        &mut self,
        keyword: &str,
        value: &'a Value,
        at: &Pointer<'_>,
        depth: usize,
    ) -> Result<(), SchemaError> {
        match keyword {
            "type" => kinds(value, at),
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                let Value::Object(schemas) = value else {
                    return expected("an object", value, at);
                };
                for (name, schema) in schemas {
                    let at = Pointer::Name(at, name);
                    if keyword == "patternProperties" {
                        pattern(name, &at)?;
                    }
                    self.schema(schema, &at, depth)?;
                }
                Ok(())
            }
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => self.schemas(value, at, depth),
            "items" if value.is_array() => self.schemas(value, at, depth),
            "items"
            | "additionalItems"
            | "additionalProperties"
            | "contains"
            | "else"
            | "if"
            | "not"
            | "propertyNames"
            | "then"
            | "unevaluatedItems"
            | "unevaluatedProperties" => self.schema(value, at, depth),
            "required" => match list(value, at)?.iter().find(|name| !name.is_string()) {
                Some(other) => expected("a property name", other, at),
                None => Ok(()),
            },
            "enum" => items(value, at).map(drop),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" if !value.is_number() => {
                expected("a number", value, at)
            }
            "multipleOf" if value.as_f64().is_none_or(|step| step <= 0.0) => {
                expected("a number above 0", value, at)
            }
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
            | "minContains" | "maxContains"
                if !value.is_u64() =>
            {
                expected("an integer of at least 0", value, at)
            }
            "uniqueItems" | "nullable" | "deprecated" | "readOnly" | "writeOnly" if !value.is_boolean() => {
                expected("a boolean", value, at)
            }
            "description" | "title" | "format" | "$schema" | "$id" | "$comment" if !value.is_string() => {
                expected("a string", value, at)
            }
            "pattern" => match value {
                Value::String(text) => pattern(text, at),
                other => expected("a string", other, at),
            },
            "$ref" => match value {
                Value::String(reference) => self.reference(reference, at),
                other => expected("a string", other, at),
            },
            _ => Ok(()),
        }
    }

    fn schemas(&mut self, value: &'a Value, at: &Pointer<'_>, depth: usize) -> Result<(), SchemaError> {
        for (index, schema) in items(value, at)?.iter().enumerate() {
            self.schema(schema, &Pointer::Index(at, index), depth)?;
        }
        Ok(())
    }

    fn reference(&mut self, reference: &'a str, at: &Pointer<'_>) -> Result<(), SchemaError> {
        let quoted = Quoted(reference);
        if !reference.starts_with('#') {
            return fail(
                at,
                format!("{quoted} refers to another document; move its schema into `$defs`"),
            );
        }
        let Some(target) = resolve(self.root, reference) else {
            return fail(at, format!("{quoted} refers to nothing in this schema"));
        };
        let mut last = target;
        for _ in 0..MAX_REFERENCES {
            let next = last.get("$ref").and_then(Value::as_str);
            match next.and_then(|reference| resolve(self.root, reference)) {
                Some(schema) => last = schema,
                None => {
                    self.targets.push((reference, target));
                    return Ok(());
                }
            }
        }
        fail(at, format!("{quoted} refers to itself"))
    }
}

fn fail<T>(at: &Pointer<'_>, message: String) -> Result<T, SchemaError> {
    Err(SchemaError {
        pointer: at.to_string(),
        message,
    })
}

fn expected<T>(expected: &str, value: &Value, at: &Pointer<'_>) -> Result<T, SchemaError> {
    fail(at, format!("expected {expected}, got {}", kind(value)))
}

fn list<'a>(value: &'a Value, at: &Pointer<'_>) -> Result<&'a [Value], SchemaError> {
    match value {
        Value::Array(items) => Ok(items),
        other => expected("an array", other, at),
    }
}

/// Returns the items of an array, which must not be empty.
fn items<'a>(value: &'a Value, at: &Pointer<'_>) -> Result<&'a [Value], SchemaError> {
    match list(value, at)? {
        [] => fail(at, "expected at least one item".to_owned()),
        items => Ok(items),
    }
}

fn kinds(value: &Value, at: &Pointer<'_>) -> Result<(), SchemaError> {
    let names = match value {
        Value::String(_) => core::slice::from_ref(value),
        other => items(other, at)?,
    };
    for name in names {
        match name.as_str() {
            Some(known) if TYPES.contains(&known) => {}
            Some(unknown) => {
                let types = TYPES.join("`, `");
                return fail(at, format!("unknown type {}; use `{types}`", Quoted(unknown)));
            }
            None => return expected("the name of a type", name, at),
        }
    }
    Ok(())
}

fn pattern(text: &str, at: &Pointer<'_>) -> Result<(), SchemaError> {
    if UNCHECKED.iter().any(|part| text.contains(part)) {
        return Ok(());
    }
    match Regex::new(text) {
        Ok(_) => Ok(()),
        Err(error) => fail(at, format!("the pattern {} is invalid: {error}", Quoted(text))),
    }
}

/// Formats a value for an error message; arrays and objects are reduced to their type.
fn kind(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => Quoted(text).to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
