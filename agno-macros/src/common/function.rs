//! A function with an unparsed body. No macro reads the body, and a body that is still being typed reaches the compiler
//! unchanged, so completion works.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, ReturnType, Signature, Visibility};

use super::item::{is_arg, is_of_a_derive};
use super::tokens::is_punct;

/// A function or a method.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    vis: Visibility,
    defaultness: TokenStream,
    pub(crate) sig: Signature,
    /// The block, or the `;` of a declaration.
    pub(crate) body: TokenStream,
}

impl Function {
    /// Parses the rest of a function after its attributes, and nothing beyond its block.
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

    pub(crate) fn vis(&self) -> &Visibility {
        &self.vis
    }

    /// Returns `true` if the function is a declaration that ends in `;`.
    pub(crate) fn has_no_body(&self) -> bool {
        let mut tokens = self.body.clone().into_iter();
        matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == ';')
            && tokens.next().is_none()
    }

    /// Returns the span for errors about the return value: the return type, or the function's name if there is none.
    pub(crate) fn return_span(&self) -> Span {
        match &self.sig.output {
            ReturnType::Type(_, ty) => ty.span(),
            ReturnType::Default => self.sig.ident.span(),
        }
    }

    /// Returns the span of a reference in the return type if it could borrow from several parameters, which is an error
    /// of the compiler. Its fix, a lifetime parameter, is not available to tools.
    pub(crate) fn ambiguous_borrow(&self) -> Option<Span> {
        let ReturnType::Type(_, output) = &self.sig.output else {
            return None;
        };
        let inputs = &self.sig.inputs;
        if !self.sig.generics.params.is_empty() || matches!(inputs.first(), Some(FnArg::Receiver(_))) {
            return None;
        }
        let borrows = |input: &FnArg| matches!(input, FnArg::Typed(input) if elided(input.ty.to_token_stream()).is_some());
        let several = inputs.iter().filter(|input| borrows(input)).nth(1).is_some();
        elided(output.to_token_stream()).filter(|_| several)
    }

    /// Returns `true` if a parameter has an `#[arg(..)]` attribute.
    pub(crate) fn has_arg(&self) -> bool {
        self.sig
            .inputs
            .iter()
            .any(|input| parameter_attrs(input).iter().any(is_arg))
    }

    /// Returns the function without helper attributes.
    pub(crate) fn stripped(&self, is_helper: impl Fn(&Attribute) -> bool) -> TokenStream {
        let body = if self.has_no_body() {
            // The macro has already reported the missing body. This body keeps the compiler from reporting it again.
            &quote!({ loop {} })
        } else {
            &self.body
        };
        self.stripped_with_body(is_helper, body)
    }

    /// Returns the function without helper attributes, with errors at the start of its body, where they are
    /// valid even if the function is in an `impl` block.
    pub(crate) fn stripped_with_errors(
        &self,
        is_helper: impl Fn(&Attribute) -> bool,
        errors: &TokenStream,
    ) -> TokenStream {
        if self.has_no_body() {
            return self.stripped_with_body(is_helper, &quote!({ #errors loop {} }));
        }
        let body = self
            .body
            .clone()
            .into_iter()
            .map(|token| match token {
                TokenTree::Group(group) => {
                    let stream = group.stream();
                    let mut group = proc_macro2::Group::new(group.delimiter(), quote!(#errors #stream));
                    group.set_span(Span::call_site());
                    TokenTree::Group(group)
                }
                token => token,
            })
            .collect();
        self.stripped_with_body(is_helper, &body)
    }

    fn stripped_with_body(&self, is_helper: impl Fn(&Attribute) -> bool, body: &TokenStream) -> TokenStream {
        let Self { vis, defaultness, .. } = self;
        let attrs = self.attrs.iter().filter(|attr| !is_helper(attr));
        let mut sig = self.sig.clone();
        for input in &mut sig.inputs {
            let attrs = match input {
                FnArg::Typed(param) => &mut param.attrs,
                FnArg::Receiver(receiver) => &mut receiver.attrs,
            };
            attrs.retain(|attr| !is_arg(attr) && !is_of_a_derive(attr) && !attr.path().is_ident("doc"));
        }
        if self.ambiguous_borrow().is_some() {
            name_lifetimes(&mut sig);
        }
        quote!(#(#attrs)* #vis #defaultness #sig #body)
    }
}

/// Adds a lifetime parameter for all elided lifetimes, so that the compiler does not report them after the macro did.
fn name_lifetimes(sig: &mut Signature) {
    let name = |ty: &mut syn::Type| {
        let tokens = with_lifetime(ty.to_token_stream());
        *ty = syn::Type::Verbatim(tokens);
    };
    for input in &mut sig.inputs {
        if let FnArg::Typed(param) = input {
            name(&mut param.ty);
        }
    }
    if let ReturnType::Type(_, ty) = &mut sig.output {
        name(ty);
    }
    sig.generics = syn::parse_quote!(<'__a>);
}

/// Returns the span of the first reference without a lifetime, or with the lifetime `'_`.
fn elided(tokens: TokenStream) -> Option<Span> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match &token {
            TokenTree::Group(group) => elided(group.stream()),
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                (!tokens.peek().is_some_and(|next| is_punct(next, '\''))).then(|| punct.span())
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == "_").then(|| punct.span())
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Names the elided lifetimes of a type.
fn with_lifetime(tokens: TokenStream) -> TokenStream {
    let mut named = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), with_lifetime(group.stream()));
                inner.set_span(group.span());
                named.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Punct(punct)
                if punct.as_char() == '&' && !tokens.peek().is_some_and(|next| is_punct(next, '\'')) =>
            {
                named.extend([TokenTree::Punct(punct)]);
                named.extend(quote!('__a));
            }
            TokenTree::Punct(punct)
                if punct.as_char() == '\''
                    && matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == "_") =>
            {
                tokens.next();
                named.extend(quote!('__a));
            }
            token => named.extend([token]),
        }
    }
    named
}

/// Returns the attributes of a parameter, which can be `self`.
pub(crate) fn parameter_attrs(input: &FnArg) -> &[Attribute] {
    match input {
        FnArg::Typed(param) => &param.attrs,
        FnArg::Receiver(receiver) => &receiver.attrs,
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let mut function = Self::after_attrs(attrs, input)?;
        // An item that is being typed may continue after its block.
        function.body.extend(input.parse::<TokenStream>()?);
        Ok(function)
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attr in &self.attrs {
            attr.to_tokens(tokens);
        }
        self.vis.to_tokens(tokens);
        self.defaultness.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}
