use agno::prelude::*;

/// Looks.
#[tool]
fn look(
    #[arg(example = "five")] _a: u8,
    #[arg(example = 300)] _b: u8,
    #[arg(examples = [1, 1.5])] _c: Option<i32>,
    #[arg(example = 5)] _d: &str,
    #[arg(example = "a")] _e: &[String],
    #[arg(example = "a")] _f: f64,
    #[arg(example = 1)] _g: bool,
) {
}

fn main() {}
