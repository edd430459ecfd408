//! Generates the implementation of `Schema`, which consists of a tree of constants.
//!
//! For `struct Visit { city: String }`, the expansion is, slightly simplified:
//!
//! ```text
//! #[automatically_derived]
//! impl ::agno::schema::Schema for Visit {
//!     const SCHEMA: ::agno::schema::SchemaRef = {
//!         use ::agno::__private as __agno;
//!         static NODE: __agno::Node =
//!             __agno::Node::object(&[__agno::Field::new("city", <String as __agno::HasSchema>::OF)])
//!                 .definition(__agno::Definition::new("Visit", "shop::Visit@3:8"));
//!         __agno::SchemaRef::new(&NODE)
//!     };
//! }
//! ```
//!
//! The static lets a type refer to itself. A static cannot use generic parameters, so the node of a generic type is an
//! inline constant, and the type refers to itself through the marker type `__Enclosing`.

mod checks;
mod generics;
mod shape;
mod variants;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::DeriveInput;

use super::model::{Container, Field};
use super::types;
use crate::common::default_crate_path;
use crate::common::item::incomplete_item;
use crate::common::schema_attr::With;
use crate::common::tokens::{contains_text, find_punct};

/// Generates the implementation.
pub(super) fn schema(container: &Container<'_>) -> TokenStream {
    let cx = Context::new(container);
    let krate = &container.krate;
    let node = cx.node(container);
    let ident = container.ident();
    let (_, arguments, _) = container.input.generics.split_for_impl();
    let bounded = cx.bounded(container);
    let (parameters, _, bounds) = bounded.split_for_impl();
    let node = cx.named(container, &node);
    let body = if cx.generic {
        let enclosing = cx.enclosing.then(|| enclosing(ident));
        quote!(#enclosing __agno::SchemaRef::new(const { &#node }))
    } else {
        quote! {
            static NODE: __agno::Node = #node;
            __agno::SchemaRef::new(&NODE)
        }
    };
    let checks = cx.flatten_checks(container);
    let rules = cx.rule_checks(container);
    let examples = cx.example_checks(container);
    quote! {
        #[automatically_derived]
        // The expansion repeats the user's types, which lints have already checked.
        #[allow(unused_qualifications, clippy::absolute_paths)]
        impl #parameters #krate::schema::Schema for #ident #arguments #bounds {
            const SCHEMA: #krate::schema::SchemaRef = {
                #[allow(unused_imports)]
                use #krate::__private::{self as __agno, Node as __Node};
                #checks
                #rules
                #examples
                #body
            };
        }
    }
}

/// Generates the errors and a stub implementation, so that uses of the type cause no further errors.
pub(super) fn with_errors(
    input: &DeriveInput,
    container: Option<&Container<'_>>,
    errors: &syn::Error,
) -> TokenStream {
    let errors = errors.to_compile_error();
    let krate = container.map_or_else(default_crate_path, |container| container.krate.clone());
    let ident = &input.ident;
    let (parameters, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #errors
        #[automatically_derived]
        // The expansion repeats the user's types, which lints have already checked.
        #[allow(unused_qualifications, clippy::absolute_paths)]
        impl #parameters #krate::schema::Schema for #ident #arguments #bounds {
            const SCHEMA: #krate::schema::SchemaRef = #krate::schema::SchemaRef::new(&#krate::schema::Node::any());
        }
    }
}

/// Generates the error for an unparsed type, and a stub implementation if the type has a name and is not generic.
pub(super) fn unparsed(input: &TokenStream, error: &syn::Error) -> TokenStream {
    let error = error.to_compile_error();
    let name = ["struct", "enum"]
        .iter()
        .find_map(|keyword| incomplete_item(input, keyword));
    let stub = name.filter(|(_, generic)| !generic).map(|(ident, _)| {
        let krate = default_crate_path();
        quote! {
            #[automatically_derived]
            impl #krate::schema::Schema for #ident {
                const SCHEMA: #krate::schema::SchemaRef =
                    #krate::schema::SchemaRef::new(&#krate::schema::Node::any());
            }
        }
    });
    quote!(#error #stub)
}

/// Generates the marker type through which a generic type refers to itself.
fn enclosing(ident: &Ident) -> TokenStream {
    let path = path(ident);
    quote! {
        struct __Enclosing;
        impl __agno::Schema for __Enclosing {
            const SCHEMA: __agno::SchemaRef = __agno::SchemaRef::new(&__agno::Node::enclosing(#path));
        }
    }
}

/// Generates the identity of a type. Types in different functions can have the same module and name, but not the same
/// line and column.
fn path(ident: &Ident) -> TokenStream {
    let name = ident.to_string();
    quote!(::core::concat!(
        ::core::module_path!(), "::", #name, "@", ::core::line!(), ":", ::core::column!()
    ))
}

/// The properties of the type that determine the generated code.
struct Context<'a> {
    ident: &'a Ident,
    /// `true` if the type has type or const parameters, which a static cannot use.
    generic: bool,
    /// The type and const parameters.
    parameters: Vec<&'a Ident>,
    /// `true` if the type is generic and refers to itself.
    enclosing: bool,
    /// The tokens that replace the type's own name in the schema.
    replacement: TokenStream,
}

impl<'a> Context<'a> {
    fn new(container: &'a Container<'_>) -> Self {
        let ident = container.ident();
        let generics = &container.input.generics;
        let types = generics.type_params().map(|parameter| &parameter.ident);
        let parameters: Vec<_> = types
            .chain(generics.const_params().map(|parameter| &parameter.ident))
            .collect();
        let generic = !parameters.is_empty();
        let enclosing = generic
            && container
                .fields()
                .iter()
                .any(|field| types::refers_to_itself(&field.ty().to_token_stream(), ident));
        let replacement = if generic {
            quote!(__Enclosing)
        } else {
            types::with_static_lifetimes(ident, generics)
        };
        Self {
            ident,
            generic,
            parameters,
            enclosing,
            replacement,
        }
    }

    /// Returns `true` if the schema of the field depends on a parameter of the type, which an item cannot use.
    fn is_open(&self, field: &Field<'_>) -> bool {
        let tokens = match field.with() {
            Some(With::Json(_)) => return false,
            Some(With::Type(ty)) => ty.to_token_stream(),
            None => field.ty().to_token_stream(),
        };
        self.generic
            && (find_punct(tokens.clone(), '\'').is_some()
                || self
                    .parameters
                    .iter()
                    .any(|parameter| contains_text(tokens.clone(), parameter)))
    }

    /// Generates a `'static` reference. In a static, a plain `&` is enough for most values, but not for a value with
    /// constraints.
    fn static_ref(&self, value: &TokenStream) -> TokenStream {
        quote!(const { &#value })
    }

    /// Generates a reference to a node.
    fn link(&self, node: &TokenStream) -> TokenStream {
        let node = self.static_ref(node);
        quote!(__agno::SchemaRef::new(#node))
    }

    /// Generates a slice.
    fn slice(&self, values: &[TokenStream]) -> TokenStream {
        self.static_ref(&quote!([#(#values),*]))
    }

    /// Rewrites a type for use in the schema.
    fn ty(&self, ty: &impl ToTokens) -> TokenStream {
        types::rewrite(ty, self.ident, Some(&self.replacement), !self.generic)
    }

    /// Generates the schema of a type. If the type does not implement `Schema`, the compiler points at the user's tokens. For
    /// `HasSchema`, it names this type and lists no others. For `Schema`, it names the part of the type that is the cause.
    fn schema_of(&self, ty: &impl ToTokens) -> TokenStream {
        let rewritten = self.ty(ty);
        if types::is_known_container(ty.to_token_stream()) {
            quote!(<#rewritten as __agno::Schema>::SCHEMA)
        } else {
            quote!(<#rewritten as __agno::HasSchema>::OF)
        }
    }
}
