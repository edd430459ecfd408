//! The grammar of attributes: `key`, `key = value` and `key(..)`, with commas between.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, ExprLit, Lit, LitStr};

use super::{Bounds, Errors, duration};

/// One entry of an attribute.
pub(crate) struct Item {
    pub(crate) key: Ident,
    name: String,
    value: Value,
}

enum Value {
    None,
    // The tokens after `=`, read as what the key wants when it is known.
    Tokens(TokenStream),
    List(TokenStream),
}

impl Item {
    /// The key as text.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether there is neither a value nor a list.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.value, Value::None)
    }

    /// A key that stands alone.
    pub(crate) fn flag(&self) -> syn::Result<()> {
        match &self.value {
            Value::None => Ok(()),
            Value::Tokens(tokens) | Value::List(tokens) => {
                let key = &self.name;
                Err(self.error_in(tokens, format!("`{key}` takes no value; write `{key}` alone")))
            }
        }
    }

    /// The value read as some syntax; `example` is what the error shows if there is none.
    pub(crate) fn value<T: Parse>(&self, example: &str) -> syn::Result<T> {
        self.value_with(T::parse, example)
    }

    pub(crate) fn value_with<T>(
        &self,
        parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
        example: &str,
    ) -> syn::Result<T> {
        let key = &self.name;
        match &self.value {
            Value::Tokens(tokens) if !tokens.is_empty() => parser.parse2(tokens.clone()).map_err(|_| {
                self.error_in(
                    tokens,
                    format!("`{key}` does not take this; write `{key} = {example}`"),
                )
            }),
            _ => Err(syn::Error::new(
                self.key.span(),
                format!("`{key}` needs a value; write `{key} = {example}`"),
            )),
        }
    }

    /// `key = "text"`.
    pub(crate) fn text(&self) -> syn::Result<LitStr> {
        let wanted = |found: &dyn ToTokens| {
            syn::Error::new_spanned(
                found,
                format!("`{0}` needs a text; write `{0} = \"…\"`", self.name),
            )
        };
        match ungrouped(self.value::<Expr>("\"…\"")?) {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Ok(text),
            other => Err(wanted(&other)),
        }
    }

    /// `key = "5s"`.
    pub(crate) fn duration(&self) -> syn::Result<std::time::Duration> {
        duration(&self.text()?)
    }

    /// `key = 1..=5`.
    pub(crate) fn bounds(&self) -> syn::Result<Bounds> {
        Bounds::of(&self.name, &self.value::<Expr>("1..=5")?)
    }

    /// `key = "some::Type"` or `key = some::Type`.
    pub(crate) fn path(&self) -> syn::Result<syn::Path> {
        if let Ok(text) = self.text() {
            return text.parse();
        }
        self.value_with(syn::Path::parse_mod_style, "some::path")
    }

    /// The entries of `key(..)`.
    pub(crate) fn list(&self) -> syn::Result<TokenStream> {
        match &self.value {
            Value::List(tokens) => Ok(tokens.clone()),
            _ => Err(syn::Error::new(
                self.key.span(),
                format!("`{0}` needs a list; write `{0}(…)`", self.name),
            )),
        }
    }

    /// The tokens after `=`, if there are some.
    pub(crate) fn tokens(&self) -> Option<&TokenStream> {
        match &self.value {
            Value::Tokens(tokens) => Some(tokens),
            _ => None,
        }
    }

    /// Whether the key was written with a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    fn error_in(&self, tokens: &TokenStream, message: String) -> syn::Error {
        if tokens.is_empty() {
            syn::Error::new(self.key.span(), message)
        } else {
            syn::Error::new_spanned(tokens, message)
        }
    }
}

/// An expression without the groups that a macro by example puts around what it was given.
pub(crate) fn ungrouped(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungrouped(*group.expr),
        expr => expr,
    }
}

/// The entries of an attribute's tokens. What is no entry is noted, and reading goes on after the next comma.
pub(crate) fn items(tokens: TokenStream, cx: &Errors) -> Vec<Item> {
    let mut items = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while rest.peek().is_some() {
        let entry = until_comma(&mut rest);
        if let Some(item) = cx.take(item(entry)) {
            items.push(item);
        }
    }
    items
}

// Commas inside of brackets are part of a group. Those between `<` and `>` are counted by hand: `output = Map<K, V>`.
fn until_comma(rest: &mut impl Iterator<Item = TokenTree>) -> Vec<TokenTree> {
    let mut depth = 0_u32;
    let mut before = ' ';
    rest.take_while(|token| {
        let here = match token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match here {
            '<' => depth += 1,
            '>' if !matches!(before, '-' | '=') => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return false,
            _ => {}
        }
        before = here;
        true
    })
    .collect()
}

fn item(entry: Vec<TokenTree>) -> syn::Result<Item> {
    let mut tokens = entry.into_iter();
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
    let value = match tokens.next() {
        None => Value::None,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            return Ok(Item {
                key,
                name,
                value: Value::Tokens(tokens.collect()),
            });
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            Value::List(group.stream())
        }
        Some(other) => {
            return Err(syn::Error::new_spanned(
                other,
                format!("expected `=`, `(` or a comma after `{name}`"),
            ));
        }
    };
    match tokens.next() {
        None => Ok(Item { key, name, value }),
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

    fn read(tokens: TokenStream) -> (Vec<Item>, Vec<String>) {
        let cx = Errors::new();
        let items = items(tokens, &cx);
        let errors = match cx.finish() {
            Ok(()) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.to_string()).collect(),
        };
        (items, errors)
    }

    #[test]
    fn keys_values_and_lists_are_told_apart() {
        let (items, errors) = read(quote!(
            confirm,
            name = "x",
            crate = a::b,
            range = 1..=5,
            tools(a, b)
        ));
        assert!(errors.is_empty());
        let names: Vec<_> = items.iter().map(Item::name).collect();
        assert_eq!(names, ["confirm", "name", "crate", "range", "tools"]);
        assert!(items[0].flag().is_ok());
        assert_eq!(items[1].text().unwrap().value(), "x");
        assert!(items[2].path().is_ok());
        assert!(items[3].bounds().is_ok());
        assert_eq!(items[4].list().unwrap().to_string(), "a , b");
    }

    #[test]
    fn what_is_wrong_in_one_entry_leaves_the_others() {
        let (items, errors) = read(quote!(5, name "x", confirm(a) b, last));
        assert_eq!(items.len(), 1);
        assert_eq!(
            errors,
            [
                "expected a key, such as `description = \"…\"`",
                "expected `=`, `(` or a comma after `name`",
                "expected a comma after `confirm`",
            ]
        );
    }

    #[test]
    fn values_of_another_kind_are_answered_with_an_example() {
        let (items, _) = read(quote!(name = 5, confirm = true, name));
        assert_eq!(
            items[0].text().map(drop).unwrap_err().to_string(),
            "`name` needs a text; write `name = \"…\"`"
        );
        assert_eq!(
            items[1].flag().unwrap_err().to_string(),
            "`confirm` takes no value; write `confirm` alone"
        );
        assert_eq!(
            items[2].text().map(drop).unwrap_err().to_string(),
            "`name` needs a value; write `name = \"…\"`"
        );
    }
}
