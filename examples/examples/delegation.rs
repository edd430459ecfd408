//! Delegation: a desk that calls two experts. Their events are in one stream, and a refund by one of them waits for
//! approval, which pauses the run of the desk.
//!
//! `cargo run --example delegation` uses a scripted model. If `AGNO_MODEL` or `OPENAI_API_KEY` is set, a real model decides
//! which experts to call.

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::{ErrorKind, Run};
use agno_examples::{model_or, show};

/// The orders of the shop.
struct Store {
    orders: Vec<(u64, &'static str)>,
}

/// Knows the orders of the shop and their state.
#[agent(instructions = "Answer with the state of the order in one sentence.", tools = [self])]
struct Orders<'a> {
    store: &'a Store,
}

#[toolkit]
impl Orders<'_> {
    /// Returns the state of an order.
    #[tool(read_only)]
    fn state(
        &self,
        /// Order number.
        id: u64,
    ) -> Result<&str, String> {
        let mut orders = self.store.orders.iter();
        let found = orders.find(|(known, _)| *known == id);
        found
            .map(|(_, state)| *state)
            .ok_or_else(|| format!("order {id} does not exist"))
    }
}

/// Refunds an order.
#[tool(approval)]
fn refund(
    /// Order number.
    id: u64,
) -> String {
    format!("order {id} is refunded")
}

/// Pays money back to customers.
#[agent(instructions = "Refund what the task names, then report it in one sentence.", tools = [refund])]
struct Payments;

/// Helps customers of the shop.
#[agent(
    instructions = "Help {customer}. Delegate each question to an expert, then answer in one sentence.",
    agents = [self.orders, Payments],
    max_total_turns = 20,
)]
struct Desk<'a> {
    customer: &'a str,
    orders: Orders<'a>,
}

fn script() -> ScriptedModel {
    ScriptedModel::new()
        .call("orders", r#"{"task":"What is the state of order 7?"}"#)
        .call("state", r#"{"id":7}"#)
        .reply("Order 7 arrived broken.")
        .call("payments", r#"{"task":"Refund order 7, which arrived broken."}"#)
        .call("refund", r#"{"id":7}"#)
        .reply("I refunded order 7.")
        .reply("I am sorry. You will receive a refund for order 7.")
}

#[tokio::main]
async fn main() -> agno::Result<()> {
    let store = Store {
        orders: vec![(7, "arrived broken"), (9, "in transit")],
    };
    let desk = Desk {
        customer: "Ada",
        orders: Orders { store: &store },
    };
    let agent = desk.with(model_or(script)?);

    let question = "My order 7 is broken. I want my money back.";
    println!("{question}");
    let mut events = agent.stream(question);
    let mut paused = None;
    while let Some(item) = events.next().await {
        match item {
            Ok(item) => print_event(&item),
            Err(error) if error.kind() == ErrorKind::Paused => paused = error.into_run(),
            Err(error) => return Err(error),
        }
    }
    let Some(mut run) = paused else {
        return Ok(());
    };

    // A service would store the run, which contains the run of the expert, and receive the decision later.
    approve_all(&mut run)?;
    let answer = agent.resume(run).await?;
    show(&answer);
    println!("  [{} requests of the desk]", answer.turns);
    Ok(())
}

/// Prints an event, indented by the number of agents above its run.
fn print_event(item: &agno::run::Envelope) {
    let indent = "  ".repeat(item.path.ids().len() + 1);
    let agent = &item.agent;
    match &item.event {
        Event::ToolStarted { call, .. } => {
            println!("{indent}{agent} calls {}({})", call.name, call.arguments);
        }
        Event::TurnStarted { turn, .. } => println!("{indent}{agent} starts request {turn}"),
        Event::Finished { answer, .. } => println!("{indent}{agent}: {answer}"),
        _ => {}
    }
}

/// Approves the waiting calls of all agents.
fn approve_all(run: &mut Run) -> agno::Result<()> {
    let waiting: Vec<_> = run
        .waiting()
        .map(|waiting| (waiting.path, waiting.call.clone()))
        .collect();
    for (path, call) in waiting {
        println!("? Approve {}({})? yes", call.name, call.arguments);
        run.approve(&path)?;
    }
    Ok(())
}
