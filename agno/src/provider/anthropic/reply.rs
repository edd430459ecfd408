//! Decodes replies. Each event of a stream is converted to deltas. A complete reply is decoded as blocks that start and
//! stop immediately, so both paths produce the same result.

use serde_json::value::RawValue;

use super::PROVIDER;
use super::blocks::Blocks;
use super::wire::{Counts, End, Event, Message};
use crate::message::{Part, ProviderItem};
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind, ReplyDetails};
use crate::provider::api::{Decode, Ending};
use crate::provider::codec::minify::minified;
use crate::provider::codec::parse;
use crate::provider::readers::readers;
use crate::provider::transport::error::{Source, from_value};

/// The kind of the provider item that stores the code execution container. Requests send the container as a field, not
/// as a block.
pub(super) const CONTAINER: &str = "container";

readers! {
    anthropic, Decoder::default();

    /// Reads a complete reply from the Messages API: a recorded reply, or one fetched by another client.
    ///
    /// ```
    /// use agno::provider::anthropic;
    ///
    /// let body = br#"{"type":"message","model":"claude-sonnet-4-5","content":[{"type":"text","text":"Hello"}],
    ///     "stop_reason":"end_turn","usage":{"input_tokens":3,"cache_read_input_tokens":4,"output_tokens":1}}"#;
    /// let reply = anthropic::read_reply(body)?;
    /// assert_eq!(reply.message.text(), "Hello");
    /// assert_eq!((reply.usage.input, reply.usage.cached), (7, 4));
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    read_reply

    /// Decodes the events of a streamed reply into deltas. Each input is the `data` of one event.
    StreamReader [
        r#"{"type":"message_start","message":{"id":"msg_1","content":[],"usage":{"input_tokens":3}}}"#,
        r#"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"#,
        r#"{"type":"content_block_stop","index":0}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}"#,
        r#"{"type":"message_stop"}"#,
    ]
}

/// The name of the API in error messages.
const FORMAT: &str = "the Messages API";

/// The state of a partially decoded reply.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    blocks: Blocks,
    counts: Counts,
    /// `true` after the first `message_start`. `id` and `has_content` describe the most recently started reply.
    started: bool,
    id: Option<String>,
    has_content: bool,
    ending: Ending,
    /// The JSON of the reply's code execution container.
    container: Option<String>,
}

impl Decode for Decoder {
    const REASON_IS_OPTIONAL: bool = true;

    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let message: Message<'_> = parse(body, FORMAT)?;
        if let Some(error) = message.error {
            return Err(from_value(None, error.get(), None, source));
        }
        if message.content.is_none() {
            let text = "the reply has no content; check that the base URL points to a Messages API";
            return Err(ModelError::new(ModelErrorKind::MalformedReply, text));
        }
        self.start(&message, deltas);
        self.finish(&parse(body, FORMAT)?, deltas);
        self.ending.is_over = true;
        self.end(deltas)
    }

    fn event(
        &mut self,
        name: &[u8],
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
        let event: Event<'_> = parse(data, FORMAT)?;
        let kind = match event.kind.as_str() {
            "" => std::str::from_utf8(name).unwrap_or_default(),
            kind => kind,
        };
        let index = event.index.0;
        match (kind, event.content_block, event.delta) {
            ("error", ..) => {
                let error = event.error.map_or("{}", RawValue::get);
                return Err(from_value(None, error, None, source));
            }
            ("message_start", ..) => {
                if let Some(message) = event.message {
                    self.start_reply(message, deltas)?;
                }
            }
            ("content_block_start", Some(block), _) => {
                self.has_content = true;
                self.blocks.start(index, block, deltas);
            }
            ("content_block_delta", _, Some(delta)) => {
                self.has_content = true;
                self.blocks.extend(index, delta, deltas);
            }
            ("content_block_stop", ..) => self.blocks.stop(index, deltas),
            ("message_delta", _, delta) => {
                if let Some(delta) = delta {
                    self.finish(&parse(delta.get().as_bytes(), FORMAT)?, deltas);
                }
                if let Some(usage) = event.usage {
                    self.usage(&usage, deltas);
                }
            }
            ("message_stop", ..) => self.ending.is_over = true,
            // Pings and unknown events.
            _ => {}
        }
        Ok(())
    }

    fn ending(&mut self) -> &mut Ending {
        &mut self.ending
    }

    fn has_calls(&self) -> bool {
        self.blocks.calls() > 0
    }

    fn close(&mut self, deltas: &mut Vec<Delta>) {
        self.blocks.stop_all(deltas);
        if let Some(container) = self.container.take() {
            let item = ProviderItem::new(CONTAINER, container);
            deltas.push(Delta::Part(Box::new(Part::from(item))));
        }
    }

    fn is_done(&self) -> bool {
        self.ending.is_over
    }

    fn has_finished(&self) -> bool {
        self.ending.is_over || self.ending.finish.is_some()
    }
}

impl Decoder {
    /// Starts a reply, unless the same reply has already started.
    fn start_reply(&mut self, raw: &RawValue, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        let message: Message<'_> = parse(raw.get().as_bytes(), FORMAT)?;
        if self.started {
            // A gateway repeated the start event.
            if message.id.0.as_deref() == self.id.as_deref() {
                return Ok(());
            }
            // A gateway lost the reply midway, requested another one and appended it to the first.
            if self.has_content {
                deltas.push(Delta::Restart);
            }
            *self = Self::default();
        }
        self.start(&message, deltas);
        self.finish(&parse(raw.get().as_bytes(), FORMAT)?, deltas);
        Ok(())
    }

    /// Reads a message, either complete or from its start event. Some start events already contain calls.
    fn start(&mut self, message: &Message<'_>, deltas: &mut Vec<Delta>) {
        self.started = true;
        self.id = message.id.0.as_deref().map(str::to_owned);
        deltas.push(Delta::Provider(PROVIDER.into()));
        let model = message.model.0.as_deref().map(str::to_owned);
        if self.id.is_some() || model.is_some() {
            deltas.push(Delta::Started {
                id: self.id.clone(),
                model,
            });
        }
        for (index, block) in message.content.iter().flatten().enumerate() {
            self.has_content = true;
            self.blocks.start(index as u64, block, deltas);
            self.blocks.stop(index as u64, deltas);
        }
        if let Some(usage) = &message.usage {
            self.usage(usage, deltas);
        }
    }

    /// Reads the final fields that a message contains.
    fn finish(&mut self, end: &End<'_>, deltas: &mut Vec<Delta>) {
        if let Some(container) = end.container.map(RawValue::get).filter(|json| *json != "null") {
            self.container = Some(minified(container));
        }
        if let Some(stop) = &end.stop_sequence.0 {
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                stop_sequence: Some(stop.to_string()),
                ..ReplyDetails::default()
            })));
        }
        let reason = end.stop_reason.as_str();
        if reason.is_empty() {
            return;
        }
        self.ending.finish = Some(finish(reason));
        let details = end.stop_details.as_ref();
        if let Some(text) = details.and_then(|details| details.explanation.0.as_deref())
            && reason == "refusal"
        {
            self.blocks.stop_all(deltas);
            deltas.extend([Delta::Break, Delta::Refusal(text.to_owned())]);
        }
    }

    fn usage(&mut self, usage: &super::wire::Usage<'_>, deltas: &mut Vec<Delta>) {
        if let Some(tier) = &usage.service_tier.0 {
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                service_tier: Some(tier.to_string()),
                ..ReplyDetails::default()
            })));
        }
        let before = self.counts;
        self.counts.update(usage);
        if self.counts != before {
            deltas.push(Delta::Usage(self.counts.total()));
        }
    }
}

fn finish(reason: &str) -> FinishReason {
    match reason {
        "end_turn" | "stop_sequence" => FinishReason::Stop,
        "tool_use" => FinishReason::ToolCalls,
        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "refusal" => FinishReason::ContentFilter,
        "pause_turn" | "compaction" => FinishReason::Pause,
        _ => FinishReason::Other,
    }
}
