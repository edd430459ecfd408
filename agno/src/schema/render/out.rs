//! A writer of JSON that works while the program is compiled: run once to count, once to write.

/// Up to here a loop is cheaper than the calls that copy a slice.
const SHORT: usize = 32;

/// Where JSON goes: nowhere at first, to learn its length; then into a buffer of that length.
///
/// The compiler interprets this code, step by step, and a call costs it a dozen steps: short texts are copied in a loop,
/// longer ones in one piece, and characters to escape are looked for sixteen at a time.
pub(super) struct Out<'a> {
    buffer: &'a mut [u8],
    counting: bool,
    len: usize,
    last: u8,
}

impl<'a> Out<'a> {
    pub(super) const fn counting() -> Self {
        Self {
            buffer: &mut [],
            counting: true,
            len: 0,
            last: 0,
        }
    }

    pub(super) const fn writing(buffer: &'a mut [u8]) -> Self {
        Self {
            buffer,
            counting: false,
            len: 0,
            last: 0,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// A text as it is.
    pub(super) const fn raw(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.bytes(bytes, 0, bytes.len());
    }

    const fn bytes(&mut self, bytes: &[u8], start: usize, end: usize) {
        if start >= end {
            return;
        }
        self.last = bytes[end - 1];
        let from = self.len;
        self.len += end - start;
        if self.counting {
            return;
        }
        if end - start > SHORT {
            let (_, place) = self.buffer.split_at_mut(from);
            let (place, _) = place.split_at_mut(end - start);
            let (_, source) = bytes.split_at(start);
            let (source, _) = source.split_at(end - start);
            place.copy_from_slice(source);
            return;
        }
        let mut at = start;
        while at < end {
            self.buffer[from + at - start] = bytes[at];
            at += 1;
        }
    }

    const fn byte(&mut self, byte: u8) {
        if !self.counting {
            self.buffer[self.len] = byte;
        }
        self.len += 1;
        self.last = byte;
    }

    /// A comma, unless the list or object was just opened.
    pub(super) const fn comma(&mut self) {
        if self.last != b'{' && self.last != b'[' {
            self.byte(b',');
        }
    }

    /// A keyword of ours as a key, with its comma and colon.
    pub(super) const fn key(&mut self, name: &str) {
        self.comma();
        self.byte(b'"');
        self.raw(name);
        self.raw("\":");
    }

    /// Any text as a key, with its comma and colon.
    pub(super) const fn name(&mut self, name: &str) {
        self.comma();
        self.string(name);
        self.byte(b':');
    }

    /// A text in quotes.
    pub(super) const fn string(&mut self, text: &str) {
        self.byte(b'"');
        self.escaped(text);
        self.byte(b'"');
    }

    /// A word of ours in quotes.
    pub(super) const fn word(&mut self, word: &str) {
        self.byte(b'"');
        self.raw(word);
        self.byte(b'"');
    }

    /// A text without its quotes.
    pub(super) const fn escaped(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let end = bytes.len();
        let mut start = 0;
        loop {
            let at = plain_until(bytes, start);
            self.bytes(bytes, start, at);
            if at >= end {
                break;
            }
            self.escape(bytes[at]);
            start = at + 1;
        }
        // Only what opens a list or an object matters, and no text ends so.
        self.last = b'"';
    }

    const fn escape(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        match byte {
            b'"' => self.raw("\\\""),
            b'\\' => self.raw("\\\\"),
            b'\n' => self.raw("\\n"),
            b'\r' => self.raw("\\r"),
            b'\t' => self.raw("\\t"),
            _ => {
                self.raw("\\u00");
                self.byte(HEX[(byte >> 4) as usize]);
                self.byte(HEX[(byte & 15) as usize]);
            }
        }
    }

    /// A whole number.
    pub(super) const fn int(&mut self, value: i128) {
        if value < 0 {
            self.raw("-");
        }
        let mut digits = [0; 39];
        let mut start = digits.len();
        let mut rest = value.unsigned_abs();
        loop {
            start -= 1;
            digits[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.bytes(&digits, start, digits.len());
    }

    /// A decimal number, with as few digits as give it back.
    pub(super) const fn float(&mut self, value: f64) {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let mut scale = 1_i128;
        let mut places = 0;
        // Both the scaled value and the scale are exact, so the quotient is the very number its digits are read as.
        while places <= 22 {
            let product = value * scale as f64;
            if product.abs() > EXACT {
                break;
            }
            let scaled = (if product < 0.0 {
                product - 0.5
            } else {
                product + 0.5
            }) as i128;
            if scaled as f64 / scale as f64 == value {
                return self.decimal(scaled, scale, places);
            }
            scale *= 10;
            places += 1;
        }
        assert!(
            value.abs() > EXACT && value.abs() < 1e38,
            "a bound must be a finite number of at most 15 digits and 22 decimals"
        );
        self.int(value as i128);
    }

    const fn decimal(&mut self, scaled: i128, scale: i128, places: u32) {
        if scaled < 0 {
            self.raw("-");
        }
        let scaled = scaled.unsigned_abs() as i128;
        self.int(scaled / scale);
        if places == 0 {
            return;
        }
        self.raw(".");
        let mut rest = scaled % scale;
        let mut unit = scale / 10;
        while unit > 0 {
            self.int(rest / unit);
            rest %= unit;
            unit /= 10;
        }
    }
}

/// Where the next character is that JSON wants escaped, or the end.
const fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    let end = bytes.len();
    let (chunks, _) = bytes.as_chunks::<16>();
    while at < end {
        if at % 16 == 0 && at + 16 <= end && is_plain(u128::from_ne_bytes(chunks[at / 16])) {
            at += 16;
            continue;
        }
        let byte = bytes[at];
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            return at;
        }
        at += 1;
    }
    end
}

/// Whether none of sixteen bytes is a quote, a backslash or a control character.
const fn is_plain(bytes: u128) -> bool {
    const ONES: u128 = u128::MAX / 255;
    const LOW: u128 = ONES * 0x7f;
    const HIGH: u128 = ONES * 0x80;
    // The high bit of each sum says that the byte is not the one looked for; none carries into the next.
    let quote = bytes ^ (ONES * b'"' as u128);
    let quote = ((quote & LOW) + LOW) | quote;
    let backslash = bytes ^ (ONES * b'\\' as u128);
    let backslash = ((backslash & LOW) + LOW) | backslash;
    let control = ((bytes & LOW) + ONES * 0x60) | bytes;
    quote & backslash & control & HIGH == HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = Out::counting();
        out.string(text);
        let mut bytes = vec![0; out.len()];
        Out::writing(&mut bytes).string(text);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn texts_are_written_as_serde_json_writes_them() {
        for character in ('\0'..='\u{ff}').chain(['語', '🙂']) {
            for before in [0, 1, 7, 15, 16, 17, 40] {
                let text = format!("{}{character}{}", "x".repeat(before), "yz".repeat(before));
                let expected = serde_json::to_string(&text).unwrap();
                // The one difference in style is of no meaning: `\u0008` for `\b` and `\u000c` for `\f`.
                let expected = expected.replace("\\b", "\\u0008").replace("\\f", "\\u000c");
                assert_eq!(written(&text), expected);
            }
        }
    }
}
