//! Complete and streamed responses result in the same reply.

use agno::message::{MediaSource, Part};
use agno::model::{FinishReason, ModelErrorKind, Reply, ReplyBuilder};
use agno::provider::responses::{StreamReader, read_reply};
use agno::{ModelError, ToolCall};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{complete, items, model, streamed};
use agno_tests::server::{Answer, Server};

/// Returns the reply assembled from events.
fn read(events: &[Value]) -> Result<Reply, ModelError> {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    for event in events {
        for delta in reader.event(event.to_string().as_bytes())? {
            builder.push(&delta);
        }
    }
    for delta in reader.end()? {
        builder.push(&delta);
    }
    builder.finish()
}

fn read_complete(response: &Value) -> Reply {
    read_reply(response.to_string().as_bytes()).unwrap()
}

/// Returns a response with items of several types, one of them unknown.
fn response() -> Value {
    json!({
        "id": "resp_1", "model": "gpt-5-mini-1", "status": "completed", "error": null, "service_tier": "default",
        "output": [
            {"id": "rs_1", "type": "reasoning", "encrypted_content": "secret", "content": [], "summary": [
                {"type": "summary_text", "text": "**First**\n\nlook."}, {"type": "summary_text", "text": "Then läök 🦀."}]},
            {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "q"}},
            {"id": "ig_1", "type": "image_generation_call", "status": "completed", "output_format": "webp", "result": "eA=="},
            {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "phase": "commentary", "content": [
                {"type": "output_text", "text": "It is so.", "annotations": [
                    {"type": "url_citation", "start_index": 0, "end_index": 2, "url": "https://a.example", "title": "A"},
                    {"type": "file_citation", "index": 3, "file_id": "file-1", "filename": "a.txt"}],
                 "logprobs": [{"token": "It", "logprob": -0.5, "bytes": [73, 116], "top_logprobs": [{"token": "That", "logprob": -1.5}]}]},
                {"type": "output_text", "text": "And so.", "annotations": [], "logprobs": []}]},
            {"id": "fc_1", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"},
            {"id": "fc_2", "type": "function_call", "status": "completed", "call_id": "call_2", "name": "weather", "arguments": "{\"city\":\"Rome\"}", "namespace": "n"},
            {"id": "x_1", "type": "something_new", "anything": [1, {"a": null}]},
        ],
        "usage": {"input_tokens": 20, "input_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 4},
            "output_tokens": 9, "output_tokens_details": {"reasoning_tokens": 3}, "total_tokens": 29},
    })
}

/// Returns the events of a stream that produces [`response`].
fn events() -> Vec<Value> {
    let response = response();
    let item = |index: usize| response["output"][index].clone();
    let added = |index: usize, empty: Value| {
        let mut item = item(index);
        for (key, value) in empty.as_object().unwrap() {
            item[key] = value.clone();
        }
        json!({"type": "response.output_item.added", "output_index": index, "item": item})
    };
    let done = |index: usize| json!({"type": "response.output_item.done", "output_index": index, "item": item(index)});
    let delta = |kind: &str, index: usize, part: usize, delta: &str| json!({"type": format!("response.{kind}.delta"), "output_index": index, "content_index": part, "summary_index": part, "delta": delta});
    let annotation = |number: usize| {
        json!({"type": "response.output_text.annotation.added", "output_index": 3, "content_index": 0,
        "annotation_index": number, "annotation": item(3)["content"][0]["annotations"][number]})
    };
    let mut first = delta("output_text", 3, 0, "It");
    first["logprobs"] = item(3)["content"][0]["logprobs"].clone();
    let started = json!({"id": "resp_1", "model": "gpt-5-mini-1", "status": "in_progress", "output": [], "usage": null, "service_tier": "auto"});
    vec![
        json!({"type": "response.created", "response": started}),
        json!({"type": "response.in_progress", "response": started}),
        added(0, json!({"encrypted_content": "half", "summary": []})),
        delta("reasoning_summary_text", 0, 0, "**First**\n\n"),
        delta("reasoning_summary_text", 0, 0, "look."),
        json!({"type": "response.reasoning_summary_part.done", "output_index": 0, "summary_index": 0}),
        delta("reasoning_summary_text", 0, 1, "Then läök"),
        delta("reasoning_summary_text", 0, 1, " 🦀."),
        done(0),
        added(1, json!({"status": "in_progress", "action": null})),
        json!({"type": "response.web_search_call.searching", "output_index": 1, "item_id": "ws_1"}),
        done(1),
        added(2, json!({"status": "in_progress", "result": null})),
        json!({"type": "response.image_generation_call.partial_image", "output_index": 2, "partial_image_b64": "eA=="}),
        done(2),
        added(3, json!({"content": [], "status": "in_progress"})),
        first,
        delta("output_text", 3, 0, " is"),
        annotation(0),
        delta("output_text", 3, 0, " so."),
        annotation(1),
        delta("output_text", 3, 1, "And so."),
        done(3),
        added(4, json!({"arguments": "", "status": "in_progress"})),
        added(5, json!({"arguments": "", "status": "in_progress"})),
        delta("function_call_arguments", 5, 0, "{\"city\":"),
        delta("function_call_arguments", 4, 0, "{\"city\":\"Os"),
        delta("function_call_arguments", 5, 0, "\"Rome\"}"),
        delta("function_call_arguments", 4, 0, "lo\"}"),
        json!({"type": "response.function_call_arguments.done", "output_index": 4, "arguments": "{\"city\":\"Oslo\"}"}),
        done(4),
        done(5),
        json!({"type": "response.something_new", "delta": {"a": 1}, "output_index": "x"}),
        done(6),
        json!({"type": "response.completed", "response": response}),
    ]
}

#[tokio::test]
async fn a_streamed_reply_equals_the_complete_one() {
    let events: Vec<String> = events().iter().map(Value::to_string).collect();
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    let server = Server::start([
        Answer::json(serde_json::to_string_pretty(&response()).unwrap()),
        Answer::raw_events(events.iter().copied()),
        Answer::events(events.iter().copied()).byte_by_byte(),
        // A server that does not support streaming.
        Answer::json(response().to_string()),
    ])
    .await;
    let model = model(&server);
    let expected = complete(&model).await.unwrap();
    for _ in 0..3 {
        assert_eq!(streamed(&model).await.unwrap(), expected);
    }

    assert_eq!(expected.finish_reason, FinishReason::ToolCalls);
    assert_eq!(
        (expected.id.as_deref(), expected.model.as_deref()),
        (Some("resp_1"), Some("gpt-5-mini-1"))
    );
    let usage = expected.usage;
    assert_eq!((usage.input, usage.output), (20, 9));
    assert_eq!((usage.cached, usage.cache_written, usage.reasoning), (8, 4, 3));
    assert!(expected.message.is_of("openai"));
    let details = expected.details.as_ref().unwrap();
    assert_eq!(details.service_tier.as_deref(), Some("default"));
    assert_eq!(details.logprobs[0].top, [("That".to_owned(), -1.5)]);
    let parts = &expected.message.parts;
    let Part::Reasoning(reasoning) = &parts[0] else {
        panic!("{parts:?}")
    };
    assert_eq!(reasoning.text, "**First**\n\nlook.\n\nThen läök 🦀.");
    assert_eq!(
        (reasoning.id.as_deref(), reasoning.signature.as_deref()),
        (Some("rs_1"), Some("secret"))
    );
    let Part::Image(image) = &parts[3] else {
        panic!("{parts:?}")
    };
    assert_eq!(
        (&image.source, image.media_type.as_str()),
        (&MediaSource::Base64("eA==".into()), "image/webp")
    );
    let Part::Text(text) = &parts[4] else {
        panic!("{parts:?}")
    };
    assert_eq!((text.text.as_str(), text.signature()), ("It is so.", None));
    let cited: Vec<_> = text
        .citations()
        .iter()
        .map(|citation| (citation.url.as_deref(), citation.title.as_deref()))
        .collect();
    assert_eq!(
        cited,
        [(Some("https://a.example"), Some("A")), (None, Some("a.txt"))]
    );
    let Part::Text(text) = &parts[5] else {
        panic!("{parts:?}")
    };
    assert_eq!(text.text, "And so.");
    let signature: Value = serde_json::from_str(text.signature().unwrap()).unwrap();
    assert_eq!(
        signature,
        json!({"id": "msg_1", "phase": "commentary", "type": "message"})
    );
    let calls: Vec<&ToolCall> = expected.message.calls().collect();
    assert_eq!(
        (calls[0].id.as_str(), calls[0].arguments.as_str()),
        ("call_1", r#"{"city":"Oslo"}"#)
    );
    assert_eq!(
        (calls[1].id.as_str(), calls[1].arguments.as_str()),
        ("call_2", r#"{"city":"Rome"}"#)
    );
    let kinds: Vec<&str> = items(&expected).iter().map(|item| item.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["web_search_call", "image_generation_call", "something_new"]
    );
    let last: Value = serde_json::from_str(&items(&expected)[2].json).unwrap();
    assert_eq!(last, response()["output"][6]);
}

#[test]
fn a_stream_without_deltas_results_in_the_same_reply() {
    let expected = read_complete(&response());
    let without = |omitted: &[&str]| {
        let events = events().into_iter();
        let rest = events.filter(|event| {
            !omitted
                .iter()
                .any(|kind| event["type"].as_str().unwrap().ends_with(kind))
        });
        read(&rest.collect::<Vec<_>>()).unwrap()
    };
    assert_eq!(without(&[".delta"]), expected);
    assert_eq!(without(&[".delta", "output_item.added"]), expected);
    assert_eq!(without(&[".delta", ".added", ".done"]), expected);
    assert_eq!(without(&[".created", ".in_progress", "part.done"]), expected);
}

#[test]
fn item_ids_that_change_with_every_event_are_ignored() {
    let mut events = events();
    for (index, event) in events.iter_mut().enumerate() {
        event["item_id"] = json!(format!("rotated-{index}"));
    }
    assert_eq!(read(&events).unwrap(), read_complete(&response()));
}

#[test]
fn a_refusal_is_read_with_and_without_streaming() {
    let response = json!({"status": "completed", "output": [
        {"type": "message", "id": "msg_1", "content": [{"type": "refusal", "refusal": "I cannot help with that."}]}]});
    let expected = read_complete(&response);
    assert_eq!(
        expected.message.parts[..],
        [Part::refusal("I cannot help with that.")]
    );
    assert_eq!(expected.finish_reason, FinishReason::Stop);
    let events = [
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "msg_1", "content": []}}),
        json!({"type": "response.refusal.delta", "output_index": 0, "content_index": 0, "delta": "I cannot"}),
        json!({"type": "response.refusal.delta", "output_index": 0, "content_index": 0, "delta": " help with that."}),
        json!({"type": "response.refusal.done", "output_index": 0, "content_index": 0, "refusal": "I cannot help with that."}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": response["output"][0]}),
        json!({"type": "response.completed", "response": response}),
    ];
    assert_eq!(read(&events).unwrap(), expected);
}

#[test]
fn plain_reasoning_text_is_read_with_and_without_streaming() {
    let response = json!({"status": "completed", "output": [
        {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm. Yes."}]},
        {"type": "message", "content": "Yes."}]});
    let expected = read_complete(&response);
    let Part::Reasoning(reasoning) = &expected.message.parts[0] else {
        panic!()
    };
    assert_eq!(reasoning.text, "Hm. Yes.");
    assert_eq!(
        reasoning.signature.as_deref(),
        Some(r#"{"type":"reasoning_text"}"#)
    );
    assert_eq!(expected.message.text(), "Yes.");
    let events = [
        json!({"type": "response.reasoning_text.delta", "output_index": 0, "content_index": 0, "delta": "Hm."}),
        json!({"type": "response.reasoning_text.delta", "output_index": 0, "content_index": 0, "delta": " Yes."}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": response["output"][0]}),
        json!({"type": "response.output_text.delta", "output_index": 1, "delta": "Yes."}),
        json!({"type": "response.completed", "response": {"output": [], "status": "completed"}}),
    ];
    assert_eq!(read(&events).unwrap(), expected);
}

#[test]
fn every_finish_reason_is_mapped() {
    for (status, reason, finish) in [
        ("incomplete", "max_output_tokens", FinishReason::Length),
        ("incomplete", "content_filter", FinishReason::ContentFilter),
        ("incomplete", "something_new", FinishReason::Other),
        ("completed", "", FinishReason::Stop),
        ("cancelled", "", FinishReason::Other),
    ] {
        let response = json!({"status": status, "incomplete_details": {"reason": reason}, "output": [
            {"type": "message", "id": "m", "content": [{"type": "output_text", "text": "Half"}]}]});
        let reply = read_complete(&response);
        assert_eq!((reply.finish_reason, &*reply.message.text()), (finish, "Half"));
        let event = json!({"type": format!("response.{status}"), "response": response});
        assert_eq!(read(&[event]).unwrap(), reply);
    }
}

#[test]
fn arguments_are_read_in_every_format() {
    for (arguments, expected) in [
        (json!(""), ""),
        (Value::Null, ""),
        (json!("{}"), "{}"),
        (json!({"a": 1}), r#"{"a":1}"#),
    ] {
        let item = json!({"type": "function_call", "call_id": "c", "name": "n", "arguments": arguments});
        let reply = read_complete(&json!({"status": "completed", "output": [item]}));
        assert_eq!(reply.message.calls().next().unwrap().arguments, expected);
        assert_eq!(reply.finish_reason, FinishReason::ToolCalls);
        let events = [
            json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "function_call", "call_id": "c", "name": "n", "arguments": null}}),
            json!({"type": "response.function_call_arguments.done", "output_index": 0, "arguments": arguments}),
            json!({"type": "response.output_item.done", "output_index": 0, "item": item}),
            json!({"type": "response.completed", "response": {"status": "completed"}}),
        ];
        assert_eq!(read(&events).unwrap(), reply);
    }
}

#[test]
fn a_truncated_stream_is_an_error() {
    let events = events();
    for cut in 0..events.len() - 1 {
        let error = read(&events[..cut]).unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::Truncated, "after {cut}");
    }
}

/// Splits text at positions derived from `cuts`.
fn split(text: &str, cuts: &[usize]) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut positions: Vec<usize> = cuts.iter().map(|cut| cut % (letters.len() + 1)).collect();
    positions.extend([0, letters.len()]);
    positions.sort_unstable();
    positions
        .windows(2)
        .map(|pair| letters[pair[0]..pair[1]].iter().collect())
        .collect()
}

proptest! {
    #[test]
    fn deltas_split_anywhere_are_assembled(
        text in "[a-zäß🦀 \\n]{0,40}",
        arguments in "\\{\"a\":\"[a-z🦀]{0,20}\"\\}",
        cuts in proptest::collection::vec(0usize..64, 0..6),
    ) {
        let output = json!([
            {"type": "message", "id": "m", "content": [{"type": "output_text", "text": text}]},
            {"type": "function_call", "id": "f", "call_id": "c", "name": "n", "arguments": arguments}]);
        let mut events = vec![json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "m"}})];
        for delta in split(&text, &cuts) {
            events.push(json!({"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": delta}));
        }
        events.push(json!({"type": "response.output_item.done", "output_index": 0, "item": output[0]}));
        events.push(json!({"type": "response.output_item.added", "output_index": 1, "item": {"type": "function_call", "id": "f", "call_id": "c", "name": "n", "arguments": ""}}));
        for delta in split(&arguments, &cuts) {
            events.push(json!({"type": "response.function_call_arguments.delta", "output_index": 1, "delta": delta}));
        }
        events.push(json!({"type": "response.output_item.done", "output_index": 1, "item": output[1]}));
        let response = json!({"status": "completed", "output": output});
        events.push(json!({"type": "response.completed", "response": response}));
        prop_assert_eq!(read(&events).unwrap(), read_complete(&response));
    }

    #[test]
    fn events_in_any_order_and_with_missing_fields_never_panic(
        order in proptest::collection::vec((0usize..64, 0usize..8), 0..24),
    ) {
        let events = events();
        let mut reader = StreamReader::new();
        for (index, field) in order {
            let mut event = events[index % events.len()].clone();
            // One of the fields is null or has the wrong type.
            if let Some(value) = event.as_object_mut().and_then(|object| object.values_mut().nth(field)) {
                *value = if field % 2 == 0 { Value::Null } else { json!([{"type": 7}]) };
            }
            let _ = reader.event(event.to_string().as_bytes());
        }
        let _ = reader.end();
    }
}
