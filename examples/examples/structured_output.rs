//! A typed answer: the model is held to the type's schema, and the run returns the type.
//!
//! `cargo run --example structured_output`: the model in this process cannot leave the schema, its grammar forbids it.
//! It is small (135 million parameters): the form is always right, the content not always.

use agno::prelude::*;
use agno_examples::model;

/// A person mentioned in a text.
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

/// Finds the person in a text.
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
