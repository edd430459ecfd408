//! Rust literals as JSON: the values of `default` and `example`.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit};

use super::json;
use crate::attr::Number;

/// A literal, as JSON and as what it was.
#[derive(Clone)]
pub(crate) struct Literal {
    pub(crate) expr: Expr,
    pub(crate) json: String,
}

impl Literal {
    /// Reads a literal, `None`, or an array of literals; `key` is named in errors.
    pub(crate) fn of(key: &str, expr: &Expr) -> syn::Result<Self> {
        match text(expr) {
            Some(json) => Ok(Self {
                expr: expr.clone(),
                json,
            }),
            None => Err(syn::Error::new_spanned(
                expr,
                format!(
                    "`{key}` takes literals, so that it is known here; write `{key} = 5`, `{key} = \"text\"` or `{key} = [1, 2]`"
                ),
            )),
        }
    }

    /// A constant, at the literal, that is an error if the literal is of another type than its schema.
    pub(crate) fn check(&self, schema: &TokenStream) -> TokenStream {
        let json = &self.json;
        let span = self.expr.span();
        quote_spanned!(span=> const _: () = __agno::check_example(#schema, #json);)
    }

    /// The value of a number.
    pub(crate) fn number(&self) -> Option<f64> {
        Number::of(&self.expr).map(Number::float)
    }

    /// The value of a text.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.expr {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value()),
            _ => None,
        }
    }

    /// The number of items of a list.
    pub(crate) fn items(&self) -> Option<usize> {
        match &self.expr {
            Expr::Array(array) => Some(array.elems.len()),
            _ => None,
        }
    }
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Some(json::quote(&text.value())),
        Expr::Lit(ExprLit {
            lit: Lit::Char(character),
            ..
        }) => Some(json::quote(&character.value().to_string())),
        Expr::Lit(ExprLit {
            lit: Lit::Bool(value),
            ..
        }) => Some(value.value.to_string()),
        Expr::Path(path) if path.path.is_ident("None") => Some("null".to_owned()),
        Expr::Array(array) => {
            let items: Option<Vec<String>> = array.elems.iter().map(text).collect();
            Some(format!("[{}]", items?.join(",")))
        }
        Expr::Group(group) => text(&group.expr),
        _ => match Number::of(expr)? {
            Number::Int(int) => Some(int.to_string()),
            Number::Float(float) => float.is_finite().then(|| format!("{float:?}")),
        },
    }
}
