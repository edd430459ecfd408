//! Runs in sessions of a store.

use std::time::Duration;

use agno::message::Part;
use agno::model::scripted::Turn;
use agno::model::{Delta, Reply, ScriptedModel, Usage};
use agno::prelude::*;
use agno::session::Window;
use agno::store::{
    Append, DynSessionStore, Entry, EntryStatus, MemoryStore, Need, SessionStore, StoreErrorKind, Summary,
    Version,
};
use agno::{CancellationToken, ErrorKind, Message, ModelErrorKind};
use agno_tests::is_well_formed;

use super::resumed::{Clerk, Till};
use super::{ada, entries, key, messages, other_process, store_error, texts};

/// Talks.
#[agent]
struct Talker;

/// Researches.
#[agent]
struct Researcher;

/// A reply after a delay.
fn slow(text: &str, millis: u64) -> Turn {
    Turn::reply(Reply::text(text)).with_delay(Duration::from_millis(millis))
}

#[tokio::test(start_paused = true)]
async fn two_runs_at_once_in_one_process_are_both_in_the_log_in_the_order_in_which_they_started() {
    let store = MemoryStore::new();
    let model = ScriptedModel::new().turn(slow("one", 100)).turn(slow("two", 10));
    let agent = Talker.with(&model);
    let (first, second) = tokio::join!(
        agent.in_session(&store, &ada(), "s").run("first"),
        agent.in_session(&store, &ada(), "s").run("second"),
    );
    assert_eq!(first.unwrap().text(), "one");
    assert_eq!(second.unwrap().text(), "two");
    assert_eq!(texts(&messages(&store).await), ["first", "one", "second", "two"]);
    // The second run has seen the first.
    assert_eq!(texts(&model.requests()[1].messages), ["first", "one", "second"]);
    assert!(store.locks().is_empty());
}

#[tokio::test(start_paused = true)]
async fn of_two_runs_at_once_in_two_processes_the_later_is_an_error_that_holds_its_run() {
    let store = MemoryStore::new();
    let other = other_process(&store);
    let quick = Talker.with(ScriptedModel::new().turn(slow("quick", 10)));
    let late = Talker.with(ScriptedModel::new().turn(slow("late", 100)));
    let (quick, late) = tokio::join!(
        quick.in_session(&store, &ada(), "s").run("one"),
        late.in_session(&other, &ada(), "s").run("two"),
    );
    quick.unwrap();
    let late = late.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Store);
    let conflict = store_error(&late);
    assert_eq!(conflict.kind(), StoreErrorKind::Conflict);
    assert_eq!(conflict.current_version(), Some(Version::from_number(1)));
    let entry = conflict.entry().unwrap();
    let (segment, _) = entry.decode().unwrap();
    assert_eq!(texts(segment.messages()), ["two", "late"]);
    assert_eq!(texts(&messages(&store).await), ["one", "quick"]);

    // The program can decide to append it nevertheless.
    let at = Append::at(conflict.current_version().unwrap());
    store.append(&key(), at, entry.clone()).await.unwrap();
    assert_eq!(texts(&messages(&store).await), ["one", "quick", "two", "late"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_failed_and_could_not_be_stored_is_in_the_error() {
    let store = MemoryStore::new();
    let other = other_process(&store);
    let quick = Talker.with(ScriptedModel::new().turn(slow("quick", 10)));
    let late = Talker.with(
        ScriptedModel::new()
            .turn(Turn::fault(ModelErrorKind::Network).with_delay(Duration::from_millis(100))),
    );
    let (quick, late) = tokio::join!(
        quick.in_session(&store, &ada(), "s").run("one"),
        late.in_session(&other, &ada(), "s").run("two"),
    );
    quick.unwrap();
    let late = late.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Store);
    assert_eq!(store_error(&late).kind(), StoreErrorKind::Conflict);
    assert_eq!(texts(late.run().unwrap().messages()), ["two"]);
    assert_eq!(texts(&messages(&store).await), ["one", "quick"]);
}

#[tokio::test]
async fn a_run_in_an_existing_session_leaves_its_history_untouched() {
    let store = MemoryStore::new();
    let model = ScriptedModel::new().reply("one").reply("two");
    let agent = Talker.with(&model);
    agent.in_session(&store, &ada(), "s").run("first").await.unwrap();
    let before = entries(&store).await;
    // A client that reloads passes the same ID.
    agent.in_session(&store, &ada(), "s").run("second").await.unwrap();
    let after = entries(&store).await;
    assert_eq!((&after[..1], after.len()), (&before[..], 2));
    assert_eq!(texts(&model.requests()[1].messages), ["first", "one", "second"]);
}

#[tokio::test]
async fn two_agents_in_one_session_have_one_order_and_each_run_names_its_author() {
    let store = MemoryStore::new();
    let talker = Talker.with(ScriptedModel::new().reply("a").reply("c"));
    let model = ScriptedModel::new().reply("b");
    let researcher = Researcher.with(&model);
    talker.in_session(&store, &ada(), "s").run("1").await.unwrap();
    researcher.in_session(&store, &ada(), "s").run("2").await.unwrap();
    talker.in_session(&store, &ada(), "s").run("3").await.unwrap();
    let entries = entries(&store).await;
    let authors: Vec<&str> = entries.iter().map(|stored| stored.entry.agent.as_str()).collect();
    assert_eq!(authors, ["Talker", "Researcher", "Talker"]);
    assert_eq!(texts(&messages(&store).await), ["1", "a", "2", "b", "3", "c"]);
    assert_eq!(texts(&model.requests()[0].messages), ["1", "a", "2"]);
}

#[tokio::test(start_paused = true)]
async fn the_partial_text_of_a_stream_that_is_cancelled_is_in_the_history_of_the_next_run() {
    let store = MemoryStore::new();
    let deltas = ["The opera ", "is at ", "the harbor."].map(|text| Delta::Text(text.into()));
    let script = ScriptedModel::new()
        .turn(Turn::stream(deltas).with_pace(Duration::from_secs(1)))
        .reply("At the harbor.");
    let agent = Talker.with(&script);
    let token = CancellationToken::new();
    let owner = ada();
    let mut stream = agent
        .in_session(&store, &owner, "s")
        .cancellation(&token)
        .stream("Where?");
    let mut cancelled = None;
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => {
                if let Event::Text { .. } = event.event {
                    token.cancel();
                }
            }
            Err(error) => cancelled = Some(error.kind()),
        }
    }
    assert_eq!(cancelled, Some(ErrorKind::Cancelled));
    let stored = entries(&store).await;
    assert_eq!(stored[0].entry.status, EntryStatus::Cancelled);

    agent
        .in_session(&store, &ada(), "s")
        .run("Where again?")
        .await
        .unwrap();
    let history = texts(&script.requests()[1].messages);
    assert_eq!(
        (history.len(), &*history[0], &*history[2]),
        (3, "Where?", "Where again?")
    );
    assert!(history[1].starts_with("The opera "), "{history:?}");
    assert!(!history[1].contains("harbor"), "{history:?}");
}

#[tokio::test(start_paused = true)]
async fn each_run_is_stored_with_its_status_and_its_usage() {
    let (store, till) = (MemoryStore::new(), Till::default());
    let with_usage = |reply: Reply, input| Turn::reply(reply.with_usage(Usage::new(input, 1)));
    let token = CancellationToken::new();
    let script = ScriptedModel::new()
        .turn(with_usage(Reply::text("Hello."), 10))
        .turn(with_usage(Reply::call("1", "pay", r#"{"amount":5}"#), 20))
        .turn(with_usage(Reply::call("2", "unknown", "{}"), 30))
        .turn(Turn::fault(ModelErrorKind::Network))
        .turn(Turn::hang());
    let clerk = Clerk { till: &till }.with(script);
    let clerk = || clerk.in_session(&store, &ada(), "s").cancellation(&token);
    clerk().run("finished").await.unwrap();
    clerk().run("paused").await.unwrap_err();
    clerk().run("failed").await.unwrap_err();
    let cancel = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        token.cancel();
    };
    let (cancelled, ()) = tokio::join!(clerk().run("cancelled"), cancel);
    assert_eq!(cancelled.unwrap_err().kind(), ErrorKind::Cancelled);

    let entries = entries(&store).await;
    let stored: Vec<_> = entries
        .iter()
        .map(|stored| (stored.entry.status, stored.entry.usage.input))
        .collect();
    assert_eq!(
        stored,
        [
            (EntryStatus::Finished, 10),
            (EntryStatus::Paused, 20),
            (EntryStatus::Failed, 30),
            (EntryStatus::Cancelled, 0),
        ]
    );
    assert!(is_well_formed(&messages(&store).await));
    // All but the finished run can be resumed.
    let resumable: Vec<bool> = entries
        .iter()
        .map(|stored| stored.entry.decode().unwrap().1.is_some())
        .collect();
    assert_eq!(resumable, [false, true, true, true]);
}

#[tokio::test]
async fn the_window_bounds_the_messages_of_the_request() {
    let store = MemoryStore::new();
    let script = (0..6).fold(ScriptedModel::new(), |script, n| {
        script.reply(format!("answer {n}"))
    });
    let agent = Talker.with(&script);
    for n in 0..5 {
        agent
            .in_session(&store, &ada(), "s")
            .run(format!("question {n}"))
            .await
            .unwrap();
    }
    let window = Window::messages(3);
    agent
        .in_session(&store, &ada(), "s")
        .window(window)
        .run("last")
        .await
        .unwrap();
    assert_eq!(
        texts(&script.requests()[5].messages),
        ["question 4", "answer 4", "last"]
    );
    // Messages outside the window stay in the store.
    assert_eq!(messages(&store).await.len(), 12);
}

#[tokio::test]
async fn a_stream_stores_the_run_before_its_last_event() {
    let store = MemoryStore::new();
    let agent = Talker.with(ScriptedModel::new().reply("one").fault(ModelErrorKind::Network));
    let owner = ada();
    for (input, version) in [("first", 1), ("second", 2)] {
        let mut stream = agent.in_session(&store, &owner, "s").stream(input);
        let mut has_ended = false;
        while let Some(event) = stream.next().await {
            has_ended = match event {
                Ok(event) => matches!(event.event, Event::Finished { .. }),
                Err(_) => true,
            };
            if has_ended {
                let head = store.open(&key(), Need::HEAD).await.unwrap();
                assert_eq!(head.version, Version::from_number(version));
                // The next run need not wait.
                assert!(store.locks().is_empty());
            }
        }
        assert!(has_ended);
    }
}

#[tokio::test]
async fn a_run_reads_the_summary_instead_of_the_messages_that_it_covers() {
    let store = MemoryStore::new();
    let script = ScriptedModel::new().reply("one").reply("two").reply("three");
    let agent = Talker.with(&script);
    agent.in_session(&store, &ada(), "s").run("first").await.unwrap();
    agent.in_session(&store, &ada(), "s").run("second").await.unwrap();
    let summary = Summary::new(Version::from_number(1), "They said one.").unwrap();
    store.summarize(&key(), summary).await.unwrap();
    agent.in_session(&store, &ada(), "s").run("third").await.unwrap();
    let history = texts(&script.requests()[2].messages);
    assert_eq!(history.len(), 4);
    assert!(history[0].contains("They said one."), "{history:?}");
    assert_eq!(history[1..], ["second", "two", "third"]);
    // The summary is not stored as a message.
    assert_eq!(
        texts(&messages(&store).await),
        ["second", "two", "third", "three"]
    );
}

#[tokio::test]
async fn a_run_without_the_lease_of_its_session_is_an_error_that_holds_the_run() {
    let store = MemoryStore::new();
    let lease = store.lease(&key(), Duration::from_secs(60)).await.unwrap();
    let agent = Talker.with(ScriptedModel::new().reply("one").reply("two"));
    let error = agent
        .in_session(&store, &ada(), "s")
        .run("first")
        .await
        .unwrap_err();
    let leased = store_error(&error);
    assert_eq!(leased.kind(), StoreErrorKind::Leased);
    let (segment, _) = leased.entry().unwrap().decode().unwrap();
    assert_eq!(texts(segment.messages()), ["first", "one"]);
    let session = agent.in_session(&store, &ada(), "s").lease(lease.token);
    session.run("second").await.unwrap();
    assert_eq!(texts(&messages(&store).await), ["second", "two"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_dropped_leaves_the_session_usable() {
    let store = MemoryStore::new();
    let agent = Talker.with(ScriptedModel::new().turn(Turn::hang()).reply("two"));
    let dropped = tokio::time::timeout(
        Duration::from_secs(1),
        agent.in_session(&store, &ada(), "s").run("first"),
    );
    assert!(dropped.await.is_err());
    assert!(store.locks().is_empty());
    agent.in_session(&store, &ada(), "s").run("second").await.unwrap();
    assert_eq!(texts(&messages(&store).await), ["second", "two"]);
}

#[tokio::test]
async fn an_invalid_id_is_an_error_before_the_model_is_called() {
    let model = ScriptedModel::new();
    let agent = Talker.with(&model);
    for id in ["", &"x".repeat(1025)] {
        let error = agent
            .in_session(&MemoryStore::new(), &ada(), id)
            .run("Hi")
            .await
            .unwrap_err();
        assert_eq!(store_error(&error).kind(), StoreErrorKind::InvalidId);
    }
    assert!(model.requests().is_empty());
}

#[tokio::test]
async fn a_session_that_cannot_be_read_is_an_error_before_the_model_is_called() {
    let store = MemoryStore::new();
    let damaged = Entry::new(agno::store::EntryId::new(), b"{\"secret".to_vec());
    store
        .append(&key(), Append::at(Version::NEW), damaged)
        .await
        .unwrap();
    let model = ScriptedModel::new();
    let agent = Talker.with(&model);
    let error = agent.in_session(&store, &ada(), "s").run("Hi").await.unwrap_err();
    assert_eq!(store_error(&error).kind(), StoreErrorKind::Damaged);
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    assert!(model.requests().is_empty() && store.locks().is_empty());
}

#[tokio::test]
async fn sessions_of_two_owners_with_one_id_are_separate() {
    let store = DynSessionStore::new(MemoryStore::new());
    let script = ScriptedModel::new().reply("one").reply("two").reply("three");
    let agent = Talker.with(&script);
    for (owner, history) in [(ada(), 1), (Owner::shared(), 1), (ada(), 3)] {
        agent.in_session(&store, &owner, "s").run("Hi").await.unwrap();
        assert_eq!(script.requests().last().unwrap().messages.len(), history);
    }
}

#[tokio::test]
async fn the_error_of_a_store_contains_no_messages_and_no_owner() {
    let limits = agno::store::StoreLimits::DEFAULT.with_max_entry_bytes(10);
    let store = MemoryStore::new().with_limits(limits);
    let agent = Talker.with(ScriptedModel::new().reply("secret answer"));
    let error = agent
        .in_session(&store, &ada(), "s")
        .run("secret question")
        .await
        .unwrap_err();
    let text = format!("{error} {error:?}");
    assert_eq!(store_error(&error).kind(), StoreErrorKind::Limit);
    assert!(!text.contains("secret") && !text.contains("ada"), "{text}");
    let entry = store_error(&error).entry().expect("the entry was not appended");
    let (written, body) = (format!("{:?}", store_error(&error)), format!("{:?}", entry.body));
    assert!(
        !written.contains("secret") && !written.contains(&body),
        "{written}"
    );
}

#[tokio::test]
async fn parts_that_only_a_provider_understands_come_back_in_the_next_request() {
    let store = MemoryStore::new();
    let script = ScriptedModel::new()
        .turn(Turn::reply(Reply::new([
            Part::reasoning("Think."),
            Part::text("one"),
        ])))
        .reply("two");
    let agent = Talker.with(&script);
    agent.in_session(&store, &ada(), "s").run("first").await.unwrap();
    agent.in_session(&store, &ada(), "s").run("second").await.unwrap();
    let Message::Assistant(message) = &script.requests()[1].messages[1] else {
        panic!("the second message is not the model's");
    };
    assert!(matches!(&message.parts[0], Part::Reasoning(reasoning) if reasoning.text == "Think."));
}
