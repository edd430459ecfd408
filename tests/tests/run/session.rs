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

#[test]
fn a_session_has_a_format_version_and_rejects_other_versions_and_unknown_fields() {
    let mut session = Session::new();
    session.push(agno::Message::user("Hi"));
    let written = serde_json::to_value(&session).unwrap();
    assert_eq!(written["version"], 1);
    let read = |value: &serde_json::Value| serde_json::from_value::<Session>(value.clone());
    assert_eq!(read(&written).unwrap(), session);

    let mut first = written.clone();
    first.as_object_mut().unwrap().remove("version");
    assert_eq!(read(&first).unwrap(), session);

    let mut newer = written.clone();
    newer["version"] = 99.into();
    let error = read(&newer).unwrap_err().to_string();
    assert!(
        error.contains("format 99") && error.contains("format 1"),
        "{error}"
    );
    let mut unknown = written;
    unknown["whatever"] = 1.into();
    assert!(read(&unknown).unwrap_err().to_string().contains("whatever"));
}
