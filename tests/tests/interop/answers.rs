//! What the mock says, whole and in pieces, is what its caller reads.

use agno::Model;
use agno::message::{Part, Text};
use agno::model::{FinishReason, Reply};
use agno_tests::{hello, streamed};
use serde_json::json;

use crate::Mock;

/// Long enough for several pieces, with what is easily broken: quotes, lines, letters of two, three and four bytes.
const TEXT: &str = "Grüße aus Oslo: \"4 °C\",\n\tregen \\ 雨 🦀 and a last word.";

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn text_is_read_whole_and_streamed_from_every_api_of_the_mock() {
    let mock = Mock::scripted();
    for (api, name, model) in mock.models("text") {
        mock.script(&name, [json!({"type": "reply", "text": TEXT, "times": 2})])
            .await;
        let whole = model.complete(hello()).await.unwrap();
        let mut pieces = streamed(&model, hello()).await.unwrap();
        for (way, reply) in [("whole", &whole), ("streamed", &pieces)] {
            assert_eq!(reply.message.text(), TEXT, "{api}, {way}");
            assert_eq!(reply.finish_reason, FinishReason::Stop, "{api}, {way}");
        }
        let used = whole.usage;
        assert!(used.input > 0 && used.output > 0, "{api}: {used:?}");
        if api == "mistral" {
            // Mistral counts a stream's tokens unasked and cannot be asked; the mock wants to be.
            pieces.usage = used;
        }
        assert_eq!(alike(&whole), alike(&pieces), "{api}");
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn an_answer_that_was_cut_short_says_so() {
    let mock = Mock::scripted();
    for (api, name, model) in mock.models("cut") {
        let behavior = json!({"type": "reply", "text": "Once upon", "finish_reason": "length", "times": 2});
        mock.script(&name, [behavior]).await;
        let whole = model.complete(hello()).await.unwrap();
        let pieces = streamed(&model, hello()).await.unwrap();
        assert_eq!(whole.finish_reason, FinishReason::Length, "{api}");
        assert_eq!(pieces.finish_reason, FinishReason::Length, "{api}");
        assert_eq!(pieces.message.text(), "Once upon", "{api}");
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn calls_are_read_whole_and_streamed_beside_text_and_each_other() {
    let mock = Mock::scripted();
    for (api, name, model) in mock.models("calls") {
        let calls = json!([
            {"name": "weather", "arguments": {"city": "Oslo \"N\" 🦀", "days": 2}},
            {"name": "weather", "arguments": {"city": "Rome"}},
            {"name": "now", "arguments": {}},
        ]);
        mock.script(&name, [json!({"type": "reply", "tool_calls": calls, "times": 2})])
            .await;
        let whole = model.complete(hello()).await.unwrap();
        let pieces = streamed(&model, hello()).await.unwrap();
        for (way, reply) in [("whole", &whole), ("streamed", &pieces)] {
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

/// A reply without names: those of answers differ, and Gemini's mock names the model only in a stream.
fn alike(reply: &Reply) -> Reply {
    let mut reply = reply.clone();
    reply.id = None;
    reply.model = None;
    reply.details = None;
    for part in reply.message.parts.iter_mut() {
        if let Part::Text(words) = part {
            let unsigned = Text::new(std::mem::take(&mut words.text));
            *words = words
                .citations()
                .iter()
                .cloned()
                .fold(unsigned, Text::with_citation);
        }
    }
    reply
}
