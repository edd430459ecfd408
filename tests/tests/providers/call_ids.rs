//! Call IDs and tool names in a history: each API receives only IDs and names that it accepts, even if the history
//! contains others, and each result has the ID of its call.

use std::collections::BTreeMap;

use agno::message::{AssistantMessage, Part};
use agno::model::{DynModel, Model, Request};
use agno::provider::openai::{Quirks, Server as Row};
use agno::provider::{Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAi, OpenAiResponses};
use agno::{Message, ToolResult};
use agno_tests::server::{Answer, Server};
use serde_json::Value;

/// Returns a conversation in which some call IDs and tool names are empty, repeated, too long, or contain invalid
/// characters.
fn history() -> Vec<Message> {
    let long = "x".repeat(200);
    let calls: [&[(&str, &str)]; 3] = [
        &[("call_1_0", "weather"), ("", "multi_tool_use.parallel"), ("", "")],
        &[
            ("call_1_0", "weather"),
            (&long, &long),
            ("a.b:c", "a\u{7}\u{fc} b"),
        ],
        &[("call_1_0", "1st"), ("call_1_0", "-x"), ("call_5_1", "weather")],
    ];
    let mut history = Vec::new();
    for calls in calls {
        let parts = calls.iter().map(|(id, name)| Part::call(*id, *name, "{}"));
        let mut message = AssistantMessage::new(parts.collect::<Vec<_>>());
        for call in message.calls_mut() {
            call.result = Some(ToolResult::from_text("done"));
        }
        history.extend([Message::user("Hello"), message.into()]);
    }
    history
}

/// Collects the IDs and names of calls and results in a request.
fn collect(value: &Value, ids: &mut BTreeMap<String, usize>, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("id" | "tool_call_id" | "call_id" | "tool_use_id" | "toolUseId", Value::String(id)) => {
                        *ids.entry(id.clone()).or_default() += 1;
                    }
                    ("name" | "tool_name", Value::String(name)) => names.push(name.clone()),
                    (_, value) => collect(value, ids, names),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, ids, names)),
        _ => {}
    }
}

/// A function that returns `true` if an API accepts a call ID.
type IsValid = fn(&str) -> bool;

fn is_plain(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[tokio::test]
async fn every_api_receives_unique_ids_and_valid_names() {
    let server = Server::start(vec![Answer::error(400, "{}"); 9]).await;
    let mistral = *Row::named("mistral").unwrap();
    let url = &server.url;
    let models: [(DynModel, IsValid); 9] = [
        (
            OpenAi::builder("m")
                .api_key("k")
                .quirks(Quirks::OPENAI)
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| is_plain(id) && id.len() <= 40,
        ),
        (
            OpenAi::builder("m")
                .api_key("k")
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| !id.is_empty(),
        ),
        (
            OpenAi::builder("m")
                .server(mistral)
                .api_key("k")
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| is_plain(id) && id.len() == 9,
        ),
        (
            OpenAiResponses::builder("m")
                .api_key("k")
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| is_plain(id) && id.len() <= 64,
        ),
        (
            Anthropic::builder("claude-sonnet-4-5")
                .api_key("k")
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| is_plain(id) && id.len() <= 64,
        ),
        (
            Bedrock::builder("us.anthropic.claude-x")
                .api_key("k")
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| is_plain(id) && id.len() <= 64,
        ),
        (
            Bedrock::builder("mistral.mistral-large")
                .api_key("k")
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| is_plain(id) && id.len() == 9,
        ),
        (
            Cohere::builder("m")
                .api_key("k")
                .base_url(url)
                .build()
                .unwrap()
                .erase(),
            |id| !id.is_empty(),
        ),
        (
            Ollama::builder("m").base_url(url).build().unwrap().erase(),
            |id| !id.is_empty(),
        ),
    ];
    let history = history();
    for (at, (model, accepts)) in models.iter().enumerate() {
        model.complete(Request::new(&history[..])).await.unwrap_err();
        let body = server.requests()[at].json();
        let (mut ids, mut names) = (BTreeMap::new(), Vec::new());
        collect(&body, &mut ids, &mut names);
        assert_eq!(ids.len(), 9, "{model:?}: {body}");
        for (id, count) in &ids {
            assert!(accepts(id) && *count == 2, "{model:?}: {count} times {id}");
        }
        assert!(names.len() >= 9, "{model:?}: {names:?}");
        for name in names {
            assert!(is_plain(&name) && name.len() <= 64, "{model:?}: {name:?}");
        }
    }
}

#[tokio::test]
async fn gemini_receives_valid_names_and_only_its_own_ids() {
    let server = Server::start([Answer::error(400, "{}")]).await;
    let model = Gemini::builder("m")
        .api_key("k")
        .base_url(&server.url)
        .build()
        .unwrap();
    let mut history = history();
    for message in &mut history {
        if let Message::Assistant(message) = message {
            message.provider = Some("gemini".into());
        }
    }
    model.complete(Request::new(&history[..])).await.unwrap_err();
    let (mut ids, mut names) = (BTreeMap::new(), Vec::new());
    collect(&server.requests()[0].json(), &mut ids, &mut names);
    assert_eq!(names.len(), 18);
    for name in names {
        let first = name.as_bytes()[0];
        assert!(is_plain(&name) && name.len() <= 64, "{name:?}");
        assert!(first.is_ascii_alphabetic() || first == b'_', "{name:?}");
    }
    // IDs that are empty, repeated or assigned by agno are omitted.
    assert!(
        ids.iter()
            .all(|(id, count)| *count == 2 && !id.starts_with("call_")),
        "{ids:?}"
    );
}

#[tokio::test]
async fn a_compatible_server_receives_its_own_ids_unchanged() {
    let id = format!("functions.weather:0__{}", "t".repeat(500));
    let mut message = AssistantMessage::new([Part::call(id.as_str(), "weather", "{}")]);
    for call in message.calls_mut() {
        call.result = Some(ToolResult::from_text("done"));
    }
    let history = [Message::user("Hello"), message.into()];
    let server = Server::start([Answer::error(400, "{}")]).await;
    server
        .model()
        .complete(Request::new(&history[..]))
        .await
        .unwrap_err();
    let body = server.requests()[0].json();
    assert_eq!(body["messages"][1]["tool_calls"][0]["id"], id.as_str());
    assert_eq!(body["messages"][2]["tool_call_id"], id.as_str());
}
