//! Converts a conversation with tools into the input of a chat template. If the template does not support tools, they
//! are described in text and by example.

use serde_json::{Value, json};

use super::json::to_spaced_json;
use super::prompt::{Call, Prompt, Tool, Turn};
use super::template::{Entry, Template};

/// A conversation in the format that the template expects.
pub(super) struct ChatInput {
    pub(super) entries: Vec<Entry>,
    /// Tools that the template itself renders.
    pub(super) tools: Vec<Value>,
}

/// The default instructions for a model that receives tools but no instructions.
const ASSISTANT: &str = "You are a helpful assistant.";

/// Converts a conversation for this template. `escape` is applied to all text that does not come from agno.
pub(super) fn chat_input(prompt: &Prompt, template: &Template, escape: &dyn Fn(&str) -> String) -> ChatInput {
    let mut system = escape(&prompt.instructions);
    let plain = !template.tagged && !prompt.tools.is_empty();
    if plain {
        if system.is_empty() {
            ASSISTANT.clone_into(&mut system);
        }
        system.push_str(" You can call these tools:\n");
        for tool in &prompt.tools {
            system.push_str(&escape(&line(tool)));
        }
        system.push_str(
            "To call a tool, answer only with JSON such as {\"name\": \"tool\", \"arguments\": {}}.",
        );
    }
    if let Some(schema) = &prompt.output {
        let prefix = if prompt.tools.is_empty() {
            "Answer"
        } else {
            "When you have what you need, answer"
        };
        system = format!(
            "{system}\n{prefix} only with JSON of this schema: {}",
            escape(&to_spaced_json(schema))
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
            Turn::User(text) => entries.push(Entry::new("user", escape(text))),
            Turn::Assistant { text, calls } => push_assistant(&mut entries, template, text, calls, escape),
        }
    }
    ChatInput {
        entries: merge_system(entries, template),
        tools: if plain {
            vec![]
        } else {
            declare_tools(&prompt.tools)
        },
    }
}

/// Renders a tool as a signature. Small models understand a signature better than a schema.
fn line(tool: &Tool) -> String {
    let required = tool.parameters["required"].as_array();
    let mut parameters = vec![];
    if let Some(properties) = tool.parameters["properties"].as_object() {
        for (name, schema) in properties {
            let optional = !required.is_some_and(|all| all.iter().any(|item| item == name));
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

/// Summarizes a schema in a few words.
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

/// Adds an earlier assistant message and the results of its calls.
fn push_assistant(
    entries: &mut Vec<Entry>,
    template: &Template,
    text: &str,
    calls: &[Call],
    escape: &dyn Fn(&str) -> String,
) {
    let mut entry = Entry::new("assistant", escape(text));
    if template.tagged {
        entry.tool_calls = calls
            .iter()
            .map(|call| {
                let arguments: Value =
                    serde_json::from_str(&escape(&call.arguments)).unwrap_or_else(|_| json!({}));
                json!({"type": "function", "function": {"name": call.name, "arguments": arguments}})
            })
            .collect();
    } else if !calls.is_empty() {
        // Text next to a call would teach a small model to write text before each call.
        entry.content = calls
            .iter()
            .map(|call| escape(&render_call(call)))
            .collect::<Vec<_>>()
            .join("\n");
    }
    entries.push(entry);
    for call in calls {
        let result = if template.tagged {
            call.result.clone()
        } else {
            single_line(&call.result)
        };
        entries.push(Entry::new("tool", escape(&result)));
    }
}

/// Renders a call in the format that the model writes.
fn render_call(call: &Call) -> String {
    let arguments: Value = serde_json::from_str(&call.arguments).unwrap_or_else(|_| json!({}));
    to_spaced_json(&json!({"name": call.name, "arguments": arguments}))
}

/// Renders a JSON object as a line of `name: value` pairs, which small models repeat correctly more often than JSON.
/// Other results remain unchanged.
fn single_line(result: &str) -> String {
    let Ok(Value::Object(object)) = serde_json::from_str(result) else {
        return result.to_owned();
    };
    let fact = |(name, value): (&String, &Value)| {
        let value = value
            .as_str()
            .map_or_else(|| to_spaced_json(value), str::to_owned);
        format!("{}: {value}", name.replace('_', " "))
    };
    object.iter().map(fact).collect::<Vec<_>>().join(", ")
}

/// Declares tools in the format that chat templates expect.
fn declare_tools(tools: &[Tool]) -> Vec<Value> {
    let declaration = |tool: &Tool| {
        json!({"type": "function", "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
        }})
    };
    tools.iter().map(declaration).collect()
}

/// Moves content whose role the template does not support into messages with a supported role.
fn merge_system(entries: Vec<Entry>, template: &Template) -> Vec<Entry> {
    let mut merged: Vec<Entry> = vec![];
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
        match merged.last_mut() {
            Some(last) if !template.results && last.role == entry.role => {
                last.content.push('\n');
                last.content.push_str(&entry.content);
            }
            _ => merged.push(entry),
        }
    }
    merged
}

/// Adds sample calls and a greeting that are unrelated to the available tools. They show a small model when and how
/// to call a tool, and how to use the result. They were chosen by trial from about twenty sets; the `local` bench
/// prints their success rate.
fn examples(entries: &mut Vec<Entry>) {
    let mut push = |role, text: &str| entries.push(Entry::new(role, text));
    push("user", "Is the train to Lyon late?");
    push(
        "assistant",
        r#"{"name": "train_status", "arguments": {"to": "Lyon"}}"#,
    );
    push("tool", "to: Lyon, delay minutes: 12, platform: B");
    push(
        "assistant",
        "The train to Lyon is 12 minutes late, on platform B.",
    );
    push("user", "Good morning");
    push("assistant", "Good morning! How can I help you?");
    push("user", "How high is the Seine?");
    push(
        "assistant",
        r#"{"name": "river_level", "arguments": {"river": "Seine", "unit": "meters"}}"#,
    );
    push(
        "tool",
        "river: Seine, level: 3, unit: meters, trend: rising slowly",
    );
    push(
        "assistant",
        "The Seine is rising slowly, with a level of 3 meters.",
    );
    push("user", "How is the road to Nice?");
    push("assistant", r#"{"name": "road", "arguments": {"to": "Nice"}}"#);
    push("tool", "length km: 30, state: busy");
    push("assistant", "The road to Nice is busy, with a length of 30 km.");
}
