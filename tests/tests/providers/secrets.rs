//! Credentials in headers and URLs never appear in errors from providers and embedders, even if the server repeats
//! them.

use agno::embed::{CohereEmbedder, DynEmbedder, Embedder, GeminiEmbedder, OllamaEmbedder, OpenAiEmbedder};
use agno::model::{DynModel, Model, ModelError};
use agno::provider::{Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAi, OpenAiResponses};
use agno_tests::server::{Answer, Server};
use agno_tests::{hello, streamed};
use serde_json::json;

/// A marker that every secret contains.
const CANARY: &str = "canary";

/// The secrets, as a server may repeat them.
const SECRETS: [&str; 10] = [
    "Bearer canary-bearer",
    "canary-bearer",
    "canary-custom-header",
    "canary-api-key",
    "sid=canary-cookie",
    "canary-cookie",
    "canary-query-value",
    "canary%2Dquery%2Dvalue",
    "canary0123456789canary",
    "canary-proxy",
];

/// The headers that `build!` sets on each builder.
const HEADERS: [(&str, &str); 5] = [
    ("authorization", "Bearer canary-bearer"),
    ("x-portkey-config", "canary-custom-header"),
    ("api-key", "canary-api-key"),
    ("cookie", "sid=canary-cookie"),
    ("proxy-authorization", "Basic dXNlcjpjYW5hcnktcHJveHk="),
];

fn url(server: &Server) -> String {
    format!(
        "{}/canary0123456789canary/v1?x=canary%2Dquery%2Dvalue",
        server.url
    )
}

/// Builds each model or embedder with all `HEADERS`.
macro_rules! build {
    ($server:expr; $($name:ident),* $(,)?) => {
        vec![$({
            let mut builder = $name::builder("m").base_url(url($server));
            for (name, value) in HEADERS {
                builder = builder.header(name, value);
            }
            builder.build().unwrap().erase()
        }),*]
    };
}

fn models(server: &Server) -> Vec<DynModel> {
    let mut models = build![server; OpenAi, OpenAiResponses, Anthropic, Gemini, Cohere, Ollama];
    let builder = Bedrock::builder("m").region("eu-west-1");
    let builder = builder.credentials("AKID", "canary-bearer", Some("canary-custom-header".into()));
    models.push(builder.base_url(&server.url).build().unwrap().erase());
    models
}

fn embedders(server: &Server) -> Vec<DynEmbedder> {
    build![server; OpenAiEmbedder, GeminiEmbedder, CohereEmbedder, OllamaEmbedder]
}

/// Returns the display and debug output of an error, and the provider's message.
fn texts(error: &ModelError) -> String {
    format!(
        "{error} {error:?} {error:#?} {}",
        error.provider_message().unwrap_or_default()
    )
}

/// Returns answers that repeat a secret in each field of an error, both with error statuses and with status 200.
fn echoes(secret: &str) -> Vec<Answer> {
    let error =
        json!({"message": format!("invalid '{secret}'"), "type": secret, "param": secret, "code": secret});
    let body = json!({"error": error, "detail": [{"input": secret}]}).to_string();
    vec![
        Answer::error(400, &body),
        Answer::error(401, &body),
        Answer::error(404, &body),
        Answer::json(body.clone()),
        Answer::new(200, "text/event-stream", format!("data: {body}\n\n")),
    ]
}

#[tokio::test]
async fn credentials_that_a_server_repeats_do_not_appear_in_errors() {
    for (at, secret) in SECRETS.into_iter().enumerate() {
        let server = Server::start((0..14).flat_map(|_| echoes(secret))).await;
        let mut models = models(&server);
        if at > 2 {
            // The Bedrock model has only the first three secrets.
            models.pop();
        }
        for model in &models {
            let mut shown = String::new();
            for _ in 0..4 {
                shown.push_str(&texts(&model.complete(hello()).await.unwrap_err()));
            }
            shown.push_str(&texts(&streamed(model, hello()).await.unwrap_err()));
            for _ in 0..4 {
                shown.push_str(&texts(&streamed(model, hello()).await.unwrap_err()));
            }
            shown.push_str(&texts(&model.complete(hello()).await.unwrap_err()));
            assert!(!shown.contains(CANARY), "{model:?}: {secret} in {shown}");
        }
    }
    for secret in SECRETS {
        let server = Server::start((0..4).flat_map(|_| echoes(secret))).await;
        for embedder in embedders(&server) {
            for _ in 0..5 {
                let shown = texts(&embedder.embed(&["a"]).await.unwrap_err());
                assert!(!shown.contains(CANARY), "{embedder:?}: {secret} in {shown}");
            }
        }
    }
}

#[tokio::test]
async fn credentials_in_the_url_are_redacted_in_every_encoding() {
    for secret in [
        "canary%21pass",
        "canary!pass",
        "user:canary!pass",
        "dXNlcjpjYW5hcnkhcGFzcw==",
        "Basic dXNlcjpjYW5hcnkhcGFzcw==",
    ] {
        let server = Server::start(echoes(secret)).await;
        let base = server.url.replace("http://", "http://user:canary%21pass@");
        // This server does not read a key from the environment, which may contain one.
        let acme = agno::provider::openai::Server::new("acme", "");
        let model = OpenAi::builder("m").server(acme).base_url(base).build().unwrap();
        for _ in 0..4 {
            let shown = texts(&model.complete(hello()).await.unwrap_err());
            assert!(
                !shown.contains(CANARY) && !shown.contains("dXNlcjp"),
                "{secret} in {shown}"
            );
        }
    }
}

#[tokio::test]
async fn public_values_stay_readable_in_errors() {
    let body = r#"{"error":{"message":"unknown beta files-2099-01-01; use api-version 2026-01-01"}}"#;
    let server = Server::start([Answer::error(400, body)]).await;
    let builder = Anthropic::builder("m")
        .api_key("k-secret")
        .header("anthropic-beta", "files-2099-01-01");
    let builder = builder.base_url(format!("{}/v1?api-version=2026-01-01", server.url));
    let error = builder.build().unwrap().complete(hello()).await.unwrap_err();
    assert_eq!(
        error.provider_message(),
        Some("unknown beta files-2099-01-01; use api-version 2026-01-01")
    );
}
