//! The `impl` block under `#[toolkit]`, its methods with their bodies unread.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, ImplItem, Meta, Token, Type, braced};

use crate::attr::Errors;
use crate::function::{Function, is_macro};
use crate::tool::keys::Keys;

/// An `impl` block.
pub(crate) struct Block {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) impl_token: Token![impl],
    pub(crate) generics: Generics,
    /// The path of a trait and `for`, which a toolkit has not.
    pub(crate) of_trait: Option<(syn::Path, Token![for])>,
    pub(crate) ty: Type,
    inner: Vec<Attribute>,
    pub(crate) members: Vec<Member>,
}

/// What stands in an `impl` block.
pub(crate) enum Member {
    Function(Box<Function>),
    Other(TokenStream),
}

impl Block {
    /// The functions.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &Function> {
        self.members.iter().filter_map(|member| match member {
            Member::Function(function) => Some(&**function),
            Member::Other(_) => None,
        })
    }

    /// The block without the attributes that are ours.
    pub(crate) fn stripped(&self) -> TokenStream {
        let Self {
            attrs,
            impl_token,
            generics,
            of_trait,
            ty,
            inner,
            members,
        } = self;
        let attrs = attrs.iter().filter(|attr| !is_macro(attr, "toolkit"));
        let (parameters, _, bounds) = generics.split_for_impl();
        let of_trait = of_trait
            .as_ref()
            .map(|(path, for_token)| quote!(#path #for_token));
        let members = members.iter().map(|member| match member {
            Member::Function(function) if is_external(function) => TokenStream::new(),
            Member::Function(function) if tool_attribute(function).is_some() => function.stripped(is_tool),
            // What a parameter says is for tools only. A comment there is the compiler's to tell of.
            Member::Function(function) if function.has_arg() => function.stripped(|_| false),
            Member::Function(function) => function.as_it_is(),
            Member::Other(tokens) => tokens.clone(),
        });
        quote!(#(#attrs)* #impl_token #parameters #of_trait #ty #bounds { #(#inner)* #(#members)* })
    }
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let impl_token = input.parse()?;
        let mut generics: Generics = if input.peek(Token![<]) {
            input.parse()?
        } else {
            Generics::default()
        };
        let ahead = input.fork();
        let of_trait = match (ahead.parse::<syn::Path>(), ahead.parse::<Token![for]>()) {
            (Ok(path), Ok(for_token)) => {
                input.advance_to(&ahead);
                Some((path, for_token))
            }
            _ => None,
        };
        let ty = input.parse()?;
        generics.where_clause = input.parse()?;
        let content;
        braced!(content in input);
        let inner = content.call(Attribute::parse_inner)?;
        let mut members = Vec::new();
        while !content.is_empty() {
            let Ok(member) = content.parse() else {
                // Half typed. The compiler tells of it; the methods before it stay tools.
                members.push(Member::Other(content.parse()?));
                break;
            };
            members.push(member);
        }
        Ok(Self {
            attrs,
            impl_token,
            generics,
            of_trait,
            ty,
            inner,
            members,
        })
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let attrs = ahead.call(Attribute::parse_outer)?;
        if let Ok(function) = Function::after_attrs(attrs, &ahead) {
            input.advance_to(&ahead);
            return Ok(Self::Function(Box::new(function)));
        }
        let ahead = input.fork();
        let item = ahead.parse::<ImplItem>()?.into_token_stream();
        input.advance_to(&ahead);
        Ok(Self::Other(item))
    }
}

/// `#[tool]`, by itself or as `#[agno::tool]`.
pub(crate) fn is_tool(attr: &Attribute) -> bool {
    is_macro(attr, "tool")
}

/// The `#[tool(..)]` of a function, if it has one.
pub(crate) fn tool_attribute(function: &Function) -> Option<&Attribute> {
    function.attrs.iter().find(|attr| is_tool(attr))
}

/// Whether a method is the declaration of an external tool, of which nothing is left to call.
fn is_external(function: &Function) -> bool {
    let cx = Errors::new();
    let external =
        tool_attribute(function).is_some_and(|attr| Keys::of(tokens(attr), &cx).external.is_given());
    drop(cx.finish());
    external && function.has_no_body()
}

/// What stands in `#[tool(..)]`.
pub(crate) fn tokens(attr: &Attribute) -> TokenStream {
    match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}
