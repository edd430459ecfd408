//! Where expansions find agno: `::agno`, or what `crate = path` says where it was renamed or re-exported.

use syn::{Path, parse_quote};

use super::Item;

/// The path that `crate = path` gives.
pub(crate) fn crate_path(item: &Item) -> syn::Result<Path> {
    let path = item.path()?;
    let rooted = path.leading_colon.is_some()
        || path
            .segments
            .first()
            .is_some_and(|first| first.ident == "crate" || first.ident == "self");
    if rooted || path.segments.len() == 1 {
        return Ok(path);
    }
    let text = quote::ToTokens::to_token_stream(&path)
        .to_string()
        .replace(' ', "");
    Err(syn::Error::new_spanned(
        &path,
        format!(
            "a relative path means something else in the expansion; write `crate = ::{text}` or `crate = crate::{text}`"
        ),
    ))
}

/// The path without a `crate` key.
pub(crate) fn default_crate_path() -> Path {
    parse_quote!(::agno)
}
