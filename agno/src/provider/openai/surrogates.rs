//! Repairs characters that a server split across two chunks: `"\ud83e"` at the end of one, `"\udd80"` at the start of
//! the next.
//!
//! Servers that count text in UTF-16 code units may split an emoji at a chunk boundary. A lone surrogate is not a
//! character, so serde rejects both chunks. This module joins the two halves.

/// Length of an escape, `\uXXXX`.
const ESCAPE: usize = 6;

/// Returns the JSON without lone surrogates. A lone high surrogate is removed and stored in `high_surrogate`; the next
/// lone low surrogate is joined to it. A low surrogate without a stored half becomes U+FFFD.
///
/// Returns `None` if there are no lone surrogates, so JSON that is invalid for another reason stays invalid.
pub(super) fn repair(json: &[u8], high_surrogate: &mut Option<u32>) -> Option<Vec<u8>> {
    let mut repaired = Vec::with_capacity(json.len());
    let mut has_halves = false;
    let mut rest = json;
    while let Some((byte, after_byte)) = rest.split_first() {
        rest = match unit(rest) {
            Some((first @ 0xD800..=0xDBFF, after)) => match unit(after) {
                Some((0xDC00..=0xDFFF, after_pair)) => {
                    repaired.extend_from_slice(rest.get(..2 * ESCAPE).unwrap_or_default());
                    after_pair
                }
                _ => {
                    has_halves = true;
                    *high_surrogate = Some(first);
                    after
                }
            },
            Some((second @ 0xDC00..=0xDFFF, after)) => {
                has_halves = true;
                let joined = high_surrogate.take().and_then(|first| join(first, second));
                let joined = joined.unwrap_or(char::REPLACEMENT_CHARACTER);
                repaired.extend_from_slice(joined.encode_utf8(&mut [0; 4]).as_bytes());
                after
            }
            _ => {
                repaired.push(*byte);
                match after_byte.split_first() {
                    // An escaped backslash does not start another escape.
                    Some((escaped, after)) if *byte == b'\\' => {
                        repaired.push(*escaped);
                        after
                    }
                    _ => after_byte,
                }
            }
        };
    }
    has_halves.then_some(repaired)
}

/// Returns the character of a surrogate pair.
fn join(first: u32, second: u32) -> Option<char> {
    let halves = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    char::decode_utf16(halves).next()?.ok()
}

/// Returns the UTF-16 code unit of the escape `\uXXXX` at the start, if there is one, and the text after the escape.
fn unit(json: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, after) = json.strip_prefix(b"\\u")?.split_at_checked(4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u32::from_str_radix(digits, 16).ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_surrogate_pairs_are_joined_and_valid_json_is_unchanged() {
        let mut high_surrogate = None;
        let mut repair = |json: &str| {
            repair(json.as_bytes(), &mut high_surrogate).map(|bytes| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(repair(r#""a \ud83e\udd80 \u00fc""#), None);
        assert_eq!(repair(r#""a \ud83e""#).as_deref(), Some(r#""a ""#));
        assert_eq!(repair(r#""\udd80 b""#).as_deref(), Some("\"🦀 b\""));
        assert_eq!(repair(r#""\udd80""#).as_deref(), Some("\"\u{fffd}\""));
        assert_eq!(repair(r#""\\ud83e""#), None);
        assert_eq!(repair(r#""\ud83"#), None);
        assert_eq!(repair("\\"), None);
    }
}
