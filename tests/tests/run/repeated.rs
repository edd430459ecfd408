//! Calls made more than once, not at all, or for the last time: `retries`, `cache`, `return_direct`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::tool::{DynTool, DynTools, ToolError};
use serde_json::json;

/// A line that is bad the first times.
#[derive(Default)]
struct Line {
    calls: AtomicU32,
    good_from: u32,
}

/// Calls people.
#[agent(tools = [self])]
struct Caller {
    line: Line,
}

#[toolkit]
impl Caller {
    /// Dials a number.
    #[tool(retries = 2, idempotent)]
    async fn dial(&self, #[arg(len = 3..=5)] number: &str) -> Result<String, ToolError> {
        let call = self.line.calls.fetch_add(1, Relaxed) + 1;
        if call < self.line.good_from {
            return Err(ToolError::new(format!("busy ({call})")));
        }
        Ok(format!("reached {number}"))
    }

    /// Waits for somebody to pick up.
    #[tool(retries = 1, read_only, timeout = "1s")]
    async fn wait(&self) -> &'static str {
        if self.line.calls.fetch_add(1, Relaxed) == 0 {
            std::future::pending::<()>().await;
        }
        "hello?"
    }
}

async fn told(good_from: u32, tool: &str, arguments: &str) -> (String, u32) {
    let line = Line {
        good_from,
        ..Line::default()
    };
    let agent = Caller { line }.with(ScriptedModel::new().call(tool, arguments).reply("ok"));
    let answer = agent.run("Call.").await.unwrap();
    let told = answer.calls().next().unwrap().result_text().into_owned();
    (told, agent.declaration().line.calls.load(Relaxed))
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_made_again_as_often_as_it_may() {
    assert_eq!(
        told(1, "dial", r#"{"number":"110"}"#).await,
        ("reached 110".into(), 1)
    );
    assert_eq!(
        told(3, "dial", r#"{"number":"110"}"#).await,
        ("reached 110".into(), 3)
    );
    assert_eq!(
        told(9, "dial", r#"{"number":"110"}"#).await,
        ("busy (3)".into(), 3)
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_too_long_is_made_again() {
    assert_eq!(told(0, "wait", "").await, ("hello?".into(), 2));
}

#[tokio::test(start_paused = true)]
async fn each_call_waits_twice_as_long_as_the_one_before() {
    let before = tokio::time::Instant::now();
    told(9, "dial", r#"{"number":"110"}"#).await;
    assert_eq!(before.elapsed().as_millis(), 300);
}

#[tokio::test(start_paused = true)]
async fn arguments_that_are_wrong_are_told_at_once() {
    let before = tokio::time::Instant::now();
    let (told, calls) = told(1, "dial", r#"{"number":"1"}"#).await;
    assert!(told.contains("the arguments are not right"), "{told}");
    assert_eq!((calls, before.elapsed()), (0, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_tool_of_run_time_is_called_again_too() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let dial = DynTool::from_fn("dial", "Dials.", json!({"type": "object"}), |_, _| async {
        match CALLS.fetch_add(1, Relaxed) {
            0 => Err(ToolError::new("busy")),
            _ => Ok("reached"),
        }
    });
    let tools = DynTools::new().with_tool(dial.unwrap().with_retries(1)).unwrap();
    let agent = Host { tools }.with(ScriptedModel::new().call("dial", "{}").reply("ok"));
    let answer = agent.run("Call.").await.unwrap();
    assert_eq!(answer.calls().next().unwrap().result_text(), "reached");
    assert_eq!(CALLS.load(Relaxed), 2);
}

/// Uses what it is given.
#[agent(tools = [self.tools])]
struct Host {
    tools: DynTools,
}

static LOOKED_UP: AtomicU32 = AtomicU32::new(0);

/// Exchange rate between two currencies.
#[tool(read_only, cache = "1h")]
fn rate(from: &str, to: &str) -> Result<String, ToolError> {
    let looked_up = LOOKED_UP.fetch_add(1, Relaxed) + 1;
    if from == to {
        return Err(ToolError::new(format!("two currencies, please ({looked_up})")));
    }
    Ok(format!("look-up {looked_up}"))
}

static READ: AtomicU32 = AtomicU32::new(0);

/// Balance of an account.
#[tool(read_only, cache = "1ms")]
fn balance() -> String {
    format!("reading {}", READ.fetch_add(1, Relaxed) + 1)
}

/// Changes money.
#[agent(tools = [rate, balance])]
struct Bank;

#[tokio::test]
async fn a_result_is_kept_for_the_same_arguments_for_as_long_as_it_may() {
    let ask = async |arguments: &str| result("rate", arguments).await;
    assert_eq!(ask(r#"{"from":"EUR","to":"NOK"}"#).await, "look-up 1");
    assert_eq!(ask(r#"{ "to": "NOK", "from": "EUR" }"#).await, "look-up 1");
    assert_eq!(ask(r#"{"from":"NOK","to":"EUR"}"#).await, "look-up 2");
    // Failures are not kept.
    assert_eq!(
        ask(r#"{"from":"EUR","to":"EUR"}"#).await,
        "two currencies, please (3)"
    );
    assert_eq!(
        ask(r#"{"from":"EUR","to":"EUR"}"#).await,
        "two currencies, please (4)"
    );
    assert_eq!(ask(r#"{"from":"EUR","to":"NOK"}"#).await, "look-up 1");
    // The age of a result is real time: a slow machine asks less often until it has passed.
    while result("balance", "{}").await != "reading 2" {
        tokio::task::yield_now().await;
    }
}

/// The result of the bank's only call.
async fn result(tool: &str, arguments: &str) -> String {
    let agent = Bank.with(ScriptedModel::new().call(tool, arguments).reply("ok"));
    let answer = agent.run("go").await.unwrap();
    answer.calls().next().unwrap().result_text().into_owned()
}

/// A finished order.
#[derive(Debug, PartialEq, Schema, Serialize, Deserialize)]
struct Order {
    dish: String,
    #[schema(range = 1..)]
    portions: u32,
}

/// Hands the order to the kitchen.
#[tool(return_direct)]
fn order(dish: String, portions: u32) -> Result<Order, ToolError> {
    if dish == "unicorn" {
        return Err(ToolError::new("there is no unicorn today"));
    }
    Ok(Order { dish, portions })
}

/// Looks into the kitchen.
#[tool]
fn look() -> &'static str {
    "there is soup"
}

/// Takes orders.
#[agent(tools = [order, look])]
struct Waiter;

/// Takes orders and tells the kitchen.
#[agent(tools = [order, look], output = Order)]
struct Clerk;

#[tokio::test]
async fn the_result_of_a_tool_that_answers_is_the_answer() {
    let model = ScriptedModel::new()
        .call("look", "{}")
        .calls([("look", "{}"), ("order", r#"{"dish":"soup","portions":2}"#)]);
    let mut session = Session::new();
    let agent = Waiter.with(&model);
    let answer = agent.session(&mut session).run("Soup for two.").await.unwrap();
    assert_eq!(answer.text(), r#"{"dish":"soup","portions":2}"#);
    assert_eq!(answer.turns, 2);
    assert_eq!(answer.calls().count(), 3);
    model.assert_used_up();

    // A stream tells the same answer.
    let model = ScriptedModel::new().call("order", r#"{"dish":"soup","portions":2}"#);
    let agent = Waiter.with(model);
    let mut events = agent.stream("Soup for two.");
    let mut text = String::new();
    while let Some(event) = events.next().await {
        if let Event::Text { delta, .. } = event.unwrap() {
            text.push_str(&delta);
        }
    }
    assert_eq!(text, r#"{"dish":"soup","portions":2}"#);
}

#[tokio::test]
async fn the_result_of_a_tool_that_answers_is_held_to_the_output() {
    let model = ScriptedModel::new()
        .call("order", r#"{"dish":"soup","portions":0}"#)
        .reply(r#"{"dish":"soup","portions":1}"#);
    let answer = Clerk.with(&model).run("Soup.").await.unwrap();
    let one = Order {
        dish: "soup".into(),
        portions: 1,
    };
    assert_eq!(answer.output, one);
    let second = &model.requests()[1];
    let told = second.messages.last().unwrap().text().into_owned();
    assert!(told.contains("portions"), "{told}");
}

#[tokio::test]
async fn a_failure_of_a_tool_that_answers_is_no_answer() {
    let model = ScriptedModel::new()
        .call("order", r#"{"dish":"unicorn","portions":1}"#)
        .reply("There is none.");
    let answer = Waiter.with(model).run("Unicorn.").await.unwrap();
    assert_eq!(answer.text(), "There is none.");
}
