//! Calls that wait for approval or for an external result.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::run::WaitsFor;
use agno::tool::{DynTool, DynTools, ToolError};
use agno::{ErrorKind, Run, ToolResult};
use agno_tests::is_well_formed;
use serde_json::json;

/// Counters of order lookups and refunds.
#[derive(Default)]
struct Shop {
    lookups: AtomicUsize,
    refunds: AtomicUsize,
}

/// Helps customers of the shop.
#[agent(tools = [self, pick_up_point])]
struct Support<'a> {
    shop: &'a Shop,
}

#[toolkit]
impl Support<'_> {
    /// Finds an order.
    #[tool(read_only)]
    fn order(&self, id: u64) -> String {
        self.shop.lookups.fetch_add(1, Relaxed);
        format!("order {id}: one vase")
    }

    /// Refunds an order.
    #[tool(approval)]
    fn refund(&self, #[arg(range = 1..)] id: u64) -> String {
        self.shop.refunds.fetch_add(1, Relaxed);
        format!("refunded {id}")
    }

    /// Asks the customer a question.
    #[tool(external)]
    fn ask(&self, question: String);
}

/// Asks the customer for a pick-up point.
#[tool(external)]
fn pick_up_point(
    /// Town of the pick-up point.
    town: &str,
);

fn paused(outcome: agno::Result<Answer>) -> Run {
    match outcome.outcome().unwrap() {
        Outcome::Paused(run) => run,
        Outcome::Done(answer) => panic!("the run did not pause: {answer}"),
    }
}

fn results(run: &[Message]) -> Vec<String> {
    let calls = run.iter().flat_map(Message::calls);
    calls.map(|call| call.result_text().into_owned()).collect()
}

#[tokio::test]
async fn a_run_waits_for_approval_and_repeats_no_call() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([("order", r#"{"id":7}"#), ("refund", r#"{"id":7}"#)])
        .reply("Done.");
    let agent = Support { shop: &shop }.with(&model);

    let mut run = paused(agent.run("Order 7 arrived broken.").await);
    assert_eq!((shop.lookups.load(Relaxed), shop.refunds.load(Relaxed)), (1, 0));
    let waiting: Vec<_> = run
        .waiting()
        .map(|pending| (pending.call.clone(), pending.waits_for))
        .collect();
    let [(call, WaitsFor::Approval)] = &waiting[..] else {
        panic!("exactly one call must wait for approval: {waiting:?}");
    };
    assert_eq!(
        (call.name.as_str(), call.arguments.as_str()),
        ("refund", r#"{"id":7}"#)
    );

    run.approve(&call.id).unwrap();
    assert_eq!(run.waiting().count(), 0);
    let answer = agent.resume(run).await.unwrap();
    assert_eq!(answer.text(), "Done.");
    assert_eq!(results(answer.messages()), ["order 7: one vase", "refunded 7"]);
    assert_eq!((shop.lookups.load(Relaxed), shop.refunds.load(Relaxed)), (1, 1));
    model.assert_used_up();
}

#[tokio::test]
async fn a_paused_run_can_be_serialized_and_resumed_elsewhere() {
    let (here, there) = (Shop::default(), Shop::default());
    let agent = Support { shop: &here }.with(ScriptedModel::new().call("refund", r#"{"id":7}"#));
    let mut run = paused(agent.run("Refund order 7.").await);
    let id = run.waiting().next().unwrap().call.id.clone();

    // The decision can be made before or after serialization.
    let undecided: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
    assert_eq!(undecided, run);
    run.approve(&id).unwrap();
    let run: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();

    let agent = Support { shop: &there }.with(ScriptedModel::new().reply("Done."));
    assert_eq!(agent.resume(run).await.unwrap().text(), "Done.");
    assert_eq!((here.refunds.into_inner(), there.refunds.load(Relaxed)), (0, 1));
    // Without a decision, the run still waits.
    assert_eq!(
        agent.resume(undecided).await.unwrap_err().kind(),
        ErrorKind::Paused
    );
}

#[tokio::test]
async fn a_declined_call_does_not_run_and_the_model_gets_the_reason() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([("refund", r#"{"id":7}"#), ("refund", r#"{"id":8}"#)])
        .reply("I may not.");
    let agent = Support { shop: &shop }.with(model);
    let mut run = paused(agent.run("Refund both.").await);
    let ids: Vec<String> = run.waiting().map(|pending| pending.call.id.clone()).collect();
    run.decline(&ids[0], "the vase was intact").unwrap();

    // One call is decided and the other still waits, so no tool runs and no request is sent.
    let mut run = paused(agent.resume(run).await);
    assert_eq!(run.waiting().count(), 1);
    run.decline(&ids[1], "").unwrap();
    let answer = agent.resume(run).await.unwrap();
    assert_eq!(
        results(answer.messages()),
        [
            "not called: it was declined: the vase was intact",
            "not called: it was declined"
        ]
    );
    assert!(answer.calls().all(|call| call.result.as_ref().unwrap().is_error));
    assert_eq!(shop.refunds.into_inner(), 0);
}

#[tokio::test]
async fn external_results_can_be_provided() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([
            ("ask", r#"{"question":"Why?"}"#),
            ("pick_up_point", r#"{"town":"Ulm"}"#),
        ])
        .reply("See you there.");
    let agent = Support { shop: &shop }.with(model);
    let mut run = paused(agent.run("I want to pick it up.").await);
    let ids: Vec<String> = run.waiting().map(|pending| pending.call.id.clone()).collect();
    assert!(
        run.waiting()
            .all(|pending| pending.waits_for == WaitsFor::ExternalResult)
    );
    run.provide(&ids[1], ToolResult::from_text("Station Street 1"))
        .unwrap();
    run.provide(&ids[0], ToolResult::from_text("I live close by."))
        .unwrap();
    let answer = agent.resume(run).await.unwrap();
    assert_eq!(
        results(answer.messages()),
        ["I live close by.", "Station Street 1"]
    );
}

#[tokio::test]
async fn a_call_with_invalid_arguments_does_not_wait() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([
            ("refund", r#"{"id":0}"#),
            ("ask", "{}"),
            ("pick_up_point", r#"{"town":5}"#),
        ])
        .reply("I see.");
    let answer = Support { shop: &shop }.with(model).run("Refund.").await.unwrap();
    for result in results(answer.messages()) {
        assert!(result.contains("invalid arguments"), "{result}");
    }
    assert_eq!(shop.refunds.into_inner(), 0);
}

#[tokio::test]
async fn the_error_for_an_unknown_call_lists_the_waiting_calls() {
    let shop = Shop::default();
    let model = ScriptedModel::new().calls([("refund", r#"{"id":7}"#), ("ask", r#"{"question":"Why?"}"#)]);
    let mut run = paused(Support { shop: &shop }.with(model).run("Refund.").await);
    let ids: Vec<String> = run.waiting().map(|pending| pending.call.id.clone()).collect();

    let unknown = run.approve("call_99").unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotWaiting);
    for id in &ids {
        assert!(unknown.to_string().contains(id.as_str()), "{unknown}");
    }
    assert!(
        run.approve(&ids[1])
            .unwrap_err()
            .to_string()
            .contains("`provide`")
    );
    run.approve(&ids[0]).unwrap();
    assert!(run.approve(&ids[0]).is_err(), "the call is already decided");
    assert!(run.decline(&ids[0], "no").is_err(), "the call is already decided");
}

#[tokio::test]
async fn a_paused_run_stays_in_the_session_until_it_is_resumed() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .call("refund", r#"{"id":7}"#)
        .reply("We are open.")
        .reply("Refunded.");
    let agent = Support { shop: &shop }.with(&model);
    let mut session = Session::new(Owner::shared());
    let mut run = paused(agent.session(&mut session).run("Refund order 7.").await);
    let between = agent.session(&mut session).run("Are you open?").await.unwrap();
    assert_eq!(between.text(), "We are open.");
    let messages = &model.requests()[1].messages;
    assert!(is_well_formed(messages));
    assert!(results(messages)[0].contains("waiting for a decision"));

    let id = run.waiting().next().unwrap().call.id.clone();
    run.approve(&id).unwrap();
    let answer = agent.session(&mut session).resume(run).await.unwrap();
    assert_eq!(answer.text(), "Refunded.");
    let texts: Vec<String> = session
        .messages()
        .map(|message| message.text().into_owned())
        .collect();
    assert_eq!(
        texts,
        [
            "Are you open?",
            "We are open.",
            "Refund order 7.",
            "",
            "Refunded."
        ]
    );
}

#[tokio::test]
async fn a_stream_reports_waiting_calls_and_ends_like_a_run_without_streaming() {
    let script = || {
        ScriptedModel::new()
            .calls([("refund", r#"{"id":7}"#), ("order", r#"{"id":7}"#)])
            .reply("Done.")
    };
    let shop = Shop::default();
    let agent = Support { shop: &shop }.with(script());
    let mut run = paused(agent.run("Refund.").await);
    let refund = run.waiting().next().unwrap().call.id.clone();
    let paused_at = run.messages().to_vec();
    run.approve(&refund).unwrap();
    let expected = agent.resume(run).await.unwrap();

    let agent = Support { shop: &shop }.with(script());
    let mut events = agent.stream("Refund.");
    let mut log = Vec::new();
    let error = loop {
        match events
            .next()
            .await
            .expect("the stream ends with an error")
            .map(|item| item.event)
        {
            Ok(Event::ToolWaiting { call, waits_for, .. }) => {
                log.push(format!("{} waits for {waits_for:?}", call.name));
            }
            Ok(Event::ToolStarted { call, .. }) => log.push(format!("{} started", call.name)),
            Ok(Event::ToolFinished { name, .. }) => log.push(format!("{name} finished")),
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(
        log,
        ["order started", "refund waits for Approval", "order finished"]
    );
    assert_eq!(error.kind(), ErrorKind::Paused);
    assert!(error.to_string().contains("`refund` for approval"), "{error}");
    assert!(events.next().await.is_none());
    drop(events);

    let mut run = error.into_run().unwrap();
    assert_eq!(run.messages(), paused_at);
    run.approve(&refund).unwrap();
    let answer = agent.invoke().resume_stream(run).answer().await.unwrap();
    assert_eq!(answer.messages(), expected.messages());
}

/// Uses run-time tools.
#[agent(tools = [self.plugins])]
struct Host {
    plugins: DynTools,
}

#[tokio::test]
async fn run_time_tools_can_wait_in_an_erased_agent() {
    let pay = DynTool::from_fn(
        "pay",
        "Pays a bill.",
        json!({"type": "object", "properties": {"euro": {"type": "integer"}}, "required": ["euro"]}),
        |args, _run| async move { Ok::<_, ToolError>(format!("paid {}", args["euro"])) },
    );
    let sign = DynTool::from_fn(
        "sign",
        "Gets a signature.",
        json!({"type": "object"}),
        |_, _| async { Err::<String, _>(ToolError::new("external tools are never called")) },
    );
    let plugins = DynTools::new()
        .with_tool(pay.unwrap().with_approval())
        .and_then(|tools| tools.with_tool(sign.unwrap().with_external_result()))
        .unwrap();
    let model = ScriptedModel::new()
        .calls([
            ("pay", r#"{"euro":5}"#),
            ("pay", r#"{"euro":"five"}"#),
            ("sign", "{}"),
        ])
        .reply("Paid.");
    let agent = Host { plugins }.with(model).erase();
    let mut session = Session::new(Owner::shared());
    let error = agent.session(&mut session).run("Pay.").await.unwrap_err();
    let mut run = error.into_run().unwrap();
    let ids: Vec<String> = run.waiting().map(|pending| pending.call.id.clone()).collect();
    assert_eq!(ids.len(), 2);
    run.approve(&ids[0]).unwrap();
    run.provide(&ids[1], ToolResult::from_text("signed")).unwrap();
    let answer = agent.session(&mut session).resume(run).await.unwrap();
    let results = results(answer.messages());
    assert_eq!((results[0].as_str(), results[2].as_str()), ("paid 5", "signed"));
    assert!(results[1].contains("invalid arguments"), "{}", results[1]);
    assert_eq!(session.len(), answer.messages().len());
}
