//! Generates the parts of one argument: the type that stores it, its field in the schema, and the code that passes its
//! value.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit};

use crate::common::tool_fn::model::Argument;
use crate::common::tool_fn::param_type::ArgumentKind;
use crate::common::tool_fn::parse::DefaultValue;

impl Argument<'_> {
    /// Generates the type that stores the value.
    pub(super) fn stored_type(&self, blocking: bool) -> TokenStream {
        let text = if blocking {
            quote!(__agno::String)
        } else {
            quote!(__agno::Str<'__a>)
        };
        match &self.kind {
            ArgumentKind::Text | ArgumentKind::Cow => text,
            ArgumentKind::OptionalText => quote!(__agno::Option<#text>),
            ArgumentKind::Slice(ty) => {
                let ty = name_lifetimes(ty.to_token_stream());
                quote!(__agno::Vec<#ty>)
            }
            ArgumentKind::Borrowed(ty) | ArgumentKind::Owned(ty) => name_lifetimes(ty.to_token_stream()),
        }
    }

    /// Generates the field of the schema.
    pub(super) fn schema_field(&self) -> TokenStream {
        let (name, ty) = (&self.name, self.ty);
        let schema = quote_spanned!(self.span()=> __agno::schema_of::<#ty>());
        let schema = if self.schema.constraints().is_empty() {
            schema
        } else {
            let constrained = self.schema.constrain(quote!(*#schema.base()));
            // With a separate static, the compiler reports an invalid constraint only once.
            quote!({
                static CONSTRAINED: __agno::Node = #constrained;
                __agno::replaced(
                    #schema,
                    &CONSTRAINED,
                    const { &__agno::Node::nullable(__agno::SchemaRef::new(&CONSTRAINED)) },
                )
            })
        };
        let description = self.description.as_ref().map(|text| quote!(.description(#text)));
        let presence = self
            .default
            .is_set()
            .then(|| quote!(.optional().null_is_absent()));
        let annotations = self.schema.annotations();
        quote!(__agno::Field::new(#name, #schema) #description #presence #(#annotations)*)
    }

    /// Generates the statement that replaces the `Option` in the local with the contained value or the default.
    pub(super) fn unwrap_local(&self, local: &Ident) -> TokenStream {
        let Some(default) = self.default.get() else {
            return quote!(let __agno::Some(#local) = #local else { return __agno::incomplete() };);
        };
        let span = self.span();
        let value = match (default, &self.kind) {
            (DefaultValue::OfType, ArgumentKind::Text | ArgumentKind::Cow) => quote!(__agno::From::from("")),
            (DefaultValue::OfType, _) => quote_spanned!(span=> __agno::default()),
            (DefaultValue::Expr(expr), ArgumentKind::OptionalText) => {
                quote!(__agno::Option::map(#expr, __agno::From::from))
            }
            (DefaultValue::Expr(expr), ArgumentKind::Text | ArgumentKind::Cow | ArgumentKind::Slice(_)) => {
                quote!(__agno::From::from(#expr))
            }
            (DefaultValue::Expr(expr), _) if is_text(expr) => {
                quote_spanned!(expr.span()=> __agno::from_text(#expr))
            }
            (DefaultValue::Expr(expr), _) => expr.to_token_stream(),
        };
        quote! {
            let #local = match #local {
                __agno::Some(#local) => #local,
                __agno::None => #value,
            };
        }
    }

    /// Generates the expression that passes the local to the function.
    pub(super) fn pass(&self, local: &Ident, blocking: bool) -> TokenStream {
        match &self.kind {
            ArgumentKind::Text | ArgumentKind::Borrowed(_) | ArgumentKind::Slice(_) => quote!(&#local),
            ArgumentKind::OptionalText => quote!(__agno::Option::as_deref(&#local)),
            ArgumentKind::Cow if blocking => quote!(__agno::Cow::Owned(#local)),
            ArgumentKind::Cow => quote!(#local.into_cow()),
            ArgumentKind::Owned(_) => local.to_token_stream(),
        }
    }
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }))
}

/// Renames `'_` to `'__a`, because fields of a struct cannot elide lifetimes.
fn name_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut after_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let named = match token {
                TokenTree::Group(group) => {
                    let mut named =
                        proc_macro2::Group::new(group.delimiter(), name_lifetimes(group.stream()));
                    named.set_span(group.span());
                    TokenTree::Group(named)
                }
                TokenTree::Ident(ident) if after_quote && ident == "_" => {
                    TokenTree::Ident(Ident::new("__a", ident.span()))
                }
                token => token,
            };
            after_quote = matches!(&named, TokenTree::Punct(punct) if punct.as_char() == '\'');
            named
        })
        .collect()
}
