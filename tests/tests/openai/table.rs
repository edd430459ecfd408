//! The table: each row is whole, and each difference it names is there in what is asked.

use agno::Message;
use agno::message::{Content, Media};
use agno::model::{Model, ModelErrorKind, Request, Settings, ToolChoice, Tools};
use agno::provider::OpenAi;
use agno::provider::openai::{self, KeyHeader, SERVERS};
use serde_json::{Value, json};

use crate::requests::{HELLO, OUTPUT, Weather};
use agno_tests::isolated;
use agno_tests::server::{Answer, Asked, Server};

#[test]
fn every_row_is_whole() {
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

/// What a server of this row hears, asked under its bare address.
async fn asked(row: &str, request: Request<'_>) -> Asked {
    let server = Server::start([Answer::json(HELLO)]).await;
    let row = openai::Server::named(row).unwrap();
    let builder = OpenAi::builder("m")
        .server(*row)
        // OpenAI itself at another address is taken for a server that only speaks its API.
        .quirks(row.quirks)
        .api_key("k")
        .base_url(&server.url);
    builder.build().unwrap().complete(request).await.unwrap();
    server.asked().remove(0)
}

#[tokio::test]
async fn each_rows_differences_are_there_in_what_is_asked() {
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
        let required = asked(row.name, request.with_tool_choice(ToolChoice::Required))
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
        let word = if quirks.tool_choice_required == "auto" {
            Value::Null
        } else {
            json!(quirks.tool_choice_required)
        };
        assert_eq!(required["tool_choice"], word, "{}", row.name);

        let named = asked(row.name, request.with_tool_choice(ToolChoice::Tool("weather")))
            .await
            .json();
        let by_name = json!({"type": "function", "function": {"name": "weather"}});
        assert_eq!(
            named["tool_choice"],
            if quirks.tool_choice_named { by_name } else { word },
            "{}",
            row.name
        );

        let forbidden = asked(row.name, request.with_tool_choice(ToolChoice::None))
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
async fn the_shape_of_an_answer_is_asked_for_as_each_row_can() {
    let request = agno_tests::hello()
        .with_instructions("Be brief.")
        .with_output(Some(OUTPUT));
    let words = |body: &Value| {
        body["messages"][0]["content"]
            .as_str()
            .unwrap()
            .contains("JSON Schema")
    };
    for row in ["openai", "cerebras", "perplexity", "vercel", "sambanova"] {
        let body = asked(row, request).await.json();
        assert_eq!(body["response_format"]["type"], json!("json_schema"), "{row}");
        assert!(!words(&body), "{row}");
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
        let body = asked(row, request).await.json();
        assert_eq!(body["response_format"], json!({"type": "json_object"}), "{row}");
        assert!(words(&body), "{row}");
    }
    let body = asked("groq", request).await.json();
    assert_eq!(body["response_format"], Value::Null);
    assert_eq!(body["tools"][0]["function"]["name"], json!("final_answer"));
    for row in ["minimax", "internlm"] {
        let body = asked(row, request.with_tools(Tools::new(&Weather))).await.json();
        assert_eq!(body["response_format"], Value::Null, "{row}");
        assert_eq!(body["tools"].as_array().unwrap().len(), 1, "{row}");
        assert!(words(&body), "{row}");
    }
}

#[tokio::test]
async fn each_key_goes_into_its_header_and_each_request_to_its_path() {
    for row in SERVERS {
        let heard = asked(row.name, agno_tests::hello()).await;
        let (header, value) = match row.key_header {
            KeyHeader::Named(name) => (name, "k"),
            _ => ("authorization", "Bearer k"),
        };
        assert_eq!(heard.header(header), Some(value), "{}", row.name);
        let path = format!("POST {}/chat/completions HTTP/1.1", row.base_path);
        assert_eq!(heard.line, path, "{}", row.name);
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
fn an_account_without_an_address_is_asked_for_it() {
    isolated("table::an_account_without_an_address_is_asked_for_it", || {
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
async fn mistral_gets_documents_as_its_own_api_has_them() {
    let pdf = "application/pdf";
    let documents = [Message::user([
        Content::document(Media::bytes(b"%PDF", pdf).with_name("a.pdf")),
        Content::document(Media::url("https://shop.example/b.pdf", pdf)),
        Content::document(Media::id("file-3", pdf)),
    ])];
    let body = asked("mistral", Request::new(&documents)).await.json();
    assert_eq!(
        body["messages"][0]["content"],
        json!([
            {"type": "document_url", "document_url": "data:application/pdf;base64,JVBERg==", "document_name": "a.pdf"},
            {"type": "document_url", "document_url": "https://shop.example/b.pdf"},
            {"type": "file", "file_id": "file-3"},
        ])
    );
}

/// The list of providers says whose key each wants; the error of a missing key is made where the model is built.
#[test]
fn a_missing_key_is_asked_for_by_the_variable_that_the_list_names() {
    isolated(
        "table::a_missing_key_is_asked_for_by_the_variable_that_the_list_names",
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
                let is_asked = known
                    .key_variables
                    .first()
                    .is_some_and(|name| text.contains(name));
                // Where each account has an address of its own, that is asked for first.
                let is_elsewhere = matches!(known.name, "azure" | "bedrock");
                assert!(is_asked || is_elsewhere, "{}: {text}", known.name);
            }
            assert_eq!(without_key, ["lmstudio", "vllm", "llamacpp", "ollama"]);
        },
    );
}
