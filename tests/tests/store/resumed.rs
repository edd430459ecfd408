//! Runs that pause or fail in a session of a store, and resume there.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::store::{EntryStatus, MemoryStore, Need, SessionStore, StoreErrorKind, Version};
use agno::{ErrorKind, Message, ModelErrorKind, Run, ToolResult};

use super::{ada, entries, key, messages, other_process, store_error, texts};

/// Talks.
#[agent]
struct Talker;

#[derive(Default)]
pub(crate) struct Till {
    payments: AtomicUsize,
}

/// Pays bills.
#[agent(tools = [self])]
pub(crate) struct Clerk<'a> {
    pub(crate) till: &'a Till,
}

#[toolkit]
impl Clerk<'_> {
    /// Pays a bill.
    #[tool(approval)]
    fn pay(&self, amount: u32) -> String {
        self.till.payments.fetch_add(1, Relaxed);
        format!("paid {amount}")
    }

    /// Asks the customer.
    #[tool(external)]
    fn ask(&self, question: String);
}

fn results(messages: &[Message]) -> Vec<String> {
    let calls = messages.iter().flat_map(Message::calls);
    calls.map(|call| call.result_text().into_owned()).collect()
}

async fn stopped_run(store: &MemoryStore) -> Option<Run> {
    let talker = Talker.with(ScriptedModel::new());
    talker.in_session(store, &ada(), "s").stopped_run().await.unwrap()
}

#[tokio::test]
async fn a_stored_run_with_an_undecided_call_stays_paused_when_it_is_resumed() {
    let (store, till) = (MemoryStore::new(), Till::default());
    let clerk = Clerk { till: &till }.with(ScriptedModel::new().call("pay", r#"{"amount":5}"#));
    let paused = clerk
        .in_session(&store, &ada(), "s")
        .run("Pay.")
        .await
        .unwrap_err();
    assert_eq!(paused.kind(), ErrorKind::Paused);

    // Another process resumes the run without a decision.
    let store = other_process(&store);
    let idle = ScriptedModel::new();
    let clerk = Clerk { till: &till }.with(&idle);
    let run = stopped_run(&store).await.unwrap();
    let error = clerk
        .in_session(&store, &ada(), "s")
        .resume(run)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paused);
    assert_eq!((till.payments.load(Relaxed), idle.requests().len()), (0, 0));

    // It can still be approved.
    let clerk = Clerk { till: &till }.with(ScriptedModel::new().reply("Done."));
    let mut run = stopped_run(&store).await.unwrap();
    let path = run.waiting().next().unwrap().path.clone();
    run.approve(&path).unwrap();
    let answer = clerk.in_session(&store, &ada(), "s").resume(run).await.unwrap();
    assert_eq!(answer.text(), "Done.");
    assert_eq!(till.payments.load(Relaxed), 1);
    assert!(stopped_run(&store).await.is_none());
}

/// Returns copies of a run, each with the approval of one of its waiting calls.
fn approved_one_by_one(run: &Run) -> Vec<Run> {
    let paths: Vec<_> = run.waiting().map(|waiting| waiting.path.clone()).collect();
    let copies = paths.iter().map(|path| {
        let mut copy = run.clone();
        copy.approve(path).unwrap();
        copy
    });
    copies.collect()
}

#[tokio::test]
async fn a_run_that_is_resumed_twice_makes_its_calls_once() {
    let (store, till) = (MemoryStore::new(), Till::default());
    let script = ScriptedModel::new().call("pay", r#"{"amount":5}"#).reply("Done.");
    let clerk = Clerk { till: &till }.with(script);
    clerk
        .in_session(&store, &ada(), "s")
        .run("Pay.")
        .await
        .unwrap_err();
    let run = approved_one_by_one(&stopped_run(&store).await.unwrap()).remove(0);
    // A person clicks twice.
    let (first, second) = tokio::join!(
        clerk.in_session(&store, &ada(), "s").resume(run.clone()),
        clerk.in_session(&store, &ada(), "s").resume(run.clone()),
    );
    assert_eq!(first.unwrap().text(), "Done.");
    let second = second.unwrap_err();
    assert_eq!(store_error(&second).kind(), StoreErrorKind::Conflict);
    assert_eq!(second.run(), Some(&run));
    assert_eq!(till.payments.load(Relaxed), 1);
    assert_eq!(entries(&store).await.len(), 1);
}

#[tokio::test]
async fn two_people_who_decide_about_copies_of_a_run_do_not_undo_each_other() {
    let (store, till) = (MemoryStore::new(), Till::default());
    let calls = [("pay", r#"{"amount":5}"#), ("pay", r#"{"amount":7}"#)];
    let script = ScriptedModel::new().calls(calls).reply("Done.");
    let clerk = Clerk { till: &till }.with(script);
    clerk
        .in_session(&store, &ada(), "s")
        .run("Pay.")
        .await
        .unwrap_err();
    let copies = approved_one_by_one(&stopped_run(&store).await.unwrap());
    let [first, second] = <[Run; 2]>::try_from(copies).unwrap();
    let paused = clerk
        .in_session(&store, &ada(), "s")
        .resume(first)
        .await
        .unwrap_err();
    assert_eq!(paused.kind(), ErrorKind::Paused);
    // The second copy does not know that the first call was made.
    let outdated = clerk
        .in_session(&store, &ada(), "s")
        .resume(second)
        .await
        .unwrap_err();
    assert_eq!(store_error(&outdated).kind(), StoreErrorKind::Conflict);
    assert_eq!(till.payments.load(Relaxed), 1);

    let newest = stopped_run(&store).await.unwrap();
    let run = approved_one_by_one(&newest).remove(0);
    clerk.in_session(&store, &ada(), "s").resume(run).await.unwrap();
    assert_eq!(results(&messages(&store).await), ["paid 5", "paid 7"]);
    assert_eq!(till.payments.load(Relaxed), 2);
}

#[tokio::test]
async fn two_waiting_calls_that_are_answered_in_the_other_order_get_their_own_results() {
    let (store, till) = (MemoryStore::new(), Till::default());
    let script = ScriptedModel::new().calls([
        ("ask", r#"{"question":"Red or blue?"}"#),
        ("ask", r#"{"question":"Big or small?"}"#),
    ]);
    let clerk = Clerk { till: &till }.with(script);
    let paused = clerk.in_session(&store, &ada(), "s").run("Order.").await;
    assert_eq!(paused.unwrap_err().kind(), ErrorKind::Paused);

    // The answers arrive in two processes, the second question first.
    for (question, answer) in [("Big", "small"), ("Red", "blue")] {
        let mut run = stopped_run(&store).await.unwrap();
        let path = run
            .waiting()
            .find(|waiting| waiting.call.arguments.contains(question))
            .unwrap()
            .path
            .clone();
        run.provide(&path, ToolResult::from_text(answer)).unwrap();
        let model = ScriptedModel::new();
        let model = if answer == "blue" {
            model.reply("Ordered.")
        } else {
            model
        };
        let clerk = Clerk { till: &till }.with(model);
        let outcome = clerk.in_session(&store, &ada(), "s").resume(run).await;
        assert_eq!(outcome.is_ok(), answer == "blue", "{outcome:?}");
    }
    assert_eq!(results(&messages(&store).await), ["blue", "small"]);
    let statuses: Vec<_> = entries(&store)
        .await
        .iter()
        .map(|stored| stored.entry.status)
        .collect();
    assert_eq!(statuses, [EntryStatus::Finished]);
}

#[tokio::test]
async fn a_resumed_run_replaces_its_earlier_entry() {
    let store = MemoryStore::new();
    let script = ScriptedModel::new()
        .reply("one")
        .fault(ModelErrorKind::Network)
        .reply("two")
        .reply("three");
    let agent = Talker.with(&script);
    agent.in_session(&store, &ada(), "s").run("first").await.unwrap();
    agent
        .in_session(&store, &ada(), "s")
        .run("second")
        .await
        .unwrap_err();
    let run = stopped_run(&store).await.unwrap();
    let id = run.id();
    let answer = agent.in_session(&store, &ada(), "s").resume(run).await.unwrap();
    assert_eq!(answer.run_id, id);
    assert_eq!(texts(&messages(&store).await), ["first", "one", "second", "two"]);
    let head = store.open(&key(), Need::HEAD).await.unwrap();
    assert_eq!(head.version, Version::from_number(3));
    agent.in_session(&store, &ada(), "s").run("third").await.unwrap();
    let last = &script.requests()[3].messages;
    assert_eq!(texts(last), ["first", "one", "second", "two", "third"]);
}
