//! Owners never see or change the sessions of each other.

use std::time::Duration;

use super::super::fixture::{
    CaseResult, Fixture, Suite, cases, ensure, ensure_eq, ensure_error, entry, owner,
};
use crate::session::Owner;
use crate::store::{
    Append, LeaseToken, Need, OpenedSession, Page, Pruned, Removed, Retention, SessionKey, SessionStore,
    StoreErrorKind, Summary, Version,
};

cases! {
    "owners":
    two_owners_can_use_one_id_for_different_sessions,
    a_session_of_another_owner_looks_as_if_it_did_not_exist,
    a_list_contains_only_sessions_of_its_owner,
    a_search_finds_only_sessions_of_its_owner,
    a_session_of_another_owner_cannot_be_summarized_or_renamed,
    a_session_of_another_owner_cannot_be_forked,
    a_fork_can_have_the_id_of_another_owners_session,
    a_session_of_another_owner_cannot_be_deleted,
    erasing_an_owner_leaves_the_sessions_of_the_others,
    pruning_an_owner_leaves_the_entries_of_the_others,
    a_lease_excludes_no_session_of_another_owner,
    a_lease_cannot_be_used_renewed_or_released_by_another_owner,
    a_cursor_of_another_owner_reveals_nothing,
}

const MINUTE: Duration = Duration::from_secs(60);

/// Owners that are easily confused.
fn owners() -> CaseResult<Vec<Owner>> {
    let mut owners = vec![Owner::shared()];
    for name in [
        "ada", "Ada", "bob", "(shared)", "shared", "null", "NULL", "0", " ", "*", "%", "\0", "ada\0",
    ] {
        owners.push(owner(name)?);
    }
    Ok(owners)
}

fn key_of(owner: &Owner) -> CaseResult<SessionKey> {
    Ok(SessionKey::new(owner, "same-id")?)
}

/// Gives each owner a session with the same ID and text that names its position.
async fn filled(store: &Fixture<'_>) -> CaseResult<Vec<Owner>> {
    let owners = owners()?;
    for (at, owner) in owners.iter().enumerate() {
        let key = key_of(owner)?;
        store.append_text(&key, &format!("text of owner {at}.")).await?;
        store.append_text(&key, "second").await?;
    }
    Ok(owners)
}

/// Fails unless an owner still has the session that `filled` created.
async fn is_untouched(store: &Fixture<'_>, at: usize, owner: &Owner) -> CaseResult {
    let key = key_of(owner)?;
    let expected = [format!("text of owner {at}."), "second".to_owned()];
    ensure_eq(
        store.texts(&key).await?,
        expected,
        format_args!("the texts of {owner:?}"),
    )?;
    let opened = store.open(&key).await?;
    ensure_eq(opened.title, None, format_args!("the title of {owner:?}"))?;
    ensure_eq(opened.summary, None, format_args!("the summary of {owner:?}"))
}

async fn all_are_untouched_but(store: &Fixture<'_>, owners: &[Owner], changed: usize) -> CaseResult {
    for (at, owner) in owners.iter().enumerate() {
        if at != changed {
            is_untouched(store, at, owner).await?;
        }
    }
    Ok(())
}

async fn two_owners_can_use_one_id_for_different_sessions(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = filled(&store).await?;
    all_are_untouched_but(&store, &owners, usize::MAX).await
}

async fn a_session_of_another_owner_looks_as_if_it_did_not_exist(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for (index, name) in owners()?.iter().enumerate() {
        let key = SessionKey::new(name, format!("of-{index}"))?;
        store.append_text(&key, "secret").await?;
        for other in owners()?.iter().filter(|other| *other != name) {
            let foreign = SessionKey::new(other, key.id())?;
            for need in [Need::HEAD, Need::ALL, Need::ALL.without_damaged()] {
                let opened = store.store.open(&foreign, need).await?;
                ensure_eq(
                    opened,
                    OpenedSession::NEW,
                    format_args!("a session of {name:?} for {other:?}"),
                )?;
            }
            let append = Append::at(Version::from_number(1));
            let result = store.store.append(&foreign, append, entry("foreign")).await;
            let error = ensure_error(result, StoreErrorKind::Conflict, "the append of another owner")?;
            ensure_eq(
                error.current_version(),
                Some(Version::NEW),
                "the current version in the error",
            )?;
        }
    }
    Ok(())
}

async fn a_list_contains_only_sessions_of_its_owner(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = owners()?;
    for (at, owner) in owners.iter().enumerate() {
        for number in 0..=at {
            let key = SessionKey::new(owner, format!("{at}-{number}"))?;
            store.append_text(&key, "text").await?;
        }
    }
    for (at, owner) in owners.iter().enumerate() {
        let expected: Vec<String> = (0..=at).rev().map(|number| format!("{at}-{number}")).collect();
        ensure_eq(
            store.ids(owner).await?,
            expected,
            format_args!("the sessions of {owner:?}"),
        )?;
    }
    ensure_eq(
        store.ids(&owner("nobody")?).await?,
        [""; 0],
        "the sessions of an owner without sessions",
    )
}

async fn a_search_finds_only_sessions_of_its_owner(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = filled(&store).await?;
    for (at, owner) in owners.iter().enumerate() {
        for (other, text) in (0..owners.len()).map(|other| (other, format!("text of owner {other}."))) {
            let page = store.store.search(owner, &text, Page::first(10)).await?;
            let expected = usize::from(at == other);
            ensure_eq(
                page.sessions.len(),
                expected,
                format_args!("the number of results for {owner:?}"),
            )?;
        }
    }
    Ok(())
}

async fn a_session_of_another_owner_cannot_be_summarized_or_renamed(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = filled(&store).await?;
    let outsider = key_of(&owner("outsider")?)?;
    let summary = Summary::new(Version::from_number(1), "Nothing.")?;
    let summarized = store.store.summarize(&outsider, summary.clone()).await;
    ensure_error(summarized, StoreErrorKind::NotFound, "the summary")?;
    let renamed = store.store.rename(&outsider, Some("Mine")).await;
    ensure_error(renamed, StoreErrorKind::NotFound, "the new title")?;
    all_are_untouched_but(&store, &owners, usize::MAX).await?;
    for (at, owner) in owners.iter().enumerate() {
        let key = key_of(owner)?;
        store.store.rename(&key, Some("Mine")).await?;
        store.store.summarize(&key, summary.clone()).await?;
        for (other, owner) in owners.iter().enumerate().skip(at + 1) {
            is_untouched(&store, other, owner).await?;
        }
    }
    Ok(())
}

async fn a_session_of_another_owner_cannot_be_forked(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    filled(&store).await?;
    let outsider = owner("outsider")?;
    let result = store
        .store
        .fork(&key_of(&outsider)?, Version::from_number(1), "mine")
        .await;
    ensure_error(result, StoreErrorKind::NotFound, "the fork")?;
    ensure_eq(
        store.ids(&outsider).await?,
        [""; 0],
        "the sessions of the outsider",
    )
}

async fn a_fork_can_have_the_id_of_another_owners_session(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = filled(&store).await?;
    let ida = owner("ida")?;
    let key = SessionKey::new(&ida, "draft")?;
    store.append_text(&key, "text of ida").await?;
    store.store.fork(&key, Version::from_number(1), "same-id").await?;
    ensure_eq(
        store.texts(&key_of(&ida)?).await?,
        ["text of ida"],
        "the texts of the fork",
    )?;
    all_are_untouched_but(&store, &owners, usize::MAX).await
}

async fn a_session_of_another_owner_cannot_be_deleted(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = filled(&store).await?;
    let outsider = key_of(&owner("outsider")?)?;
    ensure(
        !store.store.delete(&outsider).await?,
        "deleting a foreign session must return `false`",
    )?;
    for (at, owner) in owners.iter().enumerate() {
        ensure(
            store.store.delete(&key_of(owner)?).await?,
            "deleting a session must return `true`",
        )?;
        for (other, owner) in owners.iter().enumerate().skip(at + 1) {
            is_untouched(&store, other, owner).await?;
        }
    }
    Ok(())
}

async fn erasing_an_owner_leaves_the_sessions_of_the_others(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = filled(&store).await?;
    let removed = store.store.erase(&owner("outsider")?).await?;
    ensure_eq(
        removed,
        Removed::default(),
        "what was removed of an owner without sessions",
    )?;
    for (at, owner) in owners.iter().enumerate() {
        let removed = store.store.erase(owner).await?;
        ensure_eq(
            removed,
            Removed::new(1, 2),
            format_args!("what was removed of {owner:?}"),
        )?;
        for (other, owner) in owners.iter().enumerate().skip(at + 1) {
            is_untouched(&store, other, owner).await?;
        }
    }
    Ok(())
}

async fn pruning_an_owner_leaves_the_entries_of_the_others(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let owners = filled(&store).await?;
    let pruned = store
        .store
        .prune(&owner("outsider")?, Retention::newest(0))
        .await?;
    ensure_eq(
        pruned,
        Pruned::default(),
        "what was pruned of an owner without sessions",
    )?;
    for (at, owner) in owners.iter().enumerate() {
        let pruned = store.store.prune(owner, Retention::newest(1)).await?;
        ensure_eq(
            pruned.entries,
            1,
            format_args!("the number of pruned entries of {owner:?}"),
        )?;
        for (other, owner) in owners.iter().enumerate().skip(at + 1) {
            is_untouched(&store, other, owner).await?;
        }
    }
    Ok(())
}

async fn a_lease_excludes_no_session_of_another_owner(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let mut tokens = Vec::new();
    for owner in &owners()? {
        tokens.push(store.store.lease(&key_of(owner)?, MINUTE).await?.token);
    }
    let outsider = key_of(&owner("outsider")?)?;
    store.append_text(&outsider, "text").await?;
    for (owner, token) in owners()?.iter().zip(tokens) {
        let append = Append::at(Version::NEW).with_lease(token);
        store.store.append(&key_of(owner)?, append, entry("text")).await?;
    }
    Ok(())
}

async fn a_lease_cannot_be_used_renewed_or_released_by_another_owner(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (ada, bob) = (key_of(&owner("ada")?)?, key_of(&owner("bob")?)?);
    let token: LeaseToken = store.store.lease(&ada, MINUTE).await?.token;
    let append = Append::at(Version::NEW).with_lease(token);
    let appended = store.store.append(&bob, append, entry("text")).await;
    ensure_error(
        appended,
        StoreErrorKind::Leased,
        "the append with a foreign token",
    )?;
    let renewed = store.store.renew(&bob, token, MINUTE).await;
    ensure_error(
        renewed,
        StoreErrorKind::NotFound,
        "the renewal of a foreign lease",
    )?;
    store.store.release(&bob, token).await?;
    let second = store.store.lease(&ada, MINUTE).await;
    ensure_error(second, StoreErrorKind::Leased, "a second lease").map(drop)
}

async fn a_cursor_of_another_owner_reveals_nothing(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (ada, bob) = (owner("ada")?, owner("bob")?);
    for number in 0..4 {
        for owner in [&ada, &bob] {
            let key = SessionKey::new(owner, format!("{owner}-{number}"))?;
            store.append_text(&key, "text").await?;
        }
    }
    let mut page = Page::first(1);
    while let Some(next) = store.store.list(&bob, page).await?.next {
        for found in [
            store.store.list(&ada, Page::first(10).after(next)).await?,
            store
                .store
                .search(&ada, "text", Page::first(10).after(next))
                .await?,
        ] {
            let mine = found.sessions.iter().all(|info| info.id.starts_with("ada"));
            ensure(mine, "a page must contain only sessions of its owner")?;
        }
        page = page.after(next);
    }
    Ok(())
}
