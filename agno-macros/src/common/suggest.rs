//! Finds suggestions for unknown names: "did you mean `timeout`?".
//!
//! The rule is the same as the runtime's rule for provider names:
//!
//! - The *distance* between two names is the number of insertions, deletions and substitutions of single characters and
//!   swaps of adjacent characters that turn one name into the other (optimal string alignment). Case is ignored.
//! - A known name is *near* if its distance is at most a third, rounded down, of the length of the longer name in
//!   characters. Two names shorter than three characters are therefore near only if they are equal.
//! - The suggestion is the nearest name. Among equally near names, it is the first in alphabetical order.

use proc_macro2::Ident;

use super::Errors;

/// Adds an error for an unknown key. The message suggests the nearest known key, or lists all known keys if none is
/// near.
pub(crate) fn unknown_key(cx: &Errors, key: &Ident, known: &[&str]) {
    let name = key.to_string();
    match closest(&name, known) {
        Some(suggestion) => cx.error(
            key,
            format_args!("unknown key `{name}`; did you mean `{suggestion}`?"),
        ),
        None => cx.error(
            key,
            format_args!("unknown key `{name}`; expected {}", one_of(known)),
        ),
    }
}

/// Returns the known name to suggest, or `None` if none is near.
pub(crate) fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.to_lowercase();
    let candidate = |known: &&'k str| {
        let lengths = [name.chars().count(), known.chars().count()];
        let limit = lengths[0].max(lengths[1]) / 3;
        // Skips the quadratic comparison if the difference in length already exceeds the limit.
        if lengths[0].abs_diff(lengths[1]) > limit {
            return None;
        }
        let distance = strsim::osa_distance(&name, &known.to_lowercase());
        (distance <= limit).then_some((distance, *known))
    };
    known.iter().filter_map(candidate).min().map(|(_, known)| known)
}

/// Formats a list of names: "`a`", "`a` or `b`", "one of `a`, `b`, `c`".
pub(crate) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [a] => a.clone(),
        [a, b] => format!("{a} or {b}"),
        many => format!("one of {}", many.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_names_match_known_names() {
        let known = &["name", "description", "timeout"];
        assert_eq!(closest("desciption", known), Some("description"));
        assert_eq!(closest("nmae", known), Some("name"));
        assert_eq!(closest("TimeOut", known), Some("timeout"));
        assert_eq!(closest("colour", known), None);
    }

    #[test]
    fn at_most_a_third_of_the_longer_name_may_differ() {
        assert_eq!(closest("ai", &["xai"]), Some("xai"));
        assert_eq!(closest("x", &["xy"]), None);
        assert_eq!(closest("abcxyz", &["abcdef"]), None);
        assert_eq!(closest("größe", &["große"]), Some("große"));
    }

    #[test]
    fn ties_resolve_to_the_alphabetically_first_name() {
        assert_eq!(closest("bat", &["hat", "cat"]), Some("cat"));
        assert_eq!(closest("", &["xai"]), None);
    }

    #[test]
    fn one_of_formats_a_list_of_names() {
        assert_eq!(one_of(&["a"]), "`a`");
        assert_eq!(one_of(&["a", "b"]), "`a` or `b`");
        assert_eq!(one_of(&["a", "b", "c"]), "one of `a`, `b`, `c`");
    }
}
