//! Runs whose user code panics, whose stream is read slowly, or which are cancelled.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use agno::model::{FinishReason, FunctionModel, Reply, ScriptedModel};
use agno::prelude::*;
use agno::{CancellationToken, ErrorKind, Message};
use agno_tests::{is_well_formed, quiet_tool_panics};
use serde::Deserialize;

use super::hostile::Parrot;

/// An argument whose `Deserialize` implementation panics.
#[derive(Debug, Schema)]
#[schema(with = String)]
struct Bomb;

impl<'de> Deserialize<'de> for Bomb {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("secret detail");
    }
}

/// Takes a bomb.
#[tool]
fn plain(bomb: Bomb) -> String {
    format!("{bomb:?}")
}

/// Takes a bomb after approval.
#[tool(approval)]
fn approved(bomb: Bomb) -> String {
    format!("{bomb:?}")
}

/// Takes a bomb, with one retry.
#[tool(retries = 1, read_only)]
fn retried(bomb: Bomb) -> String {
    format!("{bomb:?}")
}

/// Handles bombs.
#[agent(tools = [plain, approved, retried])]
struct Squad;

/// Answers with a bomb.
#[agent(output = Bomb, max_output_retries = 0)]
struct Bomber;

#[tokio::test(start_paused = true)]
async fn a_panic_in_deserialize_never_escapes_the_run() {
    quiet_tool_panics();
    for tool in ["plain", "approved", "retried"] {
        let model = ScriptedModel::new().call(tool, r#"{"bomb":"x"}"#).reply("done");
        let answer = Squad.with(model).run("go").await.unwrap();
        let result = answer.calls().next().unwrap().result_text().into_owned();
        assert!(
            result.contains("panicked") && !result.contains("secret"),
            "{tool}: {result}"
        );
    }
    let error = Bomber
        .with(ScriptedModel::new().reply("\"x\""))
        .run("go")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Output);
    assert!(
        error.to_string().contains("panicked") && error.run().is_some(),
        "{error}"
    );
}

/// Works in steps.
#[tool(timeout = "1s")]
async fn steps() -> String {
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    "finished".to_owned()
}

/// Never returns.
#[tool(timeout = "1s")]
async fn endless() -> String {
    std::future::pending().await
}

/// Returns at once.
#[tool]
fn fast() -> String {
    "fast".to_owned()
}

/// Works.
#[agent(tools = [steps, fast, endless])]
struct Worker;

#[tokio::test(start_paused = true)]
async fn delays_in_reading_a_stream_do_not_count_toward_tool_timeouts() {
    let model = ScriptedModel::new()
        .calls([("steps", "{}"), ("fast", "{}"), ("endless", "{}")])
        .reply("done");
    let agent = Worker.with(model);
    let mut events = agent.stream("go");
    let mut results = Vec::new();
    let mut at = Vec::new();
    let mut now = tokio::time::Instant::now();
    while let Some(event) = events.next().await {
        if let Event::ToolFinished { name, result, .. } = event.unwrap().event {
            at.push((name.clone(), now.elapsed()));
            if name == "fast" {
                tokio::time::sleep(Duration::from_millis(1500)).await;
                now = tokio::time::Instant::now();
            }
            results.push((name, result.text().into_owned()));
        }
    }
    assert_eq!(
        results[1],
        ("steps".to_owned(), "finished".to_owned()),
        "{results:?}"
    );
    assert!(results[2].1.contains("timed out after 1s"), "{results:?}");
    assert!(at[2].1 < Duration::from_millis(1100), "{at:?}");
}

/// Cleans up when its run is cancelled.
#[agent(tools = [self])]
struct Exporter<'a> {
    cleaned: &'a AtomicUsize,
}

#[toolkit]
impl Exporter<'_> {
    /// Exports until the run is cancelled.
    #[tool]
    async fn export(&self, run: &RunContext) -> String {
        run.cancelled().await;
        self.cleaned.fetch_add(1, Relaxed);
        "cleaned up".to_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_waits_for_cancellation_can_clean_up() {
    for stream in [false, true] {
        let cleaned = AtomicUsize::new(0);
        let two = [("export", "{}"), ("export", "{}")];
        let model = ScriptedModel::new().calls(two);
        let agent = Exporter { cleaned: &cleaned }.with(&model);
        let token = CancellationToken::new();
        let cancel = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            token.cancel();
        };
        let run = async {
            if stream {
                agent.cancellation(&token).stream("go").answer().await
            } else {
                agent.cancellation(&token).run("go").await
            }
        };
        let (error, ()) = tokio::join!(run, cancel);
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert_eq!(cleaned.load(Relaxed), 2);
        let run = error.into_run().unwrap();
        let results: Vec<_> = run
            .messages()
            .iter()
            .flat_map(Message::calls)
            .map(|call| call.result_text())
            .collect();
        assert_eq!(results, ["cleaned up"; 2]);
        assert!(is_well_formed(run.messages()));
    }
}

#[tokio::test]
async fn a_cancelled_run_never_sends_another_request() {
    let token = CancellationToken::new();
    let model = FunctionModel::new({
        let token = token.clone();
        move |_request: &agno::model::Request<'_>| {
            assert!(
                !token.is_cancelled(),
                "the run sent a request after it was cancelled"
            );
            token.cancel();
            Ok(Reply::call("1", "echo", r#"{"text":"x"}"#).with_finish_reason(FinishReason::ToolCalls))
        }
    });
    let error = Parrot
        .with(model)
        .cancellation(&token)
        .run("go")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}
