//! Token counts: a streamed reply is marked if the stream ends before the counts arrive.

use agno::Declared;
use agno::model::Usage;
use agno_tests::server::{Answer, Server};

use crate::{complete, streamed};

const TEXT: &str = r#"{"choices":[{"delta":{"content":"Hello"},"finish_reason":"stop"}]}"#;
const USAGE: &str = r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#;

#[tokio::test]
async fn a_stream_that_ends_before_its_usage_is_marked_as_unreported() {
    let server = Server::start([
        Answer::raw_events([TEXT]),
        Answer::raw_events([TEXT]).truncated(),
        Answer::raw_events([TEXT, USAGE]),
        Answer::raw_events([TEXT, USAGE]).truncated(),
        Answer::events([TEXT, USAGE]),
        // The server does not count tokens.
        Answer::events([TEXT]),
    ])
    .await;
    let model = server.model();
    for (unreported, usage) in [
        (1, Usage::new(0, 0)),
        (1, Usage::new(0, 0)),
        (0, Usage::new(3, 1)),
        (0, Usage::new(3, 1)),
        (0, Usage::new(3, 1)),
        (0, Usage::new(0, 0)),
    ] {
        let reply = streamed(&model).await.unwrap();
        assert_eq!(reply.message.text(), "Hello");
        assert_eq!(reply.usage.unreported, unreported);
        assert_eq!(reply.usage.is_complete(), unreported == 0);
        assert_eq!(
            (reply.usage.input, reply.usage.output),
            (usage.input, usage.output)
        );
    }
}

#[tokio::test]
async fn the_usage_of_a_run_counts_the_replies_without_usage() {
    let server = Server::start([
        Answer::raw_events([
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"1","function":{"name":"echo","arguments":"{\"text\":\"a\"}"}}]},"finish_reason":"tool_calls"}]}"#,
        ]),
        Answer::events([TEXT, USAGE]),
    ])
    .await;
    let (assistant, _) = agno_tests::assistant();
    let answer = assistant
        .with(server.model())
        .stream("Hello")
        .answer()
        .await
        .unwrap();
    assert_eq!((answer.usage.input, answer.usage.unreported), (3, 1));
    let json = serde_json::to_value(answer.usage).unwrap();
    assert_eq!(json["unreported"], 1);
    assert!(
        serde_json::to_value(Usage::new(3, 1))
            .unwrap()
            .get("unreported")
            .is_none()
    );
}

#[tokio::test]
async fn a_complete_reply_without_usage_is_not_marked() {
    let body = r#"{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#;
    let server = Server::start([Answer::json(body)]).await;
    assert!(complete(&server.model()).await.unwrap().usage.is_complete());
}
