//! Generates the struct for a tool's arguments, with their schema and the code that reads them in one pass.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Index;

use crate::common::tool_fn::model::{Argument, ConfiguredTool};

/// The struct that stores the arguments of a tool.
pub(crate) struct ArgsStruct {
    ident: Ident,
    /// `true` if an argument borrows from the model's text.
    borrows: bool,
    is_empty: bool,
}

impl ArgsStruct {
    pub(crate) fn new(tool: &ConfiguredTool<'_>, ident: &Ident) -> Self {
        let blocking = tool.declared.is_blocking();
        let borrows = tool
            .arguments()
            .any(|argument| contains_lifetime(argument.stored_type(blocking)));
        Self {
            ident: ident.clone(),
            borrows,
            is_empty: tool.arguments().next().is_none(),
        }
    }

    /// Generates the struct's type with its lifetime.
    fn ty(&self, lifetime: &TokenStream) -> TokenStream {
        let ident = &self.ident;
        match (self.is_empty, self.borrows) {
            (true, _) => quote!(__agno::NoArguments),
            (_, true) => quote!(#ident<#lifetime>),
            (_, false) => quote!(#ident),
        }
    }

    /// Generates the type that is deserialized: a wrapper around the struct.
    pub(crate) fn read_type(&self, lifetime: &TokenStream) -> TokenStream {
        let ty = self.ty(lifetime);
        quote!(__agno::DecodedArgs<#lifetime, #ty>)
    }

    /// Generates the struct and its implementation of `Arguments`.
    pub(crate) fn items(&self, tool: &ConfiguredTool<'_>) -> TokenStream {
        if self.is_empty {
            return TokenStream::new();
        }
        let ident = &self.ident;
        let lifetime = self.borrows.then(|| quote!(<'__a>));
        let blocking = tool.declared.is_blocking();
        let types: Vec<TokenStream> = tool
            .arguments()
            .map(|argument| argument.stored_type(blocking))
            .collect();
        let fields = tool.arguments().map(Argument::schema_field);
        let empty = types.iter().map(|_| quote!(__agno::None));
        let read_arms = tool
            .arguments()
            .zip(&types)
            .enumerate()
            .map(|(index, (argument, ty))| {
                let field = Index::from(index);
                let read = argument.read(ty);
                quote!(#index => #read(&mut self.#field, __map),)
            });
        let index_arms = tool.arguments().enumerate().map(|(index, argument)| {
            let name = &argument.name;
            quote!(#name => __agno::Some(#index),)
        });
        let checks = tool.arguments().map(Argument::checks);
        quote! {
            #(#checks)*
            pub struct #ident #lifetime (#(__agno::Option<#types>),*);
            #[automatically_derived]
            impl<'__a> __agno::Arguments<'__a> for #ident #lifetime {
                const SCHEMA: __agno::SchemaRef =
                    __agno::SchemaRef::new(const { &__agno::Node::object(const { &[#(#fields),*] }).closed() });
                const EMPTY: Self = Self(#(#empty),*);
                #[inline]
                fn index(__name: &__agno::str) -> __agno::Option<__agno::usize> {
                    match __name {
                        #(#index_arms)*
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
                        #(#read_arms)*
                        _ => __agno::Ok(()),
                    }
                }
            }
        }
    }

    /// Generates the tool's declaration in each dialect, as associated constants of `marker`.
    pub(crate) fn declaration(&self, tool: &ConfiguredTool<'_>, marker: &TokenStream) -> TokenStream {
        let (name, description) = (&tool.declared.name, &tool.declared.description);
        let ty = self.ty(&quote!('static));
        quote! {
            __agno::declare_tool!(
                #marker, #name, #description, <#ty as __agno::Arguments<'static>>::SCHEMA
            );
        }
    }

    /// Generates the statement that moves the arguments into these locals.
    pub(crate) fn destructure(&self, locals: &[Ident]) -> TokenStream {
        if self.is_empty {
            return TokenStream::new();
        }
        let ident = &self.ident;
        quote!(let #ident(#(#locals),*) = __args.0;)
    }
}

fn contains_lifetime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => contains_lifetime(group.stream()),
        TokenTree::Ident(ident) => ident == "__a",
        _ => false,
    })
}
