//! Summaries of the oldest entries.

use super::super::fixture::{
    CaseResult, Fixture, Suite, cases, ensure_eq, ensure_error, entry, key, texts, versions,
};
use crate::model::Usage;
use crate::store::{Need, Page, SessionKey, SessionStore, StoreErrorKind, Summary, Version};

cases! {
    "summaries":
    a_session_without_a_summary_has_none,
    a_summary_comes_back_and_hides_the_entries_that_it_covers,
    a_summary_does_not_change_the_version_or_the_time,
    the_newest_summary_replaces_the_earlier_one,
    an_older_summary_is_refused_and_the_newer_one_stays,
    a_summary_of_entries_that_do_not_exist_is_refused,
    a_summary_of_a_session_that_does_not_exist_is_refused,
    a_summary_of_all_entries_hides_them_but_no_later_one,
    covered_entries_are_not_read_for_large_needs,
    the_usage_of_a_summary_counts_for_its_session,
    a_summary_that_was_refused_changes_nothing,
}

async fn three(store: &Fixture<'_>, key: &SessionKey) -> CaseResult<[Version; 3]> {
    Ok([
        store.append_text(key, "one").await?,
        store.append_text(key, "two").await?,
        store.append_text(key, "three").await?,
    ])
}

async fn a_session_without_a_summary_has_none(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    three(&store, &key).await?;
    ensure_eq(store.open(&key).await?.summary, None, "the summary")
}

async fn a_summary_comes_back_and_hides_the_entries_that_it_covers(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [_, second, _] = three(&store, &key).await?;
    let summary = Summary::new(second, "Zusammenfassung:\0 \u{1f980} שלום")?.with_usage(Usage::new(7, 8));
    store.store.summarize(&key, summary.clone()).await?;
    let opened = store.open(&key).await?;
    ensure_eq(opened.summary.as_ref(), Some(&summary), "the summary")?;
    ensure_eq(texts(&opened.entries)?, ["three"], "the texts of the entries")?;
    let head = store.store.open(&key, Need::HEAD).await?;
    ensure_eq(head.summary, Some(summary), "the summary in the head")
}

async fn a_summary_does_not_change_the_version_or_the_time(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [_, second, third] = three(&store, &key).await?;
    let before = store.open(&key).await?;
    store.clock.advance(std::time::Duration::from_secs(1));
    store
        .store
        .summarize(&key, Summary::new(second, "One and two.")?)
        .await?;
    let after = store.open(&key).await?;
    ensure_eq(after.version, third, "the version of the session")?;
    ensure_eq(
        after.updated_millis,
        before.updated_millis,
        "the time of the last entry",
    )?;
    let append = crate::store::Append::at(third);
    let version = store.store.append(&key, append, entry("four")).await?;
    ensure_eq(version, third.next(), "the version after an append")
}

async fn the_newest_summary_replaces_the_earlier_one(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [first, second, _] = three(&store, &key).await?;
    for (through, text) in [(first, "One."), (second, "One, two."), (second, "One and two.")] {
        let summary = Summary::new(through, text)?;
        store.store.summarize(&key, summary.clone()).await?;
        ensure_eq(store.open(&key).await?.summary, Some(summary), "the summary")?;
    }
    ensure_eq(store.texts(&key).await?, ["three"], "the texts of the entries")
}

async fn an_older_summary_is_refused_and_the_newer_one_stays(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [first, second, _] = three(&store, &key).await?;
    let newer = Summary::new(second, "One and two.")?;
    store.store.summarize(&key, newer.clone()).await?;
    ensure_error(
        store.store.summarize(&key, Summary::new(first, "One.")?).await,
        StoreErrorKind::Conflict,
        "the older summary",
    )?;
    ensure_eq(store.open(&key).await?.summary, Some(newer), "the summary")
}

async fn a_summary_of_entries_that_do_not_exist_is_refused(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [.., third] = three(&store, &key).await?;
    for through in [third.next(), Version::from_number(1 << 40)] {
        let result = store.store.summarize(&key, Summary::new(through, "All.")?).await;
        ensure_error(result, StoreErrorKind::Conflict, "the summary")?;
    }
    ensure_eq(store.open(&key).await?.summary, None, "the summary")
}

async fn a_summary_of_a_session_that_does_not_exist_is_refused(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let summary = Summary::new(Version::from_number(1), "Nothing.")?;
    let result = store.store.summarize(&key, summary).await;
    ensure_error(result, StoreErrorKind::NotFound, "the summary")?;
    ensure_eq(store.ids(key.owner()).await?, [""; 0], "the list of sessions")
}

async fn a_summary_of_all_entries_hides_them_but_no_later_one(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [.., third] = three(&store, &key).await?;
    store
        .store
        .summarize(&key, Summary::new(third, "Everything.")?)
        .await?;
    ensure_eq(store.texts(&key).await?, [""; 0], "the texts of the entries")?;
    store.append_text(&key, "four").await?;
    ensure_eq(store.texts(&key).await?, ["four"], "the texts of the entries")
}

async fn covered_entries_are_not_read_for_large_needs(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [_, second, _] = three(&store, &key).await?;
    store
        .store
        .summarize(&key, Summary::new(second, "One and two.")?)
        .await?;
    for need in [Need::messages(4), Need::messages(u64::MAX), Need::ALL] {
        let opened = store.store.open(&key, need).await?;
        ensure_eq(
            versions(&opened.entries),
            [3],
            format_args!("the entries for {need:?}"),
        )?;
    }
    Ok(())
}

async fn the_usage_of_a_summary_counts_for_its_session(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let mut one = entry("one");
    one.usage = Usage::new(1, 2);
    let version = store.append(&key, one).await?;
    for text in ["One.", "One!"] {
        let summary = Summary::new(version, text)?.with_usage(Usage::new(10, 20));
        store.store.summarize(&key, summary).await?;
    }
    let page = store.store.list(key.owner(), Page::first(1)).await?;
    let usage = page.sessions.first().map(|info| info.usage);
    ensure_eq(usage, Some(Usage::new(21, 42)), "the usage of the session")
}

async fn a_summary_that_was_refused_changes_nothing(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let [.., third] = three(&store, &key).await?;
    let before = store.store.list(key.owner(), Page::first(1)).await?;
    let summary = Summary::new(third.next(), "All.")?.with_usage(Usage::new(10, 20));
    ensure_error(
        store.store.summarize(&key, summary).await,
        StoreErrorKind::Conflict,
        "the summary",
    )?;
    let after = store.store.list(key.owner(), Page::first(1)).await?;
    ensure_eq(after, before, "the list of sessions")
}
