use agno::prelude::*;

/// Echoes.
#[tool]
fn echo<T: Serialize>(value: T) -> T {
    value
}

/// Echoes.
#[tool]
fn lifetime<'a>(value: &'a str) -> &'a str {
    value
}

/// Echoes.
#[tool]
fn bound(value: String) -> String
where
    String: Clone,
{
    value
}

fn main() {}
