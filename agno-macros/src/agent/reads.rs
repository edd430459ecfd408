//! Parses `reads = [images, audio]`: the media, in addition to text, that an agent accepts as input and its model must
//! support.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Token, bracketed};

use crate::common::{Entry, Errors, closest, one_of};

/// A kind of media.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Images,
    Audio,
    Documents,
}

const NAMES: [&str; 3] = ["images", "audio", "documents"];

impl Media {
    /// Returns the name of agno's type that requires the model to support this kind of media.
    pub(super) fn needs(self) -> &'static str {
        match self {
            Self::Images => "NeedsImages",
            Self::Audio => "NeedsAudio",
            Self::Documents => "NeedsDocuments",
        }
    }

    fn parse(name: &Ident) -> syn::Result<Self> {
        match name.to_string().as_str() {
            "images" => Ok(Self::Images),
            "audio" => Ok(Self::Audio),
            "documents" => Ok(Self::Documents),
            other => Err(syn::Error::new(
                name.span(),
                match closest(other, &NAMES) {
                    Some(suggestion) => format!("unknown input `{other}`; did you mean `{suggestion}`?"),
                    None => format!("unknown input `{other}`; expected {}", one_of(&NAMES)),
                },
            )),
        }
    }
}

/// Reads `reads = [..]`. An unknown or repeated name causes an error and is omitted.
pub(super) fn reads(entry: &Entry, cx: &Errors) -> syn::Result<Vec<Media>> {
    struct List(Punctuated<Ident, Token![,]>);

    impl Parse for List {
        fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
            let content;
            bracketed!(content in input);
            Ok(Self(content.parse_terminated(Ident::parse, Token![,])?))
        }
    }

    let List(list) = entry.value("[images]")?;
    if list.is_empty() {
        return Err(syn::Error::new(
            entry.key.span(),
            "the list is empty; write `reads = [images]`, or remove the key",
        ));
    }
    let mut media = Vec::new();
    for name in list {
        match cx.take(Media::parse(&name)) {
            Some(medium) if media.contains(&medium) => {
                cx.error(&name, format_args!("duplicate `{name}`; remove one"));
            }
            medium => media.extend(medium),
        }
    }
    Ok(media)
}
