//! Generates the body of the method that returns an agent's instructions.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{LitStr, Member};

use crate::agent::model::{Agent, Instructions};
use crate::agent::template::Template;

impl Agent<'_> {
    /// Generates an expression for the instructions, of type `Cow<str>`.
    pub(super) fn instructions_expression(&self) -> TokenStream {
        match &self.instructions {
            Instructions::None => quote!(__agno::Cow::Borrowed("")),
            Instructions::Template(template) => formatted(template),
            Instructions::Expr(expr) => quote_spanned!(expr.span()=> __agno::instructions(#expr)),
            Instructions::File(file) => {
                let text = quote_spanned!(file.span()=> __agno::include_str!(#file));
                quote!(__agno::Cow::Borrowed(#text))
            }
        }
    }
}

/// Generates the formatted text. The compiler reports a field that cannot be formatted at its placeholder if the format
/// string is the user's literal and the placeholder captures a local variable, which keywords and numbers cannot name.
fn formatted(template: &Template) -> TokenStream {
    let Template {
        text,
        fields,
        literal,
    } = template;
    let span = literal.span();
    if fields.is_empty() {
        let text = LitStr::new(text, span);
        return quote!(__agno::Cow::Borrowed(#text));
    }
    let this = Ident::new("self", Span::call_site());
    let values: Vec<_> = fields
        .iter()
        .map(|(member, is_text)| match is_text {
            true => quote_spanned!(span=> __agno::Interpolated(&#this.#member)),
            false => quote_spanned!(span=> &#this.#member),
        })
        .collect();
    let variables: Option<Vec<Ident>> = fields.iter().map(|(member, _)| variable(member, span)).collect();
    match variables {
        Some(variables) => quote!({
            #(let #variables = #values;)*
            __agno::Cow::Owned(__agno::format!(#literal))
        }),
        None => {
            let text = LitStr::new(text, span);
            quote!(__agno::Cow::Owned(__agno::format!(#text, #(#values),*)))
        }
    }
}

/// Returns the variable that a placeholder captures.
fn variable(member: &Member, span: Span) -> Option<Ident> {
    match member {
        Member::Named(name) if *name == name.unraw() => Some(Ident::new(&name.to_string(), span)),
        _ => None,
    }
}
