//! Writes the body of a request in one pass from borrowed data.

use super::{PLAN, PROVIDER};
use crate::message::{AssistantMessage, Content, Message, Part, Reasoning, Text, ToolCall};
use crate::model::{ModelError, Request, ToolChoice};
use crate::provider::codec::body::{Body, unsupported_content};
use crate::provider::codec::calls::{CallIds, IdFormat, tool_name};
use crate::provider::codec::content::result_content;
use crate::provider::codec::declaration::schema_of;
use crate::schema::dialect;

/// The fields that `extra` must not contain, because agno sets them.
const RESERVED: [&str; 4] = ["model", "messages", "stream", "tools"];

/// Writes the request body for a model.
pub(super) fn write(model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError> {
    let mut body = Body::for_request(request);
    body.raw("{");
    body.text_field("model", model);
    body.key("messages");
    body.raw("[");
    if !request.instructions.is_empty() {
        body.raw(r#"{"role":"system","content":"#);
        body.text(request.instructions);
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
    if stream {
        body.raw_field("stream", "true");
    }
    settings(&mut body, request)?;
    body.raw("}");
    Ok(body.into_bytes())
}

/// Writes a user message: a string if it contains only text, or a list if it contains images.
fn user<'a>(body: &mut Body, parts: impl IntoIterator<Item = &'a Content> + Clone) -> Result<(), ModelError> {
    body.comma();
    body.raw(r#"{"role":"user","content":"#);
    let parts = parts.into_iter();
    let is_text = |parts: &[&Content]| parts.iter().all(|part| part.as_text().is_some());
    let parts: Vec<&Content> = parts.collect();
    if is_text(&parts) {
        body.text(&parts.iter().filter_map(|part| part.as_text()).collect::<String>());
    } else {
        body.raw("[");
        for part in parts {
            content(body, part)?;
        }
        body.raw("]");
    }
    body.raw("}");
    Ok(())
}

fn content(body: &mut Body, part: &Content) -> Result<(), ModelError> {
    body.comma();
    match part {
        Content::Text { text } => {
            body.raw(r#"{"type":"text","text":"#);
            body.text(text);
            body.raw("}");
        }
        Content::Image(media) => {
            let url = media
                .to_url()
                .ok_or_else(|| unsupported_content("Cohere", part, "by id; use a URL or bytes"))?;
            body.raw(r#"{"type":"image_url","image_url":{"url":"#);
            body.text(&url);
            body.raw("}}");
        }
        other => {
            return Err(unsupported_content(
                "Cohere",
                other,
                "at all; use another provider",
            ));
        }
    }
    Ok(())
}

/// Writes a message from the model and then the results of its calls.
fn assistant(
    body: &mut Body,
    message: &AssistantMessage,
    at: usize,
    ids: &CallIds,
) -> Result<(), ModelError> {
    let is_own = message.is_of(PROVIDER);
    let reasoning = |part: &Part| -> Option<Reasoning> {
        match part {
            Part::Reasoning(thought) if is_own && !thought.text.is_empty() => Some((**thought).clone()),
            _ => None,
        }
    };
    let (plans, thoughts): (Vec<Reasoning>, Vec<Reasoning>) = message
        .parts
        .iter()
        .filter_map(reasoning)
        .partition(|reasoning| reasoning.id.as_deref() == Some(PLAN));
    let text: String = message
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Text(Text { text, .. }) | Part::Refusal { text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let has_calls = message.has_calls();
    if text.is_empty() && thoughts.is_empty() && !has_calls {
        return Ok(());
    }
    body.comma();
    body.raw(r#"{"role":"assistant""#);
    if !thoughts.is_empty() {
        body.key("content");
        body.raw("[");
        for thought in &thoughts {
            body.comma();
            body.raw(r#"{"type":"thinking","thinking":"#);
            body.text(&thought.text);
            body.raw("}");
        }
        if !text.is_empty() {
            body.comma();
            body.raw(r#"{"type":"text","text":"#);
            body.text(&text);
            body.raw("}");
        }
        body.raw("]");
    } else if !text.is_empty() {
        body.text_field("content", &text);
    }
    if has_calls {
        if !plans.is_empty() {
            let plan: String = plans.iter().map(|plan| plan.text.as_str()).collect();
            body.text_field(PLAN, &plan);
        }
        body.tool_calls(message, at, ids);
    }
    body.raw("}");
    for (index, call) in message.calls().enumerate() {
        body.raw(r#",{"role":"tool","tool_call_id":"#);
        body.text(ids.id(call, at, index));
        body.text_field("content", &call.result_text());
        body.raw("}");
    }
    message.calls().try_for_each(|call| result_images(body, call))
}

/// Writes the media in a tool result as a separate user message after the results, because a tool message cannot
/// contain media.
fn result_images(body: &mut Body, call: &ToolCall) -> Result<(), ModelError> {
    let media: Vec<&Content> = result_content(call)
        .iter()
        .filter(|part| part.as_media().is_some())
        .collect();
    if media.is_empty() {
        return Ok(());
    }
    let name = Content::text(format!("The result of `{}`:", tool_name(&call.name)));
    user(body, std::iter::once(&name).chain(media.iter().copied()))
}

/// Writes the tools. The API cannot require a tool by name; if the request names a tool, the other functions are
/// omitted.
fn tools(body: &mut Body, request: &Request<'_>) -> Result<(), ModelError> {
    let provider_tools = &request.settings.provider_tools;
    if request.tools.is_empty() && provider_tools.is_empty() {
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
    let choice = match request.tool_choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some("NONE"),
        _ => Some("REQUIRED"),
    };
    body.setting(request.settings, "tool_choice", choice)
}

fn settings(body: &mut Body, request: &Request<'_>) -> Result<(), ModelError> {
    let requested = request.settings;
    if let Some(output) = request.output.filter(|_| !requested.has_extra("response_format")) {
        body.raw_field("response_format", r#"{"type":"json_object","json_schema":"#);
        body.raw(schema_of(&output, dialect::JsonSchema)?);
        body.raw("}");
    }
    // Cohere accepts a narrower range of penalties than other providers. Penalties affect only style, so clamp them.
    let penalty = |penalty: Option<f32>| penalty.map(|penalty| penalty.clamp(0.0, 1.0));
    body.setting(requested, "temperature", requested.temperature)?;
    body.setting(
        requested,
        "p",
        requested.top_p.map(|share| share.clamp(0.01, 0.99)),
    )?;
    body.setting(requested, "k", requested.top_k)?;
    body.setting(
        requested,
        "frequency_penalty",
        penalty(requested.frequency_penalty),
    )?;
    body.setting(requested, "presence_penalty", penalty(requested.presence_penalty))?;
    body.setting(requested, "max_tokens", requested.max_tokens)?;
    body.setting(requested, "seed", requested.seed)?;
    body.setting(
        requested,
        "stop_sequences",
        Some(&requested.stop).filter(|stop| !stop.is_empty()),
    )?;
    body.setting(requested, "logprobs", requested.logprobs.map(|_| true))?;
    if !requested.has_extra("thinking") {
        match (requested.reasoning_tokens, requested.reasoning_effort.as_deref()) {
            (Some(0), _) | (None, Some("none")) => body.raw_field("thinking", r#"{"type":"disabled"}"#),
            (Some(tokens), _) => {
                body.raw_field("thinking", r#"{"type":"enabled","token_budget":"#);
                body.value(&tokens)?;
                body.raw("}");
            }
            (None, Some(_)) => body.raw_field("thinking", r#"{"type":"enabled"}"#),
            (None, None) => {}
        }
    }
    body.extras(requested, &RESERVED)
}
