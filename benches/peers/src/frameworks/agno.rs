//! Cases for agno. The agents and tools are declared with macros.

use std::hint::black_box;
use std::time::Duration;

use agno::Session;
use agno::model::{Delta, FinishReason, Model, ModelError, ModelId, Reply, Request, ToolCalling};
use agno::prelude::*;
use agno::schema::dialect;
use agno::tool::Toolset;
use futures_util::{Stream, stream};

use crate::case::{
    ANSWER, ARGUMENTS, MESSAGES, Outcome, QUESTION, SUM, cases, expect, expect_written, repeat, repeat_now,
    ten,
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
#[derive(Debug, Clone, Copy)]
pub(super) struct Mock {
    pub(super) calls: bool,
}

impl Model for Mock {
    type Dialect = dialect::OpenAi;

    fn dialect(&self) -> Self::Dialect {
        dialect::OpenAi
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new("mock", "mock")
    }

    async fn complete<'a>(&'a self, request: Request<'a>) -> Result<Reply, ModelError> {
        if !self.calls {
            return Ok(Reply::text(ANSWER));
        }
        let last = request.messages.iter().last();
        match last.and_then(|message| message.calls().next()) {
            None => Ok(Reply::call("call_1", "add", ARGUMENTS)),
            Some(call) if call.result_text() == SUM => Ok(Reply::text(ANSWER)),
            Some(_) => Ok(Reply::text("wrong")),
        }
    }

    fn stream<'a>(
        &'a self,
        _request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        stream::iter([Delta::Text(ANSWER.to_owned()), Delta::Finish(FinishReason::Stop)].map(Ok))
    }
}

impl ToolCalling for Mock {}

/// Adds two numbers.
#[tool]
pub async fn add(
    /// The first number.
    left: i64,
    /// The second number.
    right: i64,
) -> i64 {
    left + right
}

macro_rules! tool {
    ($function:ident $type:ident $name:literal) => {
        /// Adds two numbers.
        #[tool]
        pub async fn $function(
            /// The first number.
            left: i64,
            /// The second number.
            right: i64,
        ) -> i64 {
            left + right
        }
    };
}
ten!(tool);

#[agent(instructions = "Answer.")]
struct Bare;

#[agent(instructions = "Answer.", tools = [add])]
struct Adds;

#[agent(instructions = "Answer.", tools = [add_0, add_1, add_2, add_3, add_4, add_5, add_6, add_7, add_8, add_9])]
struct Ten;

const TEXT: Mock = Mock { calls: false };
const CALLS: Mock = Mock { calls: true };

async fn create(times: u64) -> Outcome<Duration> {
    repeat_now(times, || {
        black_box(Bare.with(black_box(TEXT)));
        Ok(())
    })
}

async fn create_ten(times: u64) -> Outcome<Duration> {
    repeat_now(times, || {
        black_box(Ten.with(black_box(TEXT)));
        Ok(())
    })
}

async fn run(times: u64) -> Outcome<Duration> {
    let agent = Bare.with(TEXT);
    repeat(times, async || {
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

async fn create_and_run(times: u64) -> Outcome<Duration> {
    repeat(times, async || {
        let agent = black_box(Bare.with(black_box(TEXT)));
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

async fn tool_run(times: u64) -> Outcome<Duration> {
    let agent = Adds.with(CALLS);
    repeat(times, async || {
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

async fn create_and_tool_run(times: u64) -> Outcome<Duration> {
    repeat(times, async || {
        let agent = black_box(Adds.with(black_box(CALLS)));
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

/// Measures writing the tool definition to a request body.
async fn definition(times: u64) -> Outcome<Duration> {
    let mut body = Vec::with_capacity(1024);
    repeat_now(times, || {
        body.clear();
        black_box(&add {}).declare(dialect::OpenAi, &mut |_, json| {
            body.extend_from_slice(json.as_bytes())
        });
        expect_written(!black_box(&body).is_empty())
    })
}

async fn append(times: u64) -> Outcome<Duration> {
    let mut session = Session::new(Owner::shared());
    let mut left = MESSAGES;
    repeat_now(times, || {
        session.push(black_box(QUESTION));
        left -= 1;
        if left == 0 {
            session.clear();
            left = MESSAGES;
        }
        Ok(())
    })
}
