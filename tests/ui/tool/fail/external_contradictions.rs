use agno::prelude::*;

/// Asks the user.
#[tool(external, approval, timeout = "5s", retries = 2, read_only, cache = "5m", blocking)]
fn ask(question: String);

/// Shows a page.
#[tool(external)]
async fn show(run: &RunContext, page: u32) -> String {
    format!("page {page} of {}", run.run_id())
}

fn main() {}
