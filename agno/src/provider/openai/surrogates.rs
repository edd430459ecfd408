//! Mends characters that a server cut in two: `"\ud83e"` at the end of one chunk, `"\udd80"` at the start of the next.
//!
//! Servers that count text in UTF-16 do that to every emoji at a chunk's edge. Neither half is a character, so serde
//! refuses both chunks; the halves are taken out here and put together.

/// The JSON without halves of characters: a first half waits in `half`, a second one is joined to it. `None` when there
/// are none, so that JSON that is wrong for another reason stays wrong.
pub(super) fn repair(json: &[u8], half: &mut Option<u32>) -> Option<Vec<u8>> {
    let mut repaired = Vec::with_capacity(json.len());
    let mut found = false;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        let unit = unit(json, at);
        match unit {
            Some(first @ 0xD800..=0xDBFF) => {
                if matches!(self::unit(json, at + 6), Some(0xDC00..=0xDFFF)) {
                    repaired.extend_from_slice(&json[at..at + 12]);
                    at += 12;
                } else {
                    found = true;
                    *half = Some(first);
                    at += 6;
                }
            }
            Some(second @ 0xDC00..=0xDFFF) => {
                found = true;
                let code_point = half
                    .take()
                    .map(|first| 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
                let joined = code_point
                    .and_then(char::from_u32)
                    .unwrap_or(char::REPLACEMENT_CHARACTER);
                repaired.extend_from_slice(joined.encode_utf8(&mut [0; 4]).as_bytes());
                at += 6;
            }
            _ => {
                // An escaped backslash is not the beginning of an escape.
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
    found.then_some(repaired)
}

/// The number of the escape `\uXXXX` that begins here.
fn unit(json: &[u8], at: usize) -> Option<u32> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_joined_and_everything_else_is_left_alone() {
        let mut half = None;
        let mut repair =
            |json: &str| repair(json.as_bytes(), &mut half).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(repair(r#""a \ud83e\udd80 \u00fc""#), None);
        assert_eq!(repair(r#""a \ud83e""#).as_deref(), Some(r#""a ""#));
        assert_eq!(repair(r#""\udd80 b""#).as_deref(), Some("\"🦀 b\""));
        assert_eq!(repair(r#""\udd80""#).as_deref(), Some("\"\u{fffd}\""));
        assert_eq!(repair(r#""\\ud83e""#), None);
        assert_eq!(repair(r#""\ud83"#), None);
        assert_eq!(repair("\\"), None);
    }
}
