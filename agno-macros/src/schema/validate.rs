//! Checks the rules that involve several parts of a type.

use std::collections::HashSet;

use proc_macro2::Span;

use super::model::{Container, Data, Field, Shape, Variant};
use crate::common::Errors;
use crate::common::schema_attr::With;

/// Reports contradictory keys, and types that a schema cannot describe.
pub(crate) fn container(container: &Container<'_>, cx: &Errors) {
    check_unsupported_keys(container, cx);
    representation(container, cx);
    match &container.data {
        Data::With => {}
        Data::Struct(shape) => {
            self::shape(shape, container.serde.deny_unknown_fields.is_set(), cx);
            if container.serde.transparent.is_set() && shape.fields().len() != 1 {
                cx.error_at(
                    container.serde.transparent.span(),
                    "`transparent` requires exactly one field that is not skipped; add `#[serde(skip)]` to the others",
                );
            }
        }
        Data::Enum(variants) => self::variants(container, variants, cx),
    }
}

/// Reports keys that change the format in ways that the macro cannot derive, unless `#[schema(with = ..)]` is present.
fn check_unsupported_keys(container: &Container<'_>, cx: &Errors) {
    if !container.schema.with.is_set() {
        for unsupported in &container.serde.unsupported_keys {
            let key = unsupported.key;
            cx.error_at(
                unsupported.span,
                format_args!(
                    "`{key}` changes the serialized format of the type; describe it with `#[schema(with = Type)]` or `#[schema(with = \"…\")]` on the type"
                ),
            );
        }
    }
    for field in container.fields() {
        if field.schema.with.is_set() {
            continue;
        }
        for unsupported in &field.serde.unsupported_keys {
            let key = unsupported.key;
            cx.error_at(
                unsupported.span,
                format_args!(
                    "`{key}` changes the serialized format of the field; describe it with `#[schema(with = Type)]` or `#[schema(with = \"…\")]`"
                ),
            );
        }
    }
    if let Data::Enum(variants) = &container.data {
        for unsupported in variants
            .iter()
            .flat_map(|variant| &variant.serde.unsupported_keys)
        {
            let key = unsupported.key;
            cx.error_at(
                unsupported.span,
                format_args!(
                    "`{key}` is not supported on a variant; write the whole schema with `#[schema(with = \"…\")]` on the enum"
                ),
            );
        }
    }
}

/// Checks the keys that select a representation.
fn representation(container: &Container<'_>, cx: &Errors) {
    let serde = &container.serde;
    let is_enum = matches!(container.data, Data::Enum(_));
    if serde.content.is_set() && !serde.tag.is_set() {
        cx.error_at(
            serde.content.span(),
            "`content` requires `tag`; write `tag = \"type\", content = \"data\"`",
        );
    }
    if serde.untagged.is_set() && serde.tag.is_set() {
        cx.error_at(
            serde.untagged.span(),
            "`untagged` and `tag` are mutually exclusive; keep one",
        );
    }
    if matches!(container.data, Data::Struct(_)) {
        for (key, is_set, span) in [
            ("untagged", serde.untagged.is_set(), serde.untagged.span()),
            ("content", serde.content.is_set(), serde.content.span()),
            (
                "rename_all_fields",
                serde.rename_all_fields.is_set(),
                serde.rename_all_fields.span(),
            ),
        ] {
            if is_set {
                cx.error_at(
                    span,
                    format_args!("`{key}` applies to enums; remove it from this struct"),
                );
            }
        }
    }
    if is_enum && serde.transparent.is_set() {
        cx.error_at(
            serde.transparent.span(),
            "`transparent` applies to structs; write `untagged` for an enum",
        );
    }
    if serde.deny_unknown_fields.is_set() && serde.tag.is_set() && matches!(container.data, Data::Struct(_)) {
        cx.error_at(
            serde.deny_unknown_fields.span(),
            "`deny_unknown_fields` rejects the `tag` of a struct; keep one",
        );
    }
}

fn variants(container: &Container<'_>, variants: &[Variant<'_>], cx: &Errors) {
    let serde = &container.serde;
    if variants.is_empty() {
        cx.error(
            container.ident(),
            "an enum without variants has no values; add a variant",
        );
    }
    let internal = serde.tag.get().filter(|_| !serde.content.is_set());
    let mut names = UniqueNames::new("variants");
    for variant in variants {
        shape(&variant.shape, serde.deny_unknown_fields.is_set(), cx);
        if !serde.untagged.is_set() {
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
                format_args!("the field and the tag are both named `{tag}`; rename one"),
            );
        }
    }
}

fn shape(shape: &Shape<'_>, closed: bool, cx: &Errors) {
    let mut names = UniqueNames::new("fields");
    for field in shape.fields() {
        self::field(field, cx);
        let named = matches!(shape, Shape::Named(_));
        if field.serde.flatten.is_set() {
            let span = field.serde.flatten.span();
            if !named {
                cx.error_at(span, "only a named field can be flattened; name the field");
            }
            if closed {
                cx.error_at(
                    span,
                    "`flatten` and `deny_unknown_fields` are mutually exclusive; keep one",
                );
            }
            if let Some((key, span)) = field.schema.constraints().first() {
                cx.error_at(
                    *span,
                    format_args!(
                        "`{key}` has no effect on a flattened field; move it into the type of the field"
                    ),
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

/// Checks the keys of one field against each other.
fn field(field: &Field<'_>, cx: &Errors) {
    let schema = &field.schema;
    if let Some(With::Json(_)) = schema.with.get()
        && let Some((key, span)) = schema.constraints().first()
    {
        cx.error_at(
            *span,
            format_args!("`with` replaces the whole schema; write `{key}` in it"),
        );
    }
    if schema.default.get().is_some() && !field.optional {
        cx.error_at(
            schema.default.span(),
            "serde requires this field; add `#[serde(default)]`, or remove `default`",
        );
    }
    schema.validate_literals(cx);
}

/// Serialized names, which must be unique.
struct UniqueNames {
    parts: &'static str,
    known: HashSet<String>,
}

impl UniqueNames {
    fn new(parts: &'static str) -> Self {
        Self {
            parts,
            known: HashSet::new(),
        }
    }

    fn add(&mut self, name: &str, span: Span, cx: &Errors) {
        if !self.known.insert(name.to_owned()) {
            let parts = self.parts;
            cx.error_at(
                span,
                format_args!("two {parts} are serialized as `{name}`; rename one"),
            );
        }
    }
}
