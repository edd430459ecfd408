//! A writer of JSON that works while the program is compiled: run once to count, once to write.

/// Where JSON goes: nowhere at first, to learn its length; then into a buffer of that length.
pub(super) struct Out<'a> {
    buffer: Option<&'a mut [u8]>,
    len: usize,
    last: u8,
}

impl<'a> Out<'a> {
    pub(super) const fn counting() -> Self {
        Self {
            buffer: None,
            len: 0,
            last: 0,
        }
    }

    pub(super) const fn writing(buffer: &'a mut [u8]) -> Self {
        Self {
            buffer: Some(buffer),
            len: 0,
            last: 0,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Bytes as they are.
    pub(super) const fn raw(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    const fn bytes(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Some(buffer) = &mut self.buffer {
            let (_, free) = buffer.split_at_mut(self.len);
            let (place, _) = free.split_at_mut(bytes.len());
            place.copy_from_slice(bytes);
        }
        self.len += bytes.len();
        self.last = bytes[bytes.len() - 1];
    }

    /// A comma, unless the list or object was just opened.
    pub(super) const fn comma(&mut self) {
        if self.last != b'{' && self.last != b'[' {
            self.raw(",");
        }
    }

    /// A key of an object, with its comma and colon.
    pub(super) const fn key(&mut self, name: &str) {
        self.comma();
        self.string(name);
        self.raw(":");
    }

    /// A text in quotes.
    pub(super) const fn string(&mut self, text: &str) {
        self.raw("\"");
        self.escaped(text);
        self.raw("\"");
    }

    /// A text without its quotes.
    pub(super) const fn escaped(&mut self, text: &str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let bytes = text.as_bytes();
        let mut start = 0;
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                at += 1;
                continue;
            }
            self.bytes(bytes.split_at(at).0.split_at(start).1);
            match byte {
                b'"' => self.raw("\\\""),
                b'\\' => self.raw("\\\\"),
                b'\n' => self.raw("\\n"),
                b'\r' => self.raw("\\r"),
                b'\t' => self.raw("\\t"),
                _ => self.bytes(&[
                    b'\\',
                    b'u',
                    b'0',
                    b'0',
                    HEX[(byte >> 4) as usize],
                    HEX[(byte & 15) as usize],
                ]),
            }
            at += 1;
            start = at;
        }
        self.bytes(bytes.split_at(start).1);
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
        self.bytes(digits.split_at(start).1);
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
