//! What goes back of an answer: calls and results, thinking, ids and items, to whom they came from.

use agno::message::{Content, Media};
use agno::model::{Model, OutputStrategy, Request, Settings};
use agno::provider::OpenAiResponses;
use agno::provider::openai;
use agno::{Message, ToolResult};
use serde_json::{Value, json};

use super::requests::{OUTPUT, input, said};
use super::{EMPTY, asked, model};
use agno_tests::server::{Answer, Server};

#[tokio::test]
async fn calls_go_back_with_what_they_came_with_and_their_results_behind_them() {
    let signature =
        r#"{"type":"function_call","id":"fc_1","namespace":"n","caller":{"type":"program","caller_id":"p"}}"#;
    let parts = json!([
        {"type": "call", "id": "a", "name": "weather", "arguments": "{\"city\":\"Oslo\"}", "signature": signature},
        {"type": "call", "id": "b", "name": "draw", "arguments": "null"},
        {"type": "call", "id": "c", "name": "weather", "arguments": "{\"city\":"},
    ]);
    let mut drawn = ToolResult::from_text("Here:");
    drawn
        .content
        .push(Content::image(Media::bytes(b"x", "image/png")));
    let results = [ToolResult::from_text("4 °C"), drawn];
    let own = said(json!("openai"), parts.clone(), &results);
    let picture = json!([{"type": "input_text", "text": "Here:"},
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
            {"type": "function_call_output", "call_id": "b", "output": picture},
            {"type": "function_call_output", "call_id": "c", "output": "this call was not made"},
        ])
    );
    let foreign = input(&[said(json!("acme"), parts, &results)]).await;
    assert_eq!(
        foreign[0],
        json!({"type": "function_call", "call_id": "a", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"})
    );
}

#[tokio::test]
async fn only_its_own_provider_gets_ids_thinking_and_items_back() {
    let parts = json!([
        {"type": "reasoning", "text": "Hm.", "id": "rs_1", "signature": "secret"},
        {"type": "provider", "kind": "web_search_call", "json": "{\"type\":\"web_search_call\",\"id\":\"ws_1\"}"},
        {"type": "text", "text": "One", "citations": [{"url": "https://a.example", "json": "{\"type\":\"url_citation\"}"}]},
        {"type": "refusal", "text": "no"},
        {"type": "text", "text": "two", "signature": "{\"type\":\"message\",\"id\":\"msg_1\",\"phase\":\"final_answer\"}"},
        {"type": "image", "source": {"base64": "eA=="}},
        {"type": "reasoning", "text": "Nothing came of this.", "id": "rs_2", "signature": "secret"},
    ]);
    assert_eq!(
        input(&[said(json!("openai"), parts.clone(), &[])]).await,
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
            input(&[said(other, parts.clone(), &[])]).await,
            json!([{"role": "assistant", "content": "Onenotwo"}])
        );
    }
}

#[tokio::test]
async fn thinking_that_cannot_go_back_takes_the_ids_that_rest_on_it_along() {
    let parts = json!([
        {"type": "reasoning", "text": "", "id": "rs_1"},
        {"type": "text", "text": "Wait.", "signature": "{\"type\":\"message\",\"id\":\"msg_1\"}"},
        {"type": "call", "id": "a", "name": "weather", "arguments": "{}", "signature": "{\"type\":\"function_call\",\"id\":\"fc_1\"}"},
    ]);
    let message = said(json!("openai"), parts, &[ToolResult::from_text("4 °C")]);
    assert_eq!(
        input(std::slice::from_ref(&message)).await,
        json!([
            {"role": "assistant", "content": "Wait."},
            {"type": "function_call", "call_id": "a", "name": "weather", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "a", "output": "4 °C"},
        ])
    );
    // Where the provider keeps it, its id is enough.
    let stored = Settings::new().with_extra("store", true);
    let messages = [message];
    let body = asked(Request::new(&messages).with_settings(&stored)).await;
    assert_eq!(
        body["input"][0],
        json!({"type": "reasoning", "id": "rs_1", "summary": []})
    );
    assert_eq!(body["input"][1]["id"], json!("msg_1"));
    assert_eq!(body["input"][2]["id"], json!("fc_1"));
}

#[tokio::test]
async fn a_models_own_words_go_back_as_such_and_azure_is_sent_no_ids_of_thinking() {
    let own_words = said(
        json!("openai"),
        json!([
            {"type": "reasoning", "text": "Hm.", "id": "rs_1", "signature": "{\"type\":\"reasoning_text\"}"},
            {"type": "text", "text": "Yes."},
        ]),
        &[],
    );
    assert_eq!(
        input(&[own_words]).await[0],
        json!({"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]})
    );

    let encrypted = json!([{"type": "reasoning", "text": "", "id": "rs_1", "signature": "secret"}, {"type": "text", "text": "Yes."}]);
    let messages = [said(json!("azure"), encrypted, &[])];
    let server = Server::start([Answer::json(EMPTY)]).await;
    let azure = openai::Server::named("azure").unwrap();
    let builder = OpenAiResponses::builder("my-deployment")
        .server(*azure)
        .api_key("k");
    let model = builder.base_url(&server.url).build().unwrap();
    model.complete(Request::new(&messages)).await.unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /openai/v1/responses HTTP/1.1");
    assert_eq!(asked.header("api-key"), Some("k"));
    assert_eq!(
        asked.json()["input"][0],
        json!({"type": "reasoning", "summary": [], "encrypted_content": "secret"})
    );
}

#[tokio::test]
async fn an_answer_given_as_a_call_goes_back_as_text_without_the_calls_id() {
    let call = r#"{"status":"completed","output":[{"type":"function_call","id":"fc_1","call_id":"a","name":"final_answer","arguments":"{\"days\":3}"}]}"#;
    let settings = Settings::new().with_output_strategy(OutputStrategy::Tool);
    let server = Server::start([Answer::json(call)]).await;
    let request = agno_tests::hello()
        .with_output(Some(OUTPUT))
        .with_settings(&settings);
    let reply = model(&server).complete(request).await.unwrap();
    assert_eq!(reply.message.text(), r#"{"days":3}"#);
    let body = server.asked()[0].json();
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
