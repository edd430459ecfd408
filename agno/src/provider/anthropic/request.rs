//! Writes the body of a request in one pass from borrowed data.

use std::time::SystemTime;

use serde_json::value::RawValue;

use super::content;
use crate::message::Message;
use crate::model::{ModelError, PromptCache, Request, ToolChoice};
use crate::provider::claude::ClaudeSettings;
use crate::provider::claude::fit_schema::Shape;
use crate::provider::claude::turns::{MAX_ID, Role, Turns, is_sendable};
use crate::provider::codec::body::Body;
use crate::provider::codec::calls::{CallIds, IdFormat};
use crate::provider::codec::declaration::RawDeclaration;
use crate::provider::transport::http_time::{now, rfc3339};
use crate::schema::dialect;

/// The fields that `extra` must not contain, because agno sets them.
const RESERVED: [&str; 5] = ["model", "messages", "stream", "tools", "system"];

/// Writes the request body for a model.
pub(super) fn write(
    model: &str,
    shape: &Shape,
    request: &Request<'_>,
    stream: bool,
) -> Result<Vec<u8>, ModelError> {
    let settings = request.settings;
    let forced = matches!(request.tool_choice, ToolChoice::Required | ToolChoice::Tool(_));
    let claude_settings = ClaudeSettings::new(model, settings, forced && !request.tools.is_empty());
    let cache = settings.prompt_cache.map(|cache| match cache {
        PromptCache::Short => r#","cache_control":{"type":"ephemeral"}"#,
        PromptCache::Hour => r#","cache_control":{"type":"ephemeral","ttl":"1h"}"#,
    });
    let mut body = Body::for_request(request);
    body.raw("{");
    body.text_field("model", model);
    if !request.instructions.trim().is_empty() {
        body.key("system");
        match cache {
            None => body.text(request.instructions),
            Some(mark) => {
                body.raw(r#"[{"type":"text","text":"#);
                body.text(request.instructions);
                body.raw(mark);
                body.raw("}]");
            }
        }
    }
    tools(&mut body, request, cache)?;
    messages(&mut body, request, cache)?;
    if stream {
        body.raw_field("stream", "true");
    }
    container(&mut body, request);
    choice(&mut body, request, &claude_settings);
    output(&mut body, shape, request, &claude_settings);
    if !settings.has_extra("max_tokens") {
        claude_settings.check()?;
    }
    claude_settings.thinking.write(&mut body)?;
    body.setting(settings, "max_tokens", Some(claude_settings.max_tokens))?;
    body.setting(settings, "temperature", claude_settings.temperature)?;
    body.setting(settings, "top_p", claude_settings.top_p)?;
    body.setting(settings, "top_k", claude_settings.top_k)?;
    body.setting(
        settings,
        "stop_sequences",
        Some(&settings.stop).filter(|stop| !stop.is_empty()),
    )?;
    body.setting(settings, "service_tier", settings.service_tier.as_ref())?;
    body.extras(settings, &RESERVED)?;
    body.raw("}");
    Ok(body.into_bytes())
}

/// Writes the provider's tools and then the agent's tools. With caching, the last tool carries the breakpoint.
fn tools(body: &mut Body, request: &Request<'_>, cache: Option<&str>) -> Result<(), ModelError> {
    let provided = &request.settings.provider_tools;
    if request.tools.is_empty() && provided.is_empty() {
        return Ok(());
    }
    body.key("tools");
    body.raw("[");
    for tool in provided {
        body.comma();
        body.value(tool)?;
    }
    request.tools.for_each(dialect::Anthropic, &mut |tool| {
        body.comma();
        body.raw(tool.json);
    });
    // A tool with deferred loading cannot have a breakpoint, and a tool with `cache_control` already has one.
    let is_deferred = request.tools.is_empty()
        && provided
            .last()
            .is_some_and(|tool| tool.get("defer_loading").is_some() || tool.get("cache_control").is_some());
    if let Some(mark) = cache.filter(|_| !is_deferred) {
        body.insert(body.len().saturating_sub(1), mark);
    }
    body.raw("]");
    Ok(())
}

fn messages(body: &mut Body, request: &Request<'_>, cache: Option<&str>) -> Result<(), ModelError> {
    let ids = CallIds::new(request.messages, IdFormat::Plain(MAX_ID));
    let mut turns = Turns::new(body);
    let count = request.messages.len();
    for (at, message) in request.messages.iter().enumerate() {
        match message {
            Message::User(message) => {
                for part in message.content.iter().filter(|part| is_sendable(part)) {
                    content::content_part(turns.body_for(Role::User), part)?;
                    turns.mark_user_block();
                }
            }
            Message::Assistant(message) => {
                if content::has_sendable(message) {
                    let is_last = at.saturating_add(1) == count && !message.has_calls();
                    content::assistant_content(turns.body_for(Role::Assistant), message, at, is_last, &ids);
                }
                for (index, call) in message.calls().enumerate() {
                    content::result(turns.body_for(Role::User), call, ids.id(call, at, index))?;
                    turns.mark_user_block();
                }
            }
        }
    }
    if let (Some(at), Some(mark)) = (turns.finish(), cache) {
        body.insert(at.saturating_sub(1), mark);
    }
    Ok(())
}

/// Writes the container ID of earlier code runs, so that the model can access the container's files and paused code
/// receives tool results.
fn container(body: &mut Body, request: &Request<'_>) {
    if request.settings.has_extra("container") {
        return;
    }
    let messages = request.messages.iter().filter_map(|message| match message {
        Message::Assistant(message) => Some(message),
        Message::User(_) => None,
    });
    let is_alive = |expires: &str| expires_after(expires, now());
    if let Some(id) = content::container(messages, is_alive) {
        body.text_field("container", &id);
    }
}

/// Returns `true` if a timestamp is later than `now` or cannot be parsed.
fn expires_after(text: &str, now: SystemTime) -> bool {
    rfc3339(text).is_none_or(|time| time > now)
}

fn choice(body: &mut Body, request: &Request<'_>, claude_settings: &ClaudeSettings<'_>) {
    let settings = request.settings;
    let has_tools = !request.tools.is_empty() || !settings.provider_tools.is_empty();
    if !has_tools || settings.has_extra("tool_choice") {
        return;
    }
    let disable_parallel = settings.parallel_tool_calls == Some(false);
    let kind = match request.tool_choice {
        ToolChoice::None => "none",
        ToolChoice::Required if claude_settings.forces_tools => "any",
        ToolChoice::Tool(_) if claude_settings.forces_tools => "tool",
        ToolChoice::Auto if !disable_parallel && settings.parallel_tool_calls.is_none() => return,
        _ => "auto",
    };
    body.raw_field("tool_choice", "{");
    body.text_field("type", kind);
    if let (ToolChoice::Tool(name), "tool") = (request.tool_choice, kind) {
        body.text_field("name", name);
    }
    if kind != "none"
        && let Some(parallel) = settings.parallel_tool_calls
    {
        body.raw_field(
            "disable_parallel_tool_use",
            if parallel { "false" } else { "true" },
        );
    }
    body.raw("}");
}

/// Writes the effort and the output schema.
fn output(body: &mut Body, shape: &Shape, request: &Request<'_>, claude_settings: &ClaudeSettings<'_>) {
    if request.settings.has_extra("output_config") {
        return;
    }
    // If native output is forced, send even a schema that the API will reject; the API reports the reason.
    let schema = request.output.map(|output| {
        let declaration = output.declaration(dialect::Anthropic);
        shape
            .fit(declaration)
            .unwrap_or_else(|| schema_of(declaration).into())
    });
    if claude_settings.effort.is_none() && schema.is_none() {
        return;
    }
    body.raw_field("output_config", "{");
    if let Some(effort) = claude_settings.effort {
        body.text_field("effort", effort);
    }
    if let Some(schema) = schema {
        body.raw_field("format", r#"{"type":"json_schema","schema":"#);
        body.raw(&schema);
        body.raw("}");
    }
    body.raw("}");
}

/// Returns the schema of a declaration unchanged.
fn schema_of(declaration: &str) -> &str {
    let declaration = RawDeclaration::read(declaration).ok();
    declaration
        .and_then(|declaration| declaration.schema())
        .map_or("{}", RawValue::get)
}
