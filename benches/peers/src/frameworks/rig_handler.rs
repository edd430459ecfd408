//! Cases for rig in its fastest configuration. Agents use a table of handlers, and the model in the table answers directly
//! instead of through a wire, a transport and frames. None of the models in rig works this way.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use rig::completion::{AssistantContent, CompletionResponse, Usage};
use rig::effect::{Answered, EffectKind, FamilyDescriptor, HandlerDescriptor, HandlerKey, family};
use rig::handlers::Handlers;
use rig::message::{Api, Origin, ToolCall, ToolFunction, ToolName};
use rig::serve::{Dispatch, Reply, Serve};
use rig::{Agent, AgentBuilder};
use serde_json::{Value, json};

use super::rig::{Add, result_is_correct};
use crate::case::{ANSWER, INSTRUCTIONS, Outcome, QUESTION, cases, expect, repeat};

cases! {
    "run": run,
    "tool run": tool_run,
}

struct Mock {
    calls: bool,
}

impl Serve for Mock {
    type Family = family::Completion;

    fn descriptor(&self) -> HandlerDescriptor {
        HandlerDescriptor {
            key: rig::effect::model_key("mock"),
            family: FamilyDescriptor::Completion {
                model: "mock".into(),
                capabilities: Default::default(),
            },
            layers: Vec::new(),
        }
    }

    async fn serve(&self, kind: EffectKind, _dispatch: Dispatch) -> Reply {
        let EffectKind::Completion { request, .. } = kind else {
            unreachable!("a model receives completion requests only");
        };
        let content = match (result_is_correct(&request), ToolName::new("add")) {
            (None, Ok(name)) if self.calls => {
                let function = ToolFunction::new(name, json!({"left": 2, "right": 3}));
                AssistantContent::ToolCall(ToolCall::from_wire("call_1", function))
            }
            (Some(false), _) => AssistantContent::text("wrong"),
            _ => AssistantContent::text(ANSWER),
        };
        let origin = Origin::new(Api::from_static("mock"), "mock", "mock");
        let response = CompletionResponse::new(vec![content], Usage::default(), origin, Value::Null);
        Reply::Outcome(Ok(Answered::Completion(Arc::new(response))))
    }
}

fn agent(calls: bool) -> Outcome<AgentBuilder> {
    let handlers = Handlers::default();
    let key: HandlerKey = rig::effect::model_key("mock");
    handlers.register(key.clone(), Mock { calls })?;
    Ok(AgentBuilder::over_handlers(handlers, "mock", key).preamble(INSTRUCTIONS))
}

async fn runs(agent: Agent, times: u64) -> Outcome<Duration> {
    repeat(times, async || {
        expect(&agent.prompt(black_box(QUESTION)).await?.output())
    })
    .await
}

async fn run(times: u64) -> Outcome<Duration> {
    runs(agent(false)?.build(), times).await
}

async fn tool_run(times: u64) -> Outcome<Duration> {
    runs(agent(true)?.tool(Add).default_max_turns(4).build(), times).await
}
