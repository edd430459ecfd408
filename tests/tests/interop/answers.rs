//! Checks that the mock's replies are parsed correctly, with and without streaming.

use agno::Model;
use agno::message::{Part, Text};
use agno::model::{FinishReason, Reply};
use agno_tests::{hello, streamed};
use serde_json::json;

use crate::Mock;

/// Text that spans several chunks and is easily corrupted: quotes, line breaks, and characters of two, three and four
/// bytes.
const TEXT: &str = "Grüße aus Oslo: \"4 °C\",\n\tregen \\ 雨 🦀 and a last word.";

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn text_is_parsed_with_and_without_streaming() {
    let mock = Mock::scripted();
    for (api, name, model) in mock.models("text") {
        mock.script(&name, [json!({"type": "reply", "text": TEXT, "times": 2})])
            .await;
        let complete = model.complete(hello()).await.unwrap();
        let mut stream = streamed(&model, hello()).await.unwrap();
        for (way, reply) in [("complete", &complete), ("streamed", &stream)] {
            assert_eq!(reply.message.text(), TEXT, "{api}, {way}");
            assert_eq!(reply.finish_reason, FinishReason::Stop, "{api}, {way}");
        }
        let used = complete.usage;
        assert!(used.input > 0 && used.output > 0, "{api}: {used:?}");
        if api == "mistral" {
            // Mistral reports the usage of every stream, but the mock reports it only with an option that Mistral does
            // not have.
            stream.usage = used;
        }
        assert_eq!(
            without_variable_fields(&complete),
            without_variable_fields(&stream),
            "{api}"
        );
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_truncated_reply_has_the_finish_reason_length() {
    let mock = Mock::scripted();
    for (api, name, model) in mock.models("truncated") {
        let behavior = json!({"type": "reply", "text": "Once upon", "finish_reason": "length", "times": 2});
        mock.script(&name, [behavior]).await;
        let complete = model.complete(hello()).await.unwrap();
        let stream = streamed(&model, hello()).await.unwrap();
        assert_eq!(complete.finish_reason, FinishReason::Length, "{api}");
        assert_eq!(stream.finish_reason, FinishReason::Length, "{api}");
        assert_eq!(stream.message.text(), "Once upon", "{api}");
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn parallel_calls_are_parsed_with_and_without_streaming() {
    let mock = Mock::scripted();
    for (api, name, model) in mock.models("calls") {
        let calls = json!([
            {"name": "weather", "arguments": {"city": "Oslo \"N\" 🦀", "days": 2}},
            {"name": "weather", "arguments": {"city": "Rome"}},
            {"name": "now", "arguments": {}},
        ]);
        mock.script(&name, [json!({"type": "reply", "tool_calls": calls, "times": 2})])
            .await;
        let complete = model.complete(hello()).await.unwrap();
        let stream = streamed(&model, hello()).await.unwrap();
        for (way, reply) in [("complete", &complete), ("streamed", &stream)] {
            let read: Vec<_> = reply
                .message
                .calls()
                .map(|call| {
                    let arguments: serde_json::Value = serde_json::from_str(&call.arguments).unwrap();
                    json!({"name": call.name, "arguments": arguments})
                })
                .collect();
            assert_eq!(json!(read), calls, "{api}, {way}");
            assert_eq!(reply.finish_reason, FinishReason::ToolCalls, "{api}, {way}");
        }
    }
}

/// Removes IDs, model names, details and text signatures, which differ between replies or between a complete and a
/// streamed reply.
fn without_variable_fields(reply: &Reply) -> Reply {
    let mut reply = reply.clone();
    reply.id = None;
    reply.model = None;
    reply.details = None;
    for part in reply.message.parts.iter_mut() {
        if let Part::Text(text) = part {
            let unsigned = Text::new(std::mem::take(&mut text.text));
            *text = text
                .citations()
                .iter()
                .cloned()
                .fold(unsigned, Text::with_citation);
        }
    }
    reply
}
