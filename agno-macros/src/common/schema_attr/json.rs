//! JSON support for the macros: checking that a literal schema is a JSON object, and writing strings.
//!
//! The parser is written by hand, because a dependency on a JSON crate would slow down every build of agno.

/// Checks that the text is a JSON object; the error contains the position and the reason.
pub(crate) fn check_object(text: &str) -> Result<(), String> {
    if !text.starts_with('{') {
        return Err("expected a JSON object".to_owned());
    }
    let mut reader = Reader {
        text: text.as_bytes(),
        position: 0,
        depth: 0,
    };
    reader.value()?;
    if reader.position < text.len() {
        return Err(reader.expected("the end of the text"));
    }
    Ok(())
}

struct Reader<'a> {
    text: &'a [u8],
    position: usize,
    depth: usize,
}

impl Reader<'_> {
    fn expected(&self, token: &str) -> String {
        let line = self.text[..self.position.min(self.text.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        format!("expected {token} at byte {} (line {line})", self.position)
    }

    fn space(&mut self) {
        while matches!(self.text.get(self.position), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn skip_byte(&mut self, byte: u8) -> bool {
        self.space();
        let is_next = self.text.get(self.position) == Some(&byte);
        self.position += usize::from(is_next);
        is_next
    }

    fn value(&mut self) -> Result<(), String> {
        self.space();
        self.depth += 1;
        if self.depth > 64 {
            return Err(self.expected("at most 64 levels of nesting"));
        }
        match self.text.get(self.position) {
            Some(b'{') => self.list(b'}', Self::member)?,
            Some(b'[') => self.list(b']', Self::value)?,
            Some(b'"') => self.string()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.literal()?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn list(&mut self, end: u8, each: fn(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.position += 1;
        if self.skip_byte(end) {
            return Ok(());
        }
        loop {
            each(self)?;
            if self.skip_byte(end) {
                return Ok(());
            }
            if !self.skip_byte(b',') {
                return Err(self.expected(&format!("`,` or `{}`", end as char)));
            }
        }
    }

    fn member(&mut self) -> Result<(), String> {
        self.space();
        self.string()?;
        if !self.skip_byte(b':') {
            return Err(self.expected("`:`"));
        }
        self.value()
    }

    fn string(&mut self) -> Result<(), String> {
        if self.text.get(self.position) != Some(&b'"') {
            return Err(self.expected("a string"));
        }
        self.position += 1;
        loop {
            match self.text.get(self.position) {
                Some(b'"') => break,
                Some(b'\\') if matches!(self.text.get(self.position + 1), Some(b'u')) => {
                    let digits = self
                        .text
                        .get(self.position + 2..self.position + 6)
                        .unwrap_or_default();
                    if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err(self.expected("four hexadecimal digits"));
                    }
                    self.position += 6;
                }
                Some(b'\\')
                    if matches!(
                        self.text.get(self.position + 1),
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')
                    ) =>
                {
                    self.position += 2;
                }
                Some(0x20..) if self.text[self.position] != b'\\' => self.position += 1,
                _ => return Err(self.expected("a character of a string")),
            }
        }
        self.position += 1;
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let start = self.position;
        while matches!(
            self.text.get(self.position),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.position += 1;
        }
        let text = std::str::from_utf8(&self.text[start..self.position]).unwrap_or_default();
        let digits = text.trim_start_matches('-');
        let leading_zero =
            digits.len() > 1 && digits.starts_with('0') && !digits[1..].starts_with(['.', 'e', 'E']);
        if text.parse::<f64>().is_err() || leading_zero || digits.ends_with('.') || digits.contains(".e") {
            self.position = start;
            return Err(self.expected("a number"));
        }
        Ok(())
    }

    fn literal(&mut self) -> Result<(), String> {
        for literal in ["true", "false", "null"] {
            if self.text[self.position.min(self.text.len())..].starts_with(literal.as_bytes()) {
                self.position += literal.len();
                return Ok(());
            }
        }
        Err(self.expected("a value"))
    }
}

/// Converts text to a JSON string.
pub(crate) fn quote(text: &str) -> String {
    let mut json = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            control if u32::from(control) < 0x20 => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_object_accepts_only_json_objects() {
        for good in [
            r#"{}"#,
            r#"{"type": ["string", "null"], "a": {"b": [1, -2.5e3, true, null, "\u00e9\n"]}}"#,
        ] {
            assert_eq!(check_object(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "[]",
            "{",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{"a":01}"#,
            r#"{"a":"\x"}"#,
            "{} {}",
        ] {
            assert!(check_object(bad).is_err(), "{bad}");
        }
        assert_eq!(
            check_object(r#"{"a" 1}"#),
            Err("expected `:` at byte 5 (line 1)".to_owned())
        );
    }

    #[test]
    fn quote_escapes_strings() {
        assert_eq!(quote("a\"\\\n\u{1}é"), "\"a\\\"\\\\\\n\\u0001é\"");
    }
}
