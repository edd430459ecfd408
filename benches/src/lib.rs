//! The cases that are measured, once: the criterion bench, the quick table and the allocation tests all run these.

pub mod agents;
mod dispatch;
pub mod model;

use std::hint::black_box;

use agno::model::DynModel;
use agno::prelude::*;
use futures_util::FutureExt;

use agents::{ByHand, Dynamic, Static, dynamic_agent, dynamic_weather, weather_schema};
use dispatch::{hundred, one, ten, three_hundred};
use model::Mock;

/// One thing that is measured, in one form.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// What is done.
    pub name: &'static str,
    /// By what: made by the macros, by hand, or put together at run time.
    pub form: &'static str,
    /// Does it so many times.
    pub run: fn(u64),
    /// The most allocations that doing it once may make, or `None` where it does not matter.
    pub most_allocations: Option<u64>,
}

/// Every case.
pub const CASES: &[Case] = &[
    case("creation", "static", create_static, Some(0)),
    case("creation", "by hand", create_by_hand, Some(0)),
    case("creation", "dynamic", create_dynamic, None),
    case("run", "static", run_static, Some(3)),
    case("run", "by hand", run_by_hand, Some(3)),
    case("run", "dynamic", run_dynamic, None),
    case("tool run", "static", tool_run_static, Some(10)),
    case("tool run", "by hand", tool_run_by_hand, Some(10)),
    case("tool run", "dynamic", tool_run_dynamic, None),
    case("definition", "static", definition_static, Some(0)),
    case("definition", "by hand", definition_by_hand, Some(0)),
    case("definition", "dynamic", definition_dynamic, None),
    case("dispatch 1", "static", one::of_static, Some(0)),
    case("dispatch 1", "one by one", one::one_by_one, Some(0)),
    case("dispatch 1", "hash map", one::hash_map, None),
    case("dispatch 10", "static", ten::of_static, Some(0)),
    case("dispatch 10", "one by one", ten::one_by_one, Some(0)),
    case("dispatch 10", "hash map", ten::hash_map, None),
    case("dispatch 100", "static", hundred::of_static, Some(0)),
    case("dispatch 100", "one by one", hundred::one_by_one, Some(0)),
    case("dispatch 100", "hash map", hundred::hash_map, None),
    case("dispatch 300", "static", three_hundred::of_static, Some(0)),
    case("dispatch 300", "one by one", three_hundred::one_by_one, Some(0)),
    case("dispatch 300", "hash map", three_hundred::hash_map, None),
];

const fn case(name: &'static str, form: &'static str, run: fn(u64), most_allocations: Option<u64>) -> Case {
    Case {
        name,
        form,
        run,
        most_allocations,
    }
}

fn create_static(times: u64) {
    for _ in 0..times {
        black_box(black_box(Static).with(black_box(&Mock::TEXT)));
    }
}

fn create_by_hand(times: u64) {
    for _ in 0..times {
        black_box(black_box(ByHand).with(black_box(&Mock::TEXT)));
    }
}

fn create_dynamic(times: u64) {
    let model = Mock::TEXT.erase();
    for _ in 0..times {
        let _ = black_box(dynamic_agent(black_box(&model)));
    }
}

fn answers<D: Declared, M: Model>(agent: &Agent<D, M>, times: u64) {
    for _ in 0..times {
        let _ = black_box(
            agent
                .run(black_box("What is the weather in Oslo?"))
                .now_or_never(),
        );
    }
}

fn run_static(times: u64) {
    answers(&Static.with(Mock::TEXT), times);
}

fn run_by_hand(times: u64) {
    answers(&ByHand.with(Mock::TEXT), times);
}

fn run_dynamic(times: u64) {
    answers_dynamic(Mock::TEXT.erase(), times);
}

fn tool_run_static(times: u64) {
    answers(&Static.with(Mock::ONE_CALL), times);
}

fn tool_run_by_hand(times: u64) {
    answers(&ByHand.with(Mock::ONE_CALL), times);
}

fn tool_run_dynamic(times: u64) {
    answers_dynamic(Mock::ONE_CALL.erase(), times);
}

fn answers_dynamic(model: DynModel, times: u64) {
    let tools = dynamic_weather()
        .and_then(|weather| agno::tool::DynTools::new().with(weather))
        .unwrap_or_default();
    let agent = Dynamic { tools }.with(model).erase();
    for _ in 0..times {
        let _ = black_box(
            agent
                .run(black_box("What is the weather in Oslo?"))
                .now_or_never(),
        );
    }
}

/// Writes the tools array of a request.
fn define<D: Declared>(declared: &D, body: &mut Vec<u8>) {
    use agno::tool::Toolset;
    body.clear();
    declared
        .tools()
        .declare(agno::schema::dialect::OpenAi, &mut |_, declaration| {
            body.extend_from_slice(declaration.as_bytes());
        });
    black_box(&body);
}

fn definition_static(times: u64) {
    let mut body = Vec::with_capacity(4096);
    (0..times).for_each(|_| define(black_box(&Static), &mut body));
}

fn definition_by_hand(times: u64) {
    let mut body = Vec::with_capacity(4096);
    (0..times).for_each(|_| define(black_box(&ByHand), &mut body));
}

fn definition_dynamic(times: u64) {
    let mut body = Vec::with_capacity(4096);
    for _ in 0..times {
        let schema = black_box(weather_schema());
        let declaration = serde_json::json!({
            "name": "weather",
            "description": "Current weather in a city.",
            "parameters": schema,
        });
        body.clear();
        let _ = serde_json::to_writer(&mut body, &declaration);
        black_box(&body);
    }
}
