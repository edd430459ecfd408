//! Splits text into parts whose boundaries byte-pair merging never crosses. Each family's regular
//! expression is quoted above the handwritten function that matches it: the expressions require
//! look-ahead, and a scanner is smaller and faster than a regex engine with look-ahead.

use std::sync::OnceLock;

use crate::{Error, Result};

/// The pre-tokenization of a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Split {
    /// GPT-2's expression.
    Gpt2,
    /// GPT-2's expression, applied after every digit is split off.
    Digits,
    /// The expression of Llama 3 and Qwen, with a maximum number of digits per part.
    Llama3(usize),
}

impl Split {
    pub(crate) fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "gpt-2" | "gpt2" | "default" => Self::Gpt2,
            "smollm" | "starcoder" | "refact" | "command-r" | "codeshell" => Self::Digits,
            "llama-bpe" | "llama3" | "llama-v3" | "smaug-bpe" => Self::Llama3(3),
            "qwen2" => Self::Llama3(1),
            other => return Err(Error::Tokenizer(format!("pre-tokenizer `{other}`"))),
        })
    }

    /// Calls `visit` with each part of `text`, in order.
    pub(crate) fn each<'a>(self, text: &'a str, mut visit: impl FnMut(&'a str)) {
        match self {
            Self::Gpt2 => cut(text, gpt2, &mut visit),
            Self::Llama3(digits) => cut(text, |s| llama3(s, digits), &mut visit),
            Self::Digits => {
                let mut from = 0;
                for (at, c) in text.char_indices().filter(|(_, c)| c.is_numeric()) {
                    cut(&text[from..at], gpt2, &mut visit);
                    from = at + c.len_utf8();
                    visit(&text[at..from]);
                }
                cut(&text[from..], gpt2, &mut visit);
            }
        }
    }
}

fn cut<'a>(mut text: &'a str, length: impl Fn(&str) -> usize, visit: &mut impl FnMut(&'a str)) {
    while !text.is_empty() {
        let (first, rest) = text.split_at(length(text));
        visit(first);
        text = rest;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Number,
    Space,
    Other,
}

fn class(c: char) -> Class {
    if is_letter(c) {
        Class::Letter
    } else if c.is_numeric() {
        Class::Number
    } else if c.is_whitespace() {
        Class::Space
    } else {
        Class::Other
    }
}

/// Returns `true` for a character of the general category L. `char::is_alphabetic` accepts more characters.
fn is_letter(c: char) -> bool {
    static RANGES: OnceLock<Vec<(char, char)>> = OnceLock::new();
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    let ranges = RANGES.get_or_init(|| match regex_syntax::parse(r"\p{L}").map(|h| h.into_kind()) {
        Ok(regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class))) => {
            class.ranges().iter().map(|r| (r.start(), r.end())).collect()
        }
        _ => vec![],
    });
    let after = ranges.partition_point(|(start, _)| *start <= c);
    after > 0 && c <= ranges[after - 1].1
}

/// Returns the length in bytes of the longest prefix whose characters all belong to this class.
fn run(s: &str, of: Class) -> usize {
    s.find(|c| class(c) != of).unwrap_or(s.len())
}

/// Matches `'s|'t|'re|'ve|'m|'ll|'d`.
fn contraction(s: &str, any_case: bool) -> Option<usize> {
    let rest = s.strip_prefix('\'')?.as_bytes();
    let is = |ending: &[u8]| {
        rest.get(..ending.len()).is_some_and(|r| {
            if any_case {
                r.eq_ignore_ascii_case(ending)
            } else {
                r == ending
            }
        })
    };
    let endings: [&[u8]; 7] = [b"s", b"t", b"re", b"ve", b"m", b"ll", b"d"];
    endings.into_iter().find(|e| is(e)).map(|e| 1 + e.len())
}

/// Matches `\s+(?!\S)|\s+`.
fn spaces(s: &str) -> usize {
    let all = run(s, Class::Space);
    let last = s[..all].chars().next_back().map_or(0, char::len_utf8);
    if all == s.len() || all == last {
        all
    } else {
        all - last
    }
}

/// Matches `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
fn gpt2(s: &str) -> usize {
    if let Some(n) = contraction(s, false) {
        return n;
    }
    let lead = usize::from(s.starts_with(' '));
    match s[lead..].chars().next().map(class) {
        None | Some(Class::Space) => spaces(s),
        Some(of) => lead + run(&s[lead..], of),
    }
}

/// Matches
/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
fn llama3(s: &str, digits: usize) -> usize {
    if let Some(n) = contraction(s, true) {
        return n;
    }
    let Some(first) = s.chars().next() else { return 0 };
    let (of, width) = (class(first), first.len_utf8());
    let letters = |from: usize| from + run(&s[from..], Class::Letter);
    match of {
        Class::Letter => return letters(0),
        Class::Number => {
            return s
                .chars()
                .take(digits)
                .take_while(|c| c.is_numeric())
                .map(char::len_utf8)
                .sum();
        }
        _ if !matches!(first, '\r' | '\n') && letters(width) > width => return letters(width),
        _ => {}
    }
    let lead = usize::from(first == ' ');
    let others = lead + run(&s[lead..], Class::Other);
    if others > lead {
        let rest = &s[others..];
        return others + rest.find(|c| !matches!(c, '\r' | '\n')).unwrap_or(rest.len());
    }
    match s[..run(s, Class::Space)].rfind(['\r', '\n']) {
        Some(at) => at + 1,
        None => spaces(s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(split: Split, text: &str) -> Vec<&str> {
        let mut all = vec![];
        split.each(text, |part| all.push(part));
        assert_eq!(all.concat(), text);
        all
    }

    #[test]
    fn gpt2_attaches_one_leading_space_to_a_word() {
        let got = parts(Split::Gpt2, "it's  a\ttest, v12  \n ok ");
        assert_eq!(
            got,
            [
                "it", "'s", " ", " a", "\t", "test", ",", " v", "12", "  \n", " ok", " "
            ]
        );
    }

    #[test]
    fn smollm_splits_every_digit() {
        assert_eq!(
            parts(Split::Digits, "in 2024!"),
            ["in", " ", "2", "0", "2", "4", "!"]
        );
    }

    #[test]
    fn qwen_attaches_newlines_to_punctuation() {
        let got = parts(Split::Llama3(1), "I'LL (say) hi!\n\n  no 12\r\n\n x");
        let expected = [
            "I", "'LL", " (", "say", ")", " hi", "!\n\n", " ", " no", " ", "1", "2", "\r\n\n", " x",
        ];
        assert_eq!(got, expected);
    }

    #[test]
    fn llama3_groups_digits_by_three() {
        assert_eq!(parts(Split::Llama3(3), "12345 é1"), ["123", "45", " é", "1"]);
    }
}
