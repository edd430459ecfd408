//! Writes the request body in one pass, directly from borrowed data and without intermediate values.

use serde_json::Value;

use super::input;
use super::model::Responses;
use crate::model::{ModelError, ModelErrorKind, Request, Settings, ToolChoice};
use crate::provider::codec::body::Body;
use crate::provider::codec::declaration::RawDeclaration;
use crate::schema::dialect;

/// Fields that define the request and that `extra` cannot set.
const RESERVED: [&str; 5] = ["model", "input", "instructions", "stream", "tools"];
/// Fields that `extra` extends rather than replaces.
const SHARED: [&str; 3] = ["text", "reasoning", "include"];

const ENCRYPTED: &str = "reasoning.encrypted_content";
const LOGPROBS: &str = "message.output_text.logprobs";

/// Writes the body of a request to this model.
pub(super) fn write(
    api: &Responses,
    model: &str,
    request: &Request<'_>,
    stream: bool,
) -> Result<Vec<u8>, ModelError> {
    let settings = request.settings;
    if !settings.stop.is_empty() {
        let message = "the Responses API does not support stop sequences; remove them, or use Chat Completions (`OpenAi`)";
        return Err(ModelError::new(ModelErrorKind::Unsupported, message));
    }
    let store = extra(settings, "store").and_then(Value::as_bool) == Some(true);
    let mut body = Body::for_request(request);
    body.raw("{");
    body.text_field("model", model);
    if !request.instructions.is_empty() {
        body.text_field("instructions", request.instructions);
    }
    body.key("input");
    body.raw("[");
    input::write(&mut body, api, request, store)?;
    body.raw("]");
    tools(&mut body, request)?;
    if stream {
        body.raw_field("stream", "true");
    }
    body.setting(settings, "store", Some(false))?;
    include(&mut body, api, settings, store)?;
    text(&mut body, request)?;
    reasoning(&mut body, api, settings)?;
    body.setting(settings, "temperature", settings.temperature)?;
    body.setting(settings, "top_p", settings.top_p)?;
    body.setting(settings, "max_output_tokens", settings.max_tokens)?;
    let top_logprobs = settings.logprobs.filter(|top_logprobs| *top_logprobs > 0);
    body.setting(settings, "top_logprobs", top_logprobs)?;
    body.setting(settings, "service_tier", settings.service_tier.as_ref())?;
    body.extras_except(settings, &RESERVED, &SHARED)?;
    body.raw("}");
    Ok(body.into_bytes())
}

/// Writes the tools. In each declaration, `type` is inserted before the first field, along with `"strict":false` if
/// the declaration has no `strict`.
fn tools(body: &mut Body, request: &Request<'_>) -> Result<(), ModelError> {
    let settings = request.settings;
    let provider_tools = &settings.provider_tools;
    if request.tools.is_empty() && provider_tools.is_empty() {
        return Ok(());
    }
    body.key("tools");
    body.raw("[");
    let mut outcome = Ok(());
    request.tools.for_each(dialect::OpenAi, &mut |tool| {
        body.comma();
        // A declaration without `strict` is not strict in Chat Completions, but would be strict here.
        let head = if is_decided(tool.json) {
            r#"{"type":"function""#
        } else {
            r#"{"type":"function","strict":false"#
        };
        if outcome.is_ok() {
            outcome = body.splice(head, tool.json);
        }
    });
    outcome?;
    for tool in provider_tools {
        body.comma();
        body.value(tool)?;
    }
    body.raw("]");
    if !settings.has_extra("tool_choice") {
        match request.tool_choice {
            ToolChoice::Auto => {}
            ToolChoice::Required => body.text_field("tool_choice", "required"),
            ToolChoice::None => body.text_field("tool_choice", "none"),
            ToolChoice::Tool(name) => {
                body.raw_field("tool_choice", r#"{"type":"function","name":"#);
                body.text(name);
                body.raw("}");
            }
        }
    }
    body.setting(settings, "parallel_tool_calls", settings.parallel_tool_calls)
}

/// Returns `true` if a declaration contains `strict`. In declarations rendered by agno, `strict` precedes the schema.
fn is_decided(declaration: &str) -> bool {
    let head = declaration.split(r#""parameters":"#).next().unwrap_or_default();
    head.contains(r#""strict":"#)
        || RawDeclaration::read(declaration).is_ok_and(|declaration| declaration.has_strict())
}

/// Writes `include`, the list of optional content for the reply: encrypted reasoning, log probabilities and the entries
/// in `extra`.
fn include(body: &mut Body, api: &Responses, settings: &Settings, store: bool) -> Result<(), ModelError> {
    let extra_fields = extra(settings, "include");
    let more = extra_fields
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let required = [
        (!store && api.reasoning_model).then_some(ENCRYPTED),
        settings.logprobs.map(|_| LOGPROBS),
    ];
    let mut all = more.to_vec();
    for name in required.into_iter().flatten() {
        if !all.iter().any(|known| known == name) {
            all.push(name.into());
        }
    }
    if all.is_empty() {
        return Ok(());
    }
    body.field("include", &all)
}

/// Writes the output schema, along with the `text` fields in `extra`.
fn text(body: &mut Body, request: &Request<'_>) -> Result<(), ModelError> {
    let extra_fields = extra(request.settings, "text");
    let output = request
        .output
        .filter(|_| extra_fields.is_none_or(|text| text.get("format").is_none()));
    let Some(output) = output else {
        return extra_fields.map_or(Ok(()), |text| body.field("text", text));
    };
    body.key("text");
    body.raw("{");
    members(body, extra_fields)?;
    body.key("format");
    body.splice(r#"{"type":"json_schema""#, output.declaration(dialect::OpenAi))?;
    body.raw("}");
    Ok(())
}

/// Writes the reasoning effort and the summary level, along with the `reasoning` fields in `extra`.
fn reasoning(body: &mut Body, api: &Responses, settings: &Settings) -> Result<(), ModelError> {
    let extra_fields = extra(settings, "reasoning");
    let open = |key: &str| extra_fields.is_none_or(|reasoning| reasoning.get(key).is_none());
    let effort = settings.reasoning_effort.as_ref().filter(|_| open("effort"));
    let summary = api.summary.as_ref().filter(|_| open("summary"));
    if extra_fields.is_none() && effort.is_none() && summary.is_none() {
        return Ok(());
    }
    body.key("reasoning");
    body.raw("{");
    members(body, extra_fields)?;
    if let Some(effort) = effort {
        body.text_field("effort", effort);
    }
    if let Some(summary) = summary {
        body.text_field("summary", summary);
    }
    body.raw("}");
    Ok(())
}

/// Writes the fields of an object.
fn members(body: &mut Body, object: Option<&Value>) -> Result<(), ModelError> {
    for (key, value) in object.and_then(Value::as_object).into_iter().flatten() {
        body.field(key, value)?;
    }
    Ok(())
}

/// Returns the value of an extra field.
fn extra<'a>(settings: &'a Settings, key: &str) -> Option<&'a Value> {
    let found = settings.extra.iter().find(|(known, _)| known == key);
    found.map(|(_, value)| value)
}
