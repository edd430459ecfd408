//! Sources of an answer, reported by servers that search the web.

use agno::message::{Citation, Part};
use agno::model::{Reply, ReplyBuilder};
use agno::provider::openai::{StreamReader, read_reply};
use serde_json::{Value, json};

fn read(chunks: &[Value]) -> Reply {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    for chunk in chunks {
        for delta in reader.event(chunk.to_string().as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    for delta in reader.end().unwrap() {
        builder.push(&delta);
    }
    builder.finish().unwrap()
}

fn citations(reply: &Reply) -> &[Citation] {
    match &reply.message.parts[..] {
        [Part::Text(text)] => text.citations(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sources_become_citations_with_titles_if_present() {
    let results =
        json!([{"title": "A", "url": "https://a.example", "date": "2026-01-01"}, {"title": "no address"}]);
    let complete = json!({"choices": [{"message": {"content": "So."}, "finish_reason": "stop"}],
        "citations": ["https://a.example"], "search_results": results});
    let complete = read_reply(complete.to_string().as_bytes()).unwrap();
    let [citation] = citations(&complete) else {
        panic!()
    };
    assert_eq!(
        (citation.url.as_deref(), citation.title.as_deref()),
        (Some("https://a.example"), Some("A"))
    );
    let chunk = |text: &str, reason: Value| {
        json!({"choices": [{"delta": {"content": text}, "finish_reason": reason}],
        "citations": ["https://a.example"], "search_results": results})
    };
    assert_eq!(
        read(&[chunk("S", Value::Null), chunk("o.", json!("stop"))]).message,
        complete.message
    );
}

#[test]
fn urls_without_titles_become_citations() {
    let chunks = [
        json!({"choices": [{"delta": {"content": "So."}, "finish_reason": "stop"}]}),
        json!({"choices": [], "citations": ["https://a.example", "https://b.example"], "search_results": null}),
    ];
    let reply = read(&chunks);
    let urls: Vec<_> = citations(&reply)
        .iter()
        .map(|citation| citation.url.as_deref())
        .collect();
    assert_eq!(urls, [Some("https://a.example"), Some("https://b.example")]);
}
