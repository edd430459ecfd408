//! serde's attributes: each is honoured or refused, none passed over.

use proc_macro2::Span;
use syn::{Attribute, LitStr, Meta};

use super::case::Case;
use crate::attr::{Errors, Item, Slot, items, unknown_key};

/// Keys that a schema cannot follow, with the token that was written.
pub(crate) struct Opaque {
    pub(crate) key: &'static str,
    pub(crate) span: Span,
}

/// `#[serde(..)]` on a type.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) rename: Slot<String>,
    pub(crate) rename_all: Slot<Case>,
    pub(crate) rename_all_fields: Slot<Case>,
    pub(crate) deny_unknown_fields: Slot<()>,
    pub(crate) tag: Slot<String>,
    pub(crate) content: Slot<String>,
    pub(crate) untagged: Slot<()>,
    pub(crate) default: Slot<()>,
    pub(crate) transparent: Slot<()>,
    pub(crate) opaque: Vec<Opaque>,
}

/// `#[serde(..)]` on a variant.
#[derive(Default)]
pub(crate) struct Variant {
    pub(crate) rename: Slot<String>,
    pub(crate) rename_all: Slot<Case>,
    pub(crate) aliases: Vec<String>,
    pub(crate) skip: bool,
    pub(crate) opaque: Vec<Opaque>,
}

/// `#[serde(..)]` on a field.
#[derive(Default)]
pub(crate) struct Field {
    pub(crate) rename: Slot<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) default: Slot<()>,
    pub(crate) flatten: Slot<()>,
    pub(crate) skip: bool,
    pub(crate) opaque: Vec<Opaque>,
}

const CONTAINER: &[&str] = &[
    "rename",
    "rename_all",
    "rename_all_fields",
    "deny_unknown_fields",
    "tag",
    "content",
    "untagged",
    "default",
    "transparent",
    "from",
    "try_from",
    "into",
    "bound",
    "crate",
    "expecting",
    "remote",
];
const VARIANT: &[&str] = &[
    "rename",
    "rename_all",
    "alias",
    "skip",
    "skip_serializing",
    "skip_deserializing",
    "serialize_with",
    "deserialize_with",
    "with",
    "bound",
    "borrow",
    "other",
    "untagged",
];
const FIELD: &[&str] = &[
    "rename",
    "alias",
    "default",
    "flatten",
    "skip",
    "skip_serializing",
    "skip_deserializing",
    "skip_serializing_if",
    "serialize_with",
    "deserialize_with",
    "with",
    "bound",
    "borrow",
    "getter",
];

impl Container {
    pub(crate) fn of(attrs: &[Attribute], cx: &Errors) -> Self {
        let mut this = Self::default();
        for item in entries(attrs, cx) {
            match item.name() {
                "rename" => set_name(&mut this.rename, cx, &item),
                "rename_all" => set_case(&mut this.rename_all, cx, &item),
                "rename_all_fields" => set_case(&mut this.rename_all_fields, cx, &item),
                "deny_unknown_fields" => this.deny_unknown_fields.set(cx, &item, item.flag()),
                "tag" => this.tag.set(cx, &item, text(&item)),
                "content" => this.content.set(cx, &item, text(&item)),
                "untagged" => this.untagged.set(cx, &item, item.flag()),
                "default" => this.default.set(cx, &item, Ok(())),
                "transparent" => this.transparent.set(cx, &item, item.flag()),
                "from" | "try_from" | "into" => opaque(&mut this.opaque, &item),
                // A remote type has the form of the fields that stand in for its own.
                "bound" | "crate" | "expecting" | "remote" => {}
                _ => unknown(cx, &item, CONTAINER),
            }
        }
        this
    }
}

impl Variant {
    pub(crate) fn of(attrs: &[Attribute], cx: &Errors) -> Self {
        let mut this = Self::default();
        for item in entries(attrs, cx) {
            match item.name() {
                "rename" => set_name(&mut this.rename, cx, &item),
                "rename_all" => set_case(&mut this.rename_all, cx, &item),
                "alias" => this.aliases.extend(cx.take(text(&item))),
                "skip" | "skip_deserializing" => this.skip = true,
                "deserialize_with" | "serialize_with" | "with" | "untagged" => {
                    opaque(&mut this.opaque, &item);
                }
                // A variant that takes what no other does is written under its own name all the same.
                "skip_serializing" | "bound" | "borrow" | "other" => {}
                _ => unknown(cx, &item, VARIANT),
            }
        }
        this
    }
}

impl Field {
    pub(crate) fn of(attrs: &[Attribute], cx: &Errors) -> Self {
        let mut this = Self::default();
        for item in entries(attrs, cx) {
            match item.name() {
                "rename" => set_name(&mut this.rename, cx, &item),
                "alias" => this.aliases.extend(cx.take(text(&item))),
                "default" => this.default.set(cx, &item, Ok(())),
                "flatten" => this.flatten.set(cx, &item, item.flag()),
                "skip" | "skip_deserializing" => this.skip = true,
                "deserialize_with" | "serialize_with" | "with" => opaque(&mut this.opaque, &item),
                "skip_serializing" | "skip_serializing_if" | "bound" | "borrow" | "getter" => {}
                _ => unknown(cx, &item, FIELD),
            }
        }
        this
    }
}

fn entries(attrs: &[Attribute], cx: &Errors) -> Vec<Item> {
    let mut all = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        match &attr.meta {
            Meta::List(list) => all.extend(items(list.tokens.clone(), cx)),
            other => cx.error(other, "expected a list; write `#[serde(…)]`"),
        }
    }
    all
}

fn unknown(cx: &Errors, item: &Item, known: &[&str]) {
    let misplaced = [CONTAINER, VARIANT, FIELD]
        .iter()
        .any(|table| table.contains(&item.name()));
    if misplaced {
        cx.error(
            &item.key,
            format_args!("`{}` does not belong here; serde refuses it too", item.name()),
        );
    } else {
        unknown_key(cx, &item.key, known);
    }
}

fn opaque(list: &mut Vec<Opaque>, item: &Item) {
    const KEYS: &[&str] = &[
        "from",
        "try_from",
        "into",
        "with",
        "deserialize_with",
        "serialize_with",
        "untagged",
    ];
    if let Some(key) = KEYS.iter().find(|key| **key == item.name()) {
        list.push(Opaque {
            key,
            span: item.key.span(),
        });
    }
}

fn text(item: &Item) -> syn::Result<String> {
    item.text().map(|text| text.value())
}

fn set_name(slot: &mut Slot<String>, cx: &Errors, item: &Item) {
    match side(item) {
        Ok(None) => {}
        Ok(Some(text)) => slot.set(cx, item, Ok(text.value())),
        Err(error) => cx.push(error),
    }
}

fn set_case(slot: &mut Slot<Case>, cx: &Errors, item: &Item) {
    match side(item) {
        Ok(None) => {}
        Ok(Some(text)) => slot.set(cx, item, Case::parse(&text)),
        Err(error) => cx.push(error),
    }
}

/// `key = "x"`, or the reading side of `key(serialize = "x", deserialize = "y")`: a model writes what serde reads.
fn side(item: &Item) -> syn::Result<Option<LitStr>> {
    if !item.is_list() {
        return item.text().map(Some);
    }
    let cx = Errors::new();
    let mut deserialize = None;
    for entry in items(item.list()?, &cx) {
        match entry.name() {
            "deserialize" => deserialize = cx.take(entry.text()),
            "serialize" => {}
            _ => unknown_key(&cx, &entry.key, &["serialize", "deserialize"]),
        }
    }
    cx.finish().map(|()| deserialize)
}
