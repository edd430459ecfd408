//! Typed output: the model must follow the schema of a type, and the run returns a value of that type.
//!
//! `cargo run --example structured_output` uses the embedded model, which a grammar constrains to the schema. The output
//! therefore always has the correct shape, but with only 135 million parameters, the content is not always correct.

use agno::prelude::*;
use agno_examples::model;

/// A person mentioned in the text.
#[derive(Debug, Schema, Serialize, Deserialize)]
struct Person {
    /// The person's name.
    #[schema(len = 1..=40)]
    name: String,
    /// Age in years.
    #[schema(range = 0..=150)]
    age: u8,
    /// City the person lives in.
    #[schema(len = 1..=40)]
    city: String,
}

/// Extracts a person from text.
#[agent(instructions = "Extract the person from the text.", output = Person)]
struct Extractor;

#[tokio::main]
async fn main() -> agno::Result<()> {
    let agent = Extractor.with(model()?);
    for text in [
        "Ada is 36 years old and lives in London.",
        "My name is Charles, I am 79, and Paris is my home.",
    ] {
        let answer = agent.run(text).await?;
        let person: Person = answer.output;
        println!("{text}\n  {person:?}");
    }
    Ok(())
}
