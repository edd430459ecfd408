use agno::prelude::*;

#[tool(tiemout = "5s", read_only, destructive)]
fn look((a, b): (u8, u8), #[arg(rang = 1..=5)] c: &mut u8) -> u8 {
    a + b + *c
}

fn main() {}
