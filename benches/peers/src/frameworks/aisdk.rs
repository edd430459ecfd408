//! Cases for aisdk, which has requests instead of agents. A request contains the model, the tools and the question, and
//! can be reused.

use std::hint::black_box;
use std::pin::Pin;
use std::time::Duration;

use aisdk::core::capabilities::{TextInputSupport, ToolCallSupport};
use aisdk::core::language_model::{
    LanguageModel, LanguageModelOptions, LanguageModelResponse, LanguageModelResponseContentType,
    LanguageModelStreamChunk,
};
use aisdk::core::tools::ToolCallInfo;
use aisdk::core::utils::step_count_is;
use aisdk::core::{LanguageModelRequest, Message, Tool};
use aisdk::macros::tool;
use async_trait::async_trait;
use futures_util::Stream;
use serde_json::json;

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

/// The stream type of aisdk's models. The alias in aisdk is private.
type Streamed = Pin<Box<dyn Stream<Item = aisdk::Result<Vec<LanguageModelStreamChunk>>> + Send>>;

/// A model that answers immediately, or calls a tool first.
#[derive(Debug, Clone)]
struct Mock {
    calls: bool,
}

impl TextInputSupport for Mock {}
impl ToolCallSupport for Mock {}

#[async_trait]
impl LanguageModel for Mock {
    fn name(&self) -> String {
        "mock".to_owned()
    }

    async fn generate_text(&mut self, options: LanguageModelOptions) -> aisdk::Result<LanguageModelResponse> {
        if !self.calls {
            return Ok(LanguageModelResponse::new(ANSWER));
        }
        let messages = options.messages();
        let Some(Message::Tool(result)) = messages.last() else {
            let mut call = ToolCallInfo::new("add");
            call.id("call_1");
            call.input(json!({"left": 2, "right": 3}));
            return Ok(LanguageModelResponse {
                contents: vec![LanguageModelResponseContentType::ToolCall(call)],
                usage: None,
            });
        };
        let is_correct = result.output.as_ref().is_ok_and(|output| output == SUM);
        Ok(LanguageModelResponse::new(if is_correct {
            ANSWER
        } else {
            "wrong"
        }))
    }

    async fn stream_text(&mut self, _options: LanguageModelOptions) -> aisdk::Result<Streamed> {
        Err(aisdk::Error::Other("the mock does not stream".to_owned()))
    }
}

#[tool]
/// Adds two numbers.
fn add(left: i64, right: i64) -> Tool {
    Ok((left + right).to_string())
}

macro_rules! tool {
    ($function:ident $type:ident $name:literal) => {
        #[tool]
        /// Adds two numbers.
        fn $function(left: i64, right: i64) -> Tool {
            Ok((left + right).to_string())
        }
    };
}
ten!(tool);

fn bare(model: &Mock) -> LanguageModelRequest<Mock> {
    LanguageModelRequest::builder()
        .model(model.clone())
        .system(INSTRUCTIONS)
        .prompt(QUESTION)
        .build()
}

fn adds(model: &Mock) -> LanguageModelRequest<Mock> {
    LanguageModelRequest::builder()
        .model(model.clone())
        .system(INSTRUCTIONS)
        .prompt(QUESTION)
        .with_tool(add())
        .stop_when(step_count_is(4))
        .build()
}

fn ten(model: &Mock) -> LanguageModelRequest<Mock> {
    LanguageModelRequest::builder()
        .model(model.clone())
        .system(INSTRUCTIONS)
        .prompt(QUESTION)
        .with_tool(add_0())
        .with_tool(add_1())
        .with_tool(add_2())
        .with_tool(add_3())
        .with_tool(add_4())
        .with_tool(add_5())
        .with_tool(add_6())
        .with_tool(add_7())
        .with_tool(add_8())
        .with_tool(add_9())
        .build()
}

async fn answer(request: &mut LanguageModelRequest<Mock>) -> Outcome<()> {
    let text = black_box(request).generate_text().await?.text();
    expect(text.as_deref().unwrap_or_default())
}

async fn create(times: u64) -> Outcome<Duration> {
    let model = Mock { calls: false };
    repeat_now(times, || {
        black_box(bare(black_box(&model)));
        Ok(())
    })
}

async fn create_ten(times: u64) -> Outcome<Duration> {
    let model = Mock { calls: false };
    repeat_now(times, || {
        black_box(ten(black_box(&model)));
        Ok(())
    })
}

async fn run(times: u64) -> Outcome<Duration> {
    let mut request = bare(&Mock { calls: false });
    repeat(times, async || answer(&mut request).await).await
}

async fn create_and_run(times: u64) -> Outcome<Duration> {
    let model = Mock { calls: false };
    repeat(times, async || answer(&mut bare(&model)).await).await
}

async fn tool_run(times: u64) -> Outcome<Duration> {
    let mut request = adds(&Mock { calls: true });
    repeat(times, async || answer(&mut request).await).await
}

async fn create_and_tool_run(times: u64) -> Outcome<Duration> {
    let model = Mock { calls: true };
    repeat(times, async || answer(&mut adds(&model)).await).await
}

/// Measures creating the value that the framework passes to its models.
async fn definition(times: u64) -> Outcome<Duration> {
    repeat_now(times, || {
        black_box(add());
        Ok(())
    })
}
