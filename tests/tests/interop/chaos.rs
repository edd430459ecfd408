//! A mock that fails by chance, all the time, in every way it knows: patience gets every answer, and gets it whole.

use std::time::Duration;

use agno::model::Request;
use agno::model::layer::{RetryLayer, TimeoutLayer};
use agno::prelude::*;
use agno_tests::streamed;

use crate::Mock;

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn with_patience_every_answer_of_a_failing_server_is_whole() {
    let mock = Mock::chaotic();
    let retry = RetryLayer::new()
        .with_max_retries(9)
        .with_initial_backoff(Duration::from_millis(100))
        .with_max_backoff(Duration::from_secs(1))
        .with_stream_retries();
    // A stream of the mock that stalls does so for longer than this.
    let timeouts = TimeoutLayer::new()
        .with_first_token(Duration::from_secs(2))
        .with_between_tokens(Duration::from_millis(500));
    for (api, _, model) in mock.models("chaos") {
        let model = model.timeout(timeouts).retry(retry.clone());
        // Each asks its own question, whole and streamed: the mock says the same to the same question.
        let asked = (0..8).map(|number| {
            let model = &model;
            async move {
                let question = [Message::user(format!("Question {number}"))];
                let failed = |error| panic!("{api}, {number}: {error}");
                let whole = model
                    .complete(Request::new(&question))
                    .await
                    .unwrap_or_else(failed);
                let pieces = streamed(model, Request::new(&question))
                    .await
                    .unwrap_or_else(failed);
                assert_eq!(whole.message.text(), pieces.message.text(), "{api}, {number}");
                assert!(!whole.message.text().is_empty(), "{api}, {number}");
            }
        });
        futures_util::future::join_all(asked).await;
    }
}
