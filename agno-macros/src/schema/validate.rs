//! Rules that look at several parts of a type at once.

use std::collections::HashSet;

use proc_macro2::Span;

use super::literal::Literal;
use super::model::{Container, Data, Field, Shape, Variant};
use super::parse::Words;
use crate::attr::Errors;

/// Notes what contradicts itself or cannot be said.
pub(crate) fn container(container: &Container<'_>, cx: &Errors) {
    opaque(container, cx);
    representation(container, cx);
    match &container.data {
        Data::With => {}
        Data::Struct(shape) => {
            self::shape(shape, container.serde.deny_unknown_fields.is_given(), cx);
            if container.serde.transparent.is_given() && shape.fields().len() != 1 {
                cx.error_at(
                    container.serde.transparent.span(),
                    "`transparent` needs one field that is not skipped; `#[serde(skip)]` the others",
                );
            }
        }
        Data::Enum(variants) => self::variants(container, variants, cx),
    }
}

/// Where serde goes its own way, the author says where.
fn opaque(container: &Container<'_>, cx: &Errors) {
    if !container.words.with.is_given() {
        for opaque in &container.serde.opaque {
            let key = opaque.key;
            cx.error_at(
                opaque.span,
                format_args!(
                    "`{key}` gives the type another form than its fields have; name it with `#[schema(with = Type)]` or `#[schema(with = \"…\")]` on the type"
                ),
            );
        }
    }
    for field in container.fields() {
        if field.words.with.is_given() {
            continue;
        }
        for opaque in &field.serde.opaque {
            let key = opaque.key;
            cx.error_at(
                opaque.span,
                format_args!(
                    "`{key}` writes the field in a form that its type does not tell; name it with `#[schema(with = Type)]` or `#[schema(with = \"…\")]`"
                ),
            );
        }
    }
    if let Data::Enum(variants) = &container.data {
        for opaque in variants.iter().flat_map(|variant| &variant.serde.opaque) {
            let key = opaque.key;
            cx.error_at(
                opaque.span,
                format_args!(
                    "`{key}` on a variant is not followed; write the whole schema with `#[schema(with = \"…\")]` on the enum"
                ),
            );
        }
    }
}

/// serde's four forms of an enum.
fn representation(container: &Container<'_>, cx: &Errors) {
    let serde = &container.serde;
    let is_enum = matches!(container.data, Data::Enum(_));
    if serde.content.is_given() && !serde.tag.is_given() {
        cx.error_at(
            serde.content.span(),
            "`content` needs a `tag`; write `tag = \"type\", content = \"data\"`",
        );
    }
    if serde.untagged.is_given() && serde.tag.is_given() {
        cx.error_at(
            serde.untagged.span(),
            "an enum is untagged or has a tag; keep one of `untagged` and `tag`",
        );
    }
    if matches!(container.data, Data::Struct(_)) {
        for (key, given, span) in [
            ("untagged", serde.untagged.is_given(), serde.untagged.span()),
            ("content", serde.content.is_given(), serde.content.span()),
            (
                "rename_all_fields",
                serde.rename_all_fields.is_given(),
                serde.rename_all_fields.span(),
            ),
        ] {
            if given {
                cx.error_at(
                    span,
                    format_args!("`{key}` is for enums; remove it from this struct"),
                );
            }
        }
    }
    if is_enum && serde.transparent.is_given() {
        cx.error_at(
            serde.transparent.span(),
            "`transparent` is for structs; write `untagged` for an enum",
        );
    }
    if serde.deny_unknown_fields.is_given()
        && serde.tag.is_given()
        && matches!(container.data, Data::Struct(_))
    {
        cx.error_at(
            serde.deny_unknown_fields.span(),
            "a struct with a `tag` writes a field that `deny_unknown_fields` then refuses; keep one",
        );
    }
}

fn variants(container: &Container<'_>, variants: &[Variant<'_>], cx: &Errors) {
    let serde = &container.serde;
    if variants.is_empty() {
        cx.error(
            container.ident(),
            "an enum without variants has no values, so nothing can be said of them; add a variant",
        );
    }
    let internal = serde.tag.get().filter(|_| !serde.content.is_given());
    let mut names = Names::new("variants");
    for variant in variants {
        shape(&variant.shape, serde.deny_unknown_fields.is_given(), cx);
        if !serde.untagged.is_given() {
            names.add(&variant.name, variant.original.ident.span(), cx);
            for alias in &variant.serde.aliases {
                names.add(alias, variant.original.ident.span(), cx);
            }
        }
        let Some(tag) = internal else {
            continue;
        };
        if let Shape::Tuple(_) = variant.shape {
            cx.error(
                &variant.original.fields,
                "an internally tagged variant cannot be a tuple; name its fields or add `content = \"…\"`",
            );
        }
        if let Shape::Named(fields) = &variant.shape
            && let Some(field) = fields.iter().find(|field| &field.name == tag)
        {
            cx.error(
                &field.original.ident,
                format_args!("the field and the tag are both `{tag}`; rename one"),
            );
        }
    }
}

fn shape(shape: &Shape<'_>, closed: bool, cx: &Errors) {
    let mut names = Names::new("fields");
    for field in shape.fields() {
        rules(field, cx);
        let named = matches!(shape, Shape::Named(_));
        if field.serde.flatten.is_given() {
            let span = field.serde.flatten.span();
            if !named {
                cx.error_at(span, "only a named field can be flattened; name the field");
            }
            if closed {
                cx.error_at(
                    span,
                    "`flatten` and `deny_unknown_fields` exclude each other; keep one",
                );
            }
            if let Some((rule, span)) = field.words.rules().first() {
                cx.error_at(
                    *span,
                    format_args!("`{rule}` has nothing to hold on a flattened field; move it inside"),
                );
            }
            continue;
        }
        if named {
            let span = field
                .original
                .ident
                .as_ref()
                .map_or_else(Span::call_site, proc_macro2::Ident::span);
            names.add(&field.name, span, cx);
            for alias in &field.serde.aliases {
                names.add(alias, span, cx);
            }
        }
    }
}

/// What one field says of itself.
fn rules(field: &Field<'_>, cx: &Errors) {
    let words = &field.words;
    if words.with.is_given()
        && let Some((rule, span)) = words.rules().first()
        && matches!(words.with.get(), Some(super::parse::With::Json(_)))
    {
        cx.error_at(
            *span,
            format_args!("`with` is the whole schema; write `{rule}` into it"),
        );
    }
    if words.default.is_given() && !field.optional {
        cx.error_at(
            words.default.span(),
            "serde does not fill this field in; add `#[serde(default)]`, or leave `default` out",
        );
    }
    for literal in words.examples.iter().chain(words.default.get()) {
        if let Some(problem) = breaks(literal, words) {
            cx.error(&literal.expr, problem);
        }
    }
}

/// How a literal breaks the rules beside it.
pub(crate) fn breaks(literal: &Literal, words: &Words) -> Option<String> {
    if let (Some(number), Some(range)) = (literal.number(), words.range.get())
        && !range.holds(number)
    {
        return Some("outside of its own `range`; change one of them".to_owned());
    }
    if let (Some(number), Some(step)) = (literal.number(), words.multiple_of.get()) {
        let ratio = number / step.float();
        if (ratio - ratio.round()).abs() > 1e-9 {
            return Some("not a multiple of its own `multiple_of`; change one of them".to_owned());
        }
    }
    let count = literal
        .items()
        .or_else(|| literal.text().map(|text| text.chars().count()));
    if let (Some(count), Some((min, max))) = (count, words.len.get())
        && (count < *min || max.is_some_and(|max| count > max))
    {
        return Some("not of its own `len`; change one of them".to_owned());
    }
    if let (Some(text), Some(pattern)) = (literal.text(), words.pattern.get())
        && regex_lite::Regex::new(&pattern.value()).is_ok_and(|pattern| !pattern.is_match(&text))
    {
        return Some("does not match its own `pattern`; change one of them".to_owned());
    }
    None
}

/// Names on the wire, each of which may stand once.
struct Names {
    what: &'static str,
    known: HashSet<String>,
}

impl Names {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            known: HashSet::new(),
        }
    }

    fn add(&mut self, name: &str, span: Span, cx: &Errors) {
        if !self.known.insert(name.to_owned()) {
            let what = self.what;
            cx.error_at(
                span,
                format_args!("two {what} are `{name}` on the wire; rename one"),
            );
        }
    }
}
