//! Fuzz targets: functions that accept any bytes. If a target panics or takes long to return, it has found a bug.
//!
//! `make fuzz` mutates the inputs in `tests/fuzz/corpus` with any compiler; the crate in `tests/fuzz` passes the same functions
//! to libFuzzer.

#![allow(clippy::unwrap_used, reason = "a target panics on a violation")]

use std::io::Write;

use agno::__private::sse::Parser;
use agno::tool::{DynTool, RunContext, ToolError};
use agno::{Run, Session};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::recorded::{read, readers};

/// A fuzz target.
pub type Target = fn(&[u8]);

/// The targets, each with the name of its corpus.
pub const TARGETS: [(&str, Target); 14] = [
    ("events", events),
    ("openai-chat", |bytes| replies("openai-chat", bytes)),
    ("openai-responses", |bytes| replies("openai-responses", bytes)),
    ("anthropic", |bytes| replies("anthropic", bytes)),
    ("gemini", |bytes| replies("gemini", bytes)),
    ("bedrock", |bytes| replies("bedrock", bytes)),
    ("cohere", |bytes| replies("cohere", bytes)),
    ("ollama", |bytes| replies("ollama", bytes)),
    ("run", round_trip::<Run>),
    ("session", round_trip::<Session>),
    ("schema", schema),
    ("headers", headers),
    ("gguf", gguf),
    ("template", template),
];

/// Parses server-sent events. The chunk boundaries must not change the events.
fn events(bytes: &[u8]) {
    let parse = |chunks: &[&[u8]]| {
        let (mut parser, mut events) = (Parser::new(), Vec::new());
        for chunk in chunks {
            parser.feed(chunk);
            while let Ok(Some(event)) = parser.next_event() {
                events.push((event.name.to_vec(), event.data.to_vec()));
            }
        }
        events
    };
    let middle = bytes.len() / 2;
    assert_eq!(parse(&[bytes]), parse(&[&bytes[..middle], &bytes[middle..]]));
}

/// Reads a complete or streamed reply of an API. The result must be a reply or an error.
fn replies(api: &str, bytes: &[u8]) {
    let (complete, streamed) = readers(api).unwrap();
    let parsed = read(bytes, complete, streamed);
    assert!(
        parsed.finished || parsed.error.is_some(),
        "neither finished nor an error"
    );
}

/// Deserializes a value. If this succeeds, a round trip through JSON must not change the value.
fn round_trip<T: Serialize + DeserializeOwned + PartialEq>(bytes: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<T>(bytes) {
        let written = serde_json::to_vec(&value).unwrap();
        assert!(
            serde_json::from_slice::<T>(&written).unwrap() == value,
            "the round trip changed the value"
        );
    }
}

/// Creates a tool from the schema on the first line and calls it with the arguments on the remaining lines.
fn schema(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (schema, arguments) = text.split_once('\n').unwrap_or((text, "{}"));
    let Ok(schema) = serde_json::from_str::<Value>(schema) else {
        return;
    };
    let tool = DynTool::from_fn("tool", "Fuzzes.", schema, |_arguments, _run| async {
        Ok::<_, ToolError>("")
    });
    if let Ok(tool) = tool {
        let context = RunContext::detached();
        let call = agno::tool::DynTool::call(&tool, arguments, &context);
        let _ = futures_util::FutureExt::now_or_never(call);
    }
}

/// Reads a header with its name and value on separate lines.
fn headers(bytes: &[u8]) {
    let at = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(bytes.len());
    let (name, value) = bytes.split_at(at);
    agno::__private::fuzz::read_header(name, value.get(1..).unwrap_or_default());
}

/// Loads a file of model weights.
fn gguf(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let _ = agno_gguf::Model::load(file.path());
}

/// Renders a conversation with a chat template.
fn template(bytes: &[u8]) {
    if let Ok(source) = std::str::from_utf8(bytes) {
        agno::__private::fuzz::render_template(source);
    }
}
