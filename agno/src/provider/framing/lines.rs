//! Splits newline-delimited JSON, which Ollama streams, into lines. The input may be split at any position.

use super::too_large;
use crate::model::ModelError;

/// Splits bytes into lines. A line borrows from the buffer; an incomplete line stays there until the rest arrives.
#[derive(Debug)]
pub(crate) struct Lines {
    max_line: usize,
    buffer: Vec<u8>,
    /// The start of the next line.
    line: usize,
    /// The end of the range that has been searched for a line break.
    searched: usize,
}

impl Lines {
    pub(crate) fn new(max_line: usize) -> Self {
        Self {
            max_line,
            buffer: Vec::new(),
            line: 0,
            searched: 0,
        }
    }

    /// Adds the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.line.min(self.buffer.len()));
        self.searched = self.searched.saturating_sub(self.line);
        self.line = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next complete line, without its line break.
    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>, ModelError> {
        let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(offset) = memchr::memchr(b'\n', unsearched) else {
            self.searched = self.buffer.len();
            return if self.buffer.len().saturating_sub(self.line) > self.max_line {
                Err(too_large())
            } else {
                Ok(None)
            };
        };
        let (start, end) = (self.line, self.searched.saturating_add(offset));
        self.line = end.saturating_add(1);
        self.searched = self.line;
        let line = self.buffer.get(start..end).unwrap_or_default();
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Returns the last line if the stream ended before its line break.
    pub(crate) fn finish(&mut self) -> Option<&[u8]> {
        let rest = self.buffer.get(self.line..)?;
        (!rest.trim_ascii().is_empty()).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_depend_on_chunk_boundaries() {
        let text = b"{\"a\":1}\n\n{\"b\":\"\xc3\xa4\"}\r\n{\"c\"";
        for cut in 0..=text.len() {
            let (mut lines, mut actual) = (Lines::new(64), Vec::new());
            for part in [&text[..cut], &text[cut..]] {
                lines.feed(part);
                while let Some(line) = lines.next_line().unwrap() {
                    actual.push(line.to_vec());
                }
            }
            assert_eq!(actual, [&text[..7], b"", &text[9..19]], "{cut}");
            assert_eq!(lines.finish(), Some(&b"{\"c\""[..]));
        }
    }
}
