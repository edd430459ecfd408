//! Generates the code that calls a tool's function and returns its result.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::args::ArgsStruct;
use crate::common::tool_fn::model::{ConfiguredTool, ParamKind};

/// Generates the statements that compute the result from the parsed arguments (`__args`) and the run (`__run`).
/// `function` is the path to call.
pub(crate) fn call(tool: &ConfiguredTool<'_>, args: &ArgsStruct, function: &TokenStream) -> TokenStream {
    let declared = tool.declared;
    let blocking = declared.is_blocking();
    let locals: Vec<Ident> = (0..tool.arguments().count())
        .map(|index| Ident::new(&format!("__{index}"), Span::mixed_site()))
        .collect();
    let destructured = args.destructure(&locals);
    let unwrapped = tool
        .arguments()
        .zip(&locals)
        .map(|(argument, local)| argument.unwrap_local(local));
    let mut rest = locals.iter();
    let passed = tool.params.iter().filter_map(|param| match &param.kind {
        ParamKind::Context(_) if blocking => Some(quote!(&__run)),
        ParamKind::Context(_) => Some(quote!(__run)),
        ParamKind::Argument(argument) => rest.next().map(|local| argument.pass(local, blocking)),
    });
    let receiver = declared.receiver.map(|_| quote!(self,));
    let awaited = declared.is_async().then(|| quote!(.await));
    let call = quote!(#function(#receiver #(#passed),*) #awaited);
    let span = declared.function.return_span();
    // Calls of trait methods by path, because the compiler would mention the bounds of a function in `__private`.
    let respond = quote_spanned! {span=>
        match __agno::Returned(#call).split() {
            __agno::Ok(__value) => __agno::ToolReturn::into_result(__value),
            __agno::Err(__error) => __agno::ToolFailure::into_error_result(__error),
        }
    };
    if !blocking {
        return quote!(#destructured #(#unwrapped)* #respond);
    }
    let run = tool
        .has_context()
        .then(|| quote!(let __run = __agno::Clone::clone(__run);));
    quote! {
        #run
        __agno::blocking(move || { #destructured #(#unwrapped)* #respond }).await
    }
}

/// Generates the body of `call` for an external tool. Drivers never execute this body.
pub(crate) fn not_called() -> TokenStream {
    quote!({
        let _ = __args;
        __agno::not_called()
    })
}
