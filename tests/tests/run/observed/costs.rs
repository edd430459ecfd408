//! The cost of runs whose requests are answered by several models.

use agno::agent::DynAgent;
use agno::pricing::{CostMeter, Price, PriceTable};

use super::*;

/// Delegates.
#[agent(agents = [self.member])]
struct Chief {
    /// Does the work.
    member: DynAgent,
}

/// Prices with which a cost is a number of tokens.
fn prices() -> PriceTable {
    PriceTable::new()
        .with_price("scripted", "*", Price::new(1e6, 0.0))
        .with_price("function", "*", Price::new(1e9, 0.0))
}

fn costing(reply: Reply, tokens: u64) -> Turn {
    Turn::reply(reply.with_usage(Usage::new(tokens, 0)))
}

fn other_model(tokens: u64) -> impl agno::Model {
    FunctionModel::new(move |_: &Request<'_>| Ok(Reply::text("Done.").with_usage(Usage::new(tokens, 0))))
}

#[tokio::test]
async fn the_cost_of_a_run_includes_its_agents_at_the_prices_of_their_models() {
    let model = ScriptedModel::new()
        .turn(costing(Reply::call("a", "member", r#"{"task":"Work."}"#), 1))
        .turn(costing(Reply::call("b", "member", r#"{"task":"Work."}"#), 2))
        .turn(costing(Reply::text("Done."), 4));
    let meter = CostMeter::new(prices());
    let member = Plain.with(other_model(8)).erase();
    Chief { member }
        .with(model)
        .observe(&meter)
        .run("go")
        .await
        .unwrap();
    let total = meter.total();
    assert_eq!((total.usd, total.requests, total.unpriced), (16_007.0, 5, 0));
    assert_eq!(total.usage, Usage::new(23, 0));
    let models = meter.by_model();
    let models: Vec<_> = models
        .iter()
        .map(|model| (&*model.name, model.cost.usd, model.cost.requests))
        .collect();
    assert_eq!(models, [("function", 16_000.0, 2), ("script", 7.0, 3)]);
}

#[tokio::test]
async fn a_request_is_priced_by_the_model_that_answers_it() {
    let meter = CostMeter::new(prices());
    let failing = || {
        ScriptedModel::new()
            .fault(ModelErrorKind::QuotaExceeded)
            .turn(costing(Reply::text("Hello."), 1))
    };
    let agent = Plain.with(failing().fallback(other_model(2))).observe(&meter);
    for expected in [2_000.0, 2_001.0] {
        agent.run("Hi").await.unwrap();
        assert_eq!(meter.total().usd, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_retried_fallback_is_priced_by_the_model_that_answers_at_last() {
    let meter = CostMeter::new(prices());
    let first = ScriptedModel::new()
        .fault(ModelErrorKind::QuotaExceeded)
        .turn(costing(Reply::text("Hello."), 1));
    let second =
        FunctionModel::new(|_: &Request<'_>| Err(ModelError::new(ModelErrorKind::Overloaded, "busy")));
    let model = first.fallback(second).retry(RetryLayer::new());
    Plain.with(model).observe(&meter).run("Hi").await.unwrap();
    assert_eq!(meter.total().usd, 1.0);
}

#[tokio::test]
async fn cached_replies_are_free_and_unknown_prices_are_counted() {
    let meter = CostMeter::new(prices());
    let model = ScriptedModel::new()
        .turn(costing(Reply::text("Hello."), 1))
        .cache(CacheLayer::in_memory(1 << 20));
    let agent = Plain.with(model).observe(&meter);
    agent.run("Hi").await.unwrap();
    agent.run("Hi").await.unwrap();
    assert_eq!((meter.total().usd, meter.total().requests), (1.0, 1));

    let meter = CostMeter::new(PriceTable::new());
    Plain
        .with(other_model(1))
        .observe(&meter)
        .run("Hi")
        .await
        .unwrap();
    let total = meter.total();
    assert_eq!((total.usd, total.requests, total.unpriced), (0.0, 1, 1));
}

#[tokio::test]
async fn the_reported_name_of_a_model_is_used_if_the_requested_name_has_no_price() {
    let prices = PriceTable::new().with_price("function", "large", Price::new(1e6, 0.0));
    let meter = CostMeter::new(prices);
    let model = FunctionModel::new(|_: &Request<'_>| {
        let mut reply = Reply::text("Hello.").with_usage(Usage::new(3, 0));
        reply.model = Some("large".to_owned());
        Ok(reply)
    });
    Plain.with(model).observe(&meter).run("Hi").await.unwrap();
    assert_eq!((meter.total().usd, meter.total().unpriced), (3.0, 0));
}
