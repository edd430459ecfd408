use agno::prelude::*;

struct Browser;

#[toolkit]
impl Browser {
    /// Position of the user.
    #[tool(external)]
    fn position(&self) -> (f64, f64) {
        (0.0, 0.0)
    }

    /// Page of the user.
    #[tool]
    fn page(&self) -> String;
}

fn main() {}
