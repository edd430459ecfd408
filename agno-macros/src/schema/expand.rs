//! The implementation of `Schema`: a tree of constants and nothing else.
//!
//! For `struct Visit { city: String }` it is
//!
//! ```text
//! #[automatically_derived]
//! impl ::agno::schema::Schema for Visit {
//!     const SCHEMA: ::agno::schema::SchemaRef = {
//!         use ::agno::schema as __agno;
//!         static NODE: __agno::Node =
//!             __agno::Node::object(&[__agno::Field::new("city", <String as __agno::Schema>::SCHEMA)])
//!                 .named(__agno::Definition::new("Visit", "crate::Visit"));
//!         __agno::SchemaRef::new(&NODE)
//!     };
//! }
//! ```
//!
//! The static is what lets a type lead back to itself. A generic type cannot have one: its node is an inline constant,
//! and where it names itself stands `__Enclosing`, which means "the type around".

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, GenericParam, Generics, Path, parse_quote};

use super::model::{Container, Data, Field, Shape, Variant};
use super::parse::With;
use super::types;

/// The implementation.
pub(crate) fn schema(container: &Container<'_>) -> TokenStream {
    let cx = Context::of(container);
    let krate = &container.krate;
    let node = cx.node(container);
    let ident = container.ident();
    let (_, arguments, _) = container.input.generics.split_for_impl();
    let bounded = cx.bounded(container);
    let (parameters, _, bounds) = bounded.split_for_impl();
    let node = cx.named(container, &node);
    let body = if cx.generic {
        let enclosing = cx.enclosing.then(|| {
            let path = path(ident);
            quote! {
                struct __Enclosing;
                impl __agno::Schema for __Enclosing {
                    const SCHEMA: __agno::SchemaRef = __agno::SchemaRef::new(&__agno::Node::enclosing(#path));
                }
            }
        });
        quote!(#enclosing __agno::SchemaRef::new(const { &#node }))
    } else {
        quote! {
            static NODE: __agno::Node = #node;
            __agno::SchemaRef::new(&NODE)
        }
    };
    let checks = cx.flatten_checks(container);
    let examples = cx.example_checks(container);
    quote! {
        #[automatically_derived]
        // Types stand here as their author wrote them, who was told there what the lint has to say.
        #[allow(unused_qualifications, clippy::absolute_paths)]
        impl #parameters #krate::schema::Schema for #ident #arguments #bounds {
            const SCHEMA: #krate::schema::SchemaRef = {
                #[allow(unused_imports)]
                use #krate::schema::{self as __agno, Node as __Node};
                #checks
                #examples
                #body
            };
        }
    }
}

/// What stands in for an implementation that has mistakes, so that uses of the type bring no further errors.
pub(crate) fn stub(input: &DeriveInput, krate: &Path) -> TokenStream {
    let ident = &input.ident;
    let (parameters, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        // Types stand here as their author wrote them, who was told there what the lint has to say.
        #[allow(unused_qualifications, clippy::absolute_paths)]
        impl #parameters #krate::schema::Schema for #ident #arguments #bounds {
            const SCHEMA: #krate::schema::SchemaRef = #krate::schema::SchemaRef::new(&#krate::schema::Node::any());
        }
    }
}

/// The identity of a type: types in different functions may share module and name, but not their place.
fn path(ident: &Ident) -> TokenStream {
    let name = ident.to_string();
    quote!(::core::concat!(
        ::core::module_path!(), "::", #name, "@", ::core::line!(), ":", ::core::column!()
    ))
}

struct Context<'a> {
    ident: &'a Ident,
    // With parameters that a static cannot know.
    generic: bool,
    // Whether a generic type names itself.
    enclosing: bool,
    replacement: TokenStream,
}

impl<'a> Context<'a> {
    fn of(container: &'a Container<'_>) -> Self {
        let ident = container.ident();
        let generics = &container.input.generics;
        let generic = generics.type_params().next().is_some() || generics.const_params().next().is_some();
        let enclosing = generic
            && container
                .fields()
                .iter()
                .any(|field| types::mentions(field.ty().to_token_stream(), ident));
        let replacement = if generic {
            quote!(__Enclosing)
        } else {
            types::own_static(ident, generics)
        };
        Self {
            ident,
            generic,
            enclosing,
            replacement,
        }
    }

    /// A reference that lives forever. Plain `&` would do in most places of a static, but not where the value was
    /// narrowed by rules.
    fn forever(&self, value: &TokenStream) -> TokenStream {
        quote!(const { &#value })
    }

    fn link(&self, node: &TokenStream) -> TokenStream {
        let node = self.forever(node);
        quote!(__agno::SchemaRef::new(#node))
    }

    fn slice(&self, values: &[TokenStream]) -> TokenStream {
        self.forever(&quote!([#(#values),*]))
    }

    fn ty(&self, ty: &impl ToTokens) -> TokenStream {
        types::rewrite(ty, self.ident, Some(&self.replacement), !self.generic)
    }

    /// The schema of a type. Where it has none, the compiler points at the type, whose tokens are the user's.
    fn of_type(&self, ty: &impl ToTokens) -> TokenStream {
        let ty = self.ty(ty);
        quote!(<#ty as __agno::Schema>::SCHEMA)
    }

    fn bounded(&self, container: &Container<'_>) -> Generics {
        let mut generics = container.input.generics.clone();
        let krate = &container.krate;
        let fields = container.fields();
        let own = |field: &&&Field<'_>| !matches!(field.with(), Some(With::Json(_)));
        let parameters: Vec<Ident> = generics
            .type_params()
            .map(|parameter| parameter.ident.clone())
            .collect();
        for parameter in parameters {
            let mut used = false;
            for field in fields.iter().filter(own) {
                let ty = field.ty();
                match ty {
                    // `T::Item`: what must have a schema is not `T`.
                    syn::Type::Path(path)
                        if path.path.segments.len() > 1 && path.path.segments[0].ident == parameter =>
                    {
                        generics
                            .make_where_clause()
                            .predicates
                            .push(parse_quote!(#ty: #krate::schema::Schema));
                    }
                    _ => used |= types::uses(ty.to_token_stream(), &parameter),
                }
            }
            if used {
                generics
                    .make_where_clause()
                    .predicates
                    .push(parse_quote!(#parameter: #krate::schema::Schema));
            }
        }
        generics
    }

    /// Adds the identity, the description and the examples of the type to its node.
    fn named(&self, container: &Container<'_>, node: &TokenStream) -> TokenStream {
        let name = syn::ext::IdentExt::unraw(container.ident()).to_string();
        let path = path(container.ident());
        let arguments: Vec<TokenStream> = container
            .input
            .generics
            .params
            .iter()
            .filter_map(|parameter| match parameter {
                GenericParam::Lifetime(_) => None,
                GenericParam::Type(parameter) => {
                    let ident = &parameter.ident;
                    let used = container.fields().iter().any(|field| {
                        types::uses(field.ty().to_token_stream(), ident)
                            && !matches!(field.ty(), syn::Type::Path(path) if path.path.segments.len() > 1 && path.path.segments[0].ident == *ident)
                            && !matches!(field.with(), Some(With::Json(_)))
                    });
                    used.then(|| quote!(<#ident as __agno::Schema>::SCHEMA))
                }
                // A number stands for itself.
                GenericParam::Const(parameter) => {
                    let ident = &parameter.ident;
                    let number = quote!(::core::option::Option::Some(#ident as i128));
                    Some(self.link(&quote!(__agno::Node::integer(#number, #number))))
                }
            })
            .collect();
        let arguments = (!arguments.is_empty()).then(|| {
            let slice = self.slice(&arguments);
            quote!(.args(#slice))
        });
        let description = container
            .description
            .as_ref()
            .map(|text| quote!(.described(#text)));
        let notes = container.words.notes();
        let inline = container.words.inline.get().map(|()| quote!(.inline()));
        quote!(#node.named(__agno::Definition::new(#name, #path) #arguments #inline) #description #(#notes)*)
    }

    fn node(&self, container: &Container<'_>) -> TokenStream {
        let closed = container.serde.deny_unknown_fields.is_given();
        match &container.data {
            Data::With => match container.words.with.get() {
                Some(with) => {
                    let schema = self.with(with);
                    quote!((*#schema.get()))
                }
                None => quote!(__agno::Node::any()),
            },
            Data::Struct(shape) => {
                if container.serde.transparent.is_given()
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

    /// The content of a struct or a variant.
    fn shape(&self, shape: &Shape<'_>, closed: bool) -> TokenStream {
        match shape {
            Shape::Unit => quote!(__agno::Node::null()),
            Shape::Newtype(field) => {
                let schema = self.content(field);
                quote!((*#schema.get()))
            }
            Shape::Tuple(fields) => {
                let places: Vec<_> = fields.iter().map(|field| self.content(field)).collect();
                let places = self.slice(&places);
                quote!(__agno::Node::tuple(#places))
            }
            Shape::Named(fields) => self.object(None, fields, closed),
        }
    }

    fn object(&self, tag: Option<TokenStream>, fields: &[Field<'_>], closed: bool) -> TokenStream {
        let fields: Vec<_> = tag
            .into_iter()
            .chain(fields.iter().map(|field| self.field(field)))
            .collect();
        let fields = self.slice(&fields);
        let closed = closed.then(|| quote!(.closed()));
        quote!(__agno::Node::object(#fields) #closed)
    }

    /// The schema of a field's value.
    fn content(&self, field: &Field<'_>) -> TokenStream {
        let schema = match field.with() {
            Some(with) => self.with(with),
            None => self.of_type(field.ty()),
        };
        if field.words.rules().is_empty() {
            return schema;
        }
        let ruled = field.words.apply(quote!(*#schema.base()));
        let replaced = |ruled: &TokenStream| {
            let nullable = self.forever(&quote!(__agno::Node::nullable(__agno::SchemaRef::new(#ruled))));
            quote!(#schema.replaced(#ruled, #nullable))
        };
        if self.generic {
            return replaced(&self.forever(&ruled));
        }
        // A static of its own, so that a rule that does not fit is told once.
        let replaced = replaced(&quote!(&RULED));
        quote!({ static RULED: __agno::Node = #ruled; #replaced })
    }

    fn with(&self, with: &With) -> TokenStream {
        match with {
            With::Json(json) => self.link(&quote!(__agno::Node::raw(#json))),
            With::Type(ty) => self.of_type(ty),
        }
    }

    fn field(&self, field: &Field<'_>) -> TokenStream {
        let schema = self.content(field);
        if field.serde.flatten.is_given() {
            let optional = field.optional.then(|| quote!(.optional()));
            return quote!(__agno::Field::flatten(#schema) #optional);
        }
        let name = &field.name;
        let description = field.description.as_ref().map(|text| quote!(.described(#text)));
        let aliases = self.aliases(&field.serde.aliases);
        let presence = if field.optional {
            Some(quote!(.optional()))
        } else if !field.serde.opaque.is_empty() {
            // Where serde calls a function it asks for the field, even if that is an `Option`.
            Some(quote!(.required()))
        } else {
            None
        };
        let notes = field.words.notes();
        quote!(__agno::Field::new(#name, #schema) #description #aliases #presence #(#notes)*)
    }

    fn aliases(&self, aliases: &[String]) -> Option<TokenStream> {
        (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])))
    }

    /// A field that holds the name of a variant.
    fn tag(&self, tag: &str, name: &str, aliases: &[String]) -> TokenStream {
        let aliases = self.aliases(aliases);
        let values = self.slice(&[quote!(__agno::Value::new(#name) #aliases)]);
        let schema = self.link(&quote!(__agno::Node::one_of(#values)));
        quote!(__agno::Field::new(#tag, #schema))
    }

    fn variants(&self, container: &Container<'_>, variants: &[Variant<'_>]) -> TokenStream {
        let serde = &container.serde;
        let closed = serde.deny_unknown_fields.is_given();
        let (tagging, shapes) = match (serde.tag.get(), serde.content.get()) {
            _ if serde.untagged.is_given() => {
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
                    quote!(__agno::Node::one_of(#units))
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

    fn variant(&self, variant: &Variant<'_>, named: bool, node: &TokenStream) -> TokenStream {
        let description = variant.description.as_ref().map(|text| quote!(.described(#text)));
        let schema = self.link(&quote!(#node #description));
        let (name, aliases) = if named {
            (&*variant.name, &*variant.serde.aliases)
        } else {
            ("", &[][..])
        };
        let aliases = self.aliases(aliases);
        quote!(__agno::Variant::new(#name, #schema) #aliases)
    }

    fn value(&self, variant: &Variant<'_>) -> TokenStream {
        let name = &variant.name;
        let description = variant.description.as_ref().map(|text| quote!(.described(#text)));
        let aliases = self.aliases(&variant.serde.aliases);
        quote!(__agno::Value::new(#name) #description #aliases)
    }

    fn external(&self, variant: &Variant<'_>, closed: bool) -> TokenStream {
        let name = &variant.name;
        let content = self.variant_content(variant, closed);
        let aliases = self.aliases(&variant.serde.aliases);
        let fields = self.slice(&[quote!(__agno::Field::new(#name, #content) #aliases.required())]);
        quote!(__agno::Node::object(#fields).closed())
    }

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

    fn variant_content(&self, variant: &Variant<'_>, closed: bool) -> TokenStream {
        match &variant.shape {
            Shape::Newtype(field) => self.content(field),
            shape => self.link(&self.shape(shape, closed)),
        }
    }

    /// Flattening what is no object is an error at the field's type; for a generic type, where it is used.
    fn flatten_checks(&self, container: &Container<'_>) -> TokenStream {
        if self.generic {
            return TokenStream::new();
        }
        let fields = container
            .fields()
            .into_iter()
            .filter(|field| field.serde.flatten.is_given());
        fields
            .map(|field| {
                let schema = self.content(field);
                let span = field.ty().span();
                quote_spanned!(span=> const _: () = __agno::check_flatten(#schema);)
            })
            .collect()
    }

    /// The examples of each field against its type, each at the literal.
    fn example_checks(&self, container: &Container<'_>) -> TokenStream {
        if self.generic {
            return TokenStream::new();
        }
        let fields = container.fields().into_iter();
        fields
            .filter(|field| !field.serde.flatten.is_given())
            .flat_map(|field| {
                let schema = self.content(field);
                field
                    .words
                    .examples
                    .iter()
                    .map(move |example| example.check(&schema))
            })
            .collect()
    }
}
