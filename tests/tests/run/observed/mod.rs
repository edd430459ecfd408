//! Observers of runs, which receive every event exactly once and cannot affect a run.

mod costs;
mod layers;
mod nested;
mod observers;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agno::agent::IntoRun;
use agno::message::Part;
use agno::model::layer::{CacheLayer, ModelHooks, RateLimitLayer, RetryLayer};
use agno::model::scripted::Turn;
use agno::model::{FunctionModel, ModelError, ModelEvent, ModelId, Reply, Request, ScriptedModel, Usage};
use agno::observe::{NoObserver, Observation, ObservedRun, Observer, set_global};
use agno::prelude::*;
use agno::run::RunId;
use agno::tool::{DynTool, DynTools};
use agno::{CancellationToken, ErrorKind, ModelErrorKind};
use agno_tests::random::Random;
use agno_tests::{isolated, quiet_tool_panics};

/// Records the events as text.
#[derive(Default)]
struct Record(Mutex<Vec<String>>);

impl Record {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Observer for Record {
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
        let event = match event {
            Observation::RunStarted => "started".to_owned(),
            Observation::RunResumed => "resumed".to_owned(),
            Observation::RunFinished { turns, .. } => format!("finished, turns: {turns}"),
            Observation::RunFailed { error, .. } => format!("failed: {:?}", error.kind()),
            Observation::RunPaused { turns, .. } => format!("paused, turns: {turns}"),
            Observation::RunCancelled { usage, .. } => format!("cancelled, tokens: {}", usage.total()),
            Observation::ModelStarted { turn, request, .. } => {
                format!("request {turn}, messages: {}", request.messages.len())
            }
            Observation::ModelFinished { turn, reply, .. } => {
                format!("reply {turn}, cached: {}", reply.is_cached())
            }
            Observation::ModelFailed { turn, error, .. } => format!("error {turn}: {:?}", error.kind()),
            Observation::Layer { turn, event, .. } => format!(
                "layer {turn}: {}",
                match event {
                    ModelEvent::Retry { retry, error, .. } => format!("retry {retry}, {:?}", error.kind()),
                    ModelEvent::Fallback { error, .. } => format!("fallback, {:?}", error.kind()),
                    ModelEvent::CacheHit { model, .. } => format!("cache hit, {model}"),
                    ModelEvent::RateLimitWait { delay, .. } => format!("wait {delay:?}"),
                    ModelEvent::Refused { error, .. } => format!("refused, {:?}", error.kind()),
                    other => format!("{other:?}"),
                }
            ),
            Observation::ToolStarted { call, .. } => format!("{} called", call.name),
            Observation::ToolRetry { retry, delay, .. } => format!("retry {retry} in {delay:?}"),
            Observation::ToolFinished {
                call,
                result,
                is_cached,
                elapsed,
                ..
            } => format!(
                "{} = {}, cached: {is_cached}, {}ms",
                call.name,
                result.text(),
                elapsed.as_millis()
            ),
            Observation::ToolWaiting { call, .. } => format!("{} waits", call.name),
            Observation::OutputRejected { .. } => "rejected".to_owned(),
            other => panic!("unexpected {other:?}"),
        };
        let line = if run.path.is_root() {
            event
        } else {
            format!("{} {}: {event}", run.path, run.agent)
        };
        self.0.lock().unwrap().push(line);
    }
}

/// Panics on every event.
struct Panics;

impl Observer for Panics {
    fn observe(&self, _run: &ObservedRun<'_>, _event: &Observation<'_>) {
        panic!("secret detail");
    }
}

static UNSTABLE_CALLS: AtomicUsize = AtomicUsize::new(0);

/// Fails once.
#[tool(idempotent, retries = 1)]
fn unstable() -> Result<&'static str, &'static str> {
    match UNSTABLE_CALLS.fetch_add(1, Ordering::SeqCst) {
        0 => Err("busy"),
        _ => Ok("ready"),
    }
}

/// Doubles a number.
#[tool(read_only, cache = "5m")]
fn double(number: u32) -> u32 {
    number * 2
}

/// Sleeps.
#[tool]
async fn slow(ms: u64) -> &'static str {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    "slept"
}

/// Sends an e-mail.
#[tool(approval)]
fn send(to: &str) -> String {
    format!("sent to {to}")
}

/// Uses tools.
#[agent(tools = [unstable, double, slow, send])]
struct Worker;

/// Answers with a number.
#[agent(output = u8)]
struct Counter;

/// Answers.
#[agent]
struct Plain;

#[tokio::test(start_paused = true)]
async fn the_events_of_a_run_are_observed_in_order() {
    let model = || {
        ScriptedModel::new()
            .call("slow", r#"{"ms":150}"#)
            .call("unstable", "{}")
            .call("double", r#"{"number":21}"#)
            .call("double", r#"{"number":21}"#)
            .reply("done")
    };
    let expected = [
        "started",
        "request 1, messages: 1",
        "reply 1, cached: false",
        "slow called",
        "slow = slept, cached: false, 150ms",
        "request 2, messages: 2",
        "reply 2, cached: false",
        "unstable called",
        "retry 1 in 100ms",
        "unstable = ready, cached: false, 100ms",
        "request 3, messages: 3",
        "reply 3, cached: false",
        "double called",
        "double = 42, cached: false, 0ms",
        "request 4, messages: 4",
        "reply 4, cached: false",
        "double called",
        "double = 42, cached: true, 0ms",
        "request 5, messages: 5",
        "reply 5, cached: false",
        "finished, turns: 5",
    ];
    let record = Record::default();
    Worker.with(model()).observe(&record).run("go").await.unwrap();
    assert_eq!(record.take(), expected);

    UNSTABLE_CALLS.store(0, Ordering::SeqCst);
    let _ = Worker.with(model()).observe(&record).stream("go").answer().await;
    let streamed = record.take();
    assert_eq!(streamed[..12], expected[..12]);
    assert_eq!(streamed[13], "double = 42, cached: true, 0ms");
    assert_eq!(streamed.last(), expected.last().map(ToString::to_string).as_ref());
}

#[tokio::test]
async fn a_rejected_answer_is_observed() {
    let record = Record::default();
    let model = ScriptedModel::new().reply("many").reply("7");
    let answer = Counter.with(model).observe(&record).run("Count.").await.unwrap();
    assert_eq!(answer.output, 7);
    let events = record.take();
    assert_eq!(events[2..4], ["reply 1, cached: false", "rejected"]);
}

#[tokio::test]
async fn a_pause_and_its_continuation_are_observed() {
    let record = Record::default();
    let model = ScriptedModel::new().call("send", r#"{"to":"Ada"}"#).reply("done");
    let agent = Worker.with(model).observe(&record);
    let mut run = agent.run("Write.").await.unwrap_err().into_run().unwrap();
    assert_eq!(
        record.take()[2..],
        ["reply 1, cached: false", "send waits", "paused, turns: 1"]
    );
    let id = run.waiting().next().unwrap().call.id.clone();
    run.approve(id.as_str()).unwrap();
    agent.resume(run).await.unwrap();
    let expected = [
        "resumed",
        "send called",
        "send = sent to Ada, cached: false, 0ms",
        "request 2, messages: 2",
        "reply 2, cached: false",
        "finished, turns: 2",
    ];
    assert_eq!(record.take().map_elapsed(), expected);
}

/// Removes the elapsed times, which depend on the machine if the clock is not paused.
trait MapElapsed {
    fn map_elapsed(self) -> Vec<String>;
}

impl MapElapsed for Vec<String> {
    fn map_elapsed(self) -> Vec<String> {
        let normalize = |line: String| match line.rsplit_once(", ") {
            Some((start, time)) if time.ends_with("ms") && !start.starts_with("retry") => {
                format!("{start}, 0ms")
            }
            _ => line,
        };
        self.into_iter().map(normalize).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_and_a_dropped_run_are_observed_as_cancelled() {
    let model = || {
        let reply = Reply::call("a", "slow", r#"{"ms":60000}"#).with_usage(Usage::new(3, 4));
        ScriptedModel::new().turn(Turn::reply(reply))
    };
    let expected = ["reply 1, cached: false", "slow called", "cancelled, tokens: 7"];
    let record = Record::default();
    let agent = Worker.with(model()).observe(&record);
    let token = CancellationToken::new();
    let stop = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        token.cancel();
    };
    let (outcome, ()) = tokio::join!(agent.cancellation(&token).run("go"), stop);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(record.take()[2..], expected);

    let agent = Worker.with(model()).observe(&record);
    let dropped = tokio::time::timeout(Duration::from_secs(1), agent.run("go")).await;
    assert!(dropped.is_err());
    assert_eq!(record.take()[2..], expected);

    let agent = Worker
        .with(ScriptedModel::always(Reply::text("done")))
        .observe(&record);
    drop(agent.run("never polled"));
    drop(agent.stream("never polled"));
    assert_eq!(record.take(), [""; 0]);
}
