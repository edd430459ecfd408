//! Titles, and deletion of sessions.

use super::super::fixture::{CaseResult, Suite, ada, cases, ensure, ensure_eq, ensure_error, entry, key};
use crate::store::{
    Append, OpenedSession, Page, SessionStore, StoreErrorKind, StoreLimits, Summary, Version,
};

cases! {
    "rename and delete":
    a_title_comes_back_and_can_be_removed,
    a_title_with_hostile_characters_comes_back,
    a_title_that_is_too_long_is_an_error_and_the_old_one_stays,
    a_title_does_not_change_the_version_or_the_time,
    a_session_that_does_not_exist_has_no_title,
    a_deleted_session_is_gone,
    deleting_a_session_that_does_not_exist_returns_false,
    a_session_with_the_id_of_a_deleted_one_is_new,
    a_delete_leaves_the_other_sessions,
}

async fn a_title_comes_back_and_can_be_removed(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append_text(&key, "text").await?;
    ensure_eq(store.open(&key).await?.title, None, "the title of a new session")?;
    for title in [Some("Travel"), Some("Travel plans"), None] {
        store.store.rename(&key, title).await?;
        ensure_eq(store.open(&key).await?.title.as_deref(), title, "the title")?;
        let page = store.store.list(&ada()?, Page::first(1)).await?;
        let listed = page.sessions.first().and_then(|info| info.title.as_deref());
        ensure_eq(listed, title, "the title in the list")?;
    }
    Ok(())
}

async fn a_title_with_hostile_characters_comes_back(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append_text(&key, "text").await?;
    for title in [
        "'; DROP TABLE sessions; --",
        "a\0b",
        "👩‍👩‍👧 שלום",
        "",
        " ",
        "\u{feff}\r\n",
    ] {
        store.store.rename(&key, Some(title)).await?;
        ensure_eq(store.open(&key).await?.title.as_deref(), Some(title), "the title")?;
    }
    Ok(())
}

async fn a_title_that_is_too_long_is_an_error_and_the_old_one_stays(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append_text(&key, "text").await?;
    let longest = "t".repeat(StoreLimits::MAX_TITLE_BYTES);
    store.store.rename(&key, Some(&longest)).await?;
    let renamed = store.store.rename(&key, Some(&format!("{longest}t"))).await;
    ensure_error(renamed, StoreErrorKind::Limit, "a title that is too long")?;
    ensure_eq(store.open(&key).await?.title, Some(longest), "the title")?;
    Ok(())
}

async fn a_title_does_not_change_the_version_or_the_time(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append_text(&key, "text").await?;
    let before = store.open(&key).await?;
    store.clock.advance(std::time::Duration::from_secs(1));
    store.store.rename(&key, Some("Travel")).await?;
    let after = store.open(&key).await?;
    ensure_eq(after.version, before.version, "the version of the session")?;
    ensure_eq(
        after.updated_millis,
        before.updated_millis,
        "the time of the last entry",
    )
}

async fn a_session_that_does_not_exist_has_no_title(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    for title in [Some("Travel"), None] {
        let result = store.store.rename(&key, title).await;
        ensure_error(result, StoreErrorKind::NotFound, "the title")?;
    }
    ensure_eq(store.open(&key).await?, OpenedSession::NEW, "the session")
}

async fn a_deleted_session_is_gone(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let version = store.append_text(&key, "opera").await?;
    store
        .store
        .summarize(&key, Summary::new(version, "The opera.")?)
        .await?;
    store.store.rename(&key, Some("Opera")).await?;
    ensure(
        store.store.delete(&key).await?,
        "deleting a session must return `true`",
    )?;
    ensure_eq(store.open(&key).await?, OpenedSession::NEW, "the deleted session")?;
    ensure_eq(store.ids(&ada()?).await?, [""; 0], "the sessions")?;
    let found = store.store.search(&ada()?, "opera", Page::first(1)).await?;
    ensure_eq(
        found.sessions.len(),
        0,
        "the number of sessions that a search finds",
    )
}

async fn deleting_a_session_that_does_not_exist_returns_false(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    ensure(
        !store.store.delete(&key).await?,
        "deleting a session that never existed must return `false`",
    )?;
    store.append_text(&key, "text").await?;
    store.store.delete(&key).await?;
    ensure(
        !store.store.delete(&key).await?,
        "deleting a session again must return `false`",
    )
}

async fn a_session_with_the_id_of_a_deleted_one_is_new(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let old = entry("old");
    let version = store.append(&key, old.clone()).await?;
    store
        .store
        .summarize(&key, Summary::new(version, "Old.")?)
        .await?;
    store.store.rename(&key, Some("Old")).await?;
    store.store.delete(&key).await?;
    let version = store
        .store
        .append(&key, Append::at(Version::NEW), entry("new"))
        .await?;
    ensure_eq(version.number(), 1, "the version of the new session")?;
    let opened = store.open(&key).await?;
    ensure_eq(
        (opened.title, opened.summary),
        (None, None),
        "the title and the summary",
    )?;
    ensure_eq(store.texts(&key).await?, ["new"], "the texts of the new session")?;
    // The entries of the deleted session are forgotten.
    let version = store.append(&key, old).await?;
    ensure_eq(
        version.number(),
        2,
        "the version of an entry that was in the deleted session",
    )
}

async fn a_delete_leaves_the_other_sessions(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for id in ["a", "a/b", "a*", "A"] {
        store.append_text(&key(id)?, id).await?;
    }
    store.store.delete(&key("a")?).await?;
    ensure_eq(store.ids(&ada()?).await?, ["A", "a*", "a/b"], "the sessions")?;
    ensure_eq(
        store.texts(&key("a/b")?).await?,
        ["a/b"],
        "the texts of another session",
    )
}
