//! Cases for rig, with agents from rig's builder and tools from rig's macro. Like rig's own models, the model is a wire
//! over a transport. It uses rig's scripted wire, and a transport that writes two frames and does not record requests.

use std::hint::black_box;
use std::time::Duration;

use futures_util::stream;
use rig::DynModel;
use rig::completion::CompletionRequest;
use rig::driver::{Exchange, Model, Opened, Opening, Transport};
use rig::message::{Message, ToolResultContent, UserContent};
use rig::operation::{Completion, Finish};
use rig::tool::{Tool, ToolExecutionError};
use rig::{Agent, AgentBuilder};
use rig_core::test_utils::{MockFrame, MockScript, MockStreamEvent};
use serde_json::{Value, json};

use crate::case::{ANSWER, INSTRUCTIONS, Outcome, QUESTION, SUM, cases, expect, repeat, repeat_now, ten};

cases! {
    "create": create,
    "create with 10 tools": create_ten,
    "run": run,
    "create and run": create_and_run,
    "tool run": tool_run,
    "create and tool run": create_and_tool_run,
    "definition": definition,
}

/// A model that answers immediately, or calls a tool first.
#[derive(Debug, Clone)]
struct Mock {
    calls: bool,
}

/// Returns `true` if the request ends with the correct tool result, `false` if it ends with another tool result, and
/// `None` if it does not end with a tool result.
pub(super) fn result_is_correct(request: &CompletionRequest) -> Option<bool> {
    let Message::User { content } = request.chat_history.last()?.as_ref() else {
        return None;
    };
    let UserContent::ToolResult(result) = content.first()? else {
        return None;
    };
    Some(result.content.iter().any(|part| match part {
        ToolResultContent::Text(text) => text.text == SUM,
        ToolResultContent::Json { value, .. } => value.as_i64() == SUM.parse().ok(),
        _ => false,
    }))
}

impl Transport<MockScript> for Mock {
    #[allow(clippy::result_large_err, reason = "rig defines the error type")]
    fn send(&self, request: CompletionRequest, _exchange: Exchange) -> Opening<MockFrame> {
        let event = match result_is_correct(&request) {
            None if self.calls => MockStreamEvent::ToolCall {
                id: "call_1".to_owned(),
                name: "add".to_owned(),
                arguments: json!({"left": 2, "right": 3}),
                call_id: None,
            },
            Some(false) => MockStreamEvent::Text("wrong".to_owned()),
            _ => MockStreamEvent::Text(ANSWER.to_owned()),
        };
        let frames = [event, MockStreamEvent::FinalResponse(Finish::default())];
        let frames = stream::iter(frames.map(|event| Ok(MockFrame::Event(event))));
        Opening::ready(Opened::new(frames).with_document(Value::Null))
    }
}

/// Adds two numbers.
#[rig::rig_tool(params(left = "The first number.", right = "The second number."))]
pub(super) fn add(left: i64, right: i64) -> Result<i64, ToolExecutionError> {
    Ok(left + right)
}

macro_rules! tool {
    ($function:ident $type:ident $name:literal) => {
        /// Adds two numbers.
        #[rig::rig_tool(params(left = "The first number.", right = "The second number."))]
        fn $function(left: i64, right: i64) -> Result<i64, ToolExecutionError> {
            Ok(left + right)
        }
    };
}
ten!(tool);

fn model(calls: bool) -> DynModel<Completion> {
    Model::new(MockScript::default(), Mock { calls }).erase()
}

fn bare(model: &DynModel<Completion>) -> Agent {
    AgentBuilder::new(model.clone()).preamble(INSTRUCTIONS).build()
}

fn adds(model: &DynModel<Completion>) -> Agent {
    AgentBuilder::new(model.clone())
        .preamble(INSTRUCTIONS)
        .tool(Add)
        .default_max_turns(4)
        .build()
}

fn ten(model: &DynModel<Completion>) -> Agent {
    AgentBuilder::new(model.clone())
        .preamble(INSTRUCTIONS)
        .tool(Add0)
        .tool(Add1)
        .tool(Add2)
        .tool(Add3)
        .tool(Add4)
        .tool(Add5)
        .tool(Add6)
        .tool(Add7)
        .tool(Add8)
        .tool(Add9)
        .build()
}

async fn create(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat_now(times, || {
        black_box(bare(black_box(&model)));
        Ok(())
    })
}

async fn create_ten(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat_now(times, || {
        black_box(ten(black_box(&model)));
        Ok(())
    })
}

async fn run(times: u64) -> Outcome<Duration> {
    let agent = bare(&model(false));
    repeat(times, async || expect(&agent.prompt(QUESTION).await?.output())).await
}

async fn create_and_run(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat(times, async || {
        expect(&bare(&model).prompt(QUESTION).await?.output())
    })
    .await
}

async fn tool_run(times: u64) -> Outcome<Duration> {
    let agent = adds(&model(true));
    repeat(times, async || expect(&agent.prompt(QUESTION).await?.output())).await
}

async fn create_and_tool_run(times: u64) -> Outcome<Duration> {
    let model = model(true);
    repeat(times, async || {
        expect(&adds(&model).prompt(QUESTION).await?.output())
    })
    .await
}

/// Measures the creation of the values that the framework passes to its models.
async fn definition(times: u64) -> Outcome<Duration> {
    repeat_now(times, || {
        black_box((
            Add::NAME,
            black_box(&Add).description(),
            black_box(&Add).parameters(),
        ));
        Ok(())
    })
}
