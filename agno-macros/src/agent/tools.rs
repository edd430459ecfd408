//! `tools = [weather, self, self.files]`: where an agent's tools come from.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprPath, Member, Token, bracketed};

use crate::attr::{Errors, Item};

/// One entry of the list.
pub(crate) enum Entry {
    /// `self`: the struct is a toolkit.
    Itself(ExprPath),
    /// `self.files`, `self.0`, `self.kits.files`: a field is a tool or a toolkit.
    Field { expr: Expr, first: Member },
    /// `weather`, `crate::tools::weather`: the type of a tool or of a toolkit without fields.
    Path(ExprPath),
}

impl Entry {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Itself(path) | Self::Path(path) => path.span(),
            // The last field is the one that is looked for tools.
            Self::Field { expr, .. } => match expr {
                Expr::Field(field) => field.member.span(),
                other => other.span(),
            },
        }
    }

    fn of(expr: Expr) -> syn::Result<Self> {
        match expr {
            Expr::Path(path) if path.path.is_ident("self") => Ok(Self::Itself(path)),
            Expr::Path(path) => Ok(Self::Path(path)),
            Expr::Group(group) => Self::of(*group.expr),
            Expr::Field(_) => match first_member(&expr) {
                Some(first) => Ok(Self::Field { expr, first }),
                None => Err(wrong(&expr)),
            },
            other => Err(wrong(&other)),
        }
    }
}

/// The field of `self` that a chain of fields starts with.
fn first_member(expr: &Expr) -> Option<Member> {
    let Expr::Field(field) = expr else {
        return None;
    };
    match &*field.base {
        Expr::Path(path) if path.path.is_ident("self") => Some(field.member.clone()),
        base => first_member(base),
    }
}

fn wrong(expr: &impl ToTokens) -> syn::Error {
    syn::Error::new_spanned(
        expr,
        "a tool is named, not made, here; write the path of a tool or toolkit, `self`, or `self.field`",
    )
}

/// The entries of `tools = [..]`.
pub(crate) fn entries(item: &Item, cx: &Errors) -> syn::Result<Vec<Entry>> {
    struct List(Punctuated<Expr, Token![,]>);

    impl Parse for List {
        fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
            let content;
            bracketed!(content in input);
            let list = content.parse_terminated(Expr::parse, Token![,])?;
            Ok(Self(list))
        }
    }

    let tokens: TokenStream = item.tokens().cloned().unwrap_or_default();
    let Ok(List(list)) = List::parse.parse2(tokens) else {
        return item
            .value_with(List::parse, "[weather, self.files]")
            .map(|_| Vec::new());
    };
    if list.is_empty() {
        return Err(syn::Error::new(
            item.key.span(),
            "an empty list of tools; name some: `tools = [weather]`, or leave the key out",
        ));
    }
    let mut entries = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for expr in list {
        let text = quote!(#expr).to_string();
        if known.contains(&text) {
            cx.error(
                &expr,
                format_args!("`{}` is in the list twice; keep one", text.replace(' ', "")),
            );
            continue;
        }
        known.push(text);
        entries.extend(cx.take(Entry::of(expr)));
    }
    Ok(entries)
}
