//! Parses the value of `instructions`: text with placeholders, or an expression.
//!
//! An expression is used as it is, so the text in it has no placeholders. A string literal in an expression that contains
//! `{field}` is therefore an error, if the literal is certainly a part of the instructions. A literal that the expression
//! passes to a function or to a method, such as `replace`, is not.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Block, Expr, ExprLit, Fields, Lit, LitStr, Member, Stmt};

use crate::common::{Entry, ungrouped};

/// The value of `instructions`.
pub(super) enum InstructionsValue {
    Text(LitStr),
    Expr(Box<Expr>),
}

/// Reads `instructions = ..`.
pub(super) fn instructions(entry: &Entry, fields: &Fields) -> syn::Result<InstructionsValue> {
    let value = ungrouped(entry.value("\"Answer in {language}.\"")?);
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) if text.value().trim().is_empty() => Err(syn::Error::new(
            text.span(),
            "the instructions are empty; describe what the agent does, or remove the key",
        )),
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Ok(InstructionsValue::Text(text)),
        Expr::Lit(other) => Err(syn::Error::new_spanned(
            other,
            "`instructions` expects a string; write `instructions = \"Answer in {language}.\"`",
        )),
        Expr::Closure(_) => Err(syn::Error::new_spanned(
            value,
            "`instructions` expects a string, not a closure; write its body, which can use `self`",
        )),
        Expr::Array(_) | Expr::Tuple(_) => Err(not_one_text(&value)),
        Expr::Macro(ref list) if list.mac.path.is_ident("vec") => Err(not_one_text(&value)),
        expr => {
            let mut errors: Option<syn::Error> = None;
            for literal in text_literals(&expr) {
                let value = literal.value();
                for name in placeholders(&value, fields) {
                    let error = syn::Error::new(
                        literal.span(),
                        format_args!(
                            "`{{{name}}}` is not replaced, because the instructions are an expression; write `instructions = \"...\"` with a single literal, or `format!(\"...\", self.{name})`"
                        ),
                    );
                    match &mut errors {
                        None => errors = Some(error),
                        Some(errors) => errors.combine(error),
                    }
                }
            }
            match errors {
                None => Ok(InstructionsValue::Expr(Box::new(expr))),
                Some(errors) => Err(errors),
            }
        }
    }
}

fn not_one_text(value: &Expr) -> syn::Error {
    syn::Error::new_spanned(
        value,
        "`instructions` expects a single text; write one string, whose lines may end in `\\n`",
    )
}

/// Returns the literals whose text is a part of the value of an expression.
fn text_literals(expr: &Expr) -> Vec<LitStr> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => vec![text.clone()],
        Expr::Group(group) => text_literals(&group.expr),
        Expr::Paren(paren) => text_literals(&paren.expr),
        Expr::Reference(reference) => text_literals(&reference.expr),
        Expr::Block(block) => of_block(&block.block),
        Expr::If(branches) => {
            let mut literals = of_block(&branches.then_branch);
            if let Some((_, otherwise)) = &branches.else_branch {
                literals.extend(text_literals(otherwise));
            }
            literals
        }
        Expr::Match(arms) => arms
            .arms
            .iter()
            .flat_map(|arm| text_literals(&arm.body))
            .collect(),
        Expr::MethodCall(call) if is_conversion(&call.method.to_string()) => text_literals(&call.receiver),
        Expr::Call(call) => match (&*call.func, call.args.first()) {
            (Expr::Path(path), Some(text)) if call.args.len() == 1 => {
                let last = path.path.segments.last();
                match last.is_some_and(|last| last.ident == "from" || last.ident == "Borrowed") {
                    true => text_literals(text),
                    false => Vec::new(),
                }
            }
            _ => Vec::new(),
        },
        Expr::Macro(call)
            if call
                .mac
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "concat") =>
        {
            of_tokens(call.mac.tokens.clone())
        }
        _ => Vec::new(),
    }
}

fn of_block(block: &Block) -> Vec<LitStr> {
    match block.stmts.last() {
        Some(Stmt::Expr(value, None)) => text_literals(value),
        _ => Vec::new(),
    }
}

/// Returns the literals among the arguments of `concat!`.
fn of_tokens(tokens: TokenStream) -> Vec<LitStr> {
    let literal = |token| match token {
        TokenTree::Literal(literal) => match Lit::new(literal) {
            Lit::Str(text) => Some(text),
            _ => None,
        },
        _ => None,
    };
    tokens.into_iter().filter_map(literal).collect()
}

fn is_conversion(method: &str) -> bool {
    matches!(
        method,
        "into" | "to_owned" | "to_string" | "trim" | "as_str" | "clone"
    )
}

/// Returns the fields that placeholders in the instructions name, except for those between double braces.
fn placeholders(text: &str, fields: &Fields) -> Vec<String> {
    let names = fields.members().filter_map(|member| match member {
        Member::Named(name) => Some(syn::ext::IdentExt::unraw(&name).to_string()),
        Member::Unnamed(_) => None,
    });
    names
        .filter(|name| {
            let placeholder = format!("{{{name}}}");
            text.match_indices(&placeholder)
                .any(|(index, _)| !text[..index].ends_with('{'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::{ItemStruct, parse_quote};

    use super::*;
    use crate::common::{Errors, entries};

    fn error(value: &TokenStream) -> Option<String> {
        let item: ItemStruct = parse_quote!(
            struct A {
                user: String,
                r#type: u8,
            }
        );
        let cx = Errors::new();
        let entry = entries(quote!(instructions = #value), &cx).remove(0);
        assert!(cx.finish().is_ok());
        instructions(&entry, &item.fields)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn placeholders_of_fields_in_expressions_are_errors() {
        for value in [
            quote!(concat!("Help {user}", ".")),
            quote!(&concat!("Help ", "{user}.")),
            quote!("Help {user}.".to_string()),
            quote!(String::from("Help {user}.")),
            quote!(if self.polite {
                "Please help {user}."
            } else {
                "Help."
            }),
            quote!(match self.r#type {
                0 => "Help {type}.",
                _ => "Help.",
            }),
        ] {
            let text = error(&value);
            assert!(
                text.is_some_and(|text| text.contains("is not replaced")),
                "{value}"
            );
        }
    }

    #[test]
    fn text_that_an_expression_uses_otherwise_is_accepted() {
        for value in [
            quote!(TEMPLATE.replace("{user}", &self.user)),
            quote!("Help {user}.".replace("{user}", &self.user)),
            quote!(render("Help {user}.", &self.user)),
            quote!(format!("Help {user}.", user = self.user)),
            quote!(concat!("Help {{user}}", ".")),
            quote!(concat!("Help {someone}", ".")),
            quote!(include_str!("{user}.md")),
        ] {
            assert_eq!(error(&value), None, "{value}");
        }
    }

    #[test]
    fn lists_are_errors() {
        for value in [quote!(["a", "b"]), quote!(("a", "b")), quote!(vec!["a"])] {
            assert!(
                error(&value).is_some_and(|text| text.contains("a single text")),
                "{value}"
            );
        }
    }
}
