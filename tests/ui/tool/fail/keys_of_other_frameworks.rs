use agno::prelude::*;

#[tool(desc = "Adds.", timeout = 5, max_retries = 3, requires_confirmation = true, show_result)]
fn add(a: u8, b: u8) -> u8 {
    a + b
}

#[tool(name = weather, description = WEATHER, cache = 300, read_only)]
fn forecast(city: &str) -> String {
    city.to_owned()
}

/// Divides.
#[tool(params(x = "The dividend", y = "The divisor"), required(x, y), cache_results, read_only)]
fn divide(x: i32, y: i32) -> i32 {
    x / y
}

const WEATHER: &str = "Returns the weather.";

fn main() {}
