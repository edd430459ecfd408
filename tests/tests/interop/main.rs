//! Tests against third-party software: a mock of several providers that injects faults, and the types of the official SDKs.
//!
//! `make interop` starts two instances of the mock, sets their URLs in the environment and runs the ignored tests of this
//! program; see `scripts/interop/run.py`. The mock is llmock: `POST /_llmock/scenario` sets its replies and faults by model
//! name, so each test uses separate models. The tests in `fields.rs` need no mock, so they always run.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod agents;
mod answers;
mod bodies;
mod chaos;
mod faults;
mod fields;

use agno::AnyModel;
use agno::model::Model;
use agno::provider::openai;
use agno::provider::{Anthropic, Bedrock, Cohere, Gemini, OpenAi, OpenAiResponses, client_builder};
use agno_tests::require;
use serde_json::{Value, json};

/// The mock's APIs: the name that agno uses for the provider, and the path of the base URL.
const APIS: [(&str, &str); 9] = [
    ("openai", "/v1"),
    ("openai-responses", "/v1"),
    ("anthropic", "/anthropic"),
    ("gemini", "/gemini/v1beta"),
    ("cohere", "/cohere/v2"),
    ("mistral", "/mistral/v1"),
    ("groq", "/groq/openai/v1"),
    ("together", "/together/v1"),
    ("xai", "/xai/v1"),
];

/// A running mock.
struct Mock {
    url: String,
}

impl Mock {
    /// Returns the mock that fails on demand.
    fn scripted() -> Self {
        Self {
            url: require("AGNO_INTEROP_MOCK"),
        }
    }

    /// Returns the mock that fails at random.
    fn chaotic() -> Self {
        Self {
            url: require("AGNO_INTEROP_CHAOS"),
        }
    }

    /// Returns a model that the mock serves with a provider's API.
    fn model(&self, api: &str, name: &str) -> AnyModel {
        let (_, path) = APIS.iter().find(|(known, _)| *known == api).unwrap();
        let url = format!("{}{path}", self.url);
        model_at(api, name, &url)
    }

    /// Returns the provider name, the model name and the model for each of the mock's APIs. The model is named after the
    /// test and the provider.
    fn models(&self, test: &str) -> impl Iterator<Item = (&'static str, String, AnyModel)> + use<'_> {
        let test = test.to_owned();
        APIS.iter().map(move |(api, _)| {
            let name = format!("{test}-{api}");
            let model = self.model(api, &name);
            (*api, name, model)
        })
    }

    /// Sets the mock's behavior for requests to a model.
    async fn script(&self, model: &str, behaviors: impl IntoIterator<Item = Value>) {
        let behaviors: Vec<Value> = behaviors
            .into_iter()
            .map(|mut behavior| {
                behavior["match"] = json!({"model": model});
                behavior
            })
            .collect();
        let answer = client_builder()
            .unwrap()
            .build()
            .unwrap()
            .post(format!("{}/_llmock/scenario", self.url))
            .body(json!({"behaviors": behaviors}).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    }

    /// Returns the model name in each request that the mock has received.
    async fn requests(&self) -> Vec<String> {
        let answer = client_builder()
            .unwrap()
            .build()
            .unwrap()
            .get(format!("{}/_llmock/requests", self.url))
            .send()
            .await
            .unwrap();
        let journal: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let requests = journal["requests"].as_array().unwrap();
        let model = |request: &Value| request["model"].as_str().unwrap_or_default().to_owned();
        requests.iter().map(model).collect()
    }
}

/// Returns a provider's model with a custom base URL.
fn model_at(api: &str, name: &str, url: &str) -> AnyModel {
    let model: AnyModel = match api {
        "openai-responses" => OpenAiResponses::builder(name)
            .api_key("test-key")
            .base_url(url)
            .build()
            .unwrap()
            .into(),
        "anthropic" => Anthropic::builder(name)
            .api_key("test-key")
            .base_url(url)
            .build()
            .unwrap()
            .into(),
        "gemini" => Gemini::builder(name)
            .api_key("test-key")
            .base_url(url)
            .build()
            .unwrap()
            .into(),
        "cohere" => Cohere::builder(name)
            .api_key("test-key")
            .base_url(url)
            .build()
            .unwrap()
            .into(),
        "bedrock" => Bedrock::builder(name)
            .api_key("test-key")
            .region("eu-west-1")
            .base_url(url)
            .build()
            .unwrap()
            .into(),
        "ollama" => agno::provider::Ollama::builder(name)
            .base_url(url)
            .build()
            .unwrap()
            .into(),
        chat => {
            let provider = openai::Server::named(chat).unwrap();
            OpenAi::builder(name)
                .server(*provider)
                // With a custom base URL, agno would replace OpenAI's quirks with the defaults for compatible servers.
                .quirks(provider.quirks)
                .api_key("test-key")
                .base_url(url)
                .build()
                .unwrap()
                .into()
        }
    };
    assert_eq!(model.id().name, name);
    model
}
