//! Reads answers: each chunk of a streamed one becomes deltas, and a whole one is a stream of one chunk, so that the
//! two cannot come apart.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::calls::Calls;
use super::wire::{Answer, Blob, Candidate, Logprob, Logprobs, Part as Piece};
use super::{IMAGE_SIGNATURE, METADATA, PROVIDER, grounding};
use crate::message::{Citation, Media, MediaSource, Part, ProviderItem};
use crate::model::{
    Delta, FinishReason, ModelError, ModelErrorKind, Reply, ReplyBuilder, ReplyDetails, TokenLogprob, Usage,
};
use crate::provider::api::Decode;
use crate::provider::error::{Source, from_value};
use crate::provider::http::{MAX_REPLY, too_large};

/// Reads a whole answer of generateContent: a recording, or one fetched by other means.
///
/// ```
/// use agno::provider::gemini;
///
/// let body = br#"{"candidates":[{"content":{"parts":[{"text":"Hello"}]},"finishReason":"STOP"}]}"#;
/// let reply = gemini::read_reply(body)?;
/// assert_eq!(reply.message.text(), "Hello");
/// # Ok::<(), agno::ModelError>(())
/// ```
///
/// # Errors
///
/// When it is not such an answer, or is an error in the place of one.
pub fn read_reply(body: &[u8]) -> Result<Reply, ModelError> {
    let (mut deltas, mut builder) = (Vec::new(), ReplyBuilder::new());
    Decoder::default().whole(body, &Source::UNKNOWN, &mut deltas)?;
    deltas.iter().for_each(|delta| builder.push(delta));
    builder.finish()
}

/// Reads the events of a streamed answer, one `data` each, into deltas.
///
/// ```
/// use agno::model::ReplyBuilder;
/// use agno::provider::gemini::StreamReader;
///
/// let events = [
///     r#"{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}"#,
///     r#"{"candidates":[{"content":{"parts":[{"text":"lo"}]},"finishReason":"STOP"}]}"#,
/// ];
/// let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
/// for event in events {
///     for delta in reader.event(event.as_bytes())? {
///         builder.push(&delta);
///     }
/// }
/// for delta in reader.end()? {
///     builder.push(&delta);
/// }
/// assert_eq!(builder.finish()?.message.text(), "Hello");
/// # Ok::<(), agno::ModelError>(())
/// ```
#[derive(Debug, Default)]
pub struct StreamReader(Decoder);

impl StreamReader {
    /// A reader at the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// The deltas of the next event's data.
    ///
    /// # Errors
    ///
    /// When it is no chunk of an answer, or is an error.
    pub fn event(&mut self, data: &[u8]) -> Result<Vec<Delta>, ModelError> {
        let mut deltas = Vec::new();
        self.0.event(b"", data, &Source::UNKNOWN, &mut deltas)?;
        Ok(deltas)
    }

    /// The last deltas, after the last event.
    ///
    /// # Errors
    ///
    /// [`ModelErrorKind::Truncated`] when the stream ended before the model did.
    pub fn end(&mut self) -> Result<Vec<Delta>, ModelError> {
        let mut deltas = Vec::new();
        self.0.end(&mut deltas)?;
        Ok(deltas)
    }
}

/// What was read of an answer so far.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    has_id: bool,
    has_model: bool,
    has_tier: bool,
    /// Whether it was said whose signatures and items these are.
    has_provider: bool,
    /// Whether the piece that is open has its signature.
    is_signed: bool,
    calls: Calls,
    usage: Usage,
    finish: Option<FinishReason>,
    /// Sound so far and its kind; it comes in pieces.
    audio: Option<(String, Vec<u8>)>,
    citations: Vec<Citation>,
    /// The last of what was told beside the content, by its name.
    metadata: BTreeMap<&'static str, String>,
    /// Bytes of content read.
    size: usize,
    /// Whether all was read.
    done: bool,
    ended: bool,
}

impl Decode for Decoder {
    fn whole(&mut self, body: &[u8], source: &Source<'_>, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        let body = body.trim_ascii();
        // A stream that was not asked for as events is a list of chunks.
        let chunks: Vec<&RawValue> = match body.first() {
            Some(b'[') => serde_json::from_slice(body).map_err(|error| malformed(&error, body.len()))?,
            _ => Vec::new(),
        };
        let mut has_candidate = false;
        if chunks.is_empty() {
            has_candidate = self.chunk(body, source, deltas)?;
        }
        for chunk in chunks {
            has_candidate |= self.chunk(chunk.get().as_bytes(), source, deltas)?;
        }
        if !has_candidate {
            let message =
                "the answer holds no candidate; check that the base URL is one of a generateContent API";
            return Err(ModelError::new(ModelErrorKind::MalformedReply, message));
        }
        self.done = true;
        self.end(deltas)
    }

    fn event(
        &mut self,
        _name: &[u8],
        data: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let data = data.trim_ascii();
        if self.done || data.is_empty() || data == b"[DONE]" {
            return Ok(());
        }
        self.chunk(data, source, deltas).map(|_| ())
    }

    fn end(&mut self, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        if self.ended {
            return Ok(());
        }
        if !self.has_finished() {
            return Err(ModelError::truncated());
        }
        self.ended = true;
        self.done = true;
        self.calls.close(deltas);
        self.hand_on_audio(deltas);
        deltas.extend(
            std::mem::take(&mut self.citations)
                .into_iter()
                .map(Delta::Citation),
        );
        for (kind, json) in std::mem::take(&mut self.metadata) {
            self.item(kind, json, deltas);
        }
        let finish = match self.finish {
            // Gemini says that it just stopped where it wants calls.
            None | Some(FinishReason::Stop) if !self.calls.is_empty() => FinishReason::ToolCalls,
            None => FinishReason::Other,
            Some(finish) => finish,
        };
        deltas.push(Delta::Finish(finish));
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.done
    }

    /// What may follow is the usage.
    fn has_finished(&self) -> bool {
        self.done || self.finish.is_some()
    }
}

impl Decoder {
    /// Reads a chunk; whether it was an answer, or a refusal of one.
    fn chunk(
        &mut self,
        json: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<bool, ModelError> {
        let answer: Answer<'_> = match serde_json::from_slice(json) {
            Ok(answer) => answer,
            // A list here holds an error.
            Err(error) => match std::str::from_utf8(json) {
                Ok(text) if text.starts_with('[') && serde_json::from_str::<IgnoredAny>(text).is_ok() => {
                    return Err(from_value(None, text, None, source));
                }
                _ => return Err(malformed(&error, json.len())),
            },
        };
        if answer.error.is_some() {
            let text = String::from_utf8_lossy(json);
            return Err(from_value(None, &text, None, source));
        }
        self.size += json.len();
        if self.size > MAX_REPLY {
            return Err(too_large());
        }
        let id = answer.response_id.0.filter(|_| !self.has_id);
        let model = answer.model_version.0.filter(|_| !self.has_model);
        if id.is_some() || model.is_some() {
            self.has_id |= id.is_some();
            self.has_model |= model.is_some();
            deltas.push(Delta::Started {
                id: id.map(Into::into),
                model: model.map(Into::into),
            });
        }
        let mut is_answer = false;
        let reason = answer.prompt_feedback.map(|feedback| feedback.block_reason);
        if reason.is_some_and(|reason| {
            !matches!(
                reason.as_str(),
                "" | "BLOCK_REASON_UNSPECIFIED" | "BLOCKED_REASON_UNSPECIFIED"
            )
        }) {
            is_answer = true;
            self.finish = Some(FinishReason::ContentFilter);
        }
        for candidate in answer.candidates.into_iter().flatten() {
            // Only one answer is asked for; a user's `candidateCount` is paid for and not read.
            if candidate.index.unwrap_or(0) == 0 {
                is_answer = true;
                self.candidate(candidate, deltas)?;
            }
        }
        if let Some(usage) = answer.usage_metadata {
            if let Some(tier) = usage.service_tier.0.as_deref().filter(|_| !self.has_tier) {
                self.has_tier = true;
                deltas.push(Delta::Details(Box::new(ReplyDetails {
                    service_tier: Some(tier.to_owned()),
                    ..ReplyDetails::default()
                })));
            }
            let usage = usage.counts();
            if usage != self.usage && usage != Usage::default() {
                self.usage = usage;
                deltas.push(Delta::Usage(usage));
            }
        }
        Ok(is_answer)
    }

    fn candidate(&mut self, candidate: Candidate<'_>, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        let content = candidate.content.unwrap_or_default();
        for part in content.parts.into_iter().flatten() {
            self.part(part, deltas)?;
        }
        let told = [candidate.grounding_metadata, candidate.url_context_metadata];
        for (kind, json) in METADATA.into_iter().zip(told) {
            // Empty ones come with the first chunks of a stream.
            if let Some(json) = json
                .map(RawValue::get)
                .filter(|json| json.len() > 2 && *json != "null")
            {
                self.metadata.insert(kind, json.to_owned());
                if kind == METADATA[0] {
                    self.cite(grounding::searched(json));
                }
            }
        }
        if let Some(recited) = candidate.citation_metadata {
            self.cite(grounding::recited(recited.get()));
        }
        if let Some(logprobs) = candidate
            .logprobs_result
            .map(logprobs)
            .filter(|list| !list.is_empty())
        {
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                logprobs,
                ..ReplyDetails::default()
            })));
        }
        match candidate.finish_reason.as_str() {
            "" | "FINISH_REASON_UNSPECIFIED" => {}
            reason => self.finish = Some(finish(reason)),
        }
        Ok(())
    }

    /// Keeps citations for the end; a stream may repeat them with every chunk.
    fn cite(&mut self, citations: Vec<Citation>) {
        for citation in citations {
            if !self.citations.contains(&citation) {
                self.citations.push(citation);
            }
        }
    }

    fn part(&mut self, raw: &RawValue, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        let piece: Piece<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let signature = piece.thought_signature.into_string();
        let is_thought = piece.thought == Some(true);
        if signature.is_some() || is_thought {
            self.claim(deltas);
        }
        if let Some(call) = piece.function_call {
            if call.id.0.is_some() {
                self.claim(deltas);
            }
            self.hand_on_audio(deltas);
            self.is_signed = false;
            return self.calls.add(call, signature, deltas);
        }
        if let Some(blob) = piece.inline_data
            && !is_thought
            && self.blob(&blob, signature.as_deref(), deltas)
        {
            return Ok(());
        }
        let kind = match piece.text.0 {
            Some(_) => String::new(),
            None => kind(raw.get()),
        };
        if !kind.is_empty() {
            self.hand_on_audio(deltas);
            self.item(&kind, raw.get().to_owned(), deltas);
            return Ok(());
        }
        if piece.text.0.is_none() && signature.is_none() {
            return Ok(());
        }
        self.hand_on_audio(deltas);
        self.words(
            piece.text.into_string().unwrap_or_default(),
            is_thought,
            signature,
            deltas,
        );
        Ok(())
    }

    /// Text or a thought, and its signature. An empty one brings the signature of what came before.
    fn words(&mut self, text: String, is_thought: bool, signature: Option<String>, deltas: &mut Vec<Delta>) {
        if !text.is_empty() {
            self.is_signed = false;
            deltas.push(if is_thought {
                Delta::Reasoning(text)
            } else {
                Delta::Text(text)
            });
        }
        let Some(signature) = signature else { return };
        // No piece has two signatures.
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

    /// A picture or sound; whether it is either.
    fn blob(&mut self, blob: &Blob<'_>, signature: Option<&str>, deltas: &mut Vec<Delta>) -> bool {
        let (kind, data) = (blob.mime_type.as_str(), blob.data.as_str());
        if let Some(format) = kind.strip_prefix("audio/") {
            // Bare samples come in pieces; anything else is a file of its own.
            let is_bare = format.starts_with("L16") || format.starts_with("l16") || format.starts_with("pcm");
            let Ok(bytes) = STANDARD.decode(data) else {
                return false;
            };
            if !self
                .audio
                .as_ref()
                .is_some_and(|(known, _)| is_bare && known == kind)
            {
                self.hand_on_audio(deltas);
            }
            let (_, sound) = self.audio.get_or_insert_with(|| (kind.to_owned(), Vec::new()));
            sound.extend(bytes);
            return true;
        }
        if !kind.starts_with("image/") {
            return false;
        }
        self.hand_on_audio(deltas);
        self.is_signed = false;
        let picture = Media::new(MediaSource::Base64(data.to_owned()), kind);
        deltas.push(Delta::Part(Box::new(Part::Image(Box::new(picture)))));
        if let Some(signature) = signature {
            let json = serde_json::Value::from(signature).to_string();
            self.item(IMAGE_SIGNATURE, json, deltas);
        }
        true
    }

    fn hand_on_audio(&mut self, deltas: &mut Vec<Delta>) {
        if let Some((kind, sound)) = self.audio.take() {
            self.is_signed = false;
            let sound = Media::bytes(sound, kind);
            deltas.push(Delta::Part(Box::new(Part::Audio(Box::new(sound)))));
        }
    }

    fn item(&mut self, kind: &str, json: String, deltas: &mut Vec<Delta>) {
        self.claim(deltas);
        self.is_signed = false;
        let item = ProviderItem::new(kind, json);
        deltas.push(Delta::Part(Box::new(Part::Provider(item))));
    }

    /// Says once whose signatures and items these are.
    fn claim(&mut self, deltas: &mut Vec<Delta>) {
        if !self.has_provider {
            self.has_provider = true;
            deltas.push(Delta::Provider(PROVIDER));
        }
    }
}

/// What a part is that is neither words nor a call: the name of the field that says so; empty where there is none.
fn kind(json: &str) -> String {
    let beside = [
        "thought",
        "thoughtSignature",
        "text",
        "partMetadata",
        "mediaResolution",
        "videoMetadata",
    ];
    let fields: BTreeMap<String, IgnoredAny> = serde_json::from_str(json).unwrap_or_default();
    let mut kinds = fields.into_keys().filter(|name| !beside.contains(&name.as_str()));
    kinds.next().unwrap_or_default()
}

fn logprobs(result: Logprobs<'_>) -> Vec<TokenLogprob> {
    let pair = |token: Logprob<'_>| {
        (
            token.token.into_string().unwrap_or_default(),
            token.log_probability.unwrap_or_default(),
        )
    };
    let mut tops = result.top_candidates.into_iter().flatten();
    let chosen = result.chosen_candidates.into_iter().flatten();
    chosen
        .map(|token| {
            let (token, logprob) = pair(token);
            let top = tops.next().and_then(|top| top.candidates).unwrap_or_default();
            TokenLogprob {
                token,
                logprob,
                top: top.into_iter().map(pair).collect(),
            }
        })
        .collect()
}

fn finish(reason: &str) -> FinishReason {
    match reason {
        "STOP" => FinishReason::Stop,
        "MAX_TOKENS" => FinishReason::Length,
        "SAFETY"
        | "RECITATION"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "MODEL_ARMOR"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "IMAGE_RECITATION" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    }
}

/// What serde says of an error can quote the answer, so only the place of the fault is passed on.
fn malformed(error: &serde_json::Error, length: usize) -> ModelError {
    let what = if error.is_eof() {
        "breaks off in the middle"
    } else if error.is_syntax() {
        "is not JSON"
    } else {
        "is not of the form of a generateContent answer"
    };
    ModelError::new(
        ModelErrorKind::MalformedReply,
        format!(
            "the answer {what} (line {}, column {} of {length} bytes); ask again, and check what answers at the base URL",
            error.line(),
            error.column(),
        ),
    )
}
