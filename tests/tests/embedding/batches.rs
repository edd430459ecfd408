//! Batching: a long list of texts is split into several requests, which are sent a few at a time. The vectors are combined
//! in the order of the texts.

use std::sync::Arc;

use agno::ModelError;
use agno::embed::{DynEmbedder, Embedder, Embeddings, OpenAiEmbedder, Purpose};
use agno::model::{ModelErrorKind, ModelId};
use serde_json::{Value, json};

use agno_tests::server::{Answer, Server};

/// Returns an answer with one vector per number.
fn answer(numbers: impl IntoIterator<Item = usize>) -> Answer {
    let data = numbers.into_iter().map(|number| json!({"embedding": [number]}));
    let data: Vec<Value> = data.collect();
    let tokens = data.len();
    Answer::json(json!({"model": "m-1", "data": data, "usage": {"total_tokens": tokens}}).to_string())
}

fn embedder(server: &Server, texts: usize, concurrency: usize) -> OpenAiEmbedder {
    let builder = OpenAiEmbedder::builder("m").api_key("k").base_url(&server.url);
    builder.batch(texts).concurrency(concurrency).build().unwrap()
}

#[tokio::test]
async fn a_list_beyond_the_batch_limit_is_split_and_keeps_its_order() {
    let server = Server::start([answer(0..3), answer(3..6), answer(6..7)]).await;
    let texts: Vec<String> = (0..7).map(|number| format!("text {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let embeddings = embedder(&server, 3, 1).embed(&texts).await.unwrap();
    let numbers: Vec<f32> = embeddings.vectors.iter().map(|vector| vector[0]).collect();
    assert_eq!(numbers, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(embeddings.usage.input, 7);
    assert_eq!(embeddings.model.as_deref(), Some("m-1"));
    let inputs: Vec<Value> = server
        .requests()
        .iter()
        .map(|request| request.json()["input"].clone())
        .collect();
    assert_eq!(inputs, [json!(texts[..3]), json!(texts[3..6]), json!(texts[6..])]);
}

#[tokio::test]
async fn concurrent_requests_do_not_change_the_order() {
    // The server answers only after it has received all four requests.
    let server = Server::start((0..4).map(|_| answer([1]).after_requests(4))).await;
    let embeddings = embedder(&server, 1, 4)
        .embed(&["a", "b", "c", "d"])
        .await
        .unwrap();
    assert_eq!(embeddings.vectors.len(), 4);

    // The first request is answered last.
    let server = Server::start([answer([10]).after_answers(1), answer([11])]).await;
    let embeddings = embedder(&server, 1, 2).embed(&["a", "b"]).await.unwrap();
    let inputs: Vec<Value> = server
        .requests()
        .iter()
        .map(|request| request.json()["input"][0].clone())
        .collect();
    let first = if inputs[0] == json!("a") {
        [10.0, 11.0]
    } else {
        [11.0, 10.0]
    };
    assert_eq!(embeddings.vectors, [[first[0]], [first[1]]]);
}

#[tokio::test]
async fn no_request_is_sent_without_texts() {
    let server = Server::start([]).await;
    let embeddings = embedder(&server, 3, 1).embed(&[]).await.unwrap();
    assert_eq!(embeddings, Embeddings::default());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn the_first_failed_request_ends_the_call() {
    let server = Server::start([answer([0]), Answer::error(429, ""), answer([2])]).await;
    let error = embedder(&server, 1, 1).embed(&["a", "b", "c"]).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::RateLimited);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn batches_are_also_limited_by_size() {
    let server = Server::start([answer(0..2), answer(2..3)]).await;
    let builder = OpenAiEmbedder::builder("m").api_key("k").base_url(&server.url);
    let embedder = builder.batch_bytes(10).concurrency(1).build().unwrap();
    embedder.embed(&["12345", "12345", "12345"]).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

/// A user-defined embedder.
struct Length;

impl Embedder for Length {
    fn id(&self) -> ModelId<'_> {
        ModelId::new("length", "1")
    }

    async fn embed_as(&self, purpose: Purpose, texts: &[&str]) -> Result<Embeddings, ModelError> {
        let sign = if purpose == Purpose::Query { -1.0 } else { 1.0 };
        let lengths = texts.iter().map(|text| vec![sign * text.len() as f32]);
        Ok(Embeddings::new(lengths.collect::<Vec<_>>()))
    }
}

#[tokio::test]
async fn pointers_and_erased_embedders_forward_to_the_embedder() {
    async fn check(embedder: impl Embedder) {
        assert_eq!(embedder.id().to_string(), "length:1");
        assert_eq!(embedder.dimensions(), None);
        assert_eq!(embedder.embed(&["abc"]).await.unwrap().vectors, [[3.0]]);
        assert_eq!(embedder.embed_query("abc").await.unwrap(), [-3.0]);
    }
    let erased: DynEmbedder = Length.erase();
    assert!(format!("{erased:?}").contains("length"));
    check(erased.clone().erase()).await;
    check(&Length).await;
    check(Arc::new(Length)).await;
    check(Box::new(erased)).await;
    // The future is `Send`.
    tokio::spawn(check(Length)).await.unwrap();
}
