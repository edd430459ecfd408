//! Requests: exact JSON and headers.

use agno::message::{Content, Media};
use agno::model::{
    Declarations, Model, ModelErrorKind, OutputSchema, Request, Settings, ToolChoice, ToolDeclaration, Tools,
};
use agno::provider::OpenAiResponses;
use agno::schema::AnyDialect;
use agno::{Message, ToolResult};
use serde_json::{Value, json};

use super::{EMPTY, body_of, model};
use agno_tests::server::{Answer, Server};

pub(super) struct Weather(&'static str);

impl Declarations for Weather {
    fn len(&self) -> usize {
        1
    }

    fn for_each(&self, _dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        visit(ToolDeclaration::new("weather", "Weather.", self.0));
    }
}

pub(super) const WEATHER: Weather = Weather(
    r#"{"name":"weather","description":"\"strict\": it is not.","strict":true,"parameters":{"type":"object"}}"#,
);

pub(super) const OUTPUT: OutputSchema<'static> = OutputSchema::new(
    "trip",
    r#"{"name":"trip","strict":true,"schema":{"type":"object"}}"#,
    None,
);

/// Returns an assistant message from a provider, with these parts and call results.
pub(super) fn assistant_message(provider: Value, parts: Value, results: &[ToolResult]) -> Message {
    let message = json!({"role": "assistant", "parts": parts, "provider": provider});
    let mut message: Message = serde_json::from_value(message).unwrap();
    if let Message::Assistant(message) = &mut message {
        for (call, result) in message.calls_mut().zip(results) {
            call.result = Some(result.clone());
        }
    }
    message
}

pub(super) async fn input(messages: &[Message]) -> Value {
    body_of(Request::new(messages)).await["input"].take()
}

#[tokio::test]
async fn a_minimal_request_is_stateless_and_contains_only_the_required_fields() {
    assert_eq!(
        body_of(agno_tests::hello().with_tool_choice(ToolChoice::Required)).await,
        json!({"model": "gpt-5-mini", "input": [{"role": "user", "content": "Hello"}], "store": false,
            "include": ["reasoning.encrypted_content"]})
    );
}

#[tokio::test]
async fn tools_output_and_settings_map_to_api_fields() {
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_p(0.25)
        .with_max_tokens(500)
        .with_reasoning_effort("low")
        .with_logprobs(3)
        .with_service_tier("flex")
        .with_parallel_tool_calls(false)
        .with_provider_tool(json!({"type": "web_search"}))
        .with_top_k(5)
        .with_seed(1)
        .with_presence_penalty(0.5)
        .with_extra("text", json!({"verbosity": "low"}))
        .with_extra("reasoning", json!({"summary": "auto"}))
        .with_extra("include", json!(["code_interpreter_call.outputs"]))
        .with_extra("metadata", json!({"a": "b"}));
    let request = agno_tests::hello()
        .with_instructions("Be brief.")
        .with_tools(Tools::new(&WEATHER))
        .with_tool_choice(ToolChoice::Tool("weather"))
        .with_output(Some(OUTPUT))
        .with_settings(&settings);
    assert_eq!(
        body_of(request).await,
        json!({
            "model": "gpt-5-mini",
            "instructions": "Be brief.",
            "input": [{"role": "user", "content": "Hello"}],
            "tools": [
                {"type": "function", "name": "weather", "description": "\"strict\": it is not.", "strict": true, "parameters": {"type": "object"}},
                {"type": "web_search"},
            ],
            "tool_choice": {"type": "function", "name": "weather"},
            "parallel_tool_calls": false,
            "store": false,
            "include": ["code_interpreter_call.outputs", "reasoning.encrypted_content", "message.output_text.logprobs"],
            "text": {"verbosity": "low", "format": {"type": "json_schema", "name": "trip", "strict": true, "schema": {"type": "object"}}},
            "reasoning": {"summary": "auto", "effort": "low"},
            "temperature": 0.5, "top_p": 0.25, "max_output_tokens": 500, "top_logprobs": 3, "service_tier": "flex",
            "metadata": {"a": "b"},
        })
    );
}

#[tokio::test]
async fn a_declaration_without_strict_is_not_strict() {
    let tools_for = |declaration| async move {
        let tools = Weather(declaration);
        body_of(agno_tests::hello().with_tools(Tools::new(&tools))).await["tools"].take()
    };
    assert_eq!(
        tools_for(r#"{"name":"weather","parameters":{"properties":{"strict":{}}}}"#).await,
        json!([{"type": "function", "strict": false, "name": "weather", "parameters": {"properties": {"strict": {}}}}])
    );
    assert_eq!(
        tools_for(r#" {"parameters":{},"name":"weather","strict":true}"#).await,
        json!([{"type": "function", "strict": true, "name": "weather", "parameters": {}}])
    );
}

#[tokio::test]
async fn each_explicit_tool_choice_is_sent() {
    for (choice, expected) in [
        (ToolChoice::Auto, Value::Null),
        (ToolChoice::Required, json!("required")),
        (ToolChoice::None, json!("none")),
    ] {
        let request = agno_tests::hello().with_tools(Tools::new(&WEATHER));
        let mut body = body_of(request.with_tool_choice(choice)).await;
        assert_eq!(body["tool_choice"].take(), expected);
    }
}

#[tokio::test]
async fn an_extra_field_replaces_a_generated_one() {
    let settings = Settings::new()
        .with_reasoning_effort("low")
        .with_extra("store", true)
        .with_extra("previous_response_id", "resp_1")
        .with_extra("text", json!({"format": {"type": "json_object"}}))
        .with_extra("reasoning", json!({"effort": "high"}));
    let request = agno_tests::hello()
        .with_output(Some(OUTPUT))
        .with_settings(&settings);
    assert_eq!(
        body_of(request).await,
        json!({"model": "gpt-5-mini", "input": [{"role": "user", "content": "Hello"}], "store": true,
            "previous_response_id": "resp_1", "text": {"format": {"type": "json_object"}}, "reasoning": {"effort": "high"}})
    );
    let settings = Settings::new().with_extra("input", json!([]));
    let server = Server::start([]).await;
    let error = model(&server)
        .complete(agno_tests::hello().with_settings(&settings))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("`extra` cannot set `input`"),
        "{error}"
    );
}

#[tokio::test]
async fn stop_sequences_are_an_error_because_the_api_has_none() {
    let settings = Settings::new().with_stop("END");
    let server = Server::start([]).await;
    let error = model(&server)
        .complete(agno_tests::hello().with_settings(&settings))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Unsupported);
    assert!(error.to_string().contains("stop sequences"), "{error}");
}

#[tokio::test]
async fn encrypted_reasoning_is_requested_only_from_reasoning_models() {
    for (name, is_reasoning) in [
        ("gpt-5", true),
        ("o4-mini", true),
        ("openai/gpt-oss-120b", true),
        ("gpt-4.1", false),
        ("openai/gpt-4o", false),
        ("ft:gpt-4o-mini:acme", false),
        ("gpt-5-chat-latest", false),
    ] {
        let server = Server::start([Answer::json(EMPTY)]).await;
        let builder = OpenAiResponses::builder(name).api_key("k").base_url(&server.url);
        super::complete(&builder.build().unwrap()).await.unwrap();
        let include = &server.requests()[0].json()["include"];
        assert_eq!(
            *include == json!(["reasoning.encrypted_content"]),
            is_reasoning,
            "{name}"
        );
        for requested in [true, false] {
            let server = Server::start([Answer::json(EMPTY)]).await;
            let builder = OpenAiResponses::builder("my-deployment")
                .api_key("k")
                .base_url(&server.url);
            let model = builder.encrypted_reasoning(requested).build().unwrap();
            super::complete(&model).await.unwrap();
            assert_eq!(server.requests()[0].json()["include"] != Value::Null, requested);
        }
    }
}

#[tokio::test]
async fn media_are_sent_in_every_supported_format() {
    let question = Message::user([
        Content::text("Look."),
        Content::image(Media::url("https://a.example/cat.png", "image/png")),
        Content::image(Media::bytes(b"x", "image/png")),
        Content::image(Media::id("file-1", "")),
        Content::document(Media::url("https://a.example/a.pdf", "application/pdf")),
        Content::document(Media::bytes(b"x", "application/pdf").with_name("a.pdf")),
        Content::document(Media::id("file-2", "")),
        Content::audio(Media::bytes(b"x", "audio/mpeg")),
    ]);
    assert_eq!(
        input(&[question]).await,
        json!([{"role": "user", "content": [
            {"type": "input_text", "text": "Look."},
            {"type": "input_image", "detail": "auto", "image_url": "https://a.example/cat.png"},
            {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,eA=="},
            {"type": "input_image", "detail": "auto", "file_id": "file-1"},
            {"type": "input_file", "file_url": "https://a.example/a.pdf"},
            {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,eA=="},
            {"type": "input_file", "file_id": "file-2"},
            {"type": "input_audio", "input_audio": {"data": "eA==", "format": "mp3"}},
        ]}])
    );
    let server = Server::start([]).await;
    for content in [
        Content::video(Media::url("https://a.example/a.mp4", "video/mp4")),
        Content::audio(Media::url("https://a.example/a.mp3", "audio/mpeg")),
    ] {
        let messages = [Message::user([content])];
        let error = model(&server)
            .complete(Request::new(&messages))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::Unsupported, "{error}");
    }
}

#[tokio::test]
async fn the_reasoning_summary_organization_and_project_are_sent() {
    let server = Server::start([Answer::json(EMPTY)]).await;
    let builder = OpenAiResponses::builder("gpt-5")
        .api_key("k")
        .base_url(&server.url);
    let model = builder
        .reasoning_summary("auto")
        .organization("org")
        .project("pro");
    super::complete(&model.build().unwrap()).await.unwrap();
    let received = &server.requests()[0];
    assert_eq!(received.json()["reasoning"], json!({"summary": "auto"}));
    assert_eq!(received.header("openai-organization"), Some("org"));
    assert_eq!(received.header("openai-project"), Some("pro"));
}
