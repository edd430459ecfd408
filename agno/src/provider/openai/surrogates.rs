//! Repairs characters that a server split across two chunks: `"\ud83e"` at the end of one, `"\udd80"` at the start of
//! the next.
//!
//! Servers that count text in UTF-16 code units split an emoji at a chunk boundary. A lone surrogate is not a
//! character, so serde rejects both chunks. This module removes lone surrogates and joins each pair.

/// Returns the JSON without lone surrogates. A high surrogate is stored in `half`, and the next low surrogate is joined
/// to it.
///
/// Returns `None` if there are no lone surrogates, so JSON that is invalid for another reason stays invalid.
pub(super) fn repair(json: &[u8], high_surrogate: &mut Option<u32>) -> Option<Vec<u8>> {
    let mut repaired = Vec::with_capacity(json.len());
    let mut has_halves = false;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        let unit = unit(json, at);
        match unit {
            Some(first @ 0xD800..=0xDBFF) => {
                if matches!(self::unit(json, at + 6), Some(0xDC00..=0xDFFF)) {
                    repaired.extend_from_slice(&json[at..at + 12]);
                    at += 12;
                } else {
                    has_halves = true;
                    *high_surrogate = Some(first);
                    at += 6;
                }
            }
            Some(second @ 0xDC00..=0xDFFF) => {
                has_halves = true;
                let code_point = high_surrogate
                    .take()
                    .map(|first| 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
                let joined = code_point
                    .and_then(char::from_u32)
                    .unwrap_or(char::REPLACEMENT_CHARACTER);
                repaired.extend_from_slice(joined.encode_utf8(&mut [0; 4]).as_bytes());
                at += 6;
            }
            _ => {
                // An escaped backslash does not start another escape.
                let end = if *byte == b'\\' {
                    json.len().min(at + 2)
                } else {
                    at + 1
                };
                repaired.extend_from_slice(&json[at..end]);
                at = end;
            }
        }
    }
    has_halves.then_some(repaired)
}

/// Returns the UTF-16 unit of the escape `\uXXXX` at this position, if there is one.
fn unit(json: &[u8], at: usize) -> Option<u32> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok()?;
    u32::from_str_radix(digits, 16).ok()
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
