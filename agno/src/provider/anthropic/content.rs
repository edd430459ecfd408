//! Encodes message content as Messages API blocks.

use super::PROVIDER;
use super::reply::CONTAINER;
use crate::message::{AssistantMessage, Content, Media, MediaSource, Part, Reasoning, ToolCall};
use crate::model::ModelError;
use crate::provider::claude::turns::{is_blank, is_sendable};
use crate::provider::codec::body::{Body, sendable, unsupported_content};
use crate::provider::codec::calls::{CallIds, tool_name};
use crate::provider::codec::content::result_content;

/// The name of the API in error messages.
const API: &str = "the Messages API";

/// Writes a content part of a user message or a tool result.
pub(super) fn content_part(body: &mut Body, part: &Content) -> Result<(), ModelError> {
    match part {
        Content::Text { text } => {
            body.comma();
            body.raw(r#"{"type":"text","text":"#);
            body.text(text);
            body.raw("}");
        }
        Content::Image(media) => image(body, part, media)?,
        Content::Document(media) => document(body, part, media)?,
        Content::Audio(_) | Content::Video(_) => {
            return Err(unsupported_content(API, part, "at all; use another provider"));
        }
    }
    Ok(())
}

fn image(body: &mut Body, part: &Content, media: &Media) -> Result<(), ModelError> {
    body.comma();
    body.raw(r#"{"type":"image","source":"#);
    match &media.source {
        MediaSource::Base64(data) => {
            let kind = match media.media_type.as_str() {
                "" => detect_media_type(data)
                    .ok_or_else(|| unsupported_content(API, part, "without a `media_type`; set one"))?,
                "image/jpg" => "image/jpeg",
                kind => kind,
            };
            base64(body, kind, data);
        }
        source => remote_source(body, source),
    }
    body.raw("}");
    Ok(())
}

fn document(body: &mut Body, part: &Content, media: &Media) -> Result<(), ModelError> {
    body.comma();
    body.raw(r#"{"type":"document","source":"#);
    let kind = media.media_type.as_str();
    match &media.source {
        MediaSource::Base64(data) if matches!(kind, "" | "application/pdf") => {
            base64(body, "application/pdf", data);
        }
        MediaSource::Base64(_) => {
            let is_text = kind.starts_with("text/") || matches!(kind, "application/json" | "application/xml");
            let text = media
                .decode()
                .filter(|_| is_text)
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| unsupported_content(API, part, "other than PDF and UTF-8 text"))?;
            body.raw(r#"{"type":"text","media_type":"text/plain","data":"#);
            body.text(&text);
            body.raw("}");
        }
        source => remote_source(body, source),
    }
    if let Some(name) = &media.name {
        body.text_field("title", name);
    }
    body.raw("}");
    Ok(())
}

fn base64(body: &mut Body, kind: &str, data: &str) {
    body.raw(r#"{"type":"base64","media_type":"#);
    body.text(kind);
    body.text_field("data", data);
    body.raw("}");
}

fn remote_source(body: &mut Body, source: &MediaSource) {
    let (kind, key, index) = match source {
        MediaSource::Id(id) => ("file", "file_id", id),
        MediaSource::Url(url) | MediaSource::Base64(url) => ("url", "url", url),
    };
    body.raw(r#"{"type":"#);
    body.text(kind);
    body.text_field(key, index);
    body.raw("}");
}

/// Detects the media type of an image from the start of its base64 data.
fn detect_media_type(data: &str) -> Option<&'static str> {
    [
        ("iVBOR", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lG", "image/gif"),
        ("UklGR", "image/webp"),
    ]
    .into_iter()
    .find_map(|(bytes, kind)| data.starts_with(bytes).then_some(kind))
}

/// Returns `true` if an assistant message contains anything to send.
pub(super) fn has_sendable(message: &AssistantMessage) -> bool {
    let is_own = message.is_of(PROVIDER);
    message.parts.iter().any(|part| match part {
        Part::Text(text) => !is_blank(&text.text),
        Part::Refusal { text } => !is_own && !is_blank(text),
        Part::Reasoning(reasoning) => is_own && reasoning.signature.is_some(),
        Part::Provider(item) => is_own && item.kind != CONTAINER,
        Part::Call(_) => true,
        Part::Image(_) | Part::Audio(_) => false,
    })
}

/// Writes the assistant message at position `at` of the conversation. `is_last` is `true` if the request ends with this
/// message.
pub(super) fn assistant_content(
    body: &mut Body,
    message: &AssistantMessage,
    at: usize,
    is_last: bool,
    ids: &CallIds,
) {
    let is_own = message.is_of(PROVIDER);
    let mut calls = 0;
    for (index, part) in message.parts.iter().enumerate() {
        match part {
            Part::Text(text) if !is_blank(&text.text) => {
                let is_request_end = is_last && index.saturating_add(1) == message.parts.len();
                body.comma();
                body.raw(r#"{"type":"text","text":"#);
                // The API rejects a request whose last text ends in whitespace.
                body.text(if is_request_end {
                    text.text.trim_end()
                } else {
                    &text.text
                });
                let citations: Vec<&str> = text
                    .citations()
                    .iter()
                    .map(|citation| citation.json.as_str())
                    .filter(|json| is_own && !json.is_empty())
                    .collect();
                if !citations.is_empty() {
                    body.raw_field("citations", "[");
                    body.raw(&citations.join(","));
                    body.raw("]");
                }
                body.raw("}");
            }
            Part::Reasoning(reasoning) if is_own => reasoning_part(body, reasoning),
            Part::Call(call) => {
                body.comma();
                body.raw(r#"{"type":"tool_use","id":"#);
                body.text(ids.id(call, at, calls));
                body.text_field("name", &tool_name(&call.name));
                body.raw_field("input", sendable(&call.arguments));
                if let Some(caller) = call.signature.as_deref().filter(|_| is_own) {
                    body.raw_field("caller", caller);
                }
                body.raw("}");
                calls = usize::saturating_add(calls, 1);
            }
            // Anthropic's refusals come from a filter, not from the model, so they are not sent back.
            Part::Refusal { text } if !is_own && !is_blank(text) => {
                body.comma();
                body.raw(r#"{"type":"text","text":"#);
                body.text(text);
                body.raw("}");
            }
            Part::Provider(item) if is_own && item.kind != CONTAINER => {
                body.comma();
                body.raw(&item.json);
            }
            _ => {}
        }
    }
}

/// Writes a thinking block. Blocks without a signature are skipped, because the API rejects them.
fn reasoning_part(body: &mut Body, reasoning: &Reasoning) {
    let Some(signature) = &reasoning.signature else {
        return;
    };
    body.comma();
    if reasoning.redacted {
        body.raw(r#"{"type":"redacted_thinking","data":"#);
        body.text(signature);
    } else {
        body.raw(r#"{"type":"thinking","thinking":"#);
        body.text(&reasoning.text);
        body.text_field("signature", signature);
    }
    body.raw("}");
}

/// Writes the result of the call with this ID.
pub(super) fn result(body: &mut Body, call: &ToolCall, id: &str) -> Result<(), ModelError> {
    body.comma();
    body.raw(r#"{"type":"tool_result","tool_use_id":"#);
    body.text(id);
    let is_error = call.result.as_ref().is_none_or(|result| result.is_error);
    let parts = result_content(call);
    if parts.iter().all(|part| part.as_text().is_some()) {
        let text = call.result_text();
        match is_blank(&text) {
            // The API rejects an error result without content.
            true if is_error => body.text_field("content", "the tool failed"),
            true => {}
            false => body.text_field("content", &text),
        }
    } else {
        body.raw_field("content", "[");
        for content in parts.iter().filter(|part| is_sendable(part)) {
            content_part(body, content)?;
        }
        body.raw("]");
    }
    if is_error {
        body.raw_field("is_error", "true");
    }
    body.raw("}");
    Ok(())
}

/// Returns the ID of the latest container, unless it has expired.
pub(super) fn container<'a>(
    messages: impl Iterator<Item = &'a AssistantMessage>,
    is_alive: impl Fn(&str) -> bool,
) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Container {
        id: String,
        #[serde(default)]
        expires_at: String,
    }
    let items = messages
        .filter(|message| message.is_of(PROVIDER))
        .flat_map(|message| message.parts.iter())
        .filter_map(|part| match part {
            Part::Provider(item) if item.kind == CONTAINER => Some(item),
            _ => None,
        });
    let container: Container = serde_json::from_str(&items.last()?.json).ok()?;
    is_alive(&container.expires_at).then_some(container.id)
}
