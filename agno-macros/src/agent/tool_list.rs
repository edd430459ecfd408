//! Parses `tools = [weather, self, self.files]`, the sources of an agent's tools.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprPath, Lit, Member};

use super::entry_list::bracketed;
use crate::common::{Entry, Errors, split_commas};

/// One entry of the list.
pub(super) enum ToolSource {
    /// `self`: the struct itself, as a toolkit.
    SelfToolkit(ExprPath),
    /// `self.files`, `self.0`, `self.kits.files`: a field that is a tool or a toolkit.
    Field { expr: Expr, first: Member },
    /// `weather`, `crate::tools::weather`: the type of a tool, or of a toolkit without fields.
    Path(ExprPath),
}

impl ToolSource {
    /// Returns the span for errors about the tools of this entry.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::SelfToolkit(path) => path.span(),
            // Without the modules, which are correct if the name is resolved.
            Self::Path(path) => path
                .path
                .segments
                .last()
                .map_or_else(|| path.span(), |last| last.ident.span()),
            // Only the last field of a chain must be a tool or a toolkit.
            Self::Field { expr, .. } => match expr {
                Expr::Field(field) => field.member.span(),
                other => other.span(),
            },
        }
    }

    fn parse(expr: Expr) -> syn::Result<Self> {
        match expr {
            Expr::Path(path) if path.path.is_ident("self") => Ok(Self::SelfToolkit(path)),
            Expr::Path(path) => Ok(Self::Path(path)),
            Expr::Group(group) => Self::parse(*group.expr),
            Expr::Field(_) => match first_member(&expr) {
                Some(first) => Ok(Self::Field { expr, first }),
                None => Err(not_a_path(&expr)),
            },
            other => Err(not_a_path(&other)),
        }
    }
}

/// Returns the field of `self` at the start of a chain of fields.
fn first_member(expr: &Expr) -> Option<Member> {
    let Expr::Field(field) = expr else {
        return None;
    };
    match &*field.base {
        Expr::Path(path) if path.path.is_ident("self") => Some(field.member.clone()),
        base => first_member(base),
    }
}

fn not_a_path(expr: &Expr) -> syn::Error {
    syn::Error::new_spanned(
        expr,
        match fix(expr) {
            Some(fix) => format!("expected a path, not an expression; {fix}"),
            None => "expected a path, not an expression; write the path of a tool or toolkit, `self`, or `self.field`".to_owned(),
        },
    )
}

/// Returns the fix for an expression in the list.
fn fix(expr: &Expr) -> Option<String> {
    let text = |tokens: &dyn ToTokens| tokens.to_token_stream().to_string().replace(' ', "");
    let field = || Some("store the value in a field, and write `self.field`".to_owned());
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(name), ..
        }) => Some(format!("write `{}`", name.value())),
        Expr::Reference(reference) => match &*reference.expr {
            path @ (Expr::Path(_) | Expr::Field(_)) => Some(format!("write `{}`", text(path))),
            _ => field(),
        },
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if call.args.is_empty() && path.path.segments.len() == 1 => {
                Some(format!("write `{}`", text(path)))
            }
            _ => field(),
        },
        Expr::MethodCall(call) => match &*call.receiver {
            Expr::Path(path) if path.path.is_ident("self") => Some(format!(
                "write `self.{}`, and store the value in this field",
                call.method
            )),
            path @ (Expr::Path(_) | Expr::Field(_)) if call.method == "clone" => {
                Some(format!("write `{}`", text(path)))
            }
            _ => field(),
        },
        Expr::Struct(value) if value.fields.is_empty() => Some(format!("write `{}`", text(&value.path))),
        Expr::Struct(_) => field(),
        Expr::Cast(_) | Expr::Assign(_) => {
            Some("write the path alone, and rename the tool with `#[tool(name = \"...\")]`".to_owned())
        }
        _ => None,
    }
}

/// Reads `tools = [..]`. An invalid or repeated entry causes an error and is omitted.
pub(super) fn tool_list(entry: &Entry, cx: &Errors) -> syn::Result<Vec<ToolSource>> {
    let list = split_commas(entry.value_with(bracketed, "[weather, self.files]")?);
    if list.is_empty() {
        return Err(syn::Error::new(
            entry.key.span(),
            "the list is empty; write `tools = [weather]`, or remove the key",
        ));
    }
    let mut sources = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for tokens in list {
        let Some(expr) = cx.take(expression.parse2(tokens)) else {
            continue;
        };
        let text = quote!(#expr).to_string();
        if known.contains(&text) {
            cx.error(
                &expr,
                format_args!("duplicate `{}`; remove one", text.replace(' ', "")),
            );
            continue;
        }
        known.push(text);
        sources.extend(cx.take(ToolSource::parse(expr)));
    }
    Ok(sources)
}

/// Reads one entry. Tokens after it are an error at the first of them.
fn expression(input: ParseStream<'_>) -> syn::Result<Expr> {
    let start = input.fork().parse::<TokenStream>()?;
    let Ok(expr) = input.call(Expr::parse) else {
        // The parser must reach the end of the tokens, or it reports its own error.
        let _ = input.parse::<TokenStream>();
        return Err(syn::Error::new_spanned(
            start,
            "expected the path of a tool or toolkit, `self`, or `self.field`",
        ));
    };
    match input.parse::<TokenStream>()?.into_iter().next() {
        None => Ok(expr),
        Some(next) => Err(syn::Error::new(
            next.span(),
            format!(
                "expected a comma after `{}`",
                quote!(#expr).to_string().replace(' ', "")
            ),
        )),
    }
}
