//! Writes the request body in one pass, directly from borrowed data and without intermediate values.

use super::quirks::{OutputFormat, Quirks};
use super::reasoning_details::KIND;
use crate::message::{AssistantMessage, Content, Media, MediaSource, Message, Part, ToolCall};
use crate::model::{ModelError, OutputStrategy, Request, ToolChoice, Tools};
use crate::provider::codec::body::{Body, unsupported_content};
use crate::provider::codec::calls::{CallIds, IdFormat, tool_name};
use crate::provider::codec::content::result_content;
use crate::provider::strategy::with_schema_text;
use crate::schema::dialect;

/// Fields that define the request and that `extra` cannot set.
const RESERVED: [&str; 4] = ["model", "messages", "stream", "tools"];

/// Writes the body of a request to this model.
pub(super) fn write(
    model: &str,
    provider: &str,
    quirks: &Quirks,
    id_format: IdFormat,
    request: &Request<'_>,
    stream: bool,
) -> Result<Vec<u8>, ModelError> {
    let mut body = Body::for_request(request);
    body.raw("{");
    body.text_field("model", model);
    body.key("messages");
    body.raw("[");
    messages(&mut body, provider, quirks, id_format, request)?;
    body.raw("]");
    tools(&mut body, quirks, request)?;
    if stream {
        body.raw_field("stream", "true");
    }
    settings(&mut body, quirks, request, stream)?;
    body.raw("}");
    Ok(body.into_bytes())
}

fn messages(
    body: &mut Body,
    provider: &str,
    quirks: &Quirks,
    id_format: IdFormat,
    request: &Request<'_>,
) -> Result<(), ModelError> {
    // Servers with these formats do not enforce a schema, so the system message contains it.
    let shape = request.output.filter(|_| {
        matches!(
            output_format(quirks, request),
            OutputFormat::Object | OutputFormat::Prompt
        )
    });
    match shape {
        Some(output) => {
            let text = with_schema_text(request.instructions, output.declaration(dialect::OpenAi));
            body.raw(r#"{"role":"system","content":"#);
            body.text(&text);
            body.raw("}");
        }
        None if !request.instructions.is_empty() => {
            body.raw(r#"{"role":"system","content":"#);
            body.text(request.instructions);
            body.raw("}");
        }
        None => {}
    }
    let ids = CallIds::new(request.messages, id_format);
    for (at, message) in request.messages.iter().enumerate() {
        match message {
            Message::User(message) => {
                body.comma();
                body.raw(r#"{"role":"user","content":"#);
                content(body, &message.content, quirks)?;
                body.raw("}");
            }
            Message::Assistant(message) => assistant(body, message, at, &ids, provider, quirks)?,
        }
    }
    Ok(())
}

/// Writes the content of a user message: a string if all parts are text, otherwise a list of parts.
fn content(body: &mut Body, parts: &[Content], quirks: &Quirks) -> Result<(), ModelError> {
    if let [Content::Text { text }] = parts {
        body.text(text);
        return Ok(());
    }
    if parts.iter().all(|part| part.as_text().is_some()) {
        body.text(&parts.iter().filter_map(Content::as_text).collect::<String>());
        return Ok(());
    }
    body.raw("[");
    for part in parts {
        body.comma();
        match part {
            Content::Text { text } => {
                body.raw(r#"{"type":"text","text":"#);
                body.text(text);
                body.raw("}");
            }
            Content::Image(media) => {
                let url = media.to_url().ok_or_else(|| {
                    unsupported_content("Chat Completions", part, "by id; use a URL or bytes")
                })?;
                body.raw(r#"{"type":"image_url","image_url":{"url":"#);
                body.text(&url);
                body.raw("}}");
            }
            Content::Audio(media) => audio(body, part, media)?,
            Content::Document(media) if quirks.document_url => document(body, media),
            Content::Document(media) => file(body, part, media)?,
            Content::Video(_) => {
                return Err(unsupported_content(
                    "Chat Completions",
                    part,
                    "at all; use another provider",
                ));
            }
        }
    }
    body.raw("]");
    Ok(())
}

fn audio(body: &mut Body, part: &Content, media: &Media) -> Result<(), ModelError> {
    let MediaSource::Base64(data) = &media.source else {
        return Err(unsupported_content(
            "Chat Completions",
            part,
            "by URL or id; use bytes",
        ));
    };
    let format = match media.media_type.as_str() {
        "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
        "audio/mpeg" | "audio/mp3" => "mp3",
        other => other.strip_prefix("audio/").unwrap_or(other),
    };
    body.raw(r#"{"type":"input_audio","input_audio":{"data":"#);
    body.text(data);
    body.text_field("format", format);
    body.raw("}}");
    Ok(())
}

fn file(body: &mut Body, part: &Content, media: &Media) -> Result<(), ModelError> {
    body.raw(r#"{"type":"file","file":{"#);
    match &media.source {
        MediaSource::Id(id) => body.text_field("file_id", id),
        MediaSource::Base64(_) => {
            body.text_field("filename", media.name.as_deref().unwrap_or("document"));
            body.text_field("file_data", &media.to_url().unwrap_or_default());
        }
        MediaSource::Url(_) => {
            return Err(unsupported_content(
                "Chat Completions",
                part,
                "by URL; use bytes or an id",
            ));
        }
    }
    body.raw("}}");
    Ok(())
}

/// Writes a document in Mistral's format: as a URL, a data URL or a file ID.
fn document(body: &mut Body, media: &Media) {
    body.raw("{");
    match (&media.source, media.to_url()) {
        (MediaSource::Id(id), _) => {
            body.text_field("type", "file");
            body.text_field("file_id", id);
        }
        (_, url) => {
            body.text_field("type", "document_url");
            body.text_field("document_url", &url.unwrap_or_default());
            if let Some(name) = &media.name {
                body.text_field("document_name", name);
            }
        }
    }
    body.raw("}");
}

/// Writes a model's message, followed by the results of its calls.
fn assistant(
    body: &mut Body,
    message: &AssistantMessage,
    at: usize,
    ids: &CallIds,
    provider: &str,
    quirks: &Quirks,
) -> Result<(), ModelError> {
    let text = message.text();
    let has_calls = message.has_calls();
    body.comma();
    body.raw(r#"{"role":"assistant","content":"#);
    if text.is_empty() && has_calls {
        body.raw("null");
    } else {
        body.text(&text);
    }
    let collect_text =
        |pick: fn(&Part) -> Option<&str>| message.parts.iter().filter_map(pick).collect::<String>();
    let refusal = collect_text(|part| match part {
        Part::Refusal { text } => Some(text.as_str()),
        _ => None,
    });
    if !refusal.is_empty() {
        body.text_field("refusal", &refusal);
    }
    let details = message.parts.iter().find_map(|part| match part {
        Part::Provider(item) if item.kind == KIND && message.is_of(provider) => Some(&item.json),
        _ => None,
    });
    if let Some(details) = details {
        body.raw_field(KIND, details);
    }
    if let Some(field) = quirks.reasoning_field {
        let thoughts = collect_text(|part| match part {
            Part::Reasoning(reasoning) => Some(reasoning.text.as_str()),
            _ => None,
        });
        // DeepSeek requires the field in messages with calls, even if there is no reasoning.
        if has_calls || !thoughts.is_empty() {
            body.text_field(field, &thoughts);
        }
    }
    if has_calls {
        body.tool_calls(message, at, ids);
    }
    body.raw("}");
    for (index, call) in message.calls().enumerate() {
        result(body, call, ids.id(call, at, index));
    }
    result_images(body, message, at, ids, quirks)
}

/// Writes the result of a call. The API accepts only text in results.
fn result(body: &mut Body, call: &ToolCall, id: &str) {
    body.raw(r#",{"role":"tool","tool_call_id":"#);
    body.text(id);
    body.text_field("content", &call.result_text());
    body.raw("}");
}

/// Writes the media that tools returned. The API accepts media only in user messages, so each result with media gets
/// a user message after the results.
fn result_images(
    body: &mut Body,
    message: &AssistantMessage,
    at: usize,
    ids: &CallIds,
    quirks: &Quirks,
) -> Result<(), ModelError> {
    let media = |call: &ToolCall| {
        result_content(call)
            .iter()
            .filter(|part| part.as_media().is_some())
            .cloned()
            .collect::<Vec<_>>()
    };
    for (index, call) in message.calls().enumerate() {
        let media = media(call);
        if !media.is_empty() {
            let mut parts = vec![Content::text(format!(
                "The result of `{}` ({}):",
                tool_name(&call.name),
                ids.id(call, at, index)
            ))];
            parts.extend(media);
            body.raw(r#",{"role":"user","content":"#);
            content(body, &parts, quirks)?;
            body.raw("}");
        }
    }
    Ok(())
}

/// Returns the tools to declare: none if calls are forbidden and `tool_choice` cannot be `none`.
fn select_tools<'a>(quirks: &Quirks, request: &Request<'a>) -> Tools<'a> {
    match request.tool_choice {
        ToolChoice::None if !quirks.tool_choice_none => Tools::none(),
        _ => request.tools,
    }
}

fn tools(body: &mut Body, quirks: &Quirks, request: &Request<'_>) -> Result<(), ModelError> {
    let provider_tools = &request.settings.provider_tools;
    let tools = select_tools(quirks, request);
    if tools.is_empty() && provider_tools.is_empty() {
        return Ok(());
    }
    body.key("tools");
    body.raw("[");
    tools.for_each(dialect::OpenAi, &mut |tool| {
        body.comma();
        body.raw(r#"{"type":"function","function":"#);
        body.raw(tool.json);
        body.raw("}");
    });
    for tool in provider_tools {
        body.comma();
        body.value(tool)?;
    }
    body.raw("]");
    Ok(())
}

/// Returns the method of requesting structured output from the server.
fn output_format(quirks: &Quirks, request: &Request<'_>) -> OutputFormat {
    match quirks.output {
        // The caller explicitly requested native structured output.
        OutputFormat::Prompt | OutputFormat::None
            if request.settings.output_strategy == Some(OutputStrategy::Native) =>
        {
            OutputFormat::Schema
        }
        format => format,
    }
}

fn settings(body: &mut Body, quirks: &Quirks, request: &Request<'_>, stream: bool) -> Result<(), ModelError> {
    let requested = request.settings;
    if let Some(output) = request.output
        && !requested.has_extra("response_format")
    {
        match output_format(quirks, request) {
            OutputFormat::Schema => {
                body.raw_field("response_format", r#"{"type":"json_schema","json_schema":"#);
                body.raw(output.declaration(dialect::OpenAi));
                body.raw("}");
            }
            OutputFormat::Object => body.raw_field("response_format", r#"{"type":"json_object"}"#),
            OutputFormat::Prompt | OutputFormat::None => {}
        }
    }
    let tools = !select_tools(quirks, request).is_empty();
    if tools && !requested.has_extra("tool_choice") {
        match request.tool_choice {
            ToolChoice::Tool(name) if quirks.tool_choice_named => {
                body.raw_field("tool_choice", r#"{"type":"function","function":{"name":"#);
                body.text(name);
                body.raw("}}");
            }
            ToolChoice::Required | ToolChoice::Tool(_) if quirks.tool_choice_required != "auto" => {
                body.text_field("tool_choice", quirks.tool_choice_required);
            }
            ToolChoice::None => body.text_field("tool_choice", "none"),
            ToolChoice::Auto | ToolChoice::Required | ToolChoice::Tool(_) => {}
        }
    }
    let parallel = requested
        .parallel_tool_calls
        .filter(|_| tools && quirks.parallel_tool_calls);
    body.setting(requested, "parallel_tool_calls", parallel)?;
    if stream && quirks.stream_usage && !requested.has_extra("stream_options") {
        body.raw_field("stream_options", r#"{"include_usage":true}"#);
    }
    body.setting(requested, "temperature", requested.temperature)?;
    body.setting(requested, "top_p", requested.top_p)?;
    body.setting(requested, "top_k", requested.top_k.filter(|_| quirks.top_k))?;
    body.setting(requested, "frequency_penalty", requested.frequency_penalty)?;
    body.setting(requested, "presence_penalty", requested.presence_penalty)?;
    body.setting(requested, quirks.max_tokens, requested.max_tokens)?;
    body.setting(requested, quirks.seed, requested.seed)?;
    body.setting(
        requested,
        "stop",
        Some(&requested.stop).filter(|stop| !stop.is_empty()),
    )?;
    body.setting(requested, "reasoning_effort", requested.reasoning_effort.as_ref())?;
    body.setting(requested, "logprobs", requested.logprobs.map(|_| true))?;
    body.setting(
        requested,
        "top_logprobs",
        requested.logprobs.filter(|others| *others > 0),
    )?;
    body.setting(requested, "service_tier", requested.service_tier.as_ref())?;
    body.extras(requested, &RESERVED)
}
