//! The rules for schemas that a program gives at run time. Without them, a mistake would surface only when a provider
//! rejects a request, or never, because validation ignores keywords that it does not understand.

use core::fmt;
use std::collections::HashSet;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::runtime_dialect::{MAX_DEPTH, MAX_NODES};
use super::validation_error::Quoted;

/// Maximum number of references from one to the next.
const MAX_REFERENCES: usize = 64;

/// The names of types.
const TYPES: &[&str] = &[
    "object", "array", "string", "integer", "number", "boolean", "null",
];

/// Parts of regular expressions that are valid in JSON Schema and unknown to the engine of this crate. A pattern with
/// one of them is not checked.
const UNCHECKED: &[&str] = &[
    "(?=", "(?!", "(?<=", "(?<!", "\\p{", "\\P{", "\\u", "\\c", "\\k", "\\1", "\\2", "\\3", "\\4", "\\5",
];

/// An error in a schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SchemaError {
    /// JSON pointer to the invalid value. The pointer of the root is empty.
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

/// Checks a schema: known types, keywords with values of the right shape, patterns that compile, references that
/// resolve within the schema, and a limited depth and size.
///
/// # Errors
/// Returns the first error.
pub(crate) fn check_schema(schema: &Value) -> Result<(), SchemaError> {
    let mut rules = Rules {
        root: schema,
        pointer: String::new(),
        visited: HashSet::new(),
        targets: Vec::new(),
    };
    rules.schema(schema, 0)?;
    // A reference may point to a schema that is not in a keyword for schemas.
    while let Some((pointer, target)) = rules.targets.pop() {
        if !rules.visited.contains(&core::ptr::from_ref(target)) {
            rules.pointer = pointer;
            rules.schema(target, 0)?;
        }
    }
    Ok(())
}

/// Returns the part of a schema that a reference into the same document refers to.
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
    pointer: String,
    visited: HashSet<*const Value>,
    /// Targets of references, with their pointers.
    targets: Vec<(String, &'a Value)>,
}

impl<'a> Rules<'a> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, SchemaError> {
        Err(SchemaError {
            pointer: self.pointer.clone(),
            message: message.into(),
        })
    }

    /// Applies a check to a part of the schema.
    fn at<T>(
        &mut self,
        token: &str,
        check: impl FnOnce(&mut Self) -> Result<T, SchemaError>,
    ) -> Result<T, SchemaError> {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer
            .push_str(&token.replace('~', "~0").replace('/', "~1"));
        let result = check(self);
        self.pointer.truncate(length);
        result
    }

    fn schema(&mut self, schema: &'a Value, depth: usize) -> Result<(), SchemaError> {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(_) => return Ok(()),
            other => {
                return self.fail(format!(
                    "expected a schema, which is an object, got {}",
                    kind(other)
                ));
            }
        };
        if depth > MAX_DEPTH {
            return self.fail(format!("the schema is nested more than {MAX_DEPTH} levels deep"));
        }
        if self.visited.len() == MAX_NODES {
            return self.fail(format!("the schema has more than {MAX_NODES} parts"));
        }
        self.visited.insert(core::ptr::from_ref(schema));
        for (keyword, value) in keywords {
            self.at(keyword, |rules| rules.keyword(keyword, value, depth + 1))?;
        }
        Ok(())
    }

    fn keyword(&mut self, keyword: &str, value: &'a Value, depth: usize) -> Result<(), SchemaError> {
        match keyword {
            "type" => self.kinds(value),
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                for (name, schema) in self.object(value)? {
                    self.at(name, |rules| {
                        if keyword == "patternProperties" {
                            rules.pattern(name)?;
                        }
                        rules.schema(schema, depth)
                    })?;
                }
                Ok(())
            }
            "items" if value.is_array() => self.schemas(value, depth),
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => self.schemas(value, depth),
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
            | "unevaluatedProperties" => self.schema(value, depth),
            "required" => match self.list(value)?.iter().find(|name| !name.is_string()) {
                Some(other) => self.fail(format!("expected names of properties, got {}", kind(other))),
                None => Ok(()),
            },
            "enum" => self.items(value).map(drop),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" if !value.is_number() => {
                self.expected("a number", value)
            }
            "multipleOf" if value.as_f64().is_none_or(|step| step <= 0.0) => {
                self.expected("a number above 0", value)
            }
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
            | "minContains" | "maxContains"
                if !value.is_u64() =>
            {
                self.expected("an integer of at least 0", value)
            }
            "uniqueItems" | "nullable" | "deprecated" | "readOnly" | "writeOnly" if !value.is_boolean() => {
                self.expected("a boolean", value)
            }
            "description" | "title" | "format" | "$schema" | "$id" | "$comment" if !value.is_string() => {
                self.expected("a string", value)
            }
            "pattern" => match value {
                Value::String(pattern) => self.pattern(pattern),
                other => self.expected("a string", other),
            },
            "$ref" => match value {
                Value::String(reference) => self.reference(reference),
                other => self.expected("a string", other),
            },
            _ => Ok(()),
        }
    }

    fn expected<T>(&self, expected: &str, value: &Value) -> Result<T, SchemaError> {
        self.fail(format!("expected {expected}, got {}", kind(value)))
    }

    fn object(&self, value: &'a Value) -> Result<&'a Map<String, Value>, SchemaError> {
        match value.as_object() {
            Some(object) => Ok(object),
            None => self.expected("an object", value),
        }
    }

    fn list(&self, value: &'a Value) -> Result<&'a [Value], SchemaError> {
        match value.as_array() {
            Some(items) => Ok(items),
            None => self.expected("an array", value),
        }
    }

    /// Returns the items of a list of alternatives or parts. An empty one would accept nothing, or say nothing.
    fn items(&self, value: &'a Value) -> Result<&'a [Value], SchemaError> {
        let items = self.list(value)?;
        if items.is_empty() {
            return self.fail("expected at least one item");
        }
        Ok(items)
    }

    fn schemas(&mut self, value: &'a Value, depth: usize) -> Result<(), SchemaError> {
        for (index, schema) in self.items(value)?.iter().enumerate() {
            self.at(&index.to_string(), |rules| rules.schema(schema, depth))?;
        }
        Ok(())
    }

    fn kinds(&self, value: &'a Value) -> Result<(), SchemaError> {
        let names = match value {
            Value::String(_) => core::slice::from_ref(value),
            other => self.items(other)?,
        };
        for name in names {
            match name.as_str() {
                Some(known) if TYPES.contains(&known) => {}
                Some(unknown) => {
                    let types = TYPES.join("`, `");
                    return self.fail(format!("unknown type {}; use `{types}`", Quoted(unknown)));
                }
                None => return self.expected("the name of a type", name),
            }
        }
        Ok(())
    }

    fn pattern(&self, pattern: &str) -> Result<(), SchemaError> {
        if UNCHECKED.iter().any(|part| pattern.contains(part)) {
            return Ok(());
        }
        match Regex::new(pattern) {
            Ok(_) => Ok(()),
            Err(error) => self.fail(format!("the pattern {} is invalid: {error}", Quoted(pattern))),
        }
    }

    fn reference(&mut self, reference: &str) -> Result<(), SchemaError> {
        if !reference.starts_with('#') {
            let quoted = Quoted(reference);
            return self.fail(format!(
                "{quoted} refers to another document; move its schema into `$defs`"
            ));
        }
        let Some(target) = resolve(self.root, reference) else {
            return self.fail(format!("{} refers to nothing in this schema", Quoted(reference)));
        };
        let mut last = target;
        for _ in 0..MAX_REFERENCES {
            let next = last.get("$ref").and_then(Value::as_str);
            match next.and_then(|reference| resolve(self.root, reference)) {
                Some(schema) => last = schema,
                None => {
                    self.targets.push((reference[1..].to_owned(), target));
                    return Ok(());
                }
            }
        }
        self.fail(format!("{} refers to itself", Quoted(reference)))
    }
}

/// Returns a value in an error message; arrays and objects are reduced to their type.
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
