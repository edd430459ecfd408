//! Generates the body of the method that returns an agent's instructions.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

use crate::agent::model::{Agent, Instructions};
use crate::agent::template::Template;

impl Agent<'_> {
    /// Generates an expression for the instructions, of type `Cow<str>`.
    pub(super) fn instructions_expression(&self) -> TokenStream {
        match &self.instructions {
            Instructions::None => quote!(__agno::Cow::Borrowed("")),
            Instructions::Template(template) => formatted(template),
            Instructions::Expr(expr) => quote_spanned!(expr.span()=> __agno::From::from(#expr)),
            Instructions::File(file) => {
                let text = quote_spanned!(file.span()=> __agno::include_str!(#file));
                quote!(__agno::Cow::Borrowed(#text))
            }
        }
    }
}

fn formatted(template: &Template) -> TokenStream {
    let text = LitStr::new(&template.text, template.span);
    if template.fields.is_empty() {
        return quote!(__agno::Cow::Borrowed(#text));
    }
    let this = Ident::new("self", Span::call_site());
    let fields = template.fields.iter().map(|(member, display)| {
        if *display {
            // The call has the span of the literal, so that the compiler reports a missing `Display` there.
            quote_spanned!(template.span=> __agno::Interpolated(&#this.#member))
        } else {
            quote!(&#this.#member)
        }
    });
    quote!(__agno::Cow::Owned(__agno::format!(#text, #(#fields),*)))
}
