//! Complete and streamed replies.

use agno::message::{Citation, Part};
use agno::model::{Delta, FinishReason, Model, ModelErrorKind, Reply, ReplyBuilder};
use agno::provider::anthropic::{StreamReader, read_reply};
use agno::{Declared, ModelError};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{HELLO, model};
use agno_tests::server::{Answer, Server};
use agno_tests::{hello, streamed};

/// Returns the reply assembled from events.
fn read(events: &[Value]) -> Result<Reply, ModelError> {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    for event in events {
        let deltas = reader.event(event.to_string().as_bytes())?;
        deltas.iter().for_each(|delta| builder.push(delta));
    }
    reader.end()?.iter().for_each(|delta| builder.push(delta));
    builder.finish()
}

fn message_start(id: &str) -> Value {
    json!({"type": "message_start", "message": {"id": id, "content": [], "usage": {"input_tokens": 3}}})
}

fn block(index: u64, block: Value) -> Value {
    json!({"type": "content_block_start", "index": index, "content_block": block})
}

fn block_delta(index: u64, delta: Value) -> Value {
    json!({"type": "content_block_delta", "index": index, "delta": delta})
}

fn block_stop(index: u64) -> Value {
    json!({"type": "content_block_stop", "index": index})
}

fn message_end(reason: &str) -> [Value; 2] {
    let delta =
        json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 9}});
    [delta, json!({"type": "message_stop"})]
}

/// Returns a response with every kind of block, both complete and as events whose text is split into chunks of the
/// lengths in `cuts`.
fn rich_reply(cuts: &[usize]) -> (Value, Vec<Value>) {
    let search =
        json!({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "a \"b\" c"}});
    let found = json!({"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"type": "web_search_result", "url": "u"}]});
    let cited = json!({"type": "web_search_result_location", "url": "u", "title": "t", "cited_text": "q", "encrypted_index": "e"});
    let complete = json!({"type": "message", "id": "m", "model": "claude-x", "content": [
        {"type": "thinking", "thinking": "Let me see.", "signature": "sig"},
        {"type": "redacted_thinking", "data": "held"},
        {"type": "text", "text": "Let me look it up: "},
        search, found,
        {"type": "text", "text": "it rains", "citations": [cited]},
        {"type": "text", "text": "."},
        {"type": "compaction", "content": "So far."},
        {"type": "something_new", "field": 1},
        {"type": "tool_use", "id": "c1", "name": "f", "input": {"city": "Oslo \\ \u{e5}", "n": [1, 2]}},
        {"type": "tool_use", "id": "c2", "name": "g", "input": {}}],
        "stop_reason": "tool_use", "stop_sequence": null, "container": {"id": "box"},
        "usage": {"input_tokens": 3, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 100, "output_tokens": 9,
            "output_tokens_details": {"thinking_tokens": 4}, "service_tier": "standard"}});
    let mut cuts = cuts.iter().copied().cycle();
    let mut chunks = |text: &str| -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        let (mut rest, mut chunks) = (&letters[..], Vec::new());
        while !rest.is_empty() {
            let (chunk, more) = rest.split_at(cuts.next().unwrap_or(1).clamp(1, rest.len()));
            chunks.push(chunk.iter().collect());
            rest = more;
        }
        chunks
    };
    let mut events = vec![
        json!({"type": "message_start", "message": {"id": "m", "model": "claude-x", "content": [],
        "usage": {"input_tokens": 3, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 100, "output_tokens": 1, "service_tier": "standard"}}}),
    ];
    for (index, part) in complete["content"].as_array().unwrap().iter().enumerate() {
        let index = index as u64;
        let (mut start, mut deltas) = (part.clone(), Vec::new());
        let mut cut = |key: &str, empty: Value, kind: &str, field: &str, text: &str| {
            start[key] = empty;
            deltas.extend(
                chunks(text)
                    .into_iter()
                    .map(|chunk| json!({"type": kind, field: chunk})),
            );
        };
        match part["type"].as_str().unwrap() {
            "thinking" => {
                cut(
                    "thinking",
                    json!(""),
                    "thinking_delta",
                    "thinking",
                    part["thinking"].as_str().unwrap(),
                );
                cut("signature", json!(""), "signature_delta", "signature", "sig");
            }
            "text" => {
                cut(
                    "text",
                    json!(""),
                    "text_delta",
                    "text",
                    part["text"].as_str().unwrap(),
                );
                if let Some(citation) = part["citations"].get(0) {
                    start["citations"] = json!([]);
                    deltas.insert(0, json!({"type": "citations_delta", "citation": citation}));
                }
            }
            "compaction" => cut("content", Value::Null, "compaction_delta", "content", "So far."),
            "tool_use" | "server_tool_use" if part["input"] != json!({}) => {
                let written = serde_json::to_string_pretty(&part["input"]).unwrap();
                cut("input", json!({}), "input_json_delta", "partial_json", &written);
            }
            "tool_use" => cut("input", json!({}), "input_json_delta", "partial_json", ""),
            _ => {}
        }
        events.push(block(index, start));
        events.push(json!({"type": "ping"}));
        events.extend(deltas.into_iter().map(|delta| block_delta(index, delta)));
        events.push(block_stop(index));
    }
    events.push(
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "container": {"id": "box"}},
        "usage": {"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4}}}),
    );
    events.push(json!({"type": "message_stop"}));
    (complete, events)
}

#[test]
fn a_complete_response_is_parsed() {
    let (complete, _) = rich_reply(&[1]);
    let reply = read_reply(complete.to_string().as_bytes()).unwrap();
    assert_eq!(reply.finish_reason, FinishReason::ToolCalls);
    let usage = reply.usage;
    assert_eq!((usage.input, usage.cached, usage.cache_written), (123, 20, 100));
    assert_eq!((usage.output, usage.reasoning), (9, 4));
    assert_eq!(
        reply.details.as_ref().unwrap().service_tier.as_deref(),
        Some("standard")
    );
    let kinds: Vec<String> = reply
        .message
        .parts
        .iter()
        .map(|part| {
            serde_json::to_value(part).unwrap()["type"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        kinds.join(" "),
        "reasoning reasoning text provider provider text text provider provider call call provider"
    );
    let calls: Vec<&str> = reply
        .message
        .calls()
        .map(|call| call.arguments.as_str())
        .collect();
    assert_eq!(calls, ["{\"city\":\"Oslo \\\\ å\",\"n\":[1,2]}", "{}"]);
    let Part::Text(text) = &reply.message.parts[5] else {
        panic!("no text");
    };
    let citations = text.citations();
    let [
        Citation {
            url,
            title,
            quote,
            json,
            ..
        },
    ] = citations
    else {
        panic!("no citation");
    };
    assert_eq!(
        (url.as_deref(), title.as_deref(), quote.as_deref()),
        (Some("u"), Some("t"), Some("q"))
    );
    assert!(json.contains("encrypted_index"));
}

proptest! {
    #[test]
    fn events_in_any_order_never_panic(
        events in Just(rich_reply(&[4]).1).prop_shuffle(),
        lost in proptest::collection::vec(any::<proptest::sample::Index>(), 0..9),
        cut in any::<proptest::sample::Index>(),
    ) {
        let mut events = events;
        for index in lost {
            let at = index.index(events.len());
            let text = events[at].to_string();
            let half: String = text.chars().take(cut.index(text.chars().count())).collect();
            let mut reader = StreamReader::new();
            let _ = reader.event(half.as_bytes());
            events.swap_remove(at);
        }
        if let Ok(reply) = read(&events) {
            prop_assert!(reply.message.parts.len() <= events.len());
        }
    }

    #[test]
    fn a_streamed_reply_equals_the_complete_one_for_any_chunks(cuts in proptest::collection::vec(1_usize..9, 1..40)) {
        let (complete, events) = rich_reply(&cuts);
        prop_assert_eq!(read(&events).unwrap(), read_reply(complete.to_string().as_bytes()).unwrap());
    }
}

#[tokio::test]
async fn a_stream_can_arrive_byte_by_byte() {
    let (complete, events) = rich_reply(&[3, 5]);
    let texts: Vec<String> = events.iter().map(Value::to_string).collect();
    let stream = Answer::raw_events(texts.iter().map(String::as_str)).byte_by_byte();
    let server = Server::start([Answer::json(complete.to_string()), stream]).await;
    let model = model(&server, "claude-sonnet-4-5");
    let complete = model.complete(hello()).await.unwrap();
    assert_eq!(streamed(&model, hello()).await.unwrap(), complete);
    assert_eq!(server.requests()[1].json()["stream"], true);
}

#[test]
fn every_finish_reason_is_mapped() {
    for (reason, finish) in [
        ("end_turn", FinishReason::Stop),
        ("stop_sequence", FinishReason::Stop),
        ("tool_use", FinishReason::ToolCalls),
        ("max_tokens", FinishReason::Length),
        ("model_context_window_exceeded", FinishReason::Length),
        ("pause_turn", FinishReason::Pause),
        ("refusal", FinishReason::ContentFilter),
        ("something_new", FinishReason::Other),
    ] {
        let mut events = vec![message_start("m")];
        events.extend(message_end(reason));
        assert_eq!(read(&events).unwrap().finish_reason, finish, "{reason}");
    }
    let refused =
        json!({"content": [], "stop_reason": "refusal", "stop_details": {"explanation": "Not this."}});
    let reply = read_reply(refused.to_string().as_bytes()).unwrap();
    assert_eq!(reply.message.parts[..], [Part::refusal("Not this.")]);
    let stopped = json!({"content": [], "stop_reason": "stop_sequence", "stop_sequence": "END"});
    let reply = read_reply(stopped.to_string().as_bytes()).unwrap();
    assert_eq!(reply.details.unwrap().stop_sequence.as_deref(), Some("END"));
}

#[test]
fn unusual_streams_are_parsed() {
    let text_delta = |text: &str| block_delta(0, json!({"type": "text_delta", "text": text}));
    let text_start = || block(0, json!({"type": "text", "text": ""}));
    let [delta, stop] = message_end("end_turn");
    // A gateway lost its upstream during a call and appended a second response.
    let call = block(
        1,
        json!({"type": "tool_use", "id": "lost", "name": "f", "input": {}}),
    );
    let cut = block_delta(1, json!({"type": "input_json_delta", "partial_json": "{\"a"}));
    let spliced = [
        message_start("one"),
        text_start(),
        text_delta("lost"),
        block_stop(0),
        call,
        cut,
        message_start("two"),
        text_start(),
        text_delta("kept"),
        delta.clone(),
        stop.clone(),
    ];
    let reply = read(&spliced).unwrap();
    assert_eq!(
        (reply.message.text().as_ref(), reply.id.as_deref()),
        ("kept", Some("two"))
    );
    assert_eq!(
        (reply.message.parts.len(), reply.finish_reason),
        (1, FinishReason::Stop)
    );
    // A duplicate start, text without a block start, unknown events and deltas, and events after the end.
    let odd = [
        message_start("one"),
        message_start("one"),
        json!({"type": "something_new"}),
        text_delta("ke"),
        block_delta(7, json!({"type": "new_delta"})),
        text_delta("pt"),
        delta.clone(),
        stop.clone(),
        text_start(),
        text_delta("late"),
    ];
    assert_eq!(read(&odd).unwrap().message.text(), "kept");
    // A message that starts with a complete call and has no separate finish reason.
    let begun = json!({"type": "message_start", "message": {"id": "m", "content": [{"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}], "stop_reason": "tool_use"}});
    let reply = read(&[begun, stop]).unwrap();
    assert_eq!(reply.message.calls().next().unwrap().arguments, "{\"a\":1}");
    // A stream is complete if the connection closes after the finish reason.
    assert_eq!(
        read(&[message_start("m"), text_delta("kept"), delta])
            .unwrap()
            .message
            .text(),
        "kept"
    );
    assert_eq!(
        read(&[message_start("m"), text_delta("cut")]).unwrap_err().kind(),
        ModelErrorKind::Truncated
    );
}

#[test]
fn usage_includes_the_tokens_of_compaction() {
    let reply = json!({"content": [], "stop_reason": "end_turn", "usage": {"input_tokens": 10, "output_tokens": 2, "iterations": [
        {"type": "compaction", "input_tokens": 500, "output_tokens": 50}, {"type": "message", "input_tokens": 10, "output_tokens": 2}]}});
    let usage = read_reply(reply.to_string().as_bytes()).unwrap().usage;
    assert_eq!((usage.input, usage.output), (510, 52));
}

#[tokio::test]
async fn an_agent_calls_its_tools_with_and_without_streaming() {
    let call = json!({"id": "m1", "model": "c", "content": [
        {"type": "thinking", "thinking": "hm", "signature": "sig"},
        {"type": "tool_use", "id": "a", "name": "echo", "input": {"text": "one"}}],
        "stop_reason": "tool_use", "usage": {"input_tokens": 5, "output_tokens": 7}});
    let answer = HELLO.replace("\"type\":\"message\",", "");
    let second = json!({"type": "message_start", "message": serde_json::from_str::<Value>(&answer).unwrap()})
        .to_string();
    let stop = r#"{"type":"message_stop"}"#;
    let events: Vec<String> = [
        json!({"type": "message_start", "message": {"id": "m1", "model": "c", "content": [], "usage": {"input_tokens": 5, "output_tokens": 1}}}),
        block(0, json!({"type": "thinking", "thinking": ""})),
        block_delta(0, json!({"type": "thinking_delta", "thinking": "hm"})),
        block_delta(0, json!({"type": "signature_delta", "signature": "sig"})),
        block_stop(0),
        block(1, json!({"type": "tool_use", "id": "a", "name": "echo", "input": {}})),
        block_delta(1, json!({"type": "input_json_delta", "partial_json": "{\"text\": "})),
        block_delta(1, json!({"type": "input_json_delta", "partial_json": "\"one\"}"})),
        block_stop(1),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 7}}),
        json!({"type": "message_stop"}),
    ]
    .iter()
    .map(Value::to_string)
    .collect();
    let server = Server::start([
        Answer::json(call.to_string()),
        Answer::json(HELLO),
        Answer::raw_events(events.iter().map(String::as_str)),
        Answer::raw_events([second.as_str(), stop]),
    ])
    .await;
    let (assistant, echo_calls) = agno_tests::assistant();
    let agent = assistant.with(model(&server, "claude-sonnet-4-5"));
    let complete = agent.run("What does it say?").await.unwrap();
    let streamed = agent.stream("What does it say?").answer().await.unwrap();
    assert_eq!(complete.text(), "Hello");
    assert_eq!(complete.messages(), streamed.messages());
    assert_eq!((complete.usage, complete.usage.input), (streamed.usage, 8));
    assert_eq!(echo_calls.get(), 2);
    let next = server.requests()[1].json();
    assert_eq!(
        next["messages"][1]["content"][0],
        json!({"type": "thinking", "thinking": "hm", "signature": "sig"})
    );
    assert_eq!(next["messages"][2]["content"][0]["content"], "one");
}

#[test]
fn a_second_response_is_reported_as_a_restart() {
    let (mut reader, mut deltas) = (StreamReader::new(), Vec::new());
    for event in [
        message_start("one"),
        block_delta(0, json!({"type": "text_delta", "text": "lost"})),
        message_start("two"),
    ] {
        deltas.extend(reader.event(event.to_string().as_bytes()).unwrap());
    }
    assert!(deltas.contains(&Delta::Restart), "{deltas:?}");
}
