//! Reasoning that must be sent back in `reasoning_details`, complete and streamed.

use agno::Message;
use agno::message::Part;
use agno::model::{Model, Reply, ReplyBuilder, Request};
use agno::provider::OpenAi;
use agno::provider::openai::{self, StreamReader, read_reply};
use serde_json::{Value, json};

use crate::requests::HELLO;
use agno_tests::server::{Answer, Server};

/// Returns the reply assembled from deltas of a message.
fn read(deltas: &[Value]) -> Reply {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    let chunks = deltas
        .iter()
        .map(|delta| json!({"choices": [{"delta": delta}]}).to_string());
    for event in chunks.chain(["[DONE]".to_owned()]) {
        for delta in reader.event(event.as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    for delta in reader.end().unwrap() {
        builder.push(&delta);
    }
    builder.finish().unwrap()
}

fn details(reply: &Reply) -> Value {
    let details = reply.message.parts.iter().find_map(|part| match part {
        Part::Provider(item) if item.kind == "reasoning_details" => Some(&item.json),
        _ => None,
    });
    serde_json::from_str(details.unwrap()).unwrap()
}

fn blocks() -> Value {
    json!([
        {"type": "reasoning.text", "text": "Oslo? Rome?", "format": "anthropic-claude-v1", "index": 0, "signature": "signed"},
        {"type": "reasoning.summary", "summary": "Cities.", "format": "openai-responses-v1", "index": 1},
        {"type": "reasoning.encrypted", "data": "secret", "id": "rs_1", "format": "openai-responses-v1", "index": 1},
        {"type": "reasoning.encrypted", "data": "other", "id": "rs_2", "format": "openai-responses-v1", "index": 1},
    ])
}

fn complete() -> Reply {
    let message =
        json!({"content": "Oslo.", "reasoning": "Oslo? Rome?Cities.", "reasoning_details": blocks()});
    let answer = json!({"choices": [{"message": message}]});
    read_reply(answer.to_string().as_bytes()).unwrap()
}

#[test]
fn reasoning_blocks_are_assembled_from_chunks() {
    let blocks = blocks();
    let text = |text: &str| json!([{"type": "reasoning.text", "text": text, "format": "anthropic-claude-v1", "index": 0}]);
    let summary = |text: &str| json!([{"type": "reasoning.summary", "summary": text, "format": "openai-responses-v1", "index": 1}]);
    let streamed = read(&[
        json!({"reasoning": "Oslo?", "reasoning_details": text("Oslo?")}),
        json!({"reasoning": " Rome?", "reasoning_details": text(" Rome?")}),
        json!({"reasoning_details": [{"type": "reasoning.text", "signature": "signed", "text": null, "index": 0}]}),
        json!({"reasoning": "Cit", "reasoning_details": summary("Cit")}),
        json!({"reasoning": "ies.", "reasoning_details": summary("ies.")}),
        json!({"reasoning": null, "reasoning_details": [blocks[2]]}),
        json!({"reasoning_details": [blocks[3]]}),
        json!({"reasoning_details": "of no use", "content": "Oslo."}),
    ]);
    assert_eq!(details(&streamed), blocks);
    assert_eq!(streamed.message, complete().message);
}

#[test]
fn text_found_only_in_blocks_is_reported() {
    let streamed = read(&[
        json!({"reasoning_details": [{"type": "reasoning.text", "text": "Hm"}]}),
        json!({"reasoning_details": [{"type": "reasoning.text", "text": "."}]}),
        json!({"content": "Yes."}),
    ]);
    assert_eq!(streamed.message.parts[0], Part::reasoning("Hm."));
    assert_eq!(
        details(&streamed),
        json!([{"type": "reasoning.text", "text": "Hm."}])
    );
}

#[tokio::test]
async fn blocks_are_sent_back_only_to_the_provider_that_created_them() {
    let message = json!({"content": "Oslo.", "reasoning": "Hm", "reasoning_details": blocks()});
    let answer = json!({"choices": [{"message": message, "finish_reason": "stop"}]}).to_string();
    let server = Server::start([Answer::json(answer), Answer::json(HELLO), Answer::json(HELLO)]).await;
    let model = |row: &str| {
        let row = openai::Server::named(row).unwrap();
        let builder = OpenAi::builder("m")
            .server(*row)
            .api_key("k")
            .base_url(&server.url);
        builder.build().unwrap()
    };
    let router = model("openrouter");
    let reply = router.complete(agno_tests::hello()).await.unwrap();
    assert!(reply.message.is_of("openrouter"));
    let messages = [
        Message::user("Where?"),
        Message::from(reply.message),
        Message::user("And?"),
    ];
    router.complete(Request::new(&messages)).await.unwrap();
    model("together").complete(Request::new(&messages)).await.unwrap();
    let requests = server.requests();
    assert_eq!(
        requests[1].json()["messages"][1],
        json!({"role": "assistant", "content": "Oslo.", "reasoning_details": blocks()})
    );
    assert_eq!(
        requests[2].json()["messages"][1],
        json!({"role": "assistant", "content": "Oslo."})
    );
}
