//! Parses `tools = [weather, self, self.files]`, the sources of an agent's tools.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprPath, Member, Token, bracketed};

use crate::common::{Entry, Errors};

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

fn not_a_path(expr: &impl ToTokens) -> syn::Error {
    syn::Error::new_spanned(
        expr,
        "expected a path, not an expression; write the path of a tool or toolkit, `self`, or `self.field`",
    )
}

/// Reads `tools = [..]`. An invalid or repeated entry causes an error and is omitted.
pub(super) fn tool_list(entry: &Entry, cx: &Errors) -> syn::Result<Vec<ToolSource>> {
    struct List(Punctuated<Expr, Token![,]>);

    impl Parse for List {
        fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
            let content;
            bracketed!(content in input);
            let list = content.parse_terminated(Expr::parse, Token![,])?;
            Ok(Self(list))
        }
    }

    let List(list) = entry.value("[weather, self.files]")?;
    if list.is_empty() {
        return Err(syn::Error::new(
            entry.key.span(),
            "the list is empty; write `tools = [weather]`, or remove the key",
        ));
    }
    let mut sources = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for expr in list {
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
