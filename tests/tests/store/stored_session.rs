//! Sessions that a program opens and saves itself.

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::session::Window;
use agno::store::{
    Append, Entry, EntryStatus, MemoryStore, Need, Outcome, SessionStore, StoreErrorKind, StoredSession,
    Version,
};
use agno::{ModelErrorKind, Usage};

use super::{entries, key, messages, other_process, texts};

/// Talks.
#[agent]
struct Talker;

#[tokio::test]
async fn a_save_appends_an_entry_for_each_run_and_one_for_messages_between_them() {
    let store = MemoryStore::new();
    let agent = Talker.with(ScriptedModel::new().reply("one").reply("two"));
    let mut stored = StoredSession::open(&store, &key(), Window::ALL).await.unwrap();
    stored = stored.with_agent("Talker");
    agent.session(stored.session_mut()).run("first").await.unwrap();
    stored.session_mut().push("A note.");
    let answer = agent.session(stored.session_mut()).run("second").await.unwrap();
    stored.save(&store, &answer).await.unwrap();
    let entries = entries(&store).await;
    let of_runs: Vec<bool> = entries.iter().map(|stored| stored.entry.run.is_some()).collect();
    assert_eq!(of_runs, [true, false, true]);
    let authors: Vec<&str> = entries.iter().map(|stored| stored.entry.agent.as_str()).collect();
    assert_eq!(authors, ["Talker", "", "Talker"]);
    assert_eq!(stored.version(), Version::from_number(3));
    assert_eq!(
        texts(&messages(&store).await),
        ["first", "one", "A note.", "second", "two"]
    );
}

#[tokio::test]
async fn a_second_save_appends_only_what_is_new() {
    let store = MemoryStore::new();
    let agent = Talker.with(ScriptedModel::new().reply("one").reply("two"));
    let mut stored = StoredSession::open(&store, &key(), Window::ALL).await.unwrap();
    let answer = agent.session(stored.session_mut()).run("first").await.unwrap();
    stored.save(&store, &answer).await.unwrap();
    stored.save(&store, &answer).await.unwrap();
    assert_eq!(entries(&store).await.len(), 1);
    stored.session_mut().push("A note.");
    stored.save(&store, &answer).await.unwrap();
    stored.session_mut().push("Another note.");
    stored.save(&store, &answer).await.unwrap();
    let answer = agent.session(stored.session_mut()).run("second").await.unwrap();
    stored.save(&store, &answer).await.unwrap();
    assert_eq!(
        texts(&messages(&store).await),
        ["first", "one", "A note.", "Another note.", "second", "two"]
    );
}

#[tokio::test]
async fn messages_that_were_read_are_not_appended_again() {
    let store = MemoryStore::new();
    for note in ["one", "two", "three"] {
        let mut stored = StoredSession::open(&store, &key(), Window::messages(1))
            .await
            .unwrap();
        stored.session_mut().push(note);
        stored
            .save(&store, Outcome::Finished(Usage::default()))
            .await
            .unwrap();
    }
    assert_eq!(texts(&messages(&store).await), ["one", "two", "three"]);
}

#[tokio::test]
async fn messages_that_were_removed_from_the_session_stay_in_the_store() {
    let store = MemoryStore::new();
    let note = Entry::from_messages(["a note".into()]).unwrap();
    store
        .append(&key(), Append::at(Version::NEW), note)
        .await
        .unwrap();
    let mut stored = StoredSession::open(&store, &key(), Window::ALL).await.unwrap();
    stored.session_mut().clear();
    stored.session_mut().push("another note");
    stored.save(&store, Outcome::Dropped).await.unwrap();
    assert_eq!(texts(&messages(&store).await), ["a note", "another note"]);
}

#[tokio::test]
async fn the_window_bounds_the_messages_that_are_read() {
    let store = MemoryStore::new();
    for n in 0..100_u64 {
        let entry = Entry::from_messages([format!("note {n}").into()]).unwrap();
        let append = Append::at(Version::from_number(n));
        store.append(&key(), append, entry).await.unwrap();
    }
    for (window, expected) in [
        (Window::messages(3), 4),
        (Window::messages(0), 1),
        (Window::ALL, 100),
    ] {
        let stored = StoredSession::open(&store, &key(), window).await.unwrap();
        assert_eq!(stored.session().len(), expected, "{window:?}");
        assert_eq!(stored.version(), Version::from_number(100));
    }
}

#[tokio::test]
async fn a_save_after_a_conflict_returns_the_run_and_appends_nothing() {
    let store = MemoryStore::new();
    let other = other_process(&store);
    let agent = Talker.with(ScriptedModel::new().reply("one").reply("two"));
    let mut here = StoredSession::open(&store, &key(), Window::ALL).await.unwrap();
    let mut there = StoredSession::open(&other, &key(), Window::ALL).await.unwrap();
    let first = agent.session(here.session_mut()).run("first").await.unwrap();
    let second = agent.session(there.session_mut()).run("second").await.unwrap();
    there.save(&other, &second).await.unwrap();
    for _ in 0..2 {
        let error = here.save(&store, &first).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Conflict);
        let (segment, _) = error.into_entry().unwrap().decode().unwrap();
        assert_eq!(texts(segment.messages()), ["first", "one"]);
    }
    assert_eq!(texts(&messages(&store).await), ["second", "two"]);
}

#[tokio::test]
async fn an_error_of_another_run_does_not_change_the_status_of_the_last_run() {
    let store = MemoryStore::new();
    let agent = Talker.with(ScriptedModel::new().fault(ModelErrorKind::Network).reply("one"));
    let error = agent.run("elsewhere").await.unwrap_err();
    let mut stored = StoredSession::open(&store, &key(), Window::ALL).await.unwrap();
    agent.session(stored.session_mut()).run("first").await.unwrap();
    stored.save(&store, &error).await.unwrap();
    let entries = entries(&store).await;
    assert_eq!(entries[0].entry.status, EntryStatus::Finished);
    assert_eq!(entries[0].entry.decode().unwrap().1, None);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_can_be_saved_and_later_runs_see_its_messages() {
    use agno::model::scripted::Turn;
    let store = MemoryStore::new();
    let script = ScriptedModel::new().turn(Turn::hang()).reply("two");
    let agent = Talker.with(&script);
    let mut stored = StoredSession::open(&store, &key(), Window::ALL).await.unwrap();
    let second = std::time::Duration::from_secs(1);
    let run = tokio::time::timeout(second, agent.session(stored.session_mut()).run("first"));
    assert!(run.await.is_err());
    stored.save(&store, Outcome::Dropped).await.unwrap();
    drop(stored);
    assert_eq!(entries(&store).await[0].entry.status, EntryStatus::Cancelled);
    agent
        .in_session(&store, &super::ada(), "s")
        .run("second")
        .await
        .unwrap();
    assert_eq!(texts(&script.requests()[1].messages), ["first", "second"]);
}

#[tokio::test]
async fn a_stored_session_holds_the_lock_of_its_session_until_it_is_dropped() {
    let store = MemoryStore::new();
    let stored = StoredSession::open(&store, &key(), Window::ALL).await.unwrap();
    assert_eq!(store.locks().len(), 1);
    drop(stored);
    assert!(store.locks().is_empty());
    assert!(!store.open(&key(), Need::HEAD).await.unwrap().exists());
}
