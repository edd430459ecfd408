//! Anthropic's Messages API: what it is asked, what is understood of it, how it fails.

use std::error::Error as _;

use agno::message::{Citation, Content, Media, Part};
use agno::model::{
    Declarations, Delta, FinishReason, Model, ModelErrorKind, OutputSchema, OutputStrategy, PromptCache,
    Reply, ReplyBuilder, Request, Settings, ToolChoice, Tools,
};
use agno::provider::Anthropic;
use agno::provider::anthropic::{StreamReader, read_reply};
use agno::schema::AnyDialect;
use agno::tool::ToolSpec;
use agno::{Declared, Message, ModelError};
use proptest::prelude::*;
use serde_json::{Value, json};

use agno_tests::server::{Answer, Server};
use agno_tests::{hello, streamed};

const HELLO: &str = r#"{"type":"message","id":"m1","model":"claude-x","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}"#;

struct Weather;

impl Declarations for Weather {
    fn len(&self) -> usize {
        1
    }

    fn each(&self, _dialect: AnyDialect, each: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        each(
            ToolSpec::new("weather", "Weather."),
            r#"{"name":"weather","description":"Weather.","input_schema":{"type":"object"}}"#,
        );
    }
}

const OUTPUT: OutputSchema<'static> = OutputSchema::new(
    "trip",
    r#"{"name":"trip","schema":{"type":"object","properties":{"days":{"type":"integer","minimum":1}},"required":["days"],"additionalProperties":false}}"#,
    None,
);

fn model(server: &Server, name: &str) -> Anthropic {
    Anthropic::builder(name)
        .api_key("k")
        .base_url(&server.url)
        .build()
        .unwrap()
}

/// What the API hears of this request to this model.
async fn asked_of(name: &str, request: Request<'_>) -> Value {
    let server = Server::start([Answer::json(HELLO)]).await;
    model(&server, name).complete(request).await.unwrap();
    server.asked()[0].json()
}

async fn asked(request: Request<'_>) -> Value {
    asked_of("claude-sonnet-4-5", request).await
}

fn message(value: Value) -> Message {
    serde_json::from_value(value).unwrap()
}

fn text(words: &str) -> Value {
    json!([{"type": "text", "text": words}])
}

/// The answer these events add up to.
fn read(events: &[Value]) -> Result<Reply, ModelError> {
    let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
    for event in events {
        let deltas = reader.event(event.to_string().as_bytes())?;
        deltas.iter().for_each(|delta| builder.push(delta));
    }
    reader.end()?.iter().for_each(|delta| builder.push(delta));
    builder.finish()
}

fn begins(id: &str) -> Value {
    json!({"type": "message_start", "message": {"id": id, "content": [], "usage": {"input_tokens": 3}}})
}

fn block(index: u64, block: Value) -> Value {
    json!({"type": "content_block_start", "index": index, "content_block": block})
}

fn grows(index: u64, delta: Value) -> Value {
    json!({"type": "content_block_delta", "index": index, "delta": delta})
}

fn stops(index: u64) -> Value {
    json!({"type": "content_block_stop", "index": index})
}

fn ends(reason: &str) -> [Value; 2] {
    let delta =
        json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 9}});
    [delta, json!({"type": "message_stop"})]
}

#[tokio::test]
async fn a_plain_request_is_exactly_this() {
    let server = Server::start([Answer::json(HELLO)]).await;
    let builder = Anthropic::builder("claude-sonnet-4-5")
        .api_key("secret")
        .base_url(&server.url);
    let model = builder.beta("a-1").beta("b-2").build().unwrap();
    let reply = model
        .complete(hello().with_instructions("Be kind."))
        .await
        .unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /v1/messages HTTP/1.1");
    assert_eq!(asked.header("x-api-key"), Some("secret"));
    assert_eq!(asked.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(asked.header("anthropic-beta"), Some("a-1,b-2"));
    assert_eq!(
        asked.body,
        r#"{"model":"claude-sonnet-4-5","system":"Be kind.","messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}],"max_tokens":32000}"#
    );
    assert_eq!((reply.message.text().as_ref(), reply.usage.input), ("Hello", 3));
    assert!(reply.message.is_of("anthropic"));
}

#[tokio::test]
async fn a_base_url_may_name_the_version_or_not() {
    for path in ["", "/", "/v1", "/v1/", "/proxy", "/proxy/v1", "/v1/messages"] {
        let server = Server::start([Answer::json(HELLO)]).await;
        let builder = Anthropic::builder("m").api_key("k");
        let model = builder.base_url(format!("{}{path}", server.url)).build().unwrap();
        model.complete(hello()).await.unwrap();
        let wanted = if path.contains("proxy") {
            "/proxy/v1/messages"
        } else {
            "/v1/messages"
        };
        assert_eq!(
            server.asked()[0].line,
            format!("POST {wanted} HTTP/1.1"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn settings_go_where_the_api_has_them() {
    let settings = Settings::new()
        .with_temperature(0.5)
        .with_top_k(3)
        .with_max_tokens(10)
        .with_stop("END")
        .with_service_tier("standard_only")
        .with_seed(7)
        .with_frequency_penalty(1.0)
        .with_parallel_tool_calls(false)
        .with_provider_tool(json!({"type": "web_search_20250305", "name": "web_search"}))
        .with_extra("metadata", json!({"user_id": "u"}));
    let request = hello().with_tools(Tools::new(&Weather)).with_settings(&settings);
    let mut body = asked(request.with_tool_choice(ToolChoice::Required)).await;
    body["messages"].take();
    assert_eq!(
        body,
        json!({"model": "claude-sonnet-4-5", "messages": null, "temperature": 0.5, "top_k": 3, "max_tokens": 10,
            "stop_sequences": ["END"], "service_tier": "standard_only", "metadata": {"user_id": "u"},
            "tools": [{"type": "web_search_20250305", "name": "web_search"},
                {"name": "weather", "description": "Weather.", "input_schema": {"type": "object"}}],
            "tool_choice": {"type": "any", "disable_parallel_tool_use": true}})
    );
    let plain = hello().with_tools(Tools::new(&Weather));
    for (choice, wanted) in [
        (ToolChoice::Auto, Value::Null),
        (ToolChoice::None, json!({"type": "none"})),
        (
            ToolChoice::Tool("weather"),
            json!({"type": "tool", "name": "weather"}),
        ),
    ] {
        assert_eq!(asked(plain.with_tool_choice(choice)).await["tool_choice"], wanted);
    }
    let unforced = asked_of("claude-opus-5-5", plain.with_tool_choice(ToolChoice::Required)).await;
    assert_eq!(unforced["tool_choice"], json!({"type": "auto"}));
}

#[tokio::test]
async fn thinking_is_asked_for_and_must_leave_room() {
    let budget = Settings::new().with_reasoning_tokens(2000).with_temperature(0.2);
    let body = asked(hello().with_settings(&budget)).await;
    assert_eq!(
        body["thinking"],
        json!({"type": "enabled", "budget_tokens": 2000})
    );
    assert_eq!(
        (&body["temperature"], &body["max_tokens"]),
        (&Value::Null, &json!(32_000))
    );

    let effort = Settings::new().with_reasoning_effort("high");
    let body = asked_of("claude-opus-4-6", hello().with_settings(&effort)).await;
    assert_eq!(body["thinking"], json!({"type": "adaptive"}));
    assert_eq!(body["output_config"], json!({"effort": "high"}));

    let server = Server::start([]).await;
    let tight = budget.with_max_tokens(2000);
    let error = model(&server, "claude-sonnet-4-5")
        .complete(hello().with_settings(&tight))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Configuration);
    assert!(error.to_string().contains("raise `max_tokens`"), "{error}");
}

#[tokio::test]
async fn output_is_asked_for_natively_where_the_model_can_be_held_to_it() {
    let request = hello().with_tools(Tools::new(&Weather)).with_output(Some(OUTPUT));
    let body = asked(request).await;
    assert_eq!(
        body["output_config"],
        json!({"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"days": {"type": "integer",
            "description": "minimum: 1"}}, "required": ["days"], "additionalProperties": false}}})
    );
    assert_eq!(body["tools"].as_array().unwrap().len(), 1);
    // An older model, and a schema no model can be held to.
    let open = OutputSchema::new("map", r#"{"name":"map","schema":{"type":"object"}}"#, None);
    for (name, output) in [("claude-3-5-haiku-latest", OUTPUT), ("claude-sonnet-4-5", open)] {
        let body = asked_of(name, hello().with_output(Some(output))).await;
        assert_eq!(body["output_config"], Value::Null);
        assert_eq!(body["tools"][0]["name"], "final_answer");
        assert_eq!(
            body["tool_choice"],
            json!({"type": "tool", "name": "final_answer"})
        );
    }
    let insists = Settings::new().with_output_strategy(OutputStrategy::Native);
    let body = asked_of("other", request.with_settings(&insists)).await;
    assert_eq!(body["output_config"]["format"]["type"], "json_schema");
}

#[tokio::test]
async fn what_may_be_kept_is_marked() {
    let hour = Settings::new().with_prompt_cache(PromptCache::Hour);
    let request = hello()
        .with_tools(Tools::new(&Weather))
        .with_instructions("Be kind.");
    let body = asked(request.with_settings(&hour)).await;
    let mark = json!({"type": "ephemeral", "ttl": "1h"});
    assert_eq!(body["tools"][0]["cache_control"], mark);
    assert_eq!(
        body["system"],
        json!([{"type": "text", "text": "Be kind.", "cache_control": mark}])
    );
    assert_eq!(body["messages"][0]["content"][0]["cache_control"], mark);
    let short = Settings::new().with_prompt_cache(PromptCache::Short);
    let body = asked(hello().with_settings(&short)).await;
    assert_eq!(
        body["messages"][0]["content"][0]["cache_control"],
        json!({"type": "ephemeral"})
    );
}

#[tokio::test]
async fn media_go_by_address_bytes_and_id_to_users_and_from_tools() {
    let messages = [
        Message::user([
            Content::image(Media::url("https://a.example/c.png", "image/png")),
            Content::image(Media::bytes([0x89, b'P', b'N', b'G'], "")),
            Content::image(Media::id("file_1", "image/png")),
            Content::document(Media::bytes("%PDF", "application/pdf").with_name("a.pdf")),
            Content::document(Media::bytes("a,b", "text/csv")),
            Content::document(Media::url("https://a.example/b.pdf", "")),
            Content::text("  "),
        ]),
        message(
            json!({"role": "assistant", "parts": [{"type": "call", "id": "c|1", "name": "shoot it", "arguments": "",
            "result": {"content": [{"type": "text", "text": "here"}, {"type": "image", "source": {"base64": "AA=="},
            "media_type": "image/jpeg"}], "is_error": true}}]}),
        ),
    ];
    let body = asked(Request::new(&messages)).await;
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [
            {"type": "image", "source": {"type": "url", "url": "https://a.example/c.png"}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}},
            {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
            {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERg=="}, "title": "a.pdf"},
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a,b"}},
            {"type": "document", "source": {"type": "url", "url": "https://a.example/b.pdf"}}]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "c_1", "name": "shoot_it", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c_1", "content": [
            {"type": "text", "text": "here"},
            {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "AA=="}}], "is_error": true}]}])
    );
    let server = Server::start([]).await;
    let sound = [Message::user([Content::audio(Media::bytes("x", "audio/wav"))])];
    let error = model(&server, "m")
        .complete(Request::new(&sound))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Unsupported);
}

#[tokio::test]
async fn what_was_said_goes_back_as_it_came_and_only_to_whom_it_came_from() {
    let parts = json!([
        {"type": "reasoning", "text": "hm", "signature": "sig"},
        {"type": "reasoning", "text": "", "signature": "held", "redacted": true},
        {"type": "reasoning", "text": "unsigned"},
        {"type": "provider", "kind": "server_tool_use", "json": "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}"},
        {"type": "text", "text": "Rain", "citations": [{"json": "{\"type\":\"char_location\"}"}]},
        {"type": "call", "id": "c", "name": "f", "arguments": "{\"a\":1}", "signature": "{\"type\":\"code_execution_20250825\",\"tool_id\":\"s\"}"},
        {"type": "provider", "kind": "container", "json": "{\"id\":\"box\",\"expires_at\":\"9000-01-01T00:00:00Z\"}"},
    ]);
    let said = |provider| message(json!({"role": "assistant", "parts": parts, "provider": provider}));
    let own = [
        Message::user("Hi"),
        Message::user("you"),
        said("anthropic"),
        Message::user("Go on"),
    ];
    let body = asked(Request::new(&own)).await;
    assert_eq!(body["container"], "box");
    let result = json!({"type": "tool_result", "tool_use_id": "c", "content": "this call was not made", "is_error": true});
    assert_eq!(
        body["messages"],
        json!([
            {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "text", "text": "you"}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "sig"},
                {"type": "redacted_thinking", "data": "held"},
                {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
                {"type": "text", "text": "Rain", "citations": [{"type": "char_location"}]},
                {"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1},
                    "caller": {"type": "code_execution_20250825", "tool_id": "s"}}]},
            {"role": "user", "content": [result, {"type": "text", "text": "Go on"}]},
        ])
    );
    let others = [
        Message::user("Hi"),
        said("openai"),
        message(json!({"role": "assistant", "parts": []})),
    ];
    let body = asked(Request::new(&others)).await;
    assert_eq!(body["container"], Value::Null);
    assert_eq!(
        body["messages"][1]["content"],
        json!([{"type": "text", "text": "Rain"}, {"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}])
    );
    assert_eq!(body["messages"].as_array().unwrap().len(), 3);
    // The last words of a request may not end in white space.
    let open = [Message::user("Hi"), Message::assistant("It is ")];
    assert_eq!(
        asked(Request::new(&open)).await["messages"][1]["content"],
        text("It is")
    );
}

/// An answer of every kind of block, whole, and its events with texts in pieces as long as `cuts` say.
fn rich(cuts: &[usize]) -> (Value, Vec<Value>) {
    let search =
        json!({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "a \"b\" c"}});
    let found = json!({"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"type": "web_search_result", "url": "u"}]});
    let cited = json!({"type": "web_search_result_location", "url": "u", "title": "t", "cited_text": "q", "encrypted_index": "e"});
    let whole = json!({"type": "message", "id": "m", "model": "claude-x", "content": [
        {"type": "thinking", "thinking": "Let me see.", "signature": "sig"},
        {"type": "redacted_thinking", "data": "held"},
        {"type": "text", "text": "I look it up: "},
        search, found,
        {"type": "text", "text": "it rains", "citations": [cited]},
        {"type": "text", "text": "."},
        {"type": "compaction", "content": "So far."},
        {"type": "of_tomorrow", "field": 1},
        {"type": "tool_use", "id": "c1", "name": "f", "input": {"city": "Oslo \\ \u{e5}", "n": [1, 2]}},
        {"type": "tool_use", "id": "c2", "name": "g", "input": {}}],
        "stop_reason": "tool_use", "stop_sequence": null, "container": {"id": "box"},
        "usage": {"input_tokens": 3, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 100, "output_tokens": 9,
            "output_tokens_details": {"thinking_tokens": 4}, "service_tier": "standard"}});
    let mut cuts = cuts.iter().copied().cycle();
    let mut pieces = |text: &str| -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        let (mut rest, mut pieces) = (&letters[..], Vec::new());
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(cuts.next().unwrap_or(1).clamp(1, rest.len()));
            pieces.push(piece.iter().collect());
            rest = more;
        }
        pieces
    };
    let mut events = vec![
        json!({"type": "message_start", "message": {"id": "m", "model": "claude-x", "content": [],
        "usage": {"input_tokens": 3, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 100, "output_tokens": 1, "service_tier": "standard"}}}),
    ];
    for (index, whole) in whole["content"].as_array().unwrap().iter().enumerate() {
        let index = index as u64;
        let (mut begin, mut deltas) = (whole.clone(), Vec::new());
        let mut cut = |key: &str, empty: Value, kind: &str, field: &str, text: &str| {
            begin[key] = empty;
            deltas.extend(
                pieces(text)
                    .into_iter()
                    .map(|piece| json!({"type": kind, field: piece})),
            );
        };
        match whole["type"].as_str().unwrap() {
            "thinking" => {
                cut(
                    "thinking",
                    json!(""),
                    "thinking_delta",
                    "thinking",
                    whole["thinking"].as_str().unwrap(),
                );
                cut("signature", json!(""), "signature_delta", "signature", "sig");
            }
            "text" => {
                cut(
                    "text",
                    json!(""),
                    "text_delta",
                    "text",
                    whole["text"].as_str().unwrap(),
                );
                if let Some(citation) = whole["citations"].get(0) {
                    begin["citations"] = json!([]);
                    deltas.insert(0, json!({"type": "citations_delta", "citation": citation}));
                }
            }
            "compaction" => cut("content", Value::Null, "compaction_delta", "content", "So far."),
            "tool_use" | "server_tool_use" if whole["input"] != json!({}) => {
                let written = serde_json::to_string_pretty(&whole["input"]).unwrap();
                cut("input", json!({}), "input_json_delta", "partial_json", &written);
            }
            "tool_use" => cut("input", json!({}), "input_json_delta", "partial_json", ""),
            _ => {}
        }
        events.push(block(index, begin));
        events.push(json!({"type": "ping"}));
        events.extend(deltas.into_iter().map(|delta| grows(index, delta)));
        events.push(stops(index));
    }
    events.push(
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "container": {"id": "box"}},
        "usage": {"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4}}}),
    );
    events.push(json!({"type": "message_stop"}));
    (whole, events)
}

#[test]
fn an_answer_is_understood_whole() {
    let (whole, _) = rich(&[1]);
    let reply = read_reply(whole.to_string().as_bytes()).unwrap();
    assert_eq!(reply.finish, FinishReason::ToolCalls);
    let usage = reply.usage;
    assert_eq!((usage.input, usage.cached, usage.cache_written), (123, 20, 100));
    assert_eq!((usage.output, usage.reasoning), (9, 4));
    assert_eq!(
        reply.details.as_ref().unwrap().service_tier.as_deref(),
        Some("standard")
    );
    let kinds: Vec<String> = reply
        .message
        .parts
        .iter()
        .map(|part| {
            serde_json::to_value(part).unwrap()["type"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        kinds.join(" "),
        "reasoning reasoning text provider provider text text provider provider call call provider"
    );
    let calls: Vec<&str> = reply
        .message
        .calls()
        .map(|call| call.arguments.as_str())
        .collect();
    assert_eq!(calls, ["{\"city\":\"Oslo \\\\ å\",\"n\":[1,2]}", "{}"]);
    let Part::Text { citations, .. } = &reply.message.parts[5] else {
        panic!("no text");
    };
    let [
        Citation {
            url,
            title,
            quote,
            json,
            ..
        },
    ] = &citations[..]
    else {
        panic!("no citation");
    };
    assert_eq!(
        (url.as_deref(), title.as_deref(), quote.as_deref()),
        (Some("u"), Some("t"), Some("q"))
    );
    assert!(json.contains("encrypted_index"));
}

proptest! {
    #[test]
    fn streamed_equals_whole_however_it_is_cut(cuts in proptest::collection::vec(1_usize..9, 1..40)) {
        let (whole, events) = rich(&cuts);
        prop_assert_eq!(read(&events).unwrap(), read_reply(whole.to_string().as_bytes()).unwrap());
    }
}

#[tokio::test]
async fn a_stream_is_the_same_byte_by_byte() {
    let (whole, events) = rich(&[3, 5]);
    let texts: Vec<String> = events.iter().map(Value::to_string).collect();
    let stream = Answer::raw_events(texts.iter().map(String::as_str)).byte_by_byte();
    let server = Server::start([Answer::json(whole.to_string()), stream]).await;
    let model = model(&server, "claude-sonnet-4-5");
    let whole = model.complete(hello()).await.unwrap();
    assert_eq!(streamed(&model, hello()).await.unwrap(), whole);
    assert_eq!(server.asked()[1].json()["stream"], true);
}

#[test]
fn every_way_to_stop_has_a_name() {
    for (reason, finish) in [
        ("end_turn", FinishReason::Stop),
        ("stop_sequence", FinishReason::Stop),
        ("tool_use", FinishReason::ToolCalls),
        ("max_tokens", FinishReason::Length),
        ("model_context_window_exceeded", FinishReason::Length),
        ("pause_turn", FinishReason::Pause),
        ("refusal", FinishReason::ContentFilter),
        ("of_tomorrow", FinishReason::Other),
    ] {
        let mut events = vec![begins("m")];
        events.extend(ends(reason));
        assert_eq!(read(&events).unwrap().finish, finish, "{reason}");
    }
    let refused =
        json!({"content": [], "stop_reason": "refusal", "stop_details": {"explanation": "Not this."}});
    let reply = read_reply(refused.to_string().as_bytes()).unwrap();
    assert_eq!(reply.message.parts[..], [Part::refusal("Not this.")]);
    let stopped = json!({"content": [], "stop_reason": "stop_sequence", "stop_sequence": "END"});
    let reply = read_reply(stopped.to_string().as_bytes()).unwrap();
    assert_eq!(reply.details.unwrap().stop_sequence.as_deref(), Some("END"));
}

#[test]
fn odd_streams_are_understood() {
    let words = |text: &str| grows(0, json!({"type": "text_delta", "text": text}));
    let opens = || block(0, json!({"type": "text", "text": ""}));
    let [delta, stop] = ends("end_turn");
    // A gateway lost the first answer in the middle of a call and passed a second on behind it.
    let call = block(
        1,
        json!({"type": "tool_use", "id": "lost", "name": "f", "input": {}}),
    );
    let cut = grows(1, json!({"type": "input_json_delta", "partial_json": "{\"a"}));
    let spliced = [
        begins("one"),
        opens(),
        words("lost"),
        stops(0),
        call,
        cut,
        begins("two"),
        opens(),
        words("kept"),
        delta.clone(),
        stop.clone(),
    ];
    let reply = read(&spliced).unwrap();
    assert_eq!(
        (reply.message.text().as_ref(), reply.id.as_deref()),
        ("kept", Some("two"))
    );
    assert_eq!((reply.message.parts.len(), reply.finish), (1, FinishReason::Stop));
    // The beginning twice; text that never began; unknown events and deltas; nothing after the end is read.
    let odd = [
        begins("one"),
        begins("one"),
        json!({"type": "of_tomorrow"}),
        words("ke"),
        grows(7, json!({"type": "new_delta"})),
        words("pt"),
        delta.clone(),
        stop.clone(),
        opens(),
        words("late"),
    ];
    assert_eq!(read(&odd).unwrap().message.text(), "kept");
    // A message that begins with its calls, and without an end of its own.
    let begun = json!({"type": "message_start", "message": {"id": "m", "content": [{"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}], "stop_reason": "tool_use"}});
    let reply = read(&[begun, stop]).unwrap();
    assert_eq!(reply.message.calls().next().unwrap().arguments, "{\"a\":1}");
    // The end of the connection after the reason to stop is an end.
    assert_eq!(
        read(&[begins("m"), words("kept"), delta]).unwrap().message.text(),
        "kept"
    );
    assert_eq!(
        read(&[begins("m"), words("cut")]).unwrap_err().kind(),
        ModelErrorKind::Truncated
    );
}

#[test]
fn what_it_costs_to_sum_up_is_counted() {
    let reply = json!({"content": [], "stop_reason": "end_turn", "usage": {"input_tokens": 10, "output_tokens": 2, "iterations": [
        {"type": "compaction", "input_tokens": 500, "output_tokens": 50}, {"type": "message", "input_tokens": 10, "output_tokens": 2}]}});
    let usage = read_reply(reply.to_string().as_bytes()).unwrap().usage;
    assert_eq!((usage.input, usage.output), (510, 52));
}

#[tokio::test]
async fn each_refusal_is_of_its_kind() {
    use ModelErrorKind as Kind;
    for (status, name, words, kind) in [
        (400, "invalid_request_error", "no", Kind::BadRequest),
        (
            400,
            "invalid_request_error",
            "prompt is too long: 9 tokens",
            Kind::ContextTooLong,
        ),
        (
            400,
            "invalid_request_error",
            "Your credit balance is too low",
            Kind::QuotaExceeded,
        ),
        (
            400,
            "invalid_request_error",
            "Output blocked by content filtering policy",
            Kind::ContentRefused,
        ),
        (401, "authentication_error", "no", Kind::Authentication),
        (403, "permission_error", "no", Kind::Authentication),
        (404, "not_found_error", "no", Kind::NotFound),
        (413, "request_too_large", "no", Kind::ContextTooLong),
        (429, "rate_limit_error", "no", Kind::RateLimited),
        (500, "api_error", "no", Kind::Overloaded),
        (529, "overloaded_error", "no", Kind::Overloaded),
    ] {
        let body = json!({"type": "error", "error": {"type": name, "message": words}}).to_string();
        let refusal = Answer::refusal(status, &body).header("retry-after", "3");
        let server = Server::start([refusal, Answer::raw_events([body.as_str()])]).await;
        let model = model(&server, "claude-sonnet-4-5");
        let error = model.complete(hello()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (kind, Some(status)),
            "{name} {words}"
        );
        assert_eq!(error.retry_after().map(|delay| delay.as_secs()), Some(3));
        // The same in the middle of a stream, where there is no status.
        let error = streamed(&model, hello()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{name} {words} in a stream");
    }
}

#[tokio::test]
async fn no_text_holds_a_secret() {
    let repeats = r#"{"type":"error","error":{"type":"canary-key","message":"canary-prompt canary-key"}}"#;
    let answers = [
        Answer::refusal(400, repeats),
        Answer::refusal(401, repeats),
        Answer::json(repeats),
        Answer::json(r#"{"content":"canary-prompt"}"#),
        Answer::raw_events([repeats]),
        Answer::raw_events([r#"{"type":"message_start","message":"canary-prompt"}"#]),
    ];
    let count = answers.len();
    let server = Server::start(answers).await;
    let builder = Anthropic::builder("m")
        .api_key("canary-key")
        .base_url(format!("{}?k=canary-query", server.url));
    let mut texts = format!("{builder:?}");
    let model = builder.header("x-secret", "canary-header").build().unwrap();
    texts.push_str(&format!("{model:?}"));
    let prompt = [Message::user("canary-prompt")];
    for at in 0..count {
        let error = match at {
            0..4 => model.complete(Request::new(&prompt)).await.unwrap_err(),
            _ => streamed(&model, Request::new(&prompt)).await.unwrap_err(),
        };
        texts.push_str(&format!(
            "{error} {error:?} {:?}",
            error.source().map(ToString::to_string)
        ));
        assert!(
            !error
                .provider_message()
                .unwrap_or_default()
                .contains("canary-key")
        );
    }
    assert!(!texts.contains("canary"), "{texts}");
}

#[tokio::test]
async fn an_agent_calls_its_tools_over_http_whole_and_streamed() {
    let asks = json!({"id": "m1", "model": "c", "content": [
        {"type": "thinking", "thinking": "hm", "signature": "sig"},
        {"type": "tool_use", "id": "a", "name": "echo", "input": {"text": "one"}}],
        "stop_reason": "tool_use", "usage": {"input_tokens": 5, "output_tokens": 7}});
    let answer = HELLO.replace("\"type\":\"message\",", "");
    let second = json!({"type": "message_start", "message": serde_json::from_str::<Value>(&answer).unwrap()})
        .to_string();
    let stop = r#"{"type":"message_stop"}"#;
    let events: Vec<String> = [
        json!({"type": "message_start", "message": {"id": "m1", "model": "c", "content": [], "usage": {"input_tokens": 5, "output_tokens": 1}}}),
        block(0, json!({"type": "thinking", "thinking": ""})),
        grows(0, json!({"type": "thinking_delta", "thinking": "hm"})),
        grows(0, json!({"type": "signature_delta", "signature": "sig"})),
        stops(0),
        block(1, json!({"type": "tool_use", "id": "a", "name": "echo", "input": {}})),
        grows(1, json!({"type": "input_json_delta", "partial_json": "{\"text\": "})),
        grows(1, json!({"type": "input_json_delta", "partial_json": "\"one\"}"})),
        stops(1),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 7}}),
        json!({"type": "message_stop"}),
    ]
    .iter()
    .map(Value::to_string)
    .collect();
    let server = Server::start([
        Answer::json(asks.to_string()),
        Answer::json(HELLO),
        Answer::raw_events(events.iter().map(String::as_str)),
        Answer::raw_events([second.as_str(), stop]),
    ])
    .await;
    let (assistant, echoed) = agno_tests::assistant();
    let agent = assistant.with(model(&server, "claude-sonnet-4-5"));
    let whole = agent.run("What does it say?").await.unwrap();
    let streamed = agent.stream("What does it say?").answer().await.unwrap();
    assert_eq!(whole.text(), "Hello");
    assert_eq!(whole.messages(), streamed.messages());
    assert_eq!((whole.usage, whole.usage.input), (streamed.usage, 8));
    assert_eq!(echoed.get(), 2);
    let back = server.asked()[1].json();
    assert_eq!(
        back["messages"][1]["content"][0],
        json!({"type": "thinking", "thinking": "hm", "signature": "sig"})
    );
    assert_eq!(back["messages"][2]["content"][0]["content"], "one");
}

#[test]
fn an_answer_begun_again_is_told_to_who_listens() {
    let (mut reader, mut seen) = (StreamReader::new(), Vec::new());
    for event in [
        begins("one"),
        grows(0, json!({"type": "text_delta", "text": "lost"})),
        begins("two"),
    ] {
        seen.extend(reader.event(event.to_string().as_bytes()).unwrap());
    }
    assert!(seen.contains(&Delta::Restart), "{seen:?}");
}
