//! Earlier replies in requests: some parts are sent back only to the provider that generated them.

use agno::message::{Content, Media};
use agno::model::{Model, OutputStrategy, Request, Settings};
use agno::provider::OpenAiResponses;
use agno::provider::openai;
use agno::{Message, ToolResult};
use serde_json::{Value, json};

use super::requests::{OUTPUT, assistant_message, input};
use super::{EMPTY, body_of, model};
use agno_tests::server::{Answer, Server};

#[tokio::test]
async fn calls_are_sent_back_with_their_details_followed_by_their_results() {
    let signature =
        r#"{"type":"function_call","id":"fc_1","namespace":"n","caller":{"type":"program","caller_id":"p"}}"#;
    let parts = json!([
        {"type": "call", "id": "a", "name": "weather", "arguments": "{\"city\":\"Oslo\"}", "signature": signature},
        {"type": "call", "id": "b", "name": "draw", "arguments": "null"},
        {"type": "call", "id": "c", "name": "weather", "arguments": "{\"city\":"},
    ]);
    let mut result = ToolResult::from_text("Here:");
    result
        .content
        .push(Content::image(Media::bytes(b"x", "image/png")));
    let results = [ToolResult::from_text("4 °C"), result];
    let own = assistant_message(json!("openai"), parts.clone(), &results);
    let image = json!([{"type": "input_text", "text": "Here:"},
        {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,eA=="}]);
    let rest = json!([
        {"type": "function_call", "call_id": "b", "name": "draw", "arguments": "{}"},
        {"type": "function_call", "call_id": "c", "name": "weather", "arguments": "{}"},
    ]);
    assert_eq!(
        input(&[own]).await,
        json!([
            {"type": "function_call", "call_id": "a", "name": "weather", "arguments": "{\"city\":\"Oslo\"}", "id": "fc_1", "namespace": "n",
                "caller": {"type": "program", "caller_id": "p"}},
            rest[0], rest[1],
            {"type": "function_call_output", "call_id": "a", "output": "4 °C", "caller": {"type": "program", "caller_id": "p"}},
            {"type": "function_call_output", "call_id": "b", "output": image},
            {"type": "function_call_output", "call_id": "c", "output": "this call was not executed"},
        ])
    );
    let foreign = input(&[assistant_message(json!("acme"), parts, &results)]).await;
    assert_eq!(
        foreign[0],
        json!({"type": "function_call", "call_id": "a", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"})
    );
}

#[tokio::test]
async fn ids_reasoning_and_items_are_sent_back_only_to_their_provider() {
    let parts = json!([
        {"type": "reasoning", "text": "Hm.", "id": "rs_1", "signature": "secret"},
        {"type": "provider", "kind": "web_search_call", "json": "{\"type\":\"web_search_call\",\"id\":\"ws_1\"}"},
        {"type": "text", "text": "One", "citations": [{"url": "https://a.example", "json": "{\"type\":\"url_citation\"}"}]},
        {"type": "refusal", "text": "no"},
        {"type": "text", "text": "two", "signature": "{\"type\":\"message\",\"id\":\"msg_1\",\"phase\":\"final_answer\"}"},
        {"type": "image", "source": {"base64": "eA=="}},
        {"type": "reasoning", "text": "No result.", "id": "rs_2", "signature": "secret"},
    ]);
    assert_eq!(
        input(&[assistant_message(json!("openai"), parts.clone(), &[])]).await,
        json!([
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}], "encrypted_content": "secret"},
            {"type": "web_search_call", "id": "ws_1"},
            {"type": "message", "role": "assistant", "status": "completed", "id": "msg_1", "phase": "final_answer", "content": [
                {"type": "output_text", "text": "One", "annotations": [{"type": "url_citation"}], "logprobs": []},
                {"type": "refusal", "refusal": "no"},
                {"type": "output_text", "text": "two", "annotations": [], "logprobs": []},
            ]},
        ])
    );
    for other in [json!("acme"), Value::Null] {
        assert_eq!(
            input(&[assistant_message(other, parts.clone(), &[])]).await,
            json!([{"role": "assistant", "content": "Onenotwo"}])
        );
    }
}

#[tokio::test]
async fn ids_that_depend_on_omitted_reasoning_are_omitted() {
    let parts = json!([
        {"type": "reasoning", "text": "", "id": "rs_1"},
        {"type": "text", "text": "Wait.", "signature": "{\"type\":\"message\",\"id\":\"msg_1\"}"},
        {"type": "call", "id": "a", "name": "weather", "arguments": "{}", "signature": "{\"type\":\"function_call\",\"id\":\"fc_1\"}"},
    ]);
    let message = assistant_message(json!("openai"), parts, &[ToolResult::from_text("4 °C")]);
    assert_eq!(
        input(std::slice::from_ref(&message)).await,
        json!([
            {"role": "assistant", "content": "Wait."},
            {"type": "function_call", "call_id": "a", "name": "weather", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "a", "output": "4 °C"},
        ])
    );
    // If the provider stores the reasoning, its ID is enough.
    let stored = Settings::new().with_extra("store", true);
    let messages = [message];
    let body = body_of(Request::new(&messages).with_settings(&stored)).await;
    assert_eq!(
        body["input"][0],
        json!({"type": "reasoning", "id": "rs_1", "summary": []})
    );
    assert_eq!(body["input"][1]["id"], json!("msg_1"));
    assert_eq!(body["input"][2]["id"], json!("fc_1"));
}

#[tokio::test]
async fn plain_reasoning_is_sent_back_as_text_and_azure_receives_no_reasoning_ids() {
    let message = assistant_message(
        json!("openai"),
        json!([
            {"type": "reasoning", "text": "Hm.", "id": "rs_1", "signature": "{\"type\":\"reasoning_text\"}"},
            {"type": "text", "text": "Yes."},
        ]),
        &[],
    );
    assert_eq!(
        input(&[message]).await[0],
        json!({"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]})
    );

    let encrypted = json!([{"type": "reasoning", "text": "", "id": "rs_1", "signature": "secret"}, {"type": "text", "text": "Yes."}]);
    let messages = [assistant_message(json!("azure"), encrypted, &[])];
    let server = Server::start([Answer::json(EMPTY)]).await;
    let azure = openai::Server::named("azure").unwrap();
    let builder = OpenAiResponses::builder("my-deployment")
        .server(*azure)
        .api_key("k");
    let model = builder.base_url(&server.url).build().unwrap();
    model.complete(Request::new(&messages)).await.unwrap();
    let received = &server.requests()[0];
    assert_eq!(received.line, "POST /openai/v1/responses HTTP/1.1");
    assert_eq!(received.header("api-key"), Some("k"));
    assert_eq!(
        received.json()["input"][0],
        json!({"type": "reasoning", "summary": [], "encrypted_content": "secret"})
    );
}

#[tokio::test]
async fn output_from_a_call_is_sent_back_as_text_without_the_call_id() {
    let call = r#"{"status":"completed","output":[{"type":"function_call","id":"fc_1","call_id":"a","name":"final_answer","arguments":"{\"days\":3}"}]}"#;
    let settings = Settings::new().with_output_strategy(OutputStrategy::Tool);
    let server = Server::start([Answer::json(call)]).await;
    let request = agno_tests::hello()
        .with_output(Some(OUTPUT))
        .with_settings(&settings);
    let reply = model(&server).complete(request).await.unwrap();
    assert_eq!(reply.message.text(), r#"{"days":3}"#);
    let body = server.requests()[0].json();
    assert_eq!(
        body["tool_choice"],
        json!({"type": "function", "name": "final_answer"})
    );
    assert_eq!(body["text"], Value::Null);
    assert_eq!(
        input(&[Message::from(reply.message)]).await,
        json!([{"role": "assistant", "content": "{\"days\":3}"}])
    );
}
