//! Classifies the types of parameters by their syntax, because macros run before types are resolved.
//!
//! A parameter that is a reference to a type whose path ends in `RunContext` receives the run context. `&str`,
//! `Option<&str>` and `Cow<str>` borrow from the JSON text of the arguments; `&[T]` is deserialized as a `Vec<T>`, and
//! `&T` as a `T`.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type, TypeReference};

use crate::common::Errors;
use crate::common::tokens::{find_ident, find_punct};

/// The type of a parameter.
pub(crate) enum ParamType<'a> {
    /// `&RunContext`.
    Context,
    Argument {
        kind: ArgumentKind<'a>,
        /// The type whose schema describes the argument.
        schema: &'a Type,
    },
}

/// The kind of an argument, which determines the stored type of its value and the way the value is passed.
pub(crate) enum ArgumentKind<'a> {
    /// `&str`.
    Text,
    /// `Option<&str>`.
    OptionalText,
    /// `Cow<str>`.
    Cow,
    /// `&T`.
    Borrowed(&'a Type),
    /// `&[T]`.
    Slice(&'a Type),
    /// Any other type, passed by value.
    Owned(&'a Type),
}

/// Classifies a type. If a parameter cannot have the type, adds an error and returns `None`.
pub(crate) fn classify<'a>(ty: &'a Type, cx: &Errors) -> Option<ParamType<'a>> {
    if let Type::Reference(reference) = ty {
        return classify_reference(reference, cx);
    }
    if last_segment(ty).is_some_and(|name| name == "RunContext") {
        cx.error(ty, "a tool borrows the run context; write `&RunContext`");
        return None;
    }
    if let Some(inner) = argument_of(ty, "Option")
        && let Type::Reference(TypeReference {
            elem,
            mutability: None,
            ..
        }) = inner
        && is_str(ungrouped_type(elem))
    {
        return Some(ParamType::Argument {
            kind: ArgumentKind::OptionalText,
            schema: ty,
        });
    }
    if argument_of(ty, "Cow").is_some_and(is_str) {
        return Some(ParamType::Argument {
            kind: ArgumentKind::Cow,
            schema: ty,
        });
    }
    check_owned(ty, cx)?;
    Some(ParamType::Argument {
        kind: ArgumentKind::Owned(ty),
        schema: ty,
    })
}

fn classify_reference<'a>(reference: &'a TypeReference, cx: &Errors) -> Option<ParamType<'a>> {
    let elem = ungrouped_type(&reference.elem);
    if let Some(mutability) = &reference.mutability {
        cx.error(
            mutability,
            "an argument cannot be a mutable reference; take it by value, or, if the program has the value, make it a field behind a lock and the function a method in a `#[toolkit]` block",
        );
        return None;
    }
    if let Some(lifetime) = reference
        .lifetime
        .as_ref()
        .filter(|lifetime| lifetime.ident != "_")
    {
        cx.error(
            lifetime,
            "an argument borrows from its call; omit the lifetime: `&str`",
        );
        return None;
    }
    if last_segment(elem).is_some_and(|name| name == "RunContext") {
        return Some(ParamType::Context);
    }
    let kind = match elem {
        elem if is_str(elem) => ArgumentKind::Text,
        Type::Slice(slice) => {
            check_owned(&slice.elem, cx)?;
            ArgumentKind::Slice(&slice.elem)
        }
        elem => {
            check_owned(elem, cx)?;
            ArgumentKind::Borrowed(elem)
        }
    };
    Some(ParamType::Argument { kind, schema: elem })
}

const TRAIT_OBJECT: &str = "a model cannot send a trait object; for a value that the program has, make it a field and the function a method in a `#[toolkit]` block";

/// Returns `None` and adds an error if the type cannot be deserialized from a model's arguments.
fn check_owned(ty: &Type, cx: &Errors) -> Option<()> {
    match ty {
        Type::ImplTrait(_) => {
            cx.error(
                ty,
                "`impl Trait` has no schema; use a concrete type, such as `String`",
            );
            return None;
        }
        Type::TraitObject(_) => {
            cx.error(ty, TRAIT_OBJECT);
            return None;
        }
        Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) | Type::Infer(_) => {
            cx.error(
                ty,
                "a model cannot send a value of this type; use a type with `#[derive(Schema, Deserialize)]`",
            );
            return None;
        }
        _ => {}
    }
    if let Some(span) = find_ident(ty.to_token_stream(), "impl") {
        cx.error_at(
            span,
            "`impl Trait` has no schema; use a concrete type, such as `String`",
        );
        return None;
    }
    if let Some(span) = find_ident(ty.to_token_stream(), "dyn") {
        cx.error_at(span, TRAIT_OBJECT);
        return None;
    }
    if let Some(span) = find_punct(ty.to_token_stream(), '&') {
        cx.error_at(
            span,
            "a nested reference cannot borrow from the arguments, whose strings may be escaped; use an owned type: `String` for `&str`, `Vec<T>` for `&[T]`",
        );
        return None;
    }
    Some(())
}

/// Removes parentheses and the groups that `macro_rules!` puts around a type.
pub(crate) fn ungrouped_type(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped_type(&group.elem),
        Type::Paren(paren) => ungrouped_type(&paren.elem),
        ty => ty,
    }
}

fn last_segment(ty: &Type) -> Option<&syn::Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// Returns the last type argument of a type with this name.
fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let segment = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.last()? {
        GenericArgument::Type(ty) => Some(ungrouped_type(ty)),
        _ => None,
    }
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}
