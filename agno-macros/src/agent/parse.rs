//! Parses the struct annotated with `#[agent]`, and the attribute. The grammar of the attribute:
//!
//! ```text
//! name = "text"  description = "text"  model = "provider:model"  tools = [tool, self, self.field]  input = Type  output = Type  schemars
//! agents = [self.field, path::Agent, self.field(name = "text", description = "text", depth = 2)]
//! context = [self.field, path::Provider, self.field(max_bytes = 8192, timeout = "2s", on_error = skip, each_turn)]
//! instructions = "text with {field}"  instructions = expr  instructions_file = "path"
//! reads = [images, audio, documents]  max_turns = 8  max_total_turns = 100  max_output_retries = 2  crate = path
//! ```
//!
//! Any other entry causes an error at its own token.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Item, ItemStruct, Lit, LitStr, Member, Path, Type, UnOp};

use super::entry_list::{ListEntry, entry_list};
use super::instructions::{InstructionsValue, instructions};
use super::model_name::{ModelName, model_name};
use super::reads::{Media, reads};
use super::synonyms::unknown_agent_key;
use super::tool_list::{ToolSource, tool_list};
use super::trait_object::replace_trait_objects;
use crate::common::item::{duplicate_attribute, is_macro, unexpected_item};
use crate::common::schema_attr::description_text;
use crate::common::tokens::is_punct;
use crate::common::{Entry, Errors, Slot, crate_path, entries, ungrouped};

pub(super) const KEYS: &[&str] = &[
    "name",
    "description",
    "model",
    "instructions",
    "instructions_file",
    "tools",
    "agents",
    "context",
    "input",
    "output",
    "schemars",
    "reads",
    "max_turns",
    "max_total_turns",
    "max_output_retries",
    "crate",
];

/// The values of an `#[agent(..)]`.
#[derive(Default)]
pub(super) struct AgentAttr {
    pub(super) name: Slot<LitStr>,
    pub(super) description: Slot<LitStr>,
    pub(super) model: Slot<ModelName>,
    pub(super) instructions: Slot<InstructionsValue>,
    pub(super) instructions_file: Slot<LitStr>,
    pub(super) tools: Slot<Vec<ToolSource>>,
    pub(super) agents: Slot<Vec<ListEntry>>,
    pub(super) context: Slot<Vec<ListEntry>>,
    pub(super) input: Slot<Type>,
    pub(super) output: Slot<Type>,
    pub(super) schemars: Slot<()>,
    pub(super) reads: Slot<Vec<Media>>,
    pub(super) max_turns: Slot<Expr>,
    pub(super) max_total_turns: Slot<Expr>,
    pub(super) max_output_retries: Slot<Expr>,
    pub(super) krate: Slot<Path>,
}

/// Parses the item, which must be a struct.
pub(super) fn item(tokens: &TokenStream) -> syn::Result<ItemStruct> {
    syn::parse2(tokens.clone()).map_err(|error| {
        if syn::parse2::<Item>(tokens.clone()).is_err() {
            return error;
        }
        unexpected_item(
            tokens,
            "`#[agent]` applies to a struct; write `#[agent] struct Name;`",
        )
    })
}

/// Reads the attribute. Removes duplicate attributes and unsupported trait objects from the struct.
pub(super) fn attribute(tokens: TokenStream, item: &mut ItemStruct, cx: &Errors) -> AgentAttr {
    if let Some(second) = duplicate_attribute(&item.attrs, "agent") {
        cx.error(second, "duplicate `#[agent]`; remove one");
    }
    item.attrs.retain(|attr| !is_macro(attr, "agent"));
    let members: Vec<Member> = item.fields.members().collect();
    for (member, field) in members.iter().zip(&mut item.fields) {
        field_attributes(member, &mut field.attrs, cx);
        replace_trait_objects(field);
    }
    AgentAttr::parse(tokens, item, cx)
}

impl AgentAttr {
    /// Reads the attribute's tokens.
    fn parse(tokens: TokenStream, item: &ItemStruct, cx: &Errors) -> Self {
        let mut this = Self::default();
        for entry in entries(without_bare_text(tokens, cx), cx) {
            match entry.name() {
                "name" => this.name.set(cx, &entry, name(&entry)),
                "description" => this.description.set(cx, &entry, description_text(&entry)),
                "model" => this.model.set(cx, &entry, model(&entry)),
                "instructions" => this
                    .instructions
                    .set(cx, &entry, instructions(&entry, &item.fields)),
                "instructions_file" => this.instructions_file.set(cx, &entry, entry.text()),
                "tools" => this.tools.set(cx, &entry, tool_list(&entry, cx)),
                "agents" => this.agents.set(cx, &entry, entry_list(&entry, "researcher", cx)),
                "context" => this.context.set(cx, &entry, entry_list(&entry, "memory", cx)),
                "input" => this.input.set(cx, &entry, entry.value("Query")),
                "output" => this.output.set(cx, &entry, entry.value("Trip")),
                "schemars" => this.schemars.set(cx, &entry, entry.flag()),
                "reads" => this.reads.set(cx, &entry, reads(&entry, cx)),
                "max_turns" => this.max_turns.set(cx, &entry, max_turns(&entry, "8")),
                "max_total_turns" => this.max_total_turns.set(cx, &entry, max_turns(&entry, "100")),
                "max_output_retries" => this
                    .max_output_retries
                    .set(cx, &entry, max_output_retries(&entry)),
                "crate" => this.krate.set(cx, &entry, crate_path(&entry)),
                _ => unknown_agent_key(cx, &entry, KEYS),
            }
        }
        this
    }
}

/// Reports and removes agno's attributes of a field. The fields of an agent are listed in its own attribute.
fn field_attributes(member: &Member, attrs: &mut Vec<Attribute>, cx: &Errors) {
    attrs.retain(|attr| {
        let (name, list) = match attr.path().get_ident().map(Ident::to_string).as_deref() {
            Some("tool") => ("tool", "tools"),
            Some("toolkit") => ("toolkit", "tools"),
            Some("agent") => ("agent", "agents"),
            _ => return true,
        };
        let field = member.to_token_stream();
        cx.error(
            attr,
            format_args!("`#[{name}]` does not apply to a field; write `#[agent({list} = [self.{field}])]`"),
        );
        false
    });
}

/// Reports and removes a string without a key at the start of the attribute.
fn without_bare_text(tokens: TokenStream, cx: &Errors) -> TokenStream {
    let mut rest = tokens.clone().into_iter();
    match (rest.next(), rest.next()) {
        (Some(TokenTree::Literal(text)), None) => {
            cx.error(
                &text,
                format_args!("a string requires a key; write `instructions = {text}`"),
            );
            TokenStream::new()
        }
        (Some(TokenTree::Literal(text)), Some(comma)) if is_punct(&comma, ',') => {
            cx.error(
                &text,
                format_args!("a string requires a key; write `instructions = {text}`"),
            );
            rest.collect()
        }
        _ => tokens,
    }
}

fn name(entry: &Entry) -> syn::Result<LitStr> {
    let name = entry.text()?;
    if name.value().trim().is_empty() {
        return Err(syn::Error::new(
            name.span(),
            "the name is empty; remove the key to use the name of the struct",
        ));
    }
    Ok(name)
}

/// Reads the name of a model. A model itself is not known at compile time.
fn model(entry: &Entry) -> syn::Result<ModelName> {
    match ungrouped(entry.value("\"openai:gpt-5-mini\"")?) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => model_name(&text),
        other => Err(syn::Error::new_spanned(
            other,
            "`model` expects the name of a model; write `model = \"openai:gpt-5-mini\"`, or remove the key and pass a model to `.with(model)`",
        )),
    }
}

/// Reads the maximum number of requests. Rejects a literal `0`; the expansion checks the value of any other expression.
fn max_turns(entry: &Entry, example: &str) -> syn::Result<Expr> {
    let turns = count(entry, example, "requests")?;
    if let Expr::Lit(ExprLit {
        lit: Lit::Int(number),
        ..
    }) = &turns
        && number.base10_parse::<u32>().is_ok_and(|number| number == 0)
    {
        return Err(syn::Error::new(
            number.span(),
            format!("`{0}` must be at least 1; write `{0} = 1` or more", entry.name()),
        ));
    }
    Ok(turns)
}

/// Reads a number; zero means that the first answer must be valid.
fn max_output_retries(entry: &Entry) -> syn::Result<Expr> {
    count(entry, "2", "retries")
}

/// Reads an integer literal or an expression.
fn count(entry: &Entry, example: &str, counted: &str) -> syn::Result<Expr> {
    let number = ungrouped(entry.value(example)?);
    let is_number = match &number {
        Expr::Lit(ExprLit { lit, .. }) => matches!(lit, Lit::Int(_)),
        Expr::Unary(negative) => !matches!(negative.op, UnOp::Neg(_)),
        _ => true,
    };
    if !is_number {
        let key = entry.name();
        return Err(syn::Error::new_spanned(
            number,
            format!("`{key}` expects a number of {counted}; write `{key} = {example}`"),
        ));
    }
    Ok(number)
}
