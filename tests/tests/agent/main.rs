//! `#[agent]`: agents declared as structs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test helpers may panic")]

mod outputs;
mod run_time_tools;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use agno::agent::Declared;
use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::schema::AnyDialect;
use agno::tool::{DynTool, DynTools, Tool, ToolError, ToolSpec, Toolset, to_result};
use agno::{ErrorKind, ToolResult};
use serde_json::{Value, json};

/// Current weather in a city.
#[tool]
async fn weather(city: &str) -> String {
    format!("rain in {city}")
}

/// A tool that implements [`Tool`] by hand and stores its data in a field.
struct Search {
    lines: Vec<&'static str>,
}

#[derive(Schema, Deserialize)]
struct SearchArgs {
    /// Text to search for.
    query: String,
}

impl Tool for Search {
    const SPEC: ToolSpec<'static> = ToolSpec::new("search", "Finds lines.");
    type Args<'a> = SearchArgs;

    async fn call(&self, args: SearchArgs, _run: &RunContext) -> ToolResult {
        to_result(
            self.lines
                .iter()
                .filter(|line| line.contains(&args.query))
                .collect::<Vec<_>>(),
        )
    }
}
agno::declare_tool!(Search);

struct Files;

#[toolkit]
impl Files {
    /// Reads a file.
    #[tool(read_only)]
    async fn read(&self, path: &str) -> Result<String, std::io::Error> {
        Err(std::io::Error::other(format!("no {path}")))
    }
}

#[derive(Schema, Serialize, Deserialize, Debug, PartialEq)]
struct Trip {
    city: String,
    #[schema(range = 1..=14)]
    nights: u8,
}

/// Helps customers
/// of the shop.
#[agent(
    instructions = "Help {customer} in {language}; {{be}} kind to {customer:?}.",
    tools = [weather, self, self.files, self.search, self.plugins],
    output = Trip,
    max_turns = 9,
    max_output_retries = 1,
)]
struct Support<'a> {
    language: &'a str,
    customer: String,
    files: &'a Files,
    search: Search,
    plugins: DynTools,
}

#[toolkit]
impl Support<'_> {
    /// Finds an order.
    #[tool]
    async fn order(&self, id: u64) -> String {
        format!("order {id} of {}", self.customer)
    }
}

fn plugins(name: &str) -> DynTools {
    let shout = DynTool::from_fn(name, "Shouts.", json!({"type": "object"}), |_, _| async {
        Ok::<_, ToolError>("AH")
    });
    DynTools::new().with_tool(shout.unwrap()).unwrap()
}

fn support(plugin: &str) -> Support<'static> {
    Support {
        language: "French",
        customer: "Ada".to_owned(),
        files: &Files,
        search: Search {
            lines: vec!["a fox", "a dog"],
        },
        plugins: plugins(plugin),
    }
}

#[tokio::test]
async fn tools_of_every_kind_work_together() {
    let model = ScriptedModel::new()
        .calls([
            ("weather", r#"{"city":"Oslo"}"#),
            ("order", r#"{"id":7}"#),
            ("read", r#"{"path":"x"}"#),
            ("search", r#"{"query":"fox"}"#),
            ("shout", "{}"),
        ])
        .reply(r#"{"city":"Rome","nights":2}"#);
    let agent = support("shout").with(model.clone());
    let answer = agent.run("Hi").await.unwrap();
    let results: Vec<String> = answer
        .calls()
        .map(|call| call.result.as_ref().unwrap().text().into_owned())
        .collect();
    assert_eq!(
        results,
        ["rain in Oslo", "order 7 of Ada", "no x", r#"["a fox"]"#, "AH"]
    );
    assert_eq!(
        answer.output,
        Trip {
            city: "Rome".into(),
            nights: 2
        }
    );

    let request = &model.requests()[0];
    assert_eq!(request.instructions, r#"Help Ada in French; {be} kind to "Ada"."#);
    let names: Vec<&str> = request.tools.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["weather", "order", "read", "search", "shout"]);
    assert!(
        request
            .output
            .as_ref()
            .unwrap()
            .starts_with(r#"{"name":"trip","schema":{"type":"object""#)
    );
}

#[test]
fn attribute_values_become_constants() {
    let info = Support::INFO;
    assert_eq!(info.name, "Support");
    assert_eq!(info.description, "Helps customers of the shop.");
    assert_eq!(info.limits.max_turns, 9);
    assert_eq!(info.limits.max_output_retries, 1);
}

#[tokio::test]
async fn a_duplicate_tool_name_at_run_time_is_a_configuration_error() {
    let model = ScriptedModel::new();
    let error = support("weather").with(model).run("Hi").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("`weather`"), "{error}");
}

#[tokio::test]
async fn the_error_for_an_invalid_output_is_sent_to_the_model() {
    let model = ScriptedModel::new()
        .reply(r#"{"city":"Rome","nights":30}"#)
        .reply("```json\n{\"city\":\"Rome\",\"nights\":3}\n```");
    let answer = support("shout").with(model.clone()).run("Hi").await.unwrap();
    assert_eq!(answer.output.nights, 3);
    let feedback = model.requests()[1].messages.last().unwrap().text().into_owned();
    assert!(feedback.contains("nights"), "{feedback}");
}

/// Speaks.
#[agent(
    instructions = "Speak {0}, {1:>3}.",
    name = "speaker",
    model = "ollama:llama3.2:3b"
)]
struct Speaker(&'static str, u8);

#[agent]
struct Plain;

#[test]
fn the_model_in_the_attribute_is_the_default_model() {
    let agent = Speaker("French", 7).agent().unwrap();
    assert_eq!(agent.model().id().to_string(), "ollama:llama3.2:3b");
    assert_eq!(agent.info().name, "speaker");
    assert_eq!(agent.declaration().instructions(), "Speak French,   7.");
    assert!(matches!(Plain.instructions(), Cow::Borrowed("")));
    assert_eq!(Plain.tools().len(), 0);
}

#[tokio::test]
async fn a_generic_agent_runs() {
    #[agent(instructions = "{name}", tools = [self.tools, weather])]
    struct Generic<'a, T, N: std::fmt::Display + Send + Sync>
    where
        T: Toolset,
    {
        name: N,
        tools: &'a T,
    }

    let model = ScriptedModel::new().call("read", r#"{"path":"y"}"#).reply("done");
    let generic = Generic {
        name: 5,
        tools: &Files,
    };
    assert_eq!(generic.instructions(), "5");
    assert_eq!(generic.with(model).run("go").await.unwrap().text(), "done");
}

/// Declares an agent for each of these providers, to check that the attribute and `AnyModel` both accept them.
macro_rules! providers {
    ($($name:ident $provider:literal)*) => {
        $(
            #[expect(dead_code, reason = "declared only to check that it compiles")]
            #[agent(model = $provider)]
            struct $name;
        )*

        #[test]
        fn the_attribute_and_any_model_both_accept_these_providers() {
            for provider in [$($provider),*] {
                // Ignore other errors, such as a missing key.
                if let Err(error) = agno::AnyModel::named(provider) {
                    assert!(!error.to_string().contains("unknown provider"), "{error}");
                }
            }
        }
    };
}

providers! {
    OpenAi "openai:m"
    DeepSeek "deepseek:m"
    Groq "groq:m"
    OpenRouter "openrouter:m"
    Together "together:m"
    Xai "xai:m"
    Fireworks "fireworks:m"
    Cerebras "cerebras:m"
    Mistral "mistral:m"
    LmStudio "lmstudio:m"
    Vllm "vllm:m"
    LlamaCpp "llamacpp:m"
    Ollama "ollama:m"
}

#[tokio::test]
async fn an_agent_that_borrows_its_tools_runs_in_a_spawned_task() {
    let task = tokio::spawn(async move {
        let (language, files) = ("French".to_owned(), Files);
        let borrowing = Support {
            language: &language,
            files: &files,
            ..support("shout")
        };
        let model = ScriptedModel::new()
            .call("order", r#"{"id":7}"#)
            .reply(r#"{"city":"Rome","nights":2}"#);
        let agent = borrowing.with(model);
        let mut events = agent.stream("Hello");
        while let Some(event) = events.next().await {
            event.unwrap();
        }
        agent.declaration().order(8).await
    });
    assert_eq!(task.await.unwrap(), "order 8 of Ada");
}
