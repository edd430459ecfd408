//! Parses the keys of `#[schema(..)]` and `#[arg(..)]`: descriptions, examples and constraints, for which serde has no
//! attributes.

use proc_macro2::Span;
use regex_lite::Regex;
use syn::parse::Parse;
use syn::{Attribute, Expr, LitStr, Meta, Path, Type};

use super::json;
use super::literal::Literal;
use crate::common::{
    Bounds, Entry, Errors, Number, Slot, Value, crate_path, entries, ungrouped, unknown_key,
};

/// A schema that replaces the type's own schema.
pub(crate) enum With {
    Json(LitStr),
    Type(Box<Type>),
}

/// A regular expression with its source.
pub(crate) struct Pattern {
    pub(crate) text: LitStr,
    pub(crate) regex: Regex,
}

/// The values of a `#[schema(..)]` or an `#[arg(..)]`.
#[derive(Default)]
pub(crate) struct SchemaAttr {
    pub(crate) krate: Slot<Path>,
    pub(crate) description: Slot<LitStr>,
    pub(crate) examples: Vec<Literal>,
    pub(crate) default: Slot<Literal>,
    pub(crate) deprecated: Slot<()>,
    pub(crate) inline: Slot<()>,
    pub(crate) with: Slot<With>,
    pub(crate) range: Slot<Bounds>,
    pub(crate) len: Slot<(usize, Option<usize>)>,
    pub(crate) pattern: Slot<Pattern>,
    pub(crate) format: Slot<LitStr>,
    pub(crate) multiple_of: Slot<Number>,
    pub(crate) unique: Slot<()>,
}

/// The target of the attribute, which determines the allowed keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Container,
    Variant,
    Field,
    /// A parameter of a tool, with `#[arg(..)]`.
    Parameter,
}

const CONTAINER_KEYS: &[&str] = &[
    "description",
    "example",
    "examples",
    "deprecated",
    "inline",
    "with",
    "crate",
];
const VARIANT_KEYS: &[&str] = &["description"];
const CONSTRAINT_KEYS: &[&str] = &["range", "len", "pattern", "format", "multiple_of", "unique"];
const FIELD_KEYS: &[&str] = &[
    "description",
    "example",
    "examples",
    "default",
    "deprecated",
    "with",
    "range",
    "len",
    "pattern",
    "format",
    "multiple_of",
    "unique",
];

/// The keys of `#[arg(..)]`. `ArgAttr` reads `default` and `rename` itself.
const PARAMETER_KEYS: &[&str] = &[
    "default",
    "rename",
    "description",
    "example",
    "examples",
    "deprecated",
    "range",
    "len",
    "pattern",
    "format",
    "multiple_of",
    "unique",
];

impl SchemaAttr {
    /// Reads the `#[schema(..)]` attributes of a type, a variant or a field.
    pub(crate) fn parse(attrs: &[Attribute], target: Target, cx: &Errors) -> Self {
        let mut this = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("schema")) {
            match &attr.meta {
                Meta::List(list) => {
                    for entry in entries(list.tokens.clone(), cx) {
                        this.set(&entry, target, cx);
                    }
                }
                other => cx.error(other, "expected a list; write `#[schema(description = \"…\")]`"),
            }
        }
        this
    }

    /// Reads one entry.
    pub(crate) fn set(&mut self, entry: &Entry, target: Target, cx: &Errors) {
        let known = match target {
            Target::Container => CONTAINER_KEYS,
            Target::Variant => VARIANT_KEYS,
            Target::Field => FIELD_KEYS,
            Target::Parameter => PARAMETER_KEYS,
        };
        let name = entry.name();
        if !known.contains(&name) {
            return misplaced(entry, target, known, cx);
        }
        match name {
            "description" => self.description.set(cx, entry, description_text(entry)),
            "example" => self.examples.extend(cx.take(literal(entry))),
            "examples" => self.examples.extend(cx.take(literals(entry)).unwrap_or_default()),
            "default" => self.default.set(cx, entry, literal(entry)),
            "deprecated" => self.deprecated.set(cx, entry, entry.flag()),
            "inline" => self.inline.set(cx, entry, entry.flag()),
            "with" => self.with.set(cx, entry, with(entry)),
            "crate" => self.krate.set(cx, entry, crate_path(entry)),
            "range" => self.range.set(cx, entry, entry.bounds()),
            "len" => self.len.set(cx, entry, len(entry)),
            "pattern" => self.pattern.set(cx, entry, pattern(entry)),
            "format" => self.format.set(cx, entry, entry.text()),
            "multiple_of" => self.multiple_of.set(cx, entry, multiple_of(entry)),
            _ => self.unique.set(cx, entry, entry.flag()),
        }
    }

    /// Returns the keys that narrow the type's own schema, with their spans.
    pub(crate) fn constraints(&self) -> Vec<(&'static str, Span)> {
        let all = [
            ("range", self.range.is_set(), self.range.span()),
            ("len", self.len.is_set(), self.len.span()),
            ("pattern", self.pattern.is_set(), self.pattern.span()),
            ("format", self.format.is_set(), self.format.span()),
            ("multiple_of", self.multiple_of.is_set(), self.multiple_of.span()),
            ("unique", self.unique.is_set(), self.unique.span()),
        ];
        all.into_iter()
            .filter_map(|(key, is_set, span)| is_set.then_some((key, span)))
            .collect()
    }
}

/// Reports a key that this target does not support.
fn misplaced(entry: &Entry, target: Target, known: &[&str], cx: &Errors) {
    let name = entry.name();
    match target {
        Target::Container if CONSTRAINT_KEYS.contains(&name) || name == "default" => {
            cx.error(
                &entry.key,
                format_args!("`{name}` belongs on a field; move it there"),
            );
        }
        Target::Variant if name == "inline" => {
            cx.error(&entry.key, "`inline` belongs on the type; move it there");
        }
        Target::Variant if FIELD_KEYS.contains(&name) || CONTAINER_KEYS.contains(&name) => {
            cx.error(
                &entry.key,
                format_args!("`{name}` belongs on a field or on the enum; move it there"),
            );
        }
        Target::Field if name == "crate" || name == "inline" => {
            cx.error(
                &entry.key,
                format_args!("`{name}` belongs on the type; move it there"),
            );
        }
        _ => match alternative(name, target) {
            Some(fix) => cx.error(&entry.key, format_args!("unknown key `{name}`; {fix}")),
            None => unknown_key(cx, &entry.key, known),
        },
    }
}

/// Returns the fix for a key that belongs to serde or to a similar crate.
fn alternative(name: &str, target: Target) -> Option<&'static str> {
    Some(match name {
        "desc" | "doc" | "docs" | "help" | "title" => "write a doc comment, or `description = \"…\"`",
        "name" => "write `#[serde(rename = \"…\")]`",
        "gt" | "ge" | "lt" | "le" => "write `range = 1..=5`",
        "enum" | "choices" | "values" | "one_of" => {
            "use an enum with `#[derive(Schema, Deserialize)]` as the type"
        }
        "optional" | "nullable" if target == Target::Parameter => {
            "write `default`, or use an `Option` as the type"
        }
        "optional" | "nullable" if target == Target::Field => {
            "write `#[serde(default)]`, or use an `Option` as the type"
        }
        "required" => "a value is required unless it is an `Option` or has a default; remove `required`",
        "alias" | "flatten" | "with" | "schema_with" | "value_type" | "rename_all"
            if target == Target::Parameter =>
        {
            "it applies to fields; use a struct with `#[derive(Schema, Deserialize)]` as the type"
        }
        "skip" | "inject" | "state" if target == Target::Parameter => {
            "a value that the program has is not an argument; make it a field, and the function a method of a `#[toolkit]`"
        }
        "length" | "min_length" | "max_length" | "min_items" | "max_items" | "size" => "write `len = 1..=80`",
        "min" | "max" | "minimum" | "maximum" => "write `range = 1..=5`",
        "regex" => "write `pattern = \"…\"`",
        "schema_with" | "value_type" => "write `with = Type`",
        "rename"
        | "rename_all"
        | "alias"
        | "skip"
        | "flatten"
        | "tag"
        | "content"
        | "untagged"
        | "transparent"
        | "deny_unknown_fields" => "it is a serde attribute; write `#[serde(…)]`",
        _ => return None,
    })
}

/// Reads `description = "text"`. The text must not be blank.
pub(crate) fn description_text(entry: &Entry) -> syn::Result<LitStr> {
    if let Ok(Expr::Path(path)) = entry.value::<Expr>("\"…\"").map(ungrouped) {
        return Err(syn::Error::new_spanned(
            path,
            "a macro cannot read the value of a constant; write the text here, or in a doc comment",
        ));
    }
    let text = entry.text()?;
    if text.value().trim().is_empty() {
        return Err(syn::Error::new(
            text.span(),
            "the description is empty; describe the purpose, or remove the key and write a doc comment",
        ));
    }
    Ok(text)
}

fn literal(entry: &Entry) -> syn::Result<Literal> {
    Literal::parse(entry.name(), &entry.value::<Expr>("5")?)
}

fn literals(entry: &Entry) -> syn::Result<Vec<Literal>> {
    match entry.value::<Expr>("[\"a\", \"b\"]")? {
        Expr::Array(array) => array
            .elems
            .iter()
            .map(|expr| Literal::parse("examples", expr))
            .collect(),
        other => Err(syn::Error::new_spanned(
            other,
            "`examples` expects a list; write `examples = [\"a\", \"b\"]`, or `example = …` for a single one",
        )),
    }
}

fn len(entry: &Entry) -> syn::Result<(usize, Option<usize>)> {
    let expr = entry.value::<Expr>("1..=80")?;
    Bounds::parse("len", &expr)?.as_counts("len", &expr)
}

fn multiple_of(entry: &Entry) -> syn::Result<Number> {
    let expr = entry.value::<Expr>("5")?;
    match Number::parse(&expr) {
        Some(number) if number.float() > 0.0 => Ok(number),
        _ => Err(syn::Error::new_spanned(
            expr,
            "`multiple_of` expects a positive literal number; write `multiple_of = 5`",
        )),
    }
}

fn pattern(entry: &Entry) -> syn::Result<Pattern> {
    let text = entry.text()?;
    match Regex::new(&text.value()) {
        Ok(regex) => Ok(Pattern { text, regex }),
        Err(error) => Err(syn::Error::new(
            text.span(),
            format!(
                "invalid regular expression: {error}; write a valid one without look-around or backreferences"
            ),
        )),
    }
}

fn with(entry: &Entry) -> syn::Result<With> {
    let example = "\"{\\\"type\\\": \\\"string\\\"}\"` or `with = String";
    let text = match entry.text_or(Type::parse, example)? {
        Value::Text(text) => text,
        Value::Other(ty) => return Ok(With::Type(Box::new(ty))),
    };
    match json::check_object(text.value().trim()) {
        Ok(()) => Ok(With::Json(LitStr::new(text.value().trim(), text.span()))),
        Err(error) => Err(syn::Error::new(
            text.span(),
            format!(
                "invalid JSON Schema: {error}; write `with = r#\"{{\"type\": \"string\"}}\"#` or `with = String`"
            ),
        )),
    }
}
