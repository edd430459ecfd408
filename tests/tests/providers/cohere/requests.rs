//! What is asked: the exact JSON, headers and addresses of requests.

use agno::message::{Content, Media};
use agno::model::{Declarations, OutputSchema, Request, Settings, ToolChoice, ToolDeclaration, Tools};
use agno::schema::AnyDialect;
use agno::{Message, Model, ModelErrorKind, ToolResult};
use serde_json::{Value, json};

use super::{answer, asked, model};
use agno_tests::hello;
use agno_tests::server::{Answer, Server};

struct Two;

impl Declarations for Two {
    fn len(&self) -> usize {
        2
    }

    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        assert_eq!(dialect, AnyDialect::JsonSchema);
        for name in ["weather", "time"] {
            visit(ToolDeclaration::new(
                name,
                "",
                &format!(r#"{{"name":"{name}","parameters":{{"type":"object"}}}}"#),
            ));
        }
    }
}

fn declared(name: &str) -> Value {
    json!({"type": "function", "function": {"name": name, "parameters": {"type": "object"}}})
}

const OUTPUT: OutputSchema<'static> =
    OutputSchema::new("trip", r#"{"name":"trip","schema":{"type":"object"}}"#, None);

fn said(parts: Value, provider: &str) -> Message {
    serde_json::from_value(json!({"role": "assistant", "provider": provider, "parts": parts})).unwrap()
}

#[tokio::test]
async fn a_conversation_is_written_as_cohere_has_it() {
    let mut answer = said(
        json!([
            {"type": "reasoning", "text": "I will ask.", "id": "tool_plan"},
            {"type": "call", "id": "w1", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"},
            {"type": "call", "id": "t1", "name": "time", "arguments": "null"},
        ]),
        "cohere",
    );
    if let Message::Assistant(message) = &mut answer {
        let mut drawn = ToolResult::from_text("cold");
        drawn
            .content
            .push(Content::image(Media::url("https://a.example/cat.png", "")));
        message.calls_mut().next().unwrap().result = Some(drawn);
    }
    let messages = [
        Message::user([
            Content::text("Look:"),
            Content::image(Media::bytes(b"abc", "image/png")),
        ]),
        answer,
        said(
            json!([{"type": "reasoning", "text": "hm"}, {"type": "text", "text": "Cold."}]),
            "cohere",
        ),
        said(
            json!([{"type": "reasoning", "text": "theirs"}, {"type": "text", "text": "Yes."}]),
            "anthropic",
        ),
        said(json!([{"type": "reasoning", "text": "theirs"}]), "anthropic"),
        Message::user("And now? 🦀"),
    ];
    let request = Request::new(&messages)
        .with_instructions("Be \"brief\".")
        .with_tools(Tools::new(&Two));
    let call = |id: &str, name: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}});
    let picture = |url: &str| json!({"type": "image_url", "image_url": {"url": url}});
    assert_eq!(
        asked(request).await.unwrap(),
        json!({
            "model": "test-model",
            "messages": [
                {"role": "system", "content": "Be \"brief\"."},
                {"role": "user", "content": [{"type": "text", "text": "Look:"}, picture("data:image/png;base64,YWJj")]},
                {"role": "assistant", "tool_plan": "I will ask.", "tool_calls": [
                    call("w1", "weather", "{\"city\":\"Oslo\"}"), call("t1", "time", "{}"),
                ]},
                {"role": "tool", "tool_call_id": "w1", "content": "cold"},
                {"role": "tool", "tool_call_id": "t1", "content": "this call was not made"},
                {"role": "user", "content": [{"type": "text", "text": "The result of `weather`:"}, picture("https://a.example/cat.png")]},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Cold."}]},
                {"role": "assistant", "content": "Yes."},
                {"role": "user", "content": "And now? 🦀"},
            ],
            "tools": [declared("weather"), declared("time")],
        })
    );
}

#[tokio::test]
async fn every_setting_stands_where_cohere_reads_it() {
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_p(1.0)
        .with_top_k(7)
        .with_frequency_penalty(2.0)
        .with_presence_penalty(-1.0)
        .with_max_tokens(99)
        .with_seed(5)
        .with_stop("END")
        .with_reasoning_tokens(500)
        .with_logprobs(2)
        .with_extra("safety_mode", "STRICT");
    assert_eq!(
        asked(hello().with_settings(&settings)).await.unwrap(),
        json!({
            "model": "test-model", "messages": [{"role": "user", "content": "Hello"}],
            "temperature": 0.5, "p": 0.99, "k": 7, "frequency_penalty": 1.0, "presence_penalty": 0.0,
            "max_tokens": 99, "seed": 5, "stop_sequences": ["END"], "logprobs": true,
            "thinking": {"type": "enabled", "token_budget": 500}, "safety_mode": "STRICT",
        })
    );
}

#[tokio::test]
async fn thinking_is_on_or_off() {
    let thinking =
        async |settings: Settings| asked(hello().with_settings(&settings)).await.unwrap()["thinking"].clone();
    assert_eq!(thinking(Settings::new()).await, Value::Null);
    assert_eq!(
        thinking(Settings::new().with_reasoning_tokens(0)).await,
        json!({"type": "disabled"})
    );
    assert_eq!(
        thinking(Settings::new().with_reasoning_effort("none")).await,
        json!({"type": "disabled"})
    );
    assert_eq!(
        thinking(Settings::new().with_reasoning_effort("high")).await,
        json!({"type": "enabled"})
    );
}

#[tokio::test]
async fn a_tool_is_called_for_by_being_the_only_one() {
    let choose = async |choice: ToolChoice<'static>| {
        let body = asked(hello().with_tools(Tools::new(&Two)).with_tool_choice(choice))
            .await
            .unwrap();
        (
            body["tools"].as_array().unwrap().len(),
            body["tool_choice"].clone(),
        )
    };
    assert_eq!(choose(ToolChoice::Auto).await, (2, Value::Null));
    assert_eq!(choose(ToolChoice::Required).await, (2, json!("REQUIRED")));
    assert_eq!(choose(ToolChoice::None).await, (2, json!("NONE")));
    assert_eq!(choose(ToolChoice::Tool("time")).await, (1, json!("REQUIRED")));
}

#[tokio::test]
async fn a_shape_is_a_format_and_beside_tools_a_tool() {
    let request = hello().with_output(Some(OUTPUT));
    assert_eq!(
        asked(request).await.unwrap()["response_format"],
        json!({"type": "json_object", "json_schema": {"type": "object"}})
    );
    let body = asked(request.with_tools(Tools::new(&Two))).await.unwrap();
    assert_eq!(
        (&body["response_format"], &body["tool_choice"]),
        (&Value::Null, &json!("REQUIRED"))
    );
    assert_eq!(body["tools"][2]["function"]["name"], "final_answer");
}

#[tokio::test]
async fn what_cohere_cannot_see_is_refused() {
    for piece in [
        Content::image(Media::id("f1", "")),
        Content::audio(Media::bytes(b"abc", "audio/wav")),
        Content::video(Media::bytes(b"abc", "video/mp4")),
        Content::document(Media::bytes(b"abc", "application/pdf")),
    ] {
        let error = asked(Request::new(&[Message::user(piece)])).await.unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn the_key_is_a_bearer_and_is_shown_nowhere() {
    let hello_message = json!({"content": [{"type": "text", "text": "Hello"}]});
    let repeats = json!({"message": "test-key is not a key", "code": "test-key"}).to_string();
    let server = Server::start([
        Answer::json(answer(&hello_message, "COMPLETE")),
        Answer::refusal(401, &repeats),
    ])
    .await;
    let model = model(&server);
    model.complete(hello()).await.unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /v2/chat HTTP/1.1");
    assert_eq!(asked.header("authorization"), Some("Bearer test-key"));
    assert!(!format!("{model:?}").contains("test-key"));
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Authentication);
    assert!(!format!("{error} {error:?} {:?}", error.provider_message()).contains("test-key"));
}
