//! Parses `agents = [self.researcher, Legal, self.helper(name = "help", depth = 2)]`, the agents that an agent can call,
//! and resolves their names, descriptions and types.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Field, ItemStruct, LitInt, LitStr};

use super::entry_list::{EntryName, ListEntry, Source};
use super::entry_type::EntryType;
use crate::common::schema_attr::description_text;
use crate::common::tool_fn::name_problem;
use crate::common::{Errors, Slot, description, unknown_key};

const KEYS: &[&str] = &["name", "description", "depth"];

/// An entry of the list.
pub(super) struct Member<'a> {
    pub(super) source: &'a Source,
    pub(super) ty: EntryType,
    /// The name by which the model calls the agent.
    pub(super) name: String,
    /// The description at the entry. Without one, the agent's own description applies.
    pub(super) description: Option<TokenStream>,
    /// The maximum number of occurrences on the way down.
    pub(super) depth: Option<u32>,
}

impl<'a> Member<'a> {
    /// Resolves an entry. Returns `None` if the struct does not have the field.
    pub(super) fn new(entry: &'a ListEntry, item: &ItemStruct, cx: &Errors) -> Option<Self> {
        let options = Options::parse(entry, cx);
        let field = match &entry.source {
            Source::Field(member) => Some(field(item, member)?),
            Source::Path(_) => None,
        };
        let source = &entry.source;
        let description = match options.description.get() {
            Some(text) => Some(text.to_token_stream()),
            None => field.and_then(|field| description(&field.attrs)),
        };
        let ty = EntryType::new(source, field, item);
        let depth = options.depth.get().map(|(depth, _)| *depth);
        if ty.is_declaration {
            check_recursion(source, item, &options, cx);
        }
        Some(Self {
            source,
            ty,
            name: options.name(source, item, cx),
            description,
            depth,
        })
    }

    /// Returns the span for errors about the entry.
    pub(super) fn span(&self) -> Span {
        self.source.span()
    }
}

/// Reports an agent that calls itself without a limit.
fn check_recursion(source: &Source, item: &ItemStruct, options: &Options, cx: &Errors) {
    let (name, entry) = (&item.ident, source.text());
    match options.depth.get() {
        None if !options.depth.is_set() => cx.error_at(
            source.span(),
            format_args!(
                "`{name}` calls itself without a limit; write `{entry}(depth = 2)` to allow two occurrences on the way down"
            ),
        ),
        Some((1, span)) => cx.error_at(
            *span,
            format_args!(
                "`depth = 1` does not allow `{name}` to call itself, because the caller is the first occurrence; write `depth = 2` or more"
            ),
        ),
        _ => {}
    }
}

/// The options of an entry.
#[derive(Default)]
struct Options {
    name: Slot<LitStr>,
    description: Slot<LitStr>,
    depth: Slot<(u32, Span)>,
}

impl Options {
    fn parse(entry: &ListEntry, cx: &Errors) -> Self {
        let mut this = Self::default();
        for option in &entry.options {
            match option.name() {
                "name" => this.name.set(cx, option, option.text()),
                "description" => this.description.set(cx, option, description_text(option)),
                "depth" => this
                    .depth
                    .set(cx, option, option.value("2").and_then(|it| depth(&it))),
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
        if let Some(error) = name_problem(&name, &fix) {
            cx.error_at(
                span,
                error
                    .replace("a tool name", "an agent name")
                    .replace("valid tool", "valid agent"),
            );
        }
        name
    }
}

/// Reads the maximum number of occurrences.
fn depth(number: &LitInt) -> syn::Result<(u32, Span)> {
    match number.base10_parse() {
        Ok(0) | Err(_) => Err(syn::Error::new(
            number.span(),
            "`depth` must be from 1 to 4294967295; write `depth = 2` to allow two occurrences on the way down",
        )),
        Ok(depth) => Ok((depth, number.span())),
    }
}

/// Returns the field that a member names.
pub(super) fn field<'a>(item: &'a ItemStruct, member: &syn::Member) -> Option<&'a Field> {
    let mut fields = item.fields.members().zip(&item.fields);
    fields.find_map(|(known, field)| (known == *member).then_some(field))
}
