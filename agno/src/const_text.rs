//! String operations for const contexts: comparison, hashing and formatting, which the standard library does not yet
//! provide as `const` functions.

/// Returns `true` if two strings are equal.
pub(crate) const fn same_text(a: &str, b: &str) -> bool {
    same_bytes(a.as_bytes(), b.as_bytes())
}

/// Returns `true` if two byte strings are equal.
pub(crate) const fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    // Compare from the end, because type paths and tool names often share a prefix.
    let mut rest = a.len();
    while rest > 0 {
        rest -= 1;
        if a[rest] != b[rest] {
            return false;
        }
    }
    true
}

/// Hashes a string, eight bytes at a time. Tool names are short and often differ only at the end.
pub(crate) const fn hash(text: &str) -> u64 {
    let mut rest = text.as_bytes();
    let mut hash = rest.len() as u64;
    while let Some((eight, others)) = rest.split_first_chunk() {
        hash = mix(hash, u64::from_le_bytes(*eight));
        rest = others;
    }
    let mut last = 0;
    while let Some((byte, others)) = rest.split_first() {
        last = last << 8 | *byte as u64;
        rest = others;
    }
    mix(hash, last)
}

/// Mixes eight bytes into a hash. The multiplication spreads each bit upward; the shift brings the upper bits down to
/// the lower ones, which select the table index.
const fn mix(hash: u64, word: u64) -> u64 {
    let spread = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    spread ^ (spread >> 32)
}

/// The message of a compile-time error, assembled by hand because `format!` is not available in const contexts. Text
/// beyond 192 bytes is truncated.
pub(crate) struct ConstMessage {
    bytes: [u8; 192],
    len: usize,
}

impl ConstMessage {
    /// Creates an empty message.
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; 192],
            len: 0,
        }
    }

    /// Appends a string.
    pub(crate) const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut index = 0;
        while index < bytes.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = bytes[index];
            self.len += 1;
            index += 1;
        }
    }

    /// Appends a number in decimal.
    pub(crate) const fn push_number(&mut self, number: usize) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        if self.len < self.bytes.len() {
            self.bytes[self.len] = b'0' + (number % 10) as u8;
            self.len += 1;
        }
    }

    /// Returns the message, or `None` if it was truncated within a character.
    pub(crate) const fn as_str(&self) -> Option<&str> {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => Some(text),
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_equal_only_if_all_bytes_match() {
        assert!(same_text("", ""));
        assert!(same_text("order", "order"));
        for other in ["", "orde", "orders", "Order", "ordes"] {
            assert!(!same_text("order", other), "{other}");
        }
    }

    #[test]
    fn push_number_formats_every_digit() {
        let mut message = ConstMessage::new();
        message.push_number(0);
        message.push(" ");
        message.push_number(1209);
        assert_eq!(message.as_str(), Some("0 1209"));
    }

    #[test]
    fn long_messages_are_truncated() {
        let mut message = ConstMessage::new();
        message.push(&"a".repeat(200));
        message.push_number(5);
        assert_eq!(message.as_str(), Some(&*"a".repeat(192)));
    }
}
