//! No debug output or error of the provider contains a key, credential, prompt or reply.

use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use agno::AnyModel;
use agno::model::{Model, Request, Settings};
use agno::provider::OpenAi;
use agno::{Declared, Message, ModelError};
use futures_util::StreamExt;

use agno_tests::isolated_with;
use agno_tests::server::{Answer, Server};

const CANARIES: [&str; 6] = [
    "sk-canary",
    "canary-user",
    "canary-password",
    "canary-query",
    "canary-prompt",
    "canary-header",
];

/// Returns the display and debug output of an error and its sources.
fn texts(error: &ModelError) -> String {
    let mut texts = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut cause = error.source();
    while let Some(error) = cause {
        texts.push_str(&format!("{error}\n{error:?}\n"));
        cause = error.source();
    }
    texts
}

fn assert_no_secret(text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary} occurs in: {text}");
    }
}

fn debug(value: impl Debug) -> String {
    format!("{value:?} {value:#?}")
}

#[tokio::test]
async fn models_and_their_errors_never_print_a_secret() {
    // A malicious or careless server repeats everything it received.
    let echo = r#"{"error":{"message":"canary-prompt with key sk-canary","type":"sk-canary","param":"sk-canary","code":"sk-canary"}}"#;
    let answers = || {
        let mut answers: Vec<Answer> = [400, 401, 403, 404, 413, 429, 500, 301]
            .map(|status| Answer::error(status, echo))
            .into();
        answers.extend([
            Answer::json(echo),
            Answer::json("canary-prompt"),
            Answer::json(r#"{"choices":"canary-prompt"}"#),
            Answer::json(r#"{"choices":[{"message":{"content":"canary-prompt"#).truncated(),
            Answer::new(200, "text/plain", "canary-prompt").without_body(),
            Answer::new(200, "text/html", "canary-prompt"),
            Answer::new(200, "text/event-stream", "data: canary-prompt\n\n"),
            Answer::new(
                200,
                "text/event-stream",
                "data: {\"choices\":[{\"delta\":{\"content\":\"canary-prompt\"}}]}\n\n",
            )
            .truncated(),
            Answer::new(301, "text/plain", "").header(
                "location",
                "http://canary-user:canary-password@127.0.0.1:1/?canary-query",
            ),
        ]);
        answers
    };
    let total = answers().len();
    // The index of the answer that never arrives.
    let stalled = 12;
    for streams in [false, true] {
        let server = Server::start(answers()).await;
        let builder = OpenAi::builder("m")
            .api_key("sk-canary")
            .base_url(format!("{}/v1?key=canary-query", server.url))
            .header("x-secret", "canary-header")
            .read_timeout(Duration::from_secs(3600))
            .settings(Settings::new());
        assert_no_secret(&debug(&builder));
        let model = builder.build().unwrap();
        assert_no_secret(&debug(&model));
        assert_no_secret(&debug(AnyModel::from(model.clone())));
        assert_no_secret(&debug(model.clone().erase()));
        let prompt = [Message::user("canary-prompt")];
        let mut failed = 0;
        for index in 0..total {
            let request = Request::new(&prompt).with_instructions("canary-prompt");
            let error = async {
                if streams {
                    let deltas: Vec<_> = model.stream(request).collect().await;
                    deltas.into_iter().find_map(Result::err)
                } else {
                    model.complete(request).await.err()
                }
            };
            let stall = async {
                if index == stalled {
                    // A paused clock jumps to the end of the timeout.
                    server.received(index + 1).await;
                    tokio::time::pause();
                }
            };
            let (error, ()) = tokio::join!(error, stall);
            if index == stalled {
                tokio::time::resume();
                let kind = error.as_ref().map(ModelError::kind);
                assert_eq!(kind, Some(agno::ModelErrorKind::Timeout));
            }
            if let Some(error) = error {
                failed += 1;
                assert_no_secret(&texts(&error));
                // The server's message may repeat the prompt, so it is not part of the error's text or debug output; the key
                // is removed even from the message.
                assert!(!error.provider_message().unwrap_or_default().contains("sk-canary"));
            }
        }
        assert_eq!(failed, total);
    }
}

#[tokio::test]
async fn the_error_for_an_unreachable_server_contains_no_credentials() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://canary-user:canary-password@{free}/v1?key=canary-query#canary-query");
    let model = OpenAi::builder("m").base_url(url).build();
    // If the environment contains a key, the key conflicts with the credentials in the URL; the error for this conflict must
    // not contain the credentials either.
    let error = match model {
        Ok(model) => {
            assert_no_secret(&debug(&model));
            model
                .complete(Request::new(&[Message::user("canary-prompt")]))
                .await
                .unwrap_err()
        }
        Err(error) => error,
    };
    assert_no_secret(&texts(&error));
}

#[tokio::test]
async fn the_error_of_a_run_contains_no_secret() {
    let server = Server::start([Answer::error(
        401,
        r#"{"error":{"message":"canary-prompt sk-canary"}}"#,
    )])
    .await;
    let model = OpenAi::builder("m")
        .api_key("sk-canary")
        .base_url(&server.url)
        .build()
        .unwrap();
    let (assistant, _) = agno_tests::assistant();
    let error = assistant.with(model).run("canary-prompt").await.unwrap_err();
    assert_no_secret(&debug(&error));
    assert_eq!(error.model_error().unwrap().status(), Some(401));
}

#[test]
fn the_error_for_an_invalid_value_does_not_contain_it() {
    let error_of = |builder: agno::provider::openai::Builder| texts(&builder.build().unwrap_err());
    assert_no_secret(&error_of(OpenAi::builder("m").api_key("sk-canary\u{7}")));
    assert_no_secret(&error_of(
        OpenAi::builder("m").api_key("k").header("x", "canary-header\n"),
    ));
    assert_no_secret(&error_of(
        OpenAi::builder("m")
            .api_key("k")
            .base_url("ftp://canary-user:canary-password@host"),
    ));
    assert_no_secret(&error_of(
        OpenAi::builder("m")
            .api_key("k")
            .base_url("http://canary-user:canary-password@:x"),
    ));
    assert_no_secret(&error_of(
        OpenAi::builder("m")
            .api_key("sk-canary")
            .base_url("http://canary-user:canary-password@host"),
    ));
}

#[test]
fn credentials_are_not_sent_unencrypted_to_a_public_host() {
    let build = |url: &str| OpenAi::builder("m").api_key("k").base_url(url);
    let error = build("http://api.acme.com/v1").build().unwrap_err();
    assert_eq!(error.kind(), agno::ModelErrorKind::Configuration);
    let message = error.to_string();
    assert!(
        message.contains("api.acme.com") && message.contains("`.allow_http()`"),
        "{message}"
    );
    assert!(build("http://api.acme.com/v1").allow_http().build().is_ok());
    for url in [
        "https://api.acme.com/v1",
        "http://10.0.0.7/v1",
        "http://gpu:8000/v1",
        "http://gpu.local/v1",
    ] {
        assert!(build(url).build().is_ok(), "{url}");
    }
    // Without credentials, there is nothing to protect.
    let acme = agno::provider::openai::Server::new("acme", "");
    let builder = OpenAi::builder("m")
        .server(acme)
        .base_url("http://api.acme.com/v1");
    assert!(builder.build().is_ok());
}

const PUBLIC_HTTP: [(&str, &str); 3] = [
    ("AGNO_MODEL", "openai:gpt-5-mini"),
    ("OPENAI_API_KEY", "k"),
    ("OPENAI_BASE_URL", "http://api.acme.com/v1"),
];

#[test]
fn a_model_from_the_environment_sends_no_key_unencrypted() {
    isolated_with(
        "secrets::a_model_from_the_environment_sends_no_key_unencrypted",
        &PUBLIC_HTTP,
        || {
            let error = AnyModel::from_env().unwrap_err();
            assert_eq!(error.kind(), agno::ModelErrorKind::Configuration);
            assert!(error.to_string().contains("`AGNO_ALLOW_HTTP=1`"), "{error}");
        },
    );
}

#[test]
fn only_the_value_1_of_the_variable_allows_unencrypted_keys() {
    let [model, key, url] = PUBLIC_HTTP;
    isolated_with(
        "secrets::only_the_value_1_of_the_variable_allows_unencrypted_keys",
        &[model, key, url, ("AGNO_ALLOW_HTTP", "0")],
        || assert!(AnyModel::from_env().is_err()),
    );
}

#[test]
fn the_environment_can_allow_unencrypted_keys() {
    let [model, key, url] = PUBLIC_HTTP;
    isolated_with(
        "secrets::the_environment_can_allow_unencrypted_keys",
        &[model, key, url, ("AGNO_ALLOW_HTTP", "1")],
        || {
            assert!(AnyModel::from_env().is_ok());
            assert!(AnyModel::named("openai:gpt-5").is_ok());
            let builder = OpenAi::builder("m").base_url("http://api.acme.com/v1");
            assert!(builder.build().is_ok());
        },
    );
}
