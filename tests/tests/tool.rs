//! `#[tool]`.
use agno::prelude::*;
use agno::tool::{Tool, Toolset};
use agno::tool;
use std::borrow::Cow;

/// A unit.
#[derive(Schema, Deserialize, Default, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Unit {
    #[default]
    Celsius,
    Fahrenheit,
}

/// Current weather in a city.
#[tool(timeout = "5s", read_only)]
async fn weather(
    /// City name.
    #[arg(len = 1..=80)]
    city: &str,
    #[arg(default)] unit: Unit,
    days: Option<u8>,
    #[arg(default = 3)] n: u8,
    note: Option<&str>,
    tags: &[String],
    c: Cow<'_, str>,
    run: &RunContext,
) -> Result<String, std::num::ParseIntError> {
    let _ = run.turn();
    Ok(format!("{city} {unit:?} {days:?} {n} {note:?} {tags:?} {c}"))
}

#[tokio::test]
async fn arguments_reach_the_function() {
    let run = RunContext::detached();
    let r = weather {}.call_text(r#"{"city":"Oslo","unit":"fahrenheit","tags":["a"],"c":"x","n":null}"#, &run).await;
    assert_eq!(r, "Oslo Fahrenheit None 3 None [\"a\"] x");
    println!("{}", <weather as agno::schema::Rendered>::OPENAI);
}

trait CallText: Toolset {
    async fn call_text(&self, arguments: &str, run: &RunContext) -> String {
        let r = Toolset::call(self, 0, arguments, run).await;
        r.text().into_owned()
    }
}
impl<T: Tool> CallText for T {}
