//! Requests: exact JSON, headers and URLs.

use agno::model::{
    Declarations, Model, OutputSchema, OutputStrategy, Request, Settings, ToolChoice, ToolDeclaration, Tools,
};
use agno::provider::Gemini;
use agno::schema::AnyDialect;
use agno::tool::{DynTool, DynTools, ToolError, Toolset};
use agno::{Message, ToolResult};
use serde_json::{Value, json};

use super::{answer, assistant_message, body_for, model};
use agno_tests::hello;
use agno_tests::server::{Answer, Server};

struct Weather;

impl Declarations for Weather {
    fn len(&self) -> usize {
        1
    }

    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        assert_eq!(dialect, AnyDialect::Gemini);
        visit(ToolDeclaration::new(
            "weather",
            "Weather.",
            r#"{"name":"weather","description":"Weather."}"#,
        ));
    }
}

const OUTPUT: OutputSchema<'static> =
    OutputSchema::new("trip", r#"{"name":"trip","schema":{"type":"object"}}"#, None);

#[tokio::test]
async fn a_conversation_has_geminis_format() {
    let messages = [
        Message::user("Is it cold in Oslo?"),
        Message::user("Be quick."),
        assistant_message(
            json!([
                {"type": "reasoning", "text": "hm", "signature": "s1"},
                {"type": "text", "text": "Let me see.", "signature": "s2"},
                {"type": "call", "id": "g7", "name": "weather", "arguments": "{\"city\":\"Oslo\"}", "signature": "s3"},
                {"type": "call", "id": "call_0_1", "name": "weather", "arguments": "{\"city\":"},
            ]),
            Some("gemini"),
            &[
                ToolResult::from_text("4 °C,\n\"rain\""),
                ToolResult::error("no such city"),
            ],
        ),
        assistant_message(
            json!([{"type": "text", "text": ""}, {"type": "text", "text": "", "signature": "s4"}]),
            Some("gemini"),
            &[],
        ),
        assistant_message(json!([]), None, &[]),
        Message::user("And\u{2028}now? 🦀"),
    ];
    let request = Request::new(&messages)
        .with_instructions("Be \"brief\".")
        .with_tools(Tools::new(&Weather));
    assert_eq!(
        body_for("gemini-3-flash", request).await,
        json!({
            "systemInstruction": {"parts": [{"text": "Be \"brief\"."}]},
            "contents": [
                {"role": "user", "parts": [{"text": "Is it cold in Oslo?"}, {"text": "Be quick."}]},
                {"role": "model", "parts": [
                    {"thought": true, "text": "hm", "thoughtSignature": "s1"},
                    {"text": "Let me see.", "thoughtSignature": "s2"},
                    {"functionCall": {"id": "g7", "name": "weather", "args": {"city": "Oslo"}}, "thoughtSignature": "s3"},
                    {"functionCall": {"name": "weather", "args": {}}},
                ]},
                {"role": "user", "parts": [
                    {"functionResponse": {"id": "g7", "name": "weather", "response": {"output": "4 °C,\n\"rain\""}}},
                    {"functionResponse": {"name": "weather", "response": {"error": "no such city"}}},
                ]},
                {"role": "model", "parts": [{"text": "", "thoughtSignature": "s4"}]},
                {"role": "user", "parts": [{"text": "And\u{2028}now? 🦀"}]},
            ],
            "tools": [{"functionDeclarations": [{"name": "weather", "description": "Weather."}]}],
        })
    );
}

#[tokio::test]
async fn signatures_of_other_providers_are_removed_and_their_calls_marked() {
    let messages = [
        Message::user("Hi"),
        assistant_message(
            json!([
                {"type": "reasoning", "text": "hm", "signature": "theirs"},
                {"type": "text", "text": "Well.", "signature": "theirs"},
                {"type": "provider", "kind": "web_search_call", "json": "{}"},
                {"type": "call", "id": "toolu_1", "name": "weather", "arguments": "{}", "signature": "theirs"},
                {"type": "call", "id": "toolu_2", "name": "weather", "arguments": "{}"},
            ]),
            Some("anthropic"),
            &[],
        ),
    ];
    let body = body_for("gemini-3-flash", Request::new(&messages)).await;
    assert_eq!(
        body["contents"][1]["parts"],
        json!([
            {"text": "Well."},
            {"functionCall": {"name": "weather", "args": {}}, "thoughtSignature": "skip_thought_signature_validator"},
            {"functionCall": {"name": "weather", "args": {}}, "thoughtSignature": "skip_thought_signature_validator"},
        ])
    );
    assert_eq!(
        body["contents"][2]["parts"][0]["functionResponse"],
        json!({"name": "weather", "response": {"error": "this call was not executed"}})
    );
    // Earlier generations do not require a signature.
    let body = body_for("gemini-2.5-flash", Request::new(&messages)).await;
    assert_eq!(
        body["contents"][1]["parts"][1],
        json!({"functionCall": {"name": "weather", "args": {}}})
    );
}

#[tokio::test]
async fn settings_map_to_api_fields() {
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_p(0.25)
        .with_top_k(7)
        .with_frequency_penalty(1.0)
        .with_presence_penalty(-1.0)
        .with_max_tokens(99)
        .with_seed(0xffff_ffff)
        .with_stop("END")
        .with_reasoning_effort("low")
        .with_reasoning_tokens(5)
        .with_logprobs(2)
        .with_service_tier("flex")
        .with_parallel_tool_calls(false)
        .with_extra(
            "generationConfig",
            json!({"topK": 8, "responseModalities": ["TEXT"]}),
        )
        .with_extra("safetySettings", json!([]));
    assert_eq!(
        body_for("gemini-3-flash", hello().with_settings(&settings)).await,
        json!({
            "contents": [{"role": "user", "parts": [{"text": "Hello"}]}],
            "generationConfig": {
                "temperature": 0.5, "topP": 0.25, "maxOutputTokens": 99, "stopSequences": ["END"],
                "seed": 0x7fff_ffff, "frequencyPenalty": 1.0, "presencePenalty": -1.0,
                "responseLogprobs": true, "logprobs": 2,
                "thinkingConfig": {"thinkingLevel": "low", "includeThoughts": true},
                "topK": 8, "responseModalities": ["TEXT"],
            },
            "serviceTier": "flex",
            "safetySettings": [],
        })
    );
}

#[tokio::test]
async fn thinking_is_a_level_or_a_budget() {
    let thinking = async |name: &str, settings: Settings| {
        body_for(name, hello().with_settings(&settings)).await["generationConfig"]["thinkingConfig"].clone()
    };
    let effort = |level: &str| Settings::new().with_reasoning_effort(level);
    let budget = |count: u32| json!({"thinkingBudget": count, "includeThoughts": true});
    assert_eq!(thinking("gemini-2.5-flash", effort("medium")).await, budget(8192));
    assert_eq!(
        thinking("gemini-2.5-flash", effort("none")).await,
        json!({"thinkingBudget": 0})
    );
    assert_eq!(thinking("gemini-2.0-flash", effort("low")).await, Value::Null);
    assert_eq!(
        thinking("gemini-3-pro", effort("none")).await,
        json!({"thinkingLevel": "low", "includeThoughts": true})
    );
    let limited = Settings::new().with_reasoning_tokens(512);
    assert_eq!(thinking("gemini-3-flash", limited.clone()).await, budget(512));
    assert_eq!(
        thinking("gemini-2.5-flash", limited.with_reasoning_effort("high")).await,
        budget(512)
    );
}

#[tokio::test]
async fn a_tool_choice_is_sent_as_a_mode() {
    let mode = async |choice: ToolChoice<'static>| {
        let request = hello().with_tools(Tools::new(&Weather)).with_tool_choice(choice);
        body_for("gemini-3-flash", request).await["toolConfig"]["functionCallingConfig"].clone()
    };
    assert_eq!(mode(ToolChoice::Auto).await, Value::Null);
    assert_eq!(mode(ToolChoice::Required).await, json!({"mode": "ANY"}));
    assert_eq!(mode(ToolChoice::None).await, json!({"mode": "NONE"}));
    assert_eq!(
        mode(ToolChoice::Tool("weather")).await,
        json!({"mode": "ANY", "allowedFunctionNames": ["weather"]})
    );
}

#[tokio::test]
async fn googles_own_tools_are_sent_alongside_functions() {
    let settings = Settings::new().with_provider_tool(json!({"googleSearch": {}}));
    let request = hello().with_settings(&settings);
    let alone = body_for("gemini-3-flash", request).await;
    assert_eq!(alone["tools"], json!([{"googleSearch": {}}]));
    assert_eq!(alone["toolConfig"], Value::Null);

    let mixed = body_for("gemini-3-flash", request.with_tools(Tools::new(&Weather))).await;
    assert_eq!(mixed["tools"][1], json!({"googleSearch": {}}));
    assert_eq!(
        mixed["toolConfig"],
        json!({"functionCallingConfig": {"mode": "VALIDATED"}, "includeServerSideToolInvocations": true})
    );
}

#[tokio::test]
async fn native_output_is_used_if_the_model_generation_supports_it() {
    let request = hello().with_output(Some(OUTPUT));
    let config = json!({"responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}});
    assert_eq!(
        body_for("gemini-2.5-flash", request).await["generationConfig"],
        config
    );
    let with_tools = request.with_tools(Tools::new(&Weather));
    assert_eq!(
        body_for("gemini-3-flash", with_tools).await["generationConfig"],
        config
    );

    // Earlier generations reject a schema alongside tools, so the model returns the output as call arguments.
    let body = body_for("gemini-2.5-flash", with_tools).await;
    assert_eq!(body["generationConfig"], Value::Null);
    assert_eq!(
        body["tools"][0]["functionDeclarations"][1]["name"],
        "final_answer"
    );
    assert_eq!(
        body["tools"][0]["functionDeclarations"][1]["parameters"],
        json!({"type": "object"})
    );
    assert_eq!(
        body["toolConfig"],
        json!({"functionCallingConfig": {"mode": "ANY"}})
    );

    // Earlier generations also reject a schema alongside Google's own tools, so the schema is part of the instructions.
    let settings = Settings::new().with_provider_tool(json!({"googleSearch": {}}));
    let body = body_for("gemini-2.5-flash", request.with_settings(&settings)).await;
    assert_eq!(body["generationConfig"], Value::Null);
    assert!(
        body["systemInstruction"]["parts"][0]["text"]
            .as_str()
            .unwrap()
            .contains("JSON Schema")
    );

    let settings = Settings::new().with_output_strategy(OutputStrategy::Tool);
    let body = body_for("gemini-3-flash", request.with_settings(&settings)).await;
    assert_eq!(
        body["tools"][0]["functionDeclarations"][0]["name"],
        "final_answer"
    );
}

#[tokio::test]
async fn a_compile_time_schema_is_sent_in_geminis_dialect() {
    #[derive(agno::Schema, serde::Deserialize)]
    #[expect(dead_code, reason = "only the schema is used")]
    struct Trip {
        city: String,
        days: Option<u8>,
    }
    let schema = <Trip as agno::schema::Schema>::SCHEMA;
    let text = format!(
        r#"{{"name":"trip","schema":{}}}"#,
        schema.to_json(AnyDialect::Gemini)
    );
    let output = OutputSchema::new("trip", &text, Some(schema));
    let body = body_for("gemini-3-flash", hello().with_output(Some(output))).await;
    assert_eq!(
        body["generationConfig"]["responseSchema"]["properties"]["days"]["nullable"],
        true
    );
}

#[tokio::test]
async fn run_time_tools_are_declared_without_references() {
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "string"}}});
    let tool = DynTool::from_fn("search", "Searches.", schema, |_args, _run| async move {
        Ok::<_, ToolError>(String::new())
    });
    let mut tools = DynTools::new();
    tools.add(tool.unwrap()).unwrap();
    let mut declared = Vec::new();
    tools.declare(AnyDialect::Gemini, &mut |_, text| {
        declared.push(serde_json::from_str::<Value>(text).unwrap());
    });
    assert_eq!(
        declared,
        [json!({
            "name": "search",
            "description": "Searches.",
            "parameters": {"type": "object", "properties": {"a": {"type": "string"}}},
        })]
    );
}

#[tokio::test]
async fn gemma_receives_instructions_in_a_user_message_and_a_cached_request_omits_them() {
    let request = hello()
        .with_instructions("Be brief.")
        .with_tools(Tools::new(&Weather));
    let body = body_for("gemma-3-27b-it", request).await;
    assert_eq!(body["systemInstruction"], Value::Null);
    assert_eq!(
        body["contents"][0]["parts"],
        json!([{"text": "Be brief."}, {"text": "Hello"}])
    );

    let settings = Settings::new().with_extra("cachedContent", "cachedContents/1");
    assert_eq!(
        body_for("gemini-2.5-flash", request.with_settings(&settings)).await,
        json!({"contents": [{"role": "user", "parts": [{"text": "Hello"}]}], "cachedContent": "cachedContents/1"})
    );
}

#[tokio::test]
async fn reserved_fields_are_rejected_as_extra_fields() {
    for field in ["contents", "systemInstruction", "tools", "model"] {
        let server = Server::start([]).await;
        let settings = Settings::new().with_extra(field, json!({}));
        let error = model(&server, "gemini-3-flash")
            .complete(hello().with_settings(&settings))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), agno::ModelErrorKind::Configuration, "{field}");
    }
}

#[tokio::test]
async fn complete_and_streamed_requests_have_separate_urls_and_a_key_header() {
    let hello_parts = answer(&json!([{"text": "Hello"}]));
    let answers = [Answer::json(&*hello_parts), Answer::raw_events([&*hello_parts])];
    let server = Server::start(answers).await;
    let model = model(&server, "gemini-3-flash");
    model.complete(hello()).await.unwrap();
    agno_tests::streamed(&model, hello()).await.unwrap();
    let requests = server.requests();
    assert_eq!(
        requests[0].line,
        "POST /v1beta/models/gemini-3-flash:generateContent HTTP/1.1"
    );
    assert_eq!(
        requests[1].line,
        "POST /v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse HTTP/1.1"
    );
    for request in requests {
        assert_eq!(request.header("x-goog-api-key"), Some("test-key"));
        assert_eq!(request.header("authorization"), None);
    }
}

#[tokio::test]
async fn vertex_receives_the_bearer_token_and_the_service_tier_in_headers() {
    let server = Server::start([Answer::json(answer(&json!([{"text": "Hello"}])))]).await;
    let base = format!("{}/v1/projects/p/locations/l/publishers/google", server.url);
    let model = Gemini::builder("gemini-2.5-flash")
        .base_url(base)
        .bearer_token("token")
        .build()
        .unwrap();
    let settings = Settings::new()
        .with_service_tier("priority")
        .with_frequency_penalty(0.5)
        .with_provider_tool(json!({"googleSearch": {}}));
    let request = hello().with_settings(&settings).with_tools(Tools::new(&Weather));
    model.complete(request).await.unwrap();
    let received = &server.requests()[0];
    assert_eq!(
        received.line,
        "POST /v1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash:generateContent HTTP/1.1"
    );
    assert_eq!(received.header("authorization"), Some("Bearer token"));
    assert_eq!(received.header("x-goog-api-key"), None);
    assert_eq!(
        received.header("x-vertex-ai-llm-shared-request-type"),
        Some("priority")
    );
    assert_eq!(received.json()["serviceTier"], Value::Null);
    assert_eq!(
        received.json()["generationConfig"],
        json!({"frequencyPenalty": 0.5})
    );
}
