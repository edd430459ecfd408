//! Encodes message content as Converse API blocks.

use super::PROVIDER;
use crate::message::{AssistantMessage, Content, Media, MediaSource, Part, Reasoning, Text, ToolCall};
use crate::model::ModelError;
use crate::provider::claude::turns::{is_blank, is_sendable};
use crate::provider::codec::body::{Body, sendable, unsupported_content};
use crate::provider::codec::calls::{CallIds, tool_name};
use crate::provider::codec::content::result_content;

/// The name of the API in error messages.
const API: &str = "the Converse API";

/// Writes a content part of a user message or a tool result. A document without a name is named after `number`.
pub(super) fn content_part(body: &mut Body, part: &Content, number: usize) -> Result<(), ModelError> {
    body.comma();
    match part {
        Content::Text { text } => {
            body.raw("{");
            body.text_field("text", text);
        }
        Content::Image(media) => self::media(body, "image", part, media, image_format(media), None)?,
        Content::Audio(media) => self::media(body, "audio", part, media, format(media), None)?,
        Content::Video(media) => self::media(body, "video", part, media, format(media), None)?,
        Content::Document(media) => {
            let name = media
                .name
                .as_deref()
                .map(file_name)
                .filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| format!("document {number}"));
            self::media(body, "document", part, media, format(media), Some(&name))?;
        }
    }
    body.raw("}");
    Ok(())
}

fn media(
    body: &mut Body,
    kind: &str,
    part: &Content,
    media: &Media,
    format: Option<&str>,
    name: Option<&str>,
) -> Result<(), ModelError> {
    let format = format.ok_or_else(|| unsupported_content(API, part, "without a `media_type`; set one"))?;
    body.raw("{");
    body.raw_field(kind, "{");
    body.text_field("format", format);
    if let Some(name) = name {
        body.text_field("name", name);
    }
    body.raw_field("source", "{");
    match &media.source {
        MediaSource::Base64(data) => body.text_field("bytes", data),
        MediaSource::Url(url) if url.starts_with("s3://") => {
            body.raw_field("s3Location", "{");
            body.text_field("uri", url);
            body.raw("}");
        }
        MediaSource::Url(_) | MediaSource::Id(_) => {
            return Err(unsupported_content(
                API,
                part,
                "other than as bytes or by an S3 URL (`s3://..`)",
            ));
        }
    }
    body.raw("}}");
    Ok(())
}

fn image_format(media: &Media) -> Option<&str> {
    match format(media) {
        None => match &media.source {
            MediaSource::Base64(data) if data.starts_with("iVBOR") => Some("png"),
            MediaSource::Base64(data) if data.starts_with("/9j/") => Some("jpeg"),
            MediaSource::Base64(data) if data.starts_with("R0lG") => Some("gif"),
            MediaSource::Base64(data) if data.starts_with("UklGR") => Some("webp"),
            _ => None,
        },
        format => format,
    }
}

/// Returns Amazon's name for a media format.
fn format(media: &Media) -> Option<&str> {
    let (_, kind) = media.media_type.split_once('/')?;
    Some(match kind {
        "jpg" => "jpeg",
        "plain" => "txt",
        "markdown" | "x-markdown" => "md",
        "msword" => "doc",
        "vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "vnd.ms-excel" => "xls",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "quicktime" => "mov",
        "x-matroska" => "mkv",
        "x-flv" => "flv",
        "x-ms-wmv" => "wmv",
        "3gpp" => "three_gp",
        "x-wav" | "wave" => "wav",
        "mpeg" if media.media_type.starts_with("audio/") => "mp3",
        kind => kind,
    })
}

/// Returns a document name without its file extension. Characters that the API rejects become hyphens.
fn file_name(name: &str) -> String {
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || " -()[]".contains(c);
    let clean: String = name
        .chars()
        .map(|c| if is_allowed(c) { c } else { '-' })
        .collect();
    // The API rejects consecutive spaces.
    clean.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns `true` if an assistant message contains anything to send.
pub(super) fn has_sendable(message: &AssistantMessage) -> bool {
    let is_own = message.is_of(PROVIDER);
    message.parts.iter().any(|part| match part {
        Part::Text(Text { text, .. }) | Part::Refusal { text } => !is_blank(text),
        Part::Reasoning(reasoning) => is_own && reasoning.signature.is_some(),
        Part::Provider(_) => is_own,
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
            Part::Text(Text { text, .. }) | Part::Refusal { text } if !is_blank(text) => {
                let is_request_end = is_last && index.saturating_add(1) == message.parts.len();
                body.comma();
                body.raw("{");
                // The API rejects a request whose last text ends in whitespace.
                body.text_field("text", if is_request_end { text.trim_end() } else { text });
                body.raw("}");
            }
            Part::Reasoning(reasoning) if is_own => reasoning_part(body, reasoning),
            Part::Call(call) => {
                body.comma();
                body.raw(r#"{"toolUse":{"#);
                body.text_field("toolUseId", ids.id(call, at, calls));
                body.text_field("name", &tool_name(&call.name));
                body.raw_field("input", sendable(&call.arguments));
                body.raw("}}");
                calls = usize::saturating_add(calls, 1);
            }
            Part::Provider(item) if is_own => {
                body.comma();
                body.raw(&item.json);
            }
            _ => {}
        }
    }
}

/// Writes a reasoning block. Blocks without a signature are skipped, because the API rejects them.
fn reasoning_part(body: &mut Body, reasoning: &Reasoning) {
    let Some(signature) = &reasoning.signature else {
        return;
    };
    body.comma();
    body.raw(r#"{"reasoningContent":{"#);
    if reasoning.redacted {
        body.text_field("redactedContent", signature);
    } else {
        body.raw_field("reasoningText", "{");
        body.text_field("text", &reasoning.text);
        body.text_field("signature", signature);
        body.raw("}");
    }
    body.raw("}}");
}

/// Writes the result of the call with this ID. `supports_error_status` is `true` if the model accepts a failure status
/// in addition to the text.
pub(super) fn result(
    body: &mut Body,
    call: &ToolCall,
    id: &str,
    supports_error_status: bool,
) -> Result<(), ModelError> {
    let is_error = call.result.as_ref().is_none_or(|result| result.is_error);
    body.comma();
    body.raw(r#"{"toolResult":{"#);
    body.text_field("toolUseId", id);
    body.raw_field("content", "[");
    let parts = result_content(call);
    let mut count = 0;
    for content in parts.iter().filter(|part| is_sendable(part)) {
        if let Content::Audio(_) = content {
            return Err(unsupported_content(
                API,
                content,
                "in a tool result; describe the content as text",
            ));
        }
        count = usize::saturating_add(count, 1);
        content_part(body, content, count)?;
    }
    // The API rejects a result without content.
    if count == 0 {
        let text = call.result_text();
        let placeholder = if is_error { "the tool failed" } else { "no output" };
        body.raw("{");
        body.text_field("text", if is_blank(&text) { placeholder } else { &text });
        body.raw("}");
    }
    body.raw("]");
    if is_error && supports_error_status {
        body.text_field("status", "error");
    }
    body.raw("}}");
    Ok(())
}
