//! A JSON text a line, as Ollama streams: bytes cut into lines however the network cut them.

use super::sse::MAX_EVENT;
use super::too_large;
use crate::model::ModelError;

/// Cuts bytes into lines. A line is handed out where it lies; an unfinished one waits for more.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    buffer: Vec<u8>,
    /// Where the next line begins, and how far it was searched for its end.
    line: usize,
    searched: usize,
}

impl Lines {
    /// Takes the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.line);
        self.searched -= self.line;
        self.line = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole line, without its end.
    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>, ModelError> {
        let Some(found) = memchr::memchr(b'\n', &self.buffer[self.searched..]) else {
            self.searched = self.buffer.len();
            return if self.buffer.len() - self.line > MAX_EVENT {
                Err(too_large())
            } else {
                Ok(None)
            };
        };
        let (start, end) = (self.line, self.searched + found);
        self.line = end + 1;
        self.searched = self.line;
        let line = &self.buffer[start..end];
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// What is left when the stream is over.
    pub(crate) fn finish(&mut self) -> Option<&[u8]> {
        let rest = &self.buffer[self.line..];
        (!rest.trim_ascii().is_empty()).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_are_cut() {
        let text = b"{\"a\":1}\n\n{\"b\":\"\xc3\xa4\"}\r\n{\"c\"";
        for cut in 0..=text.len() {
            let (mut lines, mut found) = (Lines::default(), Vec::new());
            for part in [&text[..cut], &text[cut..]] {
                lines.feed(part);
                while let Some(line) = lines.next_line().unwrap() {
                    found.push(line.to_vec());
                }
            }
            assert_eq!(found, [&text[..7], b"", &text[9..19]], "{cut}");
            assert_eq!(lines.finish(), Some(&b"{\"c\""[..]));
        }
    }
}
