//! Removes whitespace between JSON tokens in text that may be split at any position. Streamed arguments contain the
//! spaces that the model wrote, and a complete reply contains none; both must produce the same text.

/// Removes whitespace between the tokens of JSON text that arrives in chunks.
#[derive(Debug, Default)]
pub(crate) struct Minifier {
    in_text: bool,
    escaped: bool,
}

impl Minifier {
    /// Returns the next chunk without whitespace between tokens.
    pub(crate) fn next(&mut self, part: &str) -> String {
        let keep = |c: &char| {
            if self.escaped {
                self.escaped = false;
                return true;
            }
            match c {
                '\\' if self.in_text => self.escaped = true,
                '"' => self.in_text = !self.in_text,
                ' ' | '\t' | '\n' | '\r' => return self.in_text,
                _ => {}
            }
            true
        };
        part.chars().filter(keep).collect()
    }
}

/// Returns complete JSON text without whitespace between tokens.
pub(crate) fn minified(json: &str) -> String {
    Minifier::default().next(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitespace_is_removed_outside_strings_at_any_chunk_boundary() {
        let text = "{ \"a b\" : [1,\n 2],\t\"q\\\" \\\\\" : \" x \" }";
        for cut in 0..=text.len() {
            let mut minifier = Minifier::default();
            let complete = minifier.next(&text[..cut]) + &minifier.next(&text[cut..]);
            assert_eq!(complete, "{\"a b\":[1,2],\"q\\\" \\\\\":\" x \"}", "{cut}");
        }
    }
}
