//! Sessions: the history that a run receives, and the messages that it adds.

use agno::model::ScriptedModel;
use agno::{Declared, ModelErrorKind, Session};
use agno_tests::assistant;

#[tokio::test]
async fn a_session_passes_its_history_to_the_next_run_and_stores_new_messages() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"x"}"#)
        .reply("one")
        .reply("two");
    let agent = assistant().0.with(&model);
    let mut session = Session::new();
    agent.session(&mut session).run("first").await.unwrap();
    let answer = agent.session(&mut session).run("second").await.unwrap();
    assert_eq!(
        answer.messages().len(),
        2,
        "an answer contains only the messages of its run"
    );
    let texts: Vec<String> = model.requests()[2]
        .messages
        .iter()
        .map(|message| message.text().into_owned())
        .collect();
    assert_eq!(texts, ["first", "", "one", "second"]);
    assert_eq!(session.len(), 5);
}

#[tokio::test]
async fn a_run_that_is_never_polled_does_not_change_its_session() {
    let agent = assistant().0.with(ScriptedModel::new().reply("Hello."));
    let mut session = Session::new();
    drop(agent.session(&mut session).run("Hi"));
    drop(agent.session(&mut session).stream("Hi"));
    assert!(session.is_empty());
    agent.session(&mut session).run("Hi").await.unwrap();
    assert_eq!(session.len(), 2);
}

#[tokio::test]
async fn a_resumed_run_is_in_its_session_only_once() {
    let model = ScriptedModel::new()
        .fault(ModelErrorKind::Network)
        .reply("here I am");
    let agent = assistant().0.with(&model);
    let mut session = Session::new();
    let error = agent.session(&mut session).run("hello?").await.unwrap_err();
    assert_eq!(session.len(), 1, "the question stays in the session");
    agent
        .session(&mut session)
        .resume(error.into_run().unwrap())
        .await
        .unwrap();
    let texts: Vec<String> = session
        .messages()
        .map(|message| message.text().into_owned())
        .collect();
    assert_eq!(texts, ["hello?", "here I am"]);
}
