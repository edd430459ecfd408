//! The model of a type: the serialized names and shapes of the variants and fields that are not skipped.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, DeriveInput, Fields, Path, Type};

use super::case::Case;
use super::parse::{ContainerAttr, FieldAttr, VariantAttr};
use crate::common::schema_attr::{SchemaAttr, Target, With};
use crate::common::{Errors, default_crate_path, description};

/// A type that derives `Schema`.
pub(crate) struct Container<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) krate: Path,
    /// The serialized name, which is the value of the tag.
    pub(crate) name: String,
    pub(crate) description: Option<TokenStream>,
    pub(crate) schema: SchemaAttr,
    pub(crate) serde: ContainerAttr,
    pub(crate) data: Data<'a>,
}

/// The content of a type.
pub(crate) enum Data<'a> {
    /// Replaced by the schema in `#[schema(with = ..)]`.
    With,
    Struct(Shape<'a>),
    Enum(Vec<Variant<'a>>),
}

/// The shape of the content of a struct or a variant.
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
    pub(crate) serde: VariantAttr,
    pub(crate) description: Option<TokenStream>,
    pub(crate) shape: Shape<'a>,
}

/// A field that is not skipped.
pub(crate) struct Field<'a> {
    pub(crate) original: &'a syn::Field,
    pub(crate) name: String,
    pub(crate) serde: FieldAttr,
    pub(crate) schema: SchemaAttr,
    pub(crate) description: Option<TokenStream>,
    /// `true` if serde fills in a missing value.
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

    /// Returns the schema that replaces the schema of the field's type, if any.
    pub(crate) fn with(&self) -> Option<&With> {
        self.schema.with.get()
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
    /// Returns all fields of the type.
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

/// Resolves a type. If the type cannot have a schema, adds an error and returns `None`.
pub(crate) fn container<'a>(input: &'a DeriveInput, cx: &Errors) -> Option<Container<'a>> {
    let serde = ContainerAttr::parse(&input.attrs, cx);
    let schema = SchemaAttr::parse(&input.attrs, Target::Container, cx);
    let with = schema.with.is_set();
    let data = match &input.data {
        _ if with => Data::With,
        syn::Data::Struct(data) => {
            let naming = Naming {
                case: serde.rename_all.get().copied(),
                optional: serde.default.is_set(),
            };
            Data::Struct(shape(&data.fields, &naming, cx))
        }
        syn::Data::Enum(data) => Data::Enum(
            data.variants
                .iter()
                .filter_map(|original| variant(original, &serde, cx))
                .collect(),
        ),
        syn::Data::Union(data) => {
            cx.error(data.union_token, "serde does not support unions; use an enum");
            return None;
        }
    };
    let krate = schema.krate.get().cloned().unwrap_or_else(default_crate_path);
    let name = serde
        .rename
        .get()
        .cloned()
        .unwrap_or_else(|| input.ident.unraw().to_string());
    let description = resolve_description(&schema, &input.attrs);
    Some(Container {
        input,
        krate,
        name,
        description,
        schema,
        serde,
        data,
    })
}

fn variant<'a>(original: &'a syn::Variant, container: &ContainerAttr, cx: &Errors) -> Option<Variant<'a>> {
    let serde = VariantAttr::parse(&original.attrs, cx);
    let schema = SchemaAttr::parse(&original.attrs, Target::Variant, cx);
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
        description: resolve_description(&schema, &original.attrs),
        shape,
    })
}

/// The attributes of a container or variant that apply to its fields.
struct Naming {
    case: Option<Case>,
    /// `true` if the type's `#[serde(default)]` fills in missing fields.
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
    let serde = FieldAttr::parse(&original.attrs, cx);
    let schema = SchemaAttr::parse(&original.attrs, Target::Field, cx);
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
    let optional = naming.optional || serde.default.is_set();
    let description = resolve_description(&schema, &original.attrs);
    Some(Field {
        original,
        name,
        serde,
        schema,
        description,
        optional,
    })
}

fn resolve_description(schema: &SchemaAttr, attrs: &[Attribute]) -> Option<TokenStream> {
    match schema.description.get() {
        Some(text) => Some(text.to_token_stream()),
        None => description(attrs),
    }
}
