//! Patterns: each is compiled on first use and cached. The cache is limited by the number of patterns that the
//! program declares.

use std::sync::RwLock;

use regex_lite::Regex;

static COMPILED: RwLock<Vec<(&'static str, Option<Regex>)>> = RwLock::new(Vec::new());

/// Returns `true` if a pattern matches within a string. An invalid regular expression accepts every string.
pub(super) fn is_match(pattern: &'static str, text: &str) -> bool {
    let known = COMPILED.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, regex)) = known.iter().find(|(known, _)| *known == pattern) {
        return regex.as_ref().is_none_or(|regex| regex.is_match(text));
    }
    drop(known);
    let regex = Regex::new(pattern).ok();
    let matches = regex.as_ref().is_none_or(|regex| regex.is_match(text));
    let mut known = COMPILED
        .write()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if !known.iter().any(|(known, _)| *known == pattern) {
        known.push((pattern, regex));
    }
    matches
}
