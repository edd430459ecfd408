//! Decodes the parts of a reply: text, thoughts and their signatures, calls, images, audio, and the actions of Google's
//! own tools.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::calls::Calls;
use super::wire::{Blob, Part as WirePart};
use super::{IMAGE_SIGNATURE, PROVIDER};
use crate::message::{Media, MediaSource, Part, ProviderItem};
use crate::model::Delta;
use crate::provider::codec::minify::minified;

/// The state of partially decoded parts.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// `true` once the provider name has been emitted.
    has_provider: bool,
    /// `true` if the current text or thought has a signature.
    is_signed: bool,
    calls: Calls,
    /// The media type and the bytes of the audio received so far.
    audio: Option<(String, Vec<u8>)>,
}

impl Parts {
    pub(super) fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    /// Emits the unfinished call and audio.
    pub(super) fn close(&mut self, deltas: &mut Vec<Delta>) {
        self.calls.close(deltas);
        self.emit_audio(deltas);
    }

    /// Reads a part.
    pub(super) fn add(&mut self, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let part: WirePart<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let signature = part.thought_signature.into_string();
        let is_thought = part.thought == Some(true);
        if signature.is_some() || is_thought {
            self.mark_provider(deltas);
        }
        if let Some(call) = part.function_call {
            if call.id.0.is_some() {
                self.mark_provider(deltas);
            }
            self.emit_audio(deltas);
            self.is_signed = false;
            self.calls.add(call, signature, deltas);
            return;
        }
        if let Some(blob) = part.inline_data
            && !is_thought
            && self.blob(&blob, signature.as_deref(), deltas)
        {
            return;
        }
        let kind = match part.text.0 {
            Some(_) => String::new(),
            None => kind(raw.get()),
        };
        if !kind.is_empty() {
            self.emit_audio(deltas);
            self.item(&kind, minified(raw.get()), deltas);
            return;
        }
        if part.text.0.is_none() && signature.is_none() {
            return;
        }
        self.emit_audio(deltas);
        self.emit_text(
            part.text.into_string().unwrap_or_default(),
            is_thought,
            signature,
            deltas,
        );
    }

    /// Emits text or a thought with its signature. A signature with empty text belongs to the preceding part.
    fn emit_text(
        &mut self,
        text: String,
        is_thought: bool,
        signature: Option<String>,
        deltas: &mut Vec<Delta>,
    ) {
        if !text.is_empty() {
            self.is_signed = false;
            deltas.push(if is_thought {
                Delta::Reasoning(text)
            } else {
                Delta::Text(text)
            });
        }
        let Some(signature) = signature else { return };
        // A part has at most one signature.
        if self.is_signed {
            deltas.push(Delta::Break);
        }
        self.is_signed = true;
        deltas.push(if is_thought {
            Delta::ReasoningSignature(signature)
        } else {
            Delta::TextSignature(signature)
        });
    }

    /// Reads an image or audio, and returns `false` for other data and for audio with invalid base64.
    fn blob(&mut self, blob: &Blob<'_>, signature: Option<&str>, deltas: &mut Vec<Delta>) -> bool {
        let (kind, data) = (blob.mime_type.as_str(), blob.data.as_str());
        if let Some(format) = kind.strip_prefix("audio/") {
            // Raw samples arrive in chunks. In other formats, each part is a separate file.
            let is_bare = format.starts_with("L16") || format.starts_with("l16") || format.starts_with("pcm");
            let Ok(bytes) = STANDARD.decode(data) else {
                return false;
            };
            if !self
                .audio
                .as_ref()
                .is_some_and(|(known, _)| is_bare && known == kind)
            {
                self.emit_audio(deltas);
            }
            let (_, audio) = self.audio.get_or_insert_with(|| (kind.to_owned(), Vec::new()));
            audio.extend(bytes);
            return true;
        }
        if !kind.starts_with("image/") {
            return false;
        }
        self.emit_audio(deltas);
        self.is_signed = false;
        let image = Media::new(MediaSource::Base64(data.to_owned()), kind);
        deltas.push(Delta::Part(Box::new(Part::Image(Box::new(image)))));
        if let Some(signature) = signature {
            let json = serde_json::Value::from(signature).to_string();
            self.item(IMAGE_SIGNATURE, json, deltas);
        }
        true
    }

    fn emit_audio(&mut self, deltas: &mut Vec<Delta>) {
        if let Some((kind, audio)) = self.audio.take() {
            self.is_signed = false;
            let audio = Media::bytes(audio, kind);
            deltas.push(Delta::Part(Box::new(Part::Audio(Box::new(audio)))));
        }
    }

    /// Emits an item that only Google understands.
    pub(super) fn item(&mut self, kind: &str, json: String, deltas: &mut Vec<Delta>) {
        self.mark_provider(deltas);
        self.is_signed = false;
        let item = ProviderItem::new(kind, json);
        deltas.push(Delta::Part(Box::new(Part::from(item))));
    }

    /// Emits the provider name that is stored with signatures and items, once per reply.
    fn mark_provider(&mut self, deltas: &mut Vec<Delta>) {
        if !self.has_provider {
            self.has_provider = true;
            deltas.push(Delta::Provider(PROVIDER.into()));
        }
    }
}

/// Returns the kind of a part that is neither text nor a call. The kind is the name of the part's main field, or empty
/// if there is none.
fn kind(json: &str) -> String {
    let common_fields = [
        "thought",
        "thoughtSignature",
        "text",
        "partMetadata",
        "mediaResolution",
        "videoMetadata",
    ];
    let fields: BTreeMap<String, IgnoredAny> = serde_json::from_str(json).unwrap_or_default();
    let mut kinds = fields
        .into_keys()
        .filter(|name| !common_fields.contains(&name.as_str()));
    kinds.next().unwrap_or_default()
}
