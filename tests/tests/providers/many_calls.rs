//! Replies with many calls are read in linear time.

use std::fmt::Write as _;

use serde_json::json;

/// Returns the JSON of `count` calls, separated by commas.
fn calls(count: usize, call: impl Fn(usize) -> String) -> String {
    let mut list = String::new();
    for at in 0..count {
        let gap = if at == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(list, "{gap}{}", call(at));
    }
    list
}

#[test]
fn the_time_to_read_a_reply_is_linear_in_its_calls() {
    use agno::provider::{anthropic, bedrock, cohere, gemini, ollama, openai, responses};
    const COUNT: usize = 20_000;

    let function = r#""function":{"name":"f","arguments":"{}"}"#;
    let chat = calls(COUNT, |at| format!(r#"{{"index":{at},"id":"c{at}",{function}}}"#));
    let chat = format!(r#"{{"choices":[{{"message":{{"tool_calls":[{chat}]}},"finish_reason":"stop"}}]}}"#);
    let items = calls(COUNT, |at| {
        format!(r#"{{"type":"function_call","call_id":"c{at}","name":"f","arguments":"{{}}"}}"#)
    });
    let items = format!(r#"{{"status":"completed","output":[{items}]}}"#);
    let blocks = calls(COUNT, |at| {
        format!(r#"{{"type":"tool_use","id":"c{at}","name":"f","input":{{}}}}"#)
    });
    let blocks = format!(r#"{{"content":[{blocks}],"stop_reason":"tool_use"}}"#);
    let parts = calls(COUNT, |_| r#"{"functionCall":{"name":"f","args":{}}}"#.to_owned());
    let parts = format!(r#"{{"candidates":[{{"content":{{"parts":[{parts}]}},"finishReason":"STOP"}}]}}"#);
    let uses = calls(COUNT, |at| {
        format!(r#"{{"toolUse":{{"toolUseId":"c{at}","name":"f","input":{{}}}}}}"#)
    });
    let uses = format!(r#"{{"output":{{"message":{{"content":[{uses}]}}}},"stopReason":"tool_use"}}"#);
    let cohere_calls = calls(COUNT, |at| format!(r#"{{"id":"c{at}",{function}}}"#));
    let cohere_calls =
        format!(r#"{{"message":{{"tool_calls":[{cohere_calls}]}},"finish_reason":"TOOL_CALL"}}"#);
    let ollama_calls = calls(COUNT, |_| {
        r#"{"function":{"name":"f","arguments":{}}}"#.to_owned()
    });
    let ollama_calls = format!(r#"{{"message":{{"tool_calls":[{ollama_calls}]}},"done":true}}"#);
    for (name, reply) in [
        ("openai", openai::read_reply(chat.as_bytes())),
        ("responses", responses::read_reply(items.as_bytes())),
        ("anthropic", anthropic::read_reply(blocks.as_bytes())),
        ("gemini", gemini::read_reply(parts.as_bytes())),
        ("bedrock", bedrock::read_reply(uses.as_bytes())),
        ("cohere", cohere::read_reply(cohere_calls.as_bytes())),
        ("ollama", ollama::read_reply(ollama_calls.as_bytes())),
    ] {
        // A reader that compared each call with all others would take far too long.
        assert_eq!(reply.unwrap().message.calls().count(), COUNT, "{name}");
    }
}

#[test]
fn the_time_to_read_a_stream_is_linear_in_its_calls() {
    use agno::model::ReplyBuilder;
    use agno::provider::{anthropic, openai, responses};
    const COUNT: usize = 10_000;

    // All calls start before any ends, so a linear search for each event would take quadratic time.
    let mut reader = openai::StreamReader::new();
    let mut builder = ReplyBuilder::new();
    for at in 0..COUNT {
        let call = json!({"index": at, "id": format!("c{at}"), "function": {"name": "f", "arguments": ""}});
        let event = json!({"choices": [{"delta": {"tool_calls": [call]}}]}).to_string();
        for delta in reader.event(event.as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    for at in 0..COUNT {
        let call = json!({"index": at, "function": {"arguments": "{}"}});
        let event = json!({"choices": [{"delta": {"tool_calls": [call]}}]}).to_string();
        for delta in reader.event(event.as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    assert!(builder.partial().calls().all(|call| call.arguments == "{}"));
    assert_eq!(builder.partial().calls().count(), COUNT);

    let mut reader = responses::StreamReader::new();
    let mut builder = ReplyBuilder::new();
    for at in 0..COUNT {
        let item =
            json!({"type": "function_call", "call_id": format!("c{at}"), "name": "f", "arguments": ""});
        let event =
            json!({"type": "response.output_item.added", "output_index": at, "item": item}).to_string();
        for delta in reader.event(event.as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    for at in 0..COUNT {
        let event =
            json!({"type": "response.function_call_arguments.delta", "output_index": at, "delta": "{}"});
        for delta in reader.event(event.to_string().as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    assert!(builder.partial().calls().all(|call| call.arguments == "{}"));
    assert_eq!(builder.partial().calls().count(), COUNT);

    let mut reader = anthropic::StreamReader::new();
    let mut builder = ReplyBuilder::new();
    for at in 0..COUNT {
        let block = json!({"type": "tool_use", "id": format!("c{at}"), "name": "f", "input": {}});
        let event = json!({"type": "content_block_start", "index": at, "content_block": block}).to_string();
        for delta in reader.event(event.as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    for at in 0..COUNT {
        let event = json!({"type": "content_block_stop", "index": at}).to_string();
        for delta in reader.event(event.as_bytes()).unwrap() {
            builder.push(&delta);
        }
    }
    assert!(builder.partial().calls().all(|call| call.arguments == "{}"));
    assert_eq!(builder.partial().calls().count(), COUNT);
}

#[test]
fn each_of_many_calls_is_matched_by_index_and_id() {
    let mut reader = agno::provider::openai::StreamReader::new();
    let mut builder = agno::model::ReplyBuilder::new();
    let mut read = |call: serde_json::Value| {
        let event = json!({"choices": [{"delta": {"tool_calls": [call]}}]}).to_string();
        for delta in reader.event(event.as_bytes()).unwrap() {
            builder.push(&delta);
        }
    };
    for at in 0..40 {
        read(json!({"index": at, "function": {"name": format!("f{at}")}}));
        read(json!({"index": at, "id": format!("c{at}")}));
    }
    for at in [3, 39, 15, 16, 17] {
        read(json!({"index": at, "function": {"arguments": "{\"a\""}}));
        read(json!({"id": format!("c{at}"), "function": {"arguments": ":1}"}}));
    }
    let message = builder.partial();
    assert_eq!(message.calls().count(), 40);
    for (at, call) in message.calls().enumerate() {
        assert_eq!(
            (call.id.as_str(), call.name.as_str()),
            (&*format!("c{at}"), &*format!("f{at}"))
        );
        let is_filled = [3, 39, 15, 16, 17].contains(&at);
        assert_eq!(call.arguments, if is_filled { r#"{"a":1}"# } else { "" }, "{at}");
    }
}
