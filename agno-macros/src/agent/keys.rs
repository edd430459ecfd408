//! `#[agent(..)]`: its grammar.
//!
//! ```text
//! name = "text"  description = "text"  model = "provider:model"  tools = [tool, self, self.field]  output = Type  schemars
//! instructions = "text with {field}"  instructions = expr  instructions_file = "path"
//! reads = [images, audio, documents]  max_turns = 8  max_output_retries = 2  crate = path
//! ```
//!
//! Every entry is one of these or an error at its own token.

use proc_macro2::TokenStream;
use syn::{Expr, ExprLit, Lit, LitStr, Path, Type};

use super::model_name::{ModelName, model_name};
use super::reads::{Kind, reads};
use super::tools::{Entry, entries};
use crate::attr::{Errors, Item, Slot, crate_path, items, ungrouped, unknown_key};
use crate::tool::keys::description;

const KEYS: &[&str] = &[
    "name",
    "description",
    "model",
    "instructions",
    "instructions_file",
    "tools",
    "output",
    "schemars",
    "reads",
    "max_turns",
    "max_output_retries",
    "crate",
];

/// What `#[agent(..)]` says.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) name: Slot<LitStr>,
    pub(crate) description: Slot<LitStr>,
    pub(crate) model: Slot<ModelName>,
    pub(crate) instructions: Slot<Words>,
    pub(crate) instructions_file: Slot<LitStr>,
    pub(crate) tools: Slot<Vec<Entry>>,
    pub(crate) output: Slot<Type>,
    pub(crate) schemars: Slot<()>,
    pub(crate) reads: Slot<Vec<Kind>>,
    pub(crate) max_turns: Slot<Expr>,
    pub(crate) max_output_retries: Slot<Expr>,
    pub(crate) krate: Slot<Path>,
}

/// Instructions: a text with placeholders, or an expression that makes them.
pub(crate) enum Words {
    Text(LitStr),
    Expr(Box<Expr>),
}

impl Keys {
    /// Reads the attribute's tokens.
    pub(crate) fn of(tokens: TokenStream, cx: &Errors) -> Self {
        let mut keys = Self::default();
        for item in items(tokens, cx) {
            match item.name() {
                "name" => keys.name.set(cx, &item, name(&item)),
                "description" => keys.description.set(cx, &item, description(&item)),
                "model" => keys
                    .model
                    .set(cx, &item, item.text().and_then(|text| model_name(&text))),
                "instructions" => keys.instructions.set(cx, &item, instructions(&item)),
                "instructions_file" => keys.instructions_file.set(cx, &item, item.text()),
                "tools" => keys.tools.set(cx, &item, entries(&item, cx)),
                "output" => keys.output.set(cx, &item, item.value("Trip")),
                "schemars" => keys.schemars.set(cx, &item, item.flag()),
                "reads" => keys.reads.set(cx, &item, reads(&item, cx)),
                "max_turns" => keys.max_turns.set(cx, &item, max_turns(&item)),
                "max_output_retries" => keys.max_output_retries.set(cx, &item, max_output_retries(&item)),
                "crate" => keys.krate.set(cx, &item, crate_path(&item)),
                _ => unknown_key(cx, &item.key, KEYS),
            }
        }
        keys
    }
}

fn name(item: &Item) -> syn::Result<LitStr> {
    let name = item.text()?;
    if name.value().trim().is_empty() {
        return Err(syn::Error::new(
            name.span(),
            "an empty name; leave the key out and the agent has the name of its struct",
        ));
    }
    Ok(name)
}

fn instructions(item: &Item) -> syn::Result<Words> {
    Ok(match ungrouped(item.value("\"Answer in {language}.\"")?) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) if text.value().trim().is_empty() => {
            return Err(syn::Error::new(
                text.span(),
                "empty instructions say nothing; write what the agent is to do, or leave the key out",
            ));
        }
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Words::Text(text),
        Expr::Lit(other) => {
            return Err(syn::Error::new_spanned(
                other,
                "instructions are text; write `instructions = \"Answer in {language}.\"`",
            ));
        }
        expr => Words::Expr(Box::new(expr)),
    })
}

/// A number above zero. What is no literal is a constant, which the compiler holds to the same.
fn max_turns(item: &Item) -> syn::Result<Expr> {
    let turns = count(item, "8", "requests")?;
    if let Expr::Lit(ExprLit {
        lit: Lit::Int(number),
        ..
    }) = &turns
        && number.base10_parse::<u32>().is_ok_and(|number| number == 0)
    {
        return Err(syn::Error::new(
            number.span(),
            "without a turn the model is never asked; write `max_turns = 1` or more",
        ));
    }
    Ok(turns)
}

/// A number; zero means that the first answer must fit.
fn max_output_retries(item: &Item) -> syn::Result<Expr> {
    count(item, "2", "answers that go back")
}

fn count(item: &Item, example: &str, counted: &str) -> syn::Result<Expr> {
    let number = ungrouped(item.value(example)?);
    if let Expr::Lit(ExprLit { lit, .. }) = &number
        && !matches!(lit, Lit::Int(_))
    {
        let key = item.name();
        return Err(syn::Error::new_spanned(
            lit,
            format!("`{key}` counts {counted}; write `{key} = {example}`"),
        ));
    }
    Ok(number)
}
