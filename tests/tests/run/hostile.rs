//! Runs with hostile replies and with edited data.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use agno::message::Part;
use agno::model::scripted::Turn;
use agno::model::{Reply, ScriptedModel};
use agno::prelude::*;
use agno::run::{Limits, Step, WaitsFor};
use agno::{ErrorKind, Message, Run, ToolResult};
use serde_json::{Value, json};

/// Pays amounts and records them.
#[agent(tools = [self])]
struct Cashier<'a> {
    paid: &'a Mutex<Vec<u32>>,
}

#[toolkit]
impl Cashier<'_> {
    /// Pays an amount.
    #[tool(approval)]
    fn pay(&self, euro: u32) -> String {
        self.paid.lock().unwrap().push(euro);
        format!("paid {euro}")
    }
}

fn calls<const N: usize>(calls: [(&str, &str, &str); N]) -> Turn {
    Turn::reply(Reply::new(
        calls.map(|(id, name, arguments)| Part::call(id, name, arguments)),
    ))
}

fn ids(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .flat_map(Message::calls)
        .map(|call| call.id.clone())
        .collect()
}

async fn paused<D: agno::Declared>(agent: &agno::Agent<D, ScriptedModel>) -> Run {
    let error = agent.run("go").await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Paused, "{error:?}");
    error.into_run().unwrap()
}

#[tokio::test]
async fn an_approval_never_applies_to_another_call() {
    // The first run reveals an ID that agno assigned, so that a later reply can use it.
    let paid = Mutex::default();
    let unnamed = calls([("", "pay", r#"{"euro":1}"#)]);
    let run = paused(&Cashier { paid: &paid }.with(ScriptedModel::new().turn(unnamed))).await;
    let assigned = ids(run.messages()).remove(0);
    for guess in [assigned.as_str(), "call_1_1", "call_1_0"] {
        let reply = calls([
            (guess, "pay", r#"{"euro":1000000}"#),
            ("", "pay", r#"{"euro":1}"#),
            (guess, "pay", r#"{"euro":2}"#),
        ]);
        let agent = Cashier { paid: &paid }.with(ScriptedModel::new().turn(reply));
        let mut run = paused(&agent).await;
        let waiting: Vec<_> = run.waiting().map(|waiting| waiting.call.clone()).collect();
        let mut unique: Vec<_> = waiting.iter().map(|call| &call.id).collect();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), 3, "{waiting:?}");
        let small = waiting
            .iter()
            .find(|call| call.arguments == r#"{"euro":1}"#)
            .unwrap();
        run.approve(&small.id).unwrap();
        let error = agent.resume(run).await.unwrap_err();
        assert_eq!(std::mem::take(&mut *paid.lock().unwrap()), [1], "{guess}");
        // The other two calls still wait.
        assert_eq!(error.into_run().unwrap().waiting().count(), 2);
    }
}

#[test]
fn assigned_ids_are_unique_within_and_across_runs() {
    let mut all = Vec::new();
    for _ in 0..3 {
        let mut run = Run::new("go", Limits::default());
        for _ in 0..2 {
            run.reply(Reply::new([
                Part::call("", "a", "{}"),
                Part::call("same", "b", "{}"),
            ]));
            run.result(0, ToolResult::from_text("x"));
            run.result(1, ToolResult::from_text("x"));
        }
        let run_ids = ids(run.messages());
        assert!(run_ids.iter().all(|id| id.len() <= 40), "{run_ids:?}");
        all.extend(run_ids.into_iter().filter(|id| id != "same"));
    }
    assert_eq!(all.len(), 6);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 6, "{all:?}");
}

#[test]
fn a_decision_on_an_ambiguous_id_is_rejected() {
    let mut run = Run::new("go", Limits::default());
    run.reply(Reply::new([
        Part::call("a", "pay", "{}"),
        Part::call("b", "pay", "{}"),
    ]));
    run.set_waiting(0, WaitsFor::Approval);
    run.set_waiting(1, WaitsFor::Approval);
    let edited = serde_json::to_string(&run)
        .unwrap()
        .replace(r#""id":"b""#, r#""id":"a""#);
    let mut run: Run = serde_json::from_str(&edited).unwrap();
    let error = run.approve("a").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotWaiting);
    assert!(error.to_string().contains("several"), "{error}");
    assert!(run.decline("a", "").is_err() && run.provide("a", ToolResult::from_text("x")).is_err());
}

mod version_1 {
    /// Pays an amount.
    #[agno::tool(approval)]
    pub(super) fn pay(euro: u32) -> String {
        format!("paid {euro}")
    }
}

mod version_2 {
    /// Pays an amount.
    #[agno::tool(external)]
    pub(super) fn pay(euro: u32);
}

/// Pays with approval.
#[agent(tools = [version_1::pay])]
struct First;

/// Pays at a terminal.
#[agent(tools = [version_2::pay])]
struct Second;

#[tokio::test]
async fn an_approved_call_whose_tool_became_external_waits_for_its_result() {
    let model = ScriptedModel::new().call("pay", r#"{"euro":5}"#).reply("Paid.");
    let mut run = paused(&First.with(model.clone())).await;
    let id = ids(run.messages()).remove(0);
    run.approve(&id).unwrap();
    let second = Second.with(model);
    let resumed = tokio::time::timeout(Duration::from_secs(5), second.resume(run));
    let error = resumed.await.expect("the run ends").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paused);
    let mut run = error.into_run().unwrap();
    assert_eq!(run.waiting().next().unwrap().waits_for, WaitsFor::ExternalResult);
    run.provide(&id, ToolResult::from_text("paid at the terminal"))
        .unwrap();
    assert_eq!(second.resume(run).await.unwrap().text(), "Paid.");
}

/// Repeats text.
#[tool]
fn echo(text: &str) -> String {
    text.to_owned()
}

/// Repeats text.
#[agent(tools = [echo])]
pub(crate) struct Parrot;

#[tokio::test]
async fn excess_calls_in_a_turn_get_an_error_result_and_are_not_made() {
    let many = Reply::new(
        (0..200)
            .map(|n| Part::call(n.to_string(), "echo", r#"{"text":"x"}"#))
            .collect::<Vec<_>>(),
    );
    let model = ScriptedModel::new().turn(Turn::reply(many.clone())).reply("done");
    let answer = Parrot.with(model).run("go").await.unwrap();
    let made = |messages: &[Message]| {
        let results = messages.iter().flat_map(Message::calls);
        results.filter(|call| call.result_text() == "x").count()
    };
    assert_eq!(made(answer.messages()), 128);
    let excess = answer.calls().nth(128).unwrap().result_text().into_owned();
    assert!(excess.contains("at most 128 calls"), "{excess}");

    let model = ScriptedModel::new().turn(Turn::reply(many)).reply("done");
    let limits = Limits::default().with_max_calls_per_turn(3);
    let answer = Parrot
        .with(model)
        .invoke()
        .limits(limits)
        .run("go")
        .await
        .unwrap();
    assert_eq!(made(answer.messages()), 3);
}

#[tokio::test]
async fn a_run_survives_a_reply_with_100_000_calls() {
    let many = (0..100_000).map(|n| Part::call(n.to_string(), "echo", r#"{"text":"x"}"#));
    let model = ScriptedModel::new()
        .turn(Turn::reply(Reply::new(many.collect::<Vec<_>>())))
        .reply("done");
    let answer = Parrot.with(model).run("go").await.unwrap();
    let excess = answer.calls().filter(|call| call.result_text() != "x");
    assert_eq!(excess.count(), 100_000 - 128);
}

/// Counts concurrent calls.
#[agent(tools = [self])]
struct Crowd<'a> {
    now: &'a AtomicUsize,
    peak: &'a AtomicUsize,
}

#[toolkit]
impl Crowd<'_> {
    /// Waits.
    #[tool]
    async fn wait(&self) -> String {
        let now = self.now.fetch_add(1, Relaxed) + 1;
        self.peak.fetch_max(now, Relaxed);
        tokio::time::sleep(Duration::from_millis(10)).await;
        self.now.fetch_sub(1, Relaxed);
        String::new()
    }
}

#[tokio::test(start_paused = true)]
async fn the_number_of_concurrent_calls_is_limited() {
    for (limit, expected) in [(None, 32), (Some(5), 5), (Some(1), 1)] {
        let (now, peak) = Default::default();
        let many = Reply::new(
            (0..100)
                .map(|n| Part::call(n.to_string(), "wait", "{}"))
                .collect::<Vec<_>>(),
        );
        let model = ScriptedModel::new().turn(Turn::reply(many)).reply("done");
        let mut limits = Limits::default();
        if let Some(limit) = limit {
            limits = limits.with_max_concurrent_calls(limit);
        }
        let agent = Crowd {
            now: &now,
            peak: &peak,
        }
        .with(model);
        let answer = agent.invoke().limits(limits).run("go").await.unwrap();
        assert_eq!(answer.calls().count(), 100);
        assert_eq!(peak.load(Relaxed), expected);
    }
}

#[test]
fn the_counters_of_an_edited_run_saturate() {
    let mut run = Run::new("go", Limits::default());
    run.reply(Reply::text("no"));
    let mut edited = serde_json::to_value(&run).unwrap();
    edited["rejections"] = u32::MAX.into();
    let mut edited_run: Run = serde_json::from_value(edited.clone()).unwrap();
    edited_run.reject("wrong");
    assert!(matches!(edited_run.next(), Step::Stopped(_)));
    edited["turns"] = u32::MAX.into();
    edited["usage"]["input"] = u64::MAX.into();
    let mut edited_run: Run = serde_json::from_value(edited).unwrap();
    edited_run.reply(Reply::text("again").with_usage(agno::Usage::new(u64::MAX, 1)));
    assert_eq!(edited_run.turns(), u32::MAX);
}

#[test]
fn a_run_with_invalid_waiting_calls_or_unknown_fields_is_rejected() {
    let mut run = Run::new("go", Limits::default());
    run.reply(Reply::new([
        Part::call("a", "pay", "{}"),
        Part::call("b", "pay", "{}"),
    ]));
    run.set_waiting(0, WaitsFor::Approval);
    let serialized = serde_json::to_value(&run).unwrap();
    assert_eq!(serde_json::from_value::<Run>(serialized.clone()).unwrap(), run);
    let rejects = |edit: &dyn Fn(&mut Value)| {
        let mut edited = serialized.clone();
        edit(&mut edited);
        let error = serde_json::from_value::<Run>(edited).unwrap_err().to_string();
        assert!(
            error.contains("waiting call") || error.contains("unknown field"),
            "{error}"
        );
    };
    rejects(&|run| run["held"][0]["place"] = 2.into());
    rejects(&|run| run["held"][0]["place"] = u64::MAX.into());
    rejects(&|run| {
        let entry = run["held"][0].clone();
        run["held"].as_array_mut().unwrap().push(entry);
    });
    rejects(&|run| run["messages"].as_array_mut().unwrap().truncate(1));
    rejects(&|run| run["whatever"] = 1.into());
}

#[tokio::test]
async fn a_higher_limit_applies_to_a_resumed_run() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"a"}"#)
        .call("echo", r#"{"text":"b"}"#)
        .reply("done");
    let agent = Parrot.with(model);
    let error = agent.invoke().max_turns(1).run("go").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TurnLimit);
    let run = error.into_run().unwrap();
    let answer = agent.invoke().max_turns(5).resume(run).await.unwrap();
    assert_eq!(answer.text(), "done");
}

#[tokio::test]
async fn unsupported_media_is_an_error_before_the_request() {
    use agno::ModelErrorKind;
    use agno::message::{Content, Media};
    use agno::model::Capabilities;

    let media = || Media::bytes([1_u8], "image/png");
    for content in [
        Content::image(media()),
        Content::audio(media()),
        Content::document(media()),
    ] {
        let model = ScriptedModel::new().with_capabilities(Capabilities::TEXT.with_tools());
        let input = [Content::text("What is this?"), content];
        let error = Parrot.with(&model).run(input).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Model(ModelErrorKind::Unsupported),
            "{error:?}"
        );
        assert!(model.requests().is_empty());
    }
    let model = ScriptedModel::new()
        .with_capabilities(Capabilities::TEXT.with_tools().with_images())
        .reply("A cat.");
    let input = [Content::text("What is this?"), Content::image(media())];
    assert_eq!(Parrot.with(model).run(input).await.unwrap().text(), "A cat.");
}

#[test]
fn serialized_limits_keep_their_names_and_missing_limits_have_defaults() {
    let run = serde_json::to_value(Run::new("go", Limits::default())).unwrap();
    assert_eq!(
        run["limits"],
        json!({"max_turns": 10, "max_output_retries": 2, "max_calls_per_turn": 128, "max_concurrent_calls": 32, "max_total_turns": 100})
    );
    let mut old = run.clone();
    old["limits"] = json!({"max_turns": 3, "max_output_retries": 1});
    let old: Run = serde_json::from_value(old).unwrap();
    assert_eq!(
        old.limits(),
        Limits::default().with_max_turns(3).with_max_output_retries(1)
    );
}
