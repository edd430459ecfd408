//! Parses recorded responses from any provider, for the `wire` program and for tests with invalid data.

use agno::__private::sse;
use agno::model::{Delta, ModelErrorKind, Reply, ReplyBuilder};
use agno::provider::PROVIDERS;
use agno::provider::{anthropic, bedrock, cohere, gemini, ollama, openai, responses};
use agno::{ModelError, Usage};
use serde_json::Value;

/// APIs with a separate parser.
pub const APIS: [&str; 7] = [
    "openai-chat",
    "openai-responses",
    "anthropic",
    "google",
    "bedrock",
    "cohere",
    "ollama",
];

/// The result of parsing a recording.
#[derive(Debug)]
pub struct ParsedRecording {
    /// The parsed reply.
    pub reply: Reply,
    /// `true` if a complete response was parsed, or if the stream contained a finish reason.
    pub finished: bool,
    /// The error that stopped the parser, if any.
    pub error: Option<ModelError>,
}

/// Parses a complete response.
pub type Complete = fn(&[u8]) -> Result<Reply, ModelError>;

/// Parses a streamed response. Accepts each event, then `None` at the end of the stream.
pub type Streamed = Box<dyn FnMut(Option<&[u8]>) -> Result<Vec<Delta>, ModelError>>;

macro_rules! readers {
    ($api:ident) => {{
        let mut reader = $api::StreamReader::new();
        let streamed: Streamed = Box::new(move |event| match event {
            Some(data) => reader.event(data),
            None => reader.end(),
        });
        ($api::read_reply as Complete, streamed)
    }};
}

/// Returns the parsers for an API, by the name of the API or of a compatible server.
pub fn readers(api: &str) -> Option<(Complete, Streamed)> {
    Some(match api {
        "openai-chat" | "openai-compatible" => readers!(openai),
        "openai-responses" => readers!(responses),
        "anthropic" => readers!(anthropic),
        "google" | "gemini" => readers!(gemini),
        "bedrock" | "amazon-bedrock" => readers!(bedrock),
        "cohere" => readers!(cohere),
        "ollama" => readers!(ollama),
        row if PROVIDERS.iter().any(|known| known.name == row) => readers!(openai),
        _ => return None,
    })
}

/// Parses a recording in any supported format.
pub fn read(bytes: &[u8], complete: Complete, streamed: Streamed) -> ParsedRecording {
    let events = events(bytes);
    let is_single_value = serde_json::from_slice::<Value>(bytes).is_ok_and(|value| !value.is_array());
    if is_single_value || events.is_empty() {
        match complete(bytes) {
            Ok(reply) => {
                return ParsedRecording {
                    reply,
                    finished: true,
                    error: None,
                };
            }
            // A stream with a single event also looks like a complete response.
            Err(error) if events.len() != 1 || error.kind() != ModelErrorKind::MalformedReply => {
                return ParsedRecording {
                    reply: Reply::default(),
                    finished: false,
                    error: Some(error),
                };
            }
            Err(complete_error) => {
                let read = read_events(&events, streamed);
                let is_empty = read.reply.message.parts.is_empty() && read.error.is_some();
                return if is_empty {
                    ParsedRecording {
                        error: Some(complete_error),
                        ..read
                    }
                } else {
                    read
                };
            }
        }
    }
    read_events(&events, streamed)
}

/// Parses the events of a streamed response.
pub fn read_events(events: &[Vec<u8>], mut streamed: Streamed) -> ParsedRecording {
    let mut builder = ReplyBuilder::new();
    let mut finish = None;
    let mut usage = Usage::default();
    let steps = events.iter().map(|event| Some(event.as_slice())).chain([None]);
    let mut error = None;
    for step in steps {
        match streamed(step) {
            Ok(deltas) => {
                for delta in deltas {
                    match &delta {
                        Delta::Finish(reason) => finish = Some(*reason),
                        Delta::Usage(counted) => usage = *counted,
                        _ => {}
                    }
                    builder.push(&delta);
                }
            }
            Err(failed) => {
                error = Some(failed);
                break;
            }
        }
    }
    let mut reply = Reply::default();
    reply.message = builder.partial().clone();
    reply.usage = usage;
    reply.finish_reason = finish.unwrap_or_default();
    ParsedRecording {
        reply,
        finished: finish.is_some(),
        error,
    }
}

/// Returns the events of a recording: the data of server-sent events, the elements of a JSON array, or the non-empty lines.
fn events(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    let is_sse = text.lines().any(|line| line.starts_with("data:"));
    if is_sse {
        let mut parser = sse::Parser::new();
        parser.feed(bytes);
        parser.feed(b"\n\n");
        let mut events = Vec::new();
        while let Ok(Some(event)) = parser.next_event() {
            events.push(event.data.to_vec());
        }
        return events;
    }
    if let Ok(Value::Array(list)) = serde_json::from_slice(bytes) {
        return list.iter().map(|event| event.to_string().into_bytes()).collect();
    }
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| line.as_bytes().to_vec())
        .collect()
}
