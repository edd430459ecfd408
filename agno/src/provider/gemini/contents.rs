//! Writes the conversation in Gemini's format: user and model turns, each with a list of parts.

use std::borrow::Cow;

use super::model::GenerateContent;
use super::{IMAGE_SIGNATURE, METADATA, PROVIDER};
use crate::id::is_new_call_id;
use crate::message::{AssistantMessage, Content, Media, MediaSource, Message, Part, ToolCall};
use crate::model::Messages;
use crate::provider::codec::body::{Body, sendable};
use crate::provider::codec::calls::{CallIds, IdFormat, tool_name};
use crate::provider::codec::content::{data_url, result_content};

/// The value that Gemini 3 and later accept instead of a signature, for calls that another model made.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// Writes turns. Consecutive messages of the same kind share a turn.
pub(super) struct Contents<'a> {
    body: &'a mut Body,
    api: &'a GenerateContent,
    open: Option<Turn>,
    /// The call IDs. IDs that Gemini did not assign are not sent.
    ids: CallIds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    User,
    Model,
    /// Call results, which have the user's role but cannot share a turn with other content.
    Results,
}

impl<'a> Contents<'a> {
    pub(super) fn new(body: &'a mut Body, api: &'a GenerateContent, messages: Messages<'_>) -> Self {
        Self {
            body,
            api,
            open: None,
            ids: CallIds::new(messages, IdFormat::Any),
        }
    }

    /// Writes instructions as the user's first text.
    pub(super) fn instructions(&mut self, instructions: &str) {
        self.text(Turn::User, instructions);
    }

    /// Writes all messages.
    pub(super) fn messages(mut self, messages: Messages<'_>) {
        for (at, message) in messages.iter().enumerate() {
            match message {
                Message::User(message) => {
                    for part in &message.content {
                        self.content(part);
                    }
                }
                Message::Assistant(message) => self.assistant(message, at),
            }
        }
        self.close();
    }

    /// Starts a part in this turn.
    fn part(&mut self, turn: Turn) {
        if self.open != Some(turn) {
            self.close();
            self.open = Some(turn);
            self.body.comma();
            let role = if turn == Turn::Model { "model" } else { "user" };
            self.body.raw(r#"{"role":""#);
            self.body.raw(role);
            self.body.raw(r#"","parts":["#);
        }
        self.body.comma();
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.body.raw("]}");
        }
    }

    fn text(&mut self, turn: Turn, text: &str) {
        self.part(turn);
        self.body.raw(r#"{"text":"#);
        self.body.text(text);
        self.body.raw("}");
    }

    fn content(&mut self, part: &Content) {
        if let Content::Text { text } = part {
            self.text(Turn::User, text);
        }
        if let Some(media) = part.as_media() {
            self.part(Turn::User);
            self.body.raw("{");
            self.media(media, default_type(part));
            self.body.raw("}");
        }
    }

    /// Writes the media as a field of the current part.
    fn media(&mut self, media: &Media, default: &str) {
        let kind = media.media_type.as_str();
        let inline = |body: &mut Body, kind: &str, data: &str| {
            body.raw_field("inlineData", "{");
            body.text_field("mimeType", kind);
            body.text_field("data", data);
            body.raw("}");
        };
        let address = match &media.source {
            MediaSource::Base64(data) => {
                return inline(self.body, if kind.is_empty() { default } else { kind }, data);
            }
            MediaSource::Url(url) => match data_url(url) {
                Some((kind, data)) => return inline(self.body, kind, data),
                None => url.clone(),
            },
            // The Gemini API expects the URL of a file, but the ID of an uploaded file is a name such as `files/..`.
            MediaSource::Id(id) if id.starts_with("files/") => {
                format!("https://generativelanguage.googleapis.com/v1beta/{id}")
            }
            MediaSource::Id(id) => id.clone(),
        };
        self.body.raw_field("fileData", "{");
        let known = Some(kind).filter(|kind| !kind.is_empty());
        // The Gemini API detects a file's media type; Vertex AI requires it.
        let media_type = known
            .or_else(|| media_type_of(&address))
            .or(self.api.is_vertex.then_some(default));
        if let Some(kind) = media_type {
            self.body.text_field("mimeType", kind);
        }
        self.body.text_field("fileUri", &address);
        self.body.raw("}");
    }

    /// Ends a part and adds the signature, if any.
    fn end(&mut self, signature: Option<&str>) {
        if let Some(signature) = signature {
            self.body.text_field("thoughtSignature", signature);
        }
        self.body.raw("}");
    }

    /// Writes a message from the model and then the results of its calls.
    fn assistant(&mut self, message: &AssistantMessage, position: usize) {
        let is_own = message.is_of(PROVIDER);
        let mut is_signed = false;
        let mut calls = 0;
        for (at, part) in message.parts.iter().enumerate() {
            match part {
                Part::Text(text) => {
                    let signature = text.signature().filter(|_| is_own);
                    if !text.text.is_empty() || signature.is_some() {
                        self.part(Turn::Model);
                        self.body.raw(r#"{"text":"#);
                        self.body.text(&text.text);
                        self.end(signature);
                    }
                }
                Part::Refusal { text } if !text.is_empty() => self.text(Turn::Model, text),
                Part::Reasoning(thought) if is_own => {
                    self.part(Turn::Model);
                    self.body.raw(r#"{"thought":true,"text":"#);
                    self.body.text(&thought.text);
                    self.end(thought.signature.as_deref());
                }
                Part::Call(call) => {
                    is_signed |= is_own && call.signature.is_some();
                    let signed = (is_own, is_signed);
                    self.call(call, (position, calls), signed);
                    calls = usize::saturating_add(calls, 1);
                }
                Part::Image(media) | Part::Audio(media) => {
                    let audio = matches!(part, Part::Audio(_));
                    self.part(Turn::Model);
                    self.body.raw("{");
                    self.media(media, if audio { "audio/wav" } else { "image/png" });
                    self.end(
                        image_signature(message.parts.get(at.saturating_add(1)..).unwrap_or_default())
                            .as_deref()
                            .filter(|_| is_own),
                    );
                }
                Part::Provider(item) if is_own && is_content(&item.kind) => {
                    self.part(Turn::Model);
                    self.body.raw(&item.json);
                }
                Part::Refusal { .. } | Part::Reasoning(_) | Part::Provider(_) => {}
            }
        }
        for (index, call) in message.calls().enumerate() {
            self.result(call, (position, index), is_own);
        }
        for call in message.calls() {
            self.separate_media(call);
        }
    }

    /// Writes the call at this message and call position.
    fn call(&mut self, call: &ToolCall, at: (usize, usize), (is_own, is_signed): (bool, bool)) {
        self.part(Turn::Model);
        self.body.raw(r#"{"functionCall":{"#);
        self.id(call, at, is_own);
        self.body.text_field("name", &function_name(&call.name));
        self.body.raw_field("args", sendable(&call.arguments));
        self.body.raw("}");
        let signature = call.signature.as_deref().filter(|_| is_own);
        // Only the first of several parallel calls has a signature, and the API requires no other.
        let needed = !is_signed && self.api.family.is_gemini_3_or_later();
        self.end(signature.or(needed.then_some(NO_SIGNATURE)));
    }

    /// Writes the ID of a call if Gemini assigned it. Vertex AI rejects other IDs, and the API does not require them.
    fn id(&mut self, call: &ToolCall, (message, index): (usize, usize), is_own: bool) {
        let is_assigned = self.ids.id(call, message, index) == call.id;
        if is_own && is_assigned && !is_generated_id(&call.id) {
            self.body.text_field("id", &call.id);
        }
    }

    fn result(&mut self, call: &ToolCall, at: (usize, usize), is_own: bool) {
        self.part(Turn::Results);
        self.body.raw(r#"{"functionResponse":{"#);
        self.id(call, at, is_own);
        self.body.text_field("name", &function_name(&call.name));
        self.body.raw_field("response", "{");
        let is_error = call.result.as_ref().is_none_or(|result| result.is_error);
        // Always send text, because Google would drop digits of large numbers in JSON.
        self.body
            .text_field(if is_error { "error" } else { "output" }, &call.result_text());
        self.body.raw("}");
        let media: Vec<&Content> = result_content(call)
            .iter()
            .filter(|part| self.is_within(part))
            .collect();
        if !media.is_empty() {
            self.body.raw_field("parts", "[");
            for part in media {
                self.body.comma();
                self.body.raw("{");
                if let Some(media) = part.as_media() {
                    self.media(media, default_type(part));
                }
                self.body.raw("}");
            }
            self.body.raw("]");
        }
        self.body.raw("}}");
    }

    /// Returns `true` if media can be part of the function response itself.
    ///
    /// This requires Gemini 3 or later, and an image or a document that is passed as bytes or, on Vertex AI, by URL or
    /// ID.
    fn is_within(&self, part: &Content) -> bool {
        let is_kind = matches!(part, Content::Image(_) | Content::Document(_));
        let is_inline = part
            .as_media()
            .is_some_and(|media| matches!(media.source, MediaSource::Base64(_)));
        is_kind && self.api.family.is_gemini_3_or_later() && (is_inline || self.api.is_vertex)
    }

    /// Writes media that cannot be part of the function response as a separate turn after the results.
    fn separate_media(&mut self, call: &ToolCall) {
        let mut named = false;
        for part in result_content(call) {
            if part.as_media().is_some() && !self.is_within(part) {
                if !named {
                    named = true;
                    self.text(
                        Turn::User,
                        &format!("The result of `{}`:", function_name(&call.name)),
                    );
                }
                self.content(part);
            }
        }
    }
}

/// Returns a valid function name, which cannot start with a digit or a hyphen.
fn function_name(name: &str) -> Cow<'_, str> {
    let name = tool_name(name);
    if name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return name;
    }
    // The first character is replaced, because the name may have the maximum length.
    Cow::Owned(format!("_{}", name.get(1..).unwrap_or_default()))
}

/// Returns the signature stored directly after an image.
fn image_signature(rest: &[Part]) -> Option<String> {
    match rest.first() {
        Some(Part::Provider(item)) if item.kind == IMAGE_SIGNATURE => serde_json::from_str(&item.json).ok(),
        _ => None,
    }
}

/// Returns `true` if an item is content of the message rather than metadata.
fn is_content(kind: &str) -> bool {
    kind != IMAGE_SIGNATURE && !METADATA.contains(&kind)
}

/// Returns `true` if agno generated this ID, because Gemini supplied none.
fn is_generated_id(id: &str) -> bool {
    id.is_empty() || is_new_call_id(id)
}

/// Returns the media type of a URL, based on its file extension.
fn media_type_of(address: &str) -> Option<&'static str> {
    let path = address.split(['?', '#']).next()?;
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        _ => return None,
    })
}

/// Returns the default media type for this content. Inline bytes require a media type.
fn default_type(part: &Content) -> &'static str {
    match part {
        Content::Audio(_) => "audio/wav",
        Content::Video(_) => "video/mp4",
        Content::Document(_) => "application/pdf",
        _ => "image/png",
    }
}
