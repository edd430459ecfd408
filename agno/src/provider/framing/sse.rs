//! A parser for server-sent events that accepts bytes split at any position.
//!
//! ```
//! use agno::__private::sse::Parser;
//!
//! let mut parser = Parser::new();
//! let mut events = Vec::new();
//! for chunk in ["event: note\r\nda", "ta: one\r", "\n\r\n: a comment\n\ndata: two\ndata: lines\n\n"] {
//!     parser.feed(chunk.as_bytes());
//!     while let Some(event) = parser.next_event()? {
//!         events.push((event.name.to_vec(), event.data.to_vec()));
//!     }
//! }
//! assert_eq!(events, [
//!     (b"note".to_vec(), b"one".to_vec()),
//!     (b"".to_vec(), b"two\nlines".to_vec()),
//! ]);
//! # Ok::<(), agno::__private::sse::TooLarge>(())
//! ```

use std::fmt;
use std::ops::Range;

/// Default maximum size of an event in bytes. One event can contain an entire image.
pub const MAX_EVENT: usize = 32 * 1024 * 1024;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A server-sent event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The `event` field. Empty if the event has none.
    pub name: &'a [u8],
    /// The `data` fields, joined with line breaks.
    pub data: &'a [u8],
}

/// Error for an event that exceeds the parser's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge(usize);

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a server-sent event is larger than {} bytes", self.0)
    }
}

impl std::error::Error for TooLarge {}

/// Splits bytes into events. An event with a single `data` line borrows from the buffer, without an allocation per
/// line.
#[derive(Debug, Default)]
pub struct Parser {
    /// Maximum size of an event in bytes, [`MAX_EVENT`] by default.
    max_event: Option<usize>,
    /// The bytes that have not been processed yet or that the current event borrows.
    buffer: Vec<u8>,
    /// The start of the next line.
    line: usize,
    /// The end of the range that has been searched for a line break.
    searched: usize,
    /// `true` if the last line ended in CR, so that a following LF belongs to the same line break.
    after_cr: bool,
    /// `true` once the start of the stream, which may be a byte order mark, has been processed.
    started: bool,
    /// The range of the event's data in the buffer, if the data is a single line.
    single: Option<Range<usize>>,
    /// A copy of the event's data, if the data has several lines.
    joined: Option<Vec<u8>>,
    name: Vec<u8>,
    /// `true` once `joined` and `name` have been returned and can be discarded.
    taken: bool,
}

/// The role of a line in its event.
enum Line {
    Field,
    End,
}

#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "`line <= searched <= buffer.len()`, and the ranges of lines end before `searched`"
)]
impl Parser {
    /// Creates a parser for a new stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a parser for a new stream whose events have at most this many bytes.
    pub fn with_max_event(max_event: usize) -> Self {
        Self {
            max_event: Some(max_event),
            ..Self::default()
        }
    }

    /// Adds the next bytes. Before you add more, call [`next_event`](Self::next_event) until it returns `None`.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.discard();
        let keep = self.single.as_ref().map_or(self.line, |data| data.start);
        if keep > 0 {
            self.buffer.drain(..keep);
            self.line -= keep;
            self.searched -= keep;
            if let Some(data) = &mut self.single {
                *data = data.start - keep..data.end - keep;
            }
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next complete event, or `None` if more bytes are required.
    ///
    /// # Errors
    ///
    /// Returns an error when an event exceeds the parser's limit.
    pub fn next_event(&mut self) -> Result<Option<Event<'_>>, TooLarge> {
        let max = self.max_event.unwrap_or(MAX_EVENT);
        self.discard();
        if !self.skip_bom() {
            return Ok(None);
        }
        loop {
            if self.after_cr && self.line < self.buffer.len() {
                self.after_cr = false;
                if self.buffer[self.line] == b'\n' {
                    self.line += 1;
                    self.searched = self.line;
                }
            }
            let Some(offset) = memchr::memchr2(b'\n', b'\r', &self.buffer[self.searched..]) else {
                self.searched = self.buffer.len();
                let rest = self.buffer.len() - self.line;
                return if self.size() + rest > max {
                    Err(TooLarge(max))
                } else {
                    Ok(None)
                };
            };
            let line = self.line..self.searched + offset;
            self.after_cr = self.buffer[line.end] == b'\r';
            self.line = line.end + 1;
            self.searched = self.line;
            if matches!(self.take_line(line), Line::End) {
                if self.single.is_some() || self.joined.is_some() {
                    return Ok(self.take_event());
                }
                // An event without data is ignored.
                self.name.clear();
            }
            if self.size() > max {
                return Err(TooLarge(max));
            }
        }
    }

    /// Ends the stream. Returns the last event if no empty line follows it.
    pub fn finish(&mut self) -> Option<Event<'_>> {
        self.discard();
        if !self.started && self.buffer.starts_with(BOM) {
            self.line = BOM.len();
        }
        if self.after_cr && self.buffer.get(self.line) == Some(&b'\n') {
            self.line += 1;
        }
        let rest = self.line..self.buffer.len();
        self.line = rest.end;
        self.searched = rest.end;
        if !rest.is_empty() {
            self.take_line(rest);
        }
        self.take_event()
    }

    /// Skips a byte order mark. Returns `false` if more bytes are required to recognize it.
    fn skip_bom(&mut self) -> bool {
        if !self.started {
            if self.buffer.len() < BOM.len() && BOM.starts_with(&self.buffer) {
                return false;
            }
            self.started = true;
            if self.buffer.starts_with(BOM) {
                self.line = BOM.len();
                self.searched = BOM.len();
            }
        }
        true
    }

    fn take_line(&mut self, line: Range<usize>) -> Line {
        let bytes = &self.buffer[line.clone()];
        if bytes.is_empty() {
            return Line::End;
        }
        let colon = memchr::memchr(b':', bytes);
        let field = &bytes[..colon.unwrap_or(bytes.len())];
        let mut value = line.start + colon.map_or(bytes.len(), |at| at + 1);
        if self.buffer[value..line.end].first() == Some(&b' ') {
            value += 1;
        }
        match field {
            b"data" => self.add_data(value..line.end),
            b"event" => {
                self.name.clear();
                self.name.extend_from_slice(&self.buffer[value..line.end]);
            }
            _ => {}
        }
        Line::Field
    }

    fn add_data(&mut self, value: Range<usize>) {
        if let Some(first) = self.single.take() {
            self.joined = Some(self.buffer[first].to_vec());
        }
        match &mut self.joined {
            Some(joined) => {
                joined.push(b'\n');
                joined.extend_from_slice(&self.buffer[value]);
            }
            None => self.single = Some(value),
        }
    }

    /// Returns the event so far, or `None` if it has no data.
    fn take_event(&mut self) -> Option<Event<'_>> {
        self.taken = true;
        let data = match self.single.take() {
            Some(single) => &self.buffer[single],
            None => self.joined.as_deref()?,
        };
        Some(Event {
            name: &self.name,
            data,
        })
    }

    fn discard(&mut self) {
        if self.taken {
            self.taken = false;
            self.joined = None;
            self.name.clear();
        }
    }

    /// Returns the size in bytes of the event's complete lines so far.
    fn size(&self) -> usize {
        let data = self.single.as_ref().map_or(0, Range::len) + self.joined.as_ref().map_or(0, Vec::len);
        data + self.name.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Owned = Vec<(String, String)>;

    fn events(chunks: &[&[u8]]) -> Owned {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let owned = |event: Event<'_>| (text(event.name), text(event.data));
        let mut parser = Parser::new();
        let mut events = Owned::new();
        for chunk in chunks {
            parser.feed(chunk);
            while let Some(event) = parser.next_event().unwrap() {
                events.push(owned(event));
            }
        }
        events.extend(parser.finish().map(owned));
        events
    }

    fn data(text: &str) -> Vec<String> {
        events(&[text.as_bytes()])
            .into_iter()
            .map(|(_, data)| data)
            .collect()
    }

    #[test]
    fn lines_end_in_lf_cr_or_both() {
        assert_eq!(data("data: a\n\ndata: b\n\n"), ["a", "b"]);
        assert_eq!(data("data: a\r\rdata: b\r\r"), ["a", "b"]);
        assert_eq!(data("data: a\r\n\r\ndata: b\r\n\r\n"), ["a", "b"]);
        assert_eq!(data("data: a\n\rdata: b\r\r\n"), ["a", "b"]);
    }

    #[test]
    fn consecutive_data_lines_form_one_event() {
        assert_eq!(data("data: {\ndata:  \"a\": 1\ndata: }\n\n"), ["{\n \"a\": 1\n}"]);
        assert_eq!(data("data\ndata:\ndata: x\n\n"), ["\n\nx"]);
    }

    #[test]
    fn comments_unknown_fields_and_empty_events_are_ignored() {
        let text = ": waiting\n\nid: 7\nretry: 10\n\nevent: ping\n\ndataset: 1\n\ndata: x\n\n\n\n";
        assert_eq!(events(&[text.as_bytes()]), [(String::new(), "x".to_owned())]);
    }

    #[test]
    fn a_leading_byte_order_mark_is_skipped() {
        assert_eq!(data("\u{feff}data: a\n\n"), ["a"]);
        assert_eq!(events(&[b"\xEF", b"\xBB", b"\xBFdata: a\n\n"]).len(), 1);
        assert_eq!(data("\u{feff}data: a"), ["a"]);
        assert_eq!(data("data: \u{feff}a\n\n"), ["\u{feff}a"]);
    }

    #[test]
    fn an_unterminated_last_event_is_returned_at_the_end() {
        assert_eq!(data("data: a\n\ndata: [DONE]"), ["a", "[DONE]"]);
        assert_eq!(data("data: a\n\ndata: [DONE]\r"), ["a", "[DONE]"]);
        assert_eq!(data("data: a\n\n: bye"), ["a"]);
    }

    #[test]
    fn an_endless_line_is_an_error() {
        let mut parser = Parser::new();
        let chunk = vec![b'x'; 1024 * 1024];
        parser.feed(b"data: ");
        for _ in 0..MAX_EVENT / chunk.len() {
            parser.feed(&chunk);
            if parser.next_event().is_err() {
                return;
            }
        }
        panic!("the parser accepted more bytes than its limit");
    }

    #[test]
    fn an_endless_event_is_an_error() {
        let mut parser = Parser::new();
        let chunk = b"data: 0123456789\n".repeat(10_000);
        assert!((0..400).any(|_| {
            parser.feed(&chunk);
            parser.next_event().is_err()
        }));
    }

    #[test]
    fn events_do_not_depend_on_chunk_boundaries() {
        let text = "\u{feff}data: {\"a\":\"grüße 🦀\"}\r\n\r\n: note\r\revent: näme\rdata: 1\ndata: 2\r\n\ndata:x\n\r\ndata: [DONE]\n\n";
        let bytes = text.as_bytes();
        let complete = events(&[bytes]);
        assert_eq!(complete.len(), 4);
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let cut = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(events(&cut), complete, "split at {first} and {second}");
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(events(&single), complete);
    }

    #[test]
    fn events_of_random_streams_do_not_depend_on_chunk_boundaries() {
        const FRAGMENTS: [&str; 14] = [
            "data",
            ":",
            " ",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "event: e",
            "data: x",
            "ü🦀",
            ": c",
            "[DONE]",
            "\u{feff}",
            "data:{}\r\n\r\n",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % below as u64).unwrap()
        };
        for _ in 0..3000 {
            let text: String = (0..next(24)).map(|_| FRAGMENTS[next(FRAGMENTS.len())]).collect();
            let mut rest = text.as_bytes();
            let mut cut = Vec::new();
            while !rest.is_empty() {
                let (head, tail) = rest.split_at(1 + next(rest.len().min(9)));
                cut.push(head);
                rest = tail;
            }
            assert_eq!(
                events(&cut),
                events(&[text.as_bytes()]),
                "{text:?} split into {cut:?}"
            );
        }
    }
}
