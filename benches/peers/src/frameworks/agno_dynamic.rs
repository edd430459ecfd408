//! Cases for agno with type-erased agents and models, and with dynamic tools, whose schemas are known only at run time.

use std::hint::black_box;
use std::time::Duration;

use agno::agent::DynAgent;
use agno::model::DynModel;
use agno::prelude::*;
use agno::schema::dialect;
use agno::tool::{DynTool, DynTools, Toolset};
use serde_json::{Value, json};

use super::agno::Mock;
use crate::case::{Outcome, QUESTION, cases, expect, expect_written, repeat, repeat_now};

cases! {
    "create": create,
    "create with 10 tools": create_ten,
    "run": run,
    "create and run": create_and_run,
    "tool run": tool_run,
    "create and tool run": create_and_tool_run,
    "definition": definition,
}

#[agent(instructions = "Answer.", tools = [self.tools])]
struct Dynamic {
    tools: DynTools,
}

fn add(name: &'static str) -> Outcome<DynTool> {
    let schema = json!({
        "type": "object",
        "properties": {
            "left": {"type": "integer", "description": "The first number."},
            "right": {"type": "integer", "description": "The second number."},
        },
        "required": ["left", "right"],
        "additionalProperties": false,
    });
    Ok(DynTool::from_fn(name, "Adds two numbers.", schema, |args, _run| async move {
        let number = |name: &str| args.get(name).and_then(Value::as_i64).unwrap_or_default();
        Ok(number("left") + number("right"))
    })?)
}

fn create_agent(names: &[&'static str], model: &DynModel) -> Outcome<DynAgent> {
    let mut tools = DynTools::new();
    for name in names {
        tools = tools.with_tool(add(name)?)?;
    }
    Ok(Dynamic { tools }.with(model.clone()).erase())
}

const TEN: [&str; 10] = [
    "add_0", "add_1", "add_2", "add_3", "add_4", "add_5", "add_6", "add_7", "add_8", "add_9",
];

fn model(calls: bool) -> DynModel {
    Mock { calls }.erase()
}

async fn create(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat_now(times, || {
        black_box(create_agent(&[], black_box(&model))?);
        Ok(())
    })
}

async fn create_ten(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat_now(times, || {
        black_box(create_agent(&TEN, black_box(&model))?);
        Ok(())
    })
}

async fn run(times: u64) -> Outcome<Duration> {
    let agent = create_agent(&[], &model(false))?;
    repeat(times, async || {
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

async fn create_and_run(times: u64) -> Outcome<Duration> {
    let model = model(false);
    repeat(times, async || {
        let agent = create_agent(&[], black_box(&model))?;
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

async fn tool_run(times: u64) -> Outcome<Duration> {
    let agent = create_agent(&["add"], &model(true))?;
    repeat(times, async || {
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

async fn create_and_tool_run(times: u64) -> Outcome<Duration> {
    let model = model(true);
    repeat(times, async || {
        let agent = create_agent(&["add"], black_box(&model))?;
        expect(&agent.run(black_box(QUESTION)).await?.text())
    })
    .await
}

/// Measures writing the tool definition to a request body.
async fn definition(times: u64) -> Outcome<Duration> {
    let tools = DynTools::new().with_tool(add("add")?)?;
    let mut body = Vec::with_capacity(1024);
    repeat_now(times, || {
        body.clear();
        black_box(&tools).declare(dialect::OpenAi, &mut |_, json| {
            body.extend_from_slice(json.as_bytes())
        });
        expect_written(!black_box(&body).is_empty())
    })
}
