//! Cases for ADK-Rust. A runner requires a session per conversation, so each run creates a session in memory and
//! deletes it; otherwise, the history would grow with every run. The cases that only create an agent create no runner.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use adk_rust::agent::{LlmAgent, LlmAgentBuilder};
use adk_rust::runner::Runner;
use adk_rust::session::{CreateRequest, DeleteRequest, InMemorySessionService, SessionService};
use adk_rust::{
    AdkError, Agent, Content, Event, Llm, LlmRequest, LlmResponse, LlmResponseStream, Part, Tool,
};
use adk_rust_macros::tool;
use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::case::{
    ANSWER, INSTRUCTIONS, MESSAGES, Outcome, QUESTION, cases, expect, repeat, repeat_now, ten,
};

cases! {
    "create": create,
    "create with 10 tools": create_ten,
    "run": run,
    "create and run": create_and_run,
    "tool run": tool_run,
    "create and tool run": create_and_tool_run,
    "definition": definition,
    "append": append,
}

const APP: &str = "bench";
const USER: &str = "ada";
const SESSION: &str = "sum";

/// A model that answers immediately, or calls a tool first.
#[derive(Debug)]
struct Mock {
    calls: bool,
}

#[async_trait]
impl Llm for Mock {
    fn name(&self) -> &str {
        "mock"
    }

    async fn generate_content(
        &self,
        request: LlmRequest,
        _stream: bool,
    ) -> adk_rust::Result<LlmResponseStream> {
        let last = request.contents.last().and_then(|content| content.parts.first());
        let part = match last {
            Some(Part::FunctionResponse {
                function_response, ..
            }) => {
                let is_correct = function_response.response == 5;
                Part::Text {
                    text: if is_correct { ANSWER } else { "wrong" }.to_owned(),
                }
            }
            _ if self.calls => Part::FunctionCall {
                name: "add".to_owned(),
                args: json!({"left": 2, "right": 3}),
                id: Some("call_1".to_owned()),
                thought_signature: None,
            },
            _ => Part::Text {
                text: ANSWER.to_owned(),
            },
        };
        let mut response = LlmResponse::new(Content {
            role: "model".to_owned(),
            parts: vec![part],
        });
        response.turn_complete = true;
        Ok(Box::pin(stream::iter([Ok(response)])))
    }
}

#[derive(Deserialize, JsonSchema)]
struct Numbers {
    /// The first number.
    left: i64,
    /// The second number.
    right: i64,
}

/// Adds two numbers.
#[tool]
async fn add(numbers: Numbers) -> Result<Value, AdkError> {
    Ok(json!(numbers.left + numbers.right))
}

macro_rules! tool {
    ($function:ident $type:ident $name:literal) => {
        /// Adds two numbers.
        #[tool]
        async fn $function(numbers: Numbers) -> Result<Value, AdkError> {
            Ok(json!(numbers.left + numbers.right))
        }
    };
}
ten!(tool);

fn bare(model: &Arc<Mock>) -> LlmAgentBuilder {
    let model: Arc<dyn Llm> = model.clone();
    LlmAgentBuilder::new("bare")
        .instruction(INSTRUCTIONS)
        .model(model)
}

fn ten(model: &Arc<Mock>) -> Outcome<LlmAgent> {
    let tools: [Arc<dyn Tool>; 10] = [
        Arc::new(Add0),
        Arc::new(Add1),
        Arc::new(Add2),
        Arc::new(Add3),
        Arc::new(Add4),
        Arc::new(Add5),
        Arc::new(Add6),
        Arc::new(Add7),
        Arc::new(Add8),
        Arc::new(Add9),
    ];
    Ok(tools
        .into_iter()
        .fold(bare(model), LlmAgentBuilder::tool)
        .build()?)
}

/// The model and the session store of the runs.
struct Environment {
    model: Arc<Mock>,
    sessions: Arc<InMemorySessionService>,
}

impl Environment {
    fn new(calls: bool) -> Self {
        Self {
            model: Arc::new(Mock { calls }),
            sessions: Arc::new(InMemorySessionService::new()),
        }
    }

    fn runner(&self) -> Outcome<Runner> {
        let builder = bare(&self.model);
        let builder = if self.model.calls {
            builder.tool(Arc::new(Add))
        } else {
            builder
        };
        let agent: Arc<dyn Agent> = Arc::new(builder.build()?);
        let runner = Runner::builder().app_name(APP).agent(agent);
        Ok(runner.session_service(self.sessions.clone()).build()?)
    }

    async fn create_session(&self) -> Outcome<()> {
        let request = CreateRequest {
            app_name: APP.to_owned(),
            user_id: USER.to_owned(),
            session_id: Some(SESSION.to_owned()),
            state: HashMap::new(),
        };
        self.sessions.create(request).await?;
        Ok(())
    }

    async fn delete_session(&self) -> Outcome<()> {
        let request = DeleteRequest {
            app_name: APP.to_owned(),
            user_id: USER.to_owned(),
            session_id: SESSION.to_owned(),
        };
        Ok(self.sessions.delete(request).await?)
    }

    async fn run(&self, runner: &Runner) -> Outcome<()> {
        self.create_session().await?;
        let question = Content::new("user").with_text(black_box(QUESTION));
        let mut events = runner.run_str(USER, SESSION, question).await?;
        let mut answer = String::new();
        while let Some(event) = events.next().await {
            for part in event?
                .llm_response
                .content
                .into_iter()
                .flat_map(|content| content.parts)
            {
                if let Part::Text { text } = part {
                    answer.push_str(&text);
                }
            }
        }
        drop(events);
        self.delete_session().await?;
        expect(&answer)
    }
}

async fn create(times: u64) -> Outcome<Duration> {
    let model = Arc::new(Mock { calls: false });
    repeat_now(times, || {
        black_box(bare(black_box(&model)).build()?);
        Ok(())
    })
}

async fn create_ten(times: u64) -> Outcome<Duration> {
    let model = Arc::new(Mock { calls: false });
    repeat_now(times, || {
        black_box(ten(black_box(&model))?);
        Ok(())
    })
}

async fn runs(calls: bool, times: u64) -> Outcome<Duration> {
    let environment = Environment::new(calls);
    let runner = environment.runner()?;
    repeat(times, async || environment.run(&runner).await).await
}

async fn creates_and_runs(calls: bool, times: u64) -> Outcome<Duration> {
    let environment = Environment::new(calls);
    repeat(times, async || environment.run(&environment.runner()?).await).await
}

async fn run(times: u64) -> Outcome<Duration> {
    runs(false, times).await
}

async fn create_and_run(times: u64) -> Outcome<Duration> {
    creates_and_runs(false, times).await
}

async fn tool_run(times: u64) -> Outcome<Duration> {
    runs(true, times).await
}

async fn create_and_tool_run(times: u64) -> Outcome<Duration> {
    creates_and_runs(true, times).await
}

/// Measures creating the value that the framework passes to its models.
async fn definition(times: u64) -> Outcome<Duration> {
    repeat_now(times, || {
        black_box(black_box(&Add).declaration());
        Ok(())
    })
}

async fn append(times: u64) -> Outcome<Duration> {
    let environment = Environment::new(false);
    environment.create_session().await?;
    let mut left = MESSAGES;
    repeat(times, async || {
        let mut event = Event::new("invocation");
        event.llm_response.content = Some(Content::new("user").with_text(black_box(QUESTION)));
        environment.sessions.append_event(SESSION, event).await?;
        left -= 1;
        if left == 0 {
            environment.delete_session().await?;
            environment.create_session().await?;
            left = MESSAGES;
        }
        Ok(())
    })
    .await
}
