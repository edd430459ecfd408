//! Patterns: each is compiled when it is first needed and kept, for there are only as many as the program declares.

use std::sync::RwLock;

use regex_lite::Regex;

static COMPILED: RwLock<Vec<(&'static str, Option<Regex>)>> = RwLock::new(Vec::new());

/// Whether a pattern is found in a text. A pattern that is no regular expression holds nothing back.
pub(super) fn is_match(pattern: &'static str, text: &str) -> bool {
    let known = COMPILED.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, regex)) = known.iter().find(|(known, _)| *known == pattern) {
        return regex.as_ref().is_none_or(|regex| regex.is_match(text));
    }
    drop(known);
    let regex = Regex::new(pattern).ok();
    let found = regex.as_ref().is_none_or(|regex| regex.is_match(text));
    let mut known = COMPILED
        .write()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if !known.iter().any(|(known, _)| *known == pattern) {
        known.push((pattern, regex));
    }
    found
}
