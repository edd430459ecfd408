//! The embedding APIs: exact request JSON, every response format, and errors.

use agno::embed::{
    CohereEmbedder, DynEmbedder, Embedder, GeminiEmbedder, OllamaEmbedder, OpenAiEmbedder, Purpose,
};
use agno::model::{ModelErrorKind, Settings};
use agno::provider::openai;

use serde_json::{Value, json};

use agno_tests::server::{Answer, Received, Server};

const OPENAI: &str = r#"{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.5,-1]},
    {"object":"embedding","index":0,"embedding":"AACAPwAAAL8="}],"model":"m-1","usage":{"prompt_tokens":7,"total_tokens":7}}"#;
const GEMINI: &str =
    r#"{"embeddings":[{"values":[1,-0.5]},{"values":[0.5,-1]}],"usageMetadata":{"promptTokenCount":7}}"#;
const COHERE: &str = r#"{"id":"e","embeddings":{"float":[[1,-0.5],[0.5,-1]]},"texts":["a","b"],"meta":{"billed_units":{"input_tokens":7}}}"#;
const OLLAMA: &str =
    r#"{"model":"m-1","embeddings":[[1,-0.5],[0.5,-1]],"total_duration":1,"prompt_eval_count":7}"#;

/// Embeds two documents and then a query, and returns the requests that the server received.
async fn requests(answer: &str, question: &str, embedder: impl FnOnce(&str) -> DynEmbedder) -> Vec<Received> {
    let server = Server::start([Answer::json(answer), Answer::json(question)]).await;
    let embedder = embedder(&server.url);
    let embeddings = embedder.embed(&["a", "\"b\"\n"]).await.unwrap();
    assert_eq!(embeddings.vectors, [[1.0, -0.5], [0.5, -1.0]]);
    assert_eq!((embeddings.usage.input, embeddings.usage.output), (7, 0));
    assert_eq!(embedder.embed_query("c").await.unwrap(), [2.0]);
    server.requests()
}

#[tokio::test]
async fn openai_and_compatible_servers_get_the_correct_request_formats() {
    let question = r#"{"data":[{"embedding":[2]}]}"#;
    let received = requests(OPENAI, question, |url| {
        let builder = OpenAiEmbedder::builder("m").api_key("k").dimensions(2);
        builder.base_url(format!("{url}/v1")).build().unwrap().erase()
    })
    .await;
    assert_eq!(received[0].line, "POST /v1/embeddings HTTP/1.1");
    assert_eq!(received[0].header("authorization"), Some("Bearer k"));
    assert_eq!(
        received[0].json(),
        json!({"model": "m", "input": ["a", "\"b\"\n"], "dimensions": 2, "encoding_format": "base64"})
    );
    assert_eq!(
        received[1].json(),
        json!({"model": "m", "input": ["c"], "dimensions": 2, "encoding_format": "base64"})
    );
    for (row, body) in [
        (
            "mistral",
            json!({"model": "m", "input": ["c"], "output_dimension": 2, "user": "u"}),
        ),
        (
            "nvidia",
            json!({"model": "m", "input": ["c"], "dimensions": 2, "input_type": "query", "user": "u"}),
        ),
        (
            "vllm",
            json!({"model": "m", "input": ["c"], "dimensions": 2, "user": "u"}),
        ),
    ] {
        let received = requests(OPENAI, question, |url| {
            let row = openai::Server::named(row).unwrap();
            let builder = OpenAiEmbedder::builder("m")
                .server(*row)
                .api_key("k")
                .dimensions(2);
            let settings = Settings::new().with_extra("user", "u");
            builder.settings(settings).base_url(url).build().unwrap().erase()
        })
        .await;
        assert_eq!(received[1].json(), body, "{row}");
    }
}

#[tokio::test]
async fn gemini_gets_its_request_format() {
    let received = requests(GEMINI, r#"{"embeddings":[{"values":[2]}]}"#, |url| {
        let builder = GeminiEmbedder::builder("models/m").api_key("k").dimensions(2);
        builder.base_url(format!("{url}/v1beta")).build().unwrap().erase()
    })
    .await;
    assert_eq!(
        received[0].line,
        "POST /v1beta/models/m:batchEmbedContents HTTP/1.1"
    );
    assert_eq!(received[0].header("x-goog-api-key"), Some("k"));
    let request = |text: &str, kind: &str| json!({"model": "models/m", "content": {"parts": [{"text": text}]}, "taskType": kind, "outputDimensionality": 2});
    assert_eq!(
        received[0].json(),
        json!({"requests": [request("a", "RETRIEVAL_DOCUMENT"), request("\"b\"\n", "RETRIEVAL_DOCUMENT")]})
    );
    assert_eq!(
        received[1].json(),
        json!({"requests": [request("c", "RETRIEVAL_QUERY")]})
    );
}

#[tokio::test]
async fn cohere_gets_its_request_format() {
    let received = requests(COHERE, r#"{"embeddings":{"float":[[2]]}}"#, |url| {
        let builder = CohereEmbedder::builder("m").api_key("k").dimensions(2);
        let settings = Settings::new().with_extra("truncate", "START");
        builder
            .settings(settings)
            .base_url(format!("{url}/v2"))
            .build()
            .unwrap()
            .erase()
    })
    .await;
    assert_eq!(received[0].line, "POST /v2/embed HTTP/1.1");
    assert_eq!(received[0].header("authorization"), Some("Bearer k"));
    let body = |texts: Value, kind: &str| json!({"model": "m", "texts": texts, "input_type": kind, "embedding_types": ["float"], "output_dimension": 2, "truncate": "START"});
    assert_eq!(
        received[0].json(),
        body(json!(["a", "\"b\"\n"]), "search_document")
    );
    assert_eq!(received[1].json(), body(json!(["c"]), "search_query"));
}

#[tokio::test]
async fn ollama_gets_its_request_format() {
    let received = requests(OLLAMA, r#"{"embeddings":[[2]]}"#, |url| {
        let builder = OllamaEmbedder::builder("m").dimensions(2);
        builder.base_url(format!("{url}/v1/")).build().unwrap().erase()
    })
    .await;
    assert_eq!(received[0].line, "POST /api/embed HTTP/1.1");
    assert_eq!(
        received[0].json(),
        json!({"model": "m", "input": ["a", "\"b\"\n"], "dimensions": 2})
    );
}

#[tokio::test]
async fn each_purpose_is_sent_if_the_api_supports_it() {
    for (purpose, gemini, cohere) in [
        (Purpose::Similarity, "SEMANTIC_SIMILARITY", "search_document"),
        (Purpose::Classification, "CLASSIFICATION", "classification"),
        (Purpose::Clustering, "CLUSTERING", "clustering"),
    ] {
        let server = Server::start([Answer::json(GEMINI), Answer::json(COHERE)]).await;
        let builder = GeminiEmbedder::builder("m").base_url(&server.url);
        builder
            .build()
            .unwrap()
            .embed_as(purpose, &["a", "b"])
            .await
            .unwrap();
        let builder = CohereEmbedder::builder("m").base_url(&server.url);
        builder
            .build()
            .unwrap()
            .embed_as(purpose, &["a", "b"])
            .await
            .unwrap();
        let received = server.requests();
        assert_eq!(received[0].json()["requests"][0]["taskType"], json!(gemini));
        assert_eq!(received[1].json()["input_type"], json!(cohere));
    }
}

#[tokio::test]
async fn each_error_has_the_correct_kind_and_contains_no_secret() {
    use ModelErrorKind as Kind;

    let error = |code: &str| format!(r#"{{"error":{{"message":"canary sk-canary","code":"{code}"}}}}"#);
    for (answer, kind, status) in [
        (
            Answer::error(401, &error("invalid_api_key")),
            Kind::Authentication,
            Some(401),
        ),
        (Answer::error(404, ""), Kind::NotFound, Some(404)),
        (
            Answer::error(429, &error("insufficient_quota")),
            Kind::QuotaExceeded,
            Some(429),
        ),
        (
            Answer::error(503, "").header("retry-after", "3"),
            Kind::Overloaded,
            Some(503),
        ),
        (
            Answer::new(200, "text/html", "<html>canary"),
            Kind::MalformedReply,
            Some(200),
        ),
        (Answer::json("canary"), Kind::MalformedReply, None),
        (
            Answer::json(r#"{"data":[{"embedding":[1]}]}"#),
            Kind::MalformedReply,
            None,
        ),
        (
            Answer::json(r#"{"data":[{"embedding":[1]},{"embedding":[]}]}"#),
            Kind::MalformedReply,
            None,
        ),
        (
            Answer::json(r#"{"data":[{"embedding":[1]},{"embedding":["canary"]}]}"#),
            Kind::MalformedReply,
            None,
        ),
        (
            Answer::json(error("rate_limit_exceeded")),
            Kind::RateLimited,
            None,
        ),
        (Answer::json(r#"{"data":["#).truncated(), Kind::Network, None),
    ] {
        let server = Server::start([answer]).await;
        let builder = OpenAiEmbedder::builder("m").api_key("sk-canary");
        let builder = builder
            .base_url(format!("{}/v1?key=canary", server.url))
            .header("x-secret", "canary");
        let mut texts = format!("{builder:?}");
        let embedder = builder.build().unwrap();
        texts.push_str(&format!("{embedder:?}"));
        let error = embedder.embed(&["canary", "canary"]).await.unwrap_err();
        texts.push_str(&format!("{error} {error:?}"));
        assert_eq!((error.kind(), error.status()), (kind, status), "{error}");
        assert_eq!(error.retry_after().is_some(), status == Some(503));
        assert!(!texts.contains("canary"), "{texts}");
        assert!(!error.provider_message().unwrap_or_default().contains("sk-canary"));
    }
}

#[test]
fn an_invalid_configuration_is_reported_by_the_builder() {
    let error = OpenAiEmbedder::builder("").api_key("k").build().unwrap_err();
    assert!(error.to_string().contains("name is empty"), "{error}");
    let error = OpenAiEmbedder::compatible("opnai", "m").unwrap_err();
    assert!(error.to_string().contains("did you mean `openai`"), "{error}");
    let error = CohereEmbedder::builder("m")
        .api_key("k")
        .base_url("ftp://a")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Configuration);
}
