//! A tool with resolved names and descriptions and classified parameters.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, LitStr, Pat, PatType, Path, Receiver, Type};

use super::param_type::{ArgumentKind, ParamType, classify, ungrouped_type};
use super::parse::{ArgAttr, DefaultValue, RENAME, ToolAttr, name_problem};
use super::synonyms;
use crate::common::cfg::{Combination, Conditions};
use crate::common::function::Function;
use crate::common::item::is_arg;
use crate::common::schema_attr::SchemaAttr;
use crate::common::{Errors, Slot, description};

/// A function that is a tool.
pub(crate) struct Tool<'a> {
    pub(crate) function: &'a Function,
    pub(crate) attr: ToolAttr,
    pub(crate) name: String,
    pub(crate) description: TokenStream,
    pub(crate) receiver: Option<&'a Receiver>,
    pub(crate) params: Vec<Param<'a>>,
}

/// A parameter.
pub(crate) struct Param<'a> {
    pub(crate) attrs: &'a [Attribute],
    pub(crate) kind: ParamKind<'a>,
}

/// The kind of a parameter.
pub(crate) enum ParamKind<'a> {
    /// `&RunContext`.
    Context(&'a Type),
    Argument(Box<Argument<'a>>),
}

/// A parameter that the model fills in.
pub(crate) struct Argument<'a> {
    /// The name on the wire.
    pub(crate) name: String,
    /// The span of the parameter's name, or of the value of `rename`.
    pub(crate) name_span: Span,
    /// The type whose schema describes the argument.
    pub(crate) ty: &'a Type,
    pub(crate) kind: ArgumentKind<'a>,
    pub(crate) schema: SchemaAttr,
    pub(crate) default: Slot<DefaultValue>,
    pub(crate) description: Option<TokenStream>,
}

/// A tool with the parameters that exist in one combination of `#[cfg]` conditions.
pub(crate) struct ConfiguredTool<'t> {
    pub(crate) declared: &'t Tool<'t>,
    pub(crate) params: Vec<&'t Param<'t>>,
}

impl<'a> Tool<'a> {
    /// Resolves a function and the values of its attribute.
    pub(crate) fn new(function: &'a Function, attr: ToolAttr, cx: &Errors) -> Self {
        let ident = &function.sig.ident;
        let name = match attr.name.get() {
            Some(name) => name.value(),
            None => {
                let name = ident.unraw().to_string();
                if let Some(error) = name_problem(&name, RENAME)
                    && !attr.name.is_set()
                {
                    cx.error(ident, error);
                }
                name
            }
        };
        let description = match attr.description.get() {
            Some(text) => text.to_token_stream(),
            None => description(&function.attrs).unwrap_or_else(|| {
                if !attr.description.is_set() {
                    cx.error(
                        ident,
                        format_args!(
                            "the tool `{name}` has no description, so a model cannot know when to call it; write a doc comment: `/// Returns …`"
                        ),
                    );
                }
                quote!("")
            }),
        };
        let mut receiver = None;
        let mut params = Vec::new();
        for input in &function.sig.inputs {
            match input {
                FnArg::Receiver(receiver_arg) => {
                    for attr in receiver_arg.attrs.iter().filter(|attr| is_arg(attr)) {
                        cx.error(
                            attr,
                            "`self` is not an argument that a model sends; remove `#[arg]`",
                        );
                    }
                    receiver = Some(receiver_arg);
                }
                FnArg::Typed(typed) => params.extend(param(typed, cx)),
            }
        }
        Self {
            function,
            attr,
            name,
            description,
            receiver,
            params,
        }
    }

    pub(crate) fn is_async(&self) -> bool {
        self.function.sig.asyncness.is_some()
    }

    /// Returns `true` if the caller of the run provides the results. Such a tool has no function to call.
    pub(crate) fn is_external(&self) -> bool {
        self.attr.external.is_set()
    }

    /// Returns `true` if the driver checks the arguments before it calls the tool.
    pub(crate) fn is_checked(&self) -> bool {
        let attr = &self.attr;
        attr.external.is_set() || attr.approval.is_set() || attr.retries.is_set()
    }

    /// Returns `true` if the function runs on a thread for blocking work.
    pub(crate) fn is_blocking(&self) -> bool {
        self.attr.blocking.is_set()
    }

    /// Returns the span of the value of `name` if it is set, and otherwise of the function's name.
    pub(crate) fn name_span(&self) -> Span {
        match self.attr.name.get() {
            Some(name) => name.span(),
            None => self.function.sig.ident.span(),
        }
    }

    /// Returns the parameters that the model fills in, regardless of `#[cfg]` conditions.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Argument<'a>> {
        self.params.iter().filter_map(Param::argument)
    }

    /// Adds the conditions of the function and of its parameters.
    pub(crate) fn add_conditions(&self, conditions: &mut Conditions, cx: &Errors) {
        conditions.add(&self.function.attrs, cx);
        for input in &self.function.sig.inputs {
            if let FnArg::Typed(param) = input {
                conditions.add(&param.attrs, cx);
            }
        }
    }

    /// Returns the tool in one combination of the conditions.
    pub(crate) fn configured(&self, combination: Combination<'_>) -> ConfiguredTool<'_> {
        ConfiguredTool {
            declared: self,
            params: self
                .params
                .iter()
                .filter(|param| combination.includes(param.attrs))
                .collect(),
        }
    }
}

impl<'t> ConfiguredTool<'t> {
    /// Returns the parameters that the model fills in.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &'t Argument<'t>> {
        self.params.iter().filter_map(|param| param.argument())
    }

    /// Returns `true` if a parameter receives the run context.
    pub(crate) fn has_context(&self) -> bool {
        self.params
            .iter()
            .any(|param| matches!(param.kind, ParamKind::Context(_)))
    }
}

impl<'a> Param<'a> {
    fn argument(&self) -> Option<&Argument<'a>> {
        match &self.kind {
            ParamKind::Argument(argument) => Some(argument),
            ParamKind::Context(_) => None,
        }
    }
}

impl Argument<'_> {
    /// Returns the span of the type.
    pub(crate) fn span(&self) -> Span {
        self.ty.span()
    }
}

/// Resolves a parameter. If the parameter is invalid, adds an error and returns `None`.
fn param<'a>(param: &'a PatType, cx: &Errors) -> Option<Param<'a>> {
    for attr in &param.attrs {
        let name = attr.path().get_ident().map(ToString::to_string);
        if let Some(name) = name
            && let Some(fix) = synonyms::of_parameter_attribute(&name)
        {
            cx.error(
                attr,
                format_args!("`#[{name}]` does not apply to a parameter; {fix}"),
            );
        }
    }
    let ty = ungrouped_type(&param.ty);
    let param_type = classify(ty, cx);
    if let Some(ParamType::Context) = param_type {
        if let Some(attr) = param.attrs.iter().find(|attr| is_arg(attr)) {
            cx.error(
                attr,
                "the run context is not an argument that a model sends; remove `#[arg]`",
            );
        }
        return Some(Param {
            attrs: &param.attrs,
            kind: ParamKind::Context(ty),
        });
    }
    let ArgAttr {
        schema: attr,
        default,
        rename,
    } = ArgAttr::parse(&param.attrs, cx);
    let name = argument_name(param, &rename, cx);
    let (Some(ParamType::Argument { kind, schema }), Some((name, name_span))) = (param_type, name) else {
        return None;
    };
    let description = match attr.description.get() {
        Some(text) => Some(text.to_token_stream()),
        None => description(&param.attrs),
    };
    Some(Param {
        attrs: &param.attrs,
        kind: ParamKind::Argument(Box::new(Argument {
            name,
            name_span,
            ty: schema,
            kind,
            schema: attr,
            default,
            description,
        })),
    })
}

/// The error for a value of the program in the parameters.
const FIELD: &str = "a model sends the arguments, so a value that the program has is a field: make the function a method in a `#[toolkit]` block, and write `self.field`";

/// Returns `true` for the patterns with which web frameworks pass shared state to a handler.
fn is_state(path: &Path) -> bool {
    let name = path.segments.last().map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("State" | "Extension" | "Data"))
}

/// Returns `true` for the patterns with which web frameworks pass parts of a request to a handler.
fn is_extractor(path: &Path) -> bool {
    let name = path.segments.last().map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("Json" | "Query" | "Form" | "Path"))
}

/// Returns the name of an argument with its span: `rename` if it is set, and otherwise the parameter's name.
fn argument_name(param: &PatType, rename: &Slot<LitStr>, cx: &Errors) -> Option<(String, Span)> {
    let Pat::Ident(pattern) = &*param.pat else {
        let error = match &*param.pat {
            Pat::Wild(_) => "the argument has no name, but models send arguments by name; write `name: Type`",
            Pat::TupleStruct(pattern) if is_state(&pattern.path) => FIELD,
            Pat::TupleStruct(pattern) if is_extractor(&pattern.path) => {
                "the arguments of a tool need no extractor; write a parameter for each: `query: &str`"
            }
            _ => {
                "a pattern has no name, but models send arguments by name; write `name: Type` and destructure it in the body"
            }
        };
        cx.error(&param.pat, error);
        return None;
    };
    if let Some((_, pattern)) = &pattern.subpat {
        cx.error(
            pattern,
            "a pattern has no name, but models send arguments by name; write `name: Type`",
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
        let error = if name.is_empty() {
            "the argument name is empty".to_owned()
        } else {
            format!("`{name}` is not a valid argument name")
        };
        cx.error_at(
            span,
            format_args!(
                "{error}; providers accept 1 to 64 of `a-z`, `A-Z`, `0-9`, `_`, `.` and `-`: write `#[arg(rename = \"...\")]`"
            ),
        );
    }
    Some((name, span))
}
