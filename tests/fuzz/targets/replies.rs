//! Fuzzes every response parser, for complete and streamed responses: any input must yield a reply or an error, never a
//! panic.
#![no_main]

use agno::model::{Delta, ReplyBuilder};
use agno::provider::{anthropic, bedrock, cohere, gemini, ollama, openai, responses};
use libfuzzer_sys::fuzz_target;

/// Parses the input as a complete response, and its lines as the events of a streamed response.
macro_rules! reads {
    ($api:ident, $bytes:expr) => {{
        let _ = $api::read_reply($bytes);
        let mut reader = $api::StreamReader::new();
        let mut builder = ReplyBuilder::new();
        let mut add = |deltas: Vec<Delta>| deltas.iter().for_each(|delta| builder.push(delta));
        let complete = $bytes
            .split(|byte| *byte == b'\n')
            .all(|line| reader.event(line).map(&mut add).is_ok());
        if complete {
            let _ = reader.end().map(&mut add);
        }
        let _ = builder.finish();
    }};
}

fuzz_target!(|input: (u8, &[u8])| {
    let (api, bytes) = input;
    match api % 7 {
        0 => reads!(openai, bytes),
        1 => reads!(responses, bytes),
        2 => reads!(anthropic, bytes),
        3 => reads!(gemini, bytes),
        4 => reads!(bedrock, bytes),
        5 => reads!(cohere, bytes),
        _ => reads!(ollama, bytes),
    }
});
