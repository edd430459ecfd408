//! The cost of runs, including the runs of the agents that they call.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::PriceTable;
use crate::id::RunId;
use crate::model::{ModelEvent, ModelId, Reply, Usage};
use crate::observe::{Observation, ObservedRun, Observer};

/// Adds up the cost of the requests of the runs that it observes.
///
/// Each request is priced by the model that answered it, so the cost of a run includes the runs of the agents that it
/// calls, whatever their models are. Use one meter per run, agent or user, or a global one.
///
/// ```
/// use agno::Usage;
/// use agno::model::{Reply, ScriptedModel};
/// use agno::prelude::*;
/// use agno::pricing::{CostMeter, Price, PriceTable};
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let prices = PriceTable::published().with_price("scripted", "*", Price::new(1.0, 2.0));
/// let meter = CostMeter::new(prices);
/// let model = ScriptedModel::always(Reply::text("Hello.").with_usage(Usage::new(100_000, 50_000)));
/// Assistant.with(model).observe(&meter).run("Hi").await?;
///
/// let cost = meter.total();
/// assert_eq!((cost.usd, cost.requests, cost.unpriced), (0.2, 1, 0));
/// # Ok(())
/// # }
/// ```
///
/// # Limits
///
/// The cost is an estimate in US dollars; [`PriceTable::published`] lists what its prices do not account for. Cached
/// replies are free. A reply that is interrupted because its run is cancelled is not counted, and neither are failed
/// attempts that a layer repeats.
#[derive(Debug, Default)]
pub struct CostMeter {
    prices: PriceTable,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The costs by provider and name of the model.
    models: BTreeMap<(String, String), Cost>,
    /// The models that handle requests in progress, by run, if they are not those of the run.
    current: HashMap<RunId, (String, String)>,
}

/// The cost of requests, and what it is based on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Cost {
    /// The cost in US dollars, without the requests in `unpriced`.
    pub usd: f64,
    /// The tokens.
    pub usage: Usage,
    /// The number of requests.
    pub requests: u64,
    /// The number of requests to models whose price is unknown.
    pub unpriced: u64,
}

impl Cost {
    fn add(&mut self, usd: Option<f64>, usage: Usage) {
        self.usd += usd.unwrap_or_default();
        self.usage += usage;
        self.requests += 1;
        self.unpriced += u64::from(usd.is_none());
    }
}

/// The cost of the requests to one model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ModelCost {
    /// The provider, as in [`ModelId`].
    pub provider: String,
    /// The name of the model.
    pub name: String,
    /// The cost.
    pub cost: Cost,
}

impl CostMeter {
    /// Creates a meter.
    pub fn new(prices: PriceTable) -> Self {
        Self {
            prices,
            state: Mutex::default(),
        }
    }

    /// Returns the cost of all requests so far.
    pub fn total(&self) -> Cost {
        let mut total = Cost::default();
        for cost in self.state().models.values() {
            total.usd += cost.usd;
            total.usage += cost.usage;
            total.requests += cost.requests;
            total.unpriced += cost.unpriced;
        }
        total
    }

    /// Returns the costs by model, sorted by provider and name.
    pub fn by_model(&self) -> Vec<ModelCost> {
        let state = self.state();
        let costs = state.models.iter().map(|((provider, name), cost)| ModelCost {
            provider: provider.clone(),
            name: name.clone(),
            cost: *cost,
        });
        costs.collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a request of a run. The reported name of the model is used if the price of the requested name is unknown.
    fn add(&self, run: RunId, model: ModelId<'_>, reported: Option<&str>, usage: Usage) {
        let mut state = self.state();
        let (provider, name) = state
            .current
            .remove(&run)
            .unwrap_or_else(|| (model.provider.to_owned(), model.name.to_owned()));
        let price = |name: &str| self.prices.cost(ModelId::new(&provider, name), usage);
        let usd = price(&name).or_else(|| reported.and_then(price));
        state.models.entry((provider, name)).or_default().add(usd, usage);
    }
}

impl Observer for CostMeter {
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
        match event {
            Observation::Layer {
                // A retry of a fallback starts again with the first model.
                event: ModelEvent::Fallback { to: model, .. } | ModelEvent::Retry { model, .. },
                ..
            } => {
                let model = (model.provider.to_owned(), model.name.to_owned());
                self.state().current.insert(run.run_id, model);
            }
            Observation::ModelFinished { model, reply, .. } if !reply.is_cached() => {
                self.add(run.run_id, *model, reported(reply), reply.usage);
            }
            Observation::ModelFailed { model, usage, .. } if *usage != Usage::default() => {
                self.add(run.run_id, *model, None, *usage);
            }
            Observation::ModelFinished { .. }
            | Observation::ModelFailed { .. }
            | Observation::RunCancelled { .. } => {
                self.state().current.remove(&run.run_id);
            }
            _ => {}
        }
    }
}

fn reported(reply: &Reply) -> Option<&str> {
    reply.model.as_deref()
}
