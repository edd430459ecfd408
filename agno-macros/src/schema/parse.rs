//! Parses `#[serde(..)]` on types, variants and fields. Each known key is reflected in the schema, has no effect on it,
//! or is an error.

use proc_macro2::Span;
use syn::{Attribute, LitStr, Meta};

use super::case::Case;
use crate::common::{Entry, Errors, Slot, entries, unknown_key};

/// A key that a schema cannot represent.
pub(crate) struct UnsupportedKey {
    pub(crate) key: &'static str,
    pub(crate) span: Span,
}

/// `#[serde(..)]` on a type.
#[derive(Default)]
pub(crate) struct ContainerAttr {
    pub(crate) rename: Slot<String>,
    pub(crate) rename_all: Slot<Case>,
    pub(crate) rename_all_fields: Slot<Case>,
    pub(crate) deny_unknown_fields: Slot<()>,
    pub(crate) tag: Slot<String>,
    pub(crate) content: Slot<String>,
    pub(crate) untagged: Slot<()>,
    pub(crate) default: Slot<()>,
    pub(crate) transparent: Slot<()>,
    pub(crate) unsupported_keys: Vec<UnsupportedKey>,
}

/// `#[serde(..)]` on a variant.
#[derive(Default)]
pub(crate) struct VariantAttr {
    pub(crate) rename: Slot<String>,
    pub(crate) rename_all: Slot<Case>,
    pub(crate) aliases: Vec<String>,
    pub(crate) skip: bool,
    pub(crate) unsupported_keys: Vec<UnsupportedKey>,
}

/// `#[serde(..)]` on a field.
#[derive(Default)]
pub(crate) struct FieldAttr {
    pub(crate) rename: Slot<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) default: Slot<()>,
    pub(crate) flatten: Slot<()>,
    pub(crate) skip: bool,
    pub(crate) unsupported_keys: Vec<UnsupportedKey>,
}

impl FieldAttr {
    /// Returns `true` if a custom function deserializes the field.
    pub(crate) fn replaces_deserialize(&self) -> bool {
        let mut keys = self.unsupported_keys.iter();
        keys.any(|unsupported| matches!(unsupported.key, "with" | "deserialize_with"))
    }
}

const CONTAINER_KEYS: &[&str] = &[
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
const VARIANT_KEYS: &[&str] = &[
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
const FIELD_KEYS: &[&str] = &[
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

impl ContainerAttr {
    /// Reads the `#[serde(..)]` attributes and ignores all others.
    pub(crate) fn parse(attrs: &[Attribute], cx: &Errors) -> Self {
        let mut this = Self::default();
        for entry in serde_entries(attrs, cx) {
            match entry.name() {
                "rename" => set_name(&mut this.rename, cx, &entry),
                "rename_all" => set_case(&mut this.rename_all, cx, &entry),
                "rename_all_fields" => set_case(&mut this.rename_all_fields, cx, &entry),
                "deny_unknown_fields" => this.deny_unknown_fields.set(cx, &entry, entry.flag()),
                "tag" => this.tag.set(cx, &entry, text(&entry)),
                "content" => this.content.set(cx, &entry, text(&entry)),
                "untagged" => this.untagged.set(cx, &entry, entry.flag()),
                "default" => this.default.set(cx, &entry, Ok(())),
                "transparent" => this.transparent.set(cx, &entry, entry.flag()),
                "from" | "try_from" | "into" => push_unsupported(&mut this.unsupported_keys, &entry),
                // `remote`: the schema describes the fields declared here, which mirror those of the remote type.
                "bound" | "crate" | "expecting" | "remote" => {}
                _ => unknown(cx, &entry, CONTAINER_KEYS),
            }
        }
        this
    }
}

impl VariantAttr {
    /// Reads the `#[serde(..)]` attributes and ignores all others.
    pub(crate) fn parse(attrs: &[Attribute], cx: &Errors) -> Self {
        let mut this = Self::default();
        for entry in serde_entries(attrs, cx) {
            match entry.name() {
                "rename" => set_name(&mut this.rename, cx, &entry),
                "rename_all" => set_case(&mut this.rename_all, cx, &entry),
                "alias" => this.aliases.extend(cx.take(text(&entry))),
                "skip" | "skip_deserializing" => this.skip = true,
                "deserialize_with" | "serialize_with" | "with" | "untagged" => {
                    push_unsupported(&mut this.unsupported_keys, &entry);
                }
                // A catch-all variant (`other`) still has a serialized name.
                "skip_serializing" | "bound" | "borrow" | "other" => {}
                _ => unknown(cx, &entry, VARIANT_KEYS),
            }
        }
        this
    }
}

impl FieldAttr {
    /// Reads the `#[serde(..)]` attributes and ignores all others.
    pub(crate) fn parse(attrs: &[Attribute], cx: &Errors) -> Self {
        let mut this = Self::default();
        for entry in serde_entries(attrs, cx) {
            match entry.name() {
                "rename" => set_name(&mut this.rename, cx, &entry),
                "alias" => this.aliases.extend(cx.take(text(&entry))),
                "default" => this.default.set(cx, &entry, Ok(())),
                "flatten" => this.flatten.set(cx, &entry, entry.flag()),
                "skip" | "skip_deserializing" => this.skip = true,
                "deserialize_with" | "serialize_with" | "with" => {
                    push_unsupported(&mut this.unsupported_keys, &entry);
                }
                "skip_serializing" | "skip_serializing_if" | "bound" | "borrow" | "getter" => {}
                _ => unknown(cx, &entry, FIELD_KEYS),
            }
        }
        this
    }
}

fn serde_entries(attrs: &[Attribute], cx: &Errors) -> Vec<Entry> {
    let mut all = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        match &attr.meta {
            Meta::List(list) => all.extend(entries(list.tokens.clone(), cx)),
            other => cx.error(other, "expected a list; write `#[serde(…)]`"),
        }
    }
    all
}

fn unknown(cx: &Errors, entry: &Entry, known: &[&str]) {
    let misplaced = [CONTAINER_KEYS, VARIANT_KEYS, FIELD_KEYS]
        .iter()
        .any(|table| table.contains(&entry.name()));
    if misplaced {
        cx.error(
            &entry.key,
            format_args!("serde does not accept `{}` here; remove it", entry.name()),
        );
    } else {
        unknown_key(cx, &entry.key, known);
    }
}

fn push_unsupported(list: &mut Vec<UnsupportedKey>, entry: &Entry) {
    const KEYS: &[&str] = &[
        "from",
        "try_from",
        "into",
        "with",
        "deserialize_with",
        "serialize_with",
        "untagged",
    ];
    if let Some(key) = KEYS.iter().find(|key| **key == entry.name()) {
        list.push(UnsupportedKey {
            key,
            span: entry.key.span(),
        });
    }
}

fn text(entry: &Entry) -> syn::Result<String> {
    entry.text().map(|text| text.value())
}

fn set_name(slot: &mut Slot<String>, cx: &Errors, entry: &Entry) {
    match deserialize_name(entry) {
        Ok(None) => {}
        Ok(Some(text)) => slot.set(cx, entry, Ok(text.value())),
        Err(error) => cx.push(error),
    }
}

fn set_case(slot: &mut Slot<Case>, cx: &Errors, entry: &Entry) {
    match deserialize_name(entry) {
        Ok(None) => {}
        Ok(Some(text)) => slot.set(cx, entry, Case::parse(&text)),
        Err(error) => cx.push(error),
    }
}

/// Reads the name in `key = "x"`, or the `deserialize` name in `key(serialize = "x", deserialize = "y")`, because serde
/// deserializes the model's output.
fn deserialize_name(entry: &Entry) -> syn::Result<Option<LitStr>> {
    if !entry.is_list() {
        return entry.text().map(Some);
    }
    let cx = Errors::new();
    let mut deserialize = None;
    for entry in entries(entry.list()?, &cx) {
        match entry.name() {
            "deserialize" => deserialize = cx.take(entry.text()),
            "serialize" => {}
            _ => unknown_key(&cx, &entry.key, &["serialize", "deserialize"]),
        }
    }
    cx.finish().map(|()| deserialize)
}
