//! Tests of agents whose sessions are in files.

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::session::Window;
use agno::store::{Need, SessionStore, StoreErrorKind, StoredSession};

use crate::support::{Directory, key, texts};

/// Pays a bill.
#[tool(approval)]
fn pay(
    /// Amount in euros.
    amount: u32,
) -> String {
    format!("Paid {amount} euros.")
}

/// Pays bills.
#[agent(tools = [pay])]
struct Clerk;

#[tokio::test]
async fn a_paused_run_resumes_after_a_restart() {
    let directory = Directory::new();
    let user = Owner::new("user-17").unwrap();
    let store = directory.open().await;
    let clerk = Clerk.with(ScriptedModel::new().call("pay", r#"{"amount":5}"#));
    let error = clerk
        .in_session(&store, &user, "s-1")
        .run("Pay the bill.")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), agno::ErrorKind::Paused);
    store.close().await;

    let store = directory.open().await;
    let clerk = Clerk.with(ScriptedModel::new().reply("It is paid.").reply("5 euros."));
    let mut run = clerk
        .in_session(&store, &user, "s-1")
        .stopped_run()
        .await
        .unwrap()
        .unwrap();
    let path = run.waiting().next().unwrap().path.clone();
    run.approve(&path).unwrap();
    let answer = clerk.in_session(&store, &user, "s-1").resume(run).await.unwrap();
    assert_eq!(answer.text(), "It is paid.");
    assert!(
        clerk
            .in_session(&store, &user, "s-1")
            .stopped_run()
            .await
            .unwrap()
            .is_none()
    );
    store.close().await;

    let store = directory.open().await;
    let session = clerk
        .in_session(&store, &user, "s-1")
        .window(Window::messages(40));
    assert_eq!(session.run("How much?").await.unwrap().text(), "5 euros.");
    // The entry of the paused run was replaced.
    let opened = store.open(&key("user-17", "s-1"), Need::ALL).await.unwrap();
    assert_eq!((opened.version.number(), opened.entries.len()), (3, 2));
    let texts = texts(&opened);
    assert_eq!(texts.iter().filter(|text| *text == "Pay the bill.").count(), 1);
}

/// Answers.
#[agent]
struct Assistant;

#[tokio::test]
async fn two_programs_that_run_at_once_lose_no_run() {
    let directory = Directory::new();
    let user = Owner::new("user-17").unwrap();
    let (first, second) = (directory.open().await, directory.open().await);
    let key = key("user-17", "s-1");
    let slow = Assistant.with(ScriptedModel::new().reply("Slow."));
    let mut stored = StoredSession::open(&first, &key, Window::ALL).await.unwrap();
    let answer = slow.session(stored.session_mut()).run("A").await.unwrap();
    let quick = Assistant.with(ScriptedModel::new().reply("Quick."));
    quick.in_session(&second, &user, "s-1").run("B").await.unwrap();

    let error = stored.save(&first, &answer).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict);
    assert!(agno::store::contains_text(error.entry().unwrap(), "Slow."));
    let opened = first.open(&key, Need::ALL).await.unwrap();
    assert_eq!(texts(&opened), ["B", "Quick."]);
}
