//! `reads = [images, audio]`: what an agent is given beside text, which its model must be able to read.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Token, bracketed};

use crate::attr::{Errors, Item, closest, one_of};

/// A kind of media.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Images,
    Audio,
    Documents,
}

const NAMES: [&str; 3] = ["images", "audio", "documents"];

impl Kind {
    /// The type of `agno` that says what the model needs.
    pub(crate) fn needs(self) -> &'static str {
        match self {
            Self::Images => "NeedsImages",
            Self::Audio => "NeedsAudio",
            Self::Documents => "NeedsDocuments",
        }
    }

    fn of(name: &Ident) -> syn::Result<Self> {
        match name.to_string().as_str() {
            "images" => Ok(Self::Images),
            "audio" => Ok(Self::Audio),
            "documents" => Ok(Self::Documents),
            other => Err(syn::Error::new(
                name.span(),
                match closest(other, &NAMES) {
                    Some(meant) => format!("nothing is read as `{other}`; did you mean `{meant}`?"),
                    None => format!("nothing is read as `{other}`; expected {}", one_of(&NAMES)),
                },
            )),
        }
    }
}

/// The kinds of `reads = [..]`.
pub(crate) fn reads(item: &Item, cx: &Errors) -> syn::Result<Vec<Kind>> {
    struct List(Punctuated<Ident, Token![,]>);

    impl Parse for List {
        fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
            let content;
            bracketed!(content in input);
            Ok(Self(content.parse_terminated(Ident::parse, Token![,])?))
        }
    }

    let tokens = item.tokens().cloned().unwrap_or_default();
    let Ok(List(list)) = List::parse.parse2(tokens) else {
        return item.value_with(List::parse, "[images]").map(|_| Vec::new());
    };
    if list.is_empty() {
        return Err(syn::Error::new(
            item.key.span(),
            "an empty list of what is read; name some: `reads = [images]`, or leave the key out",
        ));
    }
    let mut kinds = Vec::new();
    for name in list {
        match cx.take(Kind::of(&name)) {
            Some(kind) if kinds.contains(&kind) => {
                cx.error(&name, format_args!("`{name}` is in the list twice; keep one"));
            }
            kind => kinds.extend(kind),
        }
    }
    Ok(kinds)
}
