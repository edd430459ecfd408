//! Anthropic's Messages API: requests, replies and errors.

mod errors;
mod replies;
mod requests;

use agno::provider::Anthropic;

use agno_tests::server::Server;

const HELLO: &str = r#"{"type":"message","id":"m1","model":"claude-x","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}"#;

fn model(server: &Server, name: &str) -> Anthropic {
    Anthropic::builder(name)
        .api_key("k")
        .base_url(&server.url)
        .build()
        .unwrap()
}
