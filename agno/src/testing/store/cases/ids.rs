//! IDs and names that look like code, like paths, or like each other.

use std::collections::BTreeSet;

use super::super::fixture::{CaseResult, Suite, ada, cases, ensure, ensure_eq, ensure_error, key, owner};
use crate::store::{Page, SessionKey, SessionStore, StoreErrorKind, Version};

cases! {
    "ids":
    hostile_ids_are_distinct_sessions,
    hostile_ids_can_be_renamed_forked_leased_and_deleted,
    hostile_owners_are_distinct,
    owners_and_ids_are_not_joined,
    ids_of_1_kib_are_distinct_to_the_last_byte,
    empty_and_longer_ids_are_refused,
}

/// IDs that a careless store executes, resolves, shortens or confuses.
const HOSTILE: [&str; 46] = [
    "'; DROP TABLE sessions; --",
    "' OR '1'='1",
    "\" OR \"\"=\"",
    "x'); DELETE FROM entries; --",
    "?1",
    "$1",
    ":id",
    "%",
    "_",
    "*",
    "[a-z]",
    "..",
    ".",
    "../..",
    "../../etc/passwd",
    "..\\..\\windows",
    "/",
    "//",
    "/etc/passwd",
    "C:\\CON",
    "nul",
    "a",
    "A",
    "a ",
    " a",
    "a\t",
    "a\n",
    "a\r\n",
    "a\0",
    "a\0b",
    "\0",
    "\0\0",
    " ",
    "\u{a0}",
    "\u{feff}a",
    "\u{200b}a",
    // The same letter in two normalization forms, and look-alikes.
    "\u{e9}",
    "e\u{301}",
    "\u{212b}",
    "\u{c5}",
    "\u{430}",
    "\u{ff41}",
    "\u{202e}a",
    "${jndi:ldap://example.com}",
    "{{7*7}}",
    "👩‍👩‍👧",
];

async fn hostile_ids_are_distinct_sessions(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for id in HOSTILE {
        let version = store.append_text(&key(id)?, id).await?;
        ensure_eq(version.number(), 1, format_args!("the version of {id:?}"))?;
    }
    for id in HOSTILE {
        ensure_eq(
            store.texts(&key(id)?).await?,
            [id],
            format_args!("the texts of {id:?}"),
        )?;
    }
    let listed = store.ids(&ada()?).await?;
    ensure_eq(listed.len(), HOSTILE.len(), "the number of sessions")?;
    let listed: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    ensure_eq(listed, BTreeSet::from(HOSTILE), "the sessions")?;
    // No session, but a path to one.
    ensure(
        !store.open(&key("./a")?).await?.exists(),
        "an ID must not be resolved as a path",
    )
}

async fn hostile_ids_can_be_renamed_forked_leased_and_deleted(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    store.append_text(&key("source")?, "text").await?;
    let minute = std::time::Duration::from_secs(60);
    for id in HOSTILE {
        let key = key(id)?;
        store
            .store
            .fork(
                &super::super::fixture::key("source")?,
                Version::from_number(1),
                id,
            )
            .await?;
        store.store.rename(&key, Some(id)).await?;
        let lease = store.store.lease(&key, minute).await?;
        store.store.renew(&key, lease.token, minute).await?;
        store.store.release(&key, lease.token).await?;
    }
    for id in HOSTILE {
        let key = key(id)?;
        ensure_eq(
            store.open(&key).await?.title.as_deref(),
            Some(id),
            format_args!("the title of {id:?}"),
        )?;
        ensure(
            store.store.delete(&key).await?,
            format_args!("{id:?} must be deleted"),
        )?;
    }
    ensure_eq(store.ids(&ada()?).await?, ["source"], "the sessions")
}

async fn hostile_owners_are_distinct(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for name in HOSTILE {
        store
            .append_text(&SessionKey::new(owner(name)?, "s")?, name)
            .await?;
    }
    for name in HOSTILE {
        let key = SessionKey::new(owner(name)?, "s")?;
        ensure_eq(
            store.texts(&key).await?,
            [name],
            format_args!("the texts of the owner {name:?}"),
        )?;
        let page = store.store.list(key.owner(), Page::first(10)).await?;
        ensure_eq(
            page.sessions.len(),
            1,
            format_args!("the number of sessions of {name:?}"),
        )?;
    }
    for (erased, name) in HOSTILE.into_iter().enumerate() {
        ensure_eq(
            store.store.erase(&owner(name)?).await?.sessions,
            1,
            "the number of erased sessions",
        )?;
        if let Some(next) = HOSTILE.get(erased + 1) {
            let key = SessionKey::new(owner(next)?, "s")?;
            ensure_eq(
                store.texts(&key).await?,
                [*next],
                format_args!("the texts of the owner {next:?}"),
            )?;
        }
    }
    Ok(())
}

async fn owners_and_ids_are_not_joined(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for separator in ["/", ":", "\0", "|", "-", "_", ".", "#", " ", "\u{1f}"] {
        let left = SessionKey::new(owner("a")?, format!("b{separator}c"))?;
        let right = SessionKey::new(owner(&format!("a{separator}b"))?, "c")?;
        store.append_text(&left, "left").await?;
        ensure(
            !store.open(&right).await?.exists(),
            format_args!("an owner and an ID must not be joined with {separator:?}"),
        )?;
        store.append_text(&right, "right").await?;
        ensure_eq(
            store.texts(&left).await?,
            ["left"],
            "the texts of the first session",
        )?;
    }
    Ok(())
}

async fn ids_of_1_kib_are_distinct_to_the_last_byte(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let stem = "x".repeat(SessionKey::MAX_BYTES - 1);
    let emoji = "🦀".repeat(SessionKey::MAX_BYTES / 4);
    let ids = [format!("{stem}a"), format!("{stem}b"), stem, emoji];
    for (at, id) in ids.iter().enumerate() {
        store.append_text(&key(id)?, &at.to_string()).await?;
    }
    for (at, id) in ids.iter().enumerate() {
        ensure_eq(
            store.texts(&key(id)?).await?,
            [at.to_string()],
            "the texts of a session",
        )?;
    }
    let longest = "ö".repeat(crate::session::Owner::MAX_BYTES / 2);
    let longest = SessionKey::new(owner(&longest)?, &ids[0])?;
    store.append_text(&longest, "text").await?;
    ensure_eq(
        store.ids(longest.owner()).await?,
        [ids[0].as_str()],
        "the sessions of the longest owner",
    )
}

async fn empty_and_longer_ids_are_refused(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for id in [String::new(), "x".repeat(SessionKey::MAX_BYTES + 1)] {
        let result = SessionKey::new(ada()?, &id);
        ensure_error(
            result,
            StoreErrorKind::InvalidId,
            format_args!("an ID of {} bytes", id.len()),
        )?;
    }
    ensure_eq(store.ids(&ada()?).await?, [""; 0], "the sessions")
}
