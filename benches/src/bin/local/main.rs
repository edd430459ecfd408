//! What the embedded model costs and how well it does: `cargo run --release -p agno-benches --features local --bin local`,
//! with other weights: `... --bin local -- /models/file.gguf`.
//!
//! The first prompt forms were tried on the questions marked `chosen_on` alone; between the last few, the figures of all
//! questions decided, so none of the figures is that of questions never looked at.

#![allow(clippy::print_stdout, reason = "it prints its figures")]

use std::time::{Duration, Instant};

use agno::local::Local;
use agno::message::{AssistantMessage, Part, Parts};
use agno::model::{Declarations, Delta, Reply, ReplyBuilder, Request, Settings, ToolDeclaration, Tools};
use agno::{Message, Model, ModelError, ToolCall, ToolResult};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Set {
    tools: Vec<Value>,
    questions: Vec<Question>,
    results: Vec<Answered>,
}

/// A question, and the call it should become, if any.
#[derive(Deserialize)]
struct Question {
    ask: String,
    tools: Vec<String>,
    call: Option<String>,
    /// What the arguments must have in them.
    with: String,
    chosen_on: bool,
}

/// A call that was answered, and what must be said of the result: one word of each list.
#[derive(Deserialize)]
struct Answered {
    ask: String,
    tools: Vec<String>,
    call: String,
    arguments: Value,
    result: Value,
    says: Vec<Vec<String>>,
}

struct Declared<'a>(Vec<&'a Value>);

impl Declarations for Declared<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn for_each(&self, _dialect: agno::schema::AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        for tool in &self.0 {
            let text = |key: &str| tool[key].as_str().unwrap_or_default();
            visit(ToolDeclaration::new(
                text("name"),
                text("description"),
                &tool.to_string(),
            ));
        }
    }
}

impl Set {
    fn tools(&self, names: &[String]) -> Declared<'_> {
        Declared(
            self.tools
                .iter()
                .filter(|tool| names.iter().any(|name| tool["name"] == **name))
                .collect(),
        )
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "smollm2-135m".to_owned());
    let set: Set = serde_json::from_str(include_str!("questions.json"))?;
    let begun = Instant::now();
    if agno::local::known().any(|known| known == name) {
        agno::local::fetch(&name)?;
    }
    let model = Local::load(&name)?;
    println!(
        "{name}: loaded in {:.2} s, context {} tokens",
        begun.elapsed().as_secs_f64(),
        model.context()
    );
    futures_util_block(async {
        speed(&model).await?;
        quality(&model, &set).await
    })?;
    println!("memory at its highest: {}", memory());
    Ok(())
}

/// Runs a future on this thread; the model has a thread of its own.
fn futures_util_block<T>(future: impl Future<Output = T>) -> T {
    struct Thread(std::thread::Thread);
    impl std::task::Wake for Thread {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Thread(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

/// An answer with the time to its first piece and in all.
async fn timed(model: &Local, request: Request<'_>) -> Result<(Reply, Duration, Duration), ModelError> {
    let begun = Instant::now();
    let mut first = None;
    let mut builder = ReplyBuilder::new();
    let mut deltas = std::pin::pin!(model.stream(request));
    while let Some(delta) = deltas.next().await {
        let delta = delta?;
        if matches!(delta, Delta::Text(_) | Delta::CallStart { .. }) {
            first.get_or_insert_with(|| begun.elapsed());
        }
        builder.push(&delta);
    }
    Ok((builder.finish()?, first.unwrap_or_default(), begun.elapsed()))
}

async fn speed(model: &Local) -> Result<(), ModelError> {
    let long = "The ship left the harbour at dawn and the town was quiet. ".repeat(50);
    let asked = [Message::user(format!("{long}Tell me a long story about it."))];
    let settings = Settings::default().with_max_tokens(200);
    let (reply, first, all) = timed(model, Request::new(&asked).with_settings(&settings)).await?;
    let per_second = |tokens: u64, time: Duration| tokens as f64 / time.as_secs_f64();
    println!(
        "prompt: {:.0} tokens/s ({} tokens), answer: {:.1} tokens/s ({} tokens)",
        per_second(reply.usage.input - reply.usage.cached, first),
        reply.usage.input,
        per_second(reply.usage.output - 1, all - first),
        reply.usage.output,
    );
    let (again, first, _) = timed(model, Request::new(&asked).with_settings(&settings)).await?;
    println!(
        "the same again: first word after {:.0} ms ({} of {} tokens kept)",
        first.as_secs_f64() * 1e3,
        again.usage.cached,
        again.usage.input
    );
    Ok(())
}

async fn quality(model: &Local, set: &Set) -> Result<(), ModelError> {
    let mut right = [(0, 0); 2];
    let (mut time, mut tokens) = (Duration::ZERO, 0);
    for question in &set.questions {
        let tools = set.tools(&question.tools);
        let asked = [Message::user(question.ask.as_str())];
        let (reply, _, all) = timed(model, Request::new(&asked).with_tools(Tools::new(&tools))).await?;
        let mut calls = reply.message.calls();
        let good = match (calls.next(), &question.call) {
            (None, None) => true,
            (Some(call), Some(want)) => {
                let has = call
                    .arguments
                    .to_lowercase()
                    .contains(&question.with.to_lowercase());
                call.name == *want && has && calls.next().is_none()
            }
            _ => false,
        };
        if question.call.is_some() {
            time += all;
            tokens += reply.usage.output;
        }
        let (hits, of) = &mut right[usize::from(!question.chosen_on)];
        *hits += usize::from(good);
        *of += 1;
        if !good {
            println!("  missed: {} -> {}", question.ask, said(&reply));
        }
    }
    println!(
        "right call, or none: {}/{} of the first questions, {}/{} of others",
        right[0].0, right[0].1, right[1].0, right[1].1
    );
    println!(
        "answers of calls: {:.1} tokens/s with reading and grammar",
        f64::from(u32::try_from(tokens).unwrap_or(0)) / time.as_secs_f64()
    );
    let mut hits = 0;
    for answered in &set.results {
        let tools = set.tools(&answered.tools);
        let mut call = ToolCall::new("call_1", answered.call.as_str(), answered.arguments.to_string());
        let result = answered
            .result
            .as_str()
            .map_or_else(|| answered.result.to_string(), str::to_owned);
        call.result = Some(ToolResult::from_text(result));
        let message = AssistantMessage::new(Parts::one(Part::from(call)));
        let asked = [Message::user(answered.ask.as_str()), Message::Assistant(message)];
        let (reply, ..) = timed(model, Request::new(&asked).with_tools(Tools::new(&tools))).await?;
        let text = reply.message.text().to_lowercase();
        let good = answered
            .says
            .iter()
            .all(|any| any.iter().any(|word| text.contains(&word.to_lowercase())));
        hits += usize::from(good);
        println!(
            "  {} {} -> {}",
            if good { "told" } else { "not told" },
            answered.ask,
            said(&reply)
        );
    }
    println!("results told: {hits}/{}", set.results.len());
    Ok(())
}

fn said(reply: &Reply) -> String {
    match reply.message.calls().next() {
        Some(call) => format!("{}({})", call.name, call.arguments),
        None => reply.message.text().into_owned(),
    }
}

/// The most memory this process has had, where the system says so.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not known here".to_owned(), |line| line.trim().to_owned())
}
