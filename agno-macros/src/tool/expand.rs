//! Expands `#[tool]`, which adds a tool next to the function. The expansion of
//!
//! ```text
//! #[tool]
//! async fn weather(city: &str, #[arg(default)] days: u8) -> Result<Report, WeatherError> { .. }
//! ```
//!
//! is:
//!
//! ```text
//! async fn weather(city: &str, days: u8) -> Result<Report, WeatherError> { .. }
//!
//! pub struct weather {}
//!
//! const _: () = {
//!     use ::agno::__private as __agno;
//!     pub struct __Args<'__a>(Option<Str<'__a>>, Option<u8>);
//!     impl<'__a> Arguments<'__a> for __Args<'__a> {
//!         const SCHEMA: SchemaRef = SchemaRef::new(&Node::object(&[Field::new("city", ..), Field::new("days", ..)]).closed());
//!         const EMPTY: Self = Self(None, None);
//!         fn index(name: &str) -> Option<usize> { match name { "city" => Some(0), "days" => Some(1), _ => None } }
//!         fn read(&mut self, index: usize, map: &mut A) -> Result<(), A::Error> {
//!             match index { 0 => read(&mut self.0, map), 1 => u8::read_or_default(&mut self.1, map), _ => Ok(()) }
//!         }
//!     }
//!     declare_tool!(weather, "weather", "..", <__Args<'static> as Arguments>::SCHEMA);
//!     impl Tool for weather {
//!         const SPEC: ToolSpec<'static> = ToolSpec::new("weather", "..");
//!         type Args<'__a> = DecodedArgs<'__a, __Args<'__a>>;
//!         fn call<'__a>(&self, args: DecodedArgs<'__a, __Args<'__a>>, run: &'__a RunContext) -> impl Future<Output = ToolResult> + Send {
//!             tool_future_must_be_send(async move {
//!                 let __Args(city, days) = args.0;
//!                 let Some(city) = city else { return incomplete() };
//!                 let days = match days { Some(days) => days, None => Default::default() };
//!                 match Returned(weather(&city, days).await).split() {
//!                     Ok(value) => value.into_result(),
//!                     Err(error) => error.into_error_result(),
//!                 }
//!             })
//!         }
//!     }
//! };
//! ```

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt;

use super::model::ToolFunction;
use crate::common::cfg::Conditions;
use crate::common::default_crate_path;
use crate::common::item::{cfg_attributes, incomplete_item, is_macro};
use crate::common::tokens::find_ident;
use crate::common::tool_fn::{ArgsStruct, ConfiguredTool, Tool, call, milliseconds, not_called, spec};

/// Generates the function, the type of the tool and, for each combination of `cfg` conditions, the implementations.
pub(super) fn tool(function: &ToolFunction<'_>, conditions: &Conditions) -> TokenStream {
    let ToolFunction { tool, krate, .. } = function;
    let emitted_function = emitted_function(tool);
    let marker = marker(tool);
    let implementations = conditions.each(|combination| {
        if combination.includes(&tool.function.attrs) {
            implementation(&tool.configured(combination), krate)
        } else {
            TokenStream::new()
        }
    });
    quote!(#emitted_function #marker #implementations)
}

/// Generates the function, its errors and a stub, so that uses of the tool cause no further errors.
pub(super) fn with_errors(function: &ToolFunction<'_>, errors: &syn::Error) -> TokenStream {
    let ToolFunction { tool, krate, .. } = function;
    let errors = errors.to_compile_error();
    if function.is_method() {
        return tool
            .function
            .stripped_with_errors(|attr| is_macro(attr, "tool"), &errors);
    }
    let emitted_function = emitted_function(tool);
    let marker = marker(tool);
    let ident = &tool.function.sig.ident;
    quote!(#errors #emitted_function #marker #krate::__private::__stub_tool!(#ident);)
}

/// Generates the unparsed item, its error, and a stub if the item is a named function without `self`.
pub(super) fn unparsed(item: &TokenStream, error: &syn::Error) -> TokenStream {
    let error = error.to_compile_error();
    let is_method = find_ident(item.clone(), "self").is_some();
    let stub = incomplete_item(item, "fn")
        .filter(|_| !is_method)
        .map(|(ident, _)| {
            let krate = default_crate_path();
            let vis = find_ident(item.clone(), "pub").map(|_| quote!(pub));
            quote! {
                #[allow(non_camel_case_types, dead_code)]
                #vis struct #ident {}
                #krate::__private::__stub_tool!(#ident);
            }
        });
    quote!(#error #item #stub)
}

/// Generates the function itself, or nothing for an external tool without a body.
fn emitted_function(tool: &Tool<'_>) -> TokenStream {
    if tool.is_external() && tool.function.has_no_body() {
        return TokenStream::new();
    }
    tool.function.stripped(|attr| is_macro(attr, "tool"))
}

/// Generates the arguments struct and the implementation of `Tool`.
fn implementation(tool: &ConfiguredTool<'_>, krate: &Path) -> TokenStream {
    let declared = tool.declared;
    let ident = &declared.function.sig.ident;
    let args = ArgsStruct::new(tool, &format_ident!("__Args"));
    let items = args.items(tool);
    let declaration = args.declaration(tool, &ident.to_token_stream());
    let spec = spec(declared);
    let ty = args.read_type(&quote!('__a));
    let call = if declared.is_external() {
        not_called()
    } else {
        call(tool, &args, &quote!(#ident))
    };
    let cache = cache(declared);
    let call = quote_spanned!(declared.function.return_span()=> __agno::tool_future_must_be_send(async move { #call }));
    // Errors about the entire implementation point at the function's name.
    let span = Span::call_site().located_at(ident.span());
    quote_spanned! {span=>
        // The expansion repeats the user's types, which lints have already checked. A model can still call a deprecated
        // tool.
        #[allow(deprecated, unused_qualifications, clippy::absolute_paths)]
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{self as __agno, Node as __Node, Plain as _};
            #items
            #declaration
            #[automatically_derived]
            impl __agno::Tool for #ident {
                const SPEC: __agno::ToolSpec<'static> = #spec;
                #cache
                type Args<'__a> = #ty;
                fn call<'__a>(
                    &self,
                    __args: #ty,
                    __run: &'__a __agno::RunContext,
                ) -> impl __agno::Future<Output = __agno::ToolResult> + __agno::Send {
                    #call
                }
            }
        };
    }
}

/// Generates the cache for results. `__tool_cache!` checks whether the feature is enabled.
fn cache(tool: &Tool<'_>) -> Option<TokenStream> {
    let lifetime = tool.attr.cache.get()?;
    let milliseconds = milliseconds(*lifetime);
    let feature_off = quote_spanned! {tool.attr.cache.span()=>
        __agno::compile_error!(
            "`cache` requires agno's `cache` feature; enable it in Cargo.toml: `features = [\"cache\"]`"
        )
    };
    Some(quote!(__agno::__tool_cache!(#milliseconds, #feature_off);))
}

/// Generates the type that names the tool in lists, next to the function of the same name.
fn marker(tool: &Tool<'_>) -> TokenStream {
    let ident = &tool.function.sig.ident;
    let vis = tool.function.vis();
    let conditions = cfg_attributes(&tool.function.attrs);
    // A link cannot contain `r#`, and an external tool has no function to link to.
    let link = if *ident == ident.unraw() && !tool.is_external() {
        format!("[`{ident}`](fn@{ident})")
    } else {
        format!("`{ident}`")
    };
    let doc = format!("The tool for the function {link}. To use it in an agent, write `tools = [{ident}]`.");
    quote! {
        #(#conditions)*
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations)]
        #vis struct #ident {}
    }
}
