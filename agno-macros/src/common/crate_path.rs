//! The path of agno in expansions: `::agno`, or the value of `crate = path` if agno is renamed or re-exported.

use syn::{Path, parse_quote};

use super::Entry;

/// Reads `crate = path`.
pub(crate) fn crate_path(entry: &Entry) -> syn::Result<Path> {
    let path = entry.path()?;
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
            "a relative path resolves differently in the expansion; write `crate = ::{text}` or `crate = crate::{text}`"
        ),
    ))
}

/// Returns the path for an attribute without a `crate` key.
pub(crate) fn default_crate_path() -> Path {
    parse_quote!(::agno)
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::{ToTokens, quote};

    use super::super::{Errors, entries};
    use super::*;

    fn read(tokens: TokenStream) -> Result<String, String> {
        let cx = Errors::new();
        let entries = entries(tokens, &cx);
        cx.finish().unwrap();
        crate_path(&entries[0])
            .map(|path| path.to_token_stream().to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn crate_paths_parse_from_paths_and_string_literals() {
        assert_eq!(read(quote!(crate = ::llm)), Ok(":: llm".into()));
        assert_eq!(read(quote!(crate = crate::llm)), Ok("crate :: llm".into()));
        assert_eq!(read(quote!(crate = "::a::llm")), Ok(":: a :: llm".into()));
        assert_eq!(read(quote!(crate = llm)), Ok("llm".into()));
    }

    #[test]
    fn relative_and_invalid_crate_paths_are_rejected() {
        assert!(
            read(quote!(crate = a::llm))
                .unwrap_err()
                .contains("relative path")
        );
        let expected = "invalid value for `crate`; write `crate = some::path`";
        assert_eq!(read(quote!(crate = 5)), Err(expected.into()));
        assert_eq!(read(quote!(crate = a::<B>::c)), Err(expected.into()));
        assert_eq!(
            read(quote!(crate)),
            Err("`crate` requires a value; write `crate = some::path`".into())
        );
    }
}
