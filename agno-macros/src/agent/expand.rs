//! The declaration beside the struct. For
//!
//! ```text
//! #[agent(instructions = "Answer in {language}.", tools = [weather, self.files], output = Trip, max_turns = 8)]
//! struct Forecaster { language: &'static str, files: Files }
//! ```
//!
//! it is, after the struct,
//!
//! ```text
//! const _: () = {
//!     struct __Output;
//!     const __SHAPE: Shape = shape_of::<Trip>();
//!     declare_output!(__Output, "trip", "", __SHAPE.schema);
//!     impl Declared for Forecaster {
//!         const INFO: &'static AgentInfo =
//!             &AgentInfo::new("Forecaster", "..").with_limits(Limits::DEFAULT.with_max_turns(8));
//!         type Needs = NeedsToolsAndOutput;
//!         type Output = Trip;
//!         type Model = AnyModel;
//!         fn default_model(&self) -> Result<AnyModel, ModelError> { AnyModel::from_env() }
//!         fn instructions(&self) -> Cow<'_, str> { Cow::Owned(format!("Answer in {0}.", self.language)) }
//!         fn tools(&self) -> impl Toolset + '_ { (named(weather {}), borrowed(&self.files)) }
//!         fn output_schema<D: Dialect>(dialect: D) -> Option<OutputSchema<'static>> { .. }
//!         fn parse_output(text: &str) -> Result<Trip, String> { parse_output(__SHAPE, text) }
//!     }
//!     // .. and a check of the names for each entry of the list, at the entry
//! };
//! ```
//!
//! A list of more than a few entries is a method of its own, and `tools` is it with a table of its names.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, Fields, GenericParam, ItemStruct, Member, Path, Type};

use super::instructions::Template;
use super::keys::{Keys, Words};
use super::output_name::output_name;
use super::tools::Entry;
use crate::attr::description;

/// The longest tuple of tools; a longer list is a tuple of tuples.
const LONGEST: usize = 8;

/// Up to so many entries are asked for a name one after another, each a toolkit with a `match` or a tool with one name: a
/// table is no faster, and every table costs each `cargo check` some milliseconds.
const FEW: usize = 16;

/// What the expansion is made from.
pub(crate) struct Agent<'a> {
    pub(crate) item: &'a ItemStruct,
    pub(crate) keys: &'a Keys,
    pub(crate) template: Option<Template>,
    pub(crate) krate: &'a Path,
}

/// The implementation of `Declared`.
pub(crate) fn agent(agent: &Agent<'_>) -> TokenStream {
    let Agent { item, krate, .. } = agent;
    let ident = &item.ident;
    let (parameters, arguments, bounds) = item.generics.split_for_impl();
    let info = agent.info();
    let needs = agent.needs();
    let model = agent.model();
    let instructions = agent.instructions();
    let (output_items, output) = agent.output();
    let tools = agent.tools();
    let checks = agent.checks();
    let list_item = agent.list();
    // What is told of the implementation as a whole is told at the struct's name.
    let at = agent.at();
    let list = quote_spanned!(ident.span()=> impl __Toolset + '_);
    let conditions = item.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    // All of the type at one place: the compiler looks at it twice, and tells once of what it finds twice at one place.
    let itself: TokenStream = quote!(#ident #arguments)
        .into_iter()
        .map(|mut token| {
            token.set_span(at);
            token
        })
        .collect();
    quote_spanned! {at=>
        #(#conditions)*
        // Types stand here as their author wrote them, who was told there what the lint has to say.
        #[allow(unused_qualifications, clippy::absolute_paths)]
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{self as __agno, Dialect as _, Toolset as __Toolset};
            #output_items
            #list_item
            #[automatically_derived]
            impl #parameters __agno::Declared for #itself #bounds {
                const INFO: &'static __agno::AgentInfo = const { &#info };
                type Needs = #needs;
                #model
                fn instructions(&self) -> __agno::Cow<'_, __agno::str> {
                    #instructions
                }
                fn tools(&self) -> #list {
                    #tools
                }
                #output
            }
            #checks
        };
    }
}

impl Agent<'_> {
    /// Where what is told of the implementation as a whole is told.
    fn at(&self) -> Span {
        Span::call_site().located_at(self.item.ident.span())
    }

    fn info(&self) -> TokenStream {
        let name = match self.keys.name.get() {
            Some(name) => name.value(),
            None => self.item.ident.unraw().to_string(),
        };
        let description = match self.keys.description.get() {
            Some(text) => text.to_token_stream(),
            None => description(&self.item.attrs).unwrap_or_else(|| quote!("")),
        };
        let turns = self.keys.max_turns.get().map(|turns| {
            // Each token at the number: that is where a zero is told of.
            let turns = quote_spanned!(turns.span()=> __agno::turns(#turns));
            quote!(.with_max_turns(#turns))
        });
        let retries = self
            .keys
            .max_output_retries
            .get()
            .map(|retries| quote!(.with_max_output_retries(#retries)));
        let limits = (turns.is_some() || retries.is_some())
            .then(|| quote!(.with_limits(__agno::Limits::DEFAULT #turns #retries)));
        quote!(__agno::AgentInfo::new(#name, #description) #limits)
    }

    /// What the model must be able to do: one type, or pairs of pairs.
    fn needs(&self) -> TokenStream {
        let tools = self.keys.tools.is_given();
        let output = self.keys.output.is_given();
        let first = match (tools, output) {
            (false, false) => "NeedsNothing",
            (true, false) => "NeedsTools",
            (false, true) => "NeedsOutput",
            (true, true) => "NeedsToolsAndOutput",
        };
        let reads = self
            .keys
            .reads
            .get()
            .into_iter()
            .flatten()
            .map(|kind| kind.needs());
        let mut needs = std::iter::once(first).chain(reads).map(|name| {
            let name = format_ident!("{name}");
            quote!(__agno::#name)
        });
        let first = needs.next().unwrap_or_default();
        needs.fold(first, |before, next| quote!((#before, #next)))
    }

    /// The type of the model and how one is made. A provider whose feature is off is told of by agno's own macro, which
    /// knows its features.
    fn model(&self) -> TokenStream {
        let (ty, make) = match self.keys.model.get() {
            None => (quote!(__agno::AnyModel), quote!(__agno::AnyModel::from_env())),
            Some(name) => {
                let (provider, model) = (&name.provider, &name.model);
                let (family, feature) = name.family.source();
                let family = format_ident!("{family}");
                let off = format!(
                    "models of `{provider}` are behind the feature `{feature}` of agno, which is off; turn it on in Cargo.toml: `features = [\"{feature}\"]`"
                );
                let ty = quote_spanned!(name.span=> __agno::models::#family);
                let make = quote_spanned! {name.span=>
                    __agno::models::#family!(
                        <#ty as __agno::models::FromName>::from_name(#provider, #model),
                        ::core::compile_error!(#off)
                    )
                };
                (ty, make)
            }
        };
        quote_spanned! {self.at()=>
            type Model = #ty;
            fn default_model(&self) -> __agno::Result<Self::Model, __agno::ModelError> {
                #make
            }
        }
    }

    fn instructions(&self) -> TokenStream {
        if let Some(file) = self.keys.instructions_file.get() {
            let file = quote_spanned!(file.span()=> __agno::include_str!(#file));
            return quote!(__agno::Cow::Borrowed(#file));
        }
        match (&self.template, self.keys.instructions.get()) {
            (Some(template), _) => template.expression(),
            (None, Some(Words::Expr(expr))) => {
                quote_spanned!(expr.span()=> __agno::From::from(#expr))
            }
            _ => quote!(__agno::Cow::Borrowed("")),
        }
    }

    /// The items beside the implementation, and its part in it.
    fn output(&self) -> (TokenStream, TokenStream) {
        let Some(ty) = self.keys.output.get() else {
            let part = quote_spanned! {self.at()=>
                type Output = ();
                fn parse_output(_: &__agno::str) -> __agno::Result<(), __agno::String> {
                    __agno::Ok(())
                }
            };
            return (TokenStream::new(), part);
        };
        let name = output_name(ty);
        if self.keys.schemars.is_given() {
            return self.foreign_output(ty, &name);
        }
        let shape = quote_spanned!(ty.span()=> __agno::shape_of::<#ty>());
        let parse = quote_spanned!(ty.span()=> __agno::parse_output::<#ty>(__SHAPE, __text));
        let items = quote! {
            struct __Output;
            const __SHAPE: __agno::Shape = #shape;
            __agno::declare_output!(__Output, #name, "", __SHAPE.schema);
        };
        let part = quote_spanned! {self.at()=>
            type Output = #ty;
            fn output_schema<__D: __agno::Dialect>(
                __dialect: __D,
            ) -> __agno::Option<__agno::OutputSchema<'static>> {
                __agno::Some(__agno::OutputSchema::of::<__Output, __D>(#name, __dialect, __SHAPE.schema))
            }
            fn parse_output(__text: &__agno::str) -> __agno::Result<#ty, __agno::String> {
                #parse
            }
        };
        (items, part)
    }

    /// The same for a type whose schema is made at run time, once.
    fn foreign_output(&self, ty: &Type, name: &str) -> (TokenStream, TokenStream) {
        let made = quote_spanned!(ty.span()=> __agno::foreign_output::<#ty>(#name));
        let off = quote_spanned! {self.keys.schemars.span()=>
            ::core::compile_error!("outputs with a schema of `schemars` are behind the feature `schemars` of agno, which is off; turn it on in Cargo.toml: `features = [\"schemars\"]`");
        };
        let items = quote! {
            __agno::__needs_schemars!(#off);
            static __OUTPUT: __agno::ForeignOutput<#ty> = #made;
        };
        let part = quote_spanned! {self.at()=>
            type Output = #ty;
            fn output_schema<__D: __agno::Dialect>(_: __D) -> __agno::Option<__agno::OutputSchema<'static>> {
                __agno::Some(__OUTPUT.schema())
            }
            fn parse_output(__text: &__agno::str) -> __agno::Result<#ty, __agno::String> {
                __OUTPUT.parse(__text)
            }
        };
        (items, part)
    }

    fn entries(&self) -> &[Entry] {
        self.keys.tools.get().map_or(&[], Vec::as_slice)
    }

    /// The list as a method of its own: the table of its names, which `tools` needs, is made from what this returns.
    fn list(&self) -> TokenStream {
        if !self.has_table() {
            return TokenStream::new();
        }
        let ident = &self.item.ident;
        let (parameters, arguments, bounds) = self.item.generics.split_for_impl();
        let tuple = self.tuple();
        quote! {
            trait __List {
                fn __list(&self) -> impl __Toolset + '_;
            }
            impl #parameters __List for #ident #arguments #bounds {
                fn __list(&self) -> impl __Toolset + '_ { #tuple }
            }
        }
    }

    /// The entries as one value, each written at its place in the attribute: that is where an entry that has no tools is
    /// told of, and only once, for then `named` and `borrowed` return no type of which more could be told.
    fn tuple(&self) -> TokenStream {
        nested(self.entries().iter().map(|entry| self.entry(entry)).collect())
    }

    fn entry(&self, entry: &Entry) -> TokenStream {
        let span = entry.span();
        match entry {
            Entry::Itself(itself) => quote_spanned!(span=> __agno::borrowed(#itself)),
            Entry::Path(path) => quote_spanned!(span=> __agno::named(#path {})),
            Entry::Field { expr, first } => {
                // The field of a reference type is borrowed already.
                let one = matches!(expr, Expr::Field(field) if field.member == *first);
                let reference = one
                    && member_type(&self.item.fields, first)
                        .is_some_and(|ty| matches!(ty, Type::Reference(_)));
                let borrow = if reference {
                    quote_spanned!(span=> &*)
                } else {
                    quote_spanned!(span=> &)
                };
                let local = Ident::new("__list", span);
                quote_spanned!(span=> { let #local = #borrow #expr; __agno::borrowed(#local) })
            }
        }
    }

    /// The expression of the whole list.
    fn tools(&self) -> TokenStream {
        if self.entries().is_empty() {
            return quote!(__agno::NoTools);
        }
        if self.has_table() {
            return quote!(__agno::Indexed::new(__List::__list(self), &__NAMES));
        }
        let tools = self.tuple();
        if !self.is_generic() {
            return tools;
        }
        match self.most_tools() {
            Some((most, span)) => {
                quote_spanned!(span=> __agno::at_most::<#most, _>(__agno::unique(#tools)))
            }
            None => quote!(__agno::unique(#tools)),
        }
    }

    /// The most tools that its provider takes, and where the provider is named.
    fn most_tools(&self) -> Option<(usize, Span)> {
        let model = self.keys.model.get()?;
        Some((model.most_tools()?, model.span))
    }

    /// Whether the types of its tools may depend on parameters.
    fn is_generic(&self) -> bool {
        let mut parameters = self.item.generics.params.iter();
        parameters.any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
    }

    /// Whether names are looked up in a table. Its length cannot depend on parameters.
    fn has_table(&self) -> bool {
        !self.is_generic() && self.entries().len() > FEW
    }

    /// One check of the names for each entry, at the entry, and the table of the names. The tools of a generic agent are
    /// known where its parameters are: there the list is checked as a whole, when the program is built.
    fn checks(&self) -> TokenStream {
        let entries = self.entries();
        if entries.is_empty() || self.is_generic() {
            return TokenStream::new();
        }
        let ident = &self.item.ident;
        let lifetimes = self.item.generics.params.iter().map(|_| quote!('static));
        let itself = quote!(#ident<#(#lifetimes),*>);
        let list = match self.has_table() {
            true => quote!(<#itself as __List>::__list),
            false => quote!(<#itself as __agno::Declared>::tools),
        };
        let count = entries.len();
        let checks = entries.iter().enumerate().map(
            |(at, entry)| quote_spanned!(entry.span()=> const _: () = __agno::check_entry(__CLASHES[#at]);),
        );
        let table = self.has_table().then(|| {
            quote! {
                static __NAMES: __agno::NameTable<{ __agno::NameTable::slots(&__ALL) }> = __agno::NameTable::of(&__ALL);
            }
        });
        let fits = self
            .most_tools()
            .map(|(most, span)| quote_spanned!(span=> const _: () = __agno::check_count(&__ALL, #most);));
        quote! {
            const __ALL: __agno::StaticTools = __agno::static_of(#list);
            #table
            const __CLASHES: [__agno::Option<&__agno::str>; #count] = __agno::clashes(&__ALL);
            #(#checks)*
            #fits
        }
    }
}

/// A tuple of at most [`LONGEST`], of tuples if there are more.
fn nested(mut entries: Vec<TokenStream>) -> TokenStream {
    while entries.len() > LONGEST {
        entries = entries
            .chunks(LONGEST)
            .map(|chunk| quote!((#(#chunk,)*)))
            .collect();
    }
    match entries.as_slice() {
        [one] => one.clone(),
        many => quote!((#(#many),*)),
    }
}

fn member_type<'a>(fields: &'a Fields, wanted: &Member) -> Option<&'a Type> {
    fields
        .members()
        .zip(fields)
        .find_map(|(member, field)| (member == *wanted).then_some(&field.ty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_tuples_of_tuples() {
        let entries = |count: usize| (0..count).map(|_| quote!(a)).collect();
        assert_eq!(nested(entries(1)).to_string(), "a");
        assert_eq!(nested(entries(2)).to_string(), quote!((a, a)).to_string());
        assert_eq!(
            nested(entries(9)).to_string(),
            quote!(((a, a, a, a, a, a, a, a,), (a,))).to_string()
        );
    }
}
