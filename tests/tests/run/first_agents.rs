//! The agents that people write first, each without a workaround. Others are examples: `tools`, `toolkit`, `approval`,
//! `session` and `service`.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use agno::message::{Citation, Content, Media};
use agno::model::layer::{CacheLayer, RetryLayer, TimeoutLayer};
use agno::model::scripted::Turn;
use agno::model::{ModelErrorKind, ModelId, Reply, ScriptedModel, Usage};
use agno::prelude::*;
use agno::pricing::{Price, PriceTable};
use agno::tool::{DynTool, ToolError, ToolOutput};
use agno::{CancellationToken, ErrorKind};
use serde_json::json;

/// A unit of temperature.
#[derive(Schema, Deserialize, Debug, Default)]
#[serde(rename_all = "lowercase")]
enum Unit {
    #[default]
    Celsius,
    Fahrenheit,
}

/// Current weather in a city.
#[tool]
fn weather(city: &str, #[arg(default)] unit: Unit) -> String {
    format!("{city}: rain, 4 degrees {unit:?}")
}

/// Current time in a city.
#[tool]
fn time(city: &str) -> String {
    format!("{city}: 9:05")
}

/// Answers questions about cities.
#[agent(tools = [weather, time])]
struct Guide;

#[tokio::test]
async fn an_invalid_value_of_an_enum_is_reported_to_the_model() {
    let model = ScriptedModel::new()
        .call("weather", r#"{"city":"Rome","unit":"kelvin"}"#)
        .call("weather", r#"{"city":"Rome"}"#)
        .reply("It rains.");
    let answer = Guide.with(model).run("Rome?").await.unwrap();
    let results: Vec<_> = answer
        .calls()
        .map(|call| call.result_text().into_owned())
        .collect();
    assert!(results[0].contains("unit: expected one of"), "{results:?}");
    assert_eq!(results[1], "Rome: rain, 4 degrees Celsius");
}

/// The script of a movie.
#[derive(Schema, Serialize, Deserialize, Debug, PartialEq)]
struct Script {
    title: String,
    subtitle: Option<String>,
    roles: Vec<Role>,
    budget: BTreeMap<String, u64>,
    ending: Ending,
}

#[derive(Schema, Serialize, Deserialize, Debug, PartialEq)]
struct Role {
    name: String,
    lines: u16,
}

#[derive(Schema, Serialize, Deserialize, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Ending {
    Happy,
    Sad { reason: String },
}

/// Writes scripts of movies.
#[agent(output = Script)]
struct Writer;

#[tokio::test]
async fn a_typed_answer_has_lists_options_maps_and_tagged_enums() {
    let reply = r#"{"title":"Fog","subtitle":null,"roles":[{"name":"Ada","lines":12}],"budget":{"cast":5},"ending":{"kind":"sad","reason":"fog"}}"#;
    let answer = Writer
        .with(ScriptedModel::new().reply(format!("```json\n{reply}\n```")))
        .run("A movie.")
        .await
        .unwrap();
    assert_eq!(answer.output.roles[0].lines, 12);
    assert_eq!(
        answer.output.ending,
        Ending::Sad {
            reason: "fog".to_owned()
        }
    );
}

/// A database, which an agent borrows.
struct Orders(HashMap<u64, &'static str>);

/// Helps a customer.
#[agent(instructions = "You help {customer}.", tools = [self])]
struct Support<'a> {
    customer: &'a str,
    orders: &'a Orders,
}

#[toolkit]
impl Support<'_> {
    /// The state of an order.
    #[tool]
    fn order(&self, id: u64) -> Option<&'static str> {
        self.orders.0.get(&id).copied()
    }
}

#[tokio::test]
async fn an_agent_borrows_its_database() {
    let orders = Orders(HashMap::from([(7, "shipped")]));
    let model = ScriptedModel::new()
        .call("order", r#"{"id":7}"#)
        .reply("It was shipped.");
    let agent = Support {
        customer: "Ada",
        orders: &orders,
    }
    .with(&model);
    assert_eq!(
        agent.run("Where is order 7?").await.unwrap().text(),
        "It was shipped."
    );
    assert_eq!(model.requests()[0].instructions, "You help Ada.");
}

/// Uses the tools of a configuration.
#[agent(tools = [weather, self.plugins, self.search])]
struct Host {
    plugins: Vec<DynTool>,
    search: Option<DynTool>,
}

fn configured(text: &str) -> Result<Vec<DynTool>, Box<dyn Error>> {
    let tools: Vec<serde_json::Value> = serde_json::from_str(text)?;
    let mut plugins = Vec::new();
    for tool in tools {
        let text = |key: &str| tool[key].as_str().unwrap_or_default().to_owned();
        let answer = text("answer");
        plugins.push(DynTool::from_fn(
            text("name"),
            text("description"),
            tool["schema"].clone(),
            move |_, _| {
                let answer = answer.clone();
                async move { Ok::<_, ToolError>(answer) }
            },
        )?);
    }
    Ok(plugins)
}

#[tokio::test]
async fn tools_from_a_configuration_join_static_ones() -> Result<(), Box<dyn Error>> {
    let schema = json!({"type": "object", "properties": {}});
    let text = json!([{"name": "joke", "description": "Returns a joke.", "schema": schema, "answer": "Knock, knock."}]);
    let host = Host {
        plugins: configured(&text.to_string())?,
        search: None,
    };
    let model = ScriptedModel::new().call("joke", "{}").reply("Ha.");
    let answer = host.with(model).run("A joke!").await?;
    assert_eq!(
        answer.calls().next().map(|call| call.result_text().into_owned()),
        Some("Knock, knock.".to_owned())
    );

    let wrong = json!([{"name": "x", "description": "X.", "schema": {"type": "object", "properties": {"a": {"type": "strin"}}}}]);
    let error = configured(&wrong.to_string()).unwrap_err().to_string();
    assert!(error.contains("/properties/a/type"), "{error}");
    Ok(())
}

/// Looks up a page.
#[tool]
fn page() -> ToolOutput {
    ToolOutput::text("Goods can be returned.")
        .with_citation(Citation::from_url("https://docs.example/returns"))
}

/// Describes pictures.
#[agent(reads = [images], tools = [page])]
struct Viewer;

#[tokio::test]
async fn an_image_goes_in_and_citations_come_out() {
    let model = ScriptedModel::new().call("page", "{}").reply("A shop.");
    let picture = Content::image(Media::bytes([1_u8], "image/png"));
    let answer = Viewer
        .with(model)
        .run([Content::text("What is this?"), picture])
        .await
        .unwrap();
    let cited: Vec<_> = answer
        .citations()
        .filter_map(|citation| citation.url.as_deref())
        .collect();
    assert_eq!(cited, ["https://docs.example/returns"]);
}

/// Answers.
#[agent]
struct Assistant;

#[tokio::test(start_paused = true)]
async fn layers_are_combined_and_the_cost_is_computed() {
    let usage = Usage::new(1_000, 500);
    let slow = ScriptedModel::new().turn(Turn::hang());
    let good = ScriptedModel::new()
        .fault(ModelErrorKind::Overloaded)
        .turn(Turn::reply(Reply::text("Four.").with_usage(usage)));
    let model = slow
        .timeout(TimeoutLayer::new().with_total(Duration::from_secs(5)))
        .fallback(good.retry(RetryLayer::new()))
        .cache(CacheLayer::in_memory(1 << 20));
    let agent = Assistant.with(model);
    let answer = agent.run("Two plus two?").await.unwrap();
    assert_eq!((answer.text().as_ref(), answer.usage), ("Four.", usage));
    assert_eq!(agent.run("Two plus two?").await.unwrap().usage, Usage::default());
    let prices = PriceTable::new().with_price("script", "test", Price::new(1.0, 2.0));
    let cost = prices.cost(ModelId::new("script", "test"), usage).unwrap();
    assert!((cost - 0.002).abs() < 1e-9, "{cost}");
}

/// Finds facts, slowly.
#[agent]
struct Researcher;

/// Answers with facts.
#[agent(agents = [self.researcher])]
struct Desk<M: Model> {
    researcher: agno::Agent<Researcher, M>,
}

#[tokio::test]
async fn an_agent_is_a_tool_whose_usage_counts_even_if_the_run_is_cancelled() {
    let usage = Usage::new(7, 3);
    let research = ScriptedModel::new()
        .turn(Turn::reply(Reply::call("1", "unknown", "{}").with_usage(usage)))
        .turn(Turn::hang());
    let desk = Desk {
        researcher: Researcher.with(research.clone()),
    };
    let agent = desk.with(ScriptedModel::new().call("researcher", r#"{"task":"Find out."}"#));
    let token = CancellationToken::new();
    let stop = async {
        while research.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
        token.cancel();
    };
    let (outcome, ()) = tokio::join!(agent.cancellation(&token).run("Hi"), stop);
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(error.run().unwrap().usage().input, 7);
}

/// Prints the answer of any agent.
async fn ask<D: Declared, M: Model>(agent: &agno::Agent<D, M>, question: &str) -> agno::Result<String> {
    Ok(agent.run(question).await?.into_text())
}

/// A service that stores an agent by its declaration alone.
struct State {
    assistant: agno::Agent<Assistant>,
    others: HashMap<&'static str, DynAgent>,
}

#[tokio::test]
async fn agents_are_generic_arguments_fields_and_values_of_a_map_that_stream() {
    let others = HashMap::from([
        ("guide", Guide.with(ScriptedModel::new().reply("Left.")).erase()),
        ("writer", Writer.with(ScriptedModel::new()).erase()),
    ]);
    let assistant = Assistant.with(AnyModel::from(ScriptedModel::new().reply("Four.")));
    let state = Arc::new(State { assistant, others });
    assert_eq!(ask(&state.assistant, "Two plus two?").await.unwrap(), "Four.");
    let mut events = state.others["guide"].invoke().max_turns(2).stream("Where?");
    let mut text = String::new();
    while let Some(item) = events.next().await {
        if let Event::Text { delta, .. } = item.unwrap().event {
            text.push_str(&delta);
        }
    }
    assert_eq!(text, "Left.");
}

#[tokio::test]
async fn a_script_checks_a_run_in_a_test() -> agno::Result<()> {
    let model = ScriptedModel::new()
        .call("time", r#"{"city":"Oslo"}"#)
        .reply("Nine.");
    let answer = Guide.with(&model).run("What time is it in Oslo?").await?;
    assert_eq!(
        answer.calls().next().map(|call| call.result_text().into_owned()),
        Some("Oslo: 9:05".to_owned())
    );
    assert_eq!(model.requests().len(), 2);
    Ok(())
}
