//! Complete and streamed replies, event stream frames, and errors.

use std::error::Error as _;

use agno::message::Part;
use agno::model::{FinishReason, Model, ModelErrorKind, Reply, ReplyBuilder, Request, Settings};
use agno::provider::Bedrock;
use agno::provider::bedrock::{StreamReader, read_reply};
use agno::{Declared, Message, ModelError};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{CLAUDE, HELLO, frame, frames, model};
use agno_tests::server::{Answer, Server};
use agno_tests::{hello, streamed};

fn read(events: &[Value]) -> Result<Reply, ModelError> {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    for event in events {
        let deltas = reader.event(event.to_string().as_bytes())?;
        deltas.iter().for_each(|delta| builder.push(delta));
    }
    reader.end()?.iter().for_each(|delta| builder.push(delta));
    builder.finish()
}

fn block_start(index: u64, start: Value) -> Value {
    json!({"contentBlockStart": {"contentBlockIndex": index, "start": start}})
}

fn block_delta(index: u64, delta: Value) -> Value {
    json!({"contentBlockDelta": {"contentBlockIndex": index, "delta": delta, "p": "abcdef"}})
}

fn block_stop(index: u64) -> Value {
    json!({"contentBlockStop": {"contentBlockIndex": index}})
}

/// Returns a response with every kind of block, both complete and as events whose arguments are split into chunks of
/// the lengths in `cuts`.
fn rich_reply(cuts: &[usize]) -> (Value, Vec<Value>) {
    let citation = json!({"title": "t", "location": {"web": {"url": "u", "domain": "d"}}, "sourceContent": [{"text": "q"}]});
    let usage = json!({"inputTokens": 3, "outputTokens": 9, "totalTokens": 132, "cacheReadInputTokens": 20, "cacheWriteInputTokens": 100});
    let complete = json!({"output": {"message": {"role": "assistant", "content": [
        {"reasoningContent": {"reasoningText": {"text": "Let me see.", "signature": "sig"}}},
        {"reasoningContent": {"redactedContent": "aGVsZA=="}},
        {"text": "Let me look it up."},
        {"toolUse": {"toolUseId": "s", "name": "nova_grounding", "type": "server_tool_use", "input": {"q": 1}}},
        {"toolResult": {"toolUseId": "s", "type": "nova_grounding_result", "content": [{"text": "rain"}]}},
        {"citationsContent": {"content": [{"text": "It rains"}], "citations": [citation]}},
        {"image": {"format": "png", "source": {"bytes": "iVBORw=="}}},
        {"toolUse": {"toolUseId": "c1", "name": "f", "input": {"city": "Oslo \\ \u{e5}", "n": [1, 2]}}},
        {"toolUse": {"toolUseId": "c2", "name": "g", "input": {}}}]}},
        "stopReason": "tool_use", "usage": usage, "metrics": {"latencyMs": 1}, "serviceTier": {"type": "flex"}});
    let mut events = vec![
        json!({"messageStart": {"role": "assistant"}}),
        block_delta(0, json!({"reasoningContent": {"text": "Let me "}})),
        block_delta(0, json!({"reasoningContent": {"text": "see."}})),
        block_delta(0, json!({"reasoningContent": {"signature": "sig"}})),
        block_stop(0),
        block_delta(1, json!({"reasoningContent": {"redactedContent": "aGVs"}})),
        block_delta(1, json!({"reasoningContent": {"redactedContent": "ZA=="}})),
        block_stop(1),
        block_start(2, json!({})),
        block_delta(2, json!({"text": "Let me look "})),
        block_delta(2, json!({"text": "it up."})),
        block_stop(2),
        block_start(
            3,
            json!({"toolUse": {"toolUseId": "s", "name": "nova_grounding", "type": "server_tool_use"}}),
        ),
        block_delta(3, json!({"toolUse": {"input": "{\"q\": "}})),
        block_delta(3, json!({"toolUse": {"input": "1}"}})),
        block_stop(3),
        block_start(
            4,
            json!({"toolResult": {"toolUseId": "s", "type": "nova_grounding_result"}}),
        ),
        block_delta(4, json!({"toolResult": [{"text": "rain"}]})),
        block_stop(4),
        block_delta(5, json!({"text": "It rains"})),
        block_delta(5, json!({"citation": citation})),
        block_stop(5),
        block_start(6, json!({"image": {"format": "png"}})),
        block_delta(6, json!({"image": {"source": {"bytes": "iVBO"}}})),
        block_delta(6, json!({"image": {"source": {"bytes": "Rw=="}}})),
        block_stop(6),
        block_start(7, json!({"toolUse": {"toolUseId": "c1", "name": "f"}})),
    ];
    let written =
        serde_json::to_string_pretty(&complete["output"]["message"]["content"][7]["toolUse"]["input"])
            .unwrap();
    let letters: Vec<char> = written.chars().collect();
    let (mut rest, mut cuts) = (&letters[..], cuts.iter().cycle());
    while !rest.is_empty() {
        let (chunk, more) = rest.split_at((*cuts.next().unwrap_or(&1)).clamp(1, rest.len()));
        events.push(block_delta(
            7,
            json!({"toolUse": {"input": chunk.iter().collect::<String>()}}),
        ));
        rest = more;
    }
    events.extend([
        block_stop(7),
        block_start(8, json!({"toolUse": {"toolUseId": "c2", "name": "g"}})),
        block_delta(8, json!({"toolUse": {"input": ""}})),
        block_stop(8),
        json!({"somethingNew": {"x": 1}}),
        json!({"messageStop": {"stopReason": "tool_use"}}),
        json!({"metadata": {"usage": usage, "metrics": {"latencyMs": 1}, "serviceTier": {"type": "flex"}}}),
    ]);
    (complete, events)
}

#[test]
fn a_complete_response_is_parsed() {
    let reply = read_reply(rich_reply(&[1]).0.to_string().as_bytes()).unwrap();
    assert_eq!(reply.finish_reason, FinishReason::ToolCalls);
    assert_eq!((reply.usage.input, reply.usage.output), (123, 9));
    assert_eq!((reply.usage.cached, reply.usage.cache_written), (20, 100));
    assert_eq!(
        reply.details.as_ref().unwrap().service_tier.as_deref(),
        Some("flex")
    );
    let parts = &reply.message.parts;
    assert_eq!(parts.len(), 9);
    assert!(
        matches!(&parts[1], Part::Reasoning(thought) if thought.redacted && thought.signature.as_deref() == Some("aGVsZA=="))
    );
    assert!(matches!(&parts[4], Part::Provider(item) if item.kind == "toolResult"));
    assert!(
        matches!(&parts[5], Part::Text(text) if text.citations()[0].url.as_deref() == Some("u") && text.citations()[0].quote.as_deref() == Some("q"))
    );
    assert!(matches!(&parts[6], Part::Image(image) if image.media_type == "image/png"));
    let calls: Vec<&str> = reply
        .message
        .calls()
        .map(|call| call.arguments.as_str())
        .collect();
    assert_eq!(calls, ["{\"city\":\"Oslo \\\\ å\",\"n\":[1,2]}", "{}"]);
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
    fn a_streamed_reply_equals_the_complete_one_for_any_chunks(cuts in proptest::collection::vec(1_usize..9, 1..20)) {
        let (complete, events) = rich_reply(&cuts);
        prop_assert_eq!(read(&events).unwrap(), read_reply(complete.to_string().as_bytes()).unwrap());
    }
}

#[tokio::test]
async fn frames_can_arrive_byte_by_byte() {
    let (complete, events) = rich_reply(&[7]);
    let server = Server::start([
        Answer::json(complete.to_string()),
        frames(&events),
        frames(&events).byte_by_byte(),
    ])
    .await;
    let model = model(&server, CLAUDE);
    let complete = model.complete(hello()).await.unwrap();
    assert_eq!(streamed(&model, hello()).await.unwrap(), complete);
    assert_eq!(streamed(&model, hello()).await.unwrap(), complete);
    let request = &server.requests()[1];
    assert!(request.line.contains("/converse-stream "), "{}", request.line);
    assert_eq!(
        request.header("accept"),
        Some("application/vnd.amazon.eventstream")
    );
    // With `keep_raw`, the reply contains the original events.
    let server = Server::start([frames(&events)]).await;
    let keep_raw = Settings::new().with_keep_raw();
    let reply = streamed(&super::model(&server, CLAUDE), hello().with_settings(&keep_raw))
        .await
        .unwrap();
    let raw = reply.details.unwrap().raw;
    let raw: Vec<Value> = raw
        .iter()
        .map(|event| serde_json::from_str(event).unwrap())
        .collect();
    assert_eq!(raw, events);
}

#[test]
fn every_finish_reason_is_mapped_and_usage_may_come_first() {
    for (reason, finish) in [
        ("end_turn", FinishReason::Stop),
        ("tool_use", FinishReason::ToolCalls),
        ("max_tokens", FinishReason::Length),
        ("model_context_window_exceeded", FinishReason::Length),
        ("guardrail_intervened", FinishReason::ContentFilter),
        ("content_filtered", FinishReason::ContentFilter),
        ("something_new", FinishReason::Other),
    ] {
        let metadata = json!({"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2}}});
        let reply = read(&[
            block_delta(0, json!({"text": "x"})),
            metadata,
            json!({"messageStop": {"stopReason": reason}}),
        ])
        .unwrap();
        assert_eq!((reply.finish_reason, reply.usage.output), (finish, 2), "{reason}");
    }
    assert_eq!(
        read(&[block_delta(0, json!({"text": "x"}))]).unwrap_err().kind(),
        ModelErrorKind::Truncated
    );
}

#[tokio::test]
async fn errors_have_the_correct_kind() {
    use ModelErrorKind as Kind;
    for (status, message, kind) in [
        (400, "Malformed input request", Kind::BadRequest),
        (
            400,
            "Input is too long for requested model.",
            Kind::ContextTooLong,
        ),
        (400, "The provided model identifier is invalid.", Kind::NotFound),
        (403, "The security token is invalid.", Kind::Authentication),
        (404, "no", Kind::NotFound),
        (408, "no", Kind::Timeout),
        (424, "no", Kind::Overloaded),
        (429, "Too many tokens, please wait", Kind::RateLimited),
        (503, "no", Kind::Overloaded),
    ] {
        let server = Server::start([Answer::error(status, &json!({"message": message}).to_string())]).await;
        let error = model(&server, CLAUDE).complete(hello()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.provider_message()),
            (kind, Some(message)),
            "{status}"
        );
    }
    for (name, message, kind) in [
        (
            "throttlingException",
            "Too many tokens, please wait",
            Kind::RateLimited,
        ),
        ("validationException", "no", Kind::BadRequest),
        ("validationException", "Input is too long", Kind::ContextTooLong),
        ("accessDeniedException", "no", Kind::Authentication),
        ("modelTimeoutException", "no", Kind::Timeout),
        ("modelStreamErrorException", "no", Kind::Overloaded),
        ("internalServerException", "no", Kind::Overloaded),
    ] {
        let events = [
            block_delta(0, json!({"text": "x"})),
            json!({name: {"message": message}}),
        ];
        let server = Server::start([frames(&events)]).await;
        let error = streamed(&model(&server, CLAUDE), hello()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.provider_message()),
            (kind, Some(message)),
            "{name}"
        );
    }
    let mut broken = frame(":event-type", "messageStop", "{}");
    broken[20] ^= 1;
    let cut = frame(":event-type", "contentBlockDelta", "{}");
    for (bytes, kind) in [
        (broken, Kind::MalformedReply),
        (cut[..30].to_vec(), Kind::Truncated),
    ] {
        let answer = Answer::new(200, "application/vnd.amazon.eventstream", bytes);
        let server = Server::start([answer]).await;
        let error = streamed(&model(&server, CLAUDE), hello()).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn no_output_contains_a_secret() {
    let echo = r#"{"message":"canary-prompt canary-secret","__type":"canary-secret"}"#;
    let answers = [
        Answer::error(400, echo),
        Answer::error(403, echo),
        Answer::json(echo),
        Answer::json(r#"{"output":"canary-prompt"}"#),
        frames(&[json!({"validationException": {"message": "canary-prompt canary-secret"}})]),
        frames(&[json!({"contentBlockDelta": {"contentBlockIndex": "canary-prompt"}})]),
    ];
    let count = answers.len();
    let server = Server::start(answers).await;
    let builder =
        Bedrock::builder("m").credentials("canary-id", "canary-secret", Some("canary-token".into()));
    let builder = builder.region("eu-west-1").base_url(&server.url);
    let mut output = format!("{builder:?}");
    let model = builder.build().unwrap();
    output.push_str(&format!("{model:?}"));
    let prompt = [Message::user("canary-prompt")];
    for at in 0..count {
        let error = match at {
            0..4 => model.complete(Request::new(&prompt)).await.unwrap_err(),
            _ => streamed(&model, Request::new(&prompt)).await.unwrap_err(),
        };
        output.push_str(&format!(
            "{error} {error:?} {:?}",
            error.source().map(ToString::to_string)
        ));
        assert!(
            !error
                .provider_message()
                .unwrap_or_default()
                .contains("canary-secret")
        );
    }
    assert!(!output.contains("canary"), "{output}");
}

#[tokio::test]
async fn an_agent_calls_its_tools_with_and_without_streaming() {
    let call = json!({"output": {"message": {"role": "assistant", "content": [
        {"text": "Let me ask."}, {"toolUse": {"toolUseId": "a", "name": "echo", "input": {"text": "one"}}}]}},
        "stopReason": "tool_use", "usage": {"inputTokens": 5, "outputTokens": 7}});
    let events = [
        block_delta(0, json!({"text": "Let me ask."})),
        block_stop(0),
        block_start(1, json!({"toolUse": {"toolUseId": "a", "name": "echo"}})),
        block_delta(1, json!({"toolUse": {"input": "{\"text\": \"one\"}"}})),
        block_stop(1),
        json!({"messageStop": {"stopReason": "tool_use"}}),
        json!({"metadata": {"usage": {"inputTokens": 5, "outputTokens": 7}}}),
    ];
    let second = [
        block_delta(0, json!({"text": "Hello"})),
        json!({"messageStop": {"stopReason": "end_turn"}}),
        json!({"metadata": {"usage": {"inputTokens": 3, "outputTokens": 1}}}),
    ];
    let server = Server::start([
        Answer::json(call.to_string()),
        Answer::json(HELLO),
        frames(&events),
        frames(&second),
    ])
    .await;
    let (assistant, echo_calls) = agno_tests::assistant();
    let agent = assistant.with(model(&server, CLAUDE));
    let complete = agent.run("What does it say?").await.unwrap();
    let streamed = agent.stream("What does it say?").answer().await.unwrap();
    assert_eq!(complete.text(), "Hello");
    assert_eq!(complete.messages(), streamed.messages());
    assert_eq!((complete.usage, complete.usage.input), (streamed.usage, 8));
    assert_eq!(echo_calls.get(), 2);
    let next = server.requests()[1].json();
    assert_eq!(
        next["messages"][2]["content"][0]["toolResult"],
        json!({"toolUseId": "a", "content": [{"text": "one"}]})
    );
}
