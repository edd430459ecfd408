//! Parses the lists of `agents` and `context`. An entry is a field of the struct or the path of a unit struct, and may
//! have options: `self.helper(name = "help")`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{ExprPath, ItemStruct, LitFloat, LitStr, Member, Token, parenthesized, token};

use crate::common::{Entry, Errors, Slot, entries, split_commas};

/// The source of an entry.
pub(super) enum Source {
    /// `self.researcher`, `self.0`
    Field(Member),
    /// `Legal`, `crate::experts::Tax`
    Path(ExprPath),
}

/// One entry of a list.
pub(super) struct ListEntry {
    pub(super) source: Source,
    pub(super) options: Vec<Entry>,
}

impl Source {
    /// Returns the span for errors about the entry.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Field(member) => member.span(),
            Self::Path(path) => path.span(),
        }
    }

    /// Returns the entry as it is written, without options.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Field(member) => format!("self.{}", member.to_token_stream()),
            Self::Path(path) => path.to_token_stream().to_string().replace(' ', ""),
        }
    }

    /// Returns the name of the entry: the option, the name of the field, or the name of the struct in snake case. Reports a
    /// field without a name.
    pub(super) fn name(&self, option: &Slot<LitStr>, item: &ItemStruct, cx: &Errors) -> Option<EntryName> {
        let fix = format!("{}(name = \"...\")", self.text());
        if let Some(text) = option.get() {
            let (name, span) = (text.value(), text.span());
            return Some(EntryName { name, span, fix });
        }
        let Some(name) = self.default_name(item) else {
            if !option.is_set() {
                let error = format!("a field of a tuple struct has no name; write `{fix}`");
                cx.error_at(self.span(), error);
            }
            return None;
        };
        let span = self.span();
        Some(EntryName { name, span, fix })
    }
}

/// The name of an entry.
pub(super) struct EntryName {
    pub(super) name: String,
    /// The span for errors about the name.
    pub(super) span: Span,
    /// The code that sets the name.
    pub(super) fix: String,
}

/// Reads `key = [..]`. An invalid entry causes an error and is omitted. `example` is a field.
pub(super) fn entry_list(entry: &Entry, example: &str, cx: &Errors) -> syn::Result<Vec<ListEntry>> {
    let key = entry.name();
    let tokens = entry.value_with(bracketed, &format!("[self.{example}]"))?;
    let parts = split_commas(tokens);
    if parts.is_empty() {
        return Err(syn::Error::new(
            entry.key.span(),
            format!("the list is empty; write `{key} = [self.{example}]`, or remove the key"),
        ));
    }
    let read = parts.into_iter().filter_map(|tokens| {
        let (source, options) = cx.take((|input: ParseStream<'_>| parse(input, example)).parse2(tokens))?;
        let options = options.map(|options| entries(options, cx)).unwrap_or_default();
        Some(ListEntry { source, options })
    });
    Ok(read.collect())
}

pub(super) fn bracketed(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let content;
    syn::bracketed!(content in input);
    content.parse()
}

/// Reads one entry, and the tokens of its options.
fn parse(input: ParseStream<'_>, example: &str) -> syn::Result<(Source, Option<TokenStream>)> {
    let source = source(input, example)?;
    let options = if input.peek(token::Paren) {
        if let Source::Path(path) = &source
            && is_function(path)
        {
            let span = source.span();
            let _ = input.parse::<TokenStream>();
            return Err(syn::Error::new(
                span,
                format!("an entry is not a call; store the value in a field, and write `self.{example}`"),
            ));
        }
        let content;
        let parentheses = parenthesized!(content in input);
        if content.is_empty() {
            return Err(syn::Error::new(
                parentheses.span.join(),
                "an entry is not a call, and the parentheses contain no options; remove them",
            ));
        }
        Some(content.parse()?)
    } else {
        None
    };
    match input.parse::<TokenStream>()?.into_iter().next() {
        None => Ok((source, options)),
        Some(next) => Err(after(&source, &next)),
    }
}

fn source(input: ParseStream<'_>, example: &str) -> syn::Result<Source> {
    let invalid = |span: Span| {
        syn::Error::new(
            span,
            format!(
                "expected a field or a path; write `self.{example}`, or the path of a struct without fields"
            ),
        )
    };
    let start = input.span();
    if !input.peek(Token![self]) || input.peek2(Token![::]) {
        let path = input.call(ExprPath::parse).map_err(|_| {
            // The parser must reach the end of the tokens, or it reports its own error.
            let _ = input.parse::<TokenStream>();
            invalid(start)
        })?;
        return Ok(Source::Path(path));
    }
    input.parse::<Token![self]>()?;
    if !input.peek(Token![.]) {
        return Err(syn::Error::new(
            start,
            format!("an entry cannot be `self`; write a field of the struct, such as `self.{example}`"),
        ));
    }
    input.parse::<Token![.]>()?;
    // `self.0.1` contains the number `0.1`.
    if input.peek(LitFloat) {
        return Err(nested(input.span()));
    }
    let span = input.span();
    input.parse().map(Source::Field).map_err(|_| invalid(span))
}

/// Returns `true` for the path of a function: its last name starts with a lowercase letter.
fn is_function(path: &ExprPath) -> bool {
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident.to_string().starts_with(char::is_lowercase))
}

/// Returns the error for tokens after an entry.
fn after(source: &Source, next: &TokenTree) -> syn::Error {
    match (source, next) {
        (Source::Field(_), TokenTree::Punct(punct)) if punct.as_char() == '.' => nested(next.span()),
        _ => syn::Error::new(next.span(), format!("expected a comma after `{}`", source.text())),
    }
}

fn nested(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "an entry must be a field of the struct itself, because its type must be known; store the value in a field and write `self.field`",
    )
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn read(tokens: &TokenStream) -> (Vec<(String, usize)>, Vec<String>) {
        let cx = Errors::new();
        let entry = entries(quote!(agents = #tokens), &cx).remove(0);
        let list = cx.take(entry_list(&entry, "researcher", &cx)).unwrap_or_default();
        let list = list
            .iter()
            .map(|entry| (entry.source.text(), entry.options.len()));
        let list = list.collect();
        let errors = match cx.finish() {
            Ok(()) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.to_string()).collect(),
        };
        (list, errors)
    }

    #[test]
    fn fields_and_paths_with_options_parse() {
        let (list, errors) = read(&quote!([
            self.researcher,
            self.0(name = "first"),
            Legal,
            crate::experts::Tax(name = "tax", depth = 2),
            Of::<A, B>,
        ]));
        assert!(errors.is_empty(), "{errors:?}");
        let expected = [
            ("self.researcher", 0),
            ("self.0", 1),
            ("Legal", 0),
            ("crate::experts::Tax", 2),
            ("Of::<A,B>", 0),
        ];
        assert_eq!(list, expected.map(|(text, options)| (text.to_owned(), options)));
    }

    #[test]
    fn each_invalid_entry_is_an_error_and_the_others_remain() {
        let (list, errors) = read(&quote!([
            self,
            self.a.b,
            self.0.1,
            self.,
            self.helper(),
            &self.x,
            "legal",
            Legal Tax,
            self.last,
        ]));
        assert_eq!(list, [("self.last".to_owned(), 0)]);
        assert_eq!(errors.len(), 8, "{errors:?}");
        assert!(errors[0].contains("cannot be `self`"), "{errors:?}");
        assert!(errors[1].contains("a field of the struct itself"), "{errors:?}");
        assert_eq!(errors[1], errors[2]);
        assert!(errors[4].contains("remove them"), "{errors:?}");
        assert_eq!(errors[7], "expected a comma after `Legal`");
    }
}
