//! Generates the parts of one argument: the type that stores it, its field in the schema, and the code that passes its
//! value.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, Type};

use crate::common::schema_attr::example_check;
use crate::common::tool_fn::model::Argument;
use crate::common::tool_fn::param_type::ArgumentKind;
use crate::common::tool_fn::parse::DefaultValue;

impl Argument<'_> {
    /// Generates the type that stores the value.
    pub(super) fn stored_type(&self, blocking: bool) -> TokenStream {
        let text = if blocking {
            quote!(__agno::String)
        } else {
            quote!(__agno::Str<'__a>)
        };
        match &self.kind {
            ArgumentKind::Text | ArgumentKind::Cow => text,
            ArgumentKind::OptionalText => quote!(__agno::Option<#text>),
            ArgumentKind::Slice(ty) => {
                let ty = name_lifetimes(ty.to_token_stream());
                quote!(__agno::Vec<#ty>)
            }
            ArgumentKind::Borrowed(ty) => name_lifetimes(sized(ty)),
            ArgumentKind::Owned(ty) => name_lifetimes(ty.to_token_stream()),
        }
    }

    /// Generates the schema of the type.
    pub(super) fn schema(&self) -> TokenStream {
        let ty = self.ty;
        match &self.kind {
            ArgumentKind::Text | ArgumentKind::OptionalText | ArgumentKind::Cow => {
                quote!(<#ty as __agno::Schema>::SCHEMA)
            }
            ArgumentKind::Slice(item) => {
                quote_spanned!(self.span()=> <__agno::Vec<#item> as __agno::ToolArgument<'_>>::ARGUMENT)
            }
            ArgumentKind::Borrowed(ty) => {
                let ty = sized(ty);
                quote_spanned!(self.span()=> <#ty as __agno::ToolArgument<'_>>::ARGUMENT)
            }
            ArgumentKind::Owned(ty) => {
                quote_spanned!(self.span()=> <#ty as __agno::ToolArgument<'_>>::ARGUMENT)
            }
        }
    }

    /// Generates the constants that do not compile if a constraint or an example does not match the type.
    pub(super) fn checks(&self) -> TokenStream {
        let schema = self.schema();
        let rules = (!self.schema.constraints().is_empty()).then(|| self.schema.rule_check(&schema));
        let examples = self.schema.examples.iter();
        let examples = examples.map(|example| example_check(example, &schema));
        quote!(#rules #(#examples)*)
    }

    /// Generates the function that reads the value into a slot of this type.
    ///
    /// A type that cannot be an argument violates the same bound at the same position as in [`schema`](Self::schema),
    /// so the compiler reports it once.
    pub(super) fn read(&self, stored: &TokenStream) -> TokenStream {
        let function = if self.default.is_set() {
            quote!(read_or_default)
        } else {
            quote!(read)
        };
        match &self.kind {
            ArgumentKind::Text | ArgumentKind::OptionalText | ArgumentKind::Cow => {
                quote!(__agno::#function::<#stored, __A>)
            }
            ArgumentKind::Slice(_) | ArgumentKind::Borrowed(_) | ArgumentKind::Owned(_) => {
                quote_spanned!(self.span()=> <#stored as __agno::ToolArgument<'_>>::#function::<__A>)
            }
        }
    }

    /// Generates the field of the schema.
    pub(super) fn schema_field(&self) -> TokenStream {
        let name = &self.name;
        let schema = self.schema();
        let schema = if self.schema.constraints().is_empty() {
            schema
        } else {
            let rules = self.schema.rules();
            quote!({
                static CONSTRAINED: __agno::Node = __agno::with_rules(*#schema.base(), #rules);
                __agno::replaced(
                    #schema,
                    &CONSTRAINED,
                    const { &__agno::Node::nullable(__agno::SchemaRef::new(&CONSTRAINED)) },
                )
            })
        };
        let description = self.description.as_ref().map(|text| quote!(.description(#text)));
        let presence = self
            .default
            .is_set()
            .then(|| quote!(.optional().null_is_absent()));
        let annotations = self.schema.annotations();
        quote!(__agno::Field::new(#name, #schema) #description #presence #(#annotations)*)
    }

    /// Generates the statement that replaces the `Option` in the local with the contained value or the default.
    pub(super) fn unwrap_local(&self, local: &Ident) -> TokenStream {
        let Some(default) = self.default.get() else {
            return quote!(let __agno::Some(#local) = #local else { return __agno::incomplete() };);
        };
        let span = self.span();
        let value = match (default, &self.kind) {
            (DefaultValue::OfType, ArgumentKind::Text | ArgumentKind::Cow) => quote!(__agno::From::from("")),
            (DefaultValue::OfType, _) => quote_spanned!(span=> ::core::default::Default::default()),
            (DefaultValue::Expr(expr), ArgumentKind::OptionalText) => {
                quote!(__agno::Option::map(#expr, __agno::From::from))
            }
            (DefaultValue::Expr(expr), ArgumentKind::Text | ArgumentKind::Cow | ArgumentKind::Slice(_)) => {
                quote!(__agno::From::from(#expr))
            }
            (DefaultValue::Expr(expr), ArgumentKind::Owned(ty) | ArgumentKind::Borrowed(ty))
                if !is_text(expr) || is_primitive(ty) =>
            {
                let ty = sized(ty);
                // With the type, the compiler reports the default, and not the arms of the `match`.
                quote!({ let __default: #ty = #expr; __default })
            }
            (DefaultValue::Expr(expr), ArgumentKind::Owned(ty) | ArgumentKind::Borrowed(ty)) => {
                let ty = sized(ty);
                quote_spanned!(expr.span()=> ::core::convert::Into::<#ty>::into(#expr))
            }
        };
        quote! {
            let #local = match #local {
                __agno::Some(#local) => #local,
                __agno::None => #value,
            };
        }
    }

    /// Generates the expression that passes the local to the function.
    pub(super) fn pass(&self, local: &Ident, blocking: bool) -> TokenStream {
        match &self.kind {
            ArgumentKind::Text | ArgumentKind::Borrowed(_) | ArgumentKind::Slice(_) => quote!(&#local),
            ArgumentKind::OptionalText => quote!(__agno::Option::as_deref(&#local)),
            ArgumentKind::Cow if blocking => quote!(__agno::Cow::Owned(#local)),
            ArgumentKind::Cow => quote!(#local.into_cow()),
            ArgumentKind::Owned(_) => local.to_token_stream(),
        }
    }
}

/// Returns `true` for numbers, `bool` and `char`, for which the compiler's error about a string is clear.
fn is_primitive(ty: &Type) -> bool {
    const PRIMITIVES: [&str; 16] = [
        "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
        "isize", "f32", "f64",
    ];
    matches!(ty, Type::Path(path) if PRIMITIVES.iter().any(|name| path.path.is_ident(name)))
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }))
}

/// The names of types of the standard library without a size that are borrowed like `&str`.
const UNSIZED: [&str; 3] = ["Path", "OsStr", "CStr"];

/// Generates the type of a borrowed value. For a type with the name of a type without a size, it contains a check: if that
/// fails, the type is an error, and the compiler reports nothing else about it. A user-defined `Path` passes the check. All
/// uses of the type report the same text at the same position, which the compiler prints once.
fn sized(ty: &Type) -> TokenStream {
    let is_known = |name: &Ident| UNSIZED.iter().any(|known| name == known);
    match ty {
        Type::Path(path)
            if path
                .path
                .segments
                .last()
                .is_some_and(|last| is_known(&last.ident)) =>
        {
            quote_spanned!(ty.span()=> __agno::Checked<{ <__agno::ToolParameter as __agno::Borrows<#ty>>::CHECK }, #ty>)
        }
        _ => ty.to_token_stream(),
    }
}

/// Renames `'_` to `'__a`, because fields of a struct cannot elide lifetimes.
fn name_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut after_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let named = match token {
                TokenTree::Group(group) => {
                    let mut named =
                        proc_macro2::Group::new(group.delimiter(), name_lifetimes(group.stream()));
                    named.set_span(group.span());
                    TokenTree::Group(named)
                }
                TokenTree::Ident(ident) if after_quote && ident == "_" => {
                    TokenTree::Ident(Ident::new("__a", ident.span()))
                }
                token => token,
            };
            after_quote = matches!(&named, TokenTree::Punct(punct) if punct.as_char() == '\'');
            named
        })
        .collect()
}
