//! Cache keys cover everything that affects a reply, and contain no secrets.

use agno::model::layer::{CacheKey, CircuitBreakerLayer, RateLimitLayer, RetryLayer, TimeoutLayer};
use agno::model::{Model, ModelExt, Request, ScriptedModel, Settings};
use agno::provider::{Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAi, OpenAiResponses};
use agno::{AnyModel, DynModel, Message};
use std::time::Duration;

#[test]
fn the_key_covers_everything_that_affects_the_reply() {
    use agno::message::{Content, Media};
    use agno::model::{OutputSchema, ToolChoice};

    let model = ScriptedModel::new();
    let (hello, settings) = ([Message::user("Hello")], Settings::new().with_seed(1));
    let image = |url: &str| {
        [Message::user([
            Content::text("Hello"),
            Content::image(Media::url(url, "image/png")),
        ])]
    };
    let (a, b) = (image("https://a.example"), image("https://b.example"));
    let messages = [Message::user("Hello"), Message::user("")];
    let output = OutputSchema::new("trip", r#"{"name":"trip","schema":{}}"#, None);
    let request = Request::new(&hello);
    let requests = [
        request,
        Request::new(&messages),
        Request::new(&a),
        Request::new(&b),
        request.with_instructions("Hello"),
        request.with_settings(&settings),
        request.with_tool_choice(ToolChoice::None),
        request.with_tool_choice(ToolChoice::Tool("a")),
        request.with_tool_choice(ToolChoice::Tool("b")),
        request.with_output(Some(output)),
    ];
    let mut keys: Vec<CacheKey> = requests
        .iter()
        .map(|request| CacheKey::new(&model, request))
        .collect();
    let at = |url: &str, settings: Settings| {
        OpenAi::builder("m")
            .api_key("k")
            .base_url(url)
            .settings(settings)
            .build()
            .unwrap()
    };
    keys.push(CacheKey::new(
        &at("http://a.example/v1", Settings::new()),
        &request,
    ));
    keys.push(CacheKey::new(
        &at("http://b.example/v1", Settings::new()),
        &request,
    ));
    keys.push(CacheKey::new(&at("http://a.example/v1", settings), &request));
    keys.sort();
    let all = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), all);
}

/// Returns a model of each provider, built with these options.
fn every_provider(key: &str, query: &str, header: &str) -> Vec<DynModel> {
    let url = format!("http://a.example/v1{query}");
    macro_rules! built {
        ($($provider:ident)*) => {
            vec![$($provider::builder("m")
                .base_url(&url)
                .api_key(key)
                .header("x-portkey-config", header)
                .build()
                .unwrap()
                .erase()),*]
        };
    }
    built![OpenAi OpenAiResponses Anthropic Gemini Ollama Cohere Bedrock]
}

#[test]
fn the_fingerprint_covers_the_key_the_query_and_the_headers_of_every_provider() {
    let variants = [
        ("sk-a", "", "tenant-a"),
        ("sk-b", "", "tenant-a"),
        ("sk-a", "", "tenant-b"),
        ("sk-a", "?api=query-a", "tenant-a"),
        ("sk-a", "?api=query-b", "tenant-a"),
    ];
    let fingerprints = || {
        variants.map(|(key, query, header)| {
            every_provider(key, query, header)
                .iter()
                .map(Model::fingerprint)
                .collect::<Vec<_>>()
        })
    };
    let first = fingerprints();
    assert_eq!(first, fingerprints(), "equal models have equal fingerprints");
    let mut all = first.concat();
    for print in &all {
        for secret in ["sk-", "tenant-", "query-"] {
            assert!(!print.contains(secret), "{print}");
        }
    }
    all.sort();
    let count = all.len();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn the_fingerprint_covers_signing_credentials_url_users_and_api_options() {
    let signed = |access_key: &str, secret: &str, region: &str| {
        let bedrock = Bedrock::builder("m").region(region);
        bedrock
            .credentials(access_key, secret, None)
            .build()
            .unwrap()
            .fingerprint()
    };
    let summary = |summary: &str| {
        let model = OpenAiResponses::builder("m").api_key("k");
        model.reasoning_summary(summary).build().unwrap().fingerprint()
    };
    let user = |user: &str| {
        let model = Ollama::builder("m").base_url(format!("http://{user}:password@a.example"));
        model.build().unwrap().fingerprint()
    };
    let mut all = vec![
        signed("AKIDA", "secret", "eu-west-1"),
        signed("AKIDB", "secret", "eu-west-1"),
        signed("AKIDA", "other", "eu-west-1"),
        signed("AKIDA", "secret", "us-east-1"),
        summary("auto"),
        summary("detailed"),
        user("ann"),
        user("bob"),
    ];
    assert!(
        all.iter()
            .all(|print| !print.contains("AKID") && !print.contains("secret"))
    );
    all.sort();
    let count = all.len();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn layers_and_erased_models_keep_the_fingerprint() {
    let model = || OpenAi::builder("m").api_key("k").build().unwrap();
    let print = model().fingerprint();
    let layered = model()
        .timeout(TimeoutLayer::new())
        .circuit_breaker(CircuitBreakerLayer::new(1, Duration::from_secs(1)))
        .retry(RetryLayer::new())
        .rate_limit(RateLimitLayer::new())
        .concurrency_limit(1);
    assert_eq!(layered.fingerprint(), print);
    assert_eq!(layered.erase().fingerprint(), print);
    assert_eq!(AnyModel::from(model().erase()).fingerprint(), print);
    let pair = model().fallback(ScriptedModel::new()).fingerprint();
    assert!(pair.contains(&print) && pair != print, "{pair}");
}
