//! A function whose body stays as it was written: no macro looks inside, and a half-typed body still reaches the
//! compiler, so completion works while it is written.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
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

/// The name after a keyword in an item that could not be read, and whether the item may be generic: enough to keep the
/// rest of a file working while the item is being typed.
pub(crate) fn half_typed(item: &TokenStream, keyword: &str) -> Option<(Ident, bool)> {
    let mut tokens = item.clone().into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(ident) if ident == keyword))?;
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return None;
    };
    let generic = matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '<');
    Some((name, generic))
}

/// The second attribute of the macro of this name on one item, where each does its whole work by itself.
pub(crate) fn given_twice<'a>(attrs: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attrs.iter().find(|attr| is_macro(attr, name))
}

/// Whether an attribute is the macro of this name, by itself or with the crate before it: `#[agno::tool]`.
pub(crate) fn is_macro(attr: &Attribute, name: &str) -> bool {
    let segments = &attr.path().segments;
    segments.len() <= 2 && segments.last().is_some_and(|last| last.ident == name)
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
        let body = input.parse::<TokenTree>()?.into();
        Ok(Self {
            attrs,
            vis,
            defaultness,
            sig,
            body,
        })
    }

    /// Whether a `;` stands in place of a block.
    pub(crate) fn has_no_body(&self) -> bool {
        self.body.to_string() == ";"
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
            let attrs = match input {
                FnArg::Typed(param) => &mut param.attrs,
                FnArg::Receiver(receiver) => &mut receiver.attrs,
            };
            attrs.retain(|attr| !attr.path().is_ident("arg") && !attr.path().is_ident("doc"));
        }
        // What is missing was told; the compiler need not tell it again.
        let body = if self.has_no_body() {
            &quote!({ loop {} })
        } else {
            body
        };
        quote!(#(#attrs)* #vis #defaultness #sig #body)
    }
}

impl Function {
    /// Whether a parameter has an `#[arg(..)]`.
    pub(crate) fn has_arg(&self) -> bool {
        self.sig.inputs.iter().any(|input| {
            let attrs = match input {
                FnArg::Typed(param) => &param.attrs,
                FnArg::Receiver(receiver) => &receiver.attrs,
            };
            attrs.iter().any(|attr| attr.path().is_ident("arg"))
        })
    }

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
