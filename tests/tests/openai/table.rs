//! The table of servers: each row is valid, and each difference it declares appears in the requests.

use agno::Message;
use agno::message::{Content, Media};
use agno::model::{Model, ModelErrorKind, Request, Settings, ToolChoice, Tools};
use agno::provider::OpenAi;
use agno::provider::openai::{self, KeyHeader, SERVERS};
use serde_json::{Value, json};

use crate::requests::{HELLO, OUTPUT, Weather};
use agno_tests::isolated;
use agno_tests::server::{Answer, Received, Server};

#[test]
fn every_row_is_valid() {
    for row in SERVERS {
        let is_local = row.base_url.starts_with("http://localhost:");
        assert!(
            is_local || row.base_url.starts_with("https://") || !row.base_path.is_empty(),
            "{}",
            row.name
        );
        assert_eq!(row.requires_key, !is_local, "{}", row.name);
        assert!(is_local || !row.key_variables.is_empty(), "{}", row.name);
        assert!(!row.base_url_variables.is_empty(), "{}", row.name);
        assert!(!row.base_url.ends_with('/'), "{}", row.name);
        let builder = OpenAi::builder("m").server(*row).api_key("k");
        let model = builder.base_url("http://localhost:1/v1").build().unwrap();
        assert_eq!(model.id().to_string(), format!("{}:m", row.name));
        assert_eq!(openai::Server::named(row.name), Some(row));
        let same = SERVERS.iter().filter(|other| other.name == row.name).count();
        assert_eq!(same, 1, "{}", row.name);
    }
}

/// Returns the request that the server in this row receives at its root URL.
async fn received(row: &str, request: Request<'_>) -> Received {
    let server = Server::start([Answer::json(HELLO)]).await;
    let row = openai::Server::named(row).unwrap();
    let builder = OpenAi::builder("m")
        .server(*row)
        // With another base URL, agno treats OpenAI as a compatible server and changes the quirks.
        .quirks(row.quirks)
        .api_key("k")
        .base_url(&server.url);
    builder.build().unwrap().complete(request).await.unwrap();
    server.requests().remove(0)
}

#[tokio::test]
async fn each_row_changes_the_requests_as_declared() {
    let settings = Settings::new()
        .with_max_tokens(9)
        .with_seed(3)
        .with_top_k(4)
        .with_parallel_tool_calls(true);
    for row in SERVERS {
        let quirks = row.quirks;
        let request = agno_tests::hello()
            .with_settings(&settings)
            .with_tools(Tools::new(&Weather));
        let required = received(row.name, request.with_tool_choice(ToolChoice::Required))
            .await
            .json();
        assert_eq!(required[quirks.max_tokens], json!(9), "{}", row.name);
        assert_eq!(required[quirks.seed], json!(3), "{}", row.name);
        assert_eq!(required["top_k"] == json!(4), quirks.top_k, "{}", row.name);
        assert_eq!(
            required["parallel_tool_calls"] == json!(true),
            quirks.parallel_tool_calls,
            "{}",
            row.name
        );
        let choice = if quirks.tool_choice_required == "auto" {
            Value::Null
        } else {
            json!(quirks.tool_choice_required)
        };
        assert_eq!(required["tool_choice"], choice, "{}", row.name);

        let named = received(row.name, request.with_tool_choice(ToolChoice::Tool("weather")))
            .await
            .json();
        let by_name = json!({"type": "function", "function": {"name": "weather"}});
        assert_eq!(
            named["tool_choice"],
            if quirks.tool_choice_named { by_name } else { choice },
            "{}",
            row.name
        );

        let forbidden = received(row.name, request.with_tool_choice(ToolChoice::None))
            .await
            .json();
        assert_eq!(
            forbidden["tool_choice"] == json!("none"),
            quirks.tool_choice_none,
            "{}",
            row.name
        );
        assert_eq!(
            forbidden["tools"] == Value::Null,
            !quirks.tool_choice_none,
            "{}",
            row.name
        );
    }
}

#[tokio::test]
async fn the_output_schema_is_sent_in_the_format_each_row_supports() {
    let request = agno_tests::hello()
        .with_instructions("Be brief.")
        .with_output(Some(OUTPUT));
    let is_in_prompt = |body: &Value| {
        body["messages"][0]["content"]
            .as_str()
            .unwrap()
            .contains("JSON Schema")
    };
    for row in ["openai", "cerebras", "perplexity", "vercel", "sambanova"] {
        let body = received(row, request).await.json();
        assert_eq!(body["response_format"]["type"], json!("json_schema"), "{row}");
        assert!(!is_in_prompt(&body), "{row}");
    }
    for row in [
        "deepseek",
        "glm",
        "zai",
        "qwen",
        "alibaba",
        "moonshot",
        "modelscope",
    ] {
        let body = received(row, request).await.json();
        assert_eq!(body["response_format"], json!({"type": "json_object"}), "{row}");
        assert!(is_in_prompt(&body), "{row}");
    }
    let body = received("groq", request).await.json();
    assert_eq!(body["response_format"], Value::Null);
    assert_eq!(body["tools"][0]["function"]["name"], json!("final_answer"));
    for row in ["minimax", "internlm"] {
        let body = received(row, request.with_tools(Tools::new(&Weather)))
            .await
            .json();
        assert_eq!(body["response_format"], Value::Null, "{row}");
        assert_eq!(body["tools"].as_array().unwrap().len(), 1, "{row}");
        assert!(is_in_prompt(&body), "{row}");
    }
}

#[tokio::test]
async fn each_row_sets_its_key_header_and_its_path() {
    for row in SERVERS {
        let request = received(row.name, agno_tests::hello()).await;
        let (header, value) = match row.key_header {
            KeyHeader::Named(name) => (name, "k"),
            _ => ("authorization", "Bearer k"),
        };
        assert_eq!(request.header(header), Some(value), "{}", row.name);
        let path = format!("POST {}/chat/completions HTTP/1.1", row.base_path);
        assert_eq!(request.line, path, "{}", row.name);
    }
    assert_eq!(
        openai::Server::named("azure").unwrap().key_header,
        KeyHeader::Named("api-key")
    );
    assert_eq!(
        openai::Server::named("portkey").unwrap().key_header,
        KeyHeader::Named("x-portkey-api-key")
    );
}

#[test]
fn an_account_without_a_base_url_is_an_error() {
    isolated("table::an_account_without_a_base_url_is_an_error", || {
        let azure = openai::Server::named("azure").unwrap();
        let builder = OpenAi::builder("m").server(*azure).api_key("k");
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::Configuration);
        let text = error.to_string();
        assert!(
            text.contains("AZURE_OPENAI_BASE_URL") && text.contains("`.base_url(..)`"),
            "{text}"
        );
    });
}

#[tokio::test]
async fn mistral_receives_documents_in_its_own_format() {
    let pdf = "application/pdf";
    let documents = [Message::user([
        Content::document(Media::bytes(b"%PDF", pdf).with_name("a.pdf")),
        Content::document(Media::url("https://shop.example/b.pdf", pdf)),
        Content::document(Media::id("file-3", pdf)),
    ])];
    let body = received("mistral", Request::new(&documents)).await.json();
    assert_eq!(
        body["messages"][0]["content"],
        json!([
            {"type": "document_url", "document_url": "data:application/pdf;base64,JVBERg==", "document_name": "a.pdf"},
            {"type": "document_url", "document_url": "https://shop.example/b.pdf"},
            {"type": "file", "file_id": "file-3"},
        ])
    );
}

/// The list of providers declares the key variables; the code that builds the model reports a missing key.
#[test]
fn the_error_for_a_missing_key_names_the_variable_in_the_list() {
    isolated(
        "table::the_error_for_a_missing_key_names_the_variable_in_the_list",
        || {
            let mut without_key = Vec::new();
            for known in agno::provider::PROVIDERS
                .iter()
                .filter(|known| known.name != "local")
            {
                let Err(error) = agno::AnyModel::named(&format!("{}:m", known.name)) else {
                    without_key.push(known.name);
                    continue;
                };
                let text = error.to_string();
                let is_named = known
                    .key_variables
                    .first()
                    .is_some_and(|name| text.contains(name));
                // Each account of these providers has its own URL, and a missing URL is reported first.
                let needs_url = matches!(known.name, "azure" | "bedrock");
                assert!(is_named || needs_url, "{}: {text}", known.name);
            }
            assert_eq!(without_key, ["lmstudio", "vllm", "llamacpp", "ollama"]);
        },
    );
}
