//! Searches for text.

use super::super::fixture::{CaseResult, Fixture, Suite, ada, cases, ensure_eq, key};
use crate::message::Message;
use crate::store::{Entry, EntryId, Page, SessionStore};

cases! {
    "search":
    a_text_of_a_user_or_a_model_is_found,
    upper_and_lower_case_are_equal,
    upper_and_lower_case_are_equal_in_all_scripts,
    a_title_is_found,
    keys_and_structure_of_the_stored_json_are_not_found,
    text_that_json_escapes_is_found,
    wildcards_and_quotes_have_no_meaning,
    results_are_paged_with_the_newest_first,
    bodies_that_cannot_be_read_are_skipped,
}

/// Returns the IDs of the sessions that a search finds.
async fn found(store: &Fixture<'_>, text: &str) -> CaseResult<Vec<String>> {
    let page = store.store.search(&ada()?, text, Page::first(100)).await?;
    Ok(page.sessions.into_iter().map(|info| info.id).collect())
}

async fn a_text_of_a_user_or_a_model_is_found(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let messages = [
        Message::user("Where is the opera?"),
        Message::assistant("At the harbor."),
    ];
    store.append(&key("s")?, Entry::from_messages(messages)?).await?;
    store.append_text(&key("t")?, "Where is the museum?").await?;
    ensure_eq(
        found(&store, "opera").await?,
        ["s"],
        "the sessions with text of the user",
    )?;
    ensure_eq(
        found(&store, "the harbor").await?,
        ["s"],
        "the sessions with text of the model",
    )?;
    ensure_eq(
        found(&store, "where is").await?,
        ["t", "s"],
        "the sessions with text in both",
    )?;
    ensure_eq(
        found(&store, "airport").await?,
        [""; 0],
        "the sessions with text in none",
    )
}

async fn upper_and_lower_case_are_equal(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    store.append_text(&key("s")?, "Where is the Opera?").await?;
    for text in ["opera", "OPERA", "oPeRa"] {
        ensure_eq(
            found(&store, text).await?,
            ["s"],
            format_args!("the sessions with {text:?}"),
        )?;
    }
    Ok(())
}

async fn upper_and_lower_case_are_equal_in_all_scripts(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    store
        .append_text(&key("s")?, "Äpfel, École, ОПЕРА, Ωmega, 東京, 🦀")
        .await?;
    for text in ["äpfel", "ÄPFEL", "éCOLE", "опера", "ωMEGA", "東京", "🦀"] {
        ensure_eq(
            found(&store, text).await?,
            ["s"],
            format_args!("the sessions with {text:?}"),
        )?;
    }
    Ok(())
}

async fn a_title_is_found(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append_text(&key, "text").await?;
    store.store.rename(&key, Some("Reise nach Österreich")).await?;
    ensure_eq(
        found(&store, "österreich").await?,
        ["s"],
        "the sessions with the title",
    )?;
    store.store.rename(&key, None).await?;
    ensure_eq(
        found(&store, "österreich").await?,
        [""; 0],
        "the sessions with the removed title",
    )
}

async fn keys_and_structure_of_the_stored_json_are_not_found(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    store.append_text(&key("s")?, "Where?").await?;
    for text in [
        "segment",
        "messages",
        "role",
        "user",
        "assistant",
        "content",
        "parts",
        "version",
        "{",
        "\"",
        ":",
    ] {
        ensure_eq(
            found(&store, text).await?,
            [""; 0],
            format_args!("the sessions with {text:?}"),
        )?;
    }
    Ok(())
}

async fn text_that_json_escapes_is_found(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    store
        .append_text(&key("s")?, "say \"hi\"\n\tC:\\temp \u{1} a\0b")
        .await?;
    for text in ["say \"hi\"", "\"\n\tc:", "C:\\temp", "\u{1}", "a\0b"] {
        ensure_eq(
            found(&store, text).await?,
            ["s"],
            format_args!("the sessions with {text:?}"),
        )?;
    }
    ensure_eq(
        found(&store, "\\n").await?,
        [""; 0],
        "the sessions with an escape sequence",
    )?;
    ensure_eq(
        found(&store, "a\0c").await?,
        [""; 0],
        "the sessions with another text after U+0000",
    )
}

async fn wildcards_and_quotes_have_no_meaning(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    store.append_text(&key("percent")?, "100% of a_b").await?;
    store.append_text(&key("plain")?, "1000 of axb").await?;
    store.append_text(&key("sql")?, "x' OR '1'='1").await?;
    for (text, expected) in [
        ("100%", &["percent"][..]),
        ("a_b", &["percent"]),
        ("%of%", &[]),
        ("x' OR '1'='1", &["sql"]),
        ("nothing' OR '1'='1", &[]),
        ("of*", &[]),
        ("axb OR a_b", &[]),
        ("[a-z]", &[]),
    ] {
        ensure_eq(
            found(&store, text).await?,
            expected,
            format_args!("the sessions with {text:?}"),
        )?;
    }
    Ok(())
}

async fn results_are_paged_with_the_newest_first(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for number in 1..=6 {
        let text = if number % 2 == 0 { "even" } else { "odd" };
        store.append_text(&key(&number.to_string())?, text).await?;
    }
    let first = store.store.search(&ada()?, "even", Page::first(2)).await?;
    let ids: Vec<&str> = first.sessions.iter().map(|info| info.id.as_str()).collect();
    ensure_eq(ids, ["6", "4"], "the first page")?;
    let Some(cursor) = first.next else {
        return Err(super::super::fixture::Stop::failed(
            "the first page has no cursor",
        ));
    };
    store.append_text(&key("8")?, "even").await?;
    let second = store
        .store
        .search(&ada()?, "even", Page::first(2).after(cursor))
        .await?;
    let ids: Vec<&str> = second.sessions.iter().map(|info| info.id.as_str()).collect();
    ensure_eq(ids, ["2"], "the second page")?;
    ensure_eq(second.next, None, "the cursor of the last page")
}

async fn bodies_that_cannot_be_read_are_skipped(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    store
        .append(
            &key("binary")?,
            Entry::new(EntryId::new(), [0xff, 0, 0x22].to_vec()),
        )
        .await?;
    let newer = br#"{"version":4000000000,"segment":{"messages":["opera"]}}"#;
    store
        .append(&key("newer")?, Entry::new(EntryId::new(), newer.to_vec()))
        .await?;
    store.append_text(&key("s")?, "opera").await?;
    ensure_eq(found(&store, "opera").await?, ["s"], "the sessions with the text")
}
