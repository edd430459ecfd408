//! Generates the identity of a type and the trait bounds on its type parameters.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, parse_quote};

use super::{Context, path};
use crate::common::schema_attr::With;
use crate::common::tokens::contains_text;
use crate::schema::model::{Container, Field};
use crate::schema::types;

impl Context<'_> {
    /// Returns the generics with the trait bounds that the fields' schemas require.
    pub(super) fn bounded(&self, container: &Container<'_>) -> Generics {
        let mut generics = container.input.generics.clone();
        let krate = &container.krate;
        let fields = container.fields();
        let has_schema_of_type = |field: &&&Field<'_>| !matches!(field.with(), Some(With::Json(_)));
        let parameters: Vec<Ident> = generics
            .type_params()
            .map(|parameter| parameter.ident.clone())
            .collect();
        for parameter in parameters {
            let mut used = false;
            for field in fields.iter().filter(has_schema_of_type) {
                let ty = field.ty();
                if types::is_projection(ty, &parameter) {
                    // `T::Item` must implement `Schema`, but `T` need not.
                    generics
                        .make_where_clause()
                        .predicates
                        .push(parse_quote!(#ty: #krate::schema::HasSchema));
                } else {
                    used |= contains_text(ty.to_token_stream(), &parameter);
                }
            }
            if used {
                generics
                    .make_where_clause()
                    .predicates
                    .push(parse_quote!(#parameter: #krate::schema::HasSchema));
            }
        }
        generics
    }

    /// Adds the identity, the description and the examples of the type to its node.
    pub(super) fn named(&self, container: &Container<'_>, node: &TokenStream) -> TokenStream {
        let name = syn::ext::IdentExt::unraw(container.ident()).to_string();
        let path = path(container.ident());
        let arguments = self.arguments(container);
        let arguments = (!arguments.is_empty()).then(|| {
            let slice = self.slice(&arguments);
            quote!(.args(#slice))
        });
        let description = container
            .description
            .as_ref()
            .map(|text| quote!(.description(#text)));
        let annotations = container.schema.annotations();
        let inline = container.schema.inline.get().map(|()| quote!(.inline()));
        quote!(#node.definition(__agno::Definition::new(#name, #path) #arguments #inline) #description #(#annotations)*)
    }

    /// Generates the schemas of the type's generic arguments, which are part of its identity.
    fn arguments(&self, container: &Container<'_>) -> Vec<TokenStream> {
        let fields = container.fields();
        let is_used = |parameter: &Ident| {
            fields.iter().any(|field| {
                contains_text(field.ty().to_token_stream(), parameter)
                    && !types::is_projection(field.ty(), parameter)
                    && !matches!(field.with(), Some(With::Json(_)))
            })
        };
        let parameters = container.input.generics.params.iter();
        parameters
            .filter_map(|parameter| match parameter {
                GenericParam::Lifetime(_) => None,
                GenericParam::Type(parameter) => {
                    let ident = &parameter.ident;
                    is_used(ident).then(|| quote!(<#ident as __agno::HasSchema>::OF))
                }
                // A const argument is represented by a schema that accepts only its value.
                GenericParam::Const(parameter) => {
                    let ident = &parameter.ident;
                    let number = quote!(::core::option::Option::Some(#ident as i128));
                    Some(self.link(&quote!(__agno::Node::integer(#number, #number))))
                }
            })
            .collect()
    }
}
