//! Generates constants that do not compile if the type of a field cannot be flattened or does not match an example.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::Context;
use crate::common::schema_attr::example_check;
use crate::schema::model::Container;

impl Context<'_> {
    /// Generates checks that the fields with `flatten` have types that can be flattened. Each error points at the
    /// field's type. A generic type is checked where it is used.
    pub(super) fn flatten_checks(&self, container: &Container<'_>) -> TokenStream {
        if self.generic {
            return TokenStream::new();
        }
        let fields = container
            .fields()
            .into_iter()
            .filter(|field| field.serde.flatten.is_set());
        fields
            .map(|field| {
                let schema = self.content(field);
                let span = field.ty().span();
                quote_spanned!(span=> const _: () = __agno::check_flatten(#schema);)
            })
            .collect()
    }

    /// Generates checks of the constraints against the types of their fields. Each error points at the key. A field whose
    /// type depends on a parameter is checked where the type is used.
    pub(super) fn rule_checks(&self, container: &Container<'_>) -> TokenStream {
        let fields = container.fields().into_iter();
        fields
            .filter(|field| !field.schema.constraints().is_empty() && !self.is_open(field))
            .map(|field| field.schema.rule_check(&self.plain_content(field)))
            .collect()
    }

    /// Generates checks of the examples and defaults against the types of their fields. Each error points at the literal. The
    /// examples of a field whose type depends on a parameter are not checked.
    pub(super) fn example_checks(&self, container: &Container<'_>) -> TokenStream {
        let fields = container.fields().into_iter();
        fields
            .filter(|field| !field.serde.flatten.is_set() && !self.is_open(field))
            .flat_map(|field| {
                let schema = self.content(field);
                field
                    .schema
                    .examples
                    .iter()
                    .chain(field.schema.default.get())
                    .map(move |example| example_check(example, &schema))
            })
            .collect()
    }
}
