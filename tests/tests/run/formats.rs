//! Serialized runs and sessions of every format that agno has written, each in a file in `formats`.

use agno::session::{Owner, Window};
use agno::{Message, Run, Session, ToolResult};
use serde::Serialize;
use serde_json::{Value, json};

const RUN_1: &str = include_str!("formats/run-1.json");
const RUN_2: &str = include_str!("formats/run-2.json");
const RUN_2_NESTED: &str = include_str!("formats/run-2-nested.json");
const SESSION_1: &str = include_str!("formats/session-1.json");
const SESSION_2: &str = include_str!("formats/session-2.json");

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn a_run_of_format_1_keeps_its_id_and_its_decisions() {
    let mut run: Run = read(parsed(RUN_1)).unwrap();
    assert_eq!(run.id().to_string(), "262e6cb433c5b32b58b240f0282095bf");
    assert_eq!((run.agent(), run.parent(), run.started_at()), ("", None, None));
    run.provide("call_3", ToolResult::from_text("It fell.")).unwrap();
    assert_eq!(run.waiting().count(), 0);

    // It is written in the current format, without the fields that it does not have.
    let mut expected = parsed(RUN_1);
    expected["version"] = json!(2);
    expected["limits"]["max_total_turns"] = json!(100);
    assert_eq!(written(&read::<Run>(parsed(RUN_1)).unwrap()), expected);
}

#[test]
fn a_run_of_format_2_has_an_agent_a_parent_and_a_time() {
    let run: Run = read(parsed(RUN_2)).unwrap();
    assert_eq!(run.agent(), "Support");
    assert_eq!(
        run.parent(),
        Some("01920000-0000-7abc-8000-000000000001".parse().unwrap())
    );
    assert!(run.parent() < Some(run.id()) && run.started_at().is_some());
    assert_eq!(written(&run), parsed(RUN_2));
}

#[test]
fn a_run_of_format_2_has_nested_runs_and_context() {
    let mut run: Run = read(parsed(RUN_2_NESTED)).unwrap();
    assert_eq!(written(&run), parsed(RUN_2_NESTED));
    let paths: Vec<_> = run.waiting().map(|waiting| waiting.path.to_string()).collect();
    assert_eq!(paths, ["call_1/call_2"]);
    assert_eq!((run.turns(), run.total_turns(), run.usage().input), (1, 2, 12));
    run.approve("call_1/call_2").unwrap();
    assert_eq!(run.waiting().count(), 0);

    let mut other_parent = parsed(RUN_2_NESTED);
    other_parent["held"][0]["run"]["parent"] = json!("01920000-0000-7abc-8000-000000000001");
    assert!(read::<Run>(other_parent).is_err());
}

#[test]
fn a_session_of_format_1_has_a_new_id_and_the_shared_owner() {
    let session: Session = read(parsed(SESSION_1)).unwrap();
    assert_eq!(*session.owner(), Owner::shared());
    assert_eq!((session.created_at(), session.updated_at()), (None, None));
    assert_ne!(session.id(), read::<Session>(parsed(SESSION_1)).unwrap().id());
    assert_eq!((session.len(), session.window()), (5, Window::ALL));
    let run = "c465e66db3102f414c4f0150850e5df4".parse().unwrap();
    assert_eq!(session.segments()[1].run_id(), Some(run));
    let rewritten = written(&session);
    assert_eq!(rewritten["version"], 2);
    assert_eq!(rewritten["chunks"], parsed(SESSION_1)["chunks"]);
    assert_eq!(read::<Session>(rewritten).unwrap(), session);

    // The first sessions had no version.
    let mut unversioned = parsed(SESSION_1);
    unversioned.as_object_mut().unwrap().remove("version");
    let unversioned: Session = read(unversioned).unwrap();
    assert_eq!(unversioned.segments(), session.segments());

    // A migration names the owner.
    let owned = Session::from_history(Owner::new("user-17").unwrap(), session.segments());
    assert_eq!(owned.segments(), session.segments());
}

#[test]
fn a_session_of_format_2_keeps_its_identity() {
    let session: Session = read(parsed(SESSION_2)).unwrap();
    assert_eq!(session.owner().name(), Some("user-17"));
    assert!(session.created_at() < session.updated_at());
    assert_eq!(written(&session), parsed(SESSION_2));

    let mut changed = session.clone();
    changed.push(Message::user("Hi"));
    assert_eq!(
        (changed.id(), changed.created_at()),
        (session.id(), session.created_at())
    );
    assert!(changed.updated_at() > session.updated_at());
}

#[test]
fn the_shared_owner_is_written_out() {
    let session = Session::new(Owner::shared());
    assert_eq!(written(&session)["owner"], Value::Null);
    assert_eq!(read::<Session>(written(&session)).unwrap(), session);
    let mut without = written(&session);
    without.as_object_mut().unwrap().remove("owner");
    let error = read::<Session>(without).unwrap_err();
    assert!(error.contains("no field `owner`"), "{error}");
}

#[test]
fn fields_of_another_format_are_rejected() {
    let change = |text: &str, field: &str, value: Value| {
        let mut changed = parsed(text);
        changed[field] = value;
        read::<Session>(changed).unwrap_err()
    };
    for (error, expected) in [
        (
            change(SESSION_1, "owner", json!("user-17")),
            "format 1 has no field `owner`",
        ),
        (
            change(SESSION_1, "owner", Value::Null),
            "format 1 has no field `owner`",
        ),
        (
            change(SESSION_2, "window", json!({})),
            "format 2 has no field `window`",
        ),
        (change(SESSION_2, "whatever", json!(1)), "whatever"),
        (
            change(SESSION_2, "owner", json!("")),
            "the name of the owner is empty",
        ),
        (
            change(SESSION_2, "id", json!("00000000000000000000000000000000")),
            "not all zero",
        ),
        (
            change(SESSION_2, "version", json!(99)),
            "in format 99, but this version of agno reads formats 1 to 2",
        ),
        (change(SESSION_2, "version", json!(0)), "in format 0, but"),
    ] {
        assert!(error.contains(expected), "{error}");
    }
}
