//! Complete and streamed replies, and errors.

use agno::model::{FinishReason, Model, ReplyBuilder};
use agno::provider::cohere::{StreamReader, read_reply};
use agno::{Declared, ModelError, ModelErrorKind};
use serde_json::{Value, json};

use super::{answer, model};
use agno_tests::hello;
use agno_tests::server::{Answer, Server};

fn event(kind: &str, index: usize, message: Value) -> Value {
    json!({"type": kind, "index": index, "delta": {"message": message}})
}

fn end(reason: &str) -> Value {
    json!({"type": "message-end", "delta": {"finish_reason": reason, "usage": {
        "billed_units": {"input_tokens": 3, "output_tokens": 2}, "tokens": {"input_tokens": 30, "output_tokens": 20}, "cached_tokens": 16,
    }}})
}

fn start() -> Value {
    json!({"id": "c-1", "type": "message-start", "delta": {"message": {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}}})
}

async fn streamed(events: &[Value]) -> Result<agno::model::Reply, ModelError> {
    let texts: Vec<String> = events.iter().map(Value::to_string).collect();
    let answer = Answer::raw_events(texts.iter().map(String::as_str)).byte_by_byte();
    let server = Server::start([answer]).await;
    agno_tests::streamed(&model(&server), hello()).await
}

#[tokio::test]
async fn plans_and_calls_are_the_same_with_and_without_streaming() {
    let complete = json!({
        "role": "assistant", "tool_plan": "I will ask 🦀.",
        "tool_calls": [
            {"id": "w1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Oslo\"}"}},
            {"id": "t1", "type": "function", "function": {"name": "time", "arguments": ""}},
        ],
    });
    let complete = read_reply(answer(&complete, "TOOL_CALL").as_bytes()).unwrap();
    let call = |arguments: &str| json!({"tool_calls": {"function": {"arguments": arguments}}});
    let events = [
        start(),
        event("tool-plan-delta", 0, json!({"tool_plan": "I will"})),
        event("tool-plan-delta", 0, json!({"tool_plan": " ask 🦀."})),
        event(
            "tool-call-start",
            0,
            json!({"tool_calls": {"id": "w1", "type": "function", "function": {"name": "weather", "arguments": ""}}}),
        ),
        event("tool-call-delta", 0, call("{\"city\"")),
        event(
            "tool-call-start",
            1,
            json!({"tool_calls": [{"id": "t1", "function": {"name": "time"}}]}),
        ),
        event("tool-call-delta", 0, call(":\"Oslo\"}")),
        json!({"type": "tool-call-end", "index": 0}),
        json!({"type": "tool-call-end", "index": 1}),
        json!({"type": "something-new", "delta": 7}),
        end("TOOL_CALL"),
    ];
    // Events of an unknown type are ignored, regardless of their content.
    let known: Vec<Value> = events
        .iter()
        .filter(|event| event["type"] != "something-new")
        .cloned()
        .collect();
    assert_eq!(streamed(&known).await.unwrap(), complete);
    assert_eq!(streamed(&events).await.unwrap(), complete);
    assert_eq!(
        (complete.finish_reason, complete.id.as_deref()),
        (FinishReason::ToolCalls, Some("c-1"))
    );
    assert_eq!(
        (complete.usage.input, complete.usage.output, complete.usage.cached),
        (30, 20, 16)
    );
    assert_eq!(
        serde_json::to_value(&complete.message).unwrap(),
        json!({"provider": "cohere", "parts": [
            {"type": "reasoning", "text": "I will ask 🦀.", "id": "tool_plan"},
            {"type": "call", "id": "w1", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"},
            {"type": "call", "id": "t1", "name": "time", "arguments": ""},
        ]})
    );
}

#[tokio::test]
async fn reasoning_text_and_citations_are_the_same_with_and_without_streaming() {
    let citation = json!({"start": 0, "end": 4, "text": "Cold", "sources": [
        {"type": "document", "id": "d1", "document": {"title": "A", "url": "https://a.example", "snippet": "brr"}},
        {"type": "tool", "id": "w1:0", "tool_output": {"degrees": "4"}},
    ]});
    let complete = json!({
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "Hm."},
            {"type": "text", "text": "Cold."},
            {"type": "text", "text": "Very."},
            {"type": "novelty", "a": 1},
            {"type": "text", "text": "Yes."},
        ],
        "citations": [citation],
    });
    let complete = read_reply(answer(&complete, "COMPLETE").as_bytes()).unwrap();
    let text = |text: &str| json!({"content": {"text": text}});
    let events = [
        start(),
        event(
            "content-start",
            0,
            json!({"content": {"type": "thinking", "thinking": ""}}),
        ),
        event("content-delta", 0, json!({"content": {"thinking": "H"}})),
        event("content-delta", 0, json!({"content": {"thinking": "m."}})),
        json!({"type": "content-end", "index": 0}),
        event(
            "content-start",
            1,
            json!({"content": {"type": "text", "text": ""}}),
        ),
        event("content-delta", 1, text("Co")),
        event("citation-start", 0, json!({"citations": citation})),
        json!({"type": "citation-end", "index": 0}),
        event("content-delta", 1, text("ld.")),
        event(
            "content-start",
            2,
            json!({"content": {"type": "text", "text": "Ve"}}),
        ),
        event("content-delta", 2, text("ry.")),
        event(
            "content-start",
            3,
            json!({"content": {"type": "novelty", "a": 1}}),
        ),
        event(
            "content-start",
            4,
            json!({"content": {"type": "text", "text": "Yes."}}),
        ),
        end("COMPLETE"),
    ];
    assert_eq!(streamed(&events).await.unwrap(), complete);
    let parts = serde_json::to_value(&complete.message.parts).unwrap();
    assert_eq!(parts[0], json!({"type": "reasoning", "text": "Hm."}));
    assert_eq!(parts[1]["text"], "Cold.");
    assert_eq!(parts[3]["kind"], "novelty");
    let item: Value = serde_json::from_str(parts[3]["json"].as_str().unwrap()).unwrap();
    assert_eq!(item, json!({"type": "novelty", "a": 1}));
    let cited = &parts[4]["citations"];
    assert_eq!(
        (&cited[0]["url"], &cited[0]["quote"]),
        (&json!("https://a.example"), &json!("brr"))
    );
    assert_eq!(cited[1]["title"], "w1:0");
}

#[test]
fn finish_reasons_and_logprobs_are_read() {
    for (name, reason) in [
        ("COMPLETE", FinishReason::Stop),
        ("STOP_SEQUENCE", FinishReason::Stop),
        ("MAX_TOKENS", FinishReason::Length),
        ("ERROR_TOXIC", FinishReason::ContentFilter),
        ("SOMETHING_NEW", FinishReason::Other),
    ] {
        let reply = read_reply(answer(&json!({"content": "x"}), name).as_bytes()).unwrap();
        assert_eq!(
            (reply.finish_reason, reply.message.text().as_ref()),
            (reason, "x"),
            "{name}"
        );
    }
    let body = json!({"message": {"content": []}, "finish_reason": "COMPLETE", "logprobs": [
        {"text": "x", "token_ids": [1, 2], "logprobs": [-0.5, -0.25]},
    ]});
    let reply = read_reply(body.to_string().as_bytes()).unwrap();
    assert_eq!(reply.details.unwrap().logprobs[0].logprob, -0.75);
    for name in ["ERROR", "TIMEOUT"] {
        assert!(read_reply(answer(&json!({"content": "x"}), name).as_bytes()).is_err());
    }
}

#[test]
fn unexpected_types_are_tolerated_but_a_missing_message_is_an_error() {
    let odd = json!({"id": 7, "message": {"content": ["a", {"text": 5}, 7, null, {"type": "text"}], "tool_calls": "x", "citations": [1]}, "usage": {"tokens": 7}, "index": "x"});
    let reply = read_reply(odd.to_string().as_bytes()).unwrap();
    assert_eq!(
        (reply.message.text().as_ref(), reply.finish_reason),
        ("a57", FinishReason::Other)
    );
    for body in ["", "{}", "[]", "7", "null", "{\"message\":{", "<html>"] {
        let error = read_reply(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::MalformedReply, "{body}: {error}");
    }
    let mut reader = StreamReader::new();
    assert!(reader.event(br#"{"message":"invalid request"}"#).is_err());
}

#[tokio::test]
async fn a_truncated_or_failed_stream_is_an_error() {
    let half = event("content-delta", 0, json!({"content": {"text": "Hel"}}));
    assert_eq!(
        streamed(&[start(), half.clone()]).await.unwrap_err().kind(),
        ModelErrorKind::Truncated
    );
    let failed = json!({"type": "message-end", "delta": {"error": "canary", "finish_reason": "ERROR"}});
    let error = streamed(&[start(), half, failed]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.provider_message()),
        (ModelErrorKind::Overloaded, Some("canary"))
    );
    assert!(!format!("{error} {error:?}").contains("canary"));
}

#[tokio::test]
async fn errors_have_the_correct_kind() {
    for (status, message, kind) in [
        (400, "canary", ModelErrorKind::BadRequest),
        (
            400,
            "too many tokens: the prompt cannot exceed 4081",
            ModelErrorKind::ContextTooLong,
        ),
        (401, "invalid api token", ModelErrorKind::Authentication),
        (402, "canary", ModelErrorKind::QuotaExceeded),
        (404, "canary", ModelErrorKind::NotFound),
        (422, "canary", ModelErrorKind::BadRequest),
        (429, "canary", ModelErrorKind::RateLimited),
        (500, "canary", ModelErrorKind::Overloaded),
    ] {
        let server = Server::start([Answer::error(status, &json!({"message": message}).to_string())]).await;
        let error = model(&server).complete(hello()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)), "{message}");
        assert!(!format!("{error} {error:?}").contains(message));
    }
}

#[test]
fn text_split_at_any_character_is_assembled() {
    let text = "Äh, 🦀 \"well\"";
    let complete =
        read_reply(answer(&json!({"content": [{"type": "text", "text": text}]}), "COMPLETE").as_bytes())
            .unwrap();
    for (cut, _) in text.char_indices() {
        let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
        let chunk = |text: &str| event("content-delta", 0, json!({"content": {"text": text}}));
        for event in [start(), chunk(&text[..cut]), chunk(&text[cut..]), end("COMPLETE")] {
            let deltas = reader.event(event.to_string().as_bytes()).unwrap();
            deltas.iter().for_each(|delta| builder.push(delta));
        }
        reader.end().unwrap().iter().for_each(|delta| builder.push(delta));
        assert_eq!(builder.finish().unwrap(), complete, "{cut}");
    }
}

#[tokio::test]
async fn an_agent_calls_its_tools_with_and_without_streaming() {
    let function = |arguments: &str| json!({"name": "echo", "arguments": arguments});
    let call = json!({"tool_plan": "Both.", "tool_calls": [{"id": "e1", "type": "function", "function": function("{\"text\":\"a\"}")}]});
    let done = json!({"content": [{"type": "text", "text": "a"}]});
    let mut histories = Vec::new();
    for streams in [false, true] {
        let answers = if streams {
            let call = [
                start(),
                event("tool-plan-delta", 0, json!({"tool_plan": "Both."})),
                event(
                    "tool-call-start",
                    0,
                    json!({"tool_calls": {"id": "e1", "function": function("")}}),
                ),
                event(
                    "tool-call-delta",
                    0,
                    json!({"tool_calls": {"function": {"arguments": "{\"text\":\"a\"}"}}}),
                ),
                end("TOOL_CALL"),
            ];
            let text = [
                start(),
                event("content-delta", 0, json!({"content": {"text": "a"}})),
                end("COMPLETE"),
            ];
            [&call[..], &text[..]].map(|events| {
                let texts: Vec<String> = events.iter().map(Value::to_string).collect();
                Answer::raw_events(texts.iter().map(String::as_str)).byte_by_byte()
            })
        } else {
            [
                Answer::json(answer(&call, "TOOL_CALL")),
                Answer::json(answer(&done, "COMPLETE")),
            ]
        };
        let server = Server::start(answers).await;
        let (assistant, counter) = agno_tests::assistant();
        let agent = assistant.with(model(&server));
        let answer = if streams {
            agent.stream("Say a.").answer().await.unwrap()
        } else {
            agent.run("Say a.").await.unwrap()
        };
        assert_eq!((answer.text().as_ref(), counter.get()), ("a", 1));
        let second = server.requests()[1].json();
        assert_eq!(second["messages"][2]["tool_plan"], "Both.");
        assert_eq!(
            second["messages"][3],
            json!({"role": "tool", "tool_call_id": "e1", "content": "a"})
        );
        histories.push(answer.messages().to_vec());
    }
    assert_eq!(histories[0], histories[1]);
}
