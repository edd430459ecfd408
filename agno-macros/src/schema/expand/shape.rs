//! Generates the nodes of structs, of the content of variants, and of their fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::common::schema_attr::With;
use crate::schema::model::{Container, Data, Field, Shape};

impl Context<'_> {
    /// Generates the node of the type.
    pub(super) fn node(&self, container: &Container<'_>) -> TokenStream {
        let closed = container.serde.deny_unknown_fields.is_set();
        match &container.data {
            Data::With => match container.schema.with.get() {
                Some(with) => {
                    let schema = self.with(with);
                    quote!((*#schema.get()))
                }
                None => quote!(__agno::Node::any()),
            },
            Data::Struct(shape) => {
                if container.serde.transparent.is_set()
                    && let [field] = shape.fields()
                {
                    let schema = self.content(field);
                    return quote!((*#schema.get()));
                }
                match (shape, container.serde.tag.get()) {
                    (Shape::Named(fields), Some(tag)) => {
                        let tag = self.tag(tag, &container.name, &[]);
                        self.object(Some(tag), fields, closed)
                    }
                    _ => self.shape(shape, closed),
                }
            }
            Data::Enum(variants) => self.variants(container, variants),
        }
    }

    /// Generates the node of the content of a struct or a variant.
    pub(super) fn shape(&self, shape: &Shape<'_>, closed: bool) -> TokenStream {
        match shape {
            Shape::Unit => quote!(__agno::Node::null()),
            Shape::Newtype(field) => {
                let schema = self.content(field);
                quote!((*#schema.get()))
            }
            Shape::Tuple(fields) => {
                let items: Vec<_> = fields.iter().map(|field| self.content(field)).collect();
                let items = self.slice(&items);
                quote!(__agno::Node::tuple(#items))
            }
            Shape::Named(fields) => self.object(None, fields, closed),
        }
    }

    /// Generates the node of an object. The tag, if any, is the first field.
    pub(super) fn object(&self, tag: Option<TokenStream>, fields: &[Field<'_>], closed: bool) -> TokenStream {
        let fields: Vec<_> = tag
            .into_iter()
            .chain(fields.iter().map(|field| self.field(field)))
            .collect();
        let fields = self.slice(&fields);
        let closed = closed.then(|| quote!(.closed()));
        quote!(__agno::Node::object(#fields) #closed)
    }

    /// Generates the schema of a field's value without the field's constraints.
    pub(super) fn plain_content(&self, field: &Field<'_>) -> TokenStream {
        match field.with() {
            Some(with) => self.with(with),
            None => self.schema_of(field.ty()),
        }
    }

    /// Generates the schema of a field's value.
    pub(super) fn content(&self, field: &Field<'_>) -> TokenStream {
        let schema = self.plain_content(field);
        if field.schema.constraints().is_empty() {
            return schema;
        }
        let replaced = |constrained: &TokenStream| {
            let nullable =
                self.static_ref(&quote!(__agno::Node::nullable(__agno::SchemaRef::new(#constrained))));
            quote!(__agno::replaced(#schema, #constrained, #nullable))
        };
        // A separate constant cannot check a field whose type depends on a parameter, so the schema itself does. The
        // compiler adds a note for each constant that contains the schema.
        if self.is_open(field) {
            let constrained = field.schema.constrain(quote!(*#schema.base()));
            return replaced(&self.static_ref(&constrained));
        }
        let rules = field.schema.rules();
        if self.generic {
            return replaced(&self.static_ref(&quote!(__agno::with_rules(*#schema.base(), #rules))));
        }
        let replaced = replaced(&quote!(&CONSTRAINED));
        quote!({ static CONSTRAINED: __agno::Node = __agno::with_rules(*#schema.base(), #rules); #replaced })
    }

    /// Generates the schema that replaces a type's own schema.
    fn with(&self, with: &With) -> TokenStream {
        match with {
            With::Json(json) => self.link(&quote!(__agno::Node::raw(#json))),
            With::Type(ty) => self.schema_of(ty),
        }
    }

    /// Generates a field of an object.
    fn field(&self, field: &Field<'_>) -> TokenStream {
        let schema = self.content(field);
        if field.serde.flatten.is_set() {
            let optional = field.optional.then(|| quote!(.optional()));
            return quote!(__agno::Field::flatten(#schema) #optional);
        }
        let name = &field.name;
        let description = field.description.as_ref().map(|text| quote!(.description(#text)));
        let aliases = self.aliases(&field.serde.aliases);
        let presence = if field.optional {
            Some(quote!(.optional()))
        } else if field.serde.replaces_deserialize() {
            // serde requires a field with a custom deserialization function, even if the field is an `Option`.
            Some(quote!(.required()))
        } else {
            None
        };
        let annotations = field.schema.annotations();
        quote!(__agno::Field::new(#name, #schema) #description #aliases #presence #(#annotations)*)
    }

    /// Generates the aliases of a field or a variant.
    pub(super) fn aliases(&self, aliases: &[String]) -> Option<TokenStream> {
        (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])))
    }
}
