//! Sends requests to a mock that fails at random in every way it supports. With retries, every reply arrives complete.

use std::time::Duration;

use agno::model::Request;
use agno::model::layer::{RetryLayer, TimeoutLayer};
use agno::prelude::*;
use agno_tests::streamed;

use crate::Mock;

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn every_reply_from_a_failing_server_is_complete_after_retries() {
    let mock = Mock::chaotic();
    let retry = RetryLayer::new()
        .with_max_retries(9)
        .with_initial_backoff(Duration::from_millis(100))
        .with_max_backoff(Duration::from_secs(1))
        .with_stream_retries();
    // The mock's stalls last longer than the timeout between tokens.
    let timeouts = TimeoutLayer::new()
        .with_first_token(Duration::from_secs(2))
        .with_between_tokens(Duration::from_millis(500));
    for (api, _, model) in mock.models("chaos") {
        let model = model.timeout(timeouts).retry(retry.clone());
        // Each question is sent once with and once without streaming, and the mock gives the same answer both times.
        let runs = (0..8).map(|number| {
            let model = &model;
            async move {
                let question = [Message::user(format!("Question {number}"))];
                let failed = |error| panic!("{api}, {number}: {error}");
                let complete = model
                    .complete(Request::new(&question))
                    .await
                    .unwrap_or_else(failed);
                let streamed_reply = streamed(model, Request::new(&question))
                    .await
                    .unwrap_or_else(failed);
                assert_eq!(
                    complete.message.text(),
                    streamed_reply.message.text(),
                    "{api}, {number}"
                );
                assert!(!complete.message.text().is_empty(), "{api}, {number}");
            }
        });
        futures_util::future::join_all(runs).await;
    }
}
