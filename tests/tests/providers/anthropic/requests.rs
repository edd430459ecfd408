//! Requests: exact JSON, headers and URLs.

use agno::Message;
use agno::message::{Content, Media};
use agno::model::{
    Declarations, Model, ModelErrorKind, OutputSchema, OutputStrategy, PromptCache, Request, Settings,
    ToolChoice, ToolDeclaration, Tools,
};
use agno::provider::Anthropic;
use agno::schema::AnyDialect;
use serde_json::{Value, json};

use super::{HELLO, model};
use agno_tests::hello;
use agno_tests::server::{Answer, Server};

struct Weather;

impl Declarations for Weather {
    fn len(&self) -> usize {
        1
    }

    fn for_each(&self, _dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        visit(ToolDeclaration::new(
            "weather",
            "Weather.",
            r#"{"name":"weather","description":"Weather.","input_schema":{"type":"object"}}"#,
        ));
    }
}

const OUTPUT: OutputSchema<'static> = OutputSchema::new(
    "trip",
    r#"{"name":"trip","schema":{"type":"object","properties":{"days":{"type":"integer","minimum":1}},"required":["days"],"additionalProperties":false}}"#,
    None,
);

/// Returns the body that the API receives for a request to a model.
async fn body_for(name: &str, request: Request<'_>) -> Value {
    let server = Server::start([Answer::json(HELLO)]).await;
    model(&server, name).complete(request).await.unwrap();
    server.requests()[0].json()
}

async fn body_of(request: Request<'_>) -> Value {
    body_for("claude-sonnet-4-5", request).await
}

fn message(value: Value) -> Message {
    serde_json::from_value(value).unwrap()
}

fn text_parts(text: &str) -> Value {
    json!([{"type": "text", "text": text}])
}

#[tokio::test]
async fn a_plain_request_has_the_expected_body_and_headers() {
    let server = Server::start([Answer::json(HELLO)]).await;
    let builder = Anthropic::builder("claude-sonnet-4-5")
        .api_key("secret")
        .base_url(&server.url);
    let model = builder.beta("a-1").beta("b-2").build().unwrap();
    let reply = model
        .complete(hello().with_instructions("Be kind."))
        .await
        .unwrap();
    let received = &server.requests()[0];
    assert_eq!(received.line, "POST /v1/messages HTTP/1.1");
    assert_eq!(received.header("x-api-key"), Some("secret"));
    assert_eq!(received.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(received.header("anthropic-beta"), Some("a-1,b-2"));
    assert_eq!(
        received.body,
        r#"{"model":"claude-sonnet-4-5","system":"Be kind.","messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}],"max_tokens":32000}"#
    );
    assert_eq!((reply.message.text().as_ref(), reply.usage.input), ("Hello", 3));
    assert!(reply.message.is_of("anthropic"));
}

#[tokio::test]
async fn a_base_url_works_with_and_without_the_version() {
    for path in ["", "/", "/v1", "/v1/", "/proxy", "/proxy/v1", "/v1/messages"] {
        let server = Server::start([Answer::json(HELLO)]).await;
        let builder = Anthropic::builder("m").api_key("k");
        let model = builder.base_url(format!("{}{path}", server.url)).build().unwrap();
        model.complete(hello()).await.unwrap();
        let expected = if path.contains("proxy") {
            "/proxy/v1/messages"
        } else {
            "/v1/messages"
        };
        assert_eq!(
            server.requests()[0].line,
            format!("POST {expected} HTTP/1.1"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn settings_map_to_api_fields() {
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_k(3)
        .with_max_tokens(10)
        .with_stop("END")
        .with_service_tier("standard_only")
        .with_seed(7)
        .with_frequency_penalty(1.0)
        .with_parallel_tool_calls(false)
        .with_provider_tool(json!({"type": "web_search_20250305", "name": "web_search"}))
        .with_extra("metadata", json!({"user_id": "u"}));
    let request = hello().with_tools(Tools::new(&Weather)).with_settings(&settings);
    let mut body = body_of(request.with_tool_choice(ToolChoice::Required)).await;
    body["messages"].take();
    assert_eq!(
        body,
        json!({"model": "claude-sonnet-4-5", "messages": null, "temperature": 0.5, "top_k": 3, "max_tokens": 10,
            "stop_sequences": ["END"], "service_tier": "standard_only", "metadata": {"user_id": "u"},
            "tools": [{"type": "web_search_20250305", "name": "web_search"},
                {"name": "weather", "description": "Weather.", "input_schema": {"type": "object"}}],
            "tool_choice": {"type": "any", "disable_parallel_tool_use": true}})
    );
    let plain = hello().with_tools(Tools::new(&Weather));
    for (choice, expected) in [
        (ToolChoice::Auto, Value::Null),
        (ToolChoice::None, json!({"type": "none"})),
        (
            ToolChoice::Tool("weather"),
            json!({"type": "tool", "name": "weather"}),
        ),
    ] {
        assert_eq!(
            body_of(plain.with_tool_choice(choice)).await["tool_choice"],
            expected
        );
    }
    let automatic = body_for("claude-opus-5-5", plain.with_tool_choice(ToolChoice::Required)).await;
    assert_eq!(automatic["tool_choice"], json!({"type": "auto"}));
}

#[tokio::test]
async fn thinking_is_requested_and_must_leave_tokens_for_the_answer() {
    let budget = Settings::new().with_reasoning_tokens(2000).with_temperature(0.2);
    let body = body_of(hello().with_settings(&budget)).await;
    assert_eq!(
        body["thinking"],
        json!({"type": "enabled", "budget_tokens": 2000})
    );
    assert_eq!(
        (&body["temperature"], &body["max_tokens"]),
        (&Value::Null, &json!(32_000))
    );

    let effort = Settings::new().with_reasoning_effort("high");
    let body = body_for("claude-opus-4-6", hello().with_settings(&effort)).await;
    assert_eq!(body["thinking"], json!({"type": "adaptive"}));
    assert_eq!(body["output_config"], json!({"effort": "high"}));

    let server = Server::start([]).await;
    let tight = budget.with_max_tokens(2000);
    let error = model(&server, "claude-sonnet-4-5")
        .complete(hello().with_settings(&tight))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Configuration);
    assert!(error.to_string().contains("raise `max_tokens`"), "{error}");
}

#[tokio::test]
async fn native_output_is_used_if_the_model_supports_it() {
    let request = hello().with_tools(Tools::new(&Weather)).with_output(Some(OUTPUT));
    let body = body_of(request).await;
    assert_eq!(
        body["output_config"],
        json!({"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"days": {"type": "integer",
            "description": "minimum: 1"}}, "required": ["days"], "additionalProperties": false}}})
    );
    assert_eq!(body["tools"].as_array().unwrap().len(), 1);
    // Older models do not support native output, and no model can enforce a schema that allows additional
    // properties.
    let open = OutputSchema::new("map", r#"{"name":"map","schema":{"type":"object"}}"#, None);
    for (name, output) in [("claude-3-5-haiku-latest", OUTPUT), ("claude-sonnet-4-5", open)] {
        let body = body_for(name, hello().with_output(Some(output))).await;
        assert_eq!(body["output_config"], Value::Null);
        assert_eq!(body["tools"][0]["name"], "final_answer");
        assert_eq!(
            body["tool_choice"],
            json!({"type": "tool", "name": "final_answer"})
        );
    }
    let native = Settings::new().with_output_strategy(OutputStrategy::Native);
    let body = body_for("other", request.with_settings(&native)).await;
    assert_eq!(body["output_config"]["format"]["type"], "json_schema");
}

#[tokio::test]
async fn cacheable_parts_are_marked() {
    let hour = Settings::new().with_prompt_cache(PromptCache::Hour);
    let request = hello()
        .with_tools(Tools::new(&Weather))
        .with_instructions("Be kind.");
    let body = body_of(request.with_settings(&hour)).await;
    let mark = json!({"type": "ephemeral", "ttl": "1h"});
    assert_eq!(body["tools"][0]["cache_control"], mark);
    assert_eq!(
        body["system"],
        json!([{"type": "text", "text": "Be kind.", "cache_control": mark}])
    );
    assert_eq!(body["messages"][0]["content"][0]["cache_control"], mark);
    let short = Settings::new().with_prompt_cache(PromptCache::Short);
    let body = body_of(hello().with_settings(&short)).await;
    assert_eq!(
        body["messages"][0]["content"][0]["cache_control"],
        json!({"type": "ephemeral"})
    );
}

#[tokio::test]
async fn media_are_sent_as_bytes_urls_and_ids() {
    let messages = [
        Message::user([
            Content::image(Media::url("https://a.example/c.png", "image/png")),
            Content::image(Media::bytes([0x89, b'P', b'N', b'G'], "")),
            Content::image(Media::id("file_1", "image/png")),
            Content::document(Media::bytes("%PDF", "application/pdf").with_name("a.pdf")),
            Content::document(Media::bytes("a,b", "text/csv")),
            Content::document(Media::url("https://a.example/b.pdf", "")),
            Content::text("  "),
        ]),
        message(
            json!({"role": "assistant", "parts": [{"type": "call", "id": "c|1", "name": "shoot it", "arguments": "",
            "result": {"content": [{"type": "text", "text": "here"}, {"type": "image", "source": {"base64": "AA=="},
            "media_type": "image/jpeg"}], "is_error": true}}]}),
        ),
    ];
    let body = body_of(Request::new(&messages)).await;
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [
            {"type": "image", "source": {"type": "url", "url": "https://a.example/c.png"}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}},
            {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
            {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERg=="}, "title": "a.pdf"},
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a,b"}},
            {"type": "document", "source": {"type": "url", "url": "https://a.example/b.pdf"}}]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "c_1", "name": "shoot_it", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c_1", "content": [
            {"type": "text", "text": "here"},
            {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "AA=="}}], "is_error": true}]}])
    );
    let server = Server::start([]).await;
    let audio = [Message::user([Content::audio(Media::bytes("x", "audio/wav"))])];
    let error = model(&server, "m")
        .complete(Request::new(&audio))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Unsupported);
}

#[tokio::test]
async fn reply_parts_are_sent_back_unchanged_only_to_their_provider() {
    let parts = json!([
        {"type": "reasoning", "text": "hm", "signature": "sig"},
        {"type": "reasoning", "text": "", "signature": "held", "redacted": true},
        {"type": "reasoning", "text": "unsigned"},
        {"type": "provider", "kind": "server_tool_use", "json": "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}"},
        {"type": "text", "text": "Rain", "citations": [{"json": "{\"type\":\"char_location\"}"}]},
        {"type": "call", "id": "c", "name": "f", "arguments": "{\"a\":1}", "signature": "{\"type\":\"code_execution_20250825\",\"tool_id\":\"s\"}"},
        {"type": "provider", "kind": "container", "json": "{\"id\":\"box\",\"expires_at\":\"9000-01-01T00:00:00Z\"}"},
    ]);
    let reply = |provider| message(json!({"role": "assistant", "parts": parts, "provider": provider}));
    let own = [
        Message::user("Hi"),
        Message::user("you"),
        reply("anthropic"),
        Message::user("Go on"),
    ];
    let body = body_of(Request::new(&own)).await;
    assert_eq!(body["container"], "box");
    let result = json!({"type": "tool_result", "tool_use_id": "c", "content": "this call was not executed", "is_error": true});
    assert_eq!(
        body["messages"],
        json!([
            {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "text", "text": "you"}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "sig"},
                {"type": "redacted_thinking", "data": "held"},
                {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
                {"type": "text", "text": "Rain", "citations": [{"type": "char_location"}]},
                {"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1},
                    "caller": {"type": "code_execution_20250825", "tool_id": "s"}}]},
            {"role": "user", "content": [result, {"type": "text", "text": "Go on"}]},
        ])
    );
    let other = [
        Message::user("Hi"),
        reply("openai"),
        message(json!({"role": "assistant", "parts": []})),
    ];
    let body = body_of(Request::new(&other)).await;
    assert_eq!(body["container"], Value::Null);
    assert_eq!(
        body["messages"][1]["content"],
        json!([{"type": "text", "text": "Rain"}, {"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}])
    );
    assert_eq!(body["messages"].as_array().unwrap().len(), 3);
    // An assistant message at the end of a request must not end with whitespace.
    let open = [Message::user("Hi"), Message::assistant("It is ")];
    assert_eq!(
        body_of(Request::new(&open)).await["messages"][1]["content"],
        text_parts("It is")
    );
}
