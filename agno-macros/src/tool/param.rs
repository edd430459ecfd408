//! One parameter of a tool: what the model is told of it and how its value reaches the function.
//!
//! ```text
//! #[arg(default)]  #[arg(default = expr)]  rename = "text"  description = "text"  example = lit  examples = [lit]
//! range = 1..=5  len = 1..=80  pattern = "regex"  format = "text"  multiple_of = 5  unique  deprecated
//! ```
//!
//! A few types are told by how they are written, since a parameter's form is needed where types are not known yet: a
//! reference to something whose path ends in `RunContext` is injected, `&str`, `Option<&str>` and `Cow<str>` borrow
//! from what the model sent, `&[T]` is read as a `Vec<T>` and `&T` as a `T`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, GenericArgument, LitStr, Meta, Pat, PatType, PathArguments, Type, TypeReference};

use crate::attr::{Errors, Item, Slot, description, items, ungrouped, unknown_key};
use crate::schema::literal::Literal;
use crate::schema::parse::{PARAMETER, Place, Words};

/// A parameter.
pub(crate) struct Param<'a> {
    pub(crate) attrs: &'a [Attribute],
    pub(crate) kind: Kind<'a>,
}

pub(crate) enum Kind<'a> {
    /// `&RunContext`.
    Context(&'a Type),
    Argument(Box<Argument<'a>>),
}

/// A parameter that the model fills in.
pub(crate) struct Argument<'a> {
    /// The name on the wire, and where it is written.
    pub(crate) name: String,
    pub(crate) name_span: Span,
    /// The type that has the schema.
    pub(crate) ty: &'a Type,
    pub(crate) form: Form<'a>,
    pub(crate) words: Words,
    pub(crate) default: Slot<Default>,
    pub(crate) description: Option<TokenStream>,
}

/// How a value is kept until the call and then handed over.
pub(crate) enum Form<'a> {
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
    /// Anything else, as it is.
    Owned(&'a Type),
}

/// The value of an argument that is not given.
pub(crate) enum Default {
    OfType,
    Expr(Box<Expr>),
}

/// Reads a parameter; `None` after noting what it cannot be.
pub(crate) fn param<'a>(param: &'a PatType, cx: &Errors) -> Option<Param<'a>> {
    let ty = plain(&param.ty);
    let form = form(ty, cx);
    if let Some(Classified::Context) = form {
        if let Some(attr) = param.attrs.iter().find(|attr| is_arg(attr)) {
            cx.error(
                attr,
                "the run is not an argument: the model never sees it; remove `#[arg]`",
            );
        }
        return Some(Param {
            attrs: &param.attrs,
            kind: Kind::Context(ty),
        });
    }
    let mut default = Slot::empty();
    let mut rename = Slot::empty();
    let words = words(&param.attrs, &mut default, &mut rename, cx);
    let name = name(param, &rename, cx);
    let (Some(Classified::Argument { form, schema }), Some((name, name_span))) = (form, name) else {
        return None;
    };
    let description = match words.description.get() {
        Some(text) => Some(text.to_token_stream()),
        None => description(&param.attrs),
    };
    Some(Param {
        attrs: &param.attrs,
        kind: Kind::Argument(Box::new(Argument {
            name,
            name_span,
            ty: schema,
            form,
            words,
            default,
            description,
        })),
    })
}

pub(crate) fn is_arg(attr: &Attribute) -> bool {
    attr.path().is_ident("arg")
}

/// The name of the parameter, or the one given by `rename`.
fn name(param: &PatType, rename: &Slot<LitStr>, cx: &Errors) -> Option<(String, Span)> {
    let Pat::Ident(pattern) = &*param.pat else {
        let what = match &*param.pat {
            Pat::Wild(_) => {
                "an argument without a name; the model fills arguments in by name: write `name: Type`"
            }
            _ => "a pattern has no name to tell the model; write `name: Type` and take it apart in the body",
        };
        cx.error(&param.pat, what);
        return None;
    };
    if let Some((_, pattern)) = &pattern.subpat {
        cx.error(
            pattern,
            "a pattern has no name to tell the model; write `name: Type`",
        );
        return None;
    }
    let (name, span) = match rename.get() {
        Some(text) => (text.value(), text.span()),
        None => (pattern.ident.unraw().to_string(), pattern.ident.span()),
    };
    let fits = (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if !fits {
        cx.error_at(
            span,
            format_args!(
                "`{name}` cannot be an argument's name; providers take 1 to 64 of `a-z`, `A-Z`, `0-9`, `_`, `.` and `-`: write `#[arg(rename = \"...\")]`"
            ),
        );
    }
    Some((name, span))
}

fn words(attrs: &[Attribute], default: &mut Slot<Default>, rename: &mut Slot<LitStr>, cx: &Errors) -> Words {
    let mut words = Words::default();
    for attr in attrs.iter().filter(|attr| is_arg(attr)) {
        let Meta::List(list) = &attr.meta else {
            cx.error(attr, "expected a list; write `#[arg(default)]`");
            continue;
        };
        for item in items(list.tokens.clone(), cx) {
            match item.name() {
                "rename" => rename.set(cx, &item, item.text()),
                "default" => {
                    if let Some(literal) = literal(&item)
                        && !default.is_given()
                    {
                        words.default.set(cx, &item, Ok(literal));
                    }
                    default.set(cx, &item, default_of(&item));
                }
                name if PARAMETER.contains(&name) => words.entry(&item, Place::Parameter, cx),
                _ => unknown_key(cx, &item.key, PARAMETER),
            }
        }
    }
    words
}

/// `default` or `default = expr`.
fn default_of(item: &Item) -> syn::Result<Default> {
    if item.is_bare() {
        return Ok(Default::OfType);
    }
    let expr = ungrouped(item.value("5")?);
    Ok(Default::Expr(Box::new(expr)))
}

/// The value of a default that is known here, so that the model can be told.
fn literal(item: &Item) -> Option<Literal> {
    let expr = item.value::<Expr>("5").ok()?;
    Literal::of("default", &expr).ok()
}

enum Classified<'a> {
    Context,
    Argument {
        form: Form<'a>,
        /// The type that has the schema.
        schema: &'a Type,
    },
}

fn form<'a>(ty: &'a Type, cx: &Errors) -> Option<Classified<'a>> {
    if let Type::Reference(reference) = ty {
        return reference_form(reference, cx);
    }
    if last_segment(ty).is_some_and(|name| name == "RunContext") {
        cx.error(ty, "the run is lent to a tool; write `&RunContext`");
        return None;
    }
    if let Some(inner) = argument_of(ty, "Option")
        && let Type::Reference(TypeReference {
            elem,
            mutability: None,
            ..
        }) = inner
        && is_str(plain(elem))
    {
        return Some(Classified::Argument {
            form: Form::OptionalText,
            schema: ty,
        });
    }
    if argument_of(ty, "Cow").is_some_and(is_str) {
        return Some(Classified::Argument {
            form: Form::Cow,
            schema: ty,
        });
    }
    whole(ty, cx)?;
    Some(Classified::Argument {
        form: Form::Owned(ty),
        schema: ty,
    })
}

fn reference_form<'a>(reference: &'a TypeReference, cx: &Errors) -> Option<Classified<'a>> {
    let elem = plain(&reference.elem);
    if let Some(mutability) = &reference.mutability {
        cx.error(
            mutability,
            "an argument is the model's to give, not the tool's to change; take it by value",
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
            "an argument lives as long as its call; leave the lifetime out: `&str`",
        );
        return None;
    }
    if last_segment(elem).is_some_and(|name| name == "RunContext") {
        return Some(Classified::Context);
    }
    let form = match elem {
        elem if is_str(elem) => Form::Text,
        Type::Slice(slice) => {
            whole(&slice.elem, cx)?;
            Form::Slice(&slice.elem)
        }
        elem => {
            whole(elem, cx)?;
            Form::Borrowed(elem)
        }
    };
    Some(Classified::Argument { form, schema: elem })
}

/// Notes what a type may not be or hold.
fn whole(ty: &Type, cx: &Errors) -> Option<()> {
    match ty {
        Type::ImplTrait(_) => {
            cx.error(
                ty,
                "`impl Trait` leaves open what the model may send; name a type, such as `String`",
            );
            return None;
        }
        Type::TraitObject(_) | Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) | Type::Infer(_) => {
            cx.error(
                ty,
                "a model cannot send this; take a type with `#[derive(Schema, Deserialize)]`",
            );
            return None;
        }
        _ => {}
    }
    if let Some(span) = find(
        ty.to_token_stream(),
        &|token| matches!(token, TokenTree::Ident(ident) if ident == "impl"),
    ) {
        cx.error_at(
            span,
            "`impl Trait` leaves open what the model may send; name a type, such as `String`",
        );
        return None;
    }
    if let Some(span) = find(
        ty.to_token_stream(),
        &|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '&'),
    ) {
        cx.error_at(
            span,
            "a reference inside of another type cannot point into what the model sent, which may be escaped; own it: `String` for `&str`, `Vec<T>` for `&[T]`",
        );
        return None;
    }
    Some(())
}

/// The first token that is one of these.
pub(crate) fn find(tokens: TokenStream, wanted: &impl Fn(&TokenTree) -> bool) -> Option<Span> {
    tokens.into_iter().find_map(|token| match &token {
        TokenTree::Group(group) => find(group.stream(), wanted),
        token if wanted(token) => Some(token.span()),
        _ => None,
    })
}

/// A type without the groups that a macro by example puts around it.
fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        ty => ty,
    }
}

fn last_segment(ty: &Type) -> Option<&syn::Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The last type argument of a type of this name.
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
        GenericArgument::Type(ty) => Some(plain(ty)),
        _ => None,
    }
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

impl Argument<'_> {
    /// Where the type is written.
    pub(crate) fn span(&self) -> Span {
        self.ty.span()
    }
}
