//! Errors: each failure becomes an error that has the correct kind, names a fix, and keeps the details.

use std::time::Duration;

use agno::AnyModel;
use agno::model::{Delta, Model, ModelErrorKind, Request};
use agno::provider::OpenAi;
use agno::{Message, ModelError};
use futures_util::StreamExt;

use crate::{complete, streamed};
use agno::__private::sse;
use agno_tests::isolated;
use agno_tests::server::{Answer, Server};

/// Returns the error for an answer. The error must be the same with and without streaming.
async fn error_of(answer: Answer) -> ModelError {
    let server = Server::start([answer.clone(), answer]).await;
    let model = server.model();
    let error = complete(&model).await.unwrap_err();
    let other = streamed(&model).await.unwrap_err();
    assert_eq!(error.to_string(), other.to_string());
    assert_eq!(error.kind(), other.kind());
    error
}

/// Returns the kind and the message of the error for a status and a body.
async fn error_for(status: u16, body: &str) -> (ModelErrorKind, String) {
    let error = error_of(Answer::error(status, body)).await;
    assert_eq!(error.status(), Some(status));
    (error.kind(), error.to_string())
}

#[tokio::test]
async fn each_status_maps_to_the_correct_kind() {
    use ModelErrorKind as Kind;

    for (status, kind, part) in [
        (401, Kind::Authentication, "OPENAI_API_KEY"),
        (403, Kind::Authentication, "OPENAI_API_KEY"),
        (402, Kind::QuotaExceeded, "credit"),
        (404, Kind::NotFound, "`test-model`"),
        (405, Kind::NotFound, "/v1/chat/completions"),
        (408, Kind::Timeout, "retry"),
        (413, Kind::ContextTooLong, "shorten"),
        (422, Kind::BadRequest, "provider_message"),
        (429, Kind::RateLimited, "wait"),
        (500, Kind::Overloaded, "later"),
        (503, Kind::Overloaded, "later"),
        (529, Kind::Overloaded, "later"),
        (307, Kind::NotFound, "no longer"),
    ] {
        let (actual, text) = error_for(status, "").await;
        assert_eq!(actual, kind, "{status}");
        assert!(
            text.contains(part) && text.ends_with(&format!("({status})")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn each_error_code_maps_to_the_correct_kind() {
    use ModelErrorKind as Kind;

    for (status, body, kind) in [
        (
            400,
            r#"{"error":{"message":"m","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            Kind::ContextTooLong,
        ),
        (
            400,
            r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400}"#,
            Kind::ContextTooLong,
        ),
        (
            400,
            r#"{"error":{"code":400,"message":"m","type":"exceed_context_size_error","n_ctx":4096}}"#,
            Kind::ContextTooLong,
        ),
        (
            400,
            r#"{"error":{"message":"m","code":"content_filter"}}"#,
            Kind::ContentRefused,
        ),
        (
            400,
            r#"{"error":{"message":"m","type":"invalid_request_error","param":"temperature","code":null}}"#,
            Kind::BadRequest,
        ),
        (
            400,
            r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: x"}"#,
            Kind::Authentication,
        ),
        (
            403,
            r#"{"error":{"message":"m","code":"model_not_found"}}"#,
            Kind::NotFound,
        ),
        (
            413,
            r#"{"error":{"message":"m","type":"tokens","code":"rate_limit_exceeded"}}"#,
            Kind::RateLimited,
        ),
        (
            422,
            r#"{"detail":[{"loc":["body","x"],"msg":"Extra inputs are not permitted"}]}"#,
            Kind::BadRequest,
        ),
        (
            400,
            r#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]"#,
            Kind::Authentication,
        ),
    ] {
        assert_eq!(error_for(status, body).await.0, kind, "{body}");
    }
}

#[tokio::test]
async fn a_bad_request_names_the_parameter_without_the_servers_message() {
    let body = r#"{"error":{"message":"You said: private words","type":"invalid_request_error","param":"messages[0].content","code":"invalid_value"}}"#;
    let error = error_of(Answer::error(400, body)).await;
    let text = error.to_string();
    assert!(
        text.contains("code invalid_value, type invalid_request_error, param messages[0].content"),
        "{text}"
    );
    assert!(!format!("{error:?}{text}").contains("private"));
    assert_eq!(error.provider_message(), Some("You said: private words"));

    // A sentence in the `code` field is not treated as a code.
    let error = error_of(Answer::error(
        400,
        r#"{"error":{"message":"m","code":"you said private words"}}"#,
    ))
    .await;
    assert!(!format!("{error:?}{error}").contains("private"));
}

#[tokio::test]
async fn a_rate_limit_has_a_delay_and_an_exceeded_quota_is_not_retryable() {
    let limited = |name, value| {
        Answer::error(
            429,
            r#"{"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}}"#,
        )
        .header(name, value)
    };
    let error = error_of(limited("retry-after", "7")).await;
    assert_eq!(
        (error.kind(), error.retry_after()),
        (ModelErrorKind::RateLimited, Some(Duration::from_secs(7)))
    );
    assert!(error.is_retryable());
    let error = error_of(limited("retry-after-ms", "250")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_millis(250)));
    let error = error_of(limited("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")).await;
    assert_eq!(error.retry_after(), Some(Duration::ZERO));
    let error = error_of(Answer::error(503, "").header("retry-after", "3")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));

    let (kind, text) = error_for(
        429,
        r#"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#,
    )
    .await;
    assert!(!ModelErrorKind::QuotaExceeded.is_retryable());
    assert_eq!(kind, ModelErrorKind::QuotaExceeded);
    assert!(
        text.contains("quota") && text.contains("waiting does not help"),
        "{text}"
    );
}

#[test]
fn the_error_for_a_missing_key_names_its_variable() {
    isolated("errors::the_error_for_a_missing_key_names_its_variable", || {
        let error = OpenAi::compatible("groq", "m").unwrap_err();
        assert!(error.to_string().contains("GROQ_API_KEY"), "{error}");
        block_on(async {
            let server = Server::start([Answer::error(401, "")]).await;
            let model = OpenAi::builder("m").base_url(&server.url).build().unwrap();
            let error = complete(&model).await.unwrap_err();
            assert!(
                error
                    .to_string()
                    .contains("requires an API key; set OPENAI_API_KEY"),
                "{error}"
            );
            assert_eq!(server.requests()[0].header("authorization"), None);
        });
    });
}

fn block_on(work: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(work);
}

#[tokio::test]
async fn a_web_page_is_an_error() {
    let page = "<html><body>Log in to the hotel's network</body></html>";
    let error = error_of(Answer::new(200, "text/html; charset=utf-8", page)).await;
    assert_eq!(error.kind(), ModelErrorKind::MalformedReply);
    assert!(error.to_string().contains("text/html"), "{error}");
    let error = error_of(Answer::new(502, "text/html", page)).await;
    assert_eq!(
        (error.kind(), error.provider_message()),
        (ModelErrorKind::Overloaded, None)
    );
}

#[tokio::test]
async fn an_error_in_a_successful_response_is_reported() {
    let error = error_of(Answer::json(
        r#"{"error":{"message":"m","code":429,"metadata":{}}}"#,
    ))
    .await;
    assert_eq!(
        (error.kind(), error.status()),
        (ModelErrorKind::RateLimited, Some(429))
    );
    let error = error_of(Answer::json(
        r#"{"choices":[{"error":{"message":"m","code":502},"finish_reason":"error"}]}"#,
    ))
    .await;
    assert_eq!(error.kind(), ModelErrorKind::Overloaded);

    let text = r#"{"choices":[{"delta":{"content":"Hel"}}]}"#;
    for (event, kind) in [
        (
            r#"{"error":{"message":"m","type":"server_error","code":null}}"#,
            ModelErrorKind::Overloaded,
        ),
        (
            r#"{"error":{"message":"m","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
            ModelErrorKind::ContextTooLong,
        ),
        (r#"{"error":"out of memory"}"#, ModelErrorKind::Overloaded),
        (
            r#"{"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
            ModelErrorKind::Overloaded,
        ),
        ("garbage", ModelErrorKind::MalformedReply),
        (r#"{"choices":[{"delta":"#, ModelErrorKind::MalformedReply),
    ] {
        let server = Server::start([Answer::events([text, event])]).await;
        let model = server.model();
        let hello = [Message::user("Hello")];
        let deltas: Vec<_> = model.stream(Request::new(&hello)).collect().await;
        assert_eq!(
            deltas.len(),
            2,
            "the text before the error and nothing after it: {deltas:?}"
        );
        assert_eq!(deltas[0].as_ref().unwrap(), &Delta::Text("Hel".into()));
        assert_eq!(deltas[1].as_ref().unwrap_err().kind(), kind, "{event}");
    }
}

#[tokio::test]
async fn a_stream_that_ends_before_its_last_event_is_truncated() {
    let text = r#"{"choices":[{"delta":{"content":"Hel"}}]}"#;
    let stop = r#"{"choices":[{"delta":{"content":"lo"},"finish_reason":"stop"}]}"#;
    for answer in [
        Answer::raw_events([text]),
        Answer::raw_events([text]).truncated(),
        Answer::raw_events([]),
        Answer::new(
            200,
            "text/event-stream",
            format!("data: {text}\n\ndata: {}", &stop[..20]),
        ),
    ] {
        let server = Server::start([answer]).await;
        assert_eq!(
            streamed(&server.model()).await.unwrap_err().kind(),
            ModelErrorKind::Truncated
        );
    }
    for answer in [
        Answer::raw_events([text, stop]),
        Answer::raw_events([text, stop]).truncated(),
        Answer::new(200, "text/event-stream", format!("data: {text}\n\ndata: {stop}")),
        // The last event ends the stream even if the connection stays open.
        Answer::events([text, stop]).without_end(),
    ] {
        let server = Server::start([answer]).await;
        assert_eq!(streamed(&server.model()).await.unwrap().message.text(), "Hello");
    }
    let server = Server::start([Answer::json(r#"{"choices":"#).truncated()]).await;
    assert_eq!(
        complete(&server.model()).await.unwrap_err().kind(),
        ModelErrorKind::Network
    );
    let server = Server::start([Answer::json(r#"{"choices":"#)]).await;
    assert_eq!(
        complete(&server.model()).await.unwrap_err().kind(),
        ModelErrorKind::MalformedReply
    );
}

#[tokio::test]
async fn a_response_that_is_too_large_is_an_error() {
    let megabyte = "x".repeat(1024 * 1024);
    let body = format!(
        r#"{{"choices":[{{"message":{{"content":"{}"}}}}]}}"#,
        megabyte.repeat(33)
    );
    let server = Server::start([
        Answer::json(body),
        Answer::new(
            200,
            "text/event-stream",
            megabyte.repeat(sse::MAX_EVENT / megabyte.len() + 1),
        ),
    ])
    .await;
    let model = server.model();
    assert_eq!(
        complete(&model).await.unwrap_err().kind(),
        ModelErrorKind::TooLarge
    );
    assert_eq!(
        streamed(&model).await.unwrap_err().kind(),
        ModelErrorKind::TooLarge
    );

    let chunk = format!(r#"{{"choices":[{{"delta":{{"content":"{megabyte}"}}}}]}}"#);
    let server = Server::start([Answer::events(std::iter::repeat_n(chunk.as_str(), 33))]).await;
    assert_eq!(
        streamed(&server.model()).await.unwrap_err().kind(),
        ModelErrorKind::TooLarge
    );
}

#[tokio::test]
async fn a_stalled_server_times_out() {
    let text = r#"{"choices":[{"delta":{"content":"Hel"}}]}"#;
    let server = Server::start([
        Answer::json("{}").without_body(),
        Answer::events([text]).without_body(),
        Answer::raw_events([text]).without_end(),
    ])
    .await;
    let builder = OpenAi::builder("m").base_url(&server.url);
    let model = builder.read_timeout(Duration::from_secs(3600)).build().unwrap();
    // Once the server has received the request, the paused clock jumps to the end of the timeout.
    let stall = async |count| {
        server.received(count).await;
        tokio::time::pause();
    };
    let (answer, ()) = tokio::join!(complete(&model), stall(1));
    tokio::time::resume();
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Timeout);
    assert!(
        error.to_string().contains("read_timeout") && error.is_retryable(),
        "{error}"
    );
    let (answer, ()) = tokio::join!(streamed(&model), stall(2));
    tokio::time::resume();
    assert_eq!(answer.unwrap_err().kind(), ModelErrorKind::Timeout);

    let mut deltas = std::pin::pin!(model.stream(agno_tests::hello()));
    assert_eq!(deltas.next().await.unwrap().unwrap(), Delta::Text("Hel".into()));
    tokio::time::pause();
    let error = deltas.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Timeout);
}

#[tokio::test]
async fn the_error_for_an_unreachable_server_names_its_address() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let model = OpenAi::builder("m")
        .base_url(format!("http://{free}/v1?secret=1"))
        .build()
        .unwrap();
    let error = complete(&model).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Network);
    assert!(
        error
            .to_string()
            .contains(&format!("{free} could not be reached")),
        "{error}"
    );
    assert!(!format!("{error:?}{model:?}").contains("secret"), "{error:?}");

    let model = OpenAi::builder("m")
        .base_url("http://nobody.invalid/v1")
        .build()
        .unwrap();
    let error = streamed(&model).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Network);
    assert!(error.to_string().contains("nobody.invalid:80"), "{error}");
}

/// Starts a server that sends fixed bytes to the first client, regardless of the request.
async fn raw_server(bytes: &'static [u8]) -> std::net::SocketAddr {
    use tokio::io::AsyncWriteExt;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(bytes).await.unwrap();
        std::future::pending::<()>().await;
    });
    address
}

#[tokio::test]
async fn a_server_without_http_is_a_network_error() {
    let address = raw_server(b"220 mail ESMTP\r\n").await;
    let model = OpenAi::builder("m").base_url(format!("http://{address}"));
    let error = complete(&model.build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Network);
}

#[tokio::test]
async fn the_error_for_a_server_without_tls_names_the_cause() {
    let address = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let model = OpenAi::builder("m").base_url(format!("https://{address}"));
    let model = model.build().expect("the machine has root certificates");
    let error = complete(&model).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Network);
    assert!(
        error.to_string().contains("TLS") && error.to_string().contains("`http://`"),
        "{error}"
    );
}

#[test]
fn the_error_for_an_invalid_configuration_names_the_reason() {
    let error_of = |builder: agno::provider::openai::Builder| builder.build().unwrap_err();
    let base = |url: &str| OpenAi::builder("m").api_key("k").base_url(url);
    for (error, part) in [
        (
            error_of(base("localhost:8080")),
            "neither `http://` nor `https://`",
        ),
        (error_of(base("not a url")), "is not a valid URL"),
        (
            error_of(base("http://user:word@localhost/v1")),
            "contains credentials",
        ),
        (error_of(OpenAi::builder(" ").api_key("k")), "name is empty"),
        (error_of(OpenAi::builder("m").api_key("a\nb")), "characters"),
        (error_of(OpenAi::builder("m").api_key(" ")), "empty"),
        (
            error_of(OpenAi::builder("m").api_key("k").header("a b", "c")),
            "`a b`",
        ),
        (
            error_of(OpenAi::builder("m").api_key("k").header("a", "\n")),
            "`a`",
        ),
    ] {
        assert_eq!(error.kind(), ModelErrorKind::Configuration);
        assert!(error.to_string().contains(part), "{error}");
    }
    let error = OpenAi::compatible("grok", "m").unwrap_err().to_string();
    assert!(error.contains("did you mean `groq`"), "{error}");
}

#[test]
fn the_error_for_a_missing_model_lists_the_ways_to_set_one() {
    isolated(
        "errors::the_error_for_a_missing_model_lists_the_ways_to_set_one",
        || {
            let error = AnyModel::from_env().unwrap_err();
            assert_eq!(error.kind(), ModelErrorKind::Configuration);
            let text = error.to_string();
            for way in [
                "AGNO_MODEL=provider:model",
                "#[agent(model = ",
                ".with(model)",
                "openai, openai-responses",
            ] {
                assert!(text.contains(way), "{text}");
            }
        },
    );
}
