//! The body of a request, written once and straight from what is borrowed: nothing is built in between.

use serde::Serialize;
use serde::de::IgnoredAny;

use super::table::{OutputForm, Quirks};
use crate::message::{AssistantMessage, Message, Part};
use crate::model::{ModelError, ModelErrorKind, OutputSchema, Request, Settings, ToolChoice};

/// What `extra` may not hold: these fields are the request.
const RESERVED: [&str; 4] = ["model", "messages", "stream", "tools"];

/// Writes the body of a request to this model.
pub(super) fn write(
    model: &str,
    quirks: &Quirks,
    defaults: &Settings,
    request: &Request<'_>,
    stream: bool,
) -> Result<Vec<u8>, ModelError> {
    let extras = || request.settings.extra.iter().chain(&defaults.extra);
    if let Some((key, _)) = extras().find(|(key, _)| RESERVED.contains(&key.as_str())) {
        let message = format!("`extra` cannot set `{key}`; that field is made from the request itself");
        return Err(ModelError::new(ModelErrorKind::Configuration, message));
    }
    let text: usize = request.messages.iter().map(Message::text_bytes).sum();
    let mut body = Body(Vec::with_capacity(
        1024 + request.instructions.len() + text + text / 8 + 512 * request.tools.len(),
    ));
    body.write_all(model, quirks, defaults, request, stream)
        .map_err(|error| {
            ModelError::new(
                ModelErrorKind::BadRequest,
                "the request could not be written as JSON",
            )
            .with_source(error)
        })?;
    Ok(body.0)
}

/// A JSON text that grows.
struct Body(Vec<u8>);

type Written = Result<(), serde_json::Error>;

impl Body {
    fn write_all(
        &mut self,
        model: &str,
        quirks: &Quirks,
        defaults: &Settings,
        request: &Request<'_>,
        stream: bool,
    ) -> Written {
        let tools = !request.tools.is_empty();
        let form = match quirks.output {
            OutputForm::Schema | OutputForm::Object if tools && !quirks.output_with_tools => {
                OutputForm::Prompt
            }
            form => form,
        };
        self.raw(r#"{"model":"#);
        self.value(model)?;
        self.raw(r#","messages":["#);
        self.messages(quirks, request, form)?;
        self.raw("]");
        if tools {
            self.raw(r#","tools":["#);
            let mut rest = false;
            request.tools.each(&mut |_, declaration| {
                self.raw(if rest { "," } else { "" });
                rest = true;
                self.raw(r#"{"type":"function","function":"#);
                self.raw(declaration);
                self.raw("}");
            });
            self.raw("]");
        }
        if stream {
            self.raw(r#","stream":true"#);
        }
        self.settings(quirks, defaults, request, stream, form)?;
        self.raw("}");
        Ok(())
    }

    fn messages(&mut self, quirks: &Quirks, request: &Request<'_>, form: OutputForm) -> Written {
        let start = self.0.len();
        let shape = request.output.filter(|_| form != OutputForm::Schema);
        if !request.instructions.is_empty() || shape.is_some() {
            self.raw(r#"{"role":"system","content":"#);
            match shape {
                None => self.value(request.instructions)?,
                Some(output) => self.value(&in_words(request.instructions, output))?,
            }
            self.raw("}");
        }
        for message in request.messages.iter() {
            if self.0.len() > start {
                self.raw(",");
            }
            match message {
                Message::User(_) => {
                    self.raw(r#"{"role":"user","content":"#);
                    self.value(&*message.text())?;
                    self.raw("}");
                }
                Message::Assistant(message) => self.assistant(message, quirks.reasoning_back)?,
            }
        }
        Ok(())
    }

    /// A model's message, and behind it the result of each of its calls.
    fn assistant(&mut self, message: &AssistantMessage, reasoning: Option<&str>) -> Written {
        let text = message.text();
        let has_calls = message.has_calls();
        self.raw(r#"{"role":"assistant","content":"#);
        if text.is_empty() && has_calls {
            self.raw("null");
        } else {
            self.value(&*text)?;
        }
        let said =
            |pick: fn(&Part) -> Option<&str>| message.parts.iter().filter_map(pick).collect::<String>();
        let refusal = said(|part| match part {
            Part::Refusal { text } => Some(text),
            _ => None,
        });
        if !refusal.is_empty() {
            self.field("refusal", &refusal)?;
        }
        if let Some(field) = reasoning {
            let thoughts = said(|part| match part {
                Part::Reasoning(reasoning) => Some(&reasoning.text),
                _ => None,
            });
            // DeepSeek misses the field where there are calls, even if nothing was thought.
            if has_calls || !thoughts.is_empty() {
                self.field(field, &thoughts)?;
            }
        }
        if has_calls {
            self.raw(r#","tool_calls":["#);
            for (place, call) in message.calls().enumerate() {
                self.raw(if place > 0 { "," } else { "" });
                self.raw(r#"{"id":"#);
                self.value(&call.id)?;
                self.raw(r#","type":"function","function":{"name":"#);
                self.value(&call.name)?;
                self.raw(r#","arguments":"#);
                self.value(sendable(&call.arguments))?;
                self.raw("}}");
            }
            self.raw("]");
        }
        self.raw("}");
        for call in message.calls() {
            self.raw(r#",{"role":"tool","tool_call_id":"#);
            self.value(&call.id)?;
            self.raw(r#","content":"#);
            self.value(&*call.result_text())?;
            self.raw("}");
        }
        Ok(())
    }

    fn settings(
        &mut self,
        quirks: &Quirks,
        defaults: &Settings,
        request: &Request<'_>,
        stream: bool,
        form: OutputForm,
    ) -> Written {
        let asked = request.settings;
        let tools = !request.tools.is_empty();
        let is_extra = |key: &str| {
            let mut extras = asked.extra.iter().chain(&defaults.extra);
            extras.any(|(extra, _)| extra == key)
        };
        if let Some(output) = request.output
            && !is_extra("response_format")
        {
            match form {
                OutputForm::Schema => {
                    self.raw(r#","response_format":{"type":"json_schema","json_schema":"#);
                    self.raw(output.declaration);
                    self.raw("}");
                }
                OutputForm::Object => self.raw(r#","response_format":{"type":"json_object"}"#),
                OutputForm::Prompt => {}
            }
        }
        if tools && !is_extra("tool_choice") {
            match request.tool_choice {
                ToolChoice::Auto => {}
                ToolChoice::Required => self.field("tool_choice", quirks.required)?,
                ToolChoice::None => self.field("tool_choice", "none")?,
                ToolChoice::Tool(name) => {
                    self.raw(r#","tool_choice":{"type":"function","function":{"name":"#);
                    self.value(name)?;
                    self.raw("}}");
                }
            }
        }
        if let Some(parallel) = asked.parallel_tool_calls.or(defaults.parallel_tool_calls)
            && tools
            && quirks.parallel_tool_calls
            && !is_extra("parallel_tool_calls")
        {
            self.field("parallel_tool_calls", &parallel)?;
        }
        if stream && quirks.stream_usage && !is_extra("stream_options") {
            self.raw(r#","stream_options":{"include_usage":true}"#);
        }
        let stop = if asked.stop.is_empty() {
            &defaults.stop
        } else {
            &asked.stop
        };
        let effort = asked
            .reasoning_effort
            .as_ref()
            .or(defaults.reasoning_effort.as_ref());
        self.setting(
            "temperature",
            asked.temperature.or(defaults.temperature),
            is_extra,
        )?;
        self.setting("top_p", asked.top_p.or(defaults.top_p), is_extra)?;
        self.setting(
            quirks.max_tokens,
            asked.max_tokens.or(defaults.max_tokens),
            is_extra,
        )?;
        self.setting(quirks.seed, asked.seed.or(defaults.seed), is_extra)?;
        self.setting("stop", Some(stop).filter(|stop| !stop.is_empty()), is_extra)?;
        self.setting("reasoning_effort", effort, is_extra)?;
        for (at, (key, value)) in asked.extra.iter().chain(&defaults.extra).enumerate() {
            let mut earlier = asked.extra.iter().chain(&defaults.extra).take(at);
            if !earlier.any(|(extra, _)| extra == key) {
                self.field(key, value)?;
            }
        }
        Ok(())
    }

    /// A field that is left out when it has no value, or one among the extra fields.
    fn setting<T: Serialize>(
        &mut self,
        key: &str,
        value: Option<T>,
        is_extra: impl Fn(&str) -> bool,
    ) -> Written {
        match value {
            Some(value) if !is_extra(key) => self.field(key, &value),
            _ => Ok(()),
        }
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Written {
        self.raw(",");
        self.value(key)?;
        self.raw(":");
        self.value(value)
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        serde_json::to_writer(&mut self.0, value)
    }

    fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }
}

/// Arguments as a server takes them: an object. What a model wrote otherwise was answered with an error already, and
/// servers refuse a conversation that holds it.
fn sendable(arguments: &str) -> &str {
    let is_object =
        arguments.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(arguments).is_ok();
    if is_object { arguments } else { "{}" }
}

/// The instructions with the wanted shape behind them.
fn in_words(instructions: &str, output: OutputSchema<'_>) -> String {
    let gap = if instructions.is_empty() { "" } else { "\n\n" };
    format!(
        "{instructions}{gap}Give your final answer as JSON and nothing else: no prose, no code fence. It must fit the JSON Schema under `schema` here:\n{}",
        output.declaration
    )
}
