//! `#[tool]`: a function that a model may call.
//!
//! [`keys`] and [`param`] read what is written, [`model`] resolves it, [`validate`] holds the rules that look at several
//! parts at once, [`expand`] writes the implementation and cannot fail. A method of a toolkit goes the same way.

pub(crate) mod expand;
pub(crate) mod keys;
pub(crate) mod model;
pub(crate) mod param;
pub(crate) mod validate;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::FnArg;

use self::keys::Keys;
use self::model::Tool;
use self::param::find;
use crate::attr::{Errors, default_crate_path};
use crate::function::{Function, given_twice, half_typed, is_macro, wrong_item};
use crate::variants::Conditions;

/// Expands the attribute; the function stays, whatever is wrong.
pub(crate) fn tool(attribute: &TokenStream, item: &TokenStream) -> TokenStream {
    let function: Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = if is_function(item) {
                error
            } else {
                wrong_item(
                    item,
                    "`#[tool]` goes on a function; write `#[tool] async fn name(..) -> .. { .. }`, or implement `agno::tool::Tool` for a type",
                )
            }
            .into_compile_error();
            let method = find(
                item.clone(),
                &|token| matches!(token, TokenTree::Ident(ident) if ident == "self"),
            );
            let stub = half_typed(item, "fn")
                .filter(|_| method.is_none())
                .map(|(ident, _)| {
                    let krate = default_crate_path();
                    quote! {
                        #[allow(non_camel_case_types, dead_code)]
                        struct #ident {}
                        #krate::__private::__stub_tool!(#ident);
                    }
                });
            return quote!(#error #item #stub);
        }
    };
    let cx = Errors::new();
    let keys = Keys::of(attribute.clone(), &cx);
    let krate = keys.krate.get().cloned().unwrap_or_else(default_crate_path);
    if let Some(second) = given_twice(&function.attrs, "tool") {
        cx.error(second, "`#[tool]` is given twice; keep one");
    }
    let tool = Tool::of(&function, keys, &cx);
    validate::tool(&tool, &cx);
    if let Some(receiver) = tool.receiver {
        cx.error(
            receiver,
            "`self` needs a toolkit; put `#[toolkit]` on the `impl` block around the method",
        );
    }
    let own = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "Self");
    let own = find(function.sig.to_token_stream(), &own).filter(|_| tool.receiver.is_none());
    if let Some(span) = own {
        cx.error_at(
            span,
            "`Self` needs a toolkit; put `#[toolkit]` on the `impl` block around the function",
        );
    }
    let mut conditions = Conditions::default();
    conditions.add(&function.attrs, &cx);
    conditions_of(&function, &mut conditions, &cx);
    let kept = if tool.is_external() && function.has_no_body() {
        TokenStream::new()
    } else {
        function.stripped(|attr| is_macro(attr, "tool"))
    };
    if tool.receiver.is_some() || own.is_some() {
        // Inside of an `impl` block: nothing but the method can stand here.
        let errors = cx.finish().err().map(syn::Error::into_compile_error);
        let in_body = quote!(#errors);
        return with_errors_inside(&function, &in_body);
    }
    let marker = expand::marker(&tool);
    if let Err(errors) = cx.finish() {
        let errors = errors.into_compile_error();
        let ident = &function.sig.ident;
        return quote!(#errors #kept #marker #krate::__private::__stub_tool!(#ident););
    }
    let expansion = conditions.each(|holds| {
        if !holds.includes(&function.attrs) {
            return TokenStream::new();
        }
        // What was read once without errors reads again without any.
        let cx = Errors::new();
        let mut tool = Tool::of(&function, Keys::of(attribute.clone(), &cx), &cx);
        drop(cx.finish());
        tool.retain(holds);
        expand::tool(&tool, &krate)
    });
    quote!(#kept #marker #expansion)
}

/// Adds the conditions of a function's parameters.
pub(crate) fn conditions_of(function: &Function, conditions: &mut Conditions, cx: &Errors) {
    for input in &function.sig.inputs {
        if let FnArg::Typed(param) = input {
            conditions.add(&param.attrs, cx);
        }
    }
}

/// Whether the item is at least meant as a function.
fn is_function(item: &TokenStream) -> bool {
    item.clone()
        .into_iter()
        .any(|token| matches!(&token, TokenTree::Ident(ident) if ident == "fn"))
}

/// A method with errors at the start of its body, the only place for them in an `impl` block.
fn with_errors_inside(function: &Function, errors: &TokenStream) -> TokenStream {
    let mut function = Function {
        attrs: function.attrs.clone(),
        vis: function.vis.clone(),
        defaultness: function.defaultness.clone(),
        sig: function.sig.clone(),
        body: function.body.clone(),
    };
    function.body = function
        .body
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let stream = group.stream();
                let mut group = proc_macro2::Group::new(group.delimiter(), quote!(#errors #stream));
                group.set_span(proc_macro2::Span::call_site());
                TokenTree::Group(group)
            }
            token => token,
        })
        .collect();
    function.stripped(|attr| is_macro(attr, "tool"))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn all_mistakes_of_a_tool_are_told_and_the_function_stays() {
        let output = super::tool(
            &quote!(tiemout = "5s", name = "a b"),
            &quote!(
                async fn look((a, b): (u8, u8), c: impl Into<String>) -> u8 {
                    half typed $
                }
            ),
        )
        .to_string();
        assert_eq!(output.matches("compile_error").count(), 5, "{output}");
        assert!(output.contains("half typed $"));
        assert!(output.contains("struct look"));
        assert!(output.contains("did you mean `timeout`?"));
    }

    /// What the compiler or an editor hands over while a tool is typed: the function stays whole, and its tool exists.
    #[test]
    fn a_half_typed_body_stays_as_it_is() {
        for body in [
            quote!({ city. }),
            quote!({ let x = city.len( ) }),
            quote!({ city.; more(); }),
            quote!({ if let Some(x) = }),
            quote!({ match city { Paris => } }),
            quote!({ let }),
            quote!({ ::std:: }),
        ] {
            let output = super::tool(
                &quote!(),
                &quote! {
                    /// Looks.
                    pub async fn look(city: &str) -> u8 #body
                },
            )
            .to_string();
            let kept = quote!(pub async fn look(city: &str) -> u8 #body).to_string();
            assert!(output.contains(&kept), "{output}");
            assert!(output.contains("impl __agno :: Tool for look"), "{output}");
            assert!(!output.contains("compile_error"), "{output}");
        }
    }

    #[test]
    fn a_half_typed_attribute_leaves_the_function_and_a_tool() {
        for attribute in [
            quote!(timeo),
            quote!(timeout =),
            quote!(timeout = , read_only),
            quote!(name = "a" description),
            quote!(,),
            quote!(=),
            quote!(name =, =),
            quote!("text"),
            quote!(crate = ),
            quote!(crate = llm::),
        ] {
            let output = super::tool(
                &attribute,
                &quote! {
                    /// Looks.
                    fn look(#[arg(rang)] far: u8) -> u8 { far. }
                },
            )
            .to_string();
            assert!(output.contains("fn look"), "{attribute}: {output}");
            assert!(output.contains("struct look { }"), "{attribute}: {output}");
            assert!(output.contains("__stub_tool ! (look)"), "{attribute}: {output}");
        }
    }

    #[test]
    fn a_half_typed_signature_leaves_the_function_and_a_tool() {
        for function in [
            quote!(fn look(city) -> u8 { 4 }),
            quote!(fn look(city: ) { 4 }),
            quote!(async fn look(city: &str) -> { 4 }),
            quote!(pub fn look(#[arg(range = )] far: u8, )),
            quote!(pub fn look),
        ] {
            let output = super::tool(&quote!(), &function).to_string();
            assert!(output.contains(&function.to_string()), "{output}");
            assert!(output.contains("struct look { }"), "{output}");
            assert!(output.contains("compile_error"), "{output}");
        }
    }
}
