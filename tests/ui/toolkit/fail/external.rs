use agno::prelude::*;

struct Browser;

#[toolkit]
impl Browser {
    /// Where the user is.
    #[tool(external)]
    fn position(&self) -> (f64, f64) {
        (0.0, 0.0)
    }

    /// What the user sees.
    #[tool]
    fn page(&self) -> String;
}

fn main() {}
