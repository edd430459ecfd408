//! The parts of a log that `open` returns.

use super::super::fixture::{
    CaseResult, Fixture, Suite, cases, encoded, ensure, ensure_eq, entry, key, texts, versions,
};
use crate::message::Message;
use crate::run::RunId;
use crate::session::{Segment, Window};
use crate::store::{Entry, Need, SessionKey, SessionStore};

cases! {
    "reading":
    the_head_has_no_entries,
    all_entries_are_returned_if_all_are_needed,
    only_as_many_entries_are_returned_as_have_the_needed_messages,
    only_as_many_entries_are_returned_as_have_the_needed_tokens,
    the_first_limit_of_a_window_ends_the_entries,
    a_session_with_fewer_messages_than_needed_is_returned_entirely,
    a_run_that_was_stored_again_is_in_its_later_entry_only,
    an_entry_that_was_replaced_keeps_its_version_and_does_not_count,
    messages_without_a_run_replace_nothing,
}

/// Appends ten entries with two messages and the given number of estimated tokens each.
async fn ten(store: &Fixture<'_>, key: &SessionKey, tokens: u32) -> CaseResult {
    for number in 1..=10 {
        let mut entry = entry(&number.to_string());
        entry.tokens = tokens;
        store.append(key, entry).await?;
    }
    Ok(())
}

async fn returned(store: &Fixture<'_>, key: &SessionKey, need: Need) -> CaseResult<Vec<u64>> {
    let opened = store.store.open(key, need).await?;
    ensure_eq(opened.version.number(), 10, "the version of the session")?;
    Ok(versions(&opened.entries))
}

async fn the_head_has_no_entries(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    ten(&store, &key, 5).await?;
    ensure_eq(
        returned(&store, &key, Need::HEAD).await?,
        [0_u64; 0],
        "the entries",
    )
}

async fn all_entries_are_returned_if_all_are_needed(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    ten(&store, &key, 5).await?;
    let all: Vec<u64> = (1..=10).collect();
    ensure_eq(returned(&store, &key, Need::ALL).await?, &all[..], "the entries")?;
    let window = Need::window(Window::ALL);
    ensure_eq(
        returned(&store, &key, window).await?,
        &all[..],
        "the entries of `Window::ALL`",
    )
}

async fn only_as_many_entries_are_returned_as_have_the_needed_messages(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    ten(&store, &key, 5).await?;
    for (messages, expected) in [(1, &[10][..]), (2, &[10]), (3, &[9, 10]), (5, &[8, 9, 10])] {
        let entries = returned(&store, &key, Need::messages(messages)).await?;
        ensure_eq(
            &entries[..],
            expected,
            format_args!("the entries for {messages} messages"),
        )?;
    }
    Ok(())
}

async fn only_as_many_entries_are_returned_as_have_the_needed_tokens(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    ten(&store, &key, 50).await?;
    // A window needs one token more than it shows.
    for (tokens, expected) in [(49, &[10][..]), (50, &[9, 10]), (149, &[8, 9, 10])] {
        let entries = returned(&store, &key, Need::window(Window::tokens(tokens))).await?;
        ensure_eq(
            &entries[..],
            expected,
            format_args!("the entries for {tokens} tokens"),
        )?;
    }
    Ok(())
}

async fn the_first_limit_of_a_window_ends_the_entries(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    ten(&store, &key, 50).await?;
    let few_messages = Need::window(Window::tokens(1000).with_messages(1));
    ensure_eq(
        returned(&store, &key, few_messages).await?,
        [10],
        "the entries for 1 message",
    )?;
    let few_tokens = Need::window(Window::tokens(60).with_messages(100));
    ensure_eq(
        returned(&store, &key, few_tokens).await?,
        [9, 10],
        "the entries for 60 tokens",
    )
}

async fn a_session_with_fewer_messages_than_needed_is_returned_entirely(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    ten(&store, &key, 5).await?;
    for messages in [20, 21, 1_000_000, u64::MAX] {
        let entries = returned(&store, &key, Need::messages(messages)).await?;
        ensure_eq(
            entries.len(),
            10,
            format_args!("the number of entries for {messages} messages"),
        )?;
    }
    let window = Need::window(Window::messages(usize::MAX));
    ensure_eq(
        returned(&store, &key, window).await?.len(),
        10,
        "the number of entries of the largest window",
    )
}

fn of_run(run: RunId, text: &str) -> Entry {
    encoded(&Segment::new(
        run,
        [Message::user(text), Message::assistant("Done.")],
    ))
}

async fn a_run_that_was_stored_again_is_in_its_later_entry_only(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let (first, second) = (RunId::new(), RunId::new());
    store.append(&key, of_run(first, "first, paused")).await?;
    store.append(&key, of_run(second, "second")).await?;
    store.append(&key, of_run(first, "first, paused again")).await?;
    let version = store.append(&key, of_run(first, "first, done")).await?;
    let opened = store.open(&key).await?;
    ensure_eq(
        texts(&opened.entries)?,
        ["second", "first, done"],
        "the texts of the entries",
    )?;
    ensure_eq(versions(&opened.entries), [2, 4], "the versions of the entries")?;
    ensure_eq(opened.version, version, "the version of the session")
}

async fn an_entry_that_was_replaced_keeps_its_version_and_does_not_count(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let run = RunId::new();
    store.append_text(&key, "oldest").await?;
    store.append_text(&key, "old").await?;
    store.append(&key, of_run(run, "paused")).await?;
    store.append(&key, of_run(run, "done")).await?;
    let opened = store.store.open(&key, Need::messages(3)).await?;
    ensure_eq(
        versions(&opened.entries),
        [2, 4],
        "the versions of the entries for 3 messages",
    )?;
    ensure_eq(
        texts(&opened.entries)?,
        ["old", "done"],
        "the texts of the entries",
    )
}

async fn messages_without_a_run_replace_nothing(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    for text in ["one", "two", "two"] {
        store.append(&key, Entry::from_messages([text.into()])?).await?;
    }
    let opened = store.open(&key).await?;
    ensure(
        opened.entries.iter().all(|stored| stored.entry.run.is_none()),
        "the entries must not have runs",
    )?;
    ensure_eq(
        texts(&opened.entries)?,
        ["one", "two", "two"],
        "the texts of the entries",
    )
}
