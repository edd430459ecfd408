//! Expands `#[toolkit]`, which adds a list of tools next to the block. The expansion of
//!
//! ```text
//! #[toolkit]
//! impl Support<'_> {
//!     #[tool]
//!     async fn order(&self, id: u64) -> Result<Order, OrderError> { .. }
//! }
//! ```
//!
//! adds this code after the block:
//!
//! ```text
//! const _: () = {
//!     struct __Tool0;
//!     // .. the arguments and the declaration of `order`, as for a function ..
//!     impl Toolset for Support<'_> {
//!         const STATIC: StaticTools = StaticTools::new(&[&ToolSpec::new("order", "..")]);
//!         fn find(&self, name: &str) -> Option<usize> {
//!             match name { "order" => Some(0), _ => None }
//!         }
//!         fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
//!             visit(const { ToolSpec::new("order", "..") }, dialect.pick::<__Tool0>());
//!         }
//!         async fn call<'a>(&'a self, index: usize, arguments: &'a str, run: &'a RunContext) -> ToolResult {
//!             match index {
//!                 0 => match decode::<DecodedArgs<'_, __Args0>>(arguments) {
//!                     Ok(args) => tool_future_must_be_send(async move { .. match Returned(Self::order(self, id).await).split() { .. } }).await,
//!                     Err(error) => error,
//!                 },
//!                 _ => no_such_tool(),
//!             }
//!         }
//!     }
//! };
//! ```

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::model::{Member, Toolkit, is_tool};
use super::shared::shared;
use crate::common::cfg::{Combination, Conditions};
use crate::common::default_crate_path;
use crate::common::item::{cfg_attributes, incomplete_item, is_macro};
use crate::common::tokens::find_ident;
use crate::common::tool_fn::{ArgsStruct, ConfiguredTool, call, not_called, spec};

/// Generates the block and, for each combination of `cfg` conditions, the implementation of `Toolset`.
pub(super) fn toolkit(toolkit: &Toolkit<'_>, conditions: &Conditions) -> TokenStream {
    let block = block(toolkit);
    let cfg: Vec<_> = cfg_attributes(&toolkit.block.attrs).collect();
    let implementations = conditions.each(|combination| {
        let implementation = implementation(toolkit, combination);
        quote!(#(#cfg)* #implementation)
    });
    quote!(#block #implementations)
}

/// Generates the block, its errors and a stub, so that uses of the toolkit cause no further errors.
pub(super) fn with_errors(toolkit: &Toolkit<'_>, errors: &syn::Error) -> TokenStream {
    let errors = errors.to_compile_error();
    let emitted_block = block(toolkit);
    let (krate, block) = (&toolkit.krate, toolkit.block);
    if block.trait_path.is_some() {
        return quote!(#errors #emitted_block);
    }
    let (parameters, _, bounds) = block.generics.split_for_impl();
    let ty = &block.ty;
    quote!(#errors #emitted_block #krate::__private::__stub_toolkit!([#parameters] #ty [#bounds]);)
}

/// Generates the unparsed item, its error and, for `impl Type`, a stub.
pub(super) fn unparsed(item: &TokenStream, error: &syn::Error) -> TokenStream {
    let error = error.to_compile_error();
    let is_inherent = find_ident(item.clone(), "for").is_none();
    let stub = incomplete_item(item, "impl")
        .filter(|(_, generic)| is_inherent && !generic)
        .map(|(ident, _)| {
            let krate = default_crate_path();
            quote!(#krate::__private::__stub_toolkit!([] #ident []);)
        });
    quote!(#error #item #stub)
}

/// Generates the block without helper attributes or external tools that have no body.
fn block(toolkit: &Toolkit<'_>) -> TokenStream {
    let block = toolkit.block;
    let attrs = block.attrs.iter().filter(|attr| !is_macro(attr, "toolkit"));
    let (impl_token, ty, inner_attrs) = (&block.impl_token, &block.ty, &block.inner_attrs);
    let (parameters, _, bounds) = block.generics.split_for_impl();
    let trait_path = block
        .trait_path
        .as_ref()
        .map(|(path, for_token)| quote!(#path #for_token));
    let members = toolkit.members.iter().map(|member| match member {
        Member::Tool(tool) if tool.is_external() && tool.function.has_no_body() => TokenStream::new(),
        Member::Tool(tool) => tool.function.stripped(is_tool),
        // `#[arg(..)]` is valid only on tools, so validation has reported it. Remove it, and doc comments on parameters
        // as well.
        Member::Function(function) if function.has_arg() => function.stripped(|_| false),
        Member::Function(function) => function.to_token_stream(),
        Member::Other(tokens) => (*tokens).clone(),
    });
    quote!(#(#attrs)* #impl_token #parameters #trait_path #ty #bounds { #(#inner_attrs)* #(#members)* })
}

/// Generates the implementation of `Toolset` for one combination of conditions.
fn implementation(toolkit: &Toolkit<'_>, combination: Combination<'_>) -> TokenStream {
    let (block, krate) = (toolkit.block, &toolkit.krate);
    let (parameters, _, _) = block.generics.split_for_impl();
    let ty = &block.ty;
    let tools = toolkit
        .tools()
        .filter(|tool| combination.includes(&tool.function.attrs))
        .enumerate()
        .map(|(index, tool)| ToolParts::new(index, &tool.configured(combination)));
    let mut items = TokenStream::new();
    let (mut specs, mut index_arms, mut declarations) = (Vec::new(), Vec::new(), Vec::new());
    let (mut call_arms, mut check_arms) = (Vec::new(), Vec::new());
    for tool in tools {
        items.extend(tool.items);
        specs.push(tool.spec);
        index_arms.push(tool.index_arm);
        declarations.push(tool.declaration);
        call_arms.push(tool.call_arm);
        check_arms.extend(tool.check_arm);
    }
    let check = (!check_arms.is_empty()).then(|| {
        quote! {
            fn check(
                &self,
                __index: __agno::usize,
                __arguments: &__agno::str,
            ) -> __agno::Result<(), __agno::ToolResult> {
                match __index {
                    #(#check_arms)*
                    _ => __agno::Ok(()),
                }
            }
        }
    });
    // Errors about the entire implementation point at the type.
    let span = Span::call_site().located_at(ty.span());
    let (shared, bounds) = shared(block, span);
    quote_spanned! {span=>
        // The expansion repeats the user's types, which lints have already checked. A model can still call a deprecated
        // tool.
        #[allow(deprecated, unused_qualifications, clippy::absolute_paths)]
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{self as __agno, Dialect as _, Node as __Node, Plain as _};
            #items
            #shared
            #[automatically_derived]
            impl #parameters __agno::Toolset for #ty #bounds {
                const STATIC: __agno::StaticTools = __agno::StaticTools::new(&[#(#specs),*]);
                fn find(&self, __name: &__agno::str) -> __agno::Option<__agno::usize> {
                    match __name {
                        #(#index_arms)*
                        _ => __agno::None,
                    }
                }
                fn declare<__D: __agno::Dialect>(
                    &self,
                    __dialect: __D,
                    __visit: &mut dyn __agno::FnMut(__agno::ToolSpec<'_>, &__agno::str),
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
                        #(#call_arms)*
                        _ => __agno::no_such_tool(),
                    }
                }
            }
        };
    }
}

/// The parts of the implementation that one tool contributes.
struct ToolParts {
    /// The arguments struct and the constants.
    items: TokenStream,
    spec: TokenStream,
    index_arm: TokenStream,
    declaration: TokenStream,
    call_arm: TokenStream,
    check_arm: Option<TokenStream>,
}

impl ToolParts {
    fn new(index: usize, tool: &ConfiguredTool<'_>) -> Self {
        let declared = tool.declared;
        let args = ArgsStruct::new(tool, &format_ident!("__Args{index}"));
        let marker = format_ident!("__Tool{index}");
        let constant = format_ident!("__SPEC{index}");
        let args_items = args.items(tool);
        let args_declaration = args.declaration(tool, &quote!(#marker));
        let spec = spec(declared);
        let name = &declared.name;
        let ident = &declared.function.sig.ident;
        let read = args.read_type(&quote!('_));
        let call = call(tool, &args, &quote!(Self::#ident));
        let call = if declared.is_external() {
            not_called()
        } else if declared.is_async() {
            quote_spanned!(declared.function.return_span()=> __agno::tool_future_must_be_send(async move { #call }).await)
        } else {
            quote!({ #call })
        };
        Self {
            items: quote! {
                struct #marker;
                #args_items
                #args_declaration
                const #constant: __agno::ToolSpec<'static> = #spec;
            },
            spec: quote!(&#constant),
            index_arm: quote!(#name => __agno::Some(#index),),
            declaration: quote!(__visit(#constant, __dialect.pick::<#marker>());),
            call_arm: quote! {
                #index => match __agno::decode::<#read>(__arguments) {
                    __agno::Ok(__args) => #call,
                    __agno::Err(__error) => __error,
                },
            },
            check_arm: declared
                .is_checked()
                .then(|| quote!(#index => __agno::decode::<#read>(__arguments).map(__agno::drop),)),
        }
    }
}
