//! Converts the Rust literals in `default`, `example` and `examples` to JSON.

use syn::{Expr, ExprLit, Lit};

use super::json;
use crate::common::Number;

/// A literal as an expression and as JSON.
pub(crate) struct Literal {
    pub(crate) expr: Expr,
    pub(crate) json: String,
}

impl Literal {
    /// Reads a literal, `None`, or an array of literals. Errors name `key`.
    pub(crate) fn parse(key: &str, expr: &Expr) -> syn::Result<Self> {
        match to_json(expr) {
            Some(json) => Ok(Self {
                expr: expr.clone(),
                json,
            }),
            None => Err(syn::Error::new_spanned(
                expr,
                format!(
                    "`{key}` expects literals; write `{key} = 5`, `{key} = \"text\"` or `{key} = [1, 2]`"
                ),
            )),
        }
    }

    /// Returns the value if the literal is a number.
    pub(crate) fn number(&self) -> Option<f64> {
        Number::parse(&self.expr).map(Number::float)
    }

    /// Returns the value if the literal is a string.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.expr {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value()),
            _ => None,
        }
    }

    /// Returns the number of items if the literal is an array.
    pub(crate) fn item_count(&self) -> Option<usize> {
        match &self.expr {
            Expr::Array(array) => Some(array.elems.len()),
            _ => None,
        }
    }
}

fn to_json(expr: &Expr) -> Option<String> {
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
            let items: Option<Vec<String>> = array.elems.iter().map(to_json).collect();
            Some(format!("[{}]", items?.join(",")))
        }
        Expr::Group(group) => to_json(&group.expr),
        _ => match Number::parse(expr)? {
            Number::Int(int) => Some(int.to_string()),
            Number::Float(float) => float.is_finite().then(|| format!("{float:?}")),
        },
    }
}
