//! Parses a recorded response from a provider and prints the result as a JSON object on one line.
//!
//! `cargo run -q -p agno-tests --bin wire -- API FILE`
//!
//! API is `openai-chat`, `openai-responses`, `anthropic`, `google`, `mistral`, `cohere`, `bedrock`, `ollama` or the name of a
//! compatible server, such as `groq`. FILE is a complete JSON response, one JSON event per line, or a raw stream of
//! server-sent events.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program prints its result"
)]

use std::process::ExitCode;

use agno::message::Part;
use agno::model::FinishReason;
use agno::{ModelError, Usage};
use agno_tests::recorded::{ParsedRecording, read, readers};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [api, file] = &arguments[..] else {
        eprintln!("usage: wire API FILE");
        return ExitCode::from(2);
    };
    let Some((complete, streamed)) = readers(api) else {
        eprintln!(
            "unknown API `{api}`; expected openai-chat, openai-responses, anthropic, google, mistral, cohere, bedrock, ollama or the name of a compatible server"
        );
        return ExitCode::from(2);
    };
    match std::fs::read(file) {
        Ok(bytes) => {
            println!("{}", to_json(&read(&bytes, complete, streamed)));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot read `{file}`: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the parsed response as JSON.
fn to_json(read: &ParsedRecording) -> Value {
    let message = &read.reply.message;
    let reasoning: String = message
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Reasoning(thought) => Some(thought.text.as_str()),
            _ => None,
        })
        .collect();
    let calls: Vec<Value> = message
        .calls()
        .map(|call| {
            let arguments = match call.arguments.trim() {
                "" | "null" => json!({}),
                text => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            };
            json!({"id": call.id, "name": call.name, "arguments": arguments})
        })
        .collect();
    let finish = read.finished.then_some(read.reply.finish_reason);
    json!({
        "text": message.text(),
        "reasoning": reasoning,
        "tool_calls": calls,
        "finish_reason": finish.as_ref().map(finish_reason),
        "usage": usage(read.reply.usage),
        "error": read.error.as_ref().map(error),
    })
}

fn finish_reason(finish: &FinishReason) -> Value {
    serde_json::to_value(finish).unwrap_or_default()
}

fn usage(usage: Usage) -> Value {
    json!({
        "input_tokens": usage.input,
        "output_tokens": usage.output,
        "total_tokens": usage.total(),
        "cached_tokens": usage.cached,
        "cache_written_tokens": usage.cache_written,
        "reasoning_tokens": usage.reasoning,
    })
}

fn error(error: &ModelError) -> Value {
    json!({
        "kind": error.kind().as_str(),
        "message": error.to_string(),
        "provider_message": error.provider_message(),
        "status": error.status(),
        "retry_after": error.retry_after().map(|delay| delay.as_secs_f64()),
    })
}
