use agno::prelude::*;

/// Exchange rate of the euro.
#[tool(read_only, cache = "5m")]
fn rate(currency: String) -> usize {
    currency.len()
}

fn main() {}
