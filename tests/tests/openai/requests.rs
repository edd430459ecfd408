//! Requests: exact JSON, headers and URLs.

use std::time::Duration;

use agno::model::{
    Declarations, Model, OutputSchema, OutputStrategy, Request, Settings, ToolChoice, ToolDeclaration, Tools,
};
use agno::provider::openai::{OutputFormat, Quirks};
use agno::provider::{self, OpenAi};
use agno::schema::{AnyDialect, dialect};
use agno::{Declared, Message, ToolResult};
use serde_json::{Value, json};

use crate::complete;
use agno_tests::server::{Answer, Received, Server};

pub(crate) const HELLO: &str = r#"{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#;

pub(crate) struct Weather;

impl Declarations for Weather {
    fn len(&self) -> usize {
        1
    }

    fn for_each(&self, _dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        visit(ToolDeclaration::new(
            "weather",
            "Weather.",
            r#"{"name":"weather","description":"Weather.","strict":true,"parameters":{}}"#,
        ));
    }
}

pub(crate) const OUTPUT: OutputSchema<'static> = OutputSchema::new(
    "trip",
    r#"{"name":"trip","strict":true,"schema":{"type":"object"}}"#,
    None,
);

/// Returns the body that the server receives for a request to a model with these quirks.
async fn body_of(quirks: Quirks, request: Request<'_>) -> Value {
    let server = Server::start([Answer::json(HELLO)]).await;
    let builder = OpenAi::builder("test-model").api_key("k").base_url(&server.url);
    builder
        .quirks(quirks)
        .build()
        .unwrap()
        .complete(request)
        .await
        .unwrap();
    server.requests()[0].json()
}

fn conversation() -> Vec<Message> {
    let mut answer: Message = serde_json::from_value(json!({"role": "assistant", "parts": [
        {"type": "reasoning", "text": "hm", "signature": null},
        {"type": "call", "id": "a", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"},
        {"type": "call", "id": "b", "name": "weather", "arguments": "{\"city\":"},
        {"type": "call", "id": "c", "name": "weather", "arguments": "null"},
    ]}))
    .unwrap();
    if let Message::Assistant(message) = &mut answer {
        let results = [
            ToolResult::from_text("4 °C,\n\"rain\""),
            ToolResult::error("no such city"),
        ];
        for (call, result) in message.calls_mut().zip(results) {
            call.result = Some(result);
        }
    }
    vec![
        Message::user("Is it cold in Oslo?"),
        answer,
        Message::assistant("Yes."),
        Message::user("And\u{2028}now? 🦀"),
    ]
}

#[tokio::test]
async fn a_conversation_has_openais_format() {
    let messages = conversation();
    let request = Request::new(messages.as_slice())
        .with_instructions("Be \"brief\".")
        .with_tools(Tools::new(&Weather))
        .with_output(Some(OUTPUT));
    let call = |id: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": "weather", "arguments": arguments}});
    let result = |id: &str, content: &str| json!({"role": "tool", "tool_call_id": id, "content": content});
    assert_eq!(
        body_of(Quirks::OPENAI, request).await,
        json!({
            "model": "test-model",
            "messages": [
                {"role": "system", "content": "Be \"brief\"."},
                {"role": "user", "content": "Is it cold in Oslo?"},
                {"role": "assistant", "content": null, "tool_calls": [call("a", "{\"city\":\"Oslo\"}"), call("b", "{}"), call("c", "{}")]},
                result("a", "4 °C,\n\"rain\""),
                result("b", "no such city"),
                result("c", "this call was not executed"),
                {"role": "assistant", "content": "Yes."},
                {"role": "user", "content": "And\u{2028}now? 🦀"},
            ],
            "tools": [{"type": "function", "function": {"name": "weather", "description": "Weather.", "strict": true, "parameters": {}}}],
            "response_format": {"type": "json_schema", "json_schema": {"name": "trip", "strict": true, "schema": {"type": "object"}}},
        })
    );
}

#[tokio::test]
async fn a_minimal_request_contains_only_the_required_fields() {
    let hello = [Message::user("Hello")];
    let bare = body_of(
        Quirks::OPENAI,
        Request::new(&hello).with_tool_choice(ToolChoice::Required),
    )
    .await;
    assert_eq!(
        bare,
        json!({"model": "test-model", "messages": [{"role": "user", "content": "Hello"}]})
    );
}

#[tokio::test]
async fn request_settings_override_model_settings_and_extra_fields_override_both() {
    let server = Server::start([
        Answer::json(HELLO),
        Answer::events([r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#]),
    ])
    .await;
    let mut defaults = Settings::new()
        .with_temperature(0.1)
        .with_top_p(0.9)
        .with_max_tokens(10)
        .with_seed(1)
        .with_stop("END");
    defaults.reasoning_effort = Some("low".into());
    defaults.parallel_tool_calls = Some(false);
    let defaults = defaults
        .with_extra("user", "u1")
        .with_extra("service_tier", "flex");
    let model = OpenAi::builder("m")
        .api_key("k")
        .base_url(&server.url)
        .settings(defaults)
        .quirks(Quirks::OPENAI);
    let model = model.build().unwrap();
    let settings = Settings::new()
        .with_temperature(0.7)
        .with_max_tokens(20)
        .with_extra("user", "u2")
        .with_extra("seed", 5)
        .with_extra("stream_options", json!({}));
    let hello = [Message::user("Hello")];
    let request = Request::new(&hello)
        .with_settings(&settings)
        .with_tools(Tools::new(&Weather));
    model
        .complete(request.with_tool_choice(ToolChoice::Tool("weather")))
        .await
        .unwrap();
    let body = server.requests()[0].json();
    let expected = json!({"temperature": 0.7, "top_p": 0.9, "max_completion_tokens": 20, "seed": 5, "stop": ["END"], "reasoning_effort": "low",
        "parallel_tool_calls": false, "user": "u2", "service_tier": "flex", "tool_choice": {"type": "function", "function": {"name": "weather"}}});
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&body[key], value, "{key}");
    }
    // The meaning of a duplicate key is undefined.
    assert_eq!(server.requests()[0].body.matches("\"seed\"").count(), 1);

    use futures_util::StreamExt;
    let deltas: Vec<_> = model.stream(request).collect().await;
    assert_eq!(deltas.len(), 1);
    let body = server.requests()[1].json();
    assert_eq!(
        (&body["stream"], &body["stream_options"]),
        (&json!(true), &json!({}))
    );
}

#[tokio::test]
async fn an_extra_field_cannot_replace_the_messages() {
    let model = OpenAi::builder("m")
        .api_key("k")
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let settings = Settings::new().with_extra("messages", json!([]));
    let hello = [Message::user("Hello")];
    let error = model
        .complete(Request::new(&hello).with_settings(&settings))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("`extra` cannot set `messages`"),
        "{error}"
    );
}

#[tokio::test]
async fn each_quirk_changes_its_part_of_the_request() {
    let messages = conversation();
    let mut settings = Settings::new().with_max_tokens(9).with_seed(3);
    settings.parallel_tool_calls = Some(true);
    let request = Request::new(messages.as_slice())
        .with_instructions("Be brief.")
        .with_settings(&settings)
        .with_tools(Tools::new(&Weather))
        .with_tool_choice(ToolChoice::Required)
        .with_output(Some(OUTPUT));
    let plain = body_of(Quirks::OPENAI, request).await;
    assert_eq!(
        (&plain["max_completion_tokens"], &plain["max_tokens"]),
        (&json!(9), &Value::Null)
    );
    assert_eq!(
        (
            &plain["seed"],
            &plain["tool_choice"],
            &plain["parallel_tool_calls"]
        ),
        (&json!(3), &json!("required"), &json!(true))
    );

    let quirks = Quirks::COMPATIBLE
        .with_seed("random_seed")
        .with_tool_choice_required("any")
        .with_parallel_tool_calls(false);
    let other = body_of(quirks, request).await;
    assert_eq!(
        (&other["max_completion_tokens"], &other["max_tokens"]),
        (&Value::Null, &json!(9))
    );
    assert_eq!(
        (&other["seed"], &other["random_seed"], &other["tool_choice"]),
        (&Value::Null, &json!(3), &json!("any"))
    );
    assert_eq!(other["parallel_tool_calls"], Value::Null);

    for quirks in [
        Quirks::OPENAI.with_output(OutputFormat::None),
        Quirks::OPENAI.with_output_and_tools(false),
    ] {
        let body = body_of(quirks, request).await;
        assert_eq!(body["response_format"], Value::Null);
        let tool = &body["tools"][1]["function"];
        assert_eq!(tool["name"], "final_answer");
        assert_eq!(
            (&tool["strict"], &tool["parameters"]),
            (&json!(true), &json!({"type": "object"}))
        );
        assert_eq!(body["messages"][0]["content"], "Be brief.");
    }
    let settings = request
        .settings
        .clone()
        .with_output_strategy(OutputStrategy::Prompt);
    let body = body_of(Quirks::OPENAI, request.with_settings(&settings)).await;
    assert_eq!(
        (&body["response_format"], body["tools"].as_array().unwrap().len()),
        (&Value::Null, 1)
    );
    let system = body["messages"][0]["content"].as_str().unwrap();
    assert!(
        system.starts_with("Be brief.\n\nGive your final answer as JSON")
            && system.ends_with(OUTPUT.declaration(dialect::OpenAi)),
        "{system}"
    );
    let body = body_of(Quirks::OPENAI.with_output(OutputFormat::Object), request).await;
    assert_eq!(body["response_format"], json!({"type": "json_object"}));
    let body = body_of(
        Quirks::OPENAI.with_output_and_tools(false),
        request.with_tools(Tools::none()),
    )
    .await;
    assert_eq!(body["response_format"]["type"], "json_schema");
}

#[tokio::test]
async fn reasoning_is_sent_back_to_servers_that_expect_it() {
    let messages = conversation();
    let quirks = Quirks::COMPATIBLE.with_reasoning_field("reasoning_content");
    let expected = body_of(quirks, Request::new(messages.as_slice())).await;
    assert_eq!(expected["messages"][1]["reasoning_content"], "hm");
    // The last answer has no reasoning.
    assert_eq!(expected["messages"][5]["reasoning_content"], Value::Null);
    let other = body_of(Quirks::OPENAI, Request::new(messages.as_slice())).await;
    assert_eq!(other["messages"][1]["reasoning_content"], Value::Null);
}

#[tokio::test]
async fn a_stream_requests_usage_unless_the_server_rejects_the_option() {
    let done = Answer::events([r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#]);
    let server = Server::start([done.clone(), done]).await;
    for (sent, quirks) in [
        (true, Quirks::OPENAI),
        (false, Quirks::OPENAI.with_stream_usage(false)),
    ] {
        let model = OpenAi::builder("m")
            .api_key("k")
            .base_url(&server.url)
            .quirks(quirks)
            .build()
            .unwrap();
        crate::streamed(&model).await.unwrap();
        let body = server.requests().pop().unwrap().json();
        assert_eq!(body["stream"], json!(true));
        assert_eq!(body["stream_options"] == json!({"include_usage": true}), sent);
    }
}

#[tokio::test]
async fn each_request_has_the_configured_url_and_headers() {
    let server = Server::start(vec![Answer::json(HELLO); 5]).await;
    let base = |path: &str| OpenAi::builder("m").base_url(format!("{}{path}", server.url));
    let with_user = server.url.replace("http://", "http://us%65r:p%40ss@") + "/v1";
    let models = [
        base("/v1")
            .api_key(" k1\n")
            .organization("org")
            .project("pro")
            .header("X-Team", "a"),
        base("/v1/?api-version=7").header("api-key", "k2"),
        base("/openai/v1/chat/completions").api_key("k3"),
        OpenAi::builder("m").base_url(with_user),
        base("").api_key("k5").header("authorization", "Token k6"),
    ];
    for model in models {
        complete(&model.build().unwrap()).await.unwrap();
    }
    let requests = server.requests();
    let lines: Vec<&str> = requests.iter().map(|request| request.line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "POST /v1/chat/completions HTTP/1.1",
            "POST /v1/chat/completions?api-version=7 HTTP/1.1",
            "POST /openai/v1/chat/completions HTTP/1.1",
            "POST /v1/chat/completions HTTP/1.1",
            "POST /chat/completions HTTP/1.1",
        ]
    );
    let header = |request: &Received, name| request.header(name).map(str::to_owned);
    assert_eq!(
        header(&requests[0], "authorization").as_deref(),
        Some("Bearer k1")
    );
    assert_eq!(
        header(&requests[0], "openai-organization").as_deref(),
        Some("org")
    );
    assert_eq!(header(&requests[0], "openai-project").as_deref(), Some("pro"));
    assert_eq!(header(&requests[0], "x-team").as_deref(), Some("a"));
    assert_eq!(
        header(&requests[0], "content-type").as_deref(),
        Some("application/json")
    );
    assert!(header(&requests[0], "user-agent").unwrap().starts_with("agno"));
    assert_eq!(header(&requests[1], "api-key").as_deref(), Some("k2"));
    // user:p@ss
    assert_eq!(
        header(&requests[3], "authorization").as_deref(),
        Some("Basic dXNlcjpwQHNz")
    );
    assert_eq!(header(&requests[4], "authorization").as_deref(), Some("Token k6"));
}

#[tokio::test]
async fn a_user_defined_client_is_used() {
    let server = Server::start([Answer::json(HELLO), Answer::json(HELLO)]).await;
    let client = provider::client_builder()
        .unwrap()
        .user_agent("mine")
        .build()
        .unwrap();
    let base = || OpenAi::builder("m").base_url(&server.url);
    complete(&base().client(client.clone()).build().unwrap())
        .await
        .unwrap();
    complete(&base().connect_timeout(Duration::from_secs(1)).build().unwrap())
        .await
        .unwrap();
    assert_eq!(server.requests()[0].header("user-agent"), Some("mine"));
    let both = base()
        .client(client)
        .connect_timeout(Duration::from_secs(1))
        .build();
    assert!(both.unwrap_err().to_string().contains("`connect_timeout`"));
}

#[tokio::test]
async fn an_agent_calls_its_tools_with_and_without_streaming() {
    let call = r#"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"echo","arguments":"{\"text\":\"one\"}"}},
        {"id":"b","type":"function","function":{"name":"nonsense","arguments":""}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":7}}"#;
    let chunks = [
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"echo","arguments":"{\"text\""}}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":\"one\"}"}},{"index":1,"id":"b","function":{"name":"nonsense","arguments":""}}]}}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
        r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}"#,
    ];
    let answer = r#"{"choices":[{"delta":{"content":"It says one."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}"#;
    let complete_answer = answer.replace("delta", "message");
    let server = Server::start([
        Answer::json(call),
        Answer::json(complete_answer),
        Answer::events(chunks),
        Answer::events([answer]),
    ])
    .await;
    let (assistant, echo_calls) = agno_tests::assistant();
    let agent = assistant.with(server.model());
    let complete = agent.run("What does it say?").await.unwrap();
    let streamed = agent.stream("What does it say?").answer().await.unwrap();
    assert_eq!(complete.text(), "It says one.");
    assert_eq!(complete.messages(), streamed.messages());
    assert_eq!((complete.usage, complete.turns), (streamed.usage, 2));
    assert_eq!((complete.usage.input, complete.usage.output), (14, 11));
    assert_eq!(echo_calls.get(), 2);
    let second = server.requests()[1].json();
    let sent: Vec<(&Value, &Value)> = second["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (&message["role"], &message["content"]))
        .collect();
    assert_eq!(sent[3], (&json!("tool"), &json!("one")));
    assert_eq!(sent[4].0, "tool");
    assert_eq!(second["tools"].as_array().unwrap().len(), 5);
}
