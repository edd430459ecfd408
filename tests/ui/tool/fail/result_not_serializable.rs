use agno::prelude::*;

struct Report;

/// Reports.
#[tool]
fn report() -> Report {
    Report
}

/// Reports.
#[tool]
async fn fallible() -> Result<Report, std::io::Error> {
    Ok(Report)
}

fn main() {}
