//! Rejects chat templates in which a namespace could contain itself. Printing such a namespace would overflow the stack,
//! because the template engine follows it without a limit.
//!
//! A namespace can only be created by `{% set name = namespace(..) %}`, and its name can only be used to read or assign
//! attributes. Then no value other than the variable refers to the namespace, and no cycle is possible. Templates in use
//! follow this rule, because namespaces exist only to assign variables from within a loop.

use std::collections::HashSet;

/// Checks that every namespace is used through its attributes only, and that the template loads no other template,
/// which would make namespaces accessible as attributes of a module. Returns the reason if it does not.
pub(super) fn check(source: &str) -> Result<(), String> {
    let tokens: Vec<Token<'_>> = Tokens::new(source).collect();
    let at = |index: usize| tokens.get(index).copied();
    let mut names = HashSet::new();
    for (index, token) in tokens.iter().enumerate() {
        let is_attribute = index > 0 && at(index - 1) == Some(Token::Symbol('.'));
        if *token != Token::Name("namespace") || is_attribute {
            continue;
        }
        match &tokens[index.saturating_sub(4)..index] {
            [
                Token::Start,
                Token::Name("set"),
                Token::Name(name),
                Token::Symbol('='),
            ] if is_whole_call(&tokens[index + 1..]) => {
                names.insert(*name);
            }
            _ => {
                return Err("`namespace` is allowed only as `{% set name = namespace(..) %}`".to_owned());
            }
        }
    }
    for (index, token) in tokens.iter().enumerate() {
        let Token::Name(name) = token else { continue };
        let previous = index.checked_sub(1).and_then(at);
        if previous == Some(Token::Start) && ["extends", "from", "import", "include"].contains(name) {
            return Err(format!(
                "`{name}` is not supported; put everything into one template"
            ));
        }
        let is_attribute = previous == Some(Token::Symbol('.'));
        let is_access = match at(index + 1) {
            Some(Token::Symbol('.' | '=') | Token::Name("is")) => true,
            // `ns['name']`, and not a slice.
            Some(Token::Symbol('[')) => {
                (at(index + 2), at(index + 3)) == (Some(Token::Text), Some(Token::Symbol(']')))
            }
            _ => false,
        };
        if names.contains(name) && !is_attribute && !is_access {
            return Err(format!(
                "the namespace `{name}` is used other than by its attributes"
            ));
        }
    }
    Ok(())
}

/// Returns `true` if the tokens begin with a parenthesized list that ends the tag.
fn is_whole_call(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Symbol('(') => depth += 1,
            Token::Symbol(')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return tokens.get(index + 1) == Some(&Token::End);
                }
            }
            _ if depth == 0 => return false,
            _ => {}
        }
    }
    false
}

/// A token within a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// The start of a tag.
    Start,
    /// The end of a tag.
    End,
    Name(&'a str),
    /// A string, whose content does not matter.
    Text,
    Symbol(char),
}

/// Iterates over the tokens of a template's tags. Ends at an error, which the compiler of the template reports.
struct Tokens<'a> {
    rest: &'a str,
    /// The end of the current tag, or `None` outside tags.
    end: Option<&'static str>,
    /// The number of open brackets. A tag ends only outside brackets.
    depth: isize,
}

impl<'a> Tokens<'a> {
    fn new(rest: &'a str) -> Self {
        Self {
            rest,
            end: None,
            depth: 0,
        }
    }

    /// Skips text and comments up to the next tag.
    fn skip_text(&mut self) -> Option<Token<'a>> {
        loop {
            let at = self.rest.find('{')?;
            let tag = &self.rest[at + 1..];
            let kind = tag.chars().next()?;
            self.rest = tag;
            let body = match kind {
                '{' | '%' | '#' => tag.get(1..)?,
                _ => continue,
            };
            if kind == '#' {
                self.rest = body.split_once("#}")?.1;
            } else if kind == '%'
                && let Some(raw) = strip_tag(body, "raw")
            {
                self.rest = skip_raw(raw)?;
            } else {
                self.rest = body.strip_prefix(['-', '+']).unwrap_or(body);
                self.end = Some(if kind == '{' { "}}" } else { "%}" });
                return Some(Token::Start);
            }
        }
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let Some(end) = self.end else {
            return self.skip_text();
        };
        self.rest = self.rest.trim_ascii_start();
        let trimmed = self.rest.strip_prefix(['-', '+']).unwrap_or(self.rest);
        if self.depth == 0
            && let Some(rest) = self.rest.strip_prefix(end).or_else(|| trimmed.strip_prefix(end))
        {
            self.rest = rest;
            self.end = None;
            return Some(Token::End);
        }
        if let Some(operator) = ["//", "**", "==", "!=", ">=", "<="]
            .iter()
            .find(|operator| self.rest.starts_with(**operator))
        {
            self.take(operator.len())?;
            return Some(Token::Symbol('?'));
        }
        let first = self.rest.chars().next()?;
        match first {
            '\'' | '"' => {
                let length = string_length(self.rest, first)?;
                self.take(length)?;
                Some(Token::Text)
            }
            _ if is_name(first) => {
                let length = self.rest.find(|next| !is_name(next)).unwrap_or(self.rest.len());
                self.take(length).map(Token::Name)
            }
            _ => {
                match first {
                    '(' | '[' | '{' => self.depth += 1,
                    ')' | ']' | '}' => self.depth -= 1,
                    _ => {}
                }
                self.take(first.len_utf8())?;
                Some(Token::Symbol(first))
            }
        }
    }
}

/// Numbers count as names, which does not matter to the check.
fn is_name(next: char) -> bool {
    next == '_' || next.is_alphanumeric()
}

/// Returns the length of the string literal at the start of the text, in bytes.
fn string_length(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, next) in text.char_indices().skip(1) {
        match next {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if next == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Returns the text after a tag that consists of one name. The text starts after `{%`.
fn strip_tag<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let rest = body.trim_ascii_start().strip_prefix(name)?.trim_ascii_start();
    let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    rest.strip_prefix("%}")
}

/// Returns the text after the end of a raw block.
fn skip_raw(mut text: &str) -> Option<&str> {
    loop {
        text = text.split_once("{%")?.1;
        let body = text.strip_prefix(['-', '+']).unwrap_or(text);
        if let Some(rest) = strip_tag(body, "endraw") {
            return Some(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_used_by_their_attributes_are_accepted() {
        for source in [
            "{%- set ns = namespace(found=false, items=[(1)]) -%}{% set ns.found = true %}{{ ns.found }}{{ ns['found'] }}",
            "{{ 'namespace functions { ns }' }} a namespace, ns",
            "{# namespace #}{% raw %}{{ namespace }}{%- endraw %}",
            "{{ schema.namespace }}{% set ns = namespace() %}{{ x.ns }}{{ f(ns=1) }}{{ ns is defined }}",
            "{% if '{{' == \"\\\"namespace\" %}{% endif %}",
        ] {
            assert_eq!(check(source), Ok(()), "{source}");
        }
    }

    #[test]
    fn a_namespace_that_could_contain_itself_is_rejected() {
        let start = "{% set ns = namespace() %}";
        for source in [
            "{% set ns.n = ns %}",
            "{% set ns.n = [ns] %}",
            "{% set ns.n = {'a': ns} %}",
            "{% set other = ns %}",
            "{% for other in [ns] %}{% endfor %}",
            "{{ 'it''s {{' ~ ns }}",
            "{%+ set ns.n = ns|list %}",
            "{# #}{% raw %}{{ ' }}{% endraw %}{% set ns.n = ns %}",
            "{{ {'a': {'b': '}}'}} }}{% set ns.n = ns %}",
            "{% set make = namespace %}{% set a = make() %}{% set a.n = a %}",
            "{% set a = [namespace()] %}",
            "{% set a = namespace(), 1 %}",
            "{% set a = namespace() or 1 %}",
            "{% set ns.n = namespace() %}",
            "{% set a = ns[:] %}{% set a.n = a %}",
            "{%- import 'chat' as chat %}",
            "{% from 'chat' import ns as other %}",
        ] {
            assert!(check(&format!("{start}{source}")).is_err(), "{source}");
        }
    }
}
