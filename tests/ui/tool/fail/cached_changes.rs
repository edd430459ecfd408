use agno::prelude::*;

/// Buys shares.
#[tool(cache = "5m", approval)]
fn buy(shares: u32, run: &RunContext) -> String {
    format!("{shares} in {}", run.run_id())
}

fn main() {}
