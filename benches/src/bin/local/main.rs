//! Measures the speed and quality of the embedded model.
//!
//! `cargo run --release -p agno-benches --features local --bin local`, or with other weights: `... --bin local -- /models/file.gguf`
//!
//! Early prompt formats were selected with only the questions marked `chosen_on`. The final choice used all questions, so no
//! question is a true hold-out.

#![allow(clippy::print_stdout, reason = "the program prints its results")]

use std::time::{Duration, Instant};

use agno::local::Local;
use agno::message::{AssistantMessage, Part, Parts};
use agno::model::{Declarations, Delta, Reply, ReplyBuilder, Request, Settings, ToolDeclaration, Tools};
use agno::{Message, Model, ModelError, ToolCall, ToolResult};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct QuestionSet {
    tools: Vec<Value>,
    questions: Vec<Question>,
    results: Vec<ToolResultCase>,
}

/// A question and the expected call, if any.
#[derive(Deserialize)]
struct Question {
    ask: String,
    tools: Vec<String>,
    call: Option<String>,
    /// Text that the arguments must contain.
    with: String,
    chosen_on: bool,
}

/// A completed call, and lists of words. The answer must contain a word from each list.
#[derive(Deserialize)]
struct ToolResultCase {
    ask: String,
    tools: Vec<String>,
    call: String,
    arguments: Value,
    result: Value,
    expected_words: Vec<Vec<String>>,
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

impl QuestionSet {
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
    let set: QuestionSet = serde_json::from_str(include_str!("questions.json"))?;
    let started = Instant::now();
    if agno::local::known_names().any(|known| known == name) {
        agno::local::fetch(&name)?;
    }
    let model = Local::load(&name)?;
    println!(
        "{name}: loaded in {:.2} s, context {} tokens",
        started.elapsed().as_secs_f64(),
        model.context()
    );
    block_on(async {
        speed(&model).await?;
        quality(&model, &set).await
    })?;
    println!("peak memory: {}", peak_memory());
    Ok(())
}

/// Runs a future on this thread; the model has its own thread.
fn block_on<T>(future: impl Future<Output = T>) -> T {
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

/// Returns a reply, the time to its first text or call, and the total time.
async fn timed(model: &Local, request: Request<'_>) -> Result<(Reply, Duration, Duration), ModelError> {
    let started = Instant::now();
    let mut first = None;
    let mut builder = ReplyBuilder::new();
    let mut deltas = std::pin::pin!(model.stream(request));
    while let Some(delta) = deltas.next().await {
        let delta = delta?;
        if matches!(delta, Delta::Text(_) | Delta::CallStart { .. }) {
            first.get_or_insert_with(|| started.elapsed());
        }
        builder.push(&delta);
    }
    Ok((builder.finish()?, first.unwrap_or_default(), started.elapsed()))
}

async fn speed(model: &Local) -> Result<(), ModelError> {
    let long = "The ship left the harbor at dawn and the town was quiet. ".repeat(50);
    let messages = [Message::user(format!("{long}Write a long story about it."))];
    let settings = Settings::default().with_max_tokens(200);
    let (reply, first, total) = timed(model, Request::new(&messages).with_settings(&settings)).await?;
    let per_second = |tokens: u64, time: Duration| tokens as f64 / time.as_secs_f64();
    println!(
        "prompt: {:.0} tokens/s ({} tokens), answer: {:.1} tokens/s ({} tokens)",
        per_second(reply.usage.input - reply.usage.cached, first),
        reply.usage.input,
        per_second(reply.usage.output - 1, total - first),
        reply.usage.output,
    );
    let (again, first, _) = timed(model, Request::new(&messages).with_settings(&settings)).await?;
    println!(
        "repeated request: first token after {:.0} ms ({} of {} tokens cached)",
        first.as_secs_f64() * 1e3,
        again.usage.cached,
        again.usage.input
    );
    Ok(())
}

async fn quality(model: &Local, set: &QuestionSet) -> Result<(), ModelError> {
    let mut scores = [(0, 0); 2];
    let (mut time, mut tokens) = (Duration::ZERO, 0);
    for question in &set.questions {
        let tools = set.tools(&question.tools);
        let messages = [Message::user(question.ask.as_str())];
        let (reply, _, total) = timed(model, Request::new(&messages).with_tools(Tools::new(&tools))).await?;
        let mut calls = reply.message.calls();
        let is_correct = match (calls.next(), &question.call) {
            (None, None) => true,
            (Some(call), Some(expected)) => {
                let contains = call
                    .arguments
                    .to_lowercase()
                    .contains(&question.with.to_lowercase());
                call.name == *expected && contains && calls.next().is_none()
            }
            _ => false,
        };
        if question.call.is_some() {
            time += total;
            tokens += reply.usage.output;
        }
        let (hits, count) = &mut scores[usize::from(!question.chosen_on)];
        *hits += usize::from(is_correct);
        *count += 1;
        if !is_correct {
            println!("  missed: {} -> {}", question.ask, describe(&reply));
        }
    }
    println!(
        "correct call or correctly no call: {}/{} of the selection questions, {}/{} of the others",
        scores[0].0, scores[0].1, scores[1].0, scores[1].1
    );
    println!(
        "replies with calls: {:.1} tokens/s, including prompt and grammar",
        f64::from(u32::try_from(tokens).unwrap_or(0)) / time.as_secs_f64()
    );
    let mut hits = 0;
    for case in &set.results {
        let tools = set.tools(&case.tools);
        let mut call = ToolCall::new("call_1", case.call.as_str(), case.arguments.to_string());
        let result = case
            .result
            .as_str()
            .map_or_else(|| case.result.to_string(), str::to_owned);
        call.result = Some(ToolResult::from_text(result));
        let message = AssistantMessage::new(Parts::one(Part::from(call)));
        let messages = [Message::user(case.ask.as_str()), Message::Assistant(message)];
        let (reply, ..) = timed(model, Request::new(&messages).with_tools(Tools::new(&tools))).await?;
        let text = reply.message.text().to_lowercase();
        let is_correct = case
            .expected_words
            .iter()
            .all(|any| any.iter().any(|word| text.contains(&word.to_lowercase())));
        hits += usize::from(is_correct);
        println!(
            "  {} {} -> {}",
            if is_correct { "reported" } else { "missed" },
            case.ask,
            describe(&reply)
        );
    }
    println!("results reported: {hits}/{}", set.results.len());
    Ok(())
}

/// Formats the first call of a reply, or its text.
fn describe(reply: &Reply) -> String {
    match reply.message.calls().next() {
        Some(call) => format!("{}({})", call.name, call.arguments),
        None => reply.message.text().into_owned(),
    }
}

/// Returns the peak memory of this process, if the system reports it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(
        || "unknown on this system".to_owned(),
        |line| line.trim().to_owned(),
    )
}
