//! Calls that wait: for a person's leave, for a result from elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::run::WaitsFor;
use agno::tool::{DynTool, DynTools, ToolError};
use agno::{ErrorKind, Run, ToolResult};
use agno_tests::is_well_formed;
use serde_json::json;

/// Counts what is done to orders, as a real shop would notice.
#[derive(Default)]
struct Shop {
    looked: AtomicUsize,
    refunded: AtomicUsize,
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
        self.shop.looked.fetch_add(1, Relaxed);
        format!("order {id}: one vase")
    }

    /// Refunds an order.
    #[tool(approval)]
    fn refund(&self, #[arg(range = 1..)] id: u64) -> String {
        self.shop.refunded.fetch_add(1, Relaxed);
        format!("refunded {id}")
    }

    /// Asks the customer something.
    #[tool(external)]
    fn ask(&self, question: String);
}

/// Where the customer wants to pick the order up.
#[tool(external)]
fn pick_up_point(
    /// A place in this town.
    town: &str,
);

fn paused(outcome: agno::Result<Answer>) -> Run {
    match outcome.outcome().unwrap() {
        Outcome::Paused(run) => run,
        Outcome::Done(answer) => panic!("it did not pause: {answer}"),
    }
}

fn results(run: &[Message]) -> Vec<String> {
    let calls = run.iter().flat_map(Message::calls);
    calls.map(|call| call.result_text().into_owned()).collect()
}

#[tokio::test]
async fn a_run_waits_for_an_approval_and_makes_no_call_twice() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([("order", r#"{"id":7}"#), ("refund", r#"{"id":7}"#)])
        .reply("Done.");
    let agent = Support { shop: &shop }.with(&model);

    let mut run = paused(agent.run("Order 7 came broken.").await);
    assert_eq!((shop.looked.load(Relaxed), shop.refunded.load(Relaxed)), (1, 0));
    let waiting: Vec<_> = run
        .waiting()
        .map(|one| (one.call.clone(), one.waits_for))
        .collect();
    let [(call, WaitsFor::Approval)] = &waiting[..] else {
        panic!("one call waits for an approval: {waiting:?}");
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
    assert_eq!((shop.looked.load(Relaxed), shop.refunded.load(Relaxed)), (1, 1));
    model.assert_used_up();
}

#[tokio::test]
async fn a_run_that_waits_is_written_down_and_goes_on_elsewhere() {
    let (here, there) = (Shop::default(), Shop::default());
    let agent = Support { shop: &here }.with(ScriptedModel::new().call("refund", r#"{"id":7}"#));
    let mut run = paused(agent.run("Refund order 7.").await);
    let id = run.waiting().next().unwrap().call.id.clone();

    // Decided before or after it travels.
    let early: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
    assert_eq!(early, run);
    run.approve(&id).unwrap();
    let run: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();

    let agent = Support { shop: &there }.with(ScriptedModel::new().reply("Done."));
    assert_eq!(agent.resume(run).await.unwrap().text(), "Done.");
    assert_eq!((here.refunded.into_inner(), there.refunded.load(Relaxed)), (0, 1));
    // Without a decision it waits on.
    assert_eq!(agent.resume(early).await.unwrap_err().kind(), ErrorKind::Paused);
}

#[tokio::test]
async fn a_declined_call_is_not_made_and_the_model_reads_why() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([("refund", r#"{"id":7}"#), ("refund", r#"{"id":8}"#)])
        .reply("I may not.");
    let agent = Support { shop: &shop }.with(model);
    let mut run = paused(agent.run("Refund both.").await);
    let ids: Vec<String> = run.waiting().map(|one| one.call.id.clone()).collect();
    run.decline(&ids[0], "the vase was whole").unwrap();

    // One is decided, the other still waits: nothing is made and nothing is asked.
    let mut run = paused(agent.resume(run).await);
    assert_eq!(run.waiting().count(), 1);
    run.decline(&ids[1], "").unwrap();
    let answer = agent.resume(run).await.unwrap();
    assert_eq!(
        results(answer.messages()),
        [
            "not called: it was declined: the vase was whole",
            "not called: it was declined"
        ]
    );
    assert!(answer.calls().all(|call| call.result.as_ref().unwrap().is_error));
    assert_eq!(shop.refunded.into_inner(), 0);
}

#[tokio::test]
async fn results_from_elsewhere_are_provided() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([
            ("ask", r#"{"question":"Why?"}"#),
            ("pick_up_point", r#"{"town":"Ulm"}"#),
        ])
        .reply("See you there.");
    let agent = Support { shop: &shop }.with(model);
    let mut run = paused(agent.run("I want to pick it up.").await);
    let ids: Vec<String> = run.waiting().map(|one| one.call.id.clone()).collect();
    assert!(run.waiting().all(|one| one.waits_for == WaitsFor::ExternalResult));
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
async fn nobody_is_asked_about_a_call_whose_arguments_are_wrong() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .calls([
            ("refund", r#"{"id":0}"#),
            ("ask", "{}"),
            ("pick_up_point", r#"{"town":5}"#),
        ])
        .reply("I see.");
    let answer = Support { shop: &shop }.with(model).run("Refund.").await.unwrap();
    for told in results(answer.messages()) {
        assert!(told.contains("the arguments are not right"), "{told}");
    }
    assert_eq!(shop.refunded.into_inner(), 0);
}

#[tokio::test]
async fn a_decision_about_another_call_is_an_error_that_names_those_that_wait() {
    let shop = Shop::default();
    let model = ScriptedModel::new().calls([("refund", r#"{"id":7}"#), ("ask", r#"{"question":"Why?"}"#)]);
    let mut run = paused(Support { shop: &shop }.with(model).run("Refund.").await);
    let ids: Vec<String> = run.waiting().map(|one| one.call.id.clone()).collect();

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
    assert!(run.approve(&ids[0]).is_err(), "it is decided");
    assert!(run.decline(&ids[0], "no").is_err(), "it is decided");
}

#[tokio::test]
async fn a_run_that_waits_keeps_its_place_in_the_session_until_it_goes_on() {
    let shop = Shop::default();
    let model = ScriptedModel::new()
        .call("refund", r#"{"id":7}"#)
        .reply("We are open.")
        .reply("Refunded.");
    let agent = Support { shop: &shop }.with(&model);
    let mut session = Session::new();
    let mut run = paused(agent.session(&mut session).run("Refund order 7.").await);
    let between = agent.session(&mut session).run("Are you open?").await.unwrap();
    assert_eq!(between.text(), "We are open.");
    let seen = &model.requests()[1].messages;
    assert!(is_well_formed(seen));
    assert!(results(seen)[0].contains("waits for a decision"));

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
async fn a_stream_tells_of_calls_that_wait_and_ends_as_the_whole_run_does() {
    let script = || {
        ScriptedModel::new()
            .calls([("refund", r#"{"id":7}"#), ("order", r#"{"id":7}"#)])
            .reply("Done.")
    };
    let shop = Shop::default();
    let agent = Support { shop: &shop }.with(script());
    let mut whole = paused(agent.run("Refund.").await);
    let refund = whole.waiting().next().unwrap().call.id.clone();
    let paused_at = whole.messages().to_vec();
    whole.approve(&refund).unwrap();
    let whole = agent.resume(whole).await.unwrap();

    let agent = Support { shop: &shop }.with(script());
    let mut events = agent.stream("Refund.");
    let mut told = Vec::new();
    let error = loop {
        match events.next().await.expect("it ends with an error") {
            Ok(Event::ToolWaiting { call, waits_for, .. }) => {
                told.push(format!("{} waits for {waits_for:?}", call.name));
            }
            Ok(Event::ToolStarted { call, .. }) => told.push(format!("{} started", call.name)),
            Ok(Event::ToolFinished { name, .. }) => told.push(format!("{name} finished")),
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(
        told,
        ["order started", "refund waits for Approval", "order finished"]
    );
    assert_eq!(error.kind(), ErrorKind::Paused);
    assert!(error.to_string().contains("`refund` for an approval"), "{error}");
    assert!(events.next().await.is_none());
    drop(events);

    let mut run = error.into_run().unwrap();
    assert_eq!(run.messages(), paused_at);
    run.approve(&refund).unwrap();
    let answer = agent.invoke().resume_stream(run).answer().await.unwrap();
    assert_eq!(answer.messages(), whole.messages());
}

/// Uses what the plug-ins bring.
#[agent(tools = [self.plugins])]
struct Host {
    plugins: DynTools,
}

#[tokio::test]
async fn tools_of_run_time_wait_too_and_so_do_agents_behind_a_pointer() {
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
        |_, _| async { Err::<String, _>(ToolError::new("nobody calls this")) },
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
    let mut session = Session::new();
    let error = agent.run_in(&mut session, "Pay.").await.unwrap_err();
    let mut run = error.into_run().unwrap();
    let ids: Vec<String> = run.waiting().map(|one| one.call.id.clone()).collect();
    assert_eq!(ids.len(), 2);
    run.approve(&ids[0]).unwrap();
    run.provide(&ids[1], ToolResult::from_text("signed")).unwrap();
    let answer = agent.resume_in(&mut session, run).await.unwrap();
    let told = results(answer.messages());
    assert_eq!((told[0].as_str(), told[2].as_str()), ("paid 5", "signed"));
    assert!(told[1].contains("the arguments are not right"), "{}", told[1]);
    assert_eq!(session.len(), answer.messages().len());
}
