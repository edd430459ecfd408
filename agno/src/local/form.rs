//! How a conversation with tools is told to a model: the template's own way where it has one, else in words and
//! by example.

use serde_json::{Value, json};

use super::json::spaced;
use super::prompt::{Call, Prompt, Tool, Turn};
use super::template::{Entry, Template};

/// A conversation, ready for the template.
pub(super) struct Told {
    pub(super) entries: Vec<Entry>,
    /// Tools for the template to write.
    pub(super) tools: Vec<Value>,
}

/// What a model without instructions is.
const ASSISTANT: &str = "You are a helpful assistant.";

/// Tells a conversation in the way of this template. `guard` is run over everything that is not ours.
pub(super) fn tell(prompt: &Prompt, template: &Template, guard: &dyn Fn(&str) -> String) -> Told {
    let mut system = guard(&prompt.instructions);
    let plain = !template.tagged && !prompt.tools.is_empty();
    if plain {
        if system.is_empty() {
            ASSISTANT.clone_into(&mut system);
        }
        system.push_str(" You can call these tools:\n");
        for tool in &prompt.tools {
            system.push_str(&guard(&line(tool)));
        }
        system.push_str(
            "To call a tool, answer only with JSON such as {\"name\": \"tool\", \"arguments\": {}}.",
        );
    }
    if let Some(schema) = &prompt.output {
        let words = if prompt.tools.is_empty() {
            "Answer"
        } else {
            "When you have what you need, answer"
        };
        system = format!(
            "{system}\n{words} only with JSON of this schema: {}",
            guard(&spaced(schema))
        );
        system = system.trim_start().to_owned();
    }
    let mut entries = vec![];
    if !system.is_empty() {
        entries.push(Entry::new("system", system));
    }
    if plain {
        examples(&mut entries);
    }
    for turn in &prompt.turns {
        match turn {
            Turn::User(text) => entries.push(Entry::new("user", guard(text))),
            Turn::Assistant { text, calls } => answered(&mut entries, template, text, calls, guard),
        }
    }
    Told {
        entries: placed(entries, template),
        tools: if plain { vec![] } else { declared(&prompt.tools) },
    }
}

/// A tool as a signature: a small model reads it where it is lost in a schema.
fn line(tool: &Tool) -> String {
    let required = tool.parameters["required"].as_array();
    let mut parameters = vec![];
    if let Some(properties) = tool.parameters["properties"].as_object() {
        for (name, schema) in properties {
            let optional = !required.is_some_and(|all| all.iter().any(|one| one == name));
            parameters.push(format!(
                "{name}{}: {}",
                if optional { "?" } else { "" },
                kind(schema)
            ));
        }
    }
    format!(
        "- {}({}): {}\n",
        tool.name,
        parameters.join(", "),
        tool.description
    )
}

/// A schema in a word or two.
fn kind(schema: &Value) -> String {
    if let Some(choices) = schema["enum"].as_array() {
        return choices.iter().map(Value::to_string).collect::<Vec<_>>().join("|");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("{}[]", kind(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| *name != "null")
            .collect::<Vec<_>>()
            .join("|"),
        _ => "object".to_owned(),
    }
}

/// What the assistant said and did earlier.
fn answered(
    entries: &mut Vec<Entry>,
    template: &Template,
    text: &str,
    calls: &[Call],
    guard: &dyn Fn(&str) -> String,
) {
    let mut said = Entry::new("assistant", guard(text));
    if template.tagged {
        said.tool_calls = calls
            .iter()
            .map(|call| {
                let arguments: Value =
                    serde_json::from_str(&guard(&call.arguments)).unwrap_or_else(|_| json!({}));
                json!({"type": "function", "function": {"name": call.name, "arguments": arguments}})
            })
            .collect();
    } else if !calls.is_empty() {
        // Text beside a call would teach a small model to write it before each call.
        said.content = calls
            .iter()
            .map(|call| guard(&asked(call)))
            .collect::<Vec<_>>()
            .join("\n");
    }
    entries.push(said);
    for call in calls {
        let result = if template.tagged {
            call.result.clone()
        } else {
            flat(&call.result)
        };
        entries.push(Entry::new("tool", guard(&result)));
    }
}

/// A call as the model writes it.
fn asked(call: &Call) -> String {
    let arguments: Value = serde_json::from_str(&call.arguments).unwrap_or_else(|_| json!({}));
    spaced(&json!({"name": call.name, "arguments": arguments}))
}

/// A result without brackets and quotes, where it is an object of JSON: small models repeat such a line rightly
/// more often.
fn flat(result: &str) -> String {
    let Ok(Value::Object(object)) = serde_json::from_str(result) else {
        return result.to_owned();
    };
    let fact = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| spaced(value), str::to_owned);
        format!("{}: {value}", name.replace('_', " "))
    };
    object.iter().map(fact).collect::<Vec<_>>().join(", ")
}

/// Tools as templates with a place for them want them.
fn declared(tools: &[Tool]) -> Vec<Value> {
    let one = |tool: &Tool| {
        json!({"type": "function", "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
        }})
    };
    tools.iter().map(one).collect()
}

/// The conversation with what the template has no place for put where it has one.
fn placed(entries: Vec<Entry>, template: &Template) -> Vec<Entry> {
    let mut placed: Vec<Entry> = vec![];
    let mut before = String::new();
    for mut entry in entries {
        if entry.role == "system" && !template.system {
            before = format!("{}\n\n", entry.content);
            continue;
        }
        if entry.role == "tool" && !template.results {
            entry = Entry::new("user", format!("Result: {}", entry.content));
        }
        if entry.role == "user" {
            entry.content.insert_str(0, &std::mem::take(&mut before));
        }
        match placed.last_mut() {
            Some(last) if !template.results && last.role == entry.role => {
                last.content.push('\n');
                last.content.push_str(&entry.content);
            }
            _ => placed.push(entry),
        }
    }
    placed
}

/// Calls and a greeting that have nothing to do with the tools at hand: enough for a small model to see when to call,
/// how, and what to make of a result. Chosen among some twenty sets by trial; the bench `local` prints how well they do.
fn examples(entries: &mut Vec<Entry>) {
    let mut say = |role, text: &str| entries.push(Entry::new(role, text));
    say("user", "Is the train to Lyon late?");
    say(
        "assistant",
        r#"{"name": "train_status", "arguments": {"to": "Lyon"}}"#,
    );
    say("tool", "to: Lyon, delay minutes: 12, platform: B");
    say(
        "assistant",
        "The train to Lyon is 12 minutes late, on platform B.",
    );
    say("user", "Good morning");
    say("assistant", "Good morning! How can I help you?");
    say("user", "How high is the Seine?");
    say(
        "assistant",
        r#"{"name": "river_level", "arguments": {"river": "Seine", "unit": "metres"}}"#,
    );
    say(
        "tool",
        "river: Seine, level: 3, unit: metres, trend: rising slowly",
    );
    say(
        "assistant",
        "The Seine is rising slowly, with a level of 3 metres.",
    );
    say("user", "How is the road to Nice?");
    say("assistant", r#"{"name": "road", "arguments": {"to": "Nice"}}"#);
    say("tool", "length km: 30, state: busy");
    say("assistant", "The road to Nice is busy, with a length of 30 km.");
}
