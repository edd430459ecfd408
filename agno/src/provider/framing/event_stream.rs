//! Splits Amazon's binary event stream into frames, which contain headers, a payload and checksums. The input may be
//! split at any position. The numbers in this layout are sizes in bytes:
//!
//! ```text
//! | length 4 | header length 4 | checksum 4 | headers | payload | checksum 4 |
//! header: | name length 1 | name | kind 1 | value, by kind |
//! ```

use super::{Event, too_large};
use crate::model::{ModelError, ModelErrorKind};

/// Size in bytes of the lengths and their checksum, which precede the headers.
const PRELUDE: usize = 12;
/// Size in bytes of the checksum at the end.
const CHECKSUM: usize = 4;

/// Splits bytes into frames. A frame borrows from the buffer; an incomplete frame stays there until the rest arrives.
#[derive(Debug)]
pub(crate) struct Frames {
    max_frame: usize,
    buffer: Vec<u8>,
    /// The start of the next frame.
    next: usize,
}

impl Frames {
    pub(crate) fn new(max_frame: usize) -> Self {
        Self {
            max_frame,
            buffer: Vec::new(),
            next: 0,
        }
    }

    /// Adds the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.next.min(self.buffer.len()));
        self.next = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the kind of the next complete frame (an event or an error) and its payload.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Event<'_>>, ModelError> {
        let rest = self.buffer.get(self.next..).unwrap_or_default();
        let Some((mut prelude, after)) = rest.split_at_checked(PRELUDE) else {
            return Ok(None);
        };
        let lengths = prelude.split_at_checked(PRELUDE - CHECKSUM).unwrap_or_default().0;
        let (length, headers, checksum) = (number(&mut prelude), number(&mut prelude), number(&mut prelude));
        // Check this first, to avoid waiting for a frame with a corrupt length.
        if checksum != crc32fast::hash(lengths) as usize {
            return Err(broken("a checksum is wrong"));
        }
        if length > self.max_frame {
            return Err(too_large());
        }
        let content = length
            .checked_sub(PRELUDE + CHECKSUM)
            .filter(|content| headers <= *content);
        let Some(content) = content else {
            return Err(broken("its lengths do not match"));
        };
        let Some((mut content, mut checksum)) = after.split_at_checked(content) else {
            return Ok(None);
        };
        if checksum.len() < CHECKSUM {
            return Ok(None);
        }
        let frame = rest.get(..length.saturating_sub(CHECKSUM)).unwrap_or_default();
        if number(&mut checksum) != crc32fast::hash(frame) as usize {
            return Err(broken("a checksum is wrong"));
        }
        self.next = self.next.saturating_add(length);
        let headers = take(&mut content, headers).and_then(kind);
        let kind = headers.ok_or_else(|| broken("its headers cannot be read"))?;
        Ok(Some((kind, content)))
    }
}

/// Returns the kind from a frame's headers: an event type, an exception type or an error code.
fn kind(mut headers: &[u8]) -> Option<&[u8]> {
    let mut kind_value: &[u8] = b"";
    while !headers.is_empty() {
        let name = length_prefixed::<1>(&mut headers)?;
        let (kind, rest) = headers.split_first()?;
        headers = rest;
        let value = match kind {
            0 | 1 => &[],
            2 => take(&mut headers, 1)?,
            3 => take(&mut headers, 2)?,
            4 => take(&mut headers, 4)?,
            5 | 8 => take(&mut headers, 8)?,
            6 | 7 => length_prefixed::<2>(&mut headers)?,
            9 => take(&mut headers, 16)?,
            _ => return None,
        };
        if matches!(name, b":event-type" | b":exception-type" | b":error-code") {
            kind_value = value;
        }
    }
    Some(kind_value)
}

/// Reads an `N`-byte length and then that many bytes.
fn length_prefixed<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let count = take(bytes, N)?;
    let count = count.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    take(bytes, count)
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

/// Reads a four-byte big-endian number, or returns 0 if there are fewer bytes.
fn number(bytes: &mut &[u8]) -> usize {
    let number = take(bytes, 4).unwrap_or_default();
    number.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

fn broken(reason: &str) -> ModelError {
    let message = format!("a frame in the streamed reply is corrupt: {reason}; retry");
    ModelError::new(ModelErrorKind::MalformedReply, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(headers: &[(&str, u8, &[u8])], payload: &[u8]) -> Vec<u8> {
        let mut head = Vec::new();
        for (name, kind, value) in headers {
            head.push(u8::try_from(name.len()).unwrap());
            head.extend(name.as_bytes());
            head.push(*kind);
            if matches!(kind, 6 | 7) {
                head.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            }
            head.extend(*value);
        }
        let length = PRELUDE + head.len() + payload.len() + CHECKSUM;
        let mut frame = Vec::new();
        frame.extend(u32::try_from(length).unwrap().to_be_bytes());
        frame.extend(u32::try_from(head.len()).unwrap().to_be_bytes());
        frame.extend(crc32fast::hash(&frame).to_be_bytes());
        frame.extend(head);
        frame.extend(payload);
        frame.extend(crc32fast::hash(&frame).to_be_bytes());
        frame
    }

    fn two_frames() -> Vec<u8> {
        let mut bytes = frame(
            &[
                (":date", 8, &[0; 8]),
                ("flag", 0, &[]),
                (":event-type", 7, b"messageStop"),
                ("id", 9, &[7; 16]),
            ],
            b"{\"a\":1}",
        );
        bytes.extend(frame(&[(":exception-type", 7, b"throttlingException")], b""));
        bytes
    }

    #[test]
    fn frames_do_not_depend_on_chunk_boundaries() {
        let bytes = two_frames();
        for cut in 0..=bytes.len() {
            let (mut frames, mut actual) = (Frames::new(4096), Vec::new());
            for part in [&bytes[..cut], &bytes[cut..]] {
                frames.feed(part);
                while let Some((kind, payload)) = frames.next_frame().unwrap() {
                    actual.push((kind.to_vec(), payload.to_vec()));
                }
            }
            assert_eq!(
                actual,
                [
                    (b"messageStop".to_vec(), b"{\"a\":1}".to_vec()),
                    (b"throttlingException".to_vec(), Vec::new())
                ],
                "{cut}"
            );
        }
    }

    #[test]
    fn every_corrupted_byte_is_detected() {
        let complete = frame(&[(":event-type", 7, b"metadata")], b"{}");
        for index in 0..complete.len() {
            let mut bytes = complete.clone();
            bytes[index] ^= 0x10;
            let mut frames = Frames::new(4096);
            frames.feed(&bytes);
            let error = frames.next_frame().unwrap_err();
            assert_eq!(error.kind(), ModelErrorKind::MalformedReply, "{index}");
        }
    }

    #[test]
    fn invalid_lengths_are_rejected() {
        for (length, headers) in [(0_u32, 0_u32), (16, 1), (u32::MAX, 0), (40, u32::MAX)] {
            let mut bytes = [length.to_be_bytes(), headers.to_be_bytes()].concat();
            bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
            bytes.resize(64, 0);
            let mut frames = Frames::new(4096);
            frames.feed(&bytes);
            assert!(frames.next_frame().is_err(), "{length} {headers}");
        }
    }

    #[test]
    fn unknown_header_types_are_rejected() {
        let mut frames = Frames::new(4096);
        frames.feed(&frame(&[("x", 42, b"")], b"{}"));
        assert!(frames.next_frame().is_err());
    }
}
