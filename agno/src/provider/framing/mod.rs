//! How streamed answers are cut into events: server-sent events, a JSON text a line, or Amazon's binary frames.

#[cfg(feature = "bedrock")]
mod event_stream;
#[cfg(feature = "ollama")]
mod lines;
pub mod sse;

use self::sse::Parser;
use crate::model::{ModelError, ModelErrorKind};

/// An event: its kind, empty where it has none, and its data.
pub(crate) type Event<'a> = (&'a [u8], &'a [u8]);

/// How a streamed answer is cut into events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Server-sent events.
    Events,
    /// A JSON text a line.
    #[cfg(feature = "ollama")]
    Lines,
    /// Amazon's binary frames.
    #[cfg(feature = "bedrock")]
    Frames,
}

impl Framing {
    /// What a request for a streamed answer says it takes.
    pub(crate) const fn accept(self) -> &'static str {
        match self {
            Self::Events => "text/event-stream",
            #[cfg(feature = "ollama")]
            Self::Lines => "application/x-ndjson",
            #[cfg(feature = "bedrock")]
            Self::Frames => "application/vnd.amazon.eventstream",
        }
    }

    /// An event as a text that can be read again. A frame's kind stands outside its data.
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

    pub(crate) fn framer(self) -> Framer {
        match self {
            Self::Events => Framer::Events(Parser::new()),
            #[cfg(feature = "ollama")]
            Self::Lines => Framer::Lines(lines::Lines::default()),
            #[cfg(feature = "bedrock")]
            Self::Frames => Framer::Frames(event_stream::Frames::default()),
        }
    }
}

/// Cuts bytes into events as they arrive.
#[derive(Debug)]
pub(crate) enum Framer {
    Events(Parser),
    #[cfg(feature = "ollama")]
    Lines(lines::Lines),
    #[cfg(feature = "bedrock")]
    Frames(event_stream::Frames),
}

impl Framer {
    /// Takes the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Self::Events(parser) => parser.feed(bytes),
            #[cfg(feature = "ollama")]
            Self::Lines(lines) => lines.feed(bytes),
            #[cfg(feature = "bedrock")]
            Self::Frames(frames) => frames.feed(bytes),
        }
    }

    /// The next whole event.
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

    /// What is left when the stream is over, if it may be an event.
    pub(crate) fn finish(&mut self) -> Option<Event<'_>> {
        match self {
            Self::Events(parser) => parser.finish().map(|event| (event.name, event.data)),
            #[cfg(feature = "ollama")]
            Self::Lines(lines) => lines.finish().map(|line| (&b""[..], line)),
            // A frame that is not whole cannot be told from a broken one.
            #[cfg(feature = "bedrock")]
            Self::Frames(_) => None,
        }
    }
}

/// A piece of a streamed answer is larger than any should be.
pub(crate) fn too_large() -> ModelError {
    ModelError::new(
        ModelErrorKind::TooLarge,
        "a piece of the streamed answer is larger than any should be",
    )
}
