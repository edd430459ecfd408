//! Splits streamed replies into events: server-sent events, newline-delimited JSON, or Amazon's binary event stream.

#[cfg(feature = "bedrock")]
mod event_stream;
#[cfg(feature = "ollama")]
mod lines;
pub mod sse;

use self::sse::Parser;
use crate::model::{ModelError, ModelErrorKind};

/// The name and the data of an event. The name is empty if the event has none.
pub(crate) type Event<'a> = (&'a [u8], &'a [u8]);

/// The format that divides a streamed reply into events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Server-sent events.
    Events,
    /// Newline-delimited JSON.
    #[cfg(feature = "ollama")]
    Lines,
    /// Frames of Amazon's binary event stream.
    #[cfg(feature = "bedrock")]
    Frames,
}

impl Framing {
    /// Returns the value of the `Accept` header for a streamed reply.
    pub(crate) const fn accept(self) -> &'static str {
        match self {
            Self::Events => "text/event-stream",
            #[cfg(feature = "ollama")]
            Self::Lines => "application/x-ndjson",
            #[cfg(feature = "bedrock")]
            Self::Frames => "application/vnd.amazon.eventstream",
        }
    }

    /// Returns an event as text that can be parsed again. A frame's data does not contain the event's name, so the
    /// name is added.
    pub(crate) fn raw(self, name: &[u8], data: &[u8]) -> String {
        let data = String::from_utf8_lossy(data);
        match self {
            #[cfg(feature = "bedrock")]
            Self::Frames => format!("{{\"{}\":{data}}}", String::from_utf8_lossy(name)),
            _ => {
                let _ = name;
                data.into_owned()
            }
        }
    }

    /// Returns a framer for events of at most `max_event` bytes.
    pub(crate) fn framer(self, max_event: usize) -> Framer {
        match self {
            Self::Events => Framer::Events(Parser::with_max_event(max_event)),
            #[cfg(feature = "ollama")]
            Self::Lines => Framer::Lines(lines::Lines::new(max_event)),
            #[cfg(feature = "bedrock")]
            Self::Frames => Framer::Frames(event_stream::Frames::new(max_event)),
        }
    }
}

/// Splits bytes into events as they arrive.
#[derive(Debug)]
pub(crate) enum Framer {
    Events(Parser),
    #[cfg(feature = "ollama")]
    Lines(lines::Lines),
    #[cfg(feature = "bedrock")]
    Frames(event_stream::Frames),
}

impl Framer {
    /// Adds the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Self::Events(parser) => parser.feed(bytes),
            #[cfg(feature = "ollama")]
            Self::Lines(lines) => lines.feed(bytes),
            #[cfg(feature = "bedrock")]
            Self::Frames(frames) => frames.feed(bytes),
        }
    }

    /// Returns the next complete event.
    pub(crate) fn next_event(&mut self) -> Result<Option<Event<'_>>, ModelError> {
        match self {
            Self::Events(parser) => match parser.next_event() {
                Ok(event) => Ok(event.map(|event| (event.name, event.data))),
                Err(error) => Err(too_large().with_source(error)),
            },
            #[cfg(feature = "ollama")]
            Self::Lines(lines) => Ok(lines.next_line()?.map(|line| (&b""[..], line))),
            #[cfg(feature = "bedrock")]
            Self::Frames(frames) => frames.next_frame(),
        }
    }

    /// Returns the last event if the stream ended before the event's delimiter.
    pub(crate) fn finish(&mut self) -> Option<Event<'_>> {
        match self {
            Self::Events(parser) => parser.finish().map(|event| (event.name, event.data)),
            #[cfg(feature = "ollama")]
            Self::Lines(lines) => lines.finish().map(|line| (&b""[..], line)),
            // An incomplete frame cannot be distinguished from a corrupt one.
            #[cfg(feature = "bedrock")]
            Self::Frames(_) => None,
        }
    }
}

/// Returns the error for an event that exceeds the size limit.
pub(crate) fn too_large() -> ModelError {
    ModelError::new(
        ModelErrorKind::TooLarge,
        "an event in the streamed reply exceeds the size limit; raise `max_reply_bytes`, or check the base URL",
    )
}
