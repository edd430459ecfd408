//! A JSON writer that runs at compile time. The first pass counts the bytes, and the second pass writes them.

/// Up to this length, a loop is cheaper than the calls that copy a slice.
const SHORT: usize = 32;

/// At this length and above, it is cheaper to examine sixteen bytes at a time.
const LONG: usize = 48;

/// A destination for JSON: a buffer, and a counter of bytes that continues to count when the buffer is full.
///
/// The compiler interprets this code step by step, and each call costs a dozen steps or more. Literals are therefore
/// arrays, whose length requires no call. Short strings are copied in a loop and long strings as slices.
pub(super) struct Out<'a> {
    buffer: &'a mut [u8],
    capacity: usize,
    // `true` if a list or an object was just opened, so that no comma follows.
    is_first: bool,
    len: usize,
}

impl<'a> Out<'a> {
    pub(super) const fn counting() -> Self {
        Self {
            buffer: &mut [],
            capacity: 0,
            is_first: true,
            len: 0,
        }
    }

    pub(super) const fn writing(buffer: &'a mut [u8]) -> Self {
        Self {
            capacity: buffer.len(),
            buffer,
            is_first: true,
            len: 0,
        }
    }

    /// Returns the number of bytes written, including those for which the buffer had no space.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Writes a literal.
    pub(super) const fn lit<const N: usize>(&mut self, text: &[u8; N]) {
        self.is_first = false;
        self.copy(text, 0, N);
    }

    /// Writes a literal that ends by opening a list or an object.
    pub(super) const fn open<const N: usize>(&mut self, text: &[u8; N]) {
        self.copy(text, 0, N);
        self.is_first = true;
    }

    /// Writes a key, passed with its quotes and colon, after a comma if one is needed.
    pub(super) const fn key<const N: usize>(&mut self, key: &[u8; N]) {
        if !self.is_first {
            self.byte(b',');
        }
        self.is_first = false;
        self.copy(key, 0, N);
    }

    /// Writes a comma, unless a list or an object was just opened.
    pub(super) const fn comma(&mut self) {
        if !self.is_first {
            self.byte(b',');
        }
    }

    /// Writes a string unchanged.
    pub(super) const fn raw(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.is_first = false;
        self.copy(bytes, 0, bytes.len());
    }

    /// Writes a byte that does not open a list or an object.
    pub(super) const fn byte(&mut self, byte: u8) {
        self.is_first = false;
        if self.len < self.capacity {
            self.buffer[self.len] = byte;
        }
        self.len += 1;
    }

    const fn copy(&mut self, bytes: &[u8], start: usize, end: usize) {
        let from = self.len;
        let count = end - start;
        self.len = from + count;
        if self.len > self.capacity {
            return;
        }
        if count > SHORT {
            let (_, slot) = self.buffer.split_at_mut(from);
            let (slot, _) = slot.split_at_mut(count);
            let (_, source) = bytes.split_at(start);
            let (source, _) = source.split_at(count);
            slot.copy_from_slice(source);
            return;
        }
        let buffer = &mut *self.buffer;
        let mut at = start;
        let mut position = from;
        while at < end {
            buffer[position] = bytes[at];
            at += 1;
            position += 1;
        }
    }

    /// Writes any string as a key, with its comma and colon.
    pub(super) const fn name(&mut self, name: &str) {
        self.comma();
        self.string(name);
        self.byte(b':');
    }

    /// Writes a string in quotes.
    pub(super) const fn string(&mut self, text: &str) {
        self.byte(b'"');
        self.escaped(text);
        self.byte(b'"');
    }

    /// Writes an escaped string without quotes.
    pub(super) const fn escaped(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let end = bytes.len();
        self.is_first = false;
        let mut start = 0;
        loop {
            let at = plain_until(bytes, start, end);
            self.copy(bytes, start, at);
            if at == end {
                return;
            }
            self.escape(bytes[at]);
            start = at + 1;
        }
    }

    const fn escape(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        match byte {
            b'"' => self.lit(b"\\\""),
            b'\\' => self.lit(b"\\\\"),
            b'\n' => self.lit(b"\\n"),
            b'\r' => self.lit(b"\\r"),
            b'\t' => self.lit(b"\\t"),
            _ => self.lit(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                HEX[(byte >> 4) as usize],
                HEX[(byte & 15) as usize],
            ]),
        }
    }

    /// Writes an integer.
    pub(super) const fn int(&mut self, value: i128) {
        if value < 0 {
            self.byte(b'-');
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
        self.is_first = false;
        self.copy(&digits, start, 39);
    }

    /// Writes a decimal number with the fewest digits that read back as the same number.
    pub(super) const fn float(&mut self, value: f64) {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let mut scale = 1_i128;
        let mut decimals = 0;
        // The scaled value and the scale are both exact, so the quotient equals the number that a parser reads.
        while decimals <= 22 {
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
                return self.decimal(scaled, scale, decimals);
            }
            scale *= 10;
            decimals += 1;
        }
        assert!(
            value.abs() > EXACT && value.abs() < 1e38,
            "a bound must be a finite number of at most 15 digits and 22 decimals"
        );
        self.int(value as i128);
    }

    const fn decimal(&mut self, scaled: i128, scale: i128, decimals: u32) {
        if scaled < 0 {
            self.byte(b'-');
        }
        let scaled = scaled.unsigned_abs() as i128;
        self.int(scaled / scale);
        if decimals == 0 {
            return;
        }
        self.byte(b'.');
        let mut rest = scaled % scale;
        let mut unit = scale / 10;
        while unit > 0 {
            self.int(rest / unit);
            rest %= unit;
            unit /= 10;
        }
    }
}

/// Returns the index of the next byte that must be escaped in JSON, or `end`.
const fn plain_until(bytes: &[u8], mut at: usize, end: usize) -> usize {
    if end >= LONG {
        let (chunks, _) = bytes.as_chunks::<16>();
        let count = end / 16;
        let mut chunk = at / 16;
        if at == chunk * 16 {
            while chunk < count && is_plain(u128::from_ne_bytes(chunks[chunk])) {
                chunk += 1;
            }
            at = chunk * 16;
        }
    }
    let plain = &PLAIN;
    while at < end && plain[bytes[at] as usize] {
        at += 1;
    }
    at
}

/// The bytes that need no escape in a JSON string.
static PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut byte = 0;
    while byte < 0x20 {
        plain[byte] = false;
        byte += 1;
    }
    plain[b'"' as usize] = false;
    plain[b'\\' as usize] = false;
    plain
};

/// Returns `true` if none of the sixteen bytes is a quote, a backslash or a control character.
const fn is_plain(bytes: u128) -> bool {
    // In `quote`, `backslash` and `control`, the high bit of a byte is set unless the byte belongs to that class. No
    // addition carries into the next byte.
    let low = 0x7f7f_7f7f_7f7f_7f7f_7f7f_7f7f_7f7f_7f7f;
    let quote = bytes ^ 0x2222_2222_2222_2222_2222_2222_2222_2222;
    let quote = ((quote & low) + low) | quote;
    let backslash = bytes ^ 0x5c5c_5c5c_5c5c_5c5c_5c5c_5c5c_5c5c_5c5c;
    let backslash = ((backslash & low) + low) | backslash;
    let control = ((bytes & low) + 0x6060_6060_6060_6060_6060_6060_6060_6060) | bytes;
    let high = 0x8080_8080_8080_8080_8080_8080_8080_8080;
    quote & backslash & control & high == high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> String {
        let mut out = Out::counting();
        out.string(text);
        let mut bytes = vec![0; out.len()];
        Out::writing(&mut bytes).string(text);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn string_escapes_match_serde_json() {
        for character in ('\0'..='\u{ff}').chain(['語', '🙂']) {
            for padding in [0, 1, 7, 15, 16, 17, 40] {
                let text = format!("{}{character}{}", "x".repeat(padding), "yz".repeat(padding));
                let expected = serde_json::to_string(&text).unwrap();
                // The output differs only in notation: `\u0008` for `\b` and `\u000c` for `\f`.
                let expected = expected.replace("\\b", "\\u0008").replace("\\f", "\\u000c");
                assert_eq!(render(&text), expected);
            }
        }
    }
}
