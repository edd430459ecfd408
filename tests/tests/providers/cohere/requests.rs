//! Requests: exact JSON, headers and URLs.

use agno::message::{Content, Media};
use agno::model::{Declarations, OutputSchema, Request, Settings, ToolChoice, ToolDeclaration, Tools};
use agno::schema::AnyDialect;
use agno::{Message, Model, ModelErrorKind, ToolResult};
use serde_json::{Value, json};

use super::{answer, body_of, model};
use agno_tests::hello;
use agno_tests::server::{Answer, Server};

struct WeatherAndTime;

impl Declarations for WeatherAndTime {
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

fn assistant_message(parts: Value, provider: &str) -> Message {
    serde_json::from_value(json!({"role": "assistant", "provider": provider, "parts": parts})).unwrap()
}

#[tokio::test]
async fn a_conversation_has_coheres_format() {
    let mut answer = assistant_message(
        json!([
            {"type": "reasoning", "text": "I will ask.", "id": "tool_plan"},
            {"type": "call", "id": "w1", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"},
            {"type": "call", "id": "t1", "name": "time", "arguments": "null"},
        ]),
        "cohere",
    );
    if let Message::Assistant(message) = &mut answer {
        let mut result = ToolResult::from_text("cold");
        result
            .content
            .push(Content::image(Media::url("https://a.example/cat.png", "")));
        message.calls_mut().next().unwrap().result = Some(result);
    }
    let messages = [
        Message::user([
            Content::text("Look:"),
            Content::image(Media::bytes(b"abc", "image/png")),
        ]),
        answer,
        assistant_message(
            json!([{"type": "reasoning", "text": "hm"}, {"type": "text", "text": "Cold."}]),
            "cohere",
        ),
        assistant_message(
            json!([{"type": "reasoning", "text": "theirs"}, {"type": "text", "text": "Yes."}]),
            "anthropic",
        ),
        assistant_message(json!([{"type": "reasoning", "text": "theirs"}]), "anthropic"),
        Message::user("And now? 🦀"),
    ];
    let request = Request::new(&messages)
        .with_instructions("Be \"brief\".")
        .with_tools(Tools::new(&WeatherAndTime));
    let call = |id: &str, name: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}});
    let image = |url: &str| json!({"type": "image_url", "image_url": {"url": url}});
    assert_eq!(
        body_of(request).await.unwrap(),
        json!({
            "model": "test-model",
            "messages": [
                {"role": "system", "content": "Be \"brief\"."},
                {"role": "user", "content": [{"type": "text", "text": "Look:"}, image("data:image/png;base64,YWJj")]},
                {"role": "assistant", "tool_plan": "I will ask.", "tool_calls": [
                    call("w1", "weather", "{\"city\":\"Oslo\"}"), call("t1", "time", "{}"),
                ]},
                {"role": "tool", "tool_call_id": "w1", "content": "cold"},
                {"role": "tool", "tool_call_id": "t1", "content": "this call was not executed"},
                {"role": "user", "content": [{"type": "text", "text": "The result of `weather`:"}, image("https://a.example/cat.png")]},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Cold."}]},
                {"role": "assistant", "content": "Yes."},
                {"role": "user", "content": "And now? 🦀"},
            ],
            "tools": [declared("weather"), declared("time")],
        })
    );
}

#[tokio::test]
async fn settings_map_to_api_fields() {
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
        body_of(hello().with_settings(&settings)).await.unwrap(),
        json!({
            "model": "test-model", "messages": [{"role": "user", "content": "Hello"}],
            "temperature": 0.5, "p": 0.99, "k": 7, "frequency_penalty": 1.0, "presence_penalty": 0.0,
            "max_tokens": 99, "seed": 5, "stop_sequences": ["END"], "logprobs": true,
            "thinking": {"type": "enabled", "token_budget": 500}, "safety_mode": "STRICT",
        })
    );
}

#[tokio::test]
async fn thinking_is_enabled_or_disabled() {
    let thinking = async |settings: Settings| {
        body_of(hello().with_settings(&settings)).await.unwrap()["thinking"].clone()
    };
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
async fn a_chosen_tool_is_sent_as_the_only_tool() {
    let choose = async |choice: ToolChoice<'static>| {
        let body = body_of(
            hello()
                .with_tools(Tools::new(&WeatherAndTime))
                .with_tool_choice(choice),
        )
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
async fn an_output_schema_is_a_response_format_or_with_other_tools_a_tool() {
    let request = hello().with_output(Some(OUTPUT));
    assert_eq!(
        body_of(request).await.unwrap()["response_format"],
        json!({"type": "json_object", "json_schema": {"type": "object"}})
    );
    let body = body_of(request.with_tools(Tools::new(&WeatherAndTime)))
        .await
        .unwrap();
    assert_eq!(
        (&body["response_format"], &body["tool_choice"]),
        (&Value::Null, &json!("REQUIRED"))
    );
    assert_eq!(body["tools"][2]["function"]["name"], "final_answer");
}

#[tokio::test]
async fn unsupported_media_are_an_error() {
    for content in [
        Content::image(Media::id("f1", "")),
        Content::audio(Media::bytes(b"abc", "audio/wav")),
        Content::video(Media::bytes(b"abc", "video/mp4")),
        Content::document(Media::bytes(b"abc", "application/pdf")),
    ] {
        let error = body_of(Request::new(&[Message::user(content)]))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn the_key_is_a_bearer_token_and_is_never_printed() {
    let hello_message = json!({"content": [{"type": "text", "text": "Hello"}]});
    let echo = json!({"message": "test-key is not a key", "code": "test-key"}).to_string();
    let server = Server::start([
        Answer::json(answer(&hello_message, "COMPLETE")),
        Answer::error(401, &echo),
    ])
    .await;
    let model = model(&server);
    model.complete(hello()).await.unwrap();
    let received = &server.requests()[0];
    assert_eq!(received.line, "POST /v2/chat HTTP/1.1");
    assert_eq!(received.header("authorization"), Some("Bearer test-key"));
    assert!(!format!("{model:?}").contains("test-key"));
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Authentication);
    assert!(!format!("{error} {error:?} {:?}", error.provider_message()).contains("test-key"));
}
