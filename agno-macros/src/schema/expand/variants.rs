//! Generates the schema nodes of enums, for each of serde's representations.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::schema::model::{Container, Shape, Variant};

impl Context<'_> {
    /// Generates the tag field, whose value is the name of a variant or a struct.
    pub(super) fn tag(&self, tag: &str, name: &str, aliases: &[String]) -> TokenStream {
        let aliases = self.aliases(aliases);
        let values = self.slice(&[quote!(__agno::EnumValue::new(#name) #aliases)]);
        let schema = self.link(&quote!(__agno::Node::enumeration(#values)));
        quote!(__agno::Field::new(#tag, #schema))
    }

    /// Generates the node of an enum in the representation that its attributes select.
    pub(super) fn variants(&self, container: &Container<'_>, variants: &[Variant<'_>]) -> TokenStream {
        let serde = &container.serde;
        let closed = serde.deny_unknown_fields.is_set();
        let (tagging, shapes) = match (serde.tag.get(), serde.content.get()) {
            _ if serde.untagged.is_set() => {
                let shapes = variants.iter().map(|variant| {
                    let node = self.shape(&variant.shape, closed);
                    self.variant(variant, false, &node)
                });
                (quote!(Untagged), shapes.collect())
            }
            (Some(tag), None) => {
                let shapes = variants.iter().map(|variant| {
                    let node = self.internal(tag, variant, closed);
                    self.variant(variant, true, &node)
                });
                (quote!(Internal(#tag)), shapes.collect::<Vec<_>>())
            }
            (Some(tag), Some(content)) => {
                let shapes = variants.iter().map(|variant| {
                    let node = self.adjacent(tag, content, variant, closed);
                    self.variant(variant, true, &node)
                });
                (quote!(Adjacent(#tag, #content)), shapes.collect())
            }
            (None, _) => {
                let (units, others): (Vec<_>, Vec<_>) = variants
                    .iter()
                    .partition(|variant| matches!(variant.shape, Shape::Unit));
                let units: Vec<_> = units.into_iter().map(|variant| self.value(variant)).collect();
                let units = (!units.is_empty()).then(|| {
                    let units = self.slice(&units);
                    quote!(__agno::Node::enumeration(#units))
                });
                if others.is_empty()
                    && let Some(units) = units
                {
                    return units;
                }
                let units = units.map(|units| {
                    let units = self.link(&units);
                    quote!(__agno::Variant::new("", #units))
                });
                let others = others.into_iter().map(|variant| {
                    let node = self.external(variant, closed);
                    self.variant(variant, true, &node)
                });
                (quote!(External), units.into_iter().chain(others).collect())
            }
        };
        let shapes = self.slice(&shapes);
        quote!(__agno::Node::union(__agno::Tagging::#tagging, #shapes))
    }

    /// Generates a union variant that contains `node`.
    fn variant(&self, variant: &Variant<'_>, named: bool, node: &TokenStream) -> TokenStream {
        let description = variant
            .description
            .as_ref()
            .map(|text| quote!(.description(#text)));
        let schema = self.link(&quote!(#node #description));
        let (name, aliases) = if named {
            (&*variant.name, &*variant.serde.aliases)
        } else {
            ("", &[][..])
        };
        let aliases = self.aliases(aliases);
        quote!(__agno::Variant::new(#name, #schema) #aliases)
    }

    /// Generates the enum value for a variant without content.
    fn value(&self, variant: &Variant<'_>) -> TokenStream {
        let name = &variant.name;
        let description = variant
            .description
            .as_ref()
            .map(|text| quote!(.description(#text)));
        let aliases = self.aliases(&variant.serde.aliases);
        quote!(__agno::EnumValue::new(#name) #description #aliases)
    }

    /// Generates `{"Variant": content}`.
    fn external(&self, variant: &Variant<'_>, closed: bool) -> TokenStream {
        let name = &variant.name;
        let content = self.variant_content(variant, closed);
        let aliases = self.aliases(&variant.serde.aliases);
        let fields = self.slice(&[quote!(__agno::Field::new(#name, #content) #aliases.required())]);
        quote!(__agno::Node::object(#fields).closed())
    }

    /// Generates `{"tag": "Variant", ..fields}`.
    fn internal(&self, tag: &str, variant: &Variant<'_>, closed: bool) -> TokenStream {
        let tag = self.tag(tag, &variant.name, &variant.serde.aliases);
        match &variant.shape {
            Shape::Named(fields) => self.object(Some(tag), fields, closed),
            Shape::Newtype(field) => {
                let content = self.content(field);
                let fields = self.slice(&[tag, quote!(__agno::Field::flatten(#content))]);
                quote!(__agno::Node::object(#fields))
            }
            Shape::Unit | Shape::Tuple(_) => self.object(Some(tag), &[], closed),
        }
    }

    /// Generates `{"tag": "Variant", "content": content}`.
    fn adjacent(&self, tag: &str, content: &str, variant: &Variant<'_>, closed: bool) -> TokenStream {
        let tag = self.tag(tag, &variant.name, &variant.serde.aliases);
        let mut fields = vec![tag];
        if !matches!(variant.shape, Shape::Unit) {
            let schema = self.variant_content(variant, closed);
            fields.push(quote!(__agno::Field::new(#content, #schema)));
        }
        let fields = self.slice(&fields);
        let closed = closed.then(|| quote!(.closed()));
        quote!(__agno::Node::object(#fields) #closed)
    }

    /// Generates the schema of a variant's content.
    fn variant_content(&self, variant: &Variant<'_>, closed: bool) -> TokenStream {
        match &variant.shape {
            Shape::Newtype(field) => self.content(field),
            shape => self.link(&self.shape(shape, closed)),
        }
    }
}
