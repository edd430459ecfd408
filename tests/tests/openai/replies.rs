//! Replies: every known response format, complete and streamed, results in the same reply.

use agno::ModelError;
use agno::message::Part;
use agno::model::{Delta, FinishReason, ModelErrorKind, Reply, ReplyBuilder, Usage};
use agno::provider::openai::{StreamReader, read_reply};

use crate::{complete, streamed};
use agno_tests::server::{Answer, Server};

/// Returns the reply assembled from events.
fn read(events: &[&str]) -> Result<Reply, ModelError> {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    let mut deltas = Vec::new();
    for event in events {
        deltas.extend(reader.event(event.as_bytes())?);
    }
    deltas.extend(reader.end()?);
    assert!(matches!(deltas.last(), Some(Delta::Finish(_))), "{deltas:?}");
    for delta in &deltas {
        builder.push(delta);
    }
    builder.finish()
}

/// Returns the calls assembled from events with these `tool_calls` and a final `[DONE]`.
fn calls(deltas: &[&str]) -> Vec<(String, String, String)> {
    let events: Vec<String> = deltas
        .iter()
        .map(|delta| format!(r#"{{"choices":[{{"delta":{{"tool_calls":{delta}}}}}]}}"#))
        .collect();
    let mut events: Vec<&str> = events.iter().map(String::as_str).collect();
    events.push("[DONE]");
    let reply = read(&events).unwrap();
    assert_eq!(reply.finish_reason, FinishReason::ToolCalls);
    reply
        .message
        .calls()
        .map(|call| (call.id.clone(), call.name.clone(), call.arguments.clone()))
        .collect()
}

fn call(id: &str, name: &str, arguments: &str) -> (String, String, String) {
    (id.to_owned(), name.to_owned(), arguments.to_owned())
}

const OSLO: &str = r#"{"city":"Oslo"}"#;

const COMPLETE: &str = r#"{
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "test-model-2025", "system_fingerprint": null,
    "choices": [{"index": 0, "logprobs": null, "finish_reason": "tool_calls", "message": {
        "role": "assistant", "content": "Let me läök 🦀.", "refusal": null, "reasoning_content": "Oslo? Rome?",
        "tool_calls": [
            {"id": "call_a", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Oslo\"}"}},
            {"id": "call_b", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Rome\"}"}}
        ]}}],
    "usage": {"prompt_tokens": 20, "completion_tokens": 9, "total_tokens": 29,
        "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 3}}
}"#;

const STREAMED: [&str; 13] = [
    r#"{"id":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"reasoning_content":"Oslo? "}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"reasoning_content":"Rome?","content":null}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"content":"Let me lä"}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"content":"ök 🦀."}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\""}}]}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"weather","arguments":"{\"ci"}},{"index":0,"function":{"arguments":":\"Oslo\"}"}}]}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"ty\":\"Rome\"}"}}]}}]}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}"#,
    r#"{"id":"chatcmpl-1","model":"test-model-2025","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":3}}}"#,
    " ",
];

#[tokio::test]
async fn a_streamed_reply_equals_the_complete_one() {
    let server = Server::start([
        Answer::json(COMPLETE),
        Answer::events(STREAMED),
        Answer::events(STREAMED).byte_by_byte(),
        // The server does not support streaming.
        Answer::json(COMPLETE),
    ])
    .await;
    let model = server.model();
    let reply = complete(&model).await.unwrap();
    assert_eq!(streamed(&model).await.unwrap(), reply);
    assert_eq!(streamed(&model).await.unwrap(), reply);
    assert_eq!(streamed(&model).await.unwrap(), reply);

    assert_eq!(reply.id.as_deref(), Some("chatcmpl-1"));
    assert_eq!(reply.model.as_deref(), Some("test-model-2025"));
    assert_eq!(reply.finish_reason, FinishReason::ToolCalls);
    assert_eq!((reply.usage.input, reply.usage.output), (20, 9));
    assert_eq!((reply.usage.cached, reply.usage.reasoning), (8, 3));
    assert_eq!(reply.message.text(), "Let me läök 🦀.");
    assert_eq!(reply.message.parts.len(), 4);
    assert!(matches!(&reply.message.parts[0], Part::Reasoning(reasoning) if reasoning.text == "Oslo? Rome?"));
    assert_eq!(
        reply.message.calls().nth(1).unwrap().arguments,
        r#"{"city":"Rome"}"#
    );
}

#[test]
fn every_line_ending_is_supported() {
    for end in ["\n", "\r\n", "\r"] {
        let text: String = STREAMED
            .iter()
            .map(|data| format!(": waiting{end}data: {data}{end}{end}"))
            .collect();
        let mut parser = agno::__private::sse::Parser::new();
        let mut reader = StreamReader::new();
        let mut builder = ReplyBuilder::new();
        for bytes in text.as_bytes().chunks(7) {
            parser.feed(bytes);
            while let Some(event) = parser.next_event().unwrap() {
                for delta in reader.event(event.data).unwrap() {
                    builder.push(&delta);
                }
            }
        }
        for delta in reader.end().unwrap() {
            builder.push(&delta);
        }
        assert_eq!(
            builder.finish().unwrap(),
            read_reply(COMPLETE.as_bytes()).unwrap()
        );
    }
}

#[test]
fn calls_are_assembled_with_every_known_numbering_scheme() {
    let one_call = [call("a", "weather", OSLO)];
    let two_calls = [call("a", "weather", OSLO), call("b", "time", "{}")];
    let quoted = serde_json::to_string(OSLO).unwrap();

    // In one chunk, first without an index, then with an index of `null`.
    assert_eq!(
        calls(&[&format!(
            r#"[{{"id":"a","function":{{"name":"weather","arguments":{quoted}}}}}]"#
        )]),
        one_call
    );
    assert_eq!(
        calls(&[&format!(
            r#"[{{"index":null,"id":"a","function":{{"name":"weather","arguments":{quoted}}}}}]"#
        )]),
        one_call
    );
    // Arguments as an object instead of a string.
    assert_eq!(
        calls(&[&format!(
            r#"[{{"index":0,"id":"a","function":{{"name":"weather","arguments":{OSLO}}}}}]"#
        )]),
        one_call
    );
    // Several chunks without an index: a chunk without an ID continues the last call.
    assert_eq!(
        calls(&[
            r#"[{"id":"a","function":{"name":"weather","arguments":"{\"city\""}}]"#,
            r#"[{"function":{"arguments":":\"Oslo\"}"}}]"#,
            r#"[{"id":"b","function":{"name":"time","arguments":"{}"}}]"#,
        ]),
        two_calls
    );
    // The ID and the name in every chunk.
    assert_eq!(
        calls(&[
            r#"[{"index":0,"id":"a","function":{"name":"weather","arguments":"{\"city\""}}]"#,
            r#"[{"index":0,"id":"a","function":{"name":"weather","arguments":":\"Oslo\"}"}}]"#,
        ]),
        one_call
    );
    assert_eq!(
        calls(&[
            r#"[{"id":"a","function":{"name":"weather","arguments":"{\"city\""}}]"#,
            r#"[{"id":"a","function":{"name":"weather","arguments":":\"Oslo\"}"}}]"#,
        ]),
        one_call
    );
    // An empty ID and an empty name in every chunk after the first.
    assert_eq!(
        calls(&[
            r#"[{"index":0,"id":"a","function":{"name":"weather","arguments":""}}]"#,
            r#"[{"index":0,"id":"","function":{"name":"","arguments":"{\"city\":\"Oslo\"}"}}]"#,
        ]),
        one_call
    );
    // The index 0 for every call.
    assert_eq!(
        calls(&[
            &format!(r#"[{{"index":0,"id":"a","function":{{"name":"weather","arguments":{quoted}}}}}]"#),
            r#"[{"index":0,"id":"b","function":{"name":"time","arguments":"{}"}}]"#,
        ]),
        two_calls
    );
    // A different ID in each chunk of one call.
    assert_eq!(
        calls(&[
            r#"[{"index":0,"id":"a","function":{"name":"weather","arguments":"{\"city\""}}]"#,
            r#"[{"index":0,"id":"x","function":{"arguments":":\"Oslo\"}"}}]"#,
        ]),
        one_call
    );
    // The name before the ID, and the ID before the name.
    assert_eq!(
        calls(&[
            r#"[{"index":0,"function":{"name":"weather"}}]"#,
            r#"[{"index":0,"id":"a","function":{"arguments":"{\"city\":\"Oslo\"}"}}]"#,
        ]),
        one_call
    );
    assert_eq!(
        calls(&[
            r#"[{"index":0,"id":"a","function":{"arguments":"{\"city\":"}}]"#,
            r#"[{"index":0,"function":{"name":"weather","arguments":"\"Oslo\"}"}}]"#,
        ]),
        one_call
    );
    // Decreasing indexes that do not start at 0.
    assert_eq!(
        calls(&[
            &format!(r#"[{{"index":7,"id":"a","function":{{"name":"weather","arguments":{quoted}}}}}]"#),
            r#"[{"index":3,"id":"b","function":{"name":"time","arguments":"{}"}}]"#,
        ]),
        two_calls
    );
}

#[test]
fn calls_without_ids_are_distinguished() {
    let two_calls = [call("", "weather", OSLO), call("", "weather", OSLO)];
    let quoted = serde_json::to_string(OSLO).unwrap();
    let complete = format!(r#"{{"function":{{"name":"weather","arguments":{quoted}}}}}"#);
    assert_eq!(calls(&[&format!("[{complete},{complete}]")]), two_calls);
    assert_eq!(
        calls(&[&format!("[{complete}]"), &format!("[{complete}]")]),
        two_calls
    );
    // The name in every chunk.
    assert_eq!(
        calls(&[
            r#"[{"function":{"name":"weather","arguments":"{\"city\""}}]"#,
            r#"[{"function":{"name":"weather","arguments":":\"Oslo\"}"}}]"#,
            &format!("[{complete}]"),
        ]),
        two_calls
    );
}

#[test]
fn empty_arguments_stay_empty() {
    let expected = [call("a", "now", "")];
    assert_eq!(
        calls(&[r#"[{"index":0,"id":"a","function":{"name":"now","arguments":""}}]"#]),
        expected
    );
    assert_eq!(
        calls(&[r#"[{"index":0,"id":"a","function":{"name":"now","arguments":null}}]"#]),
        expected
    );
    assert_eq!(
        calls(&[r#"[{"index":0,"id":"a","function":{"name":"now"}}]"#]),
        expected
    );
    assert_eq!(
        calls(&[r#"[null,{"index":0,"id":"a","type":null,"function":{"name":"now"}}]"#]),
        expected
    );
    assert_eq!(calls(&[r#"[{"index":0,"id":"a"}]"#]), [call("a", "", "")]);
}

#[test]
fn a_complete_response_is_parsed_leniently() {
    let parse = |message: &str| {
        let body = format!(
            r#"{{"id":null,"model":null,"choices":[{{"message":{message},"finish_reason":null}}],"usage":null,"error":null}}"#
        );
        read_reply(body.as_bytes()).unwrap()
    };
    assert!(parse("null").message.parts.is_empty());
    assert!(
        parse(r#"{"content":null,"tool_calls":null,"refusal":null}"#)
            .message
            .parts
            .is_empty()
    );
    assert_eq!(parse(r#"{"content":[{"type":"text","text":"a"},null,{"type":"image_url","image_url":{}},{"type":"text","text":"b"}]}"#).message.text(), "ab");
    assert_eq!(parse(r#"{"content":["a"]}"#).message.text(), "a");
    assert_eq!(
        parse(r#"{"content":"x","audio":{"id":1},"annotations":[]}"#)
            .message
            .text(),
        "x"
    );
    assert_eq!(
        parse(r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]}"#).message.parts,
        [Part::reasoning("hm"), Part::text("a")].into()
    );
    // Both names of the same field.
    assert_eq!(
        parse(r#"{"content":"a","reasoning":"hm","reasoning_content":"hm"}"#)
            .message
            .parts,
        [Part::reasoning("hm"), Part::text("a")].into()
    );
    assert_eq!(
        parse(r#"{"content":null,"refusal":"No."}"#).message.parts,
        [Part::refusal("No.")].into()
    );
    let same = parse(
        r#"{"tool_calls":[{"index":0,"function":{"name":"a","arguments":{"x":1}}},{"index":0,"function":{"name":"a","arguments":null}}]}"#,
    );
    let arguments: Vec<&str> = same.message.calls().map(|call| call.arguments.as_str()).collect();
    assert_eq!(arguments, [r#"{"x":1}"#, ""]);
    assert_eq!(same.finish_reason, FinishReason::ToolCalls);
    assert_eq!(parse(r#"{"content":"x"}"#).finish_reason, FinishReason::Other);
}

#[test]
fn every_finish_reason_is_known() {
    for (reason, expected) in [
        ("stop", FinishReason::Stop),
        ("eos", FinishReason::Stop),
        ("length", FinishReason::Length),
        ("model_length", FinishReason::Length),
        ("max_tokens", FinishReason::Length),
        ("tool_calls", FinishReason::ToolCalls),
        ("function_call", FinishReason::ToolCalls),
        ("content_filter", FinishReason::ContentFilter),
        ("insufficient_system_resource", FinishReason::Other),
    ] {
        let event = format!(r#"{{"choices":[{{"delta":{{"content":"x"}},"finish_reason":"{reason}"}}]}}"#);
        assert_eq!(read(&[&event]).unwrap().finish_reason, expected, "{reason}");
    }
    let stopped_for_a_call =
        r#"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"a"}}]},"finish_reason":"stop"}]}"#;
    assert_eq!(
        read(&[stopped_for_a_call]).unwrap().finish_reason,
        FinishReason::ToolCalls
    );
}

#[test]
fn usage_is_read_from_every_known_location() {
    let text = r#"{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}"#;
    let counts = |usage: &str| read(&[text, usage]).unwrap().usage;
    let plain = Usage::new(5, 7);
    assert_eq!(
        counts(r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}"#),
        plain
    );
    assert_eq!(
        counts(r#"{"choices":null,"usage":{"prompt_tokens":5.0,"completion_tokens":7,"total_tokens":null}}"#),
        plain
    );
    assert_eq!(
        counts(r#"{"x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":7}}}"#),
        plain
    );
    assert_eq!(
        counts(r#"{"choices":[{"delta":{},"usage":{"prompt_tokens":5,"completion_tokens":7}}]}"#),
        plain
    );
    assert_eq!(
        counts(
            r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"prompt_cache_hit_tokens":4}}"#
        )
        .cached,
        4
    );
    // xAI does not include reasoning tokens in the completion tokens.
    let separate = counts(
        r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":12,"completion_tokens_details":{"reasoning_tokens":5}}}"#,
    );
    assert_eq!((separate.output, separate.reasoning), (7, 5));
    // Cumulative counts in every chunk, then zeros in the last one.
    let first =
        r#"{"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#;
    let last = r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}"#;
    let zeros = r#"{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}"#;
    assert_eq!(read(&[first, text, last, zeros]).unwrap().usage, plain);
}

#[test]
fn a_stream_requires_a_finish_reason_or_an_end_marker() {
    let text = r#"{"choices":[{"delta":{"content":"x"}}]}"#;
    let stop = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
    assert_eq!(read(&[text, stop]).unwrap().finish_reason, FinishReason::Stop);
    assert_eq!(
        read(&[text, "[DONE]"]).unwrap().finish_reason,
        FinishReason::Other
    );
    assert_eq!(read(&[text, "[DONE]", "nonsense"]).unwrap().message.text(), "x");
    assert_eq!(read(&[text]).unwrap_err().kind(), ModelErrorKind::Truncated);
    assert_eq!(read(&[]).unwrap_err().kind(), ModelErrorKind::Truncated);
    // Only the first of several choices counts.
    let second = r#"{"choices":[{"index":1,"delta":{"content":"y"},"finish_reason":"stop"}]}"#;
    assert_eq!(
        read(&[text, second]).unwrap_err().kind(),
        ModelErrorKind::Truncated
    );
    // Some servers repeat the entire message in each chunk.
    let both = r#"{"choices":[{"delta":{"content":"y"},"message":{"content":"xy"},"finish_reason":"stop"}]}"#;
    assert_eq!(read(&[text, both]).unwrap().message.text(), "xy");
}

#[test]
fn a_character_split_between_two_chunks_is_restored() {
    let events = [
        r#"{"choices":[{"delta":{"content":"crab \ud83e"}}]}"#,
        r#"{"choices":[{"delta":{"content":"\udd80!"},"finish_reason":"stop"}]}"#,
    ];
    assert_eq!(read(&events).unwrap().message.text(), "crab 🦀!");
}

#[test]
fn the_error_for_an_invalid_response_does_not_quote_the_response() {
    for (body, part) in [
        ("", "is truncated"),
        (
            r#"{"choices":[{"message":{"content":"private words"#,
            "is truncated",
        ),
        ("private words", "not JSON"),
        (r#""private words""#, "does not match the Chat Completions API"),
        (
            r#"{"choices":"private words"}"#,
            "does not match the Chat Completions API",
        ),
        (r#"{"object":"private words"}"#, "no message"),
        (r#"{"choices":[]}"#, "no message"),
    ] {
        let error = read_reply(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::MalformedReply, "{body}");
        let text = format!("{error} {error:?}");
        assert!(text.contains(part), "{text}");
        assert!(!text.contains("private"), "{text}");
    }
    let broken = [
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}",
        "{\"choices\":[{\"delta\":",
    ];
    assert_eq!(read(&broken).unwrap_err().kind(), ModelErrorKind::MalformedReply);
    assert_eq!(
        read_reply(b"{\"choices\":[{\"message\":{\"content\":\"\xff\"}}]}")
            .unwrap_err()
            .kind(),
        ModelErrorKind::MalformedReply
    );
}

#[tokio::test]
async fn a_compressed_response_is_decompressed() {
    // `{"choices":[{"message":{"content":"squeezed"},"finish_reason":"stop"}]}`
    const GZIP: [u8; 86] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 21, 201, 177, 13, 128, 48, 12, 4, 192, 93, 190, 102, 130, 172, 130,
        16, 138, 194, 67, 92, 96, 7, 108, 26, 162, 236, 142, 184, 246, 58, 74, 53, 41, 116, 164, 185, 227,
        164, 123, 62, 136, 212, 81, 76, 131, 26, 72, 240, 235, 33, 95, 110, 24, 19, 118, 81, 241, 186, 222,
        204, 110, 250, 95, 88, 195, 88, 198, 7, 136, 174, 89, 156, 71, 0, 0, 0,
    ];
    let server = Server::start([Answer::json(GZIP).header("content-encoding", "gzip")]).await;
    assert_eq!(
        complete(&server.model()).await.unwrap().message.text(),
        "squeezed"
    );
    assert_eq!(server.requests()[0].header("accept-encoding"), Some("gzip"));
}
