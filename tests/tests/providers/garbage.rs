//! Property tests with invalid data: for any input, every parser returns a well-formed reply or an error, and never
//! panics.

use agno_tests::recorded::{APIS, read, read_events, readers};
use proptest::prelude::*;

/// Sample events for the tests to corrupt and combine.
const EVENTS: &[&str] = &[
    r#"{"choices":[{"delta":{"content":"a","tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":"{"}}]}}]}"#,
    r#"{"choices":[{"message":{"content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":-1}}"#,
    r#"{"type":"message_start","message":{"id":"m","usage":{"input_tokens":1}}}"#,
    r#"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#,
    r#"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
    r#"{"type":"content_block_stop","index":0}"#,
    r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}}"#,
    r#"{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"i","call_id":"c","name":"f","arguments":""}}"#,
    r#"{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{}"}"#,
    r#"{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}"#,
    r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}},{"text":"x","thought":true}]},"finishReason":"STOP"}]}"#,
    r#"{"contentBlockStart":{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"f"}}}}"#,
    r#"{"messageStop":{"stopReason":"tool_use"}}"#,
    r#"{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"t","function":{"name":"f","arguments":""}}}}}"#,
    r#"{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}"#,
    r#"{"message":{"role":"assistant","content":"x","tool_calls":[{"function":{"name":"f","arguments":{}}}]},"done":true,"done_reason":"stop"}"#,
    r#"{"error":{"message":"no","code":429}}"#,
    "[DONE]",
    "",
];

/// Generates events, some of them with a range of bytes replaced.
fn corrupted() -> impl Strategy<Value = Vec<u8>> {
    let corruption = (
        any::<prop::sample::Index>(),
        0..12_usize,
        prop::collection::vec(any::<u8>(), 0..8),
    );
    (prop::sample::select(EVENTS), prop::option::of(corruption)).prop_map(|(event, corruption)| {
        let mut bytes = event.as_bytes().to_vec();
        if let Some((at, length, with)) = corruption {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, with);
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_events_yields_a_reply_or_an_error(events in prop::collection::vec(corrupted(), 0..12)) {
        for api in APIS {
            let (_, streamed) = readers(api).unwrap();
            let read = read_events(&events, streamed);
            prop_assert!(read.finished || read.error.is_some(), "{api}: neither finished nor an error");
            for call in read.reply.message.calls() {
                prop_assert!(call.result.is_none());
            }
        }
    }

    #[test]
    fn any_bytes_yield_a_reply_or_an_error(bytes in prop_oneof![corrupted(), prop::collection::vec(any::<u8>(), 0..200)]) {
        for api in APIS {
            let (complete, streamed) = readers(api).unwrap();
            let read = read(&bytes, complete, streamed);
            prop_assert!(read.finished || read.error.is_some(), "{api}: neither finished nor an error");
        }
    }
}
