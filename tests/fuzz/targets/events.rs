//! Fuzzes the parser of server-sent events: the parsed events must not depend on the boundaries between chunks.
#![no_main]

use agno::__private::sse::Parser;
use libfuzzer_sys::fuzz_target;

fn events(chunks: &[&[u8]]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (mut parser, mut events) = (Parser::new(), Vec::new());
    for chunk in chunks {
        parser.feed(chunk);
        while let Ok(Some(event)) = parser.next_event() {
            events.push((event.name.to_vec(), event.data.to_vec()));
        }
    }
    events
}

fuzz_target!(|input: (u16, &[u8])| {
    let (split, bytes) = input;
    let split = usize::from(split) % (bytes.len() + 1);
    assert_eq!(events(&[bytes]), events(&[&bytes[..split], &bytes[split..]]));
});
