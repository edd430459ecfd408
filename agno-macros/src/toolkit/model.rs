//! The model of an `impl` block annotated with `#[toolkit]`, with resolved tools.

use proc_macro2::TokenStream;
use syn::{Attribute, Meta, Path};

use super::parse::{self, Block};
use crate::common::function::Function;
use crate::common::item::is_macro;
use crate::common::tokens::find_ident;
use crate::common::tool_fn::{Tool, ToolAttr};
use crate::common::{Errors, Slot, default_crate_path};

/// An `impl` block annotated with `#[toolkit]`.
pub(super) struct Toolkit<'a> {
    pub(super) block: &'a Block,
    pub(super) krate: Path,
    pub(super) members: Vec<Member<'a>>,
}

/// A member of the block.
pub(super) enum Member<'a> {
    Tool(Box<Tool<'a>>),
    /// A function without `#[tool]`.
    Function(&'a Function),
    Other(&'a TokenStream),
}

impl<'a> Toolkit<'a> {
    pub(super) fn new(block: &'a Block, krate: Slot<Path>, cx: &Errors) -> Self {
        let members = block.members.iter().map(|member| match member {
            parse::Member::Function(function) => match function.attrs.iter().find(|attr| is_tool(attr)) {
                Some(attr) => {
                    let attr = ToolAttr::parse(argument_tokens(attr), cx);
                    Member::Tool(Box::new(Tool::new(function, attr, cx)))
                }
                None => Member::Function(function),
            },
            parse::Member::Other(tokens) => Member::Other(tokens),
        });
        Self {
            block,
            krate: krate.into_value().unwrap_or_else(default_crate_path),
            members: members.collect(),
        }
    }

    pub(super) fn tools(&self) -> impl Iterator<Item = &Tool<'a>> {
        self.members.iter().filter_map(|member| match member {
            Member::Tool(tool) => Some(&**tool),
            Member::Function(_) | Member::Other(_) => None,
        })
    }

    /// Returns `true` if a tool is still being typed, so that it does not parse as a function.
    pub(super) fn has_incomplete_tool(&self) -> bool {
        self.members.iter().any(|member| match member {
            Member::Other(tokens) => ["tool", "fn"]
                .iter()
                .all(|name| find_ident((*tokens).clone(), name).is_some()),
            Member::Tool(_) | Member::Function(_) => false,
        })
    }

    /// Returns the functions without `#[tool]`.
    pub(super) fn other_functions(&self) -> impl Iterator<Item = &'a Function> {
        self.members.iter().filter_map(|member| match member {
            Member::Function(function) => Some(*function),
            Member::Tool(_) | Member::Other(_) => None,
        })
    }
}

/// Returns `true` for `#[tool]`, with or without a path, as in `#[agno::tool]`.
pub(super) fn is_tool(attr: &Attribute) -> bool {
    is_macro(attr, "tool")
}

/// Returns the tokens inside `#[tool(..)]`.
fn argument_tokens(attr: &Attribute) -> TokenStream {
    match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}
