//! The list of tools beside the block. For
//!
//! ```text
//! #[toolkit]
//! impl Support<'_> {
//!     #[tool]
//!     async fn order(&self, id: u64) -> Result<Order, OrderError> { .. }
//! }
//! ```
//!
//! it is, after the block,
//!
//! ```text
//! const _: () = {
//!     struct __Tool0;
//!     // .. the arguments and the declaration of `order`, as of a function ..
//!     impl Toolset for Support<'_> {
//!         const STATIC: StaticTools = StaticTools::of(&[&ToolSpec::new("order", "..")]);
//!         fn find(&self, name: &str) -> Option<usize> {
//!             match name { "order" => Some(0), _ => None }
//!         }
//!         fn declare<D: Dialect>(&self, dialect: D, each: &mut dyn FnMut(ToolSpec<'_>, &str)) {
//!             each(const { ToolSpec::new("order", "..") }, dialect.pick::<__Tool0>());
//!         }
//!         async fn call<'a>(&'a self, index: usize, arguments: &'a str, run: &'a RunContext) -> ToolResult {
//!             match index {
//!                 0 => match decode::<Read<'_, __Args0>>(arguments) {
//!                     Ok(args) => sent(async move { .. respond(Returned(Self::order(self, id).await).split()) }).await,
//!                     Err(wrong) => wrong,
//!                 },
//!                 _ => no_such_place(),
//!             }
//!         }
//!     }
//! };
//! ```

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, Lifetime, Path, Type, parse_quote_spanned};

use super::parse::Block;
use crate::tool::expand::{Args, call, spec};
use crate::tool::model::Tool;
use crate::tool::param::find;

/// The implementation of `Toolset`.
pub(crate) fn toolkit(block: &Block, tools: &[Tool<'_>], krate: &Path) -> TokenStream {
    let (parameters, _, _) = block.generics.split_for_impl();
    let ty = &block.ty;
    let mut items = TokenStream::new();
    let mut specs = Vec::new();
    let mut places = Vec::new();
    let mut declarations = Vec::new();
    let mut calls = Vec::new();
    let mut checks = Vec::new();
    for (at, tool) in tools.iter().enumerate() {
        let args = Args::of(tool, &format_ident!("__Args{at}"));
        let marker = format_ident!("__Tool{at}");
        items.extend(quote!(struct #marker;));
        items.extend(args.items(tool));
        items.extend(args.declaration(tool, &quote!(#marker)));
        let spec = spec(tool);
        let constant = format_ident!("__SPEC{at}");
        items.extend(quote!(const #constant: __agno::ToolSpec<'static> = #spec;));
        specs.push(quote!(&#constant));
        let name = &tool.name;
        places.push(quote!(#name => __agno::Some(#at),));
        declarations.push(quote!(__each(#constant, __dialect.pick::<#marker>());));
        let ident = &tool.function.sig.ident;
        let read = args.ty(&quote!('_));
        if tool.is_checked() {
            checks.push(quote!(#at => __agno::decode::<#read>(__arguments).map(__agno::drop),));
        }
        let call = call(tool, &args, &quote!(Self::#ident));
        let call = if tool.is_external() {
            quote!({
                let _ = __args;
                __agno::not_called()
            })
        } else if tool.is_async() {
            quote_spanned!(tool.function.return_span()=> __agno::sent(async move { #call }).await)
        } else {
            quote!({ #call })
        };
        calls.push(quote! {
            #at => match __agno::decode::<#read>(__arguments) {
                __agno::Ok(__args) => #call,
                __agno::Err(__wrong) => __wrong,
            },
        });
    }
    let check = (!checks.is_empty()).then(|| {
        quote! {
            fn check(
                &self,
                __index: __agno::usize,
                __arguments: &__agno::str,
            ) -> __agno::Result<(), __agno::ToolResult> {
                match __index {
                    #(#checks)*
                    _ => __agno::Ok(()),
                }
            }
        }
    });
    // What is told of the implementation as a whole is told at the type.
    let at = Span::call_site().located_at(ty.span());
    let (shared, granted) = shared(block, at);
    quote_spanned! {at=>
        // Types stand here as their author wrote them, who was told there what the lint has to say. Who calls a
        // deprecated tool is a model.
        #[allow(deprecated, unused_qualifications, clippy::absolute_paths)]
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{self as __agno, Dialect as _, Node as __Node, Plain as _};
            #items
            #shared
            #[automatically_derived]
            impl #parameters __agno::Toolset for #ty #granted {
                const STATIC: __agno::StaticTools = __agno::StaticTools::of(&[#(#specs),*]);
                fn find(&self, __name: &__agno::str) -> __agno::Option<__agno::usize> {
                    match __name {
                        #(#places)*
                        _ => __agno::None,
                    }
                }
                fn declare<__D: __agno::Dialect>(
                    &self,
                    __dialect: __D,
                    __each: &mut dyn __agno::FnMut(__agno::ToolSpec<'_>, &__agno::str),
                ) {
                    #(#declarations)*
                }
                #check
                async fn call<'__a>(
                    &'__a self,
                    __index: __agno::usize,
                    __arguments: &'__a __agno::str,
                    __run: &'__a __agno::RunContext,
                ) -> __agno::ToolResult {
                    match __index {
                        #(#calls)*
                        _ => __agno::no_such_place(),
                    }
                }
            }
        };
    }
}

/// An implementation of `Shared`, where a type that other threads cannot have is told of, and the bounds of all others, which
/// take it for granted: the trait and the future of `call`, which holds the type, would tell it again, in worse words.
/// It is granted for all lifetimes, for the future asks for others than those of the block.
fn shared(block: &Block, at: Span) -> (TokenStream, TokenStream) {
    let (_, _, bounds) = block.generics.split_for_impl();
    let ty = &block.ty;
    let granted_type = for_all_lifetimes(ty, at).filter(|(lifetimes, _)| {
        // The compiler cannot say of a type parameter, or of a bound, that it holds for every lifetime.
        lifetimes.is_empty() || !has_bounds(&block.generics)
    });
    let Some((lifetimes, any_ty)) = granted_type else {
        return (TokenStream::new(), bounds.to_token_stream());
    };
    let mut granted = block.generics.clone();
    // Without a lifetime the compiler would look itself whether what is granted holds.
    let grant = parse_quote_spanned!(at=> for<'__x #(, #lifetimes)*> #any_ty: __agno::Shared<'__x, __Block>);
    granted.make_where_clause().predicates.push(grant);
    let mut any = block.generics.clone();
    any.params.insert(0, parse_quote_spanned!(at=> '__x));
    let (any, _, _) = any.split_for_impl();
    let shared = quote_spanned! {at=>
        struct __Block;
        #[automatically_derived]
        impl #any __agno::Shared<'__x, __Block> for #ty #bounds {}
    };
    (shared, granted.where_clause.to_token_stream())
}

/// Whether there is more to the parameters than lifetimes that know nothing of each other.
fn has_bounds(generics: &Generics) -> bool {
    let is_bound = |parameter: &GenericParam| match parameter {
        GenericParam::Lifetime(lifetime) => !lifetime.bounds.is_empty(),
        GenericParam::Type(_) => true,
        GenericParam::Const(_) => false,
    };
    generics.where_clause.is_some() || generics.params.iter().any(is_bound)
}

/// The type with a lifetime of its own in each place that has one, and these. None for types that have lifetimes of their own
/// already, such as pointers to functions.
fn for_all_lifetimes(ty: &Type, at: Span) -> Option<(Vec<Lifetime>, TokenStream)> {
    let binds = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "fn" || word == "dyn" || word == "for");
    if find(ty.to_token_stream(), &binds).is_some() {
        return None;
    }
    let mut lifetimes = Vec::new();
    let tokens = with_lifetimes(ty.to_token_stream(), at, &mut lifetimes);
    let tokens = if lifetimes.is_empty() {
        quote_spanned!(at=> Self)
    } else {
        tokens
    };
    Some((lifetimes, tokens))
}

fn with_lifetimes(tokens: TokenStream, at: Span, lifetimes: &mut Vec<Lifetime>) -> TokenStream {
    let fresh = |lifetimes: &mut Vec<Lifetime>| {
        let lifetime = Lifetime::new(&format!("'__l{}", lifetimes.len()), at);
        lifetimes.push(lifetime.clone());
        lifetime.into_token_stream()
    };
    let is_quote = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\'');
    let mut renamed = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), with_lifetimes(group.stream(), at, lifetimes));
                inner.set_span(group.span());
                renamed.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Punct(quote) if quote.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name == "static" => renamed.extend(quote!('static)),
                _ => renamed.extend(fresh(lifetimes)),
            },
            TokenTree::Punct(reference) if reference.as_char() == '&' => {
                renamed.extend([TokenTree::Punct(reference)]);
                if !tokens.peek().is_some_and(is_quote) {
                    renamed.extend(fresh(lifetimes));
                }
            }
            token => renamed.extend([token]),
        }
    }
    renamed
}
