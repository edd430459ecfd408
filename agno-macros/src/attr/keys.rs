//! Tables of keys, and what to say about a key that is not in its table.

use proc_macro2::Ident;

use super::Errors;

/// Notes a key that a macro does not know, with the one that was probably meant, else with all that there are.
pub(crate) fn unknown_key(cx: &Errors, key: &Ident, known: &[&str]) {
    let name = key.to_string();
    match closest(&name, known) {
        Some(meant) => cx.error(key, format_args!("unknown key `{name}`; did you mean `{meant}`?")),
        None => cx.error(
            key,
            format_args!("unknown key `{name}`; expected {}", one_of(known)),
        ),
    }
}

/// The known name that is nearest, if it is near.
pub(crate) fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.to_lowercase();
    let near = |known: &&'k str| {
        let distance = distance(&name, &known.to_lowercase());
        // A third of the letters may be wrong.
        (distance <= name.len().max(known.len()) / 3).then_some((distance, *known))
    };
    known.iter().filter_map(near).min().map(|(_, known)| known)
}

/// "`a`", "`a` or `b`", "one of `a`, `b`, `c`".
pub(crate) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [a] => a.clone(),
        [a, b] => format!("{a} or {b}"),
        many => format!("one of {}", many.join(", ")),
    }
}

/// Insertions, deletions, changes and swaps of neighbours that make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_understood() {
        let known = &["name", "description", "timeout"];
        assert_eq!(closest("desciption", known), Some("description"));
        assert_eq!(closest("nmae", known), Some("name"));
        assert_eq!(closest("TimeOut", known), Some("timeout"));
        assert_eq!(closest("colour", known), None);
    }

    #[test]
    fn lists_read_as_text() {
        assert_eq!(one_of(&["a"]), "`a`");
        assert_eq!(one_of(&["a", "b"]), "`a` or `b`");
        assert_eq!(one_of(&["a", "b", "c"]), "one of `a`, `b`, `c`");
    }
}
