//! Parses the entries of attributes: `key`, `key = value` and `key(..)`, separated by commas.

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, ExprLit, Lit, LitStr};

use super::tokens::is_punct;
use super::{Bounds, Errors, duration};

/// One entry of an attribute.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    name: String,
    content: Content,
}

enum Content {
    Bare,
    // The tokens after `=`. The key determines how they are parsed.
    Value(TokenStream),
    List(TokenStream),
}

/// A value that is either a string literal or a `T`.
pub(crate) enum Value<T> {
    Text(LitStr),
    Other(T),
}

impl Entry {
    /// Returns the key as text.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns `true` if there is neither a value nor a list.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.content, Content::Bare)
    }

    /// Reads a key without a value.
    pub(crate) fn flag(&self) -> syn::Result<()> {
        match &self.content {
            Content::Bare => Ok(()),
            Content::Value(tokens) | Content::List(tokens) => {
                let key = &self.name;
                Err(self.error_in(tokens, format!("`{key}` takes no value; write `{key}` alone")))
            }
        }
    }

    /// Parses the value; errors show `example`.
    pub(crate) fn value<T: Parse>(&self, example: &str) -> syn::Result<T> {
        self.value_with(T::parse, example)
    }

    /// Parses the value with a function; errors show `example`.
    pub(crate) fn value_with<T>(
        &self,
        parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
        example: &str,
    ) -> syn::Result<T> {
        let key = &self.name;
        match &self.content {
            Content::Value(tokens) if !tokens.is_empty() => parser.parse2(tokens.clone()).map_err(|_| {
                if let Some(next) = entry_after_literal(tokens) {
                    return syn::Error::new(next.span(), format!("expected a comma before `{next}`"));
                }
                self.error_in(
                    tokens,
                    format!("invalid value for `{key}`; write `{key} = {example}`"),
                )
            }),
            _ => Err(syn::Error::new(
                self.key.span(),
                format!("`{key}` requires a value; write `{key} = {example}`"),
            )),
        }
    }

    /// Parses the value as a string literal or, if it is not one, with a function; errors show `example`.
    pub(crate) fn text_or<T>(
        &self,
        parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
        example: &str,
    ) -> syn::Result<Value<T>> {
        let either = |input: ParseStream<'_>| {
            if input.peek(LitStr) {
                input.parse().map(Value::Text)
            } else {
                parser(input).map(Value::Other)
            }
        };
        self.value_with(either, example)
    }

    /// Reads `key = "text"`.
    pub(crate) fn text(&self) -> syn::Result<LitStr> {
        match ungrouped(self.value::<Expr>("\"…\"")?) {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Ok(text),
            other => Err(syn::Error::new_spanned(
                other,
                format!("`{0}` expects a string; write `{0} = \"…\"`", self.name),
            )),
        }
    }

    /// Reads `key = "5s"`.
    pub(crate) fn duration(&self) -> syn::Result<std::time::Duration> {
        duration(&self.text()?)
    }

    /// Reads `key = 1..=5`.
    pub(crate) fn bounds(&self) -> syn::Result<Bounds> {
        Bounds::parse(&self.name, &self.value::<Expr>("1..=5")?)
    }

    /// Reads `key = "some::path"` or `key = some::path`.
    pub(crate) fn path(&self) -> syn::Result<syn::Path> {
        match self.text_or(syn::Path::parse_mod_style, "some::path")? {
            Value::Text(text) => text.parse(),
            Value::Other(path) => Ok(path),
        }
    }

    /// Returns the tokens inside `key(..)`.
    pub(crate) fn list(&self) -> syn::Result<TokenStream> {
        match &self.content {
            Content::List(tokens) => Ok(tokens.clone()),
            _ => Err(syn::Error::new(
                self.key.span(),
                format!("`{0}` expects a list; write `{0}(…)`", self.name),
            )),
        }
    }

    /// Returns `true` if the key has a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.content, Content::List(_))
    }

    fn error_in(&self, tokens: &TokenStream, message: String) -> syn::Error {
        if tokens.is_empty() {
            syn::Error::new(self.key.span(), message)
        } else {
            syn::Error::new_spanned(tokens, message)
        }
    }
}

/// Returns the key of the next entry if the comma after a literal is missing.
fn entry_after_literal(tokens: &TokenStream) -> Option<Ident> {
    let mut tokens = tokens.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(_)), Some(TokenTree::Ident(next))) => Some(next),
        _ => None,
    }
}

/// Removes the groups that `macro_rules!` puts around its fragments.
pub(crate) fn ungrouped(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungrouped(*group.expr),
        expr => expr,
    }
}

/// Reads the entries of an attribute. A malformed entry causes an error, and reading resumes after the next comma.
pub(crate) fn entries(tokens: TokenStream, cx: &Errors) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while rest.peek().is_some() {
        let tokens = until_comma(&mut rest);
        entries.extend(cx.take(entry(tokens)));
    }
    entries
}

/// Splits tokens at the commas. Empty parts are omitted.
pub(crate) fn split_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while rest.peek().is_some() {
        let part = until_comma(&mut rest);
        if !part.is_empty() {
            parts.push(part.into_iter().collect());
        }
    }
    parts
}

// Commas inside brackets are part of a group. `<` and `>` do not form a group, so they are counted, as in
// `output = Map<K, V>`.
fn until_comma(rest: &mut impl Iterator<Item = TokenTree>) -> Vec<TokenTree> {
    let mut depth = 0_u32;
    let mut previous = ' ';
    rest.take_while(|token| {
        let current = match token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match current {
            '<' => depth += 1,
            '>' if !matches!(previous, '-' | '=') => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return false,
            _ => {}
        }
        previous = current;
        true
    })
    .collect()
}

fn entry(tokens: Vec<TokenTree>) -> syn::Result<Entry> {
    let mut tokens = tokens.into_iter();
    let key = match tokens.next() {
        Some(TokenTree::Ident(key)) => key,
        Some(other) => {
            return Err(syn::Error::new_spanned(
                other,
                "expected a key, such as `description = \"…\"`",
            ));
        }
        None => {
            return Err(syn::Error::new(
                Span::call_site(),
                "expected a key before the comma",
            ));
        }
    };
    let name = key.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name).to_owned();
    let content = match tokens.next() {
        None => Content::Bare,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            let value: TokenStream = tokens.collect();
            if let Some(semicolon) = value.clone().into_iter().find(|token| is_punct(token, ';')) {
                return Err(syn::Error::new_spanned(semicolon, "expected a comma, not `;`"));
            }
            return Ok(Entry {
                key,
                name,
                content: Content::Value(value),
            });
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            Content::List(group.stream())
        }
        Some(other) => {
            let message = match &other {
                TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Alone => {
                    format!("expected `=`, not `:`; write `{name} = …`")
                }
                TokenTree::Literal(_) => format!("missing `=` after `{name}`; write `{name} = {other}`"),
                _ => format!("expected `=`, `(` or a comma after `{name}`"),
            };
            return Err(syn::Error::new_spanned(other, message));
        }
    };
    match tokens.next() {
        None => Ok(Entry { key, name, content }),
        Some(other) => Err(syn::Error::new_spanned(
            other,
            format!("expected a comma after `{name}`"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn read(tokens: TokenStream) -> (Vec<Entry>, Vec<String>) {
        let cx = Errors::new();
        let entries = entries(tokens, &cx);
        let errors = match cx.finish() {
            Ok(()) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.to_string()).collect(),
        };
        (entries, errors)
    }

    #[test]
    fn flags_values_and_lists_parse() {
        let (entries, errors) = read(quote!(
            approval,
            name = "x",
            crate = a::b,
            range = 1..=5,
            tools(a, b)
        ));
        assert!(errors.is_empty());
        let names: Vec<_> = entries.iter().map(Entry::name).collect();
        assert_eq!(names, ["approval", "name", "crate", "range", "tools"]);
        assert!(entries[0].flag().is_ok());
        assert_eq!(entries[1].text().unwrap().value(), "x");
        assert!(entries[2].path().is_ok());
        assert!(entries[3].bounds().is_ok());
        assert_eq!(entries[4].list().unwrap().to_string(), "a , b");
    }

    #[test]
    fn a_malformed_entry_does_not_affect_the_others() {
        let (entries, errors) = read(quote!(5, name "x", approval(a) b, last));
        assert_eq!(entries.len(), 1);
        assert_eq!(
            errors,
            [
                "expected a key, such as `description = \"…\"`",
                "missing `=` after `name`; write `name = \"x\"`",
                "expected a comma after `approval`",
            ]
        );
    }

    #[test]
    fn errors_for_values_of_the_wrong_kind_show_an_example() {
        let (entries, _) = read(quote!(name = 5, approval = true, name));
        assert_eq!(
            entries[0].text().map(drop).unwrap_err().to_string(),
            "`name` expects a string; write `name = \"…\"`"
        );
        assert_eq!(
            entries[1].flag().unwrap_err().to_string(),
            "`approval` takes no value; write `approval` alone"
        );
        assert_eq!(
            entries[2].text().map(drop).unwrap_err().to_string(),
            "`name` requires a value; write `name = \"…\"`"
        );
    }
}
