//! OpenAI's Responses API: requests, replies, errors and an agent run.

mod failures;
mod history;
mod replies;
mod requests;
mod spec;

use agno::ModelError;
use agno::message::{Part, ProviderItem};
use agno::model::{Model, Reply, Request};
use agno::provider::OpenAiResponses;
use agno_tests::server::{Answer, Server};
use serde_json::{Value, json};

/// A complete response without content.
pub(crate) const EMPTY: &str = r#"{"id":"resp_0","status":"completed","output":[]}"#;

/// Returns a model that uses a server.
fn model(server: &Server) -> OpenAiResponses {
    let builder = OpenAiResponses::builder("gpt-5-mini").api_key("sk-test");
    builder.base_url(format!("{}/v1", server.url)).build().unwrap()
}

/// Sends a greeting and returns the reply.
async fn complete(model: &OpenAiResponses) -> Result<Reply, ModelError> {
    model.complete(agno_tests::hello()).await
}

/// Streams a greeting and returns the assembled reply.
async fn streamed(model: &OpenAiResponses) -> Result<Reply, ModelError> {
    agno_tests::streamed(model, agno_tests::hello()).await
}

/// Returns the body that the server receives for a request.
async fn body_of(request: Request<'_>) -> Value {
    let server = Server::start([Answer::json(EMPTY)]).await;
    model(&server).complete(request).await.unwrap();
    server.requests()[0].json()
}

#[tokio::test]
async fn an_agent_calls_its_tools_and_sends_reasoning_back() {
    let reasoning = json!({"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "secret"});
    let search = json!({"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "q"}});
    let call = json!({"id": "fc_1", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "echo", "arguments": "{\"text\":\"one\"}"});
    let answer = json!({"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "phase": "final_answer",
        "content": [{"type": "output_text", "text": "It says one.", "annotations": [], "logprobs": []}]});
    let usage = json!({"input_tokens": 5, "output_tokens": 7, "total_tokens": 12});
    let response = |id: &str, output: Value| json!({"id": id, "model": "gpt-5-mini-1", "status": "completed", "output": output, "usage": usage});
    let first = response("resp_1", json!([reasoning, search, call]));
    let second = response("resp_2", json!([answer]));
    let added = json!({"id": "fc_1", "type": "function_call", "status": "in_progress", "call_id": "call_1", "name": "echo", "arguments": ""});
    let events = [
        json!({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress", "output": []}}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"id": "rs_1", "type": "reasoning", "summary": []}}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": reasoning}),
        json!({"type": "response.output_item.added", "output_index": 1, "item": {"id": "ws_1", "type": "web_search_call", "status": "in_progress"}}),
        json!({"type": "response.web_search_call.searching", "output_index": 1, "item_id": "ws_1"}),
        json!({"type": "response.output_item.done", "output_index": 1, "item": search}),
        json!({"type": "response.output_item.added", "output_index": 2, "item": added}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 2, "delta": "{\"text\":"}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 2, "delta": "\"one\"}"}),
        json!({"type": "response.function_call_arguments.done", "output_index": 2, "arguments": "{\"text\":\"one\"}"}),
        json!({"type": "response.output_item.done", "output_index": 2, "item": call}),
        json!({"type": "response.completed", "response": first}),
    ]
    .map(|event| event.to_string());
    let last = json!({"type": "response.completed", "response": second}).to_string();
    let server = Server::start([
        Answer::json(first.to_string()),
        Answer::json(second.to_string()),
        Answer::raw_events(events.iter().map(String::as_str)),
        Answer::raw_events([last.as_str()]),
    ])
    .await;
    let (assistant, echo_calls) = agno_tests::assistant();
    let agent = agno::Declared::with(assistant, model(&server));
    let complete = agent.run("What does it say?").await.unwrap();
    let streamed = agent.stream("What does it say?").answer().await.unwrap();
    assert_eq!(complete.text(), "It says one.");
    assert_eq!(complete.messages(), streamed.messages());
    assert_eq!((complete.usage, complete.turns), (streamed.usage, 2));
    assert_eq!(echo_calls.get(), 2);

    let requests = server.requests();
    assert_eq!(requests[0].line, "POST /v1/responses HTTP/1.1");
    let second = requests[1].json();
    assert_eq!(second["input"], requests[3].json()["input"]);
    assert_eq!(
        second["input"],
        json!([
            {"role": "user", "content": "What does it say?"},
            reasoning,
            search,
            {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "echo", "arguments": "{\"text\":\"one\"}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "one"},
        ])
    );
    assert_eq!(second["tools"].as_array().unwrap().len(), 5);
    assert_eq!(second["tools"][0]["type"], json!("function"));
}

/// Returns the provider items of a reply.
fn items(reply: &Reply) -> Vec<&ProviderItem> {
    let parts = reply.message.parts.iter();
    parts
        .filter_map(|part| match part {
            Part::Provider(item) => Some(&**item),
            _ => None,
        })
        .collect()
}
