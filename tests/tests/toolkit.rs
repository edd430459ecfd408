//! `#[toolkit]`: methods as tools.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test helpers may panic")]

use std::fmt::Display;
use std::sync::atomic::{AtomicU32, Ordering};

use agno::prelude::*;
use agno::schema::dialect;
use agno::tool::{ToolSpec, Toolset};

struct Counter<'a, T> {
    name: &'a str,
    step: T,
    count: AtomicU32,
}

#[toolkit]
impl<'a, T: Display + Send + Sync> Counter<'a, T>
where
    T: Copy + Into<u32>,
{
    /// Advances the counter.
    #[tool(idempotent, destructive, timeout = "1s")]
    async fn advance(
        &self,
        /// Number of steps.
        #[arg(default = 1, range = 1..=10)]
        times: u32,
    ) -> Result<u32, String> {
        let by = self.step.into() * times;
        let count = self.count.fetch_add(by, Ordering::Relaxed) + by;
        if count > 100 {
            return Err(format!("{} exceeded 100 in steps of {}", self.name, self.step));
        }
        Ok(count)
    }

    /// Returns the name, the words and the turn.
    #[tool(name = "describe")]
    fn describe_with(&self, words: &[String], run: &RunContext) -> String {
        format!("{}: {} {}", self.name, words.join(" "), run.turn())
    }

    /// Does not use the counter.
    #[tool]
    fn limit() -> u32 {
        100
    }

    /// Not a tool.
    fn helper(&self) -> u32 {
        self.count.load(Ordering::Relaxed)
    }
}

fn counter() -> Counter<'static, u8> {
    Counter {
        name: "odometer",
        step: 2,
        count: AtomicU32::new(0),
    }
}

async fn call(tools: &impl Toolset, name: &str, arguments: &str) -> (String, bool) {
    let index = tools.find(name).unwrap_or_else(|| panic!("unknown tool {name}"));
    let run = RunContext::detached();
    let result = tools.call(index, arguments, &run).await;
    (result.text().into_owned(), result.is_error)
}

#[tokio::test]
async fn methods_are_called_with_their_arguments() {
    let counter = counter();
    assert_eq!(
        call(&counter, "advance", r#"{"times":3}"#).await,
        ("6".into(), false)
    );
    assert_eq!(call(&counter, "advance", "").await, ("8".into(), false));
    assert_eq!(counter.helper(), 8);
    assert_eq!(
        call(&counter, "describe", r#"{"words":["a","b"]}"#).await,
        ("odometer: a b 0".into(), false)
    );
    assert_eq!(call(&counter, "limit", "{}").await, ("100".into(), false));
    assert!(call(&counter, "advance", r#"{"times":11}"#).await.1);
    for _ in 0..5 {
        call(&counter, "advance", r#"{"times":10}"#).await;
    }
    assert_eq!(
        call(&counter, "advance", "").await,
        ("odometer exceeded 100 in steps of 2".into(), true)
    );
}

#[test]
fn a_toolkit_finds_its_tools_by_name_and_index() {
    let counter = counter();
    assert_eq!(counter.len(), 3);
    assert_eq!(counter.find("describe"), Some(1));
    assert_eq!(counter.find("describe_with"), None);
    assert_eq!(
        counter.spec(2).map(|spec| spec.description),
        Some("Does not use the counter.")
    );
    assert_eq!(counter.spec(3), None);
    let advance = counter.spec(0).unwrap();
    assert!(advance.hints.idempotent && advance.hints.destructive && !advance.hints.read_only);
    assert_eq!(
        <Counter<'_, u8> as Toolset>::STATIC.get(1).map(|spec| spec.name),
        Some("describe")
    );
}

#[test]
fn tools_are_declared_in_source_order() {
    let mut declared = Vec::new();
    counter().declare(dialect::Anthropic, &mut |spec: ToolSpec<'_>, json| {
        declared.push((spec.name.to_owned(), json.to_owned()));
    });
    let names: Vec<&str> = declared.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["advance", "describe", "limit"]);
    assert!(
        declared[0]
            .1
            .contains(r#""input_schema":{"type":"object","properties":{"times":"#)
    );
    assert!(declared[1].1.starts_with(r#"{"name":"describe""#));
}

#[tokio::test]
async fn nested_toolsets_act_as_a_single_toolset() {
    /// Returns a greeting.
    #[tool]
    fn hello() -> &'static str {
        "hello"
    }

    let counter = counter();
    let tools = (
        (hello {}, counter.by_ref()),
        agno::tool::NoTools,
        agno::tool::DynTools::new(),
    );
    assert_eq!(tools.len(), 4);
    assert_eq!(tools.find("limit"), Some(3));
    assert_eq!(tools.spec(0).unwrap().name, "hello");
    assert_eq!(call(&tools, "hello", "").await.0, "hello");
    assert_eq!(call(&tools, "limit", "").await.0, "100");
    let run = RunContext::detached();
    assert!(tools.call(4, "", &run).await.is_error);
}
