//! Patterns, which are compiled on first use and cached. The cache never holds more patterns than the program declares.
//!
//! Matching time is proportional to the size of the pattern and the length of the string, so both count toward the work
//! of a validation.

use std::sync::{PoisonError, RwLock};

use regex_lite::{Regex, RegexBuilder};

use super::super::validation_error::{MAX_WORK, ValidationErrors};

/// Minimum size that is assumed for a compiled pattern, in bytes.
const MIN_SIZE: u64 = 256;
/// Maximum size of a compiled pattern, in bytes.
const MAX_SIZE: u64 = 16 << 20;

/// A compiled pattern.
struct Compiled {
    regex: Regex,
    /// Work per byte of text. A state of a pattern uses about 50 bytes and, in the worst case, costs 20 ns per byte.
    cost: u64,
}

static COMPILED: RwLock<Vec<(&'static str, Option<Compiled>)>> = RwLock::new(Vec::new());

/// The result of matching a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    Yes,
    No,
    /// The total length of the strings in this validation exceeds this number of bytes.
    TooLong(u64),
}

/// Searches for a pattern in a string. A regular expression that is invalid or too large accepts every string.
pub(super) fn find(pattern: &'static str, text: &str, errors: &mut ValidationErrors) -> Match {
    let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, compiled)) = known.iter().find(|(known, _)| *known == pattern) {
        return search(compiled.as_ref(), text, errors);
    }
    drop(known);
    let compiled = compile(pattern);
    let matches = search(compiled.as_ref(), text, errors);
    let mut known = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    if !known.iter().any(|(known, _)| *known == pattern) {
        known.push((pattern, compiled));
    }
    matches
}

fn search(compiled: Option<&Compiled>, text: &str, errors: &mut ValidationErrors) -> Match {
    match compiled {
        None => Match::Yes,
        Some(Compiled { cost, .. }) if !errors.spend(cost.saturating_mul(text.len() as u64)) => {
            Match::TooLong(MAX_WORK / cost)
        }
        Some(Compiled { regex, .. }) if regex.is_match(text) => Match::Yes,
        Some(_) => Match::No,
    }
}

/// Compiles a pattern. The engine does not report the size, so this doubles the limit until the pattern fits.
fn compile(pattern: &str) -> Option<Compiled> {
    let mut size = MIN_SIZE;
    while size <= MAX_SIZE {
        let limit = usize::try_from(size).unwrap_or(usize::MAX);
        if let Ok(regex) = RegexBuilder::new(pattern).size_limit(limit).build() {
            return Some(Compiled {
                regex,
                cost: size / 2,
            });
        }
        size *= 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_bounded_by_the_pattern_size_and_the_total_text_length() {
        let find = |pattern, count: usize, text: &str| {
            let mut errors = ValidationErrors::default();
            (0..count)
                .map(|_| find(pattern, text, &mut errors))
                .last()
                .unwrap()
        };
        let large = "^(([a-z]{1,50}){1,50})+$";
        assert_eq!(find(large, 1, &"a".repeat(500)), Match::Yes);
        assert!(matches!(
            find(large, 1, &"a".repeat(100_000)),
            Match::TooLong(1_000..20_000)
        ));
        assert!(matches!(find(large, 100, &"a".repeat(500)), Match::TooLong(_)));
        let small = "^[^<>]*$";
        assert_eq!(find(small, 1, &"a".repeat(10_000)), Match::Yes);
        // The limit for a small pattern exceeds the size limit for the arguments of a call.
        let Match::TooLong(limit) = find(small, 1, &"a".repeat(4 << 20)) else {
            panic!("4 MiB is below the limit");
        };
        assert!(limit > 1 << 20, "{limit}");
        assert_eq!(find(small, 1, "<"), Match::No);
        assert_eq!(find("(", 1, "invalid"), Match::Yes);
    }
}
