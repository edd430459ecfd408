//! Entries come back as they were appended.

use std::sync::Arc;
use std::time::Duration;

use super::super::fixture::{CaseResult, Stop, Suite, cases, encoded, ensure, ensure_eq, entry, key};
use crate::message::{
    AssistantMessage, Citation, Content, Media, Message, Part, ProviderItem, Reasoning, Text, ToolCall,
    ToolResult,
};
use crate::model::Usage;
use crate::run::{Limits, Run, RunId};
use crate::session::Segment;
use crate::store::{Clock, Entry, EntryId, EntryStatus, SessionStore};

cases! {
    "round trip":
    every_part_of_a_users_message_comes_back,
    every_part_of_a_models_message_comes_back,
    empty_messages_and_texts_come_back,
    texts_with_nul_emoji_and_right_to_left_script_come_back,
    an_entry_of_16_mib_comes_back,
    a_body_that_is_not_json_comes_back,
    every_field_of_an_entry_comes_back,
    every_status_comes_back,
    numbers_at_their_maximum_come_back,
    a_run_that_can_be_resumed_comes_back,
    messages_that_no_run_produced_come_back,
    the_state_is_that_of_the_newest_entry_with_a_state,
    an_empty_state_differs_from_no_state,
    the_times_are_those_of_the_clock,
    the_usage_of_a_session_is_the_sum_of_its_entries,
}

/// Appends an entry, and fails unless it comes back.
async fn comes_back(suite: &Suite<'_>, entry: Entry) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append(&key, entry.clone()).await?;
    let entries = store.open(&key).await?.entries;
    let [stored] = &entries[..] else {
        return Err(Stop::failed(format_args!(
            "{} entries instead of 1",
            entries.len()
        )));
    };
    ensure(
        stored.entry.body == entry.body,
        "the body must be the same, byte by byte",
    )?;
    ensure_eq(&stored.entry, &entry, "the entry")
}

/// Appends messages, and fails unless they come back.
async fn messages_come_back(suite: &Suite<'_>, messages: Vec<Message>) -> CaseResult {
    let segment = Segment::new(RunId::new(), messages);
    let entry = encoded(&segment);
    ensure_eq(entry.decode()?.0, segment, "the entry before it is stored")?;
    comes_back(suite, entry).await
}

fn media() -> [Media; 3] {
    [
        Media::url("https://shop.example/a.png?q=1&r=%00", "image/png"),
        Media::bytes([0, 1, 0xfe, 0xff], "audio/wav").with_name("räusper \"1\".wav"),
        Media::id("file-17", ""),
    ]
}

async fn every_part_of_a_users_message_comes_back(suite: &Suite<'_>) -> CaseResult {
    let mut parts = vec![Content::text("Compare these.")];
    for media in media() {
        parts.push(Content::image(media.clone()));
        parts.push(Content::audio(media.clone()));
        parts.push(Content::video(media.clone()));
        parts.push(Content::document(media));
    }
    messages_come_back(suite, vec![Message::user(parts)]).await
}

async fn every_part_of_a_models_message_comes_back(suite: &Suite<'_>) -> CaseResult {
    let reasoning = Reasoning {
        text: "It is winter.".to_owned(),
        signature: Some("c2ln".to_owned()),
        id: Some("rs_1".to_owned()),
        ..Reasoning::default()
    };
    let redacted = Reasoning {
        signature: Some("encrypted".to_owned()),
        redacted: true,
        ..Reasoning::default()
    };

    let citation = Citation::from_url("https://weather.example/oslo")
        .with_title("Oslo")
        .with_quote("4 degrees");
    let mut complete = ToolCall::new("call_1", "weather", r#"{"city":"Oslo"}"#);
    let [image, ..] = media();
    complete.result = Some(
        ToolResult::new([Content::text("4 degrees"), Content::image(image)]).with_citation(citation.clone()),
    );
    complete.signature = Some("thought".to_owned());
    let mut failed = ToolCall::new("call_2", "weather", "not JSON {");
    failed.result = Some(ToolResult::error("invalid arguments"));

    let mut parts = vec![
        Part::from(reasoning),
        Part::from(redacted),
        Part::text("Let me look."),
        Part::from(
            Text::new("It is cold.")
                .with_citation(citation)
                .with_citation(Citation::new(r#"{"page":3}"#))
                .with_signature("c2ln"),
        ),
        Part::from(complete),
        Part::from(failed),
        Part::call("call_3", "pay", "{}"),
        Part::refusal("I cannot help with that."),
        Part::from(ProviderItem::new(
            "web_search_call",
            r#"{"type":"web_search_call","id":"ws_1"}"#,
        )),
    ];
    for media in media() {
        parts.push(Part::Image(Box::new(media.clone())));
        parts.push(Part::Audio(Box::new(media)));
    }
    let mut message = AssistantMessage::new(parts);
    message.provider = Some("openai".into());
    messages_come_back(suite, vec![Message::user("Rain?"), message.into()]).await
}

async fn empty_messages_and_texts_come_back(suite: &Suite<'_>) -> CaseResult {
    let messages = vec![
        Message::user(""),
        Message::user(Vec::new()),
        Message::assistant(""),
        AssistantMessage::default().into(),
    ];
    messages_come_back(suite, messages).await
}

async fn texts_with_nul_emoji_and_right_to_left_script_come_back(suite: &Suite<'_>) -> CaseResult {
    let texts = [
        "a\0b",
        "\0",
        "👩‍👩‍👧‍👦 🏳️‍🌈 e\u{301} \u{301}",
        "مرحبا بالعالم, שלום עולם",
        "\u{202e}reversed\u{202c}",
        "\u{feff}byte order mark",
        "line\r\nbreaks\u{2028}\u{2029}\u{85}",
        "\u{1}\u{7f}\u{ffff}\u{10ffff}\u{fffd}",
        "'; DROP TABLE sessions; -- \" \\ % _ $1 {}",
    ];
    messages_come_back(suite, texts.map(Message::user).to_vec()).await
}

async fn an_entry_of_16_mib_comes_back(suite: &Suite<'_>) -> CaseResult {
    // A store does not read the body, so it need not contain messages.
    comes_back(
        suite,
        Entry::new(EntryId::new(), b"0123456789abcde\0".repeat(1 << 20)),
    )
    .await
}

async fn a_body_that_is_not_json_comes_back(suite: &Suite<'_>) -> CaseResult {
    let bytes: Vec<u8> = (0..=255).cycle().take(1024).collect();
    comes_back(suite, Entry::new(EntryId::new(), bytes)).await?;
    comes_back(suite, Entry::new(EntryId::new(), Vec::new())).await
}

async fn every_field_of_an_entry_comes_back(suite: &Suite<'_>) -> CaseResult {
    let mut entry = entry("text");
    entry.agent = "Agent 'of' \"doom\"\0 ∞".to_owned();
    entry.status = EntryStatus::Failed;
    entry.usage = Usage::new(1, 2);
    entry.usage.cached = 3;
    entry.usage.cache_written = 4;
    entry.usage.reasoning = 5;
    entry.usage.audio_input = 6;
    entry.usage.audio_output = 7;
    entry.usage.unreported = 8;
    entry.messages = 9;
    entry.tokens = 10;
    entry.state = Some(Arc::from(*br#"{"cart":["vase"]}"#));
    comes_back(suite, entry).await
}

async fn every_status_comes_back(suite: &Suite<'_>) -> CaseResult {
    for status in [
        EntryStatus::Finished,
        EntryStatus::Paused,
        EntryStatus::Cancelled,
        EntryStatus::Failed,
    ] {
        let mut entry = entry("text");
        entry.status = status;
        comes_back(suite, entry).await?;
    }
    Ok(())
}

async fn numbers_at_their_maximum_come_back(suite: &Suite<'_>) -> CaseResult {
    let mut entry = entry("text");
    entry.messages = u32::MAX;
    entry.tokens = u32::MAX;
    // A provider can report any number.
    entry.usage = Usage::new(u64::MAX, u64::MAX);
    entry.usage.cached = u64::MAX;
    comes_back(suite, entry.clone()).await?;

    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append(&key, entry.clone()).await?;
    entry.id = EntryId::new();
    store.append(&key, entry).await?;
    let page = store
        .store
        .list(key.owner(), crate::store::Page::first(1))
        .await?;
    let usage = page.sessions.first().map(|info| info.usage.input);
    ensure_eq(usage, Some(u64::MAX), "the input tokens of the session")
}

async fn a_run_that_can_be_resumed_comes_back(suite: &Suite<'_>) -> CaseResult {
    let run = Run::new("Pay the bill.", Limits::DEFAULT);
    let segment = Segment::new(run.id(), run.messages().iter().cloned());
    let entry = Entry::encode(&segment, Some(&run))?;
    ensure_eq(
        entry.decode()?,
        (segment, Some(run)),
        "the entry before it is stored",
    )?;
    comes_back(suite, entry).await
}

async fn messages_that_no_run_produced_come_back(suite: &Suite<'_>) -> CaseResult {
    let entry = Entry::from_messages(["Note: the shop is closed.".into()])?;
    ensure_eq(entry.run, None, "the run of the entry")?;
    comes_back(suite, entry).await
}

fn with_state(state: &[u8]) -> Entry {
    let mut entry = entry("text");
    entry.state = Some(Arc::from(state));
    entry
}

async fn the_state_is_that_of_the_newest_entry_with_a_state(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append_text(&key, "no state").await?;
    ensure_eq(
        store.open(&key).await?.state,
        None::<Arc<[u8]>>,
        "the state before there is one",
    )?;
    store.append(&key, with_state(b"1")).await?;
    store.append(&key, with_state(b"2")).await?;
    store.append_text(&key, "no state").await?;
    let expected = Some(Arc::from(*b"2"));
    ensure_eq(&store.open(&key).await?.state, &expected, "the state")?;
    let head = store.store.open(&key, crate::store::Need::HEAD).await?;
    ensure_eq(&head.state, &expected, "the state in the head")
}

async fn an_empty_state_differs_from_no_state(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.append(&key, with_state(b"1")).await?;
    store.append(&key, with_state(b"")).await?;
    let opened = store.open(&key).await?;
    let empty: Option<Arc<[u8]>> = Some(Arc::from([]));
    ensure_eq(&opened.state, &empty, "the state of the session")?;
    let state = opened.entries.into_iter().nth(1).map(|stored| stored.entry.state);
    ensure_eq(state, Some(empty), "the state of the entry")
}

async fn the_times_are_those_of_the_clock(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let start = store.clock.unix_millis();
    store.append_text(&key, "one").await?;
    store.clock.advance(Duration::from_millis(1234));
    store.append_text(&key, "two").await?;
    store.clock.advance(Duration::from_millis(1));
    let opened = store.open(&key).await?;
    ensure_eq(
        opened.created_millis,
        start,
        "the time when the session was created",
    )?;
    ensure_eq(opened.updated_millis, start + 1234, "the time of the last entry")?;
    let times: Vec<u64> = opened
        .entries
        .iter()
        .map(|stored| stored.created_millis)
        .collect();
    ensure_eq(times, [start, start + 1234], "the times of the entries")
}

async fn the_usage_of_a_session_is_the_sum_of_its_entries(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    for number in 1..=3 {
        let mut entry = entry("text");
        entry.usage = Usage::new(number, 10 * number);
        entry.usage.cached = 100 * number;
        store.append(&key, entry).await?;
    }
    let mut expected = Usage::new(6, 60);
    expected.cached = 600;
    let page = store
        .store
        .list(key.owner(), crate::store::Page::first(1))
        .await?;
    let usage = page.sessions.first().map(|info| info.usage);
    ensure_eq(usage, Some(expected), "the usage of the session")
}
