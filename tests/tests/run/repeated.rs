//! Calls that are retried or cached, or that end the run: `retries`, `cache`, `return_direct`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::tool::{DynTool, DynTools, ToolError, Toolset};
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

/// Returns the exchange rate between two currencies.
#[tool(read_only, cache = "1h")]
fn rate(from: &str, to: &str) -> Result<String, ToolError> {
    let count = RATE_CALLS.fetch_add(1, Relaxed) + 1;
    if from == to {
        return Err(ToolError::new(format!("two currencies, please ({count})")));
    }
    Ok(format!("lookup {count}"))
}

static BALANCE_CALLS: AtomicU32 = AtomicU32::new(0);

/// Returns the balance of an account.
#[tool(read_only, cache = "1ms")]
fn balance() -> String {
    format!("reading {}", BALANCE_CALLS.fetch_add(1, Relaxed) + 1)
}

/// Exchanges money.
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

static SLOW_CALLS: AtomicU32 = AtomicU32::new(0);

/// Looks something up, slowly.
#[tool(read_only, cache = "1h")]
async fn slow(what: &str) -> Result<String, ToolError> {
    let count = SLOW_CALLS.fetch_add(1, Relaxed) + 1;
    tokio::time::sleep(Duration::from_secs(10)).await;
    match what {
        "failing" => Err(ToolError::new(format!("failure {count}"))),
        _ => Ok(format!("lookup {count}")),
    }
}

/// Squares a number.
#[tool(read_only, cache = "1h")]
fn square(number: u128) -> String {
    format!("{number} squared")
}

/// Looks up facts.
#[agent(tools = [slow, square])]
struct Librarian;

async fn looked_up(tool: &str, arguments: &str) -> String {
    let agent = Librarian.with(ScriptedModel::new().call(tool, arguments).reply("ok"));
    let answer = agent.run("go").await.unwrap();
    answer.calls().next().unwrap().result_text().into_owned()
}

#[tokio::test(start_paused = true)]
async fn equal_concurrent_calls_run_a_cached_tool_once() {
    let started = tokio::time::Instant::now();
    let calls = || SLOW_CALLS.swap(0, Relaxed);
    let fifty = async |arguments: &'static str| {
        let all = (0..50).map(|_| looked_up("slow", arguments));
        let mut texts = futures_util::future::join_all(all).await;
        texts.dedup();
        texts
    };
    assert_eq!(fifty(r#"{"what":"a"}"#).await, ["lookup 1"]);
    assert_eq!(calls(), 1);
    // All waiting calls share a failure, but it is not cached.
    assert_eq!(fifty(r#"{"what":"failing"}"#).await, ["failure 1"]);
    assert_eq!(fifty(r#"{"what":"failing"}"#).await, ["failure 2"]);
    assert_eq!(calls(), 2);
    assert_eq!(started.elapsed(), Duration::from_secs(30));

    // If the running call is cancelled, a waiting call takes its place.
    let run = RunContext::detached();
    let first = slow {}.call(0, r#"{"what":"b"}"#, &run);
    let (first, second) = tokio::join!(
        tokio::time::timeout(Duration::from_secs(5), first),
        looked_up("slow", r#"{"what":"b"}"#)
    );
    assert!(first.is_err());
    assert_eq!(second, "lookup 2");

    // If the cache is cleared during a call, the result of that call is not stored.
    let cache = <slow as agno::tool::Tool>::CACHE.unwrap();
    let clear = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        cache.clear();
    };
    let (text, ()) = tokio::join!(looked_up("slow", r#"{"what":"c"}"#), clear);
    assert_eq!(text, "lookup 3");
    assert_eq!(looked_up("slow", r#"{"what":"c"}"#).await, "lookup 4");
}

static NESTED: std::sync::OnceLock<DynTools> = std::sync::OnceLock::new();
static NESTED_CALLS: AtomicU32 = AtomicU32::new(0);

/// Calls itself once.
#[tool(read_only, cache = "1h")]
async fn nested() -> String {
    if NESTED_CALLS.fetch_add(1, Relaxed) > 0 {
        return "inner".to_owned();
    }
    tokio::task::yield_now().await;
    let tools = NESTED.get().unwrap();
    let inner = tools.call(0, "{}", &RunContext::detached()).await;
    format!("outer of {}", inner.text())
}

#[tokio::test(start_paused = true)]
async fn a_cached_tool_that_calls_itself_does_not_wait_for_itself() {
    let tools = DynTools::new()
        .with_tool(agno::tool::Tool::erase(nested {}))
        .unwrap();
    let tools = NESTED.get_or_init(|| tools);
    let run = RunContext::detached();
    let call = tools.call(0, "{}", &run);
    let result = tokio::time::timeout(Duration::from_secs(60), call).await.unwrap();
    assert_eq!(result.text(), "outer of inner");
    assert_eq!(tools.call(0, "{}", &run).await.text(), "outer of inner");
}

#[tokio::test]
async fn large_numbers_that_differ_do_not_share_a_cached_result() {
    for number in ["36893488147419103232", "36893488147419103233"] {
        let text = looked_up("square", &format!(r#"{{"number":{number}}}"#)).await;
        assert_eq!(text, format!("{number} squared"));
    }
}

#[tokio::test]
async fn a_tool_cache_accepts_the_longest_lifetime() {
    use agno::tool::{Tool, ToolCache, ToolSpec};

    static FOREVER: ToolCache = ToolCache::new(Duration::MAX);

    struct Constant;
    impl Tool for Constant {
        const SPEC: ToolSpec<'static> = ToolSpec::new("constant", "Returns a constant.");
        const CACHE: Option<&'static ToolCache> = Some(&FOREVER);
        type Args<'a> = NoArguments;
        async fn call(&self, _: NoArguments, _: &RunContext) -> agno::ToolResult {
            agno::tool::to_result("1")
        }
    }
    agno::declare_tool!(Constant);

    let tools = DynTools::new().with_tool(Constant.erase()).unwrap();
    assert_eq!(tools.call(0, "{}", &RunContext::detached()).await.text(), "1");
    assert!(!FOREVER.is_empty());
}

/// No arguments.
#[derive(Schema, Deserialize)]
struct NoArguments {}

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
    let mut session = Session::new(Owner::shared());
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
        if let Event::Text { delta, .. } = event.unwrap().event {
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
