//! Requests: exact JSON, headers and URLs.

use agno::message::{Content, Media};
use agno::model::{Declarations, OutputSchema, Request, Settings, ToolChoice, ToolDeclaration, Tools};
use agno::provider::Ollama;
use agno::schema::AnyDialect;
use agno::{Message, Model, ModelErrorKind, ToolResult};
use serde_json::{Value, json};

use super::{answer, body_of, lines, model};
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

#[tokio::test]
async fn a_conversation_has_ollamas_format() {
    let mut answer: Message =
        serde_json::from_value(json!({"role": "assistant", "provider": "ollama", "parts": [
            {"type": "reasoning", "text": "hm"},
            {"type": "text", "text": "Let me see."},
            {"type": "call", "id": "call_0_0", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"},
            {"type": "call", "id": "call_0_1", "name": "time", "arguments": "nonsense"},
        ]}))
        .unwrap();
    if let Message::Assistant(message) = &mut answer {
        let mut result = ToolResult::from_text("cold");
        result
            .content
            .push(Content::image(Media::bytes(b"abc", "image/png")));
        message.calls_mut().next().unwrap().result = Some(result);
    }
    let empty: Message = serde_json::from_value(json!({"role": "assistant", "parts": []})).unwrap();
    let messages = [
        Message::user([
            Content::text("Look "),
            Content::image(Media::bytes(b"abc", "image/png")),
            Content::text("here."),
            Content::image(Media::url("data:image/gif;base64,R0lG", "")),
        ]),
        answer,
        empty,
        Message::user("And now? 🦀"),
    ];
    let request = Request::new(&messages)
        .with_instructions("Be \"brief\".")
        .with_tools(Tools::new(&WeatherAndTime));
    let call = |id: &str, name: &str, arguments: Value| json!({"id": id, "function": {"name": name, "arguments": arguments}});
    assert_eq!(
        body_of(request).await.unwrap(),
        json!({
            "model": "test-model",
            "messages": [
                {"role": "system", "content": "Be \"brief\"."},
                {"role": "user", "content": "Look here.", "images": ["YWJj", "R0lG"]},
                {"role": "assistant", "content": "Let me see.", "thinking": "hm", "tool_calls": [
                    call("call_0_0", "weather", json!({"city": "Oslo"})),
                    call("call_0_1", "time", json!({})),
                ]},
                {"role": "tool", "content": "cold", "tool_name": "weather", "tool_call_id": "call_0_0"},
                {"role": "tool", "content": "this call was not executed", "tool_name": "time", "tool_call_id": "call_0_1"},
                {"role": "user", "content": "The result of `weather`:", "images": ["YWJj"]},
                {"role": "user", "content": "And now? 🦀"},
            ],
            "tools": [declared("weather"), declared("time")],
            "stream": false,
        })
    );
}

#[tokio::test]
async fn settings_are_sent_as_options_and_merged_with_extra_options() {
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_p(0.25)
        .with_top_k(7)
        .with_frequency_penalty(1.0)
        .with_presence_penalty(-1.0)
        .with_max_tokens(99)
        .with_seed(5)
        .with_stop("END")
        .with_reasoning_effort("high")
        .with_logprobs(2)
        .with_service_tier("flex")
        .with_extra("options", json!({"num_ctx": 16384, "seed": 6}))
        .with_extra("keep_alive", "10m");
    assert_eq!(
        body_of(hello().with_settings(&settings)).await.unwrap(),
        json!({
            "model": "test-model",
            "messages": [{"role": "user", "content": "Hello"}],
            "stream": false,
            "think": "high",
            "options": {
                "temperature": 0.5, "top_p": 0.25, "top_k": 7, "frequency_penalty": 1.0, "presence_penalty": -1.0,
                "num_predict": 99, "stop": ["END"], "num_ctx": 16384, "seed": 6,
            },
            "logprobs": true, "top_logprobs": 2, "keep_alive": "10m",
        })
    );
}

#[tokio::test]
async fn thinking_is_enabled_disabled_or_a_level() {
    let think =
        async |settings: Settings| body_of(hello().with_settings(&settings)).await.unwrap()["think"].clone();
    assert_eq!(think(Settings::new()).await, Value::Null);
    assert_eq!(
        think(Settings::new().with_reasoning_effort("none")).await,
        json!(false)
    );
    assert_eq!(
        think(Settings::new().with_reasoning_effort("minimal")).await,
        json!("low")
    );
    assert_eq!(
        think(Settings::new().with_reasoning_tokens(0)).await,
        json!(false)
    );
    assert_eq!(
        think(Settings::new().with_reasoning_tokens(100)).await,
        json!(true)
    );
    assert_eq!(
        think(
            Settings::new()
                .with_extra("think", "max")
                .with_reasoning_tokens(0)
        )
        .await,
        json!("max")
    );
}

#[tokio::test]
async fn tools_excluded_by_the_tool_choice_are_not_declared() {
    let tools = async |choice: ToolChoice<'static>| {
        let request = hello()
            .with_tools(Tools::new(&WeatherAndTime))
            .with_tool_choice(choice);
        body_of(request).await.unwrap()["tools"].clone()
    };
    assert_eq!(
        tools(ToolChoice::Required).await,
        json!([declared("weather"), declared("time")])
    );
    assert_eq!(tools(ToolChoice::Tool("time")).await, json!([declared("time")]));
    assert_eq!(tools(ToolChoice::None).await, Value::Null);
}

#[tokio::test]
async fn an_output_schema_is_sent_as_a_format_or_alongside_tools_as_a_tool() {
    let request = hello().with_output(Some(OUTPUT));
    assert_eq!(
        body_of(request).await.unwrap()["format"],
        json!({"type": "object"})
    );
    let body = body_of(request.with_tools(Tools::new(&WeatherAndTime)))
        .await
        .unwrap();
    assert_eq!(body["format"], Value::Null);
    assert_eq!(body["tools"][2]["function"]["name"], "final_answer");
}

#[tokio::test]
async fn unsupported_media_are_an_error() {
    for (content, part) in [
        (
            Content::image(Media::url("https://a.example/cat.png", "")),
            "images by URL",
        ),
        (Content::image(Media::id("f1", "")), "images by id"),
        (Content::audio(Media::bytes(b"abc", "audio/wav")), "audio at all"),
        (Content::video(Media::bytes(b"abc", "video/mp4")), "video at all"),
        (
            Content::document(Media::bytes(b"abc", "application/pdf")),
            "documents at all",
        ),
    ] {
        let error = body_of(Request::new(&[Message::user(content)]))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::Unsupported);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn the_key_is_a_bearer_token_and_is_never_printed() {
    let body = answer(&json!({"content": "Hello"}));
    let done = json!({"message": {"content": "Hello"}, "done": true});
    let server = Server::start([Answer::json(&*body), Answer::json(&*body), lines(&[done])]).await;
    let with_key = Ollama::builder("m")
        .base_url(format!("{}/v1", server.url))
        .api_key("secret")
        .build()
        .unwrap();
    with_key.complete(hello()).await.unwrap();
    model(&server).complete(hello()).await.unwrap();
    agno_tests::streamed(&with_key, hello()).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].line, "POST /api/chat HTTP/1.1");
    assert_eq!(requests[0].header("authorization"), Some("Bearer secret"));
    assert_eq!(requests[2].header("accept"), Some("application/x-ndjson"));
    assert_eq!(requests[2].json()["stream"], true);
    assert!(!format!("{with_key:?}").contains("secret"));
}
