//! Amazon Bedrock's Converse API: requests, replies, frames and errors.

mod replies;
mod requests;

use agno::provider::Bedrock;

use agno_tests::server::{Answer, Server};

const CLAUDE: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const HELLO: &str = r#"{"output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":1}}"#;

fn model(server: &Server, name: &str) -> Bedrock {
    let builder = Bedrock::builder(name).api_key("test-key").region("eu-west-1");
    builder.base_url(&server.url).build().unwrap()
}

/// Encodes a frame of Amazon's binary event stream.
fn frame(kind: &str, name: &str, payload: &str) -> Vec<u8> {
    let mut headers = Vec::new();
    for (header, value) in [
        (kind, name),
        (":content-type", "application/json"),
        (":message-type", "event"),
    ] {
        headers.push(u8::try_from(header.len()).unwrap());
        headers.extend(header.as_bytes());
        headers.push(7);
        headers.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        headers.extend(value.as_bytes());
    }
    let length = 12 + headers.len() + payload.len() + 4;
    let mut frame = u32::try_from(length).unwrap().to_be_bytes().to_vec();
    frame.extend(u32::try_from(headers.len()).unwrap().to_be_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(headers);
    frame.extend(payload.as_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

/// Returns a streamed answer. Each event is a JSON object whose only key is the event type.
fn frames(events: &[serde_json::Value]) -> Answer {
    let frames = events.iter().flat_map(|event| {
        let (name, payload) = event.as_object().unwrap().iter().next().unwrap();
        let kind = if name.ends_with("Exception") {
            ":exception-type"
        } else {
            ":event-type"
        };
        frame(kind, name, &payload.to_string())
    });
    Answer::new(
        200,
        "application/vnd.amazon.eventstream",
        frames.collect::<Vec<u8>>(),
    )
}
