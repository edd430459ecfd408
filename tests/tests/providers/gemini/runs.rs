//! Agent runs with Gemini over HTTP, secrets in output, and errors from the builder.

use std::error::Error;

use agno::model::Model;
use agno::prelude::*;
use agno::provider::Gemini;
use agno::{Declared, Message, ModelError};
use serde_json::{Value, json};

use super::{answer, model};
use agno_tests::server::{Answer, Server};
use agno_tests::with_fixed_ids;

#[tokio::test]
async fn an_agent_calls_tools_and_sends_signatures_back() {
    let calls = answer(&json!([
        {"functionCall": {"name": "echo", "args": {"text": "a"}}, "thoughtSignature": "s1"},
        {"functionCall": {"name": "echo", "args": {"text": "b"}}},
    ]));
    let done = answer(&json!([{"text": "a and b", "thoughtSignature": "s2"}]));
    let mut histories = Vec::new();
    for streams in [false, true] {
        let answers = [&calls, &done].map(|body| {
            if streams {
                Answer::raw_events([body.as_str()]).byte_by_byte()
            } else {
                Answer::json(body.as_str())
            }
        });
        let server = Server::start(answers).await;
        let (assistant, counter) = agno_tests::assistant();
        let agent = assistant.with(model(&server, "gemini-3-flash"));
        let answer = if streams {
            agent.stream("Say a and b.").answer().await.unwrap()
        } else {
            agent.run("Say a and b.").await.unwrap()
        };
        assert_eq!((answer.text().as_ref(), counter.get()), ("a and b", 2));
        let second = server.requests()[1].json();
        assert_eq!(
            second["contents"][1]["parts"],
            json!([
                {"functionCall": {"name": "echo", "args": {"text": "a"}}, "thoughtSignature": "s1"},
                {"functionCall": {"name": "echo", "args": {"text": "b"}}},
            ])
        );
        assert_eq!(
            second["contents"][2]["parts"],
            json!([
                {"functionResponse": {"name": "echo", "response": {"output": "a"}}},
                {"functionResponse": {"name": "echo", "response": {"output": "b"}}},
            ])
        );
        histories.push(answer.messages().to_vec());
    }
    assert_eq!(with_fixed_ids(&histories[0]), with_fixed_ids(&histories[1]));
}

/// Returns the weather in a city.
#[tool]
async fn weather(
    /// City name.
    city: &str,
) -> String {
    format!("rain in {city}")
}

/// A planned trip.
#[derive(Debug, PartialEq, Schema, Deserialize)]
struct Trip {
    city: String,
    days: u8,
}

/// Plans trips.
#[agent(tools = [weather], output = Trip)]
struct Planner;

#[tokio::test]
async fn output_alongside_tools_is_native_or_a_call() {
    let call = |name: &str, args: Value| json!({"functionCall": {"name": name, "args": args}, "thoughtSignature": "s"});
    let trip = json!({"city": "Oslo", "days": 2});
    let first = answer(&json!([call("weather", json!({"city": "Oslo"}))]));
    for (name, last) in [
        ("gemini-3-flash", json!([{"text": trip.to_string()}])),
        ("gemini-2.5-flash", json!([call("final_answer", trip.clone())])),
    ] {
        for streams in [false, true] {
            let last = answer(&last);
            let answers = [&first, &last].map(|body| {
                if streams {
                    Answer::raw_events([body.as_str()]).byte_by_byte()
                } else {
                    Answer::json(body.as_str())
                }
            });
            let server = Server::start(answers).await;
            let agent = Planner.with(model(&server, name));
            let answer = if streams {
                agent.stream("Where to?").answer().await.unwrap()
            } else {
                agent.run("Where to?").await.unwrap()
            };
            let expected = Trip {
                city: "Oslo".into(),
                days: 2,
            };
            assert_eq!(answer.output, expected, "{name}");
            let body = server.requests()[0].json();
            let is_native = body["generationConfig"]["responseSchema"].is_object();
            assert_eq!(is_native, name == "gemini-3-flash");
            assert_eq!(body["tools"][0]["functionDeclarations"][0]["name"], "weather");
        }
    }
}

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

#[tokio::test]
async fn no_output_contains_a_key_a_token_or_a_prompt() {
    let echo = r#"{"error":{"code":400,"message":"canary-prompt canary-key","status":"canary-key"}}"#;
    for token in [false, true] {
        let answers = [
            Answer::error(400, echo),
            Answer::json(echo),
            Answer::json("canary-prompt"),
            Answer::json(r#"{"candidates":"canary-prompt"}"#),
        ];
        let total = answers.len();
        let server = Server::start(answers).await;
        let builder = Gemini::builder("m").base_url(format!("{}/v1?key=canary-query", server.url));
        let builder = if token {
            builder.bearer_token("canary-key")
        } else {
            builder.api_key("canary-key")
        };
        assert!(!format!("{builder:?}").contains("canary"));
        let model = builder.build().unwrap();
        assert!(!format!("{model:?} {model:#?}").contains("canary"));
        for _ in 0..total {
            let prompt = [Message::user("canary-prompt")];
            let error = model
                .complete(agno::model::Request::new(&prompt))
                .await
                .unwrap_err();
            assert!(!texts(&error).contains("canary"), "{}", texts(&error));
            assert!(
                !error
                    .provider_message()
                    .unwrap_or_default()
                    .contains("canary-key")
            );
        }
        assert!(server.requests()[0].line.contains("key=canary-query"));
    }
}

#[test]
fn an_invalid_configuration_is_reported_by_the_builder() {
    assert!(Gemini::builder(" ").api_key("k").build().is_err());
    assert!(Gemini::builder("m").api_key("k\u{7}").build().is_err());
    assert!(
        Gemini::builder("m")
            .api_key("k")
            .base_url("ftp://x")
            .build()
            .is_err()
    );
}
