//! Cases for AutoAgents. Agents run directly, without actors. Agents without tools are basic agents, and agents with
//! tools are ReAct agents. The event receiver is dropped, which makes sending events as cheap as possible; an unread
//! receiver would fill up and block the runs.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use autoagents::async_trait;
use autoagents::core::agent::memory::{MemoryProvider, SlidingWindowMemory};
use autoagents::core::agent::prebuilt::executor::{BasicAgent, ReActAgent};
use autoagents::core::agent::task::Task;
use autoagents::core::agent::{
    AgentBuilder, AgentDeriveT, AgentExecutor, AgentHooks, BaseAgent, DirectAgent,
};
use autoagents::core::tool::{ToolCallError, ToolRuntime, ToolT, to_llm_tool};
use autoagents::llm::chat::{
    ChatMessage, ChatProvider, ChatResponse, MessageType, StructuredOutputFormat, Tool,
};
use autoagents::llm::completion::{CompletionProvider, CompletionRequest, CompletionResponse};
use autoagents::llm::embedding::EmbeddingProvider;
use autoagents::llm::error::LLMError;
use autoagents::llm::models::ModelsProvider;
use autoagents::llm::{FunctionCall, LLMProvider, ToolCall};
use autoagents_derive::{AgentHooks, ToolInput, agent, tool};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{
    ANSWER, ARGUMENTS, MESSAGES, Outcome, QUESTION, SUM, cases, expect, repeat, repeat_now, ten,
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

/// A model that answers immediately, or calls a tool first.
#[derive(Debug)]
struct Mock {
    calls: bool,
}

#[derive(Debug)]
enum Response {
    Text(&'static str),
    Call,
}

impl fmt::Display for Response {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl ChatResponse for Response {
    fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some((*text).to_owned()),
            Self::Call => None,
        }
    }

    fn tool_calls(&self) -> Option<Vec<ToolCall>> {
        match self {
            Self::Text(_) => None,
            Self::Call => Some(vec![ToolCall {
                id: "call_1".to_owned(),
                call_type: "function".to_owned(),
                function: FunctionCall {
                    name: "add".to_owned(),
                    arguments: ARGUMENTS.to_owned(),
                },
            }]),
        }
    }
}

#[async_trait]
impl ChatProvider for Mock {
    async fn chat_with_tools(
        &self,
        messages: &[ChatMessage],
        _tools: Option<&[Tool]>,
        _json_schema: Option<StructuredOutputFormat>,
    ) -> Result<Box<dyn ChatResponse>, LLMError> {
        if !self.calls {
            return Ok(Box::new(Response::Text(ANSWER)));
        }
        match messages.last().map(|message| &message.message_type) {
            Some(MessageType::ToolResult(results)) => {
                let is_correct = results.iter().any(|result| result.function.arguments == SUM);
                Ok(Box::new(Response::Text(if is_correct {
                    ANSWER
                } else {
                    "wrong"
                })))
            }
            _ => Ok(Box::new(Response::Call)),
        }
    }
}

#[async_trait]
impl CompletionProvider for Mock {
    async fn complete(
        &self,
        _request: &CompletionRequest,
        _json_schema: Option<StructuredOutputFormat>,
    ) -> Result<CompletionResponse, LLMError> {
        Ok(CompletionResponse {
            text: ANSWER.to_owned(),
        })
    }
}

#[async_trait]
impl EmbeddingProvider for Mock {
    async fn embed(&self, _input: Vec<String>) -> Result<Vec<Vec<f32>>, LLMError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl ModelsProvider for Mock {}

impl LLMProvider for Mock {}

#[derive(Serialize, Deserialize, ToolInput, Debug)]
struct Numbers {
    #[input(description = "The first number.")]
    left: i64,
    #[input(description = "The second number.")]
    right: i64,
}

macro_rules! tool {
    ($function:ident $type:ident $name:literal) => {
        #[tool(name = $name, description = "Adds two numbers.", input = Numbers)]
        struct $type {}

        #[async_trait]
        impl ToolRuntime for $type {
            async fn execute(&self, arguments: Value) -> Result<Value, ToolCallError> {
                let numbers: Numbers = serde_json::from_value(arguments)?;
                Ok((numbers.left + numbers.right).into())
            }
        }
    };
}
tool!(add Add "add");
ten!(tool);

#[agent(name = "bare", description = "Answer.", tools = [])]
#[derive(Default, Clone, AgentHooks)]
struct Bare {}

#[agent(name = "adds", description = "Answer.", tools = [Add])]
#[derive(Default, Clone, AgentHooks)]
struct Adds {}

#[agent(name = "ten", description = "Answer.", tools = [Add0, Add1, Add2, Add3, Add4, Add5, Add6, Add7, Add8, Add9])]
#[derive(Default, Clone, AgentHooks)]
struct Ten {}

fn model(calls: bool) -> Arc<dyn LLMProvider> {
    Arc::new(Mock { calls })
}

async fn create_agent<T>(agent: T, model: &Arc<dyn LLMProvider>) -> Outcome<BaseAgent<T, DirectAgent>>
where
    T: AgentDeriveT + AgentExecutor + AgentHooks,
{
    let builder = AgentBuilder::<_, DirectAgent>::new(agent).llm(Arc::clone(model));
    Ok(builder.build().await?.agent)
}

/// Creates an agent with a tool and the smallest memory window that fits a run. Without memory, the model would not
/// receive the tool's result.
async fn adds(model: &Arc<dyn LLMProvider>) -> Outcome<BaseAgent<ReActAgent<Adds>, DirectAgent>> {
    let builder = AgentBuilder::<_, DirectAgent>::new(ReActAgent::new(Adds {})).llm(Arc::clone(model));
    let memory = Box::new(SlidingWindowMemory::new(4));
    Ok(builder.memory(memory).build().await?.agent)
}

async fn create(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat(times, async || {
        black_box(create_agent(BasicAgent::new(Bare {}), &model).await?);
        Ok(())
    })
    .await
}

async fn create_ten(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat(times, async || {
        black_box(create_agent(ReActAgent::new(Ten {}), &model).await?);
        Ok(())
    })
    .await
}

async fn run(times: u64) -> Outcome<Duration> {
    let agent = create_agent(BasicAgent::new(Bare {}), &model(false)).await?;
    repeat(times, async || expect(&agent.run(Task::new(QUESTION)).await?)).await
}

async fn create_and_run(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat(times, async || {
        let agent = create_agent(BasicAgent::new(Bare {}), &model).await?;
        expect(&agent.run(Task::new(QUESTION)).await?)
    })
    .await
}

async fn tool_run(times: u64) -> Outcome<Duration> {
    let agent = adds(&model(true)).await?;
    repeat(times, async || expect(&agent.run(Task::new(QUESTION)).await?)).await
}

async fn create_and_tool_run(times: u64) -> Outcome<Duration> {
    let model = model(true);
    repeat(times, async || {
        let agent = adds(&model).await?;
        expect(&agent.run(Task::new(QUESTION)).await?)
    })
    .await
}

/// Measures the creation of the value that the framework passes to its models.
async fn definition(times: u64) -> Outcome<Duration> {
    let tool: Box<dyn ToolT> = Box::new(Add {});
    repeat_now(times, || {
        black_box(to_llm_tool(black_box(&tool)));
        Ok(())
    })
}

async fn append(times: u64) -> Outcome<Duration> {
    let mut memory = SlidingWindowMemory::new(usize::try_from(MESSAGES)? + 1);
    let mut left = MESSAGES;
    repeat(times, async || {
        let message = ChatMessage::user().content(black_box(QUESTION)).build();
        memory.remember(&message).await?;
        left -= 1;
        if left == 0 {
            memory.clear().await?;
            left = MESSAGES;
        }
        Ok(())
    })
    .await
}
