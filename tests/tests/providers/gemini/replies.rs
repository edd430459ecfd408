//! Complete and streamed replies.

use agno::message::{MediaSource, Part};
use agno::model::{FinishReason, Model, Reply, ReplyBuilder};
use agno::provider::gemini::{StreamReader, read_reply};
use agno::{ModelError, ModelErrorKind};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{answer, model, streamed};
use agno_tests::hello;
use agno_tests::server::{Answer, Server};

fn read(body: &Value) -> Reply {
    read_reply(body.to_string().as_bytes()).unwrap()
}

/// Returns the reply assembled from a stream with one chunk per part.
fn read_chunks(parts: &[Value]) -> Result<Reply, ModelError> {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    let last = answer(&json!([]));
    let chunks = parts.iter().map(|part| {
        json!({"candidates": [{"content": {"parts": [part]}}], "usageMetadata": {"trafficType": "ON_DEMAND"}}).to_string()
    });
    for chunk in chunks.chain([last]) {
        for delta in reader.event(chunk.as_bytes())? {
            builder.push(&delta);
        }
    }
    for delta in reader.end()? {
        builder.push(&delta);
    }
    builder.finish()
}

#[tokio::test]
async fn text_reasoning_calls_and_signatures_are_the_same_with_and_without_streaming() {
    let parts = json!([
        {"text": "Think", "thought": true},
        {"text": "ing.", "thought": true, "thoughtSignature": "t1"},
        {"text": "Hel"},
        {"text": "lo"},
        {"text": "", "thoughtSignature": "w1"},
        {"text": "", "thoughtSignature": "w2"},
        {"functionCall": {"id": "g1", "name": "weather", "args": {"city": "Zürich", "days": 3}}, "thoughtSignature": "c1"},
        {"functionCall": {"name": "now"}},
        {"text": ""},
        {"executableCode": {"code": "print(1)"}, "thoughtSignature": "x1"},
        {"newThing": {"a": [1, 2]}},
    ]);
    let list = parts.as_array().unwrap();
    let complete = read_reply(answer(&parts).as_bytes()).unwrap();
    assert_eq!(read_chunks(list).unwrap(), complete);
    assert_eq!(complete.finish_reason, FinishReason::ToolCalls);
    assert_eq!(
        (complete.id.as_deref(), complete.model.as_deref()),
        (Some("r-1"), Some("gemini-test"))
    );
    assert!(complete.message.is_of("gemini"));
    assert_eq!(
        serde_json::to_value(&complete.message.parts).unwrap(),
        json!([
            {"type": "reasoning", "text": "Thinking.", "signature": "t1"},
            {"type": "text", "text": "Hello", "signature": "w1"},
            {"type": "text", "text": "", "signature": "w2"},
            {"type": "call", "id": "g1", "name": "weather", "arguments": r#"{"city":"Zürich","days":3}"#, "signature": "c1"},
            {"type": "call", "id": "", "name": "now", "arguments": "{}"},
            {"type": "provider", "kind": "executableCode", "json": r#"{"executableCode":{"code":"print(1)"},"thoughtSignature":"x1"}"#},
            {"type": "provider", "kind": "newThing", "json": r#"{"newThing":{"a":[1,2]}}"#},
        ])
    );

    let server = Server::start([Answer::json(answer(&parts))]).await;
    assert_eq!(
        model(&server, "gemini-3-flash").complete(hello()).await.unwrap(),
        complete
    );
    let events: Vec<String> = list
        .iter()
        .map(|part| json!({"candidates": [{"content": {"parts": [part]}}]}).to_string())
        .chain([answer(&json!([]))])
        .collect();
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    assert_eq!(streamed(&events).await.unwrap(), complete);
}

#[test]
fn a_reply_with_plain_text_has_no_provider() {
    let reply = read_reply(answer(&json!([{"text": "Hello"}])).as_bytes()).unwrap();
    assert_eq!(reply.message, Reply::text("Hello").message);
}

#[test]
fn streamed_arguments_at_json_paths_are_assembled() {
    let call = |inner: Value| json!({"functionCall": inner});
    let streamed = read_chunks(&[
        json!({"functionCall": {"name": "cook", "id": "g1", "willContinue": true}, "thoughtSignature": "s"}),
        call(json!({"partialArgs": [{"jsonPath": "$.dish.name", "stringValue": "So", "willContinue": true}], "willContinue": true})),
        call(json!({"partialArgs": [{"jsonPath": "$.dish.name", "stringValue": "up"}, {"jsonPath": "$.dish.steps[0]", "stringValue": "boil"}], "willContinue": true})),
        call(json!({"willContinue": true})),
        call(json!({"partialArgs": [{"jsonPath": "$.hot", "boolValue": true}, {"jsonPath": "$.grams", "numberValue": 1.5}], "willContinue": true})),
        call(json!({})),
        call(json!({"name": "rest"})),
        call(json!({"name": "serve", "partialArgs": [{"jsonPath": "$.to", "stringValue": "all"}]})),
        // The stream ends before this call does.
        call(json!({"name": "wash", "willContinue": true})),
    ])
    .unwrap();
    let complete = read_reply(
        answer(&json!([
            {"functionCall": {"name": "cook", "id": "g1", "args": {"dish": {"name": "Soup", "steps": ["boil"]}, "hot": true, "grams": 1.5}}, "thoughtSignature": "s"},
            {"functionCall": {"name": "rest", "args": null}},
            {"functionCall": {"name": "serve", "args": {"to": "all"}}},
            {"functionCall": {"name": "wash", "args": {}}},
        ]))
        .as_bytes(),
    )
    .unwrap();
    let read = |reply: &Reply| -> Vec<(String, Value)> {
        let calls = reply.message.calls();
        calls
            .map(|call| (call.name.clone(), serde_json::from_str(&call.arguments).unwrap()))
            .collect()
    };
    assert_eq!(read(&streamed), read(&complete));
    let signatures = |reply: &Reply| {
        reply
            .message
            .calls()
            .map(|call| call.signature.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(signatures(&streamed), signatures(&complete));
}

#[test]
fn images_and_audio_are_media_parts() {
    let parts = [
        json!({"inlineData": {"mimeType": "image/png", "data": "YWJj"}, "thoughtSignature": "i1"}),
        json!({"inlineData": {"mimeType": "image/png", "data": "ZGVm"}, "thought": true}),
        json!({"inlineData": {"mimeType": "audio/L16;rate=24000", "data": "YWI="}}),
        json!({"inlineData": {"mimeType": "audio/L16;rate=24000", "data": "Yw=="}}),
        json!({"inlineData": {"mimeType": "video/mp4", "data": "AAAA"}}),
        json!({"text": "Done."}),
    ];
    let complete = read_reply(answer(&json!(parts)).as_bytes()).unwrap();
    assert_eq!(read_chunks(&parts).unwrap(), complete);
    let kinds: Vec<String> = complete
        .message
        .parts
        .iter()
        .map(|part| match part {
            Part::Image(media) | Part::Audio(media) => match &media.source {
                MediaSource::Base64(data) => format!("{} {data}", media.media_type),
                _ => unreachable!(),
            },
            Part::Provider(item) => item.kind.clone(),
            other => other.as_text().unwrap_or_default().to_owned(),
        })
        .collect();
    let audio = "audio/L16;rate=24000 YWJj";
    assert_eq!(
        kinds,
        [
            "image/png YWJj",
            "image_signature",
            "inlineData",
            audio,
            "inlineData",
            "Done."
        ]
    );
}

#[test]
fn search_results_become_citations_and_are_preserved() {
    let grounding = json!({
        "webSearchQueries": ["oslo weather"],
        "groundingChunks": [
            {"web": {"uri": "https://a.example", "title": "A"}},
            {"retrievedContext": {"uri": "gs://b", "title": "B", "text": "B says"}},
            {"maps": {"uri": "https://c.example"}},
        ],
        "groundingSupports": [{"segment": {"endIndex": 4, "text": "Cold"}, "groundingChunkIndices": [1, 0, 9]}],
    });
    let candidate = |content: Value| {
        json!({"candidates": [{
            "content": {"parts": content}, "finishReason": "STOP", "groundingMetadata": grounding,
            "citationMetadata": {"citationSources": [{"startIndex": 1, "uri": "https://d.example"}]},
        }]})
    };
    let complete = read(&candidate(json!([{"text": "Cold."}])));
    let Some(Part::Text(text)) = complete.message.parts.first() else {
        panic!("{complete:?}");
    };
    let citations = text.citations();
    let urls: Vec<_> = citations
        .iter()
        .map(|citation| citation.url.as_deref().unwrap())
        .collect();
    assert_eq!(
        urls,
        [
            "gs://b",
            "https://a.example",
            "https://c.example",
            "https://d.example"
        ]
    );
    assert_eq!(citations[0].quote.as_deref(), Some("B says"));
    assert!(citations[0].json.contains("endIndex"));
    assert!(matches!(&complete.message.parts[1], Part::Provider(item) if item.kind == "groundingMetadata"));

    // In a stream, every chunk repeats the metadata.
    let mut reader = StreamReader::new();
    let mut builder = ReplyBuilder::new();
    for part in ["Co", "ld."] {
        let chunk = candidate(json!([{"text": part}])).to_string();
        reader
            .event(chunk.as_bytes())
            .unwrap()
            .iter()
            .for_each(|delta| builder.push(delta));
    }
    reader.end().unwrap().iter().for_each(|delta| builder.push(delta));
    assert_eq!(builder.finish().unwrap(), complete);
}

#[test]
fn token_counts_are_totals() {
    let reply = read(&json!({
        "candidates": [{"content": {"parts": [{"text": "x"}]}, "finishReason": "STOP"}],
        "usageMetadata": {
            "promptTokenCount": 100, "cachedContentTokenCount": 40, "toolUsePromptTokenCount": 7,
            "candidatesTokenCount": 10, "thoughtsTokenCount": 30, "totalTokenCount": 147, "serviceTier": "flex",
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 80}, {"modality": "AUDIO", "tokenCount": 20}],
            "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 4}],
        },
    }));
    let usage = reply.usage;
    assert_eq!((usage.input, usage.output, usage.total()), (107, 40, 147));
    assert_eq!((usage.cached, usage.reasoning), (40, 30));
    assert_eq!((usage.audio_input, usage.audio_output), (20, 4));
    assert_eq!(reply.details.unwrap().service_tier.as_deref(), Some("flex"));
}

#[test]
fn logprobs_are_read() {
    let reply = read(&json!({"candidates": [{
        "content": {"parts": [{"text": "x"}]}, "finishReason": "STOP",
        "logprobsResult": {
            "topCandidates": [{"candidates": [{"token": "x", "logProbability": -0.1}, {"token": "y", "logProbability": -2}]}],
            "chosenCandidates": [{"token": "x", "tokenId": 5, "logProbability": -0.1}, {"token": "!", "logProbability": -0.5}],
        },
    }]}));
    let logprobs = &reply.details.unwrap().logprobs;
    assert_eq!((logprobs[0].token.as_str(), logprobs[0].top.len()), ("x", 2));
    assert_eq!((logprobs[1].logprob, logprobs[1].top.len()), (-0.5, 0));
}

#[test]
fn every_finish_reason_is_mapped() {
    for (name, reason) in [
        ("STOP", FinishReason::Stop),
        ("MAX_TOKENS", FinishReason::Length),
        ("SAFETY", FinishReason::ContentFilter),
        ("RECITATION", FinishReason::ContentFilter),
        ("PROHIBITED_CONTENT", FinishReason::ContentFilter),
        ("MALFORMED_FUNCTION_CALL", FinishReason::Other),
        ("SOMETHING_NEW", FinishReason::Other),
    ] {
        let reply = read(&json!({"candidates": [{"content": {}, "finishReason": name}]}));
        assert_eq!(reply.finish_reason, reason, "{name}");
    }
    let blocked =
        json!({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}});
    let reply = read(&blocked);
    assert_eq!(
        (reply.finish_reason, reply.usage.input),
        (FinishReason::ContentFilter, 9)
    );
    let mut reader = StreamReader::new();
    reader.event(blocked.to_string().as_bytes()).unwrap();
    assert!(reader.end().is_ok());
}

#[test]
fn unexpected_fields_are_tolerated_but_a_missing_message_is_an_error() {
    let odd = json!({"candidates": [{"content": {"parts": [
        {"text": 7, "thought": null}, {"functionCall": "what"}, {"inlineData": {"mimeType": "audio/wav", "data": "%%"}}, {}, null, "x",
    ]}, "tokenCount": "many", "index": "0", "logprobsResult": 7}], "usageMetadata": [1], "promptFeedback": "none", "newField": [1]});
    let reply = read(&odd);
    assert_eq!(
        (reply.message.text().as_ref(), reply.finish_reason),
        ("7", FinishReason::Other)
    );

    let list = format!("[{},{}]", odd, answer(&json!([{"text": "8"}])));
    assert_eq!(read_reply(list.as_bytes()).unwrap().message.text(), "78");

    for body in [
        "",
        "{}",
        "[]",
        "7",
        "null",
        r#"{"candidates":[]}"#,
        r#"{"candidates":[{"#,
        "<html>",
    ] {
        let error = read_reply(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::MalformedReply, "{body}: {error}");
    }
}

/// Generates parts of a response.
fn parts() -> impl Strategy<Value = Vec<Value>> {
    let signed = |mut part: Value, signature: Option<u8>| {
        if let Some(signature) = signature {
            part["thoughtSignature"] = json!(signature.to_string());
        }
        part
    };
    let signature = || prop::option::of(any::<u8>());
    let part = prop_oneof![
        (".{0,6}", any::<bool>(), signature()).prop_map(move |(text, thought, signature)| {
            let part = if thought {
                json!({"text": text, "thought": true})
            } else {
                json!({"text": text})
            };
            signed(part, signature)
        }),
        ("[a-z]{1,4}", signature()).prop_map(move |(name, signature)| signed(
            json!({"functionCall": {"name": name, "args": {"a": name}}}),
            signature
        )),
        Just(json!({"codeExecutionResult": {"output": "1"}})),
        Just(json!({"inlineData": {"mimeType": "audio/pcm", "data": "YWI="}})),
        signature().prop_map(move |signature| signed(
            json!({"inlineData": {"mimeType": "image/png", "data": "YWI="}}),
            signature
        )),
    ];
    prop::collection::vec(part, 0..12)
}

proptest! {
    #[test]
    fn a_streamed_reply_equals_the_complete_one(parts in parts()) {
        let complete = read_reply(answer(&json!(parts)).as_bytes()).unwrap();
        prop_assert_eq!(read_chunks(&parts).unwrap(), complete);
    }
}
