//! Checks requests against OpenAI's published API specification, with an independent validator. The specification is not
//! part of this repository; `make openapi FILE=path` runs the test with a JSON copy of it.

use agno::embed::{Embedder, OpenAiEmbedder};
use agno::message::{Content, Media};
use agno::model::{Model, Request, Settings, ToolChoice, Tools};
use agno::provider::OpenAi;
use agno::{Message, ToolResult};
use serde_json::{Value, json};

use super::requests::{OUTPUT, WEATHER, assistant_message};
use super::{EMPTY, model};
use agno_tests::require;
use agno_tests::server::{Answer, Server};

/// Returns a validator for a schema in the API specification.
fn validator(spec: &Value, name: &str) -> jsonschema::Validator {
    /// Replaces `oneOf` with `anyOf`, because the alternatives overlap and some values are valid for two of them.
    fn any_of(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.remove("discriminator");
                if let Some(alternatives) = object.remove("oneOf") {
                    object.insert("anyOf".into(), alternatives);
                }
                object.values_mut().for_each(any_of);
            }
            Value::Array(list) => list.iter_mut().for_each(any_of),
            _ => {}
        }
    }
    let mut schema =
        json!({"$ref": format!("#/components/schemas/{name}"), "components": spec["components"]});
    any_of(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

fn assert_valid(validator: &jsonschema::Validator, body: &Value) {
    let errors: Vec<String> = validator
        .iter_errors(body)
        .map(|error| format!("{}: {error:.300}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{body:#}");
}

#[tokio::test]
#[ignore = "requires OpenAI's API specification; run `make openapi FILE=path`"]
async fn requests_match_openais_specification() {
    let path = require("OPENAI_OPENAPI");
    let spec: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let parts = json!([
        {"type": "reasoning", "text": "Hm.", "id": "rs_1", "signature": "secret"},
        {"type": "provider", "kind": "web_search_call", "json": r#"{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}}"#},
        {"type": "text", "text": "Wait.", "signature": r#"{"type":"message","id":"msg_1","phase":"commentary"}"#, "citations": [
            {"json": r#"{"type":"url_citation","url":"https://a.example","title":"A","start_index":0,"end_index":1}"#}]},
        {"type": "refusal", "text": "Not that."},
        {"type": "call", "id": "call_1", "name": "weather", "arguments": "{}", "signature": r#"{"type":"function_call","id":"fc_1"}"#},
    ]);
    let mut result = ToolResult::from_text("Here:");
    result
        .content
        .push(Content::image(Media::bytes(b"x", "image/png")));
    let messages = [
        Message::user([
            Content::text("Look."),
            Content::image(Media::url("https://a.example/cat.png", "image/png")),
            Content::document(Media::bytes(b"x", "application/pdf").with_name("a.pdf")),
        ]),
        assistant_message(json!("openai"), parts.clone(), std::slice::from_ref(&result)),
        assistant_message(Value::Null, parts, &[result]),
        Message::user("And?"),
    ];
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_p(0.5)
        .with_max_tokens(500)
        .with_seed(1)
        .with_reasoning_effort("low")
        .with_logprobs(3)
        .with_service_tier("flex")
        .with_parallel_tool_calls(false);
    let bare = Request::new(&messages);
    let full = bare
        .with_instructions("Be brief.")
        .with_tools(Tools::new(&WEATHER))
        .with_output(Some(OUTPUT))
        .with_settings(&settings);
    let chat = r#"{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#;
    let responses = validator(&spec, "CreateResponse");
    let completions = validator(&spec, "CreateChatCompletionRequest");
    for request in [
        bare,
        full,
        full.with_tool_choice(ToolChoice::Required),
        full.with_tool_choice(ToolChoice::None),
        full.with_tool_choice(ToolChoice::Tool("weather")),
    ] {
        let server = Server::start([Answer::json(EMPTY), Answer::json(chat)]).await;
        model(&server).complete(request).await.unwrap();
        let builder = OpenAi::builder("gpt-5-mini").api_key("k").base_url(&server.url);
        let builder = builder.quirks(agno::provider::openai::Quirks::OPENAI);
        builder.build().unwrap().complete(request).await.unwrap();
        let requests = server.requests();
        assert_valid(&responses, &requests[0].json());
        assert_valid(&completions, &requests[1].json());
    }

    let server = Server::start([Answer::json(r#"{"data":[{"embedding":[1]}]}"#)]).await;
    let builder = OpenAiEmbedder::builder("text-embedding-3-small")
        .api_key("k")
        .dimensions(2);
    builder
        .base_url(&server.url)
        .build()
        .unwrap()
        .embed(&["a"])
        .await
        .unwrap();
    assert_valid(
        &validator(&spec, "CreateEmbeddingRequest"),
        &server.requests()[0].json(),
    );
}
