//! Writes the conversation as input items: messages, reasoning, calls and their results, and the items of provider
//! tools, in their original order.

use super::fields::Fields;
use super::items::REASONING_TEXT;
use super::model::Responses;
use crate::message::{
    AssistantMessage, Content, Media, MediaSource, Message, Part, Reasoning, Text, ToolCall,
};
use crate::model::{ModelError, Request};
use crate::provider::codec::body::{Body, sendable, unsupported_content};
use crate::provider::codec::calls::{CallIds, IdFormat, tool_name};

const API: &str = "the Responses API";

/// Maximum length of a call ID.
const MAX_ID: usize = 64;

/// Writes the items of a conversation. `store` is `true` if the provider stores replies.
pub(super) fn write(
    body: &mut Body,
    api: &Responses,
    request: &Request<'_>,
    store: bool,
) -> Result<(), ModelError> {
    let ids = CallIds::new(request.messages, IdFormat::Plain(MAX_ID));
    for (at, message) in request.messages.iter().enumerate() {
        match message {
            Message::User(message) => {
                body.comma();
                body.raw(r#"{"role":"user","content":"#);
                content(body, &message.content)?;
                body.raw("}");
            }
            Message::Assistant(message) => Assistant::new(message, at, &ids, api, store).write(body)?,
        }
    }
    Ok(())
}

/// Writes the content of a user message or a tool result: a string if all parts are text, otherwise a list of parts.
fn content(body: &mut Body, parts: &[Content]) -> Result<(), ModelError> {
    if parts.iter().all(|part| part.as_text().is_some()) {
        match parts {
            [Content::Text { text }] => body.text(text),
            _ => body.text(&parts.iter().filter_map(Content::as_text).collect::<String>()),
        }
        return Ok(());
    }
    body.raw("[");
    for part in parts {
        body.comma();
        match part {
            Content::Text { text } => {
                body.raw(r#"{"type":"input_text","text":"#);
                body.text(text);
            }
            Content::Image(media) => {
                body.raw(r#"{"type":"input_image","detail":"auto""#);
                match &media.source {
                    MediaSource::Id(id) => body.text_field("file_id", id),
                    _ => body.text_field("image_url", &media.to_url().unwrap_or_default()),
                }
            }
            Content::Document(media) => {
                body.raw(r#"{"type":"input_file""#);
                file(body, media);
            }
            Content::Audio(media) => audio(body, part, media)?,
            Content::Video(_) => return Err(unsupported_content(API, part, "at all; use another provider")),
        }
        body.raw("}");
    }
    body.raw("]");
    Ok(())
}

fn file(body: &mut Body, media: &Media) {
    match &media.source {
        MediaSource::Id(id) => body.text_field("file_id", id),
        MediaSource::Url(url) => body.text_field("file_url", url),
        MediaSource::Base64(_) => {
            body.text_field("filename", media.name.as_deref().unwrap_or("document"));
            body.text_field("file_data", &media.to_url().unwrap_or_default());
        }
    }
}

fn audio(body: &mut Body, part: &Content, media: &Media) -> Result<(), ModelError> {
    let MediaSource::Base64(data) = &media.source else {
        return Err(unsupported_content(API, part, "by URL or id; use bytes"));
    };
    let format = match media.media_type.as_str() {
        "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
        "audio/mpeg" | "audio/mp3" => "mp3",
        other => other.strip_prefix("audio/").unwrap_or(other),
    };
    body.raw(r#"{"type":"input_audio","input_audio":{"data":"#);
    body.text(data);
    body.text_field("format", format);
    body.raw("}");
    Ok(())
}

/// A model's message that is sent back.
struct Assistant<'a> {
    parts: &'a [Part],
    /// Position of the message in the conversation.
    at: usize,
    ids: &'a CallIds,
    api: &'a Responses,
    /// `true` if the items, IDs and signatures come from this provider.
    is_own: bool,
    store: bool,
    /// `true` if items may be sent back with their IDs. If reasoning in the message cannot be sent back, the IDs must
    /// be omitted, because the provider would look for the missing reasoning and fail.
    with_ids: bool,
}

impl<'a> Assistant<'a> {
    fn new(
        message: &'a AssistantMessage,
        at: usize,
        ids: &'a CallIds,
        api: &'a Responses,
        store: bool,
    ) -> Self {
        let is_own = message.is_of(api.provider);
        let mut this = Self {
            parts: &message.parts,
            at,
            ids,
            api,
            is_own,
            store,
            with_ids: is_own,
        };
        this.with_ids &= !this.parts.iter().any(|part| match part {
            Part::Reasoning(reasoning) => !this.is_sent(reasoning),
            _ => false,
        });
        this
    }

    fn write(&self, body: &mut Body) -> Result<(), ModelError> {
        let mut rest = self.parts;
        let mut calls = 0;
        while let Some((part, after)) = rest.split_first() {
            match part {
                Part::Text(_) | Part::Refusal { .. } => {
                    let (text, others) = self.text_run(rest);
                    self.message(body, text);
                    rest = others;
                    continue;
                }
                // The API rejects reasoning that is not followed by another item.
                Part::Reasoning(reasoning) if self.is_sent(reasoning) && self.continues(after) => {
                    self.reasoning(body, reasoning);
                }
                Part::Call(call) => {
                    self.call(body, call, self.ids.id(call, self.at, calls));
                    calls = usize::saturating_add(calls, 1);
                }
                Part::Provider(item) if self.is_item(&item.kind) => {
                    body.comma();
                    body.raw(&item.json);
                }
                Part::Reasoning(_) | Part::Provider(_) | Part::Image(_) | Part::Audio(_) => {}
            }
            rest = after;
        }
        for (index, call) in self.parts.iter().filter_map(Part::as_call).enumerate() {
            self.result(body, call, self.ids.id(call, self.at, index))?;
        }
        Ok(())
    }

    /// Returns `true` if this reasoning can be sent back: encrypted, as the model's original text, or by the ID under
    /// which the provider stores it.
    fn is_sent(&self, reasoning: &Reasoning) -> bool {
        self.is_own && (reasoning.signature.is_some() || self.store && reasoning.id.is_some())
    }

    /// Returns `true` if at least one of these parts is sent as an item.
    fn continues(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| match part {
            Part::Text(text) => !text.text.is_empty() || self.is_own && text.signature().is_some(),
            Part::Refusal { .. } | Part::Call(_) => true,
            Part::Provider(item) => self.is_item(&item.kind),
            _ => false,
        })
    }

    /// Returns `true` if an item of this kind belongs to this API. Chat Completions stores a different kind of item under
    /// the same provider name.
    fn is_item(&self, kind: &str) -> bool {
        self.is_own && kind != "reasoning_details"
    }

    /// Splits off the leading parts that form one message. The message ends with the part that carries its signature.
    fn text_run<'p>(&self, parts: &'p [Part]) -> (&'p [Part], &'p [Part]) {
        let is_text = |part: &&Part| matches!(part, Part::Text(_) | Part::Refusal { .. });
        let mut ends = false;
        let is_within = |part: &&Part| {
            let is_within = !ends && is_text(part);
            ends |= self.signed(part).is_some();
            is_within
        };
        let count = parts.iter().take_while(is_within).count();
        parts.split_at_checked(count).unwrap_or((parts, &[]))
    }

    fn signed<'p>(&self, part: &'p Part) -> Option<Fields<'p>> {
        match part {
            Part::Text(text) if self.with_ids => Fields::from_signature(text.signature(), "message"),
            _ => None,
        }
    }

    fn message(&self, body: &mut Body, parts: &[Part]) {
        let part_text = |part: &'_ Part| match part {
            Part::Text(Text { text, .. }) | Part::Refusal { text } => text.clone(),
            _ => String::new(),
        };
        let Some(fields) = parts.last().and_then(|part| self.signed(part)) else {
            let text: String = parts.iter().map(part_text).collect();
            if !text.is_empty() {
                body.comma();
                body.raw(r#"{"role":"assistant","content":"#);
                body.text(&text);
                body.raw("}");
            }
            return;
        };
        body.comma();
        body.raw(r#"{"type":"message","role":"assistant","status":"completed""#);
        for (key, value) in fields.iter() {
            body.raw_field(key, value);
        }
        body.key("content");
        body.raw("[");
        for part in parts {
            match part {
                Part::Text(text) => {
                    body.comma();
                    body.raw(r#"{"type":"output_text","text":"#);
                    body.text(&text.text);
                    body.raw(r#","annotations":["#);
                    for citation in text
                        .citations()
                        .iter()
                        .filter(|citation| !citation.json.is_empty())
                    {
                        body.comma();
                        body.raw(&citation.json);
                    }
                    body.raw(r#"],"logprobs":[]}"#);
                }
                Part::Refusal { text } => {
                    body.comma();
                    body.raw(r#"{"type":"refusal","refusal":"#);
                    body.text(text);
                    body.raw("}");
                }
                _ => {}
            }
        }
        body.raw("]}");
    }

    fn reasoning(&self, body: &mut Body, reasoning: &Reasoning) {
        let is_reasoning_text = reasoning.signature.as_deref() == Some(REASONING_TEXT);
        body.comma();
        body.raw(r#"{"type":"reasoning""#);
        if let Some(id) = reasoning.id.as_deref().filter(|_| self.api.reasoning_ids) {
            body.text_field("id", id);
        }
        let texts = |body: &mut Body, key: &str, kind: &str| {
            body.key(key);
            body.raw("[");
            if !reasoning.text.is_empty() {
                body.raw(r#"{"type":"#);
                body.text(kind);
                body.text_field("text", &reasoning.text);
                body.raw("}");
            }
            body.raw("]");
        };
        if is_reasoning_text {
            body.raw_field("summary", "[]");
            texts(body, "content", "reasoning_text");
        } else {
            texts(body, "summary", "summary_text");
            if let Some(encrypted) = &reasoning.signature {
                body.text_field("encrypted_content", encrypted);
            }
        }
        body.raw("}");
    }

    fn call(&self, body: &mut Body, call: &ToolCall, id: &str) {
        body.comma();
        body.raw(r#"{"type":"function_call","call_id":"#);
        body.text(id);
        body.text_field("name", &tool_name(&call.name));
        body.text_field("arguments", sendable(&call.arguments));
        if let Some(fields) = self.signed_fields(call) {
            let ids = fields.iter().filter(|(key, _)| self.with_ids || *key != "id");
            ids.for_each(|(key, value)| body.raw_field(key, value));
        }
        body.raw("}");
    }

    /// Writes the result of a call, with the call's `caller` if there is one.
    fn result(&self, body: &mut Body, call: &ToolCall, id: &str) -> Result<(), ModelError> {
        body.comma();
        body.raw(r#"{"type":"function_call_output","call_id":"#);
        body.text(id);
        body.key("output");
        match &call.result {
            Some(result) => {
                let audio = result
                    .content
                    .iter()
                    .find(|part| matches!(part, Content::Audio(_)));
                if let Some(part) = audio {
                    return Err(unsupported_content(
                        API,
                        part,
                        "in a tool result; return text or an image",
                    ));
                }
                content(body, &result.content)?;
            }
            None => body.text(&call.result_text()),
        }
        if let Some(caller) = self.signed_fields(call).and_then(|fields| fields.get("caller")) {
            body.raw_field("caller", caller.get());
        }
        body.raw("}");
        Ok(())
    }

    fn signed_fields<'c>(&self, call: &'c ToolCall) -> Option<Fields<'c>> {
        Fields::from_signature(call.signature.as_deref(), "function_call").filter(|_| self.is_own)
    }
}
