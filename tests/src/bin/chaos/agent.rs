//! The agent that all sessions share: a model with every layer except hooks, and tools that succeed, fail, panic, hang and
//! flood.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agno::model::layer::{CacheLayer, CircuitBreakerLayer, RateLimitLayer, RetryLayer, TimeoutLayer};
use agno::model::{DynModel, ModelExt};
use agno::prelude::*;
use agno::provider::OpenAi;
use agno::tool::ToolError;

use crate::figures::Figures;

/// The agent with its model.
pub(crate) type Agent = agno::Agent<Clerk, DynModel>;

/// Works at a counter.
#[agent(instructions = "Use tools.", tools = [self], max_turns = 6)]
pub(crate) struct Clerk {
    /// Number of times that each payment was made, by payment number.
    pub(crate) paid: Mutex<HashMap<u64, u64>>,
    /// Numbers of the payments that were approved.
    pub(crate) approved: Mutex<HashSet<u64>>,
    figures: Arc<Figures>,
}

#[toolkit]
impl Clerk {
    /// Returns the text.
    #[tool(read_only)]
    fn echo(&self, text: String) -> String {
        text
    }

    /// Makes a payment.
    #[tool(approval)]
    fn pay(&self, number: u64) -> String {
        *self.paid.lock().unwrap().entry(number).or_default() += 1;
        self.figures.payments.fetch_add(1, Relaxed);
        format!("paid {number}")
    }

    /// Panics.
    #[tool]
    fn panic(&self) -> String {
        panic!("secret detail");
    }

    /// Never returns.
    #[tool(timeout = "30ms")]
    async fn hang(&self) -> String {
        std::future::pending().await
    }

    /// Returns after a short delay.
    #[tool]
    async fn slow(&self) -> String {
        tokio::time::sleep(Duration::from_millis(15)).await;
        "slow".to_owned()
    }

    /// Returns 3 MB.
    #[tool]
    fn flood(&self) -> String {
        "flood ".repeat(500_000)
    }

    /// Fails for an even number, while the number of HTTP requests is even.
    #[tool(retries = 2, idempotent)]
    fn flaky(&self, number: u64) -> Result<String, ToolError> {
        let requests = self.figures.requests.load(Relaxed);
        if number.is_multiple_of(2) && requests.is_multiple_of(2) {
            return Err(ToolError::new("try again"));
        }
        Ok("flaky".to_owned())
    }
}

/// Creates an agent whose models use the provider at this URL.
pub(crate) fn clerk(url: &str, figures: Arc<Figures>) -> Agent {
    let model = |name: &str| {
        OpenAi::builder(name)
            .api_key("sk-chaos")
            .base_url(url)
            .read_timeout(Duration::from_millis(400))
            .build()
            .unwrap()
    };
    let timeouts = TimeoutLayer::new()
        .with_first_token(Duration::from_millis(400))
        .with_between_tokens(Duration::from_millis(400))
        .with_total(Duration::from_secs(2));
    let retries = RetryLayer::new()
        .with_max_retries(3)
        .with_initial_backoff(Duration::from_millis(5))
        .with_max_backoff(Duration::from_millis(50))
        .with_max_elapsed(Duration::from_secs(4))
        .with_stream_retries();
    let rates = RateLimitLayer::new().with_requests_per_minute(10_000_000);
    let first = model("first")
        .timeout(timeouts)
        .circuit_breaker(CircuitBreakerLayer::new(20, Duration::from_millis(50)))
        .retry(retries.clone())
        .rate_limit(rates);
    let second = model("second").timeout(timeouts).retry(retries);
    let model = first
        .concurrency_limit(64)
        .fallback(second.concurrency_limit(64))
        .cache(CacheLayer::in_memory(16 << 20));
    let clerk = Clerk {
        paid: Mutex::default(),
        approved: Mutex::default(),
        figures,
    };
    clerk.with(model.erase())
}
