//! Decodes replies, either complete or event by event. On the wire, a frame's headers contain the event kind; in a
//! recording, each event is an object whose only field is named after the kind.

use serde_json::value::RawValue;

use super::PROVIDER;
use super::blocks::Blocks;
use super::wire::{Event, Metadata, WireReply};
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind, ReplyDetails, Usage};
use crate::provider::api::{Decode, Ending};
use crate::provider::codec::entries::entries;
use crate::provider::codec::parse;
use crate::provider::readers::readers;
use crate::provider::transport::error::{Source, from_value};

readers! {
    bedrock, Decoder::default();

    /// Reads a complete reply from the Converse API: a recorded reply, or one fetched by another client.
    ///
    /// ```
    /// use agno::provider::bedrock;
    ///
    /// let body = br#"{"output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},
    ///     "stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":1,"cacheReadInputTokens":4}}"#;
    /// let reply = bedrock::read_reply(body)?;
    /// assert_eq!(reply.message.text(), "Hello");
    /// assert_eq!((reply.usage.input, reply.usage.cached), (7, 4));
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    read_reply

    /// Decodes the events of a streamed reply into deltas.
    ///
    /// Each event is a JSON object whose only field is named after the event's kind, as in recordings and logs. On the
    /// wire, events arrive in binary frames, which `Bedrock` decodes itself.
    StreamReader [
        r#"{"messageStart":{"role":"assistant"}}"#,
        r#"{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Hello"}}}"#,
        r#"{"contentBlockStop":{"contentBlockIndex":0}}"#,
        r#"{"messageStop":{"stopReason":"end_turn"}}"#,
        r#"{"metadata":{"usage":{"inputTokens":3,"outputTokens":1}}}"#,
    ]
}

/// The name of the API in error messages.
const FORMAT: &str = "the Converse API";

/// The state of a partially decoded reply.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    blocks: Blocks,
    started: bool,
    ending: Ending,
    has_metadata: bool,
}

impl Decode for Decoder {
    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let reply: WireReply<'_> = parse(body, FORMAT)?;
        if reply.error.0.is_some() {
            let text = String::from_utf8_lossy(body);
            return Err(error(reply.error.as_str(), &text, source));
        }
        let message = reply.output.and_then(|output| output.message);
        let Some(content) = message.and_then(|message| message.content) else {
            let text = "the reply has no message; check that the base URL points to a Converse API";
            return Err(ModelError::new(ModelErrorKind::MalformedReply, text));
        };
        self.start_reply(deltas);
        for block in content {
            self.blocks.read_block(block, deltas);
        }
        metadata(&parse(body, FORMAT)?, deltas);
        self.has_metadata = true;
        self.ending.finish = Some(finish(reply.stop_reason.as_str()));
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
        if !name.is_empty() {
            let name = String::from_utf8_lossy(name);
            return self.read_event(&name, data, source, deltas);
        }
        if data.is_empty() {
            return Ok(());
        }
        let raw: &RawValue = parse(data, FORMAT)?;
        for (name, event) in entries(raw).unwrap_or_default() {
            self.read_event(&name, event.get().as_bytes(), source, deltas)?;
        }
        Ok(())
    }

    fn ending(&mut self) -> &mut Ending {
        &mut self.ending
    }

    fn has_calls(&self) -> bool {
        self.blocks.calls() > 0
    }

    fn has_usage(&self) -> bool {
        self.has_metadata
    }

    fn close(&mut self, deltas: &mut Vec<Delta>) {
        self.blocks.stop_all(deltas);
    }

    fn is_done(&self) -> bool {
        self.ending.finish.is_some() && self.has_metadata
    }

    /// Returns `true` after the stop reason, because only the usage may follow.
    fn has_finished(&self) -> bool {
        self.ending.finish.is_some()
    }
}

impl Decoder {
    fn start_reply(&mut self, deltas: &mut Vec<Delta>) {
        if !self.started {
            self.started = true;
            deltas.push(Delta::Provider(PROVIDER.into()));
        }
    }

    /// Reads an event of this kind.
    fn read_event(
        &mut self,
        kind: &str,
        data: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        match kind {
            "messageStart" => self.start_reply(deltas),
            "contentBlockStart" | "contentBlockDelta" | "contentBlockStop" | "messageStop" => {
                self.start_reply(deltas);
                let event: Event<'_> = parse(data, FORMAT)?;
                let index = event.content_block_index.0;
                match (kind, event.start, event.delta) {
                    ("contentBlockStart", Some(start), _) => self.blocks.start(index, start, deltas),
                    ("contentBlockDelta", _, Some(delta)) => self.blocks.extend(index, delta, deltas),
                    ("contentBlockStop", ..) => self.blocks.stop(index, deltas),
                    ("messageStop", ..) => {
                        self.blocks.stop_all(deltas);
                        self.ending.finish = Some(finish(event.stop_reason.as_str()));
                    }
                    _ => {}
                }
            }
            "metadata" => {
                self.start_reply(deltas);
                self.has_metadata = true;
                metadata(&parse(data, FORMAT)?, deltas);
            }
            kind if kind.ends_with("Exception") || kind.ends_with("Error") || kind.ends_with("Fault") => {
                return Err(error(kind, &String::from_utf8_lossy(data), source));
            }
            // Unknown events are ignored.
            _ => {}
        }
        Ok(())
    }
}

fn metadata(metadata: &Metadata<'_>, deltas: &mut Vec<Delta>) {
    let usage = metadata.usage.map(|usage| usage.counts());
    deltas.extend(usage.filter(|usage| *usage != Usage::default()).map(Delta::Usage));
    let tier = metadata.service_tier.as_ref();
    if let Some(tier) = tier.and_then(|tier| tier.kind.0.as_deref()) {
        deltas.push(Delta::Details(Box::new(ReplyDetails {
            service_tier: Some(tier.to_owned()),
            ..ReplyDetails::default()
        })));
    }
}

/// Creates an error from its name and the message in its JSON body.
fn error(name: &str, text: &str, source: &Source<'_>) -> ModelError {
    #[derive(serde::Deserialize, Default)]
    struct ErrorBody {
        #[serde(default, alias = "Message")]
        message: Option<String>,
    }
    let body: ErrorBody = serde_json::from_str(text).unwrap_or_default();
    // A namespace may precede the name: `com.amazon.coral.service#ThrottlingException`.
    let name = name.rsplit_once('#').map_or(name, |(_, name)| name);
    let error = serde_json::json!({"code": name, "message": body.message.unwrap_or_default()});
    from_value(None, &error.to_string(), None, source)
}

fn finish(reason: &str) -> FinishReason {
    match reason {
        "end_turn" | "stop_sequence" => FinishReason::Stop,
        "tool_use" => FinishReason::ToolCalls,
        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "guardrail_intervened" | "content_filtered" | "refusal" => FinishReason::ContentFilter,
        "pause_turn" => FinishReason::Pause,
        _ => FinishReason::Other,
    }
}
