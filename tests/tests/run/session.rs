//! Sessions: the history that a run receives, the messages that it adds, and edits between runs.

use agno::model::ScriptedModel;
use agno::session::{Owner, Segment, Window};
use agno::{Declared, Message, ModelErrorKind, Session};
use agno_tests::assistant;

#[tokio::test]
async fn a_session_passes_its_history_to_the_next_run_and_stores_new_messages() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"x"}"#)
        .reply("one")
        .reply("two");
    let agent = assistant().0.with(&model);
    let mut session = Session::new(Owner::shared());
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
    let mut session = Session::new(Owner::shared());
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
    let mut session = Session::new(Owner::shared());
    let error = agent.session(&mut session).run("hello?").await.unwrap_err();
    assert_eq!(session.len(), 1, "the question stays in the session");
    agent
        .session(&mut session)
        .resume(error.into_run().unwrap())
        .await
        .unwrap();
    assert_eq!(texts(&session), ["hello?", "here I am"]);
}

#[tokio::test]
async fn a_resumed_run_finds_its_messages_after_edits() {
    let model = ScriptedModel::new()
        .reply("one")
        .fault(ModelErrorKind::Network)
        .reply("two");
    let agent = assistant().0.with(&model);
    let mut session = Session::new(Owner::new("user-17").unwrap());
    agent.session(&mut session).run("first").await.unwrap();
    let error = agent.session(&mut session).run("second").await.unwrap_err();
    let run = error.into_run().unwrap();

    // Build the session again, with a message between its runs, and cut it.
    let mut edited = Session::from_history(session.owner(), &session.segments()[..1]);
    edited.extend([Message::user("a note")]);
    edited.extend(&session.segments()[1..]);
    edited.push("cut off");
    edited.truncate(4);
    assert_eq!(texts(&edited), ["first", "one", "a note", "second"]);
    agent.session(&mut edited).resume(run).await.unwrap();
    assert_eq!(texts(&edited), ["first", "one", "a note", "second", "two"]);
    assert_eq!(edited.owner().name(), Some("user-17"));
    assert_ne!(edited.id(), session.id());
}

#[tokio::test]
async fn cutting_a_run_does_not_change_its_answer() {
    let agent = assistant().0.with(ScriptedModel::new().reply("one"));
    let mut session = Session::new(Owner::shared());
    let answer = agent.session(&mut session).run("first").await.unwrap();
    session.truncate(1);
    assert_eq!((session.len(), answer.messages().len()), (1, 2));
    let cut = session.take_run(answer.run_id).unwrap();
    assert_eq!(cut.run_id(), Some(answer.run_id));
    assert_eq!(cut.into_messages(), [Message::user("first")]);
    assert!(session.is_empty() && session.take_run(answer.run_id).is_none());
}

#[test]
fn a_run_that_is_added_twice_replaces_its_earlier_messages() {
    let run = agno::run::RunId::new();
    let mut session = Session::from_history(Owner::shared(), [Segment::new(run, ["early"])]);
    session.push("between");
    session.extend([
        Segment::new(run, ["late"]),
        Segment::new(None, [Message::user("end")]),
    ]);
    session.extend([Segment::new(run, [] as [Message; 0])]);
    assert_eq!(texts(&session), ["between", "late", "end"]);
}

#[test]
fn equal_sessions_have_the_same_serialized_form() {
    let session = Session::new(Owner::new("user-17").unwrap());
    assert_eq!(session.clone().with_window(Window::messages(3)), session);
    let other = Session::new(session.owner());
    assert_ne!(other, session, "the IDs differ");
}

fn texts(session: &Session) -> Vec<String> {
    session
        .messages()
        .map(|message| message.text().into_owned())
        .collect()
}
