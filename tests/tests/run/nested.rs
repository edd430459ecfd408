//! Runs of agents that other agents call.

use agno::model::scripted::Turn;
use agno::model::{Reply, ScriptedModel};
use agno::prelude::*;
use agno::run::WaitsFor;
use agno::{CancellationToken, ErrorKind, Run};
use agno_tests::quiet_tool_panics;

/// Sends an e-mail.
#[tool(approval)]
fn send(to: &str) -> String {
    format!("sent to {to}")
}

/// Finds facts.
#[agent(tools = [send])]
struct Researcher;

/// Answers questions.
#[agent(instructions = "Delegate.", agents = [self.first, self.second])]
struct Desk {
    first: Researcher,
    /// Finds more facts.
    second: Researcher,
}

const DESK: Desk = Desk {
    first: Researcher,
    second: Researcher,
};

fn task(name: &str) -> ScriptedModel {
    ScriptedModel::new().call(name, r#"{"task":"Is it even?"}"#)
}

#[tokio::test]
async fn an_agent_without_a_model_uses_the_callers_and_its_usage_is_counted() {
    let model = task("first").reply("It is even.").reply("Yes.");
    let answer = DESK.with(&model).run("Is 42 even?").await.unwrap();
    assert_eq!(answer.text(), "Yes.");
    assert_eq!(answer.calls().next().unwrap().result_text(), "It is even.");
    let requests = model.requests();
    assert_eq!(requests.len(), 3);
    let declared: Vec<_> = requests[0].tools.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(declared, ["first", "second"]);
    assert!(
        requests[0].tools[0].1.contains("Finds facts."),
        "{:?}",
        requests[0].tools
    );
    assert!(
        requests[0].tools[1].1.contains("Finds more facts."),
        "{:?}",
        requests[0].tools
    );
    assert_eq!(requests[1].messages[0].text(), "Is it even?");
    assert_eq!(answer.turns, 2);
}

#[tokio::test]
async fn invalid_arguments_are_reported_to_the_calling_model() {
    let model = ScriptedModel::new().call("first", r#"{"job":1}"#).reply("Sorry.");
    let answer = DESK.with(model).run("Hi").await.unwrap();
    let text = answer.calls().next().unwrap().result_text().into_owned();
    assert!(text.contains("task"), "{text}");
}

/// A question whose `Deserialize` implementation panics.
#[derive(Schema)]
struct Fragile {
    #[expect(dead_code, reason = "it is never read")]
    text: String,
}

impl<'de> Deserialize<'de> for Fragile {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("secret detail");
    }
}

/// Answers fragile questions.
#[agent(input = Fragile)]
struct Expert;

/// Delegates.
#[agent(agents = [Expert])]
struct FragileDesk;

#[tokio::test]
async fn a_panic_while_arguments_are_read_is_reported_to_the_calling_model() {
    quiet_tool_panics();
    let model = ScriptedModel::new()
        .call("expert", r#"{"text":"Why?"}"#)
        .reply("Sorry.");
    let answer = FragileDesk.with(model).run("Hi").await.unwrap();
    let result = answer.calls().next().unwrap().result_text().into_owned();
    assert!(
        result.contains("panicked") && !result.contains("secret"),
        "{result}"
    );
}

#[tokio::test]
async fn two_agents_that_pause_at_once_are_decided_one_after_the_other() {
    let both = Reply::new([
        agno::message::Part::call("a/1", "first", r#"{"task":"one"}"#),
        agno::message::Part::call("b", "second", r#"{"task":"two"}"#),
    ]);
    let model = ScriptedModel::new()
        .turn(Turn::reply(both))
        .call("send", r#"{"to":"Ada"}"#)
        .call("send", r#"{"to":"Bob"}"#)
        .reply("done")
        .reply("done")
        .reply("All done.");
    let agent = DESK.with(&model);
    let run = agent.run("Write.").await.unwrap_err().into_run().unwrap();
    let waiting: Vec<_> = run.waiting().map(|waiting| waiting.path.to_string()).collect();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    assert!(
        waiting[0].starts_with("a~11/") && waiting[1].starts_with("b/"),
        "{waiting:?}"
    );
    assert!(
        run.waiting()
            .all(|waiting| waiting.waits_for == WaitsFor::Approval)
    );

    let mut run: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
    run.approve(waiting[1].as_str()).unwrap();
    let mut run = agent.resume(run).await.unwrap_err().into_run().unwrap();
    assert_eq!(model.requests().len(), 4, "only the approved agent continued");
    let paths: Vec<_> = run.waiting().map(|waiting| waiting.path).collect();
    assert_eq!(paths.len(), 1);
    run.decline(&paths[0], "no").unwrap();
    let answer = agent.resume(run).await.unwrap();
    assert_eq!((answer.text().as_ref(), model.requests().len()), ("All done.", 6));
}

#[tokio::test]
async fn a_cancelled_run_keeps_the_runs_of_its_agents() {
    let model = task("first")
        .turn(Turn::hang())
        .reply("It is even.")
        .reply("Yes.");
    let agent = DESK.with(&model);
    let token = CancellationToken::new();
    let stop = async {
        tokio::task::yield_now().await;
        token.cancel();
    };
    let (outcome, ()) = tokio::join!(agent.cancellation(&token).run("Is 42 even?"), stop);
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let run = error.into_run().unwrap();
    assert_eq!(run.nested().count(), 1);
    let answer = agent.resume(run).await.unwrap();
    assert_eq!((answer.text().as_ref(), model.requests().len()), ("Yes.", 4));
}

#[tokio::test]
async fn events_of_agents_are_in_the_stream_of_the_caller() {
    let both = Reply::new([
        agno::message::Part::call("a", "first", r#"{"task":"one"}"#),
        agno::message::Part::call("b", "second", r#"{"task":"two"}"#),
    ]);
    let model = ScriptedModel::new()
        .turn(Turn::reply(both))
        .reply("one")
        .reply("two")
        .reply("All done.");
    let agent = DESK.with(model);
    let mut events = agent.stream("Go.");
    let mut texts = Vec::new();
    while let Some(item) = events.next().await {
        let item = item.unwrap();
        if let Event::Text { delta, .. } = item.event {
            texts.push((item.agent.into_owned(), item.path.to_string(), delta));
        }
    }
    let text = |agent: &str, path: &str| {
        let parts = texts.iter().filter(|(name, at, _)| name == agent && at == path);
        parts.map(|(_, _, delta)| delta.as_str()).collect::<String>()
    };
    assert_eq!(text("Desk", ""), "All done.");
    assert_eq!(
        [text("Researcher", "a"), text("Researcher", "b")].concat().len(),
        6,
        "{texts:?}"
    );
}

#[tokio::test]
async fn a_stored_run_of_a_renamed_agent_is_an_error_that_names_both() {
    let model = task("first").call("send", r#"{"to":"Ada"}"#);
    let mut run = DESK.with(model).run("Go.").await.unwrap_err().into_run().unwrap();
    let path = run.waiting().next().unwrap().path;
    run.approve(&path).unwrap();
    let json = serde_json::to_string(&run)
        .unwrap()
        .replace("\"name\":\"first\"", "\"name\":\"third\"");
    let run: Run = serde_json::from_str(&json).unwrap();
    let error = DESK.with(ScriptedModel::new()).resume(run).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let text = error.to_string();
    assert!(text.contains("Researcher") && text.contains("third"), "{text}");
}
