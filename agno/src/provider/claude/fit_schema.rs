//! Rewrites schemas to use only the keywords that Claude supports for enforced output. Claude rejects constraints such
//! as bounds, lengths and counts, so they are moved to the description, where the model can read them; agno checks the
//! reply against the complete schema anyway. If a schema cannot be converted (open objects, recursion), the output is
//! requested as a tool call instead.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::provider::codec::declaration::RawDeclaration;
use crate::provider::codec::entries::entries;

/// A cache of the first output schema that is sent to a model. Most models receive only one.
#[derive(Debug, Default)]
pub(crate) struct Shape(OnceLock<(Box<str>, Option<Box<str>>)>);

impl Shape {
    /// Converts the schema in a declaration (`{"name":.., "schema":..}`). Returns `None` if Claude cannot enforce it.
    pub(crate) fn fit(&self, declaration: &str) -> Option<Cow<'_, str>> {
        let first = || (declaration.into(), fit(declaration).map(Into::into));
        let (known, adapted) = self.0.get_or_init(first);
        if **known == *declaration {
            adapted.as_deref().map(Cow::Borrowed)
        } else {
            fit(declaration).map(Cow::Owned)
        }
    }
}

fn fit(declaration: &str) -> Option<String> {
    let schema = RawDeclaration::read(declaration).ok()?.schema()?;
    let root = entries(schema)?;
    let mut fitter = Fitter {
        out: String::with_capacity(declaration.len()),
        definitions: root
            .iter()
            .find(|(key, _)| key == "$defs")
            .and_then(|(_, definitions)| entries(definitions))
            .unwrap_or_default()
            .into_iter()
            .collect(),
        open_definitions: Vec::new(),
        optional: 0,
    };
    fitter.schema(schema)?;
    Some(fitter.out)
}

/// The keywords that are moved to the description.
const DESCRIBED_KEYWORDS: [&str; 12] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// The keywords whose values are copied.
const COPIED_KEYWORDS: [&str; 9] = [
    "type", "enum", "const", "format", "pattern", "required", "title", "default", "$ref",
];

struct Fitter<'a> {
    out: String,
    definitions: BTreeMap<Cow<'a, str>, &'a RawValue>,
    /// The definitions on the path to the current schema.
    open_definitions: Vec<Cow<'a, str>>,
    /// Number of optional properties across all objects.
    optional: usize,
}

/// Maximum number of optional properties. Each one doubles the number of cases that the server must track.
const MAX_OPTIONAL: usize = 10;

impl<'a> Fitter<'a> {
    fn schema(&mut self, schema: &'a RawValue) -> Option<()> {
        let keywords = entries(schema)?;
        let find = |name: &str| {
            keywords
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.get())
        };
        let is_object = find("properties").is_some() || find("type") == Some("\"object\"");
        let closed = find("additionalProperties");
        let count = |name: &str| {
            let value = keywords
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| *value);
            value.map_or(0, |value| {
                entries(value).map_or_else(
                    || serde_json::from_str::<Vec<IgnoredAny>>(value.get()).map_or(0, |list| list.len()),
                    |members| members.len(),
                )
            })
        };
        let optional = count("properties").saturating_sub(count("required"));
        self.optional = self.optional.saturating_add(optional);
        if self.optional > MAX_OPTIONAL {
            return None;
        }
        if is_object && closed.map_or(find("properties").is_none(), |value| value != "false") {
            return None;
        }
        self.out.push('{');
        self.description(find("description"), &keywords);
        for (key, value) in &keywords {
            match &**key {
                "properties" | "$defs" => {
                    self.key(key);
                    self.members(value)?;
                }
                "items" => {
                    self.key(key);
                    self.schema(value)?;
                }
                "anyOf" | "allOf" => {
                    self.key(key);
                    self.list(value)?;
                }
                "additionalProperties" => self.copy(key, value),
                "$ref" => {
                    self.copy(key, value);
                    self.follow(value)?;
                }
                copied if COPIED_KEYWORDS.contains(&copied) => self.copy(key, value),
                // These are already in the description or do not affect the output.
                "description" | "examples" | "deprecated" | "readOnly" | "writeOnly" | "$schema"
                | "$comment" => {}
                keyword if DESCRIBED_KEYWORDS.contains(&keyword) => {}
                _ => return None,
            }
        }
        // Claude requires closed objects. An object that does not mention additional properties can be closed safely.
        if is_object && closed.is_none() {
            self.key("additionalProperties");
            self.out.push_str("false");
        }
        self.out.push('}');
        Some(())
    }

    /// Checks that the target of a reference can be converted and does not refer to itself.
    fn follow(&mut self, reference: &'a RawValue) -> Option<()> {
        let target: Cow<'a, str> = serde_json::from_str(reference.get()).ok()?;
        let name: Cow<'a, str> = target.strip_prefix("#/$defs/")?.to_owned().into();
        if self.open_definitions.contains(&name) {
            return None;
        }
        let definition = *self.definitions.get(&name)?;
        self.open_definitions.push(name);
        // The output is discarded, because the definition is written and counted under `$defs`.
        let (length, optional) = (self.out.len(), self.optional);
        self.schema(definition)?;
        self.out.truncate(length);
        self.optional = optional;
        self.open_definitions.pop();
        Some(())
    }

    fn members(&mut self, members: &'a RawValue) -> Option<()> {
        self.out.push('{');
        for (name, member) in entries(members)? {
            self.key(&name);
            self.schema(member)?;
        }
        self.out.push('}');
        Some(())
    }

    fn list(&mut self, list: &'a RawValue) -> Option<()> {
        self.out.push('[');
        for schema in serde_json::from_str::<Vec<&RawValue>>(list.get()).ok()? {
            self.comma();
            self.schema(schema)?;
        }
        self.out.push(']');
        Some(())
    }

    /// Writes the user's description, followed by the unsupported constraints.
    fn description(&mut self, description: Option<&str>, keywords: &[(Cow<'_, str>, &RawValue)]) {
        let mut rules = String::new();
        for (key, value) in keywords {
            if DESCRIBED_KEYWORDS.contains(&&**key) {
                let separator = if rules.is_empty() { "" } else { ", " };
                // Writing to a string cannot fail.
                let _ = write!(rules, "{separator}{key}: {}", value.get());
            }
        }
        let written = description.and_then(|json| serde_json::from_str::<Cow<'_, str>>(json).ok());
        let text = match (written, rules.is_empty()) {
            (Some(written), true) => written,
            (Some(written), false) => format!("{written} ({rules})").into(),
            (None, false) => rules.into(),
            (None, true) => return,
        };
        self.key("description");
        self.out.push_str(&serde_json::Value::from(&*text).to_string());
    }

    fn copy(&mut self, key: &str, value: &RawValue) {
        self.key(key);
        self.out.push_str(value.get());
    }

    fn key(&mut self, key: &str) {
        self.comma();
        self.out.push_str(&serde_json::Value::from(key).to_string());
        self.out.push(':');
    }

    fn comma(&mut self) {
        if !self.out.ends_with(['{', '[', ':']) {
            self.out.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapted(schema: &str) -> Option<String> {
        fit(&format!(r#"{{"name":"x","schema":{schema}}}"#))
    }

    #[test]
    fn the_cached_schema_is_never_returned_for_another_declaration() {
        let declared = |kind: &str| format!(r#"{{"name":"x","schema":{{"type":"{kind}"}}}}"#);
        let shape = Shape::default();
        for kind in ["string", "integer", "object", "string"] {
            let expected = Some(format!(r#"{{"type":"{kind}"}}"#)).filter(|_| kind != "object");
            assert_eq!(shape.fit(&declared(kind)).map(Cow::into_owned), expected);
        }
        assert!(matches!(shape.fit(&declared("string")), Some(Cow::Borrowed(_))));
    }

    #[test]
    fn unsupported_constraints_move_to_the_description() {
        let schema = r#"{"type":"object","properties":{"n":{"type":"integer","description":"How many.","minimum":0,"maximum":9},"tags":{"type":"array","items":{"type":"string","maxLength":3},"minItems":1}},"required":["n"],"additionalProperties":false}"#;
        let expected = r#"{"type":"object","properties":{"n":{"description":"How many. (minimum: 0, maximum: 9)","type":"integer"},"tags":{"description":"minItems: 1","type":"array","items":{"description":"maxLength: 3","type":"string"}}},"required":["n"],"additionalProperties":false}"#;
        assert_eq!(adapted(schema).as_deref(), Some(expected));
    }

    #[test]
    fn schemas_that_claude_cannot_enforce_are_not_fitted() {
        let shared = r##"{"type":"object","properties":{"a":{"$ref":"#/$defs/P"},"b":{"$ref":"#/$defs/P"}},"additionalProperties":false,"$defs":{"P":{"type":"string"}}}"##;
        assert_eq!(adapted(shared).as_deref(), Some(shared));
        for schema in [
            r##"{"$ref":"#/$defs/T","$defs":{"T":{"type":"object","properties":{"next":{"$ref":"#/$defs/T"}},"additionalProperties":false}}}"##,
            r#"{"type":"object","additionalProperties":{"type":"string"}}"#,
            r#"{"type":"object"}"#,
            r#"{"type":"array","prefixItems":[{"type":"string"}]}"#,
            "true",
        ] {
            assert_eq!(adapted(schema), None, "{schema}");
        }
        let optional = |count: usize| {
            let members: Vec<String> = (0..count)
                .map(|index| format!(r#""p{index}":{{"type":"string"}}"#))
                .collect();
            format!(r#"{{"type":"object","properties":{{{}}}}}"#, members.join(","))
        };
        assert!(adapted(&optional(10)).is_some());
        assert!(adapted(&optional(11)).is_none());
    }
}
