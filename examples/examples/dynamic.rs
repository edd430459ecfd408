//! Agents assembled at run time: tools from a configuration alongside tools of the program, an erased model, and agents of
//! different types in one registry.
//!
//! `cargo run --example dynamic` uses a scripted model. If `AGNO_MODEL` or `OPENAI_API_KEY` is set, a real model decides which tools
//! to call.

use std::collections::BTreeMap;

use agno::DynAgent;
use agno::model::{DynModel, ScriptedModel};
use agno::prelude::*;
use agno::tool::{DynTool, DynTools, ToolError};
use agno_examples::{model_or, show};
use serde_json::{Value, json};

/// Counts the letters of a word.
#[tool(read_only)]
fn letters(word: &str) -> usize {
    word.chars().count()
}

/// Answers with tools of the program and tools from a configuration.
#[agent(instructions = "Use the tools.", tools = [letters, self.configured])]
struct Assistant {
    configured: DynTools,
}

/// Answers without tools.
#[agent(instructions = "Answer in one word.")]
struct Oracle;

/// Creates tools from an example configuration, each with a name, a description, a JSON Schema and a function.
fn configured() -> agno::Result<DynTools> {
    let config = json!([
        {"name": "capital", "description": "Capital of a country.", "answers": {"France": "Paris", "Norway": "Oslo"}},
        {"name": "river", "description": "Longest river of a country.", "answers": {"France": "Loire", "Norway": "Glomma"}},
    ]);
    let mut tools = DynTools::new();
    for entry in config.as_array().into_iter().flatten() {
        let answers = entry["answers"].clone();
        let countries: Vec<&String> = answers
            .as_object()
            .into_iter()
            .flat_map(|answers| answers.keys())
            .collect();
        let schema = json!({
            "type": "object",
            "properties": {"country": {"type": "string", "enum": countries}},
            "required": ["country"],
            "additionalProperties": false,
        });
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        tools.add(DynTool::from_fn(
            text("name"),
            text("description"),
            schema,
            move |args: Value, _run| {
                let answer = answers[args["country"].as_str().unwrap_or_default()].clone();
                async move { Ok::<_, ToolError>(answer) }
            },
        )?)?;
    }
    Ok(tools)
}

#[tokio::main]
async fn main() -> agno::Result<()> {
    let model: DynModel = model_or(|| {
        ScriptedModel::new()
            .calls([
                ("letters", r#"{"word":"Norway"}"#),
                ("capital", r#"{"country":"Norway"}"#),
                ("river", r#"{"country":"Atlantis"}"#),
            ])
            .reply("Norway has six letters and its capital is Oslo. Atlantis is not on the list.")
            .reply("Perhaps.")
    })?
    .erase();

    let configured = configured()?;
    let registry: BTreeMap<&str, DynAgent> = [
        ("assistant", Assistant { configured }.with(model.clone()).erase()),
        ("oracle", Oracle.with(model).erase()),
    ]
    .into();

    for (name, question) in [
        (
            "assistant",
            "How many letters does Norway have, what is its capital, and what is the longest river of Atlantis?",
        ),
        ("oracle", "Will it rain tomorrow?"),
    ] {
        println!("{name}: {question}");
        show(&registry[name].run(question).await?);
    }
    Ok(())
}
