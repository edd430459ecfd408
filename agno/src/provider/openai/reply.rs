//! Decodes replies. Each chunk of a stream is converted to deltas. A complete reply is decoded as a stream of one
//! chunk, so both paths give the same result.

use serde_json::value::RawValue;

use super::calls::Calls;
use super::reasoning_details::Details;
use super::reply_parts::{blocks, citation, finish, image_part, is_empty, logprob, parse, sources};
use super::servers::OPENAI;
use super::surrogates::repair;
use super::wire::{Audio, Choice, ContentPart, ImagePart, Logprobs, WireMessage, WireReply};
use crate::message::{Media, Part};
use crate::model::{Delta, ModelError, ModelErrorKind, ReplyDetails, Usage};
use crate::provider::api::{Decode, Ending};
use crate::provider::codec::lenient::{LenientStr, is_object};
use crate::provider::readers::readers;
use crate::provider::transport::error::{Source, from_value};

readers! {
    openai, Decoder::new(OPENAI.name);

    /// Reads a complete reply from any Chat Completions server: a recorded reply, or one fetched by another client.
    ///
    /// ```
    /// use agno::provider::openai;
    ///
    /// let body = br#"{"model":"gpt-5-mini","choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#;
    /// let reply = openai::read_reply(body)?;
    /// assert_eq!(reply.message.text(), "Hello");
    /// assert_eq!(reply.model.as_deref(), Some("gpt-5-mini"));
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    read_reply

    /// Decodes the events of a streamed reply into deltas. Each input is the `data` of one event.
    StreamReader [
        r#"{"choices":[{"delta":{"content":"Hel"}}]}"#,
        r#"{"choices":[{"delta":{"content":"lo"},"finish_reason":"stop"}]}"#,
        "[DONE]",
    ]
}

/// The state of a partially decoded reply.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// The provider name recorded with the reasoning.
    provider: &'static str,
    details: Details,
    has_id: bool,
    has_model: bool,
    calls: Calls,
    usage: Usage,
    ending: Ending,
    /// The high surrogate of a character that was split across two chunks.
    high_surrogate: Option<u32>,
    /// Number of chunks read.
    chunks: usize,
    /// Base64 audio, which arrives in several chunks and is emitted at the end.
    audio: String,
    has_tier: bool,
    has_sources: bool,
}

impl Decode for Decoder {
    const REASON_IS_OPTIONAL: bool = true;

    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let reply = parse(body, source)?;
        if self.chunk(reply, source, true, deltas)? == 0 {
            let message =
                "the reply has no message; check that the base URL points to a Chat Completions API";
            return Err(ModelError::new(ModelErrorKind::MalformedReply, message));
        }
        self.ending.is_over = true;
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
        if self.ending.is_over || data.is_empty() {
            return Ok(());
        }
        if data == b"[DONE]" {
            self.ending.is_over = true;
            return Ok(());
        }
        let reply = match parse(data, source) {
            Ok(reply) => reply,
            Err(error) => match repair(data, &mut self.high_surrogate) {
                Some(repaired) => {
                    let reply = parse(&repaired, source)?;
                    return self.chunk(reply, source, false, deltas).map(|_| ());
                }
                None => return Err(error),
            },
        };
        self.chunk(reply, source, false, deltas).map(|_| ())
    }

    fn ending(&mut self) -> &mut Ending {
        &mut self.ending
    }

    fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    fn has_usage(&self) -> bool {
        self.ending.is_over || self.usage != Usage::default()
    }

    fn close(&mut self, deltas: &mut Vec<Delta>) {
        self.calls.emit_start(&mut |delta| deltas.push(delta));
        if !self.audio.is_empty() {
            let audio = Media::new(
                crate::message::MediaSource::Base64(std::mem::take(&mut self.audio)),
                "",
            );
            deltas.push(Delta::Part(Box::new(Part::Audio(Box::new(audio)))));
        }
        if let Some(details) = self.details.take() {
            deltas.push(Delta::Provider(self.provider.into()));
            deltas.push(Delta::Part(Box::new(details)));
        }
    }

    fn is_done(&self) -> bool {
        self.ending.is_over
    }

    /// Returns `true` after a finish reason, because only usage may follow.
    fn has_finished(&self) -> bool {
        self.ending.is_over || self.ending.finish.is_some()
    }
}

impl Decoder {
    pub(super) fn new(provider: &'static str) -> Self {
        Self {
            provider,
            details: Details::default(),
            has_id: false,
            has_model: false,
            calls: Calls::default(),
            usage: Usage::default(),
            ending: Ending::default(),
            high_surrogate: None,
            chunks: 0,
            audio: String::new(),
            has_tier: false,
            has_sources: false,
        }
    }

    /// Decodes a chunk and returns the number of choices read from it.
    fn chunk(
        &mut self,
        reply: WireReply<'_>,
        source: &Source<'_>,
        is_complete: bool,
        deltas: &mut Vec<Delta>,
    ) -> Result<usize, ModelError> {
        let choices = reply.choices.unwrap_or_default();
        let errors = reply
            .error
            .into_iter()
            .chain(choices.iter().filter_map(|choice| choice.error));
        if let Some(error) = errors
            .map(RawValue::get)
            .find(|error| !matches!(*error, "\"\"" | "false"))
        {
            return Err(from_value(None, error, None, source));
        }
        self.chunks = self.chunks.saturating_add(1);
        self.start(reply.id, reply.model, deltas);
        if let Some(tier) = reply.service_tier.into_string().filter(|_| !self.has_tier) {
            self.has_tier = true;
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                service_tier: Some(tier),
                ..ReplyDetails::default()
            })));
        }
        let usage = reply.usage.or(reply.x_groq.and_then(|nested| nested.usage));
        let mut usage = usage.or(choices.first().and_then(|choice| choice.usage.clone()));
        let mut message = 0_usize;
        for choice in choices {
            // agno requests a single choice. If a user sets `n` as an extra field, the other choices are billed but
            // not read.
            if choice.index.unwrap_or(0) == 0 {
                message = message.saturating_add(1);
                self.choice(choice, is_complete, deltas)?;
            }
        }
        // Perplexity repeats its sources in every chunk.
        let citations = sources(reply.search_results, reply.citations);
        if !self.has_sources && !citations.is_empty() {
            self.has_sources = true;
            deltas.extend(citations.into_iter().map(Delta::Citation));
        }
        if let Some(usage) = usage.take().map(|usage| usage.counts())
            && usage != self.usage
            && usage != Usage::default()
        {
            self.usage = usage;
            deltas.push(Delta::Usage(usage));
        }
        Ok(message)
    }

    fn start(&mut self, id: LenientStr<'_>, model: LenientStr<'_>, deltas: &mut Vec<Delta>) {
        let id = id.0.filter(|_| !self.has_id);
        let model = model.0.filter(|_| !self.has_model);
        if id.is_some() || model.is_some() {
            self.has_id |= id.is_some();
            self.has_model |= model.is_some();
            deltas.push(Delta::Started {
                id: id.map(Into::into),
                model: model.map(Into::into),
            });
        }
    }

    fn choice(
        &mut self,
        choice: Choice<'_>,
        is_complete: bool,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let Choice {
            delta,
            message,
            finish_reason,
            logprobs,
            ..
        } = choice;
        if let Some(Logprobs {
            content: Some(tokens),
        }) = logprobs
            && !tokens.is_empty()
        {
            let logprobs = tokens.into_iter().map(logprob).collect();
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                logprobs,
                ..ReplyDetails::default()
            })));
        }
        let message = message.map(|message| *message);
        let wire_message = if is_complete {
            message.or(delta)
        } else {
            delta.or(message)
        };
        if let Some(wire_message) = wire_message {
            self.message(wire_message, is_complete, deltas);
        }
        match finish_reason.as_str() {
            "" => {}
            "error" => {
                let message = "the provider ended the answer with an error; retry";
                return Err(ModelError::new(ModelErrorKind::Overloaded, message));
            }
            reason => self.ending.finish = Some(finish(reason)),
        }
        Ok(())
    }

    fn message(&mut self, message: WireMessage<'_>, is_complete: bool, deltas: &mut Vec<Delta>) {
        let mut detailed = String::new();
        for raw in blocks(message.reasoning_details) {
            detailed.extend(self.details.add(raw, is_complete));
        }
        // Servers that are renaming this field send it under both names during the transition.
        let thought = message.reasoning_content.0.or(message.reasoning.0);
        let thought = thought.map_or(detailed, Into::into);
        deltas.extend(
            Some(thought)
                .filter(|text| !text.is_empty())
                .map(Delta::Reasoning),
        );
        for part in message.content.0 {
            let delta = match part {
                ContentPart::Text(text) => Delta::Text(text.into()),
                ContentPart::Reasoning(text) => Delta::Reasoning(text.into()),
                ContentPart::Refusal(text) => Delta::Refusal(text.into()),
            };
            deltas.extend(Some(delta).filter(|delta| !is_empty(delta)));
        }
        deltas.extend(message.refusal.0.map(|text| Delta::Refusal(text.into())));
        let annotations = message.annotations.into_iter().flatten();
        deltas.extend(annotations.filter(|raw| is_object(raw)).map(citation));
        for ImagePart { image_url } in message.images.into_iter().flatten() {
            let url = image_url.and_then(|address| address.url.into_string());
            deltas.extend(url.map(|url| Delta::Part(Box::new(Part::Image(Box::new(image_part(url)))))));
        }
        if let Some(audio) = message.audio {
            let Audio { data, transcript, .. } = *audio;
            self.audio.push_str(data.as_str());
            deltas.extend(transcript.into_string().map(Delta::Text));
        }
        for part in message.tool_calls.into_iter().flatten().flatten() {
            self.calls
                .add(&part, self.chunks, is_complete, &mut |delta| deltas.push(delta));
        }
    }
}
