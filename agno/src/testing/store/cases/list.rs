//! Lists of sessions and their pages.

use super::super::fixture::{CaseResult, Fixture, Suite, ada, cases, ensure, ensure_eq, entry, key};
use crate::store::{Clock, Page, SessionPage, SessionStore};

cases! {
    "list":
    sessions_are_listed_with_the_newest_first,
    an_append_to_an_older_session_does_not_change_the_order,
    the_properties_of_a_session_are_in_the_list,
    pages_contain_each_session_once,
    the_last_page_has_no_cursor,
    sessions_that_are_created_during_paging_do_not_move_the_others,
    sessions_that_are_deleted_during_paging_do_not_move_the_others,
    a_session_that_is_created_again_is_the_newest,
    a_list_of_1200_sessions_is_complete,
}

async fn create(store: &Fixture<'_>, ids: impl IntoIterator<Item = u32>) -> CaseResult {
    for id in ids {
        store.append_text(&key(&id.to_string())?, "text").await?;
    }
    Ok(())
}

fn ids(page: &SessionPage) -> Vec<&str> {
    page.sessions.iter().map(|info| info.id.as_str()).collect()
}

/// Returns the page after another one, which must not be the last.
async fn next(store: &Fixture<'_>, page: &SessionPage, limit: u32) -> CaseResult<SessionPage> {
    ensure(page.next.is_some(), "a page before the last must have a cursor")?;
    let request = page
        .next
        .map_or(Page::first(limit), |next| Page::first(limit).after(next));
    Ok(store.store.list(&ada()?, request).await?)
}

async fn sessions_are_listed_with_the_newest_first(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    create(&store, [10, 9, 100, 1]).await?;
    ensure_eq(store.ids(&ada()?).await?, ["1", "100", "9", "10"], "the sessions")
}

async fn an_append_to_an_older_session_does_not_change_the_order(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    create(&store, [1, 2, 3]).await?;
    store.append_text(&key("1")?, "text").await?;
    ensure_eq(store.ids(&ada()?).await?, ["3", "2", "1"], "the sessions")
}

async fn the_properties_of_a_session_are_in_the_list(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let start = store.clock.unix_millis();
    let entries = [entry("one"), entry("two")];
    let bytes: u64 = entries.iter().map(crate::store::Entry::size).sum();
    for entry in entries {
        store.append(&key, entry).await?;
        store.clock.advance(std::time::Duration::from_secs(1));
    }
    store.store.rename(&key, Some("Travel plans")).await?;
    let page = store.store.list(&ada()?, Page::first(10)).await?;
    ensure_eq(ids(&page), ["s"], "the sessions")?;
    for info in &page.sessions {
        ensure_eq(info.title.as_deref(), Some("Travel plans"), "the title")?;
        ensure_eq(info.version.number(), 2, "the version")?;
        ensure_eq(info.usage, crate::model::Usage::new(40, 6), "the usage")?;
        ensure_eq(info.bytes, bytes, "the number of bytes")?;
        ensure_eq(
            info.created_millis,
            start,
            "the time when the session was created",
        )?;
        ensure_eq(info.updated_millis, start + 1000, "the time of the last entry")?;
    }
    Ok(())
}

async fn pages_contain_each_session_once(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    create(&store, 1..=11).await?;
    let all = store.ids(&ada()?).await?;
    for limit in [1, 2, 3, 10, 11, 12] {
        let mut found = Vec::new();
        let mut page = store.store.list(&ada()?, Page::first(limit)).await?;
        loop {
            ensure(
                page.sessions.len() <= limit as usize,
                "a page must not be longer than its limit",
            )?;
            found.extend(page.sessions.into_iter().map(|info| info.id));
            // A cursor also works as text, for instance in an address.
            let Some(cursor) = page.next.map(|cursor| cursor.to_string().parse()) else {
                break;
            };
            page = store
                .store
                .list(&ada()?, Page::first(limit).after(cursor?))
                .await?;
        }
        ensure_eq(found, &all[..], format_args!("the sessions on pages of {limit}"))?;
    }
    Ok(())
}

async fn the_last_page_has_no_cursor(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let empty = store.store.list(&ada()?, Page::first(2)).await?;
    ensure_eq(
        empty,
        SessionPage::default(),
        "the page of an owner without sessions",
    )?;
    create(&store, 1..=4).await?;
    let first = store.store.list(&ada()?, Page::first(2)).await?;
    let second = next(&store, &first, 2).await?;
    ensure_eq(ids(&second), ["2", "1"], "the second page")?;
    ensure_eq(second.next, None, "the cursor of the last page")
}

async fn sessions_that_are_created_during_paging_do_not_move_the_others(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    create(&store, 1..=6).await?;
    let first = store.store.list(&ada()?, Page::first(2)).await?;
    ensure_eq(ids(&first), ["6", "5"], "the first page")?;
    create(&store, [7, 8]).await?;
    store.append_text(&key("3")?, "text").await?;
    let second = next(&store, &first, 2).await?;
    ensure_eq(ids(&second), ["4", "3"], "the second page")?;
    store.append_text(&key("2")?, "text").await?;
    create(&store, [9]).await?;
    let third = next(&store, &second, 2).await?;
    ensure_eq(ids(&third), ["2", "1"], "the third page")
}

async fn sessions_that_are_deleted_during_paging_do_not_move_the_others(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    create(&store, 1..=6).await?;
    let first = store.store.list(&ada()?, Page::first(2)).await?;
    // The cursor refers to the last session on the page.
    for id in ["5", "4"] {
        store.store.delete(&key(id)?).await?;
    }
    let second = next(&store, &first, 2).await?;
    ensure_eq(ids(&second), ["3", "2"], "the second page")
}

async fn a_session_that_is_created_again_is_the_newest(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    create(&store, [1, 2, 3]).await?;
    let first = store.store.list(&ada()?, Page::first(1)).await?;
    store.store.delete(&key("3")?).await?;
    create(&store, [3]).await?;
    ensure_eq(store.ids(&ada()?).await?, ["3", "2", "1"], "the sessions")?;
    let second = next(&store, &first, 10).await?;
    ensure_eq(ids(&second), ["2", "1"], "the page after the deleted session")?;
    store.store.delete(&key("1")?).await?;
    create(&store, [1]).await?;
    ensure_eq(store.ids(&ada()?).await?, ["1", "3", "2"], "the sessions")
}

async fn a_list_of_1200_sessions_is_complete(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    create(&store, 1..=1200).await?;
    let first = store.store.list(&ada()?, Page::first(u32::MAX)).await?;
    ensure_eq(
        first.sessions.len(),
        1000,
        "the number of sessions on the largest page",
    )?;
    let second = next(&store, &first, 1000).await?;
    ensure_eq(
        second.sessions.len(),
        200,
        "the number of sessions on the last page",
    )?;
    ensure_eq(second.next, None, "the cursor of the last page")
}
