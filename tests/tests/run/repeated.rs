//! Calls that are retried, are cached or end the run: `retries`, `cache`, `return_direct`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::tool::{DynTool, DynTools, ToolError};
use serde_json::json;

/// A phone line that is busy until call number `works_from`.
#[derive(Default)]
struct Line {
    calls: AtomicU32,
    works_from: u32,
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
        if call < self.line.works_from {
            return Err(ToolError::new(format!("busy ({call})")));
        }
        Ok(format!("reached {number}"))
    }

    /// Waits until the call is answered.
    #[tool(retries = 1, read_only, timeout = "1s")]
    async fn wait(&self) -> &'static str {
        if self.line.calls.fetch_add(1, Relaxed) == 0 {
            std::future::pending::<()>().await;
        }
        "hello?"
    }
}

async fn call(works_from: u32, tool: &str, arguments: &str) -> (String, u32) {
    let line = Line {
        works_from,
        ..Line::default()
    };
    let agent = Caller { line }.with(ScriptedModel::new().call(tool, arguments).reply("ok"));
    let answer = agent.run("Call.").await.unwrap();
    let text = answer.calls().next().unwrap().result_text().into_owned();
    (text, agent.declaration().line.calls.load(Relaxed))
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_is_retried_up_to_the_limit() {
    assert_eq!(
        call(1, "dial", r#"{"number":"110"}"#).await,
        ("reached 110".into(), 1)
    );
    assert_eq!(
        call(3, "dial", r#"{"number":"110"}"#).await,
        ("reached 110".into(), 3)
    );
    assert_eq!(
        call(9, "dial", r#"{"number":"110"}"#).await,
        ("busy (3)".into(), 3)
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_times_out_is_retried() {
    assert_eq!(call(0, "wait", "").await, ("hello?".into(), 2));
}

#[tokio::test(start_paused = true)]
async fn the_delay_doubles_with_each_retry() {
    let started = tokio::time::Instant::now();
    call(9, "dial", r#"{"number":"110"}"#).await;
    assert_eq!(started.elapsed().as_millis(), 300);
}

#[tokio::test(start_paused = true)]
async fn invalid_arguments_are_not_retried() {
    let started = tokio::time::Instant::now();
    let (text, calls) = call(1, "dial", r#"{"number":"1"}"#).await;
    assert!(text.contains("invalid arguments"), "{text}");
    assert_eq!((calls, started.elapsed()), (0, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_run_time_tool_is_retried() {
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

/// Uses run-time tools.
#[agent(tools = [self.tools])]
struct Host {
    tools: DynTools,
}

static RATE_CALLS: AtomicU32 = AtomicU32::new(0);

/// Exchange rate between two currencies.
#[tool(read_only, cache = "1h")]
fn rate(from: &str, to: &str) -> Result<String, ToolError> {
    let count = RATE_CALLS.fetch_add(1, Relaxed) + 1;
    if from == to {
        return Err(ToolError::new(format!("two currencies, please ({count})")));
    }
    Ok(format!("lookup {count}"))
}

static BALANCE_CALLS: AtomicU32 = AtomicU32::new(0);

/// Balance of an account.
#[tool(read_only, cache = "1ms")]
fn balance() -> String {
    format!("reading {}", BALANCE_CALLS.fetch_add(1, Relaxed) + 1)
}

/// Changes money.
#[agent(tools = [rate, balance])]
struct Bank;

#[tokio::test]
async fn a_result_is_cached_by_arguments_until_it_expires() {
    let lookup = async |arguments: &str| result("rate", arguments).await;
    assert_eq!(lookup(r#"{"from":"EUR","to":"NOK"}"#).await, "lookup 1");
    assert_eq!(lookup(r#"{ "to": "NOK", "from": "EUR" }"#).await, "lookup 1");
    assert_eq!(lookup(r#"{"from":"NOK","to":"EUR"}"#).await, "lookup 2");
    // Failures are not cached.
    assert_eq!(
        lookup(r#"{"from":"EUR","to":"EUR"}"#).await,
        "two currencies, please (3)"
    );
    assert_eq!(
        lookup(r#"{"from":"EUR","to":"EUR"}"#).await,
        "two currencies, please (4)"
    );
    assert_eq!(lookup(r#"{"from":"EUR","to":"NOK"}"#).await, "lookup 1");
    // The cache uses real time, so repeat the call until the result has expired.
    while result("balance", "{}").await != "reading 2" {
        tokio::task::yield_now().await;
    }
}

/// Returns the result of a tool call in a new run.
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

/// Sends the order to the kitchen.
#[tool(return_direct)]
fn order(dish: String, portions: u32) -> Result<Order, ToolError> {
    if dish == "unicorn" {
        return Err(ToolError::new("unicorn is sold out"));
    }
    Ok(Order { dish, portions })
}

/// Returns the dish of the day.
#[tool]
fn dish_of_the_day() -> &'static str {
    "there is soup"
}

/// Takes orders.
#[agent(tools = [order, dish_of_the_day])]
struct OrderTaker;

/// Takes orders and returns them.
#[agent(tools = [order, dish_of_the_day], output = Order)]
struct Clerk;

#[tokio::test]
async fn the_result_of_a_return_direct_tool_is_the_answer() {
    let model = ScriptedModel::new().call("dish_of_the_day", "{}").calls([
        ("dish_of_the_day", "{}"),
        ("order", r#"{"dish":"soup","portions":2}"#),
    ]);
    let mut session = Session::new();
    let agent = OrderTaker.with(&model);
    let answer = agent.session(&mut session).run("Soup for two.").await.unwrap();
    assert_eq!(answer.text(), r#"{"dish":"soup","portions":2}"#);
    assert_eq!(answer.turns, 2);
    assert_eq!(answer.calls().count(), 3);
    model.assert_used_up();

    // A stream yields the same answer.
    let model = ScriptedModel::new().call("order", r#"{"dish":"soup","portions":2}"#);
    let agent = OrderTaker.with(model);
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
async fn the_result_of_a_return_direct_tool_is_checked_against_the_output_type() {
    let model = ScriptedModel::new()
        .call("order", r#"{"dish":"soup","portions":0}"#)
        .reply(r#"{"dish":"soup","portions":1}"#);
    let answer = Clerk.with(&model).run("Soup.").await.unwrap();
    let expected = Order {
        dish: "soup".into(),
        portions: 1,
    };
    assert_eq!(answer.output, expected);
    let second = &model.requests()[1];
    let feedback = second.messages.last().unwrap().text().into_owned();
    assert!(feedback.contains("portions"), "{feedback}");
}

#[tokio::test]
async fn a_failed_return_direct_tool_does_not_end_the_run() {
    let model = ScriptedModel::new()
        .call("order", r#"{"dish":"unicorn","portions":1}"#)
        .reply("There is none.");
    let answer = OrderTaker.with(model).run("Unicorn.").await.unwrap();
    assert_eq!(answer.text(), "There is none.");
}
