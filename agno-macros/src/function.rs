//! A function whose body stays as it was written: no macro looks inside, and a half-typed body still reaches the
//! compiler, so completion works while it is written.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, ReturnType, Signature, Visibility};

/// A function or a method.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: TokenStream,
    pub(crate) sig: Signature,
    /// The block, or the `;` that stands in its place.
    pub(crate) body: TokenStream,
}

/// The error for an attribute on another kind of item than it is for, at the item's keyword.
pub(crate) fn wrong_item(item: &TokenStream, message: &str) -> syn::Error {
    let keyword = |input: ParseStream<'_>| -> syn::Result<Span> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let span = input.span();
        input.parse::<TokenStream>()?;
        Ok(span)
    };
    let span = keyword.parse2(item.clone()).unwrap_or_else(|_| Span::call_site());
    syn::Error::new(span, message)
}

impl Function {
    /// The rest of a function after its attributes. Reads nothing beyond its block.
    pub(crate) fn after_attrs(attrs: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Self> {
        let vis = input.parse()?;
        let defaultness = if input.peek(syn::Token![default]) {
            input.parse::<syn::Token![default]>()?.to_token_stream()
        } else {
            TokenStream::new()
        };
        let sig = input.parse()?;
        let body = input.parse::<proc_macro2::TokenTree>()?.into();
        Ok(Self {
            attrs,
            vis,
            defaultness,
            sig,
            body,
        })
    }

    /// Where a result that is none is told of: the return type, else the name.
    pub(crate) fn return_span(&self) -> Span {
        match &self.sig.output {
            ReturnType::Type(_, ty) => ty.span(),
            ReturnType::Default => self.sig.ident.span(),
        }
    }

    /// The function as its author would have written it without macros: without the attributes that are ours.
    pub(crate) fn stripped(&self, own: impl Fn(&Attribute) -> bool) -> TokenStream {
        let Self {
            vis,
            defaultness,
            body,
            ..
        } = self;
        let attrs = self.attrs.iter().filter(|attr| !own(attr));
        let mut sig = self.sig.clone();
        for input in &mut sig.inputs {
            if let FnArg::Typed(param) = input {
                param
                    .attrs
                    .retain(|attr| !attr.path().is_ident("arg") && !attr.path().is_ident("doc"));
            }
        }
        quote!(#(#attrs)* #vis #defaultness #sig #body)
    }
}

impl Function {
    /// The function with all its attributes.
    pub(crate) fn as_it_is(&self) -> TokenStream {
        let Self {
            attrs,
            vis,
            defaultness,
            sig,
            body,
        } = self;
        quote!(#(#attrs)* #vis #defaultness #sig #body)
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let mut function = Self::after_attrs(attrs, input)?;
        // A half-typed item may go on after its block.
        function.body.extend(input.parse::<TokenStream>()?);
        Ok(function)
    }
}
