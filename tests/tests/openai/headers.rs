//! Response headers: an invalid value is ignored, an excessive value is limited, and neither causes a panic.

use std::time::Duration;

use agno_tests::server::{Answer, Server};

use crate::{complete, streamed};

#[tokio::test]
async fn an_invalid_delay_in_a_header_is_ignored() {
    for value in [
        "Sun, 06 Nov 2094 08:300000000000000000:00 GMT",
        "Sat, 06 Nov 2094 08:300000000000000000:00 GMT",
        "Sun, 06 Nov 1994 08:00:18446744073709551615 GMT",
        "99999999999999999999999999 GMT",
        "-1",
        "NaN",
    ] {
        let answer = Answer::error(503, "{}").header("retry-after", value);
        let server = Server::start([answer.clone(), answer]).await;
        let model = server.model();
        assert_eq!(complete(&model).await.unwrap_err().retry_after(), None, "{value}");
        assert_eq!(streamed(&model).await.unwrap_err().retry_after(), None, "{value}");
    }
}

#[tokio::test]
async fn an_invalid_reset_time_in_a_header_is_ignored() {
    let body = r#"{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#;
    for (value, reset) in [
        ("2026-11-22T00:18446744073709551615:00Z", None),
        ("2026-11-22T18446744073709551615:00:00Z", None),
        ("99999999h", Some(Duration::from_secs(366 * 86_400))),
        ("99999999999999999999999h", None),
        ("1m30s", Some(Duration::from_secs(90))),
    ] {
        let answer = Answer::json(body)
            .header("x-ratelimit-remaining-requests", "5")
            .header("x-ratelimit-reset-requests", value);
        let server = Server::start([answer]).await;
        let reply = complete(&server.model()).await.unwrap();
        let limits = reply.details.unwrap().rate_limits.unwrap();
        assert_eq!(limits.requests.remaining, Some(5));
        assert_eq!(limits.requests.resets_in, reset, "{value}");
    }
}
