//! Resolves the name, description, instructions and output of an agent from its attribute and doc comment.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Expr, ItemStruct, LitStr, Path, Type};

use super::agent_list::Member;
use super::context_list::Provider;
use super::instructions::InstructionsValue;
use super::output_name::output_name;
use super::parse::AgentAttr;
use super::template::{Template, template};
use super::tool_list::ToolSource;
use crate::common::{Errors, default_crate_path, description};

/// A struct annotated with `#[agent]`.
pub(super) struct Agent<'a> {
    pub(super) item: &'a ItemStruct,
    pub(super) attr: &'a AgentAttr,
    pub(super) krate: Path,
    pub(super) name: String,
    pub(super) description: TokenStream,
    pub(super) instructions: Instructions<'a>,
    pub(super) output: Option<Output<'a>>,
    pub(super) members: Vec<Member<'a>>,
    pub(super) context: Vec<Provider<'a>>,
}

/// The source of an agent's instructions.
pub(super) enum Instructions<'a> {
    None,
    Template(Template),
    Expr(&'a Expr),
    File(&'a LitStr),
}

/// The type of an agent's output.
pub(super) struct Output<'a> {
    pub(super) ty: &'a Type,
    /// The name of the output schema. It is sent to the model.
    pub(super) name: String,
}

impl<'a> Agent<'a> {
    pub(super) fn new(item: &'a ItemStruct, attr: &'a AgentAttr, cx: &Errors) -> Self {
        let name = match attr.name.get() {
            Some(name) => name.value(),
            None => item.ident.unraw().to_string(),
        };
        let description = match attr.description.get() {
            Some(text) => text.to_token_stream(),
            None => description(&item.attrs).unwrap_or_else(|| quote!("")),
        };
        let instructions = match (attr.instructions.get(), attr.instructions_file.get()) {
            (Some(InstructionsValue::Text(text)), _) => {
                Instructions::Template(template(text, &item.fields, cx))
            }
            (Some(InstructionsValue::Expr(expr)), _) => Instructions::Expr(expr),
            (None, Some(file)) => Instructions::File(file),
            (None, None) => Instructions::None,
        };
        let output = attr.output.get().map(|ty| Output {
            ty,
            name: output_name(ty),
        });
        let members = attr.agents.get().into_iter().flatten();
        let members = members.filter_map(|entry| Member::new(entry, item, cx)).collect();
        let context = attr.context.get().into_iter().flatten();
        let context = context
            .filter_map(|entry| Provider::new(entry, item, cx))
            .collect();
        Self {
            item,
            attr,
            krate: attr.krate.get().cloned().unwrap_or_else(default_crate_path),
            name,
            description,
            instructions,
            output,
            members,
            context,
        }
    }

    /// Returns the entries of the `tools` list.
    pub(super) fn tools(&self) -> &'a [ToolSource] {
        self.attr.tools.get().map_or(&[], Vec::as_slice)
    }

    /// Returns the maximum number of tools that the provider accepts per request, and the span of the `model` value.
    pub(super) fn max_tools(&self) -> Option<(usize, Span)> {
        let model = self.attr.model.get()?;
        Some((model.max_tools()?, model.span))
    }
}
