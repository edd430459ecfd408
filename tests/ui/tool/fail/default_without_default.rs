use agno::prelude::*;

#[derive(Schema, Deserialize)]
enum Unit {
    Celsius,
}

/// Converts.
#[tool]
fn convert(#[arg(default)] unit: Unit) -> u8 {
    match unit {
        Unit::Celsius => 1,
    }
}

/// Converts.
#[tool]
fn option(#[arg(default)] unit: Option<&str>) -> usize {
    unit.map_or(0, str::len)
}

fn main() {}
