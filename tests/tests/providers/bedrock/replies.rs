//! What is understood of answers and errors, whole, as events and as frames.

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

fn starts(index: u64, start: Value) -> Value {
    json!({"contentBlockStart": {"contentBlockIndex": index, "start": start}})
}

fn grows(index: u64, delta: Value) -> Value {
    json!({"contentBlockDelta": {"contentBlockIndex": index, "delta": delta, "p": "abcdef"}})
}

fn stops(index: u64) -> Value {
    json!({"contentBlockStop": {"contentBlockIndex": index}})
}

/// An answer of every kind of block, whole and as events, its arguments in pieces as long as `cuts` say.
fn rich(cuts: &[usize]) -> (Value, Vec<Value>) {
    let citation = json!({"title": "t", "location": {"web": {"url": "u", "domain": "d"}}, "sourceContent": [{"text": "q"}]});
    let usage = json!({"inputTokens": 3, "outputTokens": 9, "totalTokens": 132, "cacheReadInputTokens": 20, "cacheWriteInputTokens": 100});
    let whole = json!({"output": {"message": {"role": "assistant", "content": [
        {"reasoningContent": {"reasoningText": {"text": "Let me see.", "signature": "sig"}}},
        {"reasoningContent": {"redactedContent": "aGVsZA=="}},
        {"text": "I look it up."},
        {"toolUse": {"toolUseId": "s", "name": "nova_grounding", "type": "server_tool_use", "input": {"q": 1}}},
        {"toolResult": {"toolUseId": "s", "type": "nova_grounding_result", "content": [{"text": "rain"}]}},
        {"citationsContent": {"content": [{"text": "It rains"}], "citations": [citation]}},
        {"image": {"format": "png", "source": {"bytes": "iVBORw=="}}},
        {"toolUse": {"toolUseId": "c1", "name": "f", "input": {"city": "Oslo \\ \u{e5}", "n": [1, 2]}}},
        {"toolUse": {"toolUseId": "c2", "name": "g", "input": {}}}]}},
        "stopReason": "tool_use", "usage": usage, "metrics": {"latencyMs": 1}, "serviceTier": {"type": "flex"}});
    let mut events = vec![
        json!({"messageStart": {"role": "assistant"}}),
        grows(0, json!({"reasoningContent": {"text": "Let me "}})),
        grows(0, json!({"reasoningContent": {"text": "see."}})),
        grows(0, json!({"reasoningContent": {"signature": "sig"}})),
        stops(0),
        grows(1, json!({"reasoningContent": {"redactedContent": "aGVs"}})),
        grows(1, json!({"reasoningContent": {"redactedContent": "ZA=="}})),
        stops(1),
        starts(2, json!({})),
        grows(2, json!({"text": "I look "})),
        grows(2, json!({"text": "it up."})),
        stops(2),
        starts(
            3,
            json!({"toolUse": {"toolUseId": "s", "name": "nova_grounding", "type": "server_tool_use"}}),
        ),
        grows(3, json!({"toolUse": {"input": "{\"q\": "}})),
        grows(3, json!({"toolUse": {"input": "1}"}})),
        stops(3),
        starts(
            4,
            json!({"toolResult": {"toolUseId": "s", "type": "nova_grounding_result"}}),
        ),
        grows(4, json!({"toolResult": [{"text": "rain"}]})),
        stops(4),
        grows(5, json!({"text": "It rains"})),
        grows(5, json!({"citation": citation})),
        stops(5),
        starts(6, json!({"image": {"format": "png"}})),
        grows(6, json!({"image": {"source": {"bytes": "iVBO"}}})),
        grows(6, json!({"image": {"source": {"bytes": "Rw=="}}})),
        stops(6),
        starts(7, json!({"toolUse": {"toolUseId": "c1", "name": "f"}})),
    ];
    let written =
        serde_json::to_string_pretty(&whole["output"]["message"]["content"][7]["toolUse"]["input"]).unwrap();
    let letters: Vec<char> = written.chars().collect();
    let (mut rest, mut cuts) = (&letters[..], cuts.iter().cycle());
    while !rest.is_empty() {
        let (piece, more) = rest.split_at((*cuts.next().unwrap_or(&1)).clamp(1, rest.len()));
        events.push(grows(
            7,
            json!({"toolUse": {"input": piece.iter().collect::<String>()}}),
        ));
        rest = more;
    }
    events.extend([
        stops(7),
        starts(8, json!({"toolUse": {"toolUseId": "c2", "name": "g"}})),
        grows(8, json!({"toolUse": {"input": ""}})),
        stops(8),
        json!({"ofTomorrow": {"x": 1}}),
        json!({"messageStop": {"stopReason": "tool_use"}}),
        json!({"metadata": {"usage": usage, "metrics": {"latencyMs": 1}, "serviceTier": {"type": "flex"}}}),
    ]);
    (whole, events)
}

#[test]
fn an_answer_is_understood_whole() {
    let reply = read_reply(rich(&[1]).0.to_string().as_bytes()).unwrap();
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
        matches!(&parts[1], Part::Reasoning(held) if held.redacted && held.signature.as_deref() == Some("aGVsZA=="))
    );
    assert!(matches!(&parts[4], Part::Provider(item) if item.kind == "toolResult"));
    assert!(
        matches!(&parts[5], Part::Text(words) if words.citations()[0].url.as_deref() == Some("u") && words.citations()[0].quote.as_deref() == Some("q"))
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
    /// Whatever a server sends, in whatever order: an answer or an error, never a panic.
    #[test]
    fn no_order_of_events_is_fatal(
        events in Just(rich(&[4]).1).prop_shuffle(),
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
    fn streamed_equals_whole_however_it_is_cut(cuts in proptest::collection::vec(1_usize..9, 1..20)) {
        let (whole, events) = rich(&cuts);
        prop_assert_eq!(read(&events).unwrap(), read_reply(whole.to_string().as_bytes()).unwrap());
    }
}

#[tokio::test]
async fn frames_are_the_same_byte_by_byte() {
    let (whole, events) = rich(&[7]);
    let server = Server::start([
        Answer::json(whole.to_string()),
        frames(&events),
        frames(&events).byte_by_byte(),
    ])
    .await;
    let model = model(&server, CLAUDE);
    let whole = model.complete(hello()).await.unwrap();
    assert_eq!(streamed(&model, hello()).await.unwrap(), whole);
    assert_eq!(streamed(&model, hello()).await.unwrap(), whole);
    let asked = &server.asked()[1];
    assert!(asked.line.contains("/converse-stream "), "{}", asked.line);
    assert_eq!(asked.header("accept"), Some("application/vnd.amazon.eventstream"));
    // What is kept of the frames can be read again.
    let server = Server::start([frames(&events)]).await;
    let keeps = Settings::new().with_keep_raw();
    let reply = streamed(&super::model(&server, CLAUDE), hello().with_settings(&keeps))
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
fn every_way_to_stop_has_a_name_and_the_cost_may_come_first() {
    for (reason, finish) in [
        ("end_turn", FinishReason::Stop),
        ("tool_use", FinishReason::ToolCalls),
        ("max_tokens", FinishReason::Length),
        ("model_context_window_exceeded", FinishReason::Length),
        ("guardrail_intervened", FinishReason::ContentFilter),
        ("content_filtered", FinishReason::ContentFilter),
        ("of_tomorrow", FinishReason::Other),
    ] {
        let metadata = json!({"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2}}});
        let reply = read(&[
            grows(0, json!({"text": "x"})),
            metadata,
            json!({"messageStop": {"stopReason": reason}}),
        ])
        .unwrap();
        assert_eq!((reply.finish_reason, reply.usage.output), (finish, 2), "{reason}");
    }
    assert_eq!(
        read(&[grows(0, json!({"text": "x"}))]).unwrap_err().kind(),
        ModelErrorKind::Truncated
    );
}

#[tokio::test]
async fn each_failure_is_of_its_kind() {
    use ModelErrorKind as Kind;
    for (status, words, kind) in [
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
        let server = Server::start([Answer::refusal(status, &json!({"message": words}).to_string())]).await;
        let error = model(&server, CLAUDE).complete(hello()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.provider_message()),
            (kind, Some(words)),
            "{status}"
        );
    }
    for (name, words, kind) in [
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
        let events = [grows(0, json!({"text": "x"})), json!({name: {"message": words}})];
        let server = Server::start([frames(&events)]).await;
        let error = streamed(&model(&server, CLAUDE), hello()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.provider_message()),
            (kind, Some(words)),
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
async fn no_text_holds_a_secret() {
    let repeats = r#"{"message":"canary-prompt canary-secret","__type":"canary-secret"}"#;
    let answers = [
        Answer::refusal(400, repeats),
        Answer::refusal(403, repeats),
        Answer::json(repeats),
        Answer::json(r#"{"output":"canary-prompt"}"#),
        frames(&[json!({"validationException": {"message": "canary-prompt canary-secret"}})]),
        frames(&[json!({"contentBlockDelta": {"contentBlockIndex": "canary-prompt"}})]),
    ];
    let count = answers.len();
    let server = Server::start(answers).await;
    let builder =
        Bedrock::builder("m").credentials("canary-id", "canary-secret", Some("canary-token".into()));
    let builder = builder.region("eu-west-1").base_url(&server.url);
    let mut texts = format!("{builder:?}");
    let model = builder.build().unwrap();
    texts.push_str(&format!("{model:?}"));
    let prompt = [Message::user("canary-prompt")];
    for at in 0..count {
        let error = match at {
            0..4 => model.complete(Request::new(&prompt)).await.unwrap_err(),
            _ => streamed(&model, Request::new(&prompt)).await.unwrap_err(),
        };
        texts.push_str(&format!(
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
    assert!(!texts.contains("canary"), "{texts}");
}

#[tokio::test]
async fn an_agent_calls_its_tools_over_http_whole_and_streamed() {
    let asks = json!({"output": {"message": {"role": "assistant", "content": [
        {"text": "I ask."}, {"toolUse": {"toolUseId": "a", "name": "echo", "input": {"text": "one"}}}]}},
        "stopReason": "tool_use", "usage": {"inputTokens": 5, "outputTokens": 7}});
    let events = [
        grows(0, json!({"text": "I ask."})),
        stops(0),
        starts(1, json!({"toolUse": {"toolUseId": "a", "name": "echo"}})),
        grows(1, json!({"toolUse": {"input": "{\"text\": \"one\"}"}})),
        stops(1),
        json!({"messageStop": {"stopReason": "tool_use"}}),
        json!({"metadata": {"usage": {"inputTokens": 5, "outputTokens": 7}}}),
    ];
    let second = [
        grows(0, json!({"text": "Hello"})),
        json!({"messageStop": {"stopReason": "end_turn"}}),
        json!({"metadata": {"usage": {"inputTokens": 3, "outputTokens": 1}}}),
    ];
    let server = Server::start([
        Answer::json(asks.to_string()),
        Answer::json(HELLO),
        frames(&events),
        frames(&second),
    ])
    .await;
    let (assistant, echoed) = agno_tests::assistant();
    let agent = assistant.with(model(&server, CLAUDE));
    let whole = agent.run("What does it say?").await.unwrap();
    let streamed = agent.stream("What does it say?").answer().await.unwrap();
    assert_eq!(whole.text(), "Hello");
    assert_eq!(whole.messages(), streamed.messages());
    assert_eq!((whole.usage, whole.usage.input), (streamed.usage, 8));
    assert_eq!(echoed.get(), 2);
    let back = server.asked()[1].json();
    assert_eq!(
        back["messages"][2]["content"][0]["toolResult"],
        json!({"toolUseId": "a", "content": [{"text": "one"}]})
    );
}
