//! Requests: exact JSON, URLs and signatures.

use agno::Message;
use agno::message::{Content, Media};
use agno::model::{
    Declarations, Model, ModelErrorKind, OutputSchema, PromptCache, Request, Settings, ToolChoice,
    ToolDeclaration, Tools,
};
use agno::provider::Bedrock;
use agno::schema::AnyDialect;
use serde_json::{Value, json};

use super::{CLAUDE, HELLO, model};
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
            r#"{"name":"weather","description":"Contains \"input_schema\":","input_schema":{"type":"object"}}"#,
        ));
    }
}

/// Returns the body that the API receives for a request to a model.
async fn body_for(name: &str, request: Request<'_>) -> Value {
    let server = Server::start([Answer::json(HELLO)]).await;
    model(&server, name).complete(request).await.unwrap();
    server.requests()[0].json()
}

fn message(value: Value) -> Message {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn a_plain_request_has_the_expected_body_and_headers() {
    let server = Server::start([Answer::json(HELLO)]).await;
    let reply = model(&server, CLAUDE)
        .complete(hello().with_instructions("Be kind."))
        .await
        .unwrap();
    let received = &server.requests()[0];
    assert_eq!(
        received.line,
        "POST /model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse HTTP/1.1"
    );
    assert_eq!(received.header("authorization"), Some("Bearer test-key"));
    assert_eq!(
        received.body,
        r#"{"system":[{"text":"Be kind."}],"messages":[{"role":"user","content":[{"text":"Hello"}]}]}"#
    );
    assert_eq!((reply.message.text().as_ref(), reply.usage.input), ("Hello", 3));
    assert!(reply.message.is_of("bedrock"));
}

#[tokio::test]
async fn requests_are_signed_with_the_credentials() {
    let server = Server::start([Answer::json(HELLO), Answer::json(HELLO)]).await;
    let builder = Bedrock::builder("arn:aws:bedrock:eu-west-1:1:inference-profile/x");
    let model = builder
        .credentials("AKIDEXAMPLE", "secret", Some("token".into()))
        .region("eu-west-1")
        .base_url(&server.url)
        .build()
        .unwrap();
    model.complete(hello()).await.unwrap();
    model.complete(hello().with_instructions("Other.")).await.unwrap();
    let requests = server.requests();
    assert_eq!(
        requests[0].line,
        "POST /model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fx/converse HTTP/1.1"
    );
    assert_eq!(requests[0].header("x-amz-security-token"), Some("token"));
    let date = requests[0].header("x-amz-date").unwrap();
    assert_eq!((date.len(), &date[8..9], &date[15..]), (16, "T", "Z"));
    let parts = |at: usize| {
        let value = requests[at].header("authorization").unwrap().to_owned();
        let (scope, signature) = value.rsplit_once("Signature=").unwrap();
        (scope.to_owned(), signature.to_owned())
    };
    let ((scope, signature), (_, other)) = (parts(0), parts(1));
    assert_eq!(
        scope,
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{}/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ",
            &date[..8]
        )
    );
    assert_eq!(signature.len(), 64);
    // A different body has a different signature.
    assert_ne!(signature, other);
}

#[test]
fn the_region_determines_the_host_and_invalid_options_are_rejected() {
    for (region, host) in [
        ("eu-central-1", "bedrock-runtime.eu-central-1.amazonaws.com"),
        ("cn-north-1", "bedrock-runtime.cn-north-1.amazonaws.com.cn"),
    ] {
        let model = Bedrock::builder("amazon.nova-pro-v1:0")
            .api_key("k")
            .region(region)
            .build();
        assert!(
            format!("{:?}", model.unwrap())
                .contains(&format!("https://{host}/model/amazon.nova-pro-v1%3A0/converse"))
        );
    }
    let error = Bedrock::builder("m")
        .api_key("k")
        .region("evil.example/")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Configuration);
    let both = Bedrock::builder("m")
        .api_key("k")
        .credentials("a", "b", None)
        .region("eu-west-1");
    assert_eq!(both.build().unwrap_err().kind(), ModelErrorKind::Configuration);
    let broken = Bedrock::builder("m")
        .credentials("a\nb", "c", None)
        .region("eu-west-1");
    let error = broken.build().unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Configuration);
    assert!(!format!("{error:?}").contains("a\\nb"), "{error:?}");
    let both = Bedrock::builder("m")
        .profile("work")
        .instance_credentials()
        .region("eu-west-1");
    let error = both.build().unwrap_err().to_string();
    assert!(error.contains("`.profile(..)`"), "{error}");
}

#[tokio::test]
async fn settings_map_to_the_fields_of_each_model_family() {
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_k(3)
        .with_max_tokens(10)
        .with_stop("END")
        .with_service_tier("flex")
        .with_seed(7)
        .with_reasoning_effort("low")
        .with_extra("requestMetadata", json!({"team": "a"}));
    let inference = json!({"maxTokens": 10, "temperature": 0.5, "stopSequences": ["END"]});
    for (name, additional) in [
        (
            "amazon.nova-2-lite-v1:0",
            json!({"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}, "inferenceConfig": {"topK": 3}}),
        ),
        ("openai.gpt-oss-120b-1:0", json!({"reasoning_effort": "low"})),
        ("meta.llama3-70b-instruct-v1:0", Value::Null),
    ] {
        let body = body_for(name, hello().with_settings(&settings)).await;
        assert_eq!(body["inferenceConfig"], inference, "{name}");
        assert_eq!(body["additionalModelRequestFields"], additional, "{name}");
        assert_eq!(body["serviceTier"], json!({"type": "flex"}));
        assert_eq!(body["requestMetadata"], json!({"team": "a"}));
    }
    let high = settings.clone().with_reasoning_effort("high");
    let body = body_for("amazon.nova-2-lite-v1:0", hello().with_settings(&high)).await;
    assert_eq!(body["inferenceConfig"], json!({"stopSequences": ["END"]}));
    let thinking = Settings::new().with_reasoning_tokens(2000).with_temperature(0.5);
    let body = body_for(CLAUDE, hello().with_settings(&thinking)).await;
    assert_eq!(body["inferenceConfig"], json!({"maxTokens": 32_000}));
    assert_eq!(
        body["additionalModelRequestFields"],
        json!({"thinking": {"type": "enabled", "budget_tokens": 2000}})
    );
    let effort = Settings::new().with_reasoning_effort("max");
    let body = body_for("anthropic.claude-opus-4-6-v1", hello().with_settings(&effort)).await;
    assert_eq!(
        body["additionalModelRequestFields"],
        json!({"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}})
    );
}

#[tokio::test]
async fn tools_and_output_schemas_have_amazons_format() {
    let output = OutputSchema::new(
        "trip",
        r#"{"name":"trip","schema":{"type":"object","properties":{},"additionalProperties":false}}"#,
        None,
    );
    let request = hello().with_tools(Tools::new(&Weather)).with_output(Some(output));
    let body = body_for(CLAUDE, request.with_tool_choice(ToolChoice::Tool("weather"))).await;
    let weather = json!({"toolSpec": {"name": "weather", "description": "Contains \"input_schema\":", "inputSchema": {"json": {"type": "object"}}}});
    assert_eq!(
        body["toolConfig"],
        json!({"tools": [weather], "toolChoice": {"tool": {"name": "weather"}}})
    );
    assert_eq!(
        body["outputConfig"],
        json!({"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"name": "trip",
            "schema": r#"{"type":"object","properties":{},"additionalProperties":false}"#}}}})
    );
    // A model that does not support structured output answers by calling a tool.
    let body = body_for("meta.llama3-70b-instruct-v1:0", request).await;
    assert_eq!(body["outputConfig"], Value::Null);
    assert_eq!(body["toolConfig"]["tools"][1]["toolSpec"]["name"], "final_answer");
    assert_eq!(body["toolConfig"]["toolChoice"], json!({"any": {}}));
    // The API has no option that disables calls, but newer Claude models accept `tool_choice` as an additional field.
    let no_tools = hello()
        .with_tools(Tools::new(&Weather))
        .with_tool_choice(ToolChoice::None);
    let llama = "meta.llama3-70b-instruct-v1:0";
    assert_eq!(body_for(llama, no_tools).await["toolConfig"], Value::Null);
    let choice = |body: Value| body["additionalModelRequestFields"]["tool_choice"].clone();
    assert_eq!(choice(body_for(CLAUDE, no_tools).await), json!({"type": "none"}));
    let sequential = Settings::new().with_parallel_tool_calls(false);
    let request = hello()
        .with_tools(Tools::new(&Weather))
        .with_settings(&sequential);
    assert_eq!(
        choice(body_for(CLAUDE, request).await),
        json!({"type": "auto", "disable_parallel_tool_use": true})
    );
    let forced = request.with_tool_choice(ToolChoice::Required);
    assert_eq!(
        choice(body_for(CLAUDE, forced).await),
        json!({"disable_parallel_tool_use": true})
    );
    assert_eq!(choice(body_for(llama, forced).await), Value::Null);
}

#[tokio::test]
async fn cacheable_parts_are_marked() {
    let settings = Settings::new().with_prompt_cache(PromptCache::Hour);
    let request = hello()
        .with_tools(Tools::new(&Weather))
        .with_instructions("Be kind.");
    let body = body_for(CLAUDE, request.with_settings(&settings)).await;
    let point = json!({"cachePoint": {"type": "default", "ttl": "1h"}});
    assert_eq!(body["toolConfig"]["tools"][1], point);
    assert_eq!(body["system"][1], point);
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [{"text": "Hello"}, point]}])
    );
}

#[tokio::test]
async fn messages_media_and_results_are_sent_in_order() {
    let reply = json!({"role": "assistant", "provider": "bedrock", "parts": [
        {"type": "reasoning", "text": "hm", "signature": "sig"},
        {"type": "reasoning", "text": "", "signature": "held", "redacted": true},
        {"type": "text", "text": "Rain"},
        {"type": "provider", "kind": "newBlock", "json": "{\"newBlock\":{}}"},
        {"type": "call", "id": "c|1", "name": "f", "arguments": "{\"a\":1}",
            "result": {"content": [{"type": "text", "text": "no"}, {"type": "image", "source": {"base64": "AA=="}, "media_type": "image/jpg"}], "is_error": true}}]});
    let messages = [
        Message::user([
            Content::document(Media::bytes("%PDF", "application/pdf").with_name("my_file (1).pdf")),
            Content::video(Media::url("s3://videos/a.mp4", "video/mp4")),
            Content::text("Look"),
        ]),
        message(reply.clone()),
        Message::user("Go on"),
    ];
    let body = body_for(CLAUDE, Request::new(&messages)).await;
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [
                {"document": {"format": "pdf", "name": "my-file (1)", "source": {"bytes": "JVBERg=="}}},
                {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://videos/a.mp4"}}}},
                {"text": "Look"}]},
            {"role": "assistant", "content": [
                {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "sig"}}},
                {"reasoningContent": {"redactedContent": "held"}},
                {"text": "Rain"}, {"newBlock": {}},
                {"toolUse": {"toolUseId": "c_1", "name": "f", "input": {"a": 1}}}]},
            {"role": "user", "content": [
                {"toolResult": {"toolUseId": "c_1", "content": [{"text": "no"},
                    {"image": {"format": "jpeg", "source": {"bytes": "AA=="}}}], "status": "error"}},
                {"text": "Go on"}]}])
    );
    // A conversation with calls requires tool declarations, even if the request has none.
    assert_eq!(
        body["toolConfig"],
        json!({"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}]})
    );
    let mut other = reply;
    other["provider"] = json!("anthropic");
    let messages = [Message::user("Hi"), message(other)];
    let body = body_for("meta.llama3-70b-instruct-v1:0", Request::new(&messages)).await;
    assert_eq!(body["messages"][1]["content"].as_array().unwrap().len(), 2);
    assert_eq!(
        body["messages"][2]["content"][0]["toolResult"]["status"],
        Value::Null
    );

    let body = body_for("mistral.mistral-large-2407-v1:0", Request::new(&messages)).await;
    let id = |at: usize, kind: &str| {
        let blocks = body["messages"][at]["content"].as_array().unwrap();
        blocks[blocks.len() - 1][kind]["toolUseId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (id(1, "toolUse").len(), id(1, "toolUse")),
        (9, id(2, "toolResult"))
    );

    let server = Server::start([]).await;
    let linked = [Message::user([Content::image(Media::url(
        "https://a.example/b.png",
        "image/png",
    ))])];
    let error = model(&server, CLAUDE)
        .complete(Request::new(&linked))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Unsupported);
}
