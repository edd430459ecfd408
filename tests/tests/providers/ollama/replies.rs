//! Complete and streamed replies, and errors.

use agno::model::{FinishReason, Model};
use agno::provider::ollama::read_reply;
use agno::{Declared, ModelErrorKind};
use serde_json::{Value, json};

use super::{answer, lines, model};
use agno_tests::server::{Answer, Server};
use agno_tests::{hello, with_fixed_ids};

fn line(message: Value) -> Value {
    json!({"model": "test-model", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false})
}

#[tokio::test]
async fn reasoning_text_and_calls_are_the_same_with_and_without_streaming() {
    let calls = json!([
        {"function": {"index": 0, "name": "weather", "arguments": {"city": "Zürich", "days": 3}}},
        {"id": "o1", "function": {"index": 1, "name": "now", "arguments": null}},
        {"function": {"name": "note", "arguments": "{\"a\":1}"}},
    ]);
    let complete = json!({"role": "assistant", "thinking": "Hm, well.", "content": "Let's see 🦀.", "tool_calls": calls});
    let chunks = [
        line(json!({"thinking": "Hm, "})),
        line(json!({"content": "", "thinking": "well."})),
        line(json!({"content": "Let's "})),
        line(json!({"content": "see 🦀."})),
        line(json!({"content": "", "tool_calls": [calls[0]]})),
        line(json!({"content": "", "tool_calls": [calls[1], calls[2]]})),
        json!({"model": "test-model", "message": {"content": ""}, "done": true, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 2}),
    ];
    let server = Server::start([Answer::json(answer(&complete)), lines(&chunks).byte_by_byte()]).await;
    let model = model(&server);
    let complete = model.complete(hello()).await.unwrap();
    assert_eq!(agno_tests::streamed(&model, hello()).await.unwrap(), complete);
    assert_eq!(complete.finish_reason, FinishReason::ToolCalls);
    assert_eq!((complete.usage.input, complete.usage.output), (3, 2));
    assert_eq!(complete.model.as_deref(), Some("test-model"));
    assert_eq!(
        serde_json::to_value(&complete.message).unwrap(),
        json!({"provider": "ollama", "parts": [
            {"type": "reasoning", "text": "Hm, well."},
            {"type": "text", "text": "Let's see 🦀."},
            {"type": "call", "id": "", "name": "weather", "arguments": r#"{"city":"Zürich","days":3}"#},
            {"type": "call", "id": "o1", "name": "now", "arguments": "{}"},
            {"type": "call", "id": "", "name": "note", "arguments": "{\"a\":1}"},
        ]})
    );
}

#[test]
fn finish_reasons_and_logprobs_are_read() {
    for (name, reason) in [
        (json!("stop"), FinishReason::Stop),
        (json!(null), FinishReason::Stop),
        (json!("length"), FinishReason::Length),
        (json!("load"), FinishReason::Other),
    ] {
        let body = json!({"message": {"content": "x"}, "done": true, "done_reason": name, "logprobs": [
            {"token": "x", "logprob": -0.5, "top_logprobs": [{"token": "y", "logprob": -1}]},
        ]});
        let reply = read_reply(body.to_string().as_bytes()).unwrap();
        assert_eq!(reply.finish_reason, reason, "{name}");
        let logprobs = &reply.details.unwrap().logprobs;
        assert_eq!((logprobs[0].logprob, logprobs[0].top[0].1), (-0.5, -1.0));
    }
}

#[test]
fn unexpected_fields_are_tolerated_but_a_missing_message_is_an_error() {
    let odd = json!({"model": 7, "message": {"content": 5, "thinking": [], "images": ["YWJj"]}, "prompt_eval_count": "?", "logprobs": 7, "done": 1, "new": {}});
    let reply = read_reply(odd.to_string().as_bytes()).unwrap();
    assert_eq!(
        (reply.message.text().as_ref(), reply.message.parts.len()),
        ("5", 2)
    );
    let in_lines = format!(
        "{}\n{}\n",
        json!({"message": {"content": "a"}}),
        answer(&json!({"content": "b"}))
    );
    assert_eq!(read_reply(in_lines.as_bytes()).unwrap().message.text(), "ab");
    for body in ["", "{}", "[]", "7", "null", "{\"message\":", "<html>"] {
        let error = read_reply(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::MalformedReply, "{body}: {error}");
    }
}

#[tokio::test]
async fn a_truncated_or_failed_stream_is_an_error() {
    let half = line(json!({"content": "Hel"}));
    for (last, kind) in [
        (line(json!({"content": "lo"})), ModelErrorKind::Truncated),
        (
            json!({"error": "the model runner has stopped"}),
            ModelErrorKind::Overloaded,
        ),
        (
            json!({"error": "the input length exceeds the context length"}),
            ModelErrorKind::ContextTooLong,
        ),
    ] {
        let server = Server::start([lines(&[half.clone(), last])]).await;
        let error = agno_tests::streamed(&model(&server), hello()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test]
async fn errors_have_the_correct_kind() {
    for (status, message, kind) in [
        (404, "model 'x' not found", ModelErrorKind::NotFound),
        (400, "canary does not support tools", ModelErrorKind::BadRequest),
        (401, "unauthorized", ModelErrorKind::Authentication),
        (
            500,
            "llama runner process has terminated",
            ModelErrorKind::Overloaded,
        ),
        (503, "server busy", ModelErrorKind::Overloaded),
    ] {
        let server = Server::start([Answer::error(status, &json!({"error": message}).to_string())]).await;
        let error = model(&server).complete(hello()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)), "{message}");
        assert_eq!(error.provider_message(), Some(message));
        assert!(!format!("{error} {error:?}").contains(message));
    }
}

#[tokio::test]
async fn an_agent_calls_its_tools_with_and_without_streaming() {
    let call = json!({"content": "", "tool_calls": [
        {"function": {"name": "echo", "arguments": {"text": "a"}}},
        {"function": {"name": "echo", "arguments": {"text": "b"}}},
    ]});
    let done = json!({"content": "a and b"});
    let mut histories = Vec::new();
    for streams in [false, true] {
        let answers = [&call, &done].map(|message| {
            let body = answer(message);
            if streams {
                Answer::new(200, "application/x-ndjson", body).byte_by_byte()
            } else {
                Answer::json(body)
            }
        });
        let server = Server::start(answers).await;
        let (assistant, counter) = agno_tests::assistant();
        let agent = assistant.with(model(&server));
        let answer = if streams {
            agent.stream("Say a and b.").answer().await.unwrap()
        } else {
            agent.run("Say a and b.").await.unwrap()
        };
        assert_eq!((answer.text().as_ref(), counter.get()), ("a and b", 2));
        let second = server.requests()[1].json();
        assert_eq!(second["messages"][3]["tool_name"], "echo");
        assert_eq!(second["messages"][4]["content"], "b");
        histories.push(answer.messages().to_vec());
    }
    assert_eq!(with_fixed_ids(&histories[0]), with_fixed_ids(&histories[1]));
}
