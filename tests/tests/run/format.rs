//! The serialized format of a run. The field names are an interface, because a program can resume a run that another
//! program serialized.

use agno::model::{Reply, ScriptedModel};
use agno::prelude::*;
use agno::{Event, Run, ToolResult};
use futures_util::StreamExt;
use serde_json::{Value, json};

/// Finds an order.
#[tool(read_only)]
fn order(id: u64) -> String {
    format!("order {id}: one vase")
}

/// Refunds an order.
#[tool(approval)]
fn refund(id: u64) -> String {
    format!("refunded {id}")
}

/// Asks the customer a question.
#[tool(external)]
fn ask(question: String);

/// Helps customers of the shop.
#[agent(tools = [order, refund, ask])]
struct Support;

/// Returns a run with three calls: the first has a result, the second waits for approval, and the third waits for an
/// external result.
async fn paused_run() -> Run {
    let model = ScriptedModel::new().calls([
        ("order", r#"{"id":7}"#),
        ("refund", r#"{"id":7}"#),
        ("ask", r#"{"question":"Why?"}"#),
    ]);
    match Support
        .with(model)
        .run("It arrived broken.")
        .await
        .outcome()
        .unwrap()
    {
        Outcome::Paused(run) => run,
        Outcome::Done(answer) => panic!("the run did not pause: {answer}"),
    }
}

#[tokio::test]
async fn the_fields_of_a_serialized_run_keep_their_names() {
    let run = paused_run().await;
    let mut written = serde_json::to_value(&run).unwrap();
    assert_eq!(written["id"], json!(run.id().to_string()));
    written["id"] = json!("ID");
    let expected = json!({
        "version": 2,
        "id": "ID",
        "agent": "Support",
        "status": "active",
        "turns": 1,
        "rejections": 0,
        "limits": {
            "max_turns": 10,
            "max_output_retries": 2,
            "max_calls_per_turn": 128,
            "max_concurrent_calls": 32,
            "max_total_turns": 100,
        },
        "usage": {
            "input": 0, "output": 0, "cached": 0, "cache_written": 0,
            "reasoning": 0, "audio_input": 0, "audio_output": 0,
        },
        "finish": "tool_calls",
        "held": [
            {"place": 1, "waits_for": "approval"},
            {"place": 2, "waits_for": "result"},
        ],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "It arrived broken."}]},
            {"role": "assistant", "parts": [
                {
                    "type": "call", "id": "call_1", "name": "order", "arguments": r#"{"id":7}"#,
                    "result": {"content": [{"type": "text", "text": "order 7: one vase"}]},
                },
                {"type": "call", "id": "call_2", "name": "refund", "arguments": r#"{"id":7}"#},
                {"type": "call", "id": "call_3", "name": "ask", "arguments": r#"{"question":"Why?"}"#},
            ]},
        ],
    });
    assert_eq!(written, expected);
}

#[tokio::test]
async fn serialization_keeps_decisions() {
    let mut run = paused_run().await;
    run.approve("call_2").unwrap();
    run.provide("call_3", ToolResult::from_text("It fell.")).unwrap();
    let written = serde_json::to_value(&run).unwrap();
    let held: &Value = &written["held"];
    assert_eq!(
        *held,
        json!([{"place": 1, "waits_for": "approval", "approved": true}])
    );

    let read: Run = serde_json::from_value(written).unwrap();
    assert_eq!(read, run);
    let model = ScriptedModel::new().reply("Refunded.");
    let answer = Support.with(model).resume(read).await.unwrap();
    let results: Vec<_> = answer.calls().map(|call| call.result_text()).collect();
    assert_eq!(results, ["order 7: one vase", "refunded 7", "It fell."]);
    assert_eq!(serde_json::to_value(&answer).unwrap()["finish"], "stop");
}

#[tokio::test]
async fn replies_and_events_serialize_the_finish_reason_under_the_same_name() {
    let reply = serde_json::to_value(Reply::text("Hello.")).unwrap();
    assert_eq!(reply["finish"], "stop");

    let agent = Support.with(ScriptedModel::new().reply("Hello."));
    let events: Vec<agno::run::Envelope> = agent.stream("Hi").map(Result::unwrap).collect().await;
    let turn = events
        .iter()
        .find(|item| matches!(item.event, Event::TurnFinished { .. }));
    let turn = serde_json::to_value(turn.unwrap()).unwrap().to_string();
    assert!(turn.contains(r#""finish":"stop""#), "{turn}");
}
