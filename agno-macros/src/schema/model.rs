//! The type as its schema sees it: names as on the wire, shapes as serde has them, what is skipped left out.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, DeriveInput, Fields, Path, Type};

use super::case::Case;
use super::parse::{Place, With, Words};
use super::serde;
use crate::attr::{Errors, default_crate_path, description};

/// A type.
pub(crate) struct Container<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) krate: Path,
    /// The name on the wire, where a tag tells it.
    pub(crate) name: String,
    pub(crate) description: Option<TokenStream>,
    pub(crate) words: Words,
    pub(crate) serde: serde::Container,
    pub(crate) data: Data<'a>,
}

/// What a type is made of.
pub(crate) enum Data<'a> {
    /// `#[schema(with = ..)]`: something else.
    With,
    Struct(Shape<'a>),
    Enum(Vec<Variant<'a>>),
}

/// The form of a struct's or a variant's content.
pub(crate) enum Shape<'a> {
    Unit,
    Newtype(Box<Field<'a>>),
    Tuple(Vec<Field<'a>>),
    Named(Vec<Field<'a>>),
}

/// A variant that is not skipped.
pub(crate) struct Variant<'a> {
    pub(crate) original: &'a syn::Variant,
    pub(crate) name: String,
    pub(crate) serde: serde::Variant,
    pub(crate) description: Option<TokenStream>,
    pub(crate) shape: Shape<'a>,
}

/// A field that is not skipped.
pub(crate) struct Field<'a> {
    pub(crate) original: &'a syn::Field,
    pub(crate) name: String,
    pub(crate) serde: serde::Field,
    pub(crate) words: Words,
    pub(crate) description: Option<TokenStream>,
    /// Whether serde fills it in.
    pub(crate) optional: bool,
}

impl Container<'_> {
    pub(crate) fn ident(&self) -> &Ident {
        &self.input.ident
    }
}

impl<'a> Field<'a> {
    pub(crate) fn ty(&self) -> &'a Type {
        &self.original.ty
    }

    /// Whether the schema is not that of the type.
    pub(crate) fn with(&self) -> Option<&With> {
        self.words.with.get()
    }
}

impl<'a> Shape<'a> {
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        match self {
            Self::Unit => &[],
            Self::Newtype(field) => std::slice::from_ref(field),
            Self::Tuple(fields) | Self::Named(fields) => fields,
        }
    }
}

impl<'a> Container<'a> {
    /// All fields of the type.
    pub(crate) fn fields(&self) -> Vec<&Field<'a>> {
        match &self.data {
            Data::With => Vec::new(),
            Data::Struct(shape) => shape.fields().iter().collect(),
            Data::Enum(variants) => variants
                .iter()
                .flat_map(|variant| variant.shape.fields())
                .collect(),
        }
    }
}

/// Reads a type; `None` if it can have no schema at all.
pub(crate) fn container<'a>(input: &'a DeriveInput, cx: &Errors) -> Option<Container<'a>> {
    let serde = serde::Container::of(&input.attrs, cx);
    let words = Words::of(&input.attrs, Place::Container, cx);
    let with = words.with.is_given();
    let data = match &input.data {
        _ if with => Data::With,
        syn::Data::Struct(data) => {
            let context = Naming {
                case: serde.rename_all.get().copied(),
                optional: serde.default.is_given(),
            };
            Data::Struct(shape(&data.fields, &context, cx))
        }
        syn::Data::Enum(data) => Data::Enum(
            data.variants
                .iter()
                .filter_map(|original| variant(original, &serde, cx))
                .collect(),
        ),
        syn::Data::Union(data) => {
            cx.error(data.union_token, "serde has no form for a union; use an enum");
            return None;
        }
    };
    let krate = words.krate.get().cloned().unwrap_or_else(default_crate_path);
    let name = serde
        .rename
        .get()
        .cloned()
        .unwrap_or_else(|| input.ident.unraw().to_string());
    let description = described(&words, &input.attrs);
    Some(Container {
        input,
        krate,
        name,
        description,
        words,
        serde,
        data,
    })
}

fn variant<'a>(original: &'a syn::Variant, container: &serde::Container, cx: &Errors) -> Option<Variant<'a>> {
    let serde = serde::Variant::of(&original.attrs, cx);
    let words = Words::of(&original.attrs, Place::Variant, cx);
    let case = serde
        .rename_all
        .get()
        .or(container.rename_all_fields.get())
        .copied();
    let shape = shape(
        &original.fields,
        &Naming {
            case,
            optional: false,
        },
        cx,
    );
    if serde.skip {
        return None;
    }
    let rust = original.ident.unraw().to_string();
    let name = match (serde.rename.get(), container.rename_all.get()) {
        (Some(name), _) => name.clone(),
        (None, Some(case)) => case.variant(&rust),
        (None, None) => rust,
    };
    Some(Variant {
        original,
        name,
        serde,
        description: described(&words, &original.attrs),
        shape,
    })
}

struct Naming {
    case: Option<Case>,
    optional: bool,
}

fn shape<'a>(fields: &'a Fields, naming: &Naming, cx: &Errors) -> Shape<'a> {
    let all = || fields.iter().filter_map(|original| field(original, naming, cx));
    match fields {
        Fields::Unit => Shape::Unit,
        Fields::Named(_) => Shape::Named(all().collect()),
        Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => all()
            .next()
            .map_or(Shape::Unit, |field| Shape::Newtype(Box::new(field))),
        Fields::Unnamed(_) => Shape::Tuple(all().collect()),
    }
}

fn field<'a>(original: &'a syn::Field, naming: &Naming, cx: &Errors) -> Option<Field<'a>> {
    let serde = serde::Field::of(&original.attrs, cx);
    let words = Words::of(&original.attrs, Place::Field, cx);
    if serde.skip {
        return None;
    }
    let rust = original
        .ident
        .as_ref()
        .map_or_else(String::new, |ident| ident.unraw().to_string());
    let name = match (serde.rename.get(), naming.case) {
        (Some(name), _) => name.clone(),
        (None, Some(case)) => case.field(&rust),
        (None, None) => rust,
    };
    let optional = naming.optional || serde.default.is_given();
    let description = described(&words, &original.attrs);
    Some(Field {
        original,
        name,
        serde,
        words,
        description,
        optional,
    })
}

fn described(words: &Words, attrs: &[Attribute]) -> Option<TokenStream> {
    match words.description.get() {
        Some(text) => Some(text.to_token_stream()),
        None => description(attrs),
    }
}
