use agno::prelude::*;

use agno::tool::{Tool, Toolset};

#[tool]
fn look(#[arg(len = 1..=5)] what: &str) -> String {
    what.to_owned()
}

/// Looks.
#[agent(tools = [look])]
struct Looker;

fn main() {
    let _ = look("there");
    let _ = look {}.len();
    let _ = <look as Tool>::SPEC;
    let _ = Looker.agent();
}
