//! Assembles arguments that arrive as values with paths (`$.recipe.steps[2]`) into JSON. The values may arrive in any
//! order.

use std::collections::HashMap;

use super::wire::PartialArg;
use crate::provider::codec::minify::minified;

/// The maximum number of steps in a path.
const MAX_DEPTH: usize = 64;
/// The maximum number of list elements that the paths of one call may skip in total.
const MAX_GAPS: usize = 4096;

/// The arguments received so far for one call.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// The arguments as JSON, if they arrived complete.
    json: Option<String>,
    root: Node,
    gaps: usize,
}

#[derive(Debug, Default)]
enum Node {
    #[default]
    Empty,
    Object(Fields),
    List(Vec<Node>),
    /// Text, and `true` if more of it follows.
    Text(String, bool),
    /// A number, `true`, `false` or `null`.
    Plain(String),
}

/// The fields of an object in order of arrival, and their positions by name.
#[derive(Debug, Default)]
struct Fields(Vec<(String, Node)>, HashMap<String, usize>);

impl Fields {
    /// Returns the value of a field, adding the field if it is missing.
    fn value(&mut self, name: &str) -> Option<&mut Node> {
        let Self(fields, positions) = self;
        let at = match positions.get(name) {
            Some(at) => *at,
            None => {
                positions.insert(name.to_owned(), fields.len());
                fields.push((name.to_owned(), Node::Empty));
                fields.len().checked_sub(1)?
            }
        };
        fields.get_mut(at).map(|(_, value)| value)
    }
}

/// A step of a path.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Element(usize),
}

impl Arguments {
    /// Sets the arguments from complete JSON.
    pub(super) fn replace(&mut self, json: &str) {
        self.json = Some(minified(json)).filter(|json| json != "null");
    }

    /// Adds a value or a chunk of a value. A value with an invalid path is ignored; the tool's validation reports
    /// missing fields.
    pub(super) fn add(&mut self, part: &PartialArg<'_>) {
        let Some(path) = path(part.json_path.as_str()) else {
            return;
        };
        let continues = part.will_continue == Some(true);
        let value = if let Some(text) = &part.string_value {
            Node::Text(text.as_str().to_owned(), continues)
        } else if let Some(number) = part.number_value {
            Node::Plain(number.get().to_owned())
        } else if let Some(boolean) = part.bool_value {
            Node::Plain(boolean.to_string())
        } else if part.null_value.is_some() {
            Node::Plain("null".to_owned())
        } else {
            return;
        };
        if let Some(slot) = self.root.at(&path, &mut self.gaps) {
            match (slot, value) {
                (Node::Text(text, open @ true), Node::Text(more, continues)) => {
                    text.push_str(&more);
                    *open = continues;
                }
                (slot, value) => *slot = value,
            }
        }
    }

    /// Returns the arguments as JSON, or an empty object if there are none.
    pub(super) fn into_json(self) -> String {
        self.json.unwrap_or_else(|| match self.root {
            Node::Empty => "{}".to_owned(),
            root => {
                let mut json = String::new();
                root.write(&mut json);
                json
            }
        })
    }
}

impl Node {
    /// Returns the node at a path, creating missing nodes.
    fn at(&mut self, path: &[Step], gaps: &mut usize) -> Option<&mut Self> {
        let mut slot = self;
        for step in path {
            slot = match step {
                Step::Field(name) => {
                    if !matches!(slot, Self::Object(_)) {
                        *slot = Self::Object(Fields::default());
                    }
                    let Self::Object(fields) = slot else { return None };
                    fields.value(name)?
                }
                Step::Element(at) => {
                    if !matches!(slot, Self::List(_)) {
                        *slot = Self::List(Vec::new());
                    }
                    let Self::List(elements) = slot else { return None };
                    if *at >= elements.len() {
                        // The index may be arbitrarily large, so limit the allocation.
                        *gaps = gaps.saturating_add(at.saturating_sub(elements.len()));
                        if *gaps > MAX_GAPS {
                            return None;
                        }
                        elements.resize_with(at.saturating_add(1), Self::default);
                    }
                    elements.get_mut(*at)?
                }
            };
        }
        Some(slot)
    }

    fn write(&self, json: &mut String) {
        match self {
            Self::Empty => json.push_str("null"),
            Self::Plain(value) => json.push_str(value),
            Self::Text(text, _) => write_text(text, json),
            Self::Object(fields) => {
                json.push('{');
                for (at, (name, value)) in fields.0.iter().enumerate() {
                    if at > 0 {
                        json.push(',');
                    }
                    write_text(name, json);
                    json.push(':');
                    value.write(json);
                }
                json.push('}');
            }
            Self::List(elements) => {
                json.push('[');
                for (at, value) in elements.iter().enumerate() {
                    if at > 0 {
                        json.push(',');
                    }
                    value.write(json);
                }
                json.push(']');
            }
        }
    }
}

fn write_text(text: &str, json: &mut String) {
    json.push_str(&serde_json::Value::from(text).to_string());
}

/// Returns the steps of an RFC 9535 path to a single value, such as `$.a['b'][0]`, or `None` for other paths.
fn path(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if steps.len() == MAX_DEPTH {
            return None;
        }
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            if end == 0 {
                return None;
            }
            steps.push(Step::Field(after[..end].to_owned()));
            rest = &after[end..];
            continue;
        }
        let after = rest.strip_prefix('[')?;
        if let Some(quote) = after.chars().next().filter(|first| matches!(first, '\'' | '"')) {
            let (name, tail) = quoted(&after[1..], quote)?;
            steps.push(Step::Field(name));
            rest = tail.strip_prefix(']')?;
        } else {
            let (number, tail) = after.split_once(']')?;
            steps.push(Step::Element(number.trim().parse().ok()?));
            rest = tail;
        }
    }
    Some(steps).filter(|steps| matches!(steps.first(), Some(Step::Field(_))))
}

/// Returns a quoted name and the text after it.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut escaped = false;
    let end = text.find(|letter| {
        let is_end = letter == quote && !escaped;
        escaped = letter == '\\' && !escaped;
        is_end
    })?;
    // Apart from the escaped quote, the escapes are the same as in JSON.
    let inner = text[..end].replace("\\'", "'");
    let inner = if quote == '\'' {
        inner.replace('"', "\\\"")
    } else {
        inner
    };
    let name = serde_json::from_str(&format!("\"{inner}\"")).ok()?;
    Some((name, text.get(end..)?.strip_prefix(quote)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assemble(parts: &str) -> String {
        let parts: Vec<PartialArg<'_>> = serde_json::from_str(parts).unwrap();
        let mut arguments = Arguments::default();
        for part in &parts {
            arguments.add(part);
        }
        arguments.into_json()
    }

    #[test]
    fn values_may_arrive_in_any_order_and_strings_in_chunks() {
        let json = assemble(
            r#"[{"jsonPath":"$.a.x","stringValue":"on","willContinue":true},
                {"jsonPath":"$.list[1].n","numberValue":2},
                {"jsonPath":"$.a.x","stringValue":"e \"two\"","willContinue":true},
                {"jsonPath":"$.a.x","stringValue":""},
                {"jsonPath":"$.list[0]['odd name']","boolValue":false},
                {"jsonPath":"$.a.y","nullValue":"NULL_VALUE"}]"#,
        );
        assert_eq!(
            json,
            r#"{"a":{"x":"one \"two\"","y":null},"list":[{"odd name":false},{"n":2}]}"#
        );
    }

    #[test]
    fn numbers_keep_their_precision_and_missing_arguments_become_an_empty_object() {
        assert_eq!(
            assemble(r#"[{"jsonPath":"$.id","numberValue":9007199254740993}]"#),
            r#"{"id":9007199254740993}"#
        );
        assert_eq!(assemble("[]"), "{}");
        assert_eq!(assemble(r#"[{"jsonPath":"$.a"}]"#), "{}");
    }

    #[test]
    fn invalid_paths_are_ignored_without_allocating_large_arrays() {
        for path in [
            "",
            "a",
            "$",
            "$.",
            "$..a",
            "$[0]",
            "$.a[",
            "$.a[-1]",
            "$.a[*]",
            "$.a['b",
            "$.a[99999999]",
        ] {
            let json = assemble(&format!(r#"[{{"jsonPath":"{path}","stringValue":"x"}}]"#));
            assert!(json == "{}" || json == r#"{"a":[]}"#, "{path}: {json}");
        }
        let deep = format!("${}", ".a".repeat(100));
        assert_eq!(
            assemble(&format!(r#"[{{"jsonPath":"{deep}","boolValue":true}}]"#)),
            "{}"
        );
    }

    #[test]
    fn quoted_names_are_unescaped() {
        for (text, name) in [
            (r"$['it\'s']", "it's"),
            (r#"$["a\"b"]"#, "a\"b"),
            (r#"$['a"b.c[0]']"#, "a\"b.c[0]"),
        ] {
            assert_eq!(path(text), Some(vec![Step::Field(name.to_owned())]), "{text}");
        }
    }
}
