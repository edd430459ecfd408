use agno::prelude::*;

struct Report;
struct Dice;

#[toolkit]
impl Dice {
    /// Reports.
    #[tool]
    async fn report(&self) -> Result<Report, std::io::Error> {
        Ok(Report)
    }
}

fn main() {}
