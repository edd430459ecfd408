//! Digests of values that affect a model's answers but must not be stored, such as keys and headers.

use std::fmt::Write as _;

use ring::digest::{Context, SHA256};

/// A SHA-256 digest of a sequence of strings.
pub(crate) struct Digest(Context);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// Adds a string, preceded by its length so that moving bytes between adjacent strings changes the digest.
    pub(crate) fn add(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    /// Returns the digest as hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0.finish().as_ref() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}
