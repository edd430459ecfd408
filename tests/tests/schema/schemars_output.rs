//! Outputs with types from other crates are requested, parsed and retried like any other output, with and without
//! streaming.

use std::borrow::Cow;

use agno::agent::{AgentInfo, Declared, SchemarsOutput};
use agno::model::{ModelError, ModelExt, NeedsOutput, OutputSchema, OutputStrategy, ScriptedModel, Settings};
use agno::prelude::*;
use agno::provider::{Anthropic, Gemini};
use agno::schema::Dialect;
use agno::tool::{NoTools, Toolset};
use agno_tests::server::{Answer, Server};
use futures_util::StreamExt;
use schemars::JsonSchema;
use serde_json::{Value, json};

/// A trip, as a crate that does not use agno would declare it.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Trip {
    city: String,
    nights: u8,
    stay: Option<Hotel>,
    last_stay: Option<Hotel>,
}

#[derive(Debug, Clone, PartialEq, serde::Deserialize, JsonSchema)]
struct Hotel {
    name: String,
    stars: u8,
}

/// Plans trips.
#[agent(output = Trip, schemars, max_output_retries = 1)]
struct Planner;

/// Lists trips.
#[agent(output = Vec<Trip>, schemars)]
struct ListPlanner;

const OSLO: &str =
    r#"{"city": "Oslo", "nights": 3, "stay": {"name": "Bristol", "stars": 5}, "last_stay": null}"#;

fn oslo() -> Trip {
    Trip {
        city: "Oslo".into(),
        nights: 3,
        stay: Some(Hotel {
            name: "Bristol".into(),
            stars: 5,
        }),
        last_stay: None,
    }
}

#[tokio::test]
async fn an_answer_has_the_foreign_type_with_and_without_streaming() {
    let model = ScriptedModel::new().reply(OSLO).reply(OSLO);
    let agent = Planner.with(model.clone());
    assert_eq!(agent.run("Where to?").await.unwrap().output, oslo());
    assert_eq!(agent.stream("Where to?").answer().await.unwrap().output, oslo());
    let schema: Value = serde_json::from_str(model.requests()[0].output.as_ref().unwrap()).unwrap();
    assert_eq!(schema["name"], "trip");
    assert_eq!(schema["schema"]["properties"]["nights"]["type"], "integer");

    let agent = ListPlanner.with(
        ScriptedModel::new()
            .reply(format!(r#"{{"value": [{OSLO}]}}"#))
            .reply(format!("[{OSLO}]")),
    );
    assert_eq!(agent.run("Where to?").await.unwrap().output, [oslo()]);
    assert_eq!(agent.run("Where to?").await.unwrap().output, [oslo()]);
}

#[tokio::test]
async fn the_path_of_an_invalid_value_is_sent_to_the_model() {
    let invalid =
        r#"{"city": "Oslo", "nights": 3, "stay": {"name": "Bristol", "stars": "five"}, "pool": true}"#;
    let model = ScriptedModel::new().reply(invalid).reply(OSLO);
    let answer = Planner.with(model.clone()).run("Where to?").await.unwrap();
    assert_eq!(answer.output, oslo());
    let feedback = model.requests()[1].messages.last().unwrap().text().into_owned();
    assert!(
        feedback.contains("stay.stars: ") && feedback.contains("pool"),
        "{feedback}"
    );

    let agent = Planner.with(ScriptedModel::new().reply("In Oslo.").reply(OSLO));
    let mut events = std::pin::pin!(agent.stream("Where to?"));
    let mut rejected = Vec::new();
    while let Some(event) = events.next().await {
        if let Event::OutputRejected { reason, .. } = event.unwrap().event {
            rejected.push(reason);
        }
    }
    assert_eq!(rejected.len(), 1, "{rejected:?}");
    assert!(rejected[0].contains("JSON"), "{rejected:?}");

    let error = Planner
        .with(ScriptedModel::new().reply(invalid).reply("{}"))
        .run("Where to?")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("city: missing"), "{error}");
}

#[tokio::test]
async fn the_error_message_of_a_user_defined_rule_is_sent_to_the_model() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(try_from = "u8")]
    struct Even(u8);

    impl TryFrom<u8> for Even {
        type Error = &'static str;

        fn try_from(number: u8) -> Result<Self, Self::Error> {
            number.is_multiple_of(2).then_some(Self(number)).ok_or("not even")
        }
    }

    impl JsonSchema for Even {
        fn schema_name() -> Cow<'static, str> {
            "Even".into()
        }

        fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
            u8::json_schema(generator)
        }
    }

    #[agent(output = Even, schemars)]
    struct NumberAgent;

    let model = ScriptedModel::new()
        .reply(r#"{"value": 3}"#)
        .reply(r#"{"value": 4}"#);
    let answer = NumberAgent.with(model.clone()).run("How many?").await.unwrap();
    assert_eq!(answer.output.0, 4);
    let feedback = model.requests()[1].messages.last().unwrap().text().into_owned();
    assert!(feedback.contains("not even"), "{feedback}");
}

/// Returns a Chat Completions answer with this content.
fn chat_answer(content: &str) -> Answer {
    let message = json!({"role": "assistant", "content": content});
    let answer = json!({"choices": [{"index": 0, "finish_reason": "stop", "message": message}]});
    Answer::json(answer.to_string())
}

#[tokio::test]
async fn each_output_strategy_sends_the_schema() {
    let call =
        json!({"id": "a", "type": "function", "function": {"name": "final_answer", "arguments": OSLO}});
    let reply = json!({"role": "assistant", "content": null, "tool_calls": [call]});
    let reply = json!({"choices": [{"index": 0, "finish_reason": "tool_calls", "message": reply}]});
    let server = Server::start([
        chat_answer(OSLO),
        Answer::json(reply.to_string()),
        chat_answer(&format!("```json\n{OSLO}\n```")),
    ])
    .await;
    let agent = Planner.with(server.model());
    for strategy in [
        OutputStrategy::Native,
        OutputStrategy::Tool,
        OutputStrategy::Prompt,
    ] {
        let settings = Settings::new().with_output_strategy(strategy);
        let answer = agent.invoke().settings(&settings).run("Where to?").await.unwrap();
        assert_eq!(answer.output, oslo(), "{strategy:?}");
    }
    let [native, tool, prompt] = &server.requests()[..] else {
        panic!("three requests");
    };
    let native = &native.json()["response_format"]["json_schema"];
    assert_eq!(
        (&native["name"], &native["strict"]),
        (&json!("trip"), &json!(false))
    );
    assert_eq!(native["schema"]["additionalProperties"], false);
    let tool = &tool.json()["tools"][0]["function"];
    assert_eq!(tool["parameters"], native["schema"]);
    let prompt = prompt.json()["messages"][0]["content"].to_string();
    assert!(prompt.contains("nights"), "{prompt}");
}

#[tokio::test]
async fn each_provider_receives_the_schema_in_its_own_dialect() {
    let failure = || Answer::error(500, "{}");
    let gemini = Server::start([failure()]).await;
    let anthropic = Server::start([failure()]).await;
    let openai = Server::start([chat_answer(OSLO)]).await;
    let first = Gemini::builder("gemini-3-flash").api_key("key");
    let second = Anthropic::builder("claude-sonnet-4-5").api_key("key");
    let model = first
        .base_url(&gemini.url)
        .build()
        .unwrap()
        .fallback(second.base_url(&anthropic.url).build().unwrap())
        .fallback(openai.model());
    let answer = Planner.with(model).run("Where to?").await.unwrap();
    assert_eq!(answer.output, oslo());
    // Gemini's schema has no references and marks optional values as `nullable`.
    let body = gemini.requests()[0].json();
    let schema = &body["generationConfig"]["responseSchema"];
    assert_eq!(schema["properties"]["stay"]["nullable"], true, "{body}");
    assert!(!schema.to_string().contains('$'), "{body}");
    let body = anthropic.requests()[0].body.clone();
    assert!(body.contains("nights") && !body.contains("nullable"), "{body}");
}

/// The same agent as `Planner`, declared by hand.
struct ByHand;

static TRIP: SchemarsOutput<Trip> = SchemarsOutput::new("trip");

impl Declared for ByHand {
    const INFO: &'static AgentInfo = &AgentInfo::new("ByHand", "Plans trips.");
    type Needs = NeedsOutput;
    type Output = Trip;
    type Model = AnyModel;

    fn default_model(&self) -> Result<AnyModel, ModelError> {
        AnyModel::from_env()
    }

    fn instructions(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn tools(&self) -> impl Toolset + '_ {
        NoTools
    }

    fn output_schema<D: Dialect>(_dialect: D) -> Option<OutputSchema<'static>> {
        Some(TRIP.schema())
    }

    fn parse_output(text: &str) -> Result<Trip, String> {
        TRIP.parse(text)
    }
}

#[tokio::test]
async fn an_agent_declared_by_hand_equals_the_generated_one() {
    let model = ScriptedModel::new().reply(OSLO).reply(OSLO);
    let by_hand = ByHand.with(model.clone()).run("Where to?").await.unwrap();
    let by_attribute = Planner.with(model.clone()).run("Where to?").await.unwrap();
    assert_eq!(by_hand.output, by_attribute.output);
    let requests = model.requests();
    assert_eq!(requests[0].output, requests[1].output);
}
