//! Every kind of method that can be a tool, and other items in the same block.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use agno::prelude::*;
use agno::tool::Toolset;

use crate::called;

struct Counter {
    count: AtomicU8,
}

#[toolkit]
impl Counter {
    #![allow(clippy::needless_pass_by_value)]

    /// Increment per call.
    pub const STEP: u8 = 2;

    /// Creates a counter.
    pub fn new() -> Self {
        Self {
            count: AtomicU8::new(0),
        }
    }

    /// Counts.
    #[tool]
    async fn add(&self, times: u8) -> u8 {
        self.count.fetch_add(times * Self::STEP, Ordering::SeqCst);
        self.get()
    }

    /// Takes `self` with an explicit type.
    #[tool(read_only)]
    fn typed(self: &Self) -> u8 {
        self.get()
    }

    /// Takes no `self`.
    #[tool]
    fn step() -> u8 {
        Self::STEP
    }

    /// Takes no `self` and waits.
    #[tool]
    async fn wait(run: &RunContext) -> String {
        tokio::task::yield_now().await;
        run.turn().to_string()
    }

    /// Returns a borrowed value.
    #[tool]
    pub(crate) fn borrowed(&self) -> &str {
        "borrowed"
    }

    fn get(&self) -> u8 {
        self.count.load(Ordering::SeqCst)
    }

    fn take(self: Arc<Self>, #[allow(unused)] other: impl Into<u8>) -> u8 {
        self.get()
    }
}

impl Counter {
    fn twice(&self) -> u8 {
        self.get() * 2
    }
}

#[tokio::test]
async fn a_method_is_called_on_its_toolkit() {
    let counter = Counter::new();
    assert_eq!(called(&counter, "add", r#"{"times":3}"#).await.unwrap(), "6");
    assert_eq!(called(&counter, "typed", "{}").await.unwrap(), "6");
    assert_eq!(counter.twice(), 12);
    assert_eq!(counter.add(1).await, 8);
}

#[tokio::test]
async fn a_method_needs_no_self() {
    let counter = Counter::new();
    assert_eq!(called(&counter, "step", "{}").await.unwrap(), "2");
    assert_eq!(called(&counter, "wait", "{}").await.unwrap(), "0");
}

#[test]
fn methods_without_the_attribute_are_not_tools() {
    assert_eq!(Counter::new().len(), 5);
    assert_eq!(Counter::new().find("get"), None);
    assert_eq!(Arc::new(Counter::new()).take(1), 0);
}
