//! `#[schema(..)]`: words and rules that serde does not know.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Expr, LitStr, Meta, Path, Type};

use super::json;
use super::literal::Literal;
use crate::attr::{Bounds, Errors, Item, Number, Slot, crate_path, items, unknown_key};
use crate::tool::keys::description;

/// A schema given in place of the type's own.
pub(crate) enum With {
    Json(LitStr),
    Type(Box<Type>),
}

/// `#[schema(..)]` on a type, a variant or a field.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) krate: Slot<Path>,
    pub(crate) description: Slot<LitStr>,
    pub(crate) examples: Vec<Literal>,
    pub(crate) default: Slot<Literal>,
    pub(crate) deprecated: Slot<()>,
    pub(crate) inline: Slot<()>,
    pub(crate) with: Slot<With>,
    pub(crate) range: Slot<Bounds>,
    pub(crate) len: Slot<(usize, Option<usize>)>,
    pub(crate) pattern: Slot<LitStr>,
    pub(crate) format: Slot<LitStr>,
    pub(crate) multiple_of: Slot<Number>,
    pub(crate) unique: Slot<()>,
}

/// Where the attribute stands, which says what it may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Container,
    Variant,
    Field,
    /// A parameter of a tool, with `#[arg(..)]`.
    Parameter,
}

const CONTAINER: &[&str] = &[
    "description",
    "example",
    "examples",
    "deprecated",
    "inline",
    "with",
    "crate",
];
const VARIANT: &[&str] = &["description"];
const RULES: &[&str] = &["range", "len", "pattern", "format", "multiple_of", "unique"];
const FIELD: &[&str] = &[
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

/// Keys of `#[arg(..)]`; its `default` and `rename` are read by the tool's own parser.
pub(crate) const PARAMETER: &[&str] = &[
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

impl Words {
    pub(crate) fn of(attrs: &[Attribute], place: Place, cx: &Errors) -> Self {
        let mut words = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("schema")) {
            match &attr.meta {
                Meta::List(list) => {
                    for item in items(list.tokens.clone(), cx) {
                        words.entry(&item, place, cx);
                    }
                }
                other => cx.error(other, "expected a list; write `#[schema(description = \"…\")]`"),
            }
        }
        words
    }

    pub(crate) fn entry(&mut self, item: &Item, place: Place, cx: &Errors) {
        let known = match place {
            Place::Container => CONTAINER,
            Place::Variant => VARIANT,
            Place::Field => FIELD,
            Place::Parameter => PARAMETER,
        };
        let name = item.name();
        if !known.contains(&name) {
            return misplaced(item, place, known, cx);
        }
        match name {
            "description" => self.description.set(cx, item, description(item)),
            "example" => self.examples.extend(cx.take(literal(item))),
            "examples" => self.examples.extend(cx.take(literals(item)).unwrap_or_default()),
            "default" => self.default.set(cx, item, literal(item)),
            "deprecated" => self.deprecated.set(cx, item, item.flag()),
            "inline" => self.inline.set(cx, item, item.flag()),
            "with" => self.with.set(cx, item, with(item)),
            "crate" => self.krate.set(cx, item, crate_path(item)),
            "range" => self.range.set(cx, item, item.bounds()),
            "len" => self.len.set(cx, item, counts(item)),
            "pattern" => self.pattern.set(cx, item, pattern(item)),
            "format" => self.format.set(cx, item, item.text()),
            "multiple_of" => self.multiple_of.set(cx, item, step(item)),
            _ => self.unique.set(cx, item, item.flag()),
        }
    }

    /// Whether there is a rule that narrows the type's own schema.
    pub(crate) fn rules(&self) -> Vec<(&'static str, Span)> {
        let mut rules = Vec::new();
        let mut add = |name, given: bool, span| rules.extend(given.then_some((name, span)));
        add("range", self.range.is_given(), self.range.span());
        add("len", self.len.is_given(), self.len.span());
        add("pattern", self.pattern.is_given(), self.pattern.span());
        add("format", self.format.is_given(), self.format.span());
        add(
            "multiple_of",
            self.multiple_of.is_given(),
            self.multiple_of.span(),
        );
        add("unique", self.unique.is_given(), self.unique.span());
        rules
    }

    /// The rules as calls of a node's modifiers around `node`. Each call stands wholly at the place of its key: that is
    /// where the compiler points if the rule does not fit the type.
    pub(crate) fn apply(&self, mut node: TokenStream) -> TokenStream {
        let mut call = |span: Span, modifier: &str, arguments: TokenStream| {
            let modifier = proc_macro2::Ident::new(modifier, span);
            let arguments = quote!(#node, #arguments);
            node = quote_spanned!(span=> __Node::#modifier(#arguments));
        };
        let limit = quote!(__agno::Limit);
        if let Some(range) = self.range.get() {
            let span = self.range.span();
            if let Some(min) = range.min {
                call(span, "at_least", min.limit(&limit));
            }
            if let Some(max) = range.max {
                call(
                    span,
                    if range.below { "below" } else { "at_most" },
                    max.limit(&limit),
                );
            }
        }
        if let Some((min, max)) = self.len.get() {
            let max = match max {
                Some(max) => quote!(::core::option::Option::Some(#max)),
                None => quote!(::core::option::Option::None),
            };
            call(self.len.span(), "len", quote!(#min, #max));
        }
        if let Some(pattern) = self.pattern.get() {
            call(self.pattern.span(), "pattern", quote!(#pattern));
        }
        if let Some(format) = self.format.get() {
            call(self.format.span(), "format", quote!(#format));
        }
        if let Some(step) = self.multiple_of.get() {
            call(self.multiple_of.span(), "multiple_of", step.limit(&limit));
        }
        if self.unique.get().is_some() {
            call(self.unique.span(), "unique", TokenStream::new());
        }
        node
    }

    /// Examples as a slice of JSON texts, and the default as one.
    pub(crate) fn notes(&self) -> Vec<TokenStream> {
        let mut calls = Vec::new();
        if !self.examples.is_empty() {
            let examples = self.examples.iter().map(|example| &example.json);
            calls.push(quote!(.examples(&[#(#examples),*])));
        }
        if let Some(default) = self.default.get() {
            let json = &default.json;
            calls.push(quote!(.default(#json)));
        }
        if self.deprecated.get().is_some() {
            calls.push(quote!(.deprecated()));
        }
        calls
    }
}

fn misplaced(item: &Item, place: Place, known: &[&str], cx: &Errors) {
    let name = item.name();
    match place {
        Place::Container if RULES.contains(&name) || name == "default" => {
            cx.error(
                &item.key,
                format_args!("`{name}` belongs on a field; move it there"),
            );
        }
        Place::Variant if name == "inline" => {
            cx.error(&item.key, "`inline` belongs on the type; move it there");
        }
        Place::Variant if FIELD.contains(&name) || CONTAINER.contains(&name) => {
            cx.error(
                &item.key,
                format_args!("`{name}` belongs on a field or on the enum; move it there"),
            );
        }
        Place::Field if name == "crate" || name == "inline" => {
            cx.error(
                &item.key,
                format_args!("`{name}` belongs on the type; move it there"),
            );
        }
        _ => match elsewhere(name) {
            Some(fix) => cx.error(&item.key, format_args!("unknown key `{name}`; {fix}")),
            None => unknown_key(cx, &item.key, known),
        },
    }
}

/// What is called otherwise here, or belongs to serde.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
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
        | "deny_unknown_fields" => "it is serde's, so that both agree; write `#[serde(…)]`",
        _ => return None,
    })
}

fn literal(item: &Item) -> syn::Result<Literal> {
    Literal::of(item.name(), &item.value::<Expr>("5")?)
}

fn literals(item: &Item) -> syn::Result<Vec<Literal>> {
    match item.value::<Expr>("[\"a\", \"b\"]")? {
        Expr::Array(array) => array
            .elems
            .iter()
            .map(|expr| Literal::of("examples", expr))
            .collect(),
        other => Err(syn::Error::new_spanned(
            other,
            "`examples` needs a list; write `examples = [\"a\", \"b\"]`, or `example = …` for a single one",
        )),
    }
}

fn counts(item: &Item) -> syn::Result<(usize, Option<usize>)> {
    let expr = item.value::<Expr>("1..=80")?;
    Bounds::of("len", &expr)?.counts("len", &expr)
}

fn step(item: &Item) -> syn::Result<Number> {
    let expr = item.value::<Expr>("5")?;
    match Number::of(&expr) {
        Some(number) if number.float() > 0.0 => Ok(number),
        _ => Err(syn::Error::new_spanned(
            expr,
            "`multiple_of` needs a literal number above zero; write `multiple_of = 5`",
        )),
    }
}

fn pattern(item: &Item) -> syn::Result<LitStr> {
    let text = item.text()?;
    match regex_lite::Regex::new(&text.value()) {
        Ok(_) => Ok(text),
        Err(error) => Err(syn::Error::new(
            text.span(),
            format!(
                "no valid regular expression: {error}; write a plain one, without look-around or references"
            ),
        )),
    }
}

fn with(item: &Item) -> syn::Result<With> {
    let Ok(text) = item.text() else {
        return item
            .value("\"{\\\"type\\\": \\\"string\\\"}\"` or `with = String")
            .map(|ty| With::Type(Box::new(ty)));
    };
    match json::check_object(text.value().trim()) {
        Ok(()) => Ok(With::Json(LitStr::new(text.value().trim(), text.span()))),
        Err(problem) => Err(syn::Error::new(
            text.span(),
            format!(
                "no JSON Schema: {problem}; write `with = r#\"{{\"type\": \"string\"}}\"#` or `with = String`"
            ),
        )),
    }
}
