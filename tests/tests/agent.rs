//! `#[agent]`: agents declared as structs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test helpers may panic")]

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

/// Declares one agent per output type.
macro_rules! agents {
    ($($name:ident $output:ty;)*) => {$(
        #[agent(output = $output)]
        struct $name;
    )*};
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mood {
    Glad,
    Sad,
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Shape {
    Circle { radius: u8 },
    Square { side: u8 },
}

agents! {
    ListAgent Vec<Trip>;
    NumberAgent u8;
    MoodAgent Mood;
    ShapeAgent Shape;
    MapAgent BTreeMap<String, u8>;
    OptionAgent Option<u8>;
    TextAgent String;
}

#[agent(output = BTreeMap<String, u8>, max_turns = 2)]
struct Commas;

async fn output<D: Declared>(agent: D, reply: &str) -> D::Output
where
    ScriptedModel: agno::model::Serves<D::Needs>,
{
    let model = ScriptedModel::new().reply(reply);
    agent.with(model).run("go").await.unwrap().output
}

#[tokio::test]
async fn text_before_a_typed_output_is_ignored() {
    use agno::message::Part;
    use agno::model::Reply;
    use agno::model::scripted::Turn;

    let agent = || {
        let parts = [Part::text("Here it is."), Part::text(r#"{"value":[]}"#)];
        ListAgent.with(ScriptedModel::new().turn(Turn::reply(Reply::new(parts))))
    };
    assert!(agent().run("go").await.unwrap().output.is_empty());
    assert!(agent().stream("go").answer().await.unwrap().output.is_empty());
}

#[tokio::test]
async fn outputs_that_are_not_objects_are_wrapped_in_an_object() {
    let declared = ListAgent::output_schema(AnyDialect::OpenAi).unwrap();
    assert_eq!(declared.name, "vec_trip");
    let declaration = declared.declaration(AnyDialect::OpenAi);
    assert!(
        declaration.contains(r#""schema":{"type":"object","properties":{"value":{"type":"array""#),
        "{declaration}"
    );
    assert_eq!(
        output(ListAgent, r#"{"value":[{"city":"Rome","nights":1}]}"#)
            .await
            .len(),
        1
    );
    assert_eq!(output(NumberAgent, r#"{"value":7}"#).await, 7);
    assert_eq!(output(NumberAgent, "7").await, 7);
    assert_eq!(output(MoodAgent, r#"{"value":"sad"}"#).await, Mood::Sad);
    assert_eq!(
        output(ShapeAgent, r#"{"value":{"kind":"circle","radius":3}}"#).await,
        Shape::Circle { radius: 3 }
    );
    assert_eq!(output(MapAgent, r#"{"a":1}"#).await["a"], 1);
    assert_eq!(output(Commas, r#"{"a":1}"#).await["a"], 1);
    assert_eq!(output(OptionAgent, r#"{"value":null}"#).await, None);
    assert_eq!(output(TextAgent, r#"{"value":"hello"}"#).await, "hello");
    assert!(
        NumberAgent::parse_output(r#"{"value":300}"#)
            .unwrap_err()
            .contains("value")
    );
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

#[test]
fn errors_of_run_time_tools_propagate_as_configuration_errors() {
    fn tools(schema: Value) -> agno::Result<DynTools> {
        let tool = DynTool::from_fn("shout", "Shouts.", schema, |_, _| async {
            Ok::<_, ToolError>("AH")
        })?;
        let tools = DynTools::new().with_tool(tool.clone())?;
        tools.with_tool(tool)
    }
    fn start(schema: Value) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        tools(schema)?;
        Ok(())
    }
    for (schema, expected) in [
        (
            json!({"type": "object", "properties": {"a": {"type": "strin"}}}),
            "the schema of `shout` is invalid at `/properties/a/type`: unknown type \"strin\"",
        ),
        (json!({"type": "object"}), "duplicate tool `shout`"),
        (
            json!({"type": "string"}),
            "the parameters of `shout` are not the schema of an object",
        ),
    ] {
        let error = start(schema).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        let error = error.downcast::<agno::Error>().unwrap();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

fn shout(name: &str) -> DynTool {
    let tool = DynTool::from_fn(name, "Shouts.", json!({"type": "object"}), |_, _| async {
        Ok::<_, ToolError>("AH")
    });
    tool.unwrap()
}

/// Has tools of every type that is known only at run time.
#[agent(tools = [
    weather, self.one, self.many, self.plugins, self.search, self.files, self.shared, self.borrowed, self.nested,
])]
struct Mixed<'a> {
    one: DynTool,
    many: Vec<DynTool>,
    plugins: DynTools,
    search: Option<Search>,
    files: Option<Files>,
    shared: Arc<Vec<DynTool>>,
    borrowed: &'a Option<DynTool>,
    nested: Option<(Arc<DynTool>, Vec<DynTool>)>,
}

fn mixed() -> Mixed<'static> {
    Mixed {
        one: shout("one"),
        many: vec![shout("two"), shout("three")],
        plugins: plugins("four"),
        search: Some(Search { lines: vec!["a fox"] }),
        files: Some(Files),
        shared: Arc::new(vec![shout("five")]),
        borrowed: &None,
        nested: Some((Arc::new(shout("six")), vec![])),
    }
}

/// Returns the name, and the address of the declaration, of each tool.
fn declared<T: Toolset>(tools: &T) -> Vec<(String, *const str)> {
    let mut declared = Vec::new();
    tools.declare(AnyDialect::OpenAi, &mut |spec, text| {
        declared.push((spec.name.to_owned(), std::ptr::from_ref(text)));
    });
    declared
}

#[tokio::test]
async fn fields_of_every_run_time_type_are_tools() {
    let names = ["one", "two", "three", "four", "five", "six"];
    let model = ScriptedModel::new()
        .calls([("search", r#"{"query":"fox"}"#), ("read", r#"{"path":"x"}"#)])
        .calls(names.map(|name| (name, "{}")))
        .calls([("one", "[]")])
        .reply("Done.");
    let agent = mixed().with(model.clone());
    let answer = agent.run("Hi").await.unwrap();
    let results: Vec<String> = answer
        .calls()
        .map(|call| call.result.as_ref().unwrap().text().into_owned())
        .collect();
    assert_eq!(results[..2], [r#"["a fox"]"#, "no x"]);
    assert_eq!(results[2..8], ["AH"; 6]);
    assert!(results[8].starts_with("invalid arguments"), "{results:?}");
    let declared: Vec<String> = declared(&agent.declaration().tools())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let expected = [
        "weather", "one", "two", "three", "four", "search", "read", "five", "six",
    ];
    assert_eq!(declared, expected);
    let sent: Vec<String> = model.requests()[0]
        .tools
        .iter()
        .map(|tool| tool.0.clone())
        .collect();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn absent_tools_are_neither_declared_nor_found() {
    let model = ScriptedModel::new()
        .calls([("search", r#"{"query":"fox"}"#), ("two", "{}")])
        .reply("Done.");
    let mixed = Mixed {
        search: None,
        many: Vec::new(),
        files: None,
        nested: None,
        ..mixed()
    };
    let agent = mixed.with(model.clone());
    let answer = agent.run("Hi").await.unwrap();
    assert!(answer.calls().all(|call| call.result.as_ref().unwrap().is_error));
    let sent: Vec<String> = model.requests()[0]
        .tools
        .iter()
        .map(|tool| tool.0.clone())
        .collect();
    assert_eq!(sent, ["weather", "one", "four", "five"]);
}

#[test]
fn only_run_time_tools_of_a_mixed_list_are_rendered_and_only_once() {
    let (first, second) = (mixed(), mixed());
    let alone = declared(&weather {})[0].1;
    let (tools, others) = (declared(&first.tools()), declared(&second.tools()));
    assert_eq!(tools, declared(&first.tools()), "rendered again");
    for (tool, other) in tools.iter().zip(&others) {
        let is_static = matches!(tool.0.as_str(), "weather" | "search" | "read");
        assert_eq!(std::ptr::eq(tool.1, other.1), is_static, "{}", tool.0);
    }
    assert!(std::ptr::eq(tools[0].1, alone));
    // Only tools whose presence is certain are in the constant.
    const fn static_len<T: Toolset>(_: fn(&'static Mixed<'static>) -> T) -> usize {
        T::STATIC.len()
    }
    assert_eq!(static_len(Mixed::tools), 1);
}

#[tokio::test]
async fn errors_for_duplicate_names_describe_both_entries() {
    let fix = "rename one of them: `#[tool(name = \"...\")]`, or the name in `DynTool::from_fn`";
    for (mixed, expected) in [
        (
            Mixed {
                one: shout("weather"),
                ..mixed()
            },
            "two tools are named `weather`: entry 1 of `tools` (`weather`) and entry 2 (`DynTool`)",
        ),
        (
            Mixed {
                many: vec![shout("two"), shout("one")],
                ..mixed()
            },
            "two tools are named `one`: entry 2 of `tools` (`DynTool`) and entry 3 (`Vec<DynTool>`, tool 2)",
        ),
        (
            Mixed {
                many: vec![shout("x"), shout("two"), shout("two")],
                ..mixed()
            },
            "two tools are named `two`: tools 2 and 3 of entry 3 of `tools` (`Vec<DynTool>`)",
        ),
        (
            Mixed {
                plugins: plugins("search"),
                ..mixed()
            },
            "two tools are named `search`: entry 4 of `tools` (`DynTools`) and entry 5 (`Option<Search>`)",
        ),
        (
            Mixed {
                borrowed: Box::leak(Box::new(Some(shout("five")))),
                ..mixed()
            },
            "two tools are named `five`: entry 7 of `tools` (`Arc<Vec<DynTool>>`) and entry 8 (`Option<DynTool>`)",
        ),
        (
            Mixed {
                nested: Some((Arc::new(shout("one")), vec![])),
                ..mixed()
            },
            "two tools are named `one`: entry 2 of `tools` (`DynTool`) and entry 9 (`Option<(Arc<DynTool>, Vec<DynTool>)>`)",
        ),
    ] {
        let model = ScriptedModel::new();
        let error = mixed.with(&model).run("Hi").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.to_string(), format!("{expected}; {fix}"));
        assert!(model.requests().is_empty());
    }
}
