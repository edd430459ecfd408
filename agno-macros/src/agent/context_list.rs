//! Parses `context = [self.memory, self.pages(max_bytes = 8192, timeout = "2s", on_error = skip, each_turn)]`, the
//! providers of an agent's context, and resolves their names and options.

use std::time::Duration;

use proc_macro2::{Ident, Span};
use syn::{Expr, ExprLit, ItemStruct, Lit, LitStr};

use super::agent_list::field;
use super::entry_list::{EntryName, ListEntry, Source};
use crate::common::{Entry, Errors, Slot, closest, one_of, ungrouped, unknown_key};

const KEYS: &[&str] = &["name", "max_bytes", "timeout", "on_error", "each_turn"];

/// An entry of the list.
pub(super) struct Provider<'a> {
    pub(super) source: &'a Source,
    /// The name of the context, which the model reads.
    pub(super) name: String,
    /// `true` if the entry is a field of a reference type.
    pub(super) is_reference: bool,
    pub(super) max_bytes: Option<Expr>,
    pub(super) timeout: Option<Duration>,
    /// The variant of `OnError`.
    pub(super) on_error: Option<&'static str>,
    pub(super) each_turn: bool,
}

impl<'a> Provider<'a> {
    /// Resolves an entry. Returns `None` if the struct does not have the field.
    pub(super) fn new(entry: &'a ListEntry, item: &ItemStruct, cx: &Errors) -> Option<Self> {
        let options = Options::parse(entry, cx);
        let source = &entry.source;
        let is_reference = match source {
            Source::Field(member) => matches!(field(item, member)?.ty, syn::Type::Reference(_)),
            Source::Path(_) => false,
        };
        Some(Self {
            source,
            name: options.name(source, item, cx),
            is_reference,
            max_bytes: options.max_bytes.into_value(),
            timeout: options.timeout.into_value(),
            on_error: options.on_error.into_value(),
            each_turn: options.each_turn.is_set(),
        })
    }

    /// Returns the span for errors about the entry.
    pub(super) fn span(&self) -> Span {
        self.source.span()
    }
}

/// The options of an entry.
#[derive(Default)]
struct Options {
    name: Slot<LitStr>,
    max_bytes: Slot<Expr>,
    timeout: Slot<Duration>,
    on_error: Slot<&'static str>,
    each_turn: Slot<()>,
}

impl Options {
    fn parse(entry: &ListEntry, cx: &Errors) -> Self {
        let mut this = Self::default();
        for option in &entry.options {
            match option.name() {
                "name" => this.name.set(cx, option, option.text()),
                "max_bytes" => this.max_bytes.set(cx, option, max_bytes(option)),
                "timeout" => this.timeout.set(cx, option, option.duration()),
                "on_error" => this.on_error.set(cx, option, on_error(option)),
                "each_turn" => this.each_turn.set(cx, option, option.flag()),
                _ => unknown_key(cx, &option.key, KEYS),
            }
        }
        this
    }

    /// Returns the name: the option, the name of the field, or the name of the struct in snake case.
    fn name(&self, source: &Source, item: &ItemStruct, cx: &Errors) -> String {
        let Some(EntryName { name, span, fix }) = source.name(&self.name, item, cx) else {
            return String::new();
        };
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !(1..=64).contains(&name.len()) || !name.bytes().all(fits) {
            cx.error_at(
                span,
                format_args!(
                    "`{name}` is not a valid name of a context; use 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-`: write `{fix}`"
                ),
            );
        }
        name
    }
}

/// Reads a size in bytes. Rejects a literal `0`.
fn max_bytes(option: &Entry) -> syn::Result<Expr> {
    let size = ungrouped(option.value("8192")?);
    if let Expr::Lit(ExprLit { lit, .. }) = &size
        && !matches!(lit, Lit::Int(number) if number.base10_parse::<usize>().is_ok_and(|bytes| bytes > 0))
    {
        return Err(syn::Error::new_spanned(
            lit,
            "`max_bytes` expects a number of bytes of at least 1; write `max_bytes = 8192`",
        ));
    }
    Ok(size)
}

/// Reads `on_error = skip` or `on_error = fail`.
fn on_error(option: &Entry) -> syn::Result<&'static str> {
    let value: Ident = option.value("skip")?;
    match value.to_string().as_str() {
        "skip" => Ok("Skip"),
        "fail" => Ok("Fail"),
        other => Err(syn::Error::new(
            value.span(),
            match closest(other, &["fail", "skip"]) {
                Some(suggestion) => format!("unknown value `{other}`; did you mean `{suggestion}`?"),
                None => format!("unknown value `{other}`; expected {}", one_of(&["skip", "fail"])),
            },
        )),
    }
}
