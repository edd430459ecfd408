//! The tool beside the function. For
//!
//! ```text
//! #[tool]
//! async fn weather(city: &str, #[arg(default)] days: u8) -> Result<Report, WeatherError> { .. }
//! ```
//!
//! it is
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
//!         fn place(name: &str) -> Option<usize> { match name { "city" => Some(0), "days" => Some(1), _ => None } }
//!         fn read(&mut self, index: usize, map: &mut A) -> Result<(), A::Error> {
//!             match index { 0 => read(&mut self.0, map), 1 => read_or_default(&mut self.1, map), _ => Ok(()) }
//!         }
//!     }
//!     declare_tool!(weather, "weather", "..", <__Args<'static> as Arguments>::SCHEMA);
//!     impl Tool for weather {
//!         const SPEC: ToolSpec<'static> = ToolSpec::new("weather", "..");
//!         type Args<'__a> = Read<'__a, __Args<'__a>>;
//!         fn call<'__a>(&self, args: Read<'__a, __Args<'__a>>, run: &'__a RunContext) -> impl Future<Output = ToolResult> + Send {
//!             sent(async move {
//!                 let __Args(city, days) = args.0;
//!                 let Some(city) = city else { return incomplete() };
//!                 let days = match days { Some(days) => days, None => Default::default() };
//!                 respond(Returned(weather(&city, days).await).split())
//!             })
//!         }
//!     }
//! };
//! ```

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Index, Lit, Path};

use super::model::Tool;
use super::param::{Argument, Default, Form, Kind};

/// The type and its implementations.
pub(crate) fn tool(tool: &Tool<'_>, krate: &Path) -> TokenStream {
    let ident = &tool.function.sig.ident;
    let args = Args::of(tool, &format_ident!("__Args"));
    let items = args.items(tool);
    let declaration = args.declaration(tool, &ident.to_token_stream());
    let spec = spec(tool);
    let ty = args.ty(&quote!('__a));
    let call = if tool.is_external() {
        quote!({
            let _ = __args;
            __agno::not_called()
        })
    } else {
        call(tool, &args, &quote!(#ident))
    };
    let cache = tool.keys.cache.get().map(|lifetime| {
        let milliseconds = milliseconds(*lifetime);
        let off = quote_spanned! {tool.keys.cache.span()=>
            __agno::compile_error!(
                "kept results need a feature that is off; write `agno = { features = [\"cache\"] }` in Cargo.toml"
            )
        };
        quote!(__agno::__tool_cache!(#milliseconds, #off);)
    });
    let call = quote_spanned!(tool.function.return_span()=> __agno::sent(async move { #call }));
    // What is told of the implementation as a whole is told at the function's name.
    let at = Span::call_site().located_at(ident.span());
    quote_spanned! {at=>
        // Types stand here as their author wrote them, who was told there what the lint has to say. Who calls a
        // deprecated tool is a model.
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

/// The type that stands for the tool, beside the function of its name.
pub(crate) fn marker(tool: &Tool<'_>) -> TokenStream {
    let ident = &tool.function.sig.ident;
    let vis = &tool.function.vis;
    let conditions = tool
        .function
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"));
    // A link cannot hold `r#`, and an external tool has no function to link to.
    let link = if *ident == ident.unraw() && !tool.is_external() {
        format!("[`{ident}`](fn@{ident})")
    } else {
        format!("`{ident}`")
    };
    let doc = format!("The tool of the function {link}, for an agent's list: `tools = [{ident}]`.");
    quote! {
        #(#conditions)*
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations)]
        #vis struct #ident {}
    }
}

/// What is known of the tool beside its parameters.
pub(crate) fn spec(tool: &Tool<'_>) -> TokenStream {
    let (name, description, keys) = (&tool.name, &tool.description, &tool.keys);
    let timeout = keys.timeout.get().map(|timeout| {
        let milliseconds = milliseconds(*timeout);
        quote!(.with_timeout(__agno::Duration::from_millis(#milliseconds)))
    });
    let hints: Vec<TokenStream> = [
        (&keys.read_only, quote!(.read_only())),
        (&keys.destructive, quote!(.destructive())),
        (&keys.idempotent, quote!(.idempotent())),
        (&keys.open_world, quote!(.open_world())),
    ]
    .into_iter()
    .filter_map(|(slot, hint)| slot.is_given().then_some(hint))
    .collect();
    let hints = (!hints.is_empty()).then(|| quote!(.with_hints(__agno::Hints::NONE #(#hints)*)));
    let retries = keys.retries.get().map(|retries| quote!(.with_retries(#retries)));
    let waits = if keys.confirm.is_given() {
        Some(quote!(.waiting_for(__agno::WaitsFor::Approval)))
    } else if keys.external.is_given() {
        Some(quote!(.waiting_for(__agno::WaitsFor::Result)))
    } else {
        None
    };
    let answers = keys.answers.is_given().then(|| quote!(.answering()));
    quote!(__agno::ToolSpec::new(#name, #description) #timeout #retries #waits #answers #hints)
}

/// A time as the expansion writes it.
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The arguments of a tool as a type.
pub(crate) struct Args {
    ident: Ident,
    /// Whether any of them borrows from what the model sent.
    borrows: bool,
    none: bool,
}

impl Args {
    pub(crate) fn of(tool: &Tool<'_>, ident: &Ident) -> Self {
        let borrows = tool
            .arguments()
            .any(|argument| holds_lifetime(argument.kept(tool.is_blocking())));
        Self {
            ident: ident.clone(),
            borrows,
            none: tool.arguments().next().is_none(),
        }
    }

    /// The type with its lifetime.
    fn inner(&self, lifetime: &TokenStream) -> TokenStream {
        let ident = &self.ident;
        match (self.none, self.borrows) {
            (true, _) => quote!(__agno::NoArguments),
            (_, true) => quote!(#ident<#lifetime>),
            (_, false) => quote!(#ident),
        }
    }

    /// The type that has the schema and can be read.
    pub(crate) fn ty(&self, lifetime: &TokenStream) -> TokenStream {
        let inner = self.inner(lifetime);
        quote!(__agno::Read<#lifetime, #inner>)
    }

    /// The struct and how it is read.
    pub(crate) fn items(&self, tool: &Tool<'_>) -> TokenStream {
        if self.none {
            return TokenStream::new();
        }
        let ident = &self.ident;
        let lifetime = self.borrows.then(|| quote!(<'__a>));
        let blocking = tool.is_blocking();
        let kept: Vec<TokenStream> = tool.arguments().map(|argument| argument.kept(blocking)).collect();
        let fields = tool.arguments().map(Argument::field);
        let nothing = kept.iter().map(|_| quote!(__agno::None));
        let arms = tool
            .arguments()
            .zip(&kept)
            .enumerate()
            .map(|(at, (argument, kept))| {
                let slot = Index::from(at);
                let read = if argument.default.is_given() {
                    quote!(read_or_default)
                } else {
                    quote!(read)
                };
                let read = quote_spanned!(argument.span()=> __agno::#read::<#kept, __A>);
                quote!(#at => #read(&mut self.#slot, __map),)
            });
        let places = tool.arguments().enumerate().map(|(at, argument)| {
            let name = &argument.name;
            quote!(#name => __agno::Some(#at),)
        });
        let examples = tool.arguments().flat_map(|argument| {
            let ty = argument.ty;
            let schema = quote!(__agno::schema_of::<#ty>());
            let examples = &argument.words.examples;
            examples.iter().map(move |example| example.check(&schema))
        });
        quote! {
            #(#examples)*
            pub struct #ident #lifetime (#(__agno::Option<#kept>),*);
            #[automatically_derived]
            impl<'__a> __agno::Arguments<'__a> for #ident #lifetime {
                const SCHEMA: __agno::SchemaRef =
                    __agno::SchemaRef::new(const { &__agno::Node::object(const { &[#(#fields),*] }).closed() });
                const EMPTY: Self = Self(#(#nothing),*);
                #[inline]
                fn place(__name: &__agno::str) -> __agno::Option<__agno::usize> {
                    match __name {
                        #(#places)*
                        _ => __agno::None,
                    }
                }
                #[inline]
                fn read<__A: __agno::MapAccess<'__a>>(
                    &mut self,
                    __index: __agno::usize,
                    __map: &mut __A,
                ) -> __agno::Result<(), __A::Error> {
                    match __index {
                        #(#arms)*
                        _ => __agno::Ok(()),
                    }
                }
            }
        }
    }

    /// The constants with the tool in each dialect, on this type.
    pub(crate) fn declaration(&self, tool: &Tool<'_>, marker: &TokenStream) -> TokenStream {
        let (name, description) = (&tool.name, &tool.description);
        let inner = self.inner(&quote!('static));
        quote! {
            __agno::declare_tool!(
                #marker, #name, #description, <#inner as __agno::Arguments<'static>>::SCHEMA
            );
        }
    }

    /// Takes the arguments apart into these locals.
    fn take_apart(&self, locals: &[Ident]) -> TokenStream {
        if self.none {
            return TokenStream::new();
        }
        let ident = &self.ident;
        quote!(let #ident(#(#locals),*) = __args.0;)
    }
}

/// The statements from read arguments (`__args`) and the run (`__run`) to the result. `function` is what is called,
/// with its receiver if it has one.
pub(crate) fn call(tool: &Tool<'_>, args: &Args, function: &TokenStream) -> TokenStream {
    let locals: Vec<Ident> = (0..tool.arguments().count())
        .map(|at| Ident::new(&format!("__{at}"), Span::mixed_site()))
        .collect();
    let apart = args.take_apart(&locals);
    let filled = tool
        .arguments()
        .zip(&locals)
        .map(|(argument, local)| argument.filled(local));
    let mut rest = locals.iter().zip(tool.arguments());
    let given = tool.params.iter().filter_map(|param| match &param.kind {
        Kind::Context(_) if tool.is_blocking() => Some(quote!(&__run)),
        Kind::Context(_) => Some(quote!(__run)),
        Kind::Argument(_) => rest
            .next()
            .map(|(local, argument)| argument.given(local, tool.is_blocking())),
    });
    let receiver = tool.receiver.map(|_| quote!(self,));
    let waits = tool.is_async().then(|| quote!(.await));
    let call = quote!(#function(#receiver #(#given),*) #waits);
    let span = tool.function.return_span();
    let respond = quote_spanned!(span=> __agno::respond(__agno::Returned(#call).split()));
    if !tool.is_blocking() {
        return quote!(#apart #(#filled)* #respond);
    }
    let run = tool
        .params
        .iter()
        .any(|param| matches!(param.kind, Kind::Context(_)))
        .then(|| quote!(let __run = __agno::Clone::clone(__run);));
    quote! {
        #run
        __agno::blocking(move || { #apart #(#filled)* #respond }).await
    }
}

impl Argument<'_> {
    /// The type a value is kept as.
    fn kept(&self, blocking: bool) -> TokenStream {
        let text = if blocking {
            quote!(__agno::String)
        } else {
            quote!(__agno::Str<'__a>)
        };
        match &self.form {
            Form::Text | Form::Cow => text,
            Form::OptionalText => quote!(__agno::Option<#text>),
            Form::Slice(ty) => {
                let ty = named_lifetimes(ty.to_token_stream());
                quote!(__agno::Vec<#ty>)
            }
            Form::Borrowed(ty) | Form::Owned(ty) => named_lifetimes(ty.to_token_stream()),
        }
    }

    /// The field of the schema.
    fn field(&self) -> TokenStream {
        let (name, ty) = (&self.name, self.ty);
        let schema = quote_spanned!(self.span()=> __agno::schema_of::<#ty>());
        let schema = if self.words.rules().is_empty() {
            schema
        } else {
            let ruled = self.words.apply(quote!(*#schema.base()));
            // A static of its own, so that a rule that does not fit is told once.
            quote!({
                static RULED: __agno::Node = #ruled;
                #schema.replaced(&RULED, const { &__agno::Node::nullable(__agno::SchemaRef::new(&RULED)) })
            })
        };
        let description = self.description.as_ref().map(|text| quote!(.described(#text)));
        let presence = self
            .default
            .is_given()
            .then(|| quote!(.optional().null_is_absent()));
        let notes = self.words.notes();
        quote!(__agno::Field::new(#name, #schema) #description #presence #(#notes)*)
    }

    /// The statement that leaves the value itself in the local.
    fn filled(&self, local: &Ident) -> TokenStream {
        let Some(default) = self.default.get() else {
            return quote!(let __agno::Some(#local) = #local else { return __agno::incomplete() };);
        };
        let span = self.span();
        let value = match (default, &self.form) {
            (Default::OfType, Form::Text | Form::Cow) => quote!(__agno::From::from("")),
            (Default::OfType, _) => quote_spanned!(span=> __agno::default()),
            (Default::Expr(expr), Form::OptionalText) => {
                quote!(__agno::Option::map(#expr, __agno::From::from))
            }
            (Default::Expr(expr), Form::Text | Form::Cow | Form::Slice(_)) => {
                quote!(__agno::From::from(#expr))
            }
            (Default::Expr(expr), _) if is_text(expr) => {
                quote_spanned!(expr.span()=> __agno::from_text(#expr))
            }
            (Default::Expr(expr), _) => expr.to_token_stream(),
        };
        quote! {
            let #local = match #local {
                __agno::Some(#local) => #local,
                __agno::None => #value,
            };
        }
    }

    /// The expression that hands the local over.
    fn given(&self, local: &Ident, blocking: bool) -> TokenStream {
        match &self.form {
            Form::Text | Form::Borrowed(_) | Form::Slice(_) => quote!(&#local),
            Form::OptionalText => quote!(__agno::Option::as_deref(&#local)),
            Form::Cow if blocking => quote!(__agno::Cow::Owned(#local)),
            Form::Cow => quote!(#local.into_cow()),
            Form::Owned(_) => local.to_token_stream(),
        }
    }
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }))
}

/// A type with `'_` named, as a struct needs it.
fn named_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut after_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let named = match token {
                TokenTree::Group(group) => {
                    let mut named =
                        proc_macro2::Group::new(group.delimiter(), named_lifetimes(group.stream()));
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

fn holds_lifetime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => holds_lifetime(group.stream()),
        TokenTree::Ident(ident) => ident == "__a",
        _ => false,
    })
}
