//! Writes the request body in one pass, directly from borrowed data and without intermediate values.

use super::PROVIDER;
use crate::message::{AssistantMessage, Content, MediaSource, Message, Part, Text, ToolCall};
use crate::model::{ModelError, Request, ToolChoice};
use crate::provider::codec::body::{Body, sendable, unsupported_content};
use crate::provider::codec::calls::{CallIds, IdFormat, tool_name};
use crate::provider::codec::content::{data_url, result_content};
use crate::provider::codec::declaration::schema_of;
use crate::schema::dialect;

/// Fields that define the request and that `extra` cannot set.
const RESERVED: [&str; 4] = ["model", "messages", "stream", "tools"];
/// Objects that `extra` extends rather than replaces.
const SECTIONS: [&str; 1] = ["options"];

/// Writes the body of a request to this model.
pub(super) fn write(model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
    let mut body = Body::for_request(request);
    body.raw("{");
    body.text_field("model", model);
    body.key("messages");
    body.raw("[");
    if !request.instructions.is_empty() {
        text_message(&mut body, "system", request.instructions);
        body.raw("}");
    }
    let ids = CallIds::new(request.messages, IdFormat::Any);
    for (at, message) in request.messages.iter().enumerate() {
        match message {
            Message::User(message) => user(&mut body, &message.content)?,
            Message::Assistant(message) => assistant(&mut body, message, at, &ids)?,
        }
    }
    body.raw("]");
    tools(&mut body, request)?;
    // Ollama streams by default.
    body.raw_field("stream", if stream { "true" } else { "false" });
    settings(&mut body, request)?;
    body.raw("}");
    Ok(body.into_bytes())
}

/// Starts a message and writes its role and text.
fn text_message(body: &mut Body, role: &str, text: &str) {
    body.comma();
    body.raw("{");
    body.text_field("role", role);
    body.text_field("content", text);
}

/// Writes a user message: its text, followed by its images.
fn user(body: &mut Body, parts: &[Content]) -> Result<(), ModelError> {
    let text: String = parts.iter().filter_map(Content::as_text).collect();
    text_message(body, "user", &text);
    images(body, parts)?;
    body.raw("}");
    Ok(())
}

fn images(body: &mut Body, parts: &[Content]) -> Result<(), ModelError> {
    let mut any = false;
    for part in parts {
        let media = match part {
            Content::Image(media) => media,
            Content::Text { .. } => continue,
            other => {
                return Err(unsupported_content(
                    "Ollama",
                    other,
                    "at all; use another provider",
                ));
            }
        };
        let data = match &media.source {
            MediaSource::Base64(data) => data.as_str(),
            MediaSource::Url(url) => match data_url(url) {
                Some((_, data)) => data,
                None => {
                    return Err(unsupported_content("Ollama", part, "by URL; use bytes"));
                }
            },
            MediaSource::Id(_) => return Err(unsupported_content("Ollama", part, "by id; use bytes")),
        };
        if !any {
            any = true;
            body.key("images");
            body.raw("[");
        }
        body.comma();
        body.text(data);
    }
    if any {
        body.raw("]");
    }
    Ok(())
}

/// Writes a model's message, followed by the results of its calls.
fn assistant(
    body: &mut Body,
    message: &AssistantMessage,
    at: usize,
    ids: &CallIds,
) -> Result<(), ModelError> {
    let joined = |pick: fn(&Part) -> Option<&str>| message.parts.iter().filter_map(pick).collect::<String>();
    let text = joined(|part| match part {
        Part::Text(Text { text, .. }) | Part::Refusal { text } => Some(text),
        _ => None,
    });
    let thoughts = if message.is_of(PROVIDER) {
        joined(|part| match part {
            Part::Reasoning(reasoning) => Some(&reasoning.text),
            _ => None,
        })
    } else {
        String::new()
    };
    let has_calls = message.has_calls();
    if text.is_empty() && thoughts.is_empty() && !has_calls {
        return Ok(());
    }
    text_message(body, "assistant", &text);
    if !thoughts.is_empty() {
        body.text_field("thinking", &thoughts);
    }
    if has_calls {
        body.key("tool_calls");
        body.raw("[");
        for (index, call) in message.calls().enumerate() {
            body.comma();
            body.raw("{");
            body.text_field("id", ids.id(call, at, index));
            body.key("function");
            body.raw("{");
            body.text_field("name", &tool_name(&call.name));
            body.raw_field("arguments", sendable(&call.arguments));
            body.raw("}}");
        }
        body.raw("]");
    }
    body.raw("}");
    for (index, call) in message.calls().enumerate() {
        text_message(body, "tool", &call.result_text());
        body.text_field("tool_name", &tool_name(&call.name));
        body.text_field("tool_call_id", ids.id(call, at, index));
        body.raw("}");
    }
    message.calls().try_for_each(|call| result_images(body, call))
}

/// Writes the images that a tool returned, as a user message after the results.
fn result_images(body: &mut Body, call: &ToolCall) -> Result<(), ModelError> {
    let parts = result_content(call);
    if parts.iter().all(|part| part.as_media().is_none()) {
        return Ok(());
    }
    text_message(
        body,
        "user",
        &format!("The result of `{}`:", tool_name(&call.name)),
    );
    images(body, parts)?;
    body.raw("}");
    Ok(())
}

/// Writes the tools. Ollama has no `tool_choice`, so tools that must not be called are not declared.
fn tools(body: &mut Body, request: &Request<'_>) -> Result<(), ModelError> {
    let provider_tools = &request.settings.provider_tools;
    let is_open = request.tool_choice != ToolChoice::None;
    if !is_open || (request.tools.is_empty() && provider_tools.is_empty()) {
        return Ok(());
    }
    body.key("tools");
    body.raw("[");
    request.tools.for_each(dialect::JsonSchema, &mut |tool| {
        if !matches!(request.tool_choice, ToolChoice::Tool(name) if name != tool.name) {
            body.comma();
            body.raw(r#"{"type":"function","function":"#);
            body.raw(tool.json);
            body.raw("}");
        }
    });
    for tool in provider_tools {
        body.comma();
        body.value(tool)?;
    }
    body.raw("]");
    Ok(())
}

fn settings(body: &mut Body, request: &Request<'_>) -> Result<(), ModelError> {
    let requested = request.settings;
    if let Some(output) = request.output.filter(|_| !requested.has_extra("format")) {
        body.raw_field("format", schema_of(&output, dialect::JsonSchema)?);
    }
    if !requested.has_extra("think") {
        match requested.reasoning_effort.as_deref() {
            Some("none") => body.raw_field("think", "false"),
            Some("minimal") => body.text_field("think", "low"),
            Some(effort) => body.text_field("think", effort),
            // Ollama does not support token budgets for thinking, so a budget only turns thinking on or off.
            None => body.setting(
                requested,
                "think",
                requested.reasoning_tokens.map(|tokens| tokens > 0),
            )?,
        }
    }
    body.section(requested, "options", |options| {
        options.setting("temperature", requested.temperature)?;
        options.setting("top_p", requested.top_p)?;
        options.setting("top_k", requested.top_k)?;
        options.setting("frequency_penalty", requested.frequency_penalty)?;
        options.setting("presence_penalty", requested.presence_penalty)?;
        options.setting("num_predict", requested.max_tokens)?;
        // Ollama accepts only seeds of up to 31 bits.
        options.setting("seed", requested.seed.map(|seed| seed & 0x7fff_ffff))?;
        options.setting("stop", Some(&requested.stop).filter(|stop| !stop.is_empty()))
    })?;
    body.setting(requested, "logprobs", requested.logprobs.map(|_| true))?;
    body.setting(
        requested,
        "top_logprobs",
        requested.logprobs.filter(|others| *others > 0),
    )?;
    body.extras_outside(requested, &RESERVED, &SECTIONS)
}
