use agno::prelude::*;

/// Current weather.
#[tool(name = "get weather")]
fn weather() -> u8 {
    4
}

/// Current weather.
#[tool]
fn größe() -> u8 {
    4
}

/// Current weather.
#[tool(name = "")]
fn nameless() -> u8 {
    4
}

/// Current weather.
#[tool]
fn a_name_that_is_longer_than_the_sixty_four_characters_of_all_providers() -> u8 {
    4
}

fn main() {}
