//! Decodes replies. A complete reply and a stream of events produce the same deltas.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::citations::{logprobs, read_citations};
use super::wire::{Call, OneOrMore, Usage as Counted, WireDelta, WireMessage, WirePart, WireReply};
use super::{PLAN, PROVIDER};
use crate::message::{Part, ProviderItem};
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind};
use crate::provider::api::{Decode, Ending};
use crate::provider::codec::parse;
use crate::provider::readers::readers;
use crate::provider::transport::error::{Source, from_value};

readers! {
    cohere, Decoder::default();

    /// Reads a complete reply from Cohere: a recorded reply, or one fetched by another client.
    ///
    /// ```
    /// use agno::provider::cohere;
    ///
    /// let body = br#"{"id":"1","message":{"content":[{"type":"text","text":"Hello"}]},"finish_reason":"COMPLETE"}"#;
    /// let reply = cohere::read_reply(body)?;
    /// assert_eq!(reply.message.text(), "Hello");
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    read_reply

    /// Decodes the events of a streamed reply into deltas. Each input is the `data` of one event.
    StreamReader [
        r#"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hello"}}}}"#,
        r#"{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}"#,
    ]
}

/// The name of the API in error messages.
const FORMAT: &str = "Cohere's chat API";

/// The state of a partially decoded reply.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    has_provider: bool,
    /// Number of calls.
    calls: usize,
    /// The position of the latest call for each stream index.
    positions: BTreeMap<Option<i64>, usize>,
    in_plan: bool,
    /// The index of the current content part.
    open: Option<i64>,
    /// `true` if the last part is text. Only text can have citations.
    ends_in_text: bool,
    citations: Vec<String>,
    ending: Ending,
}

impl Decode for Decoder {
    const COVERS_CALLS: &'static [FinishReason] = &[FinishReason::Stop, FinishReason::Other];

    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let reply: WireReply<'_> = parse(body, FORMAT)?;
        let wire_message: WireMessage<'_> = match reply.message.map(RawValue::get) {
            Some(message) if message.starts_with('{') => parse(message.as_bytes(), FORMAT)?,
            // In an error, `message` is a string.
            Some(_) => return Err(from_value(None, &String::from_utf8_lossy(body), None, source)),
            None => {
                let message = "the reply has no message; check that the base URL points to Cohere's chat API";
                return Err(ModelError::new(ModelErrorKind::MalformedReply, message));
            }
        };
        self.start(reply.id.into_string(), deltas);
        logprobs(reply.logprobs, deltas);
        for (at, part) in (0..).zip(wire_message.content.0) {
            self.content_part(Some(at), part, deltas);
        }
        self.plan(wire_message.tool_plan.into_string(), deltas);
        for call in wire_message.tool_calls.0 {
            self.call(None, call, deltas);
        }
        self.cite(&wire_message.citations);
        self.stop(reply.finish_reason.as_str(), reply.usage, "", source, deltas)?;
        self.ending.finish.get_or_insert(FinishReason::Other);
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
        if self.is_done() || data.is_empty() || data == b"[DONE]" {
            return Ok(());
        }
        let reply: WireReply<'_> = parse(data, FORMAT)?;
        let kind = reply.kind.as_str();
        if kind.is_empty() {
            return Err(from_value(None, &String::from_utf8_lossy(data), None, source));
        }
        if kind == "message-start" {
            self.start(reply.id.0.map(Into::into), deltas);
        }
        let Some(delta) = reply.delta else {
            return Ok(());
        };
        let change: WireDelta<'_> = serde_json::from_str(delta.get()).unwrap_or_default();
        logprobs(reply.logprobs, deltas);
        if let Some(message) = change.message {
            self.plan(message.tool_plan.into_string(), deltas);
            for part in message.content.0 {
                self.content_part(reply.index, part, deltas);
            }
            for call in message.tool_calls.0 {
                if kind == "tool-call-delta" {
                    self.append_arguments(reply.index, &call, deltas);
                } else {
                    self.call(reply.index, call, deltas);
                }
            }
            self.cite(&message.citations);
        }
        if kind == "message-end" {
            let reason = change.finish_reason.as_str();
            self.stop(reason, change.usage, change.error.as_str(), source, deltas)?;
            self.ending.finish.get_or_insert(FinishReason::Other);
        }
        Ok(())
    }

    fn ending(&mut self) -> &mut Ending {
        &mut self.ending
    }

    fn has_calls(&self) -> bool {
        self.calls > 0
    }

    fn close(&mut self, deltas: &mut Vec<Delta>) {
        let citations = std::mem::take(&mut self.citations);
        if self.ends_in_text {
            deltas.extend(
                citations
                    .iter()
                    .flat_map(|json| read_citations(json))
                    .map(Delta::Citation),
            );
        } else if !citations.is_empty() {
            // These citations belong to a plan or to reasoning, and a reasoning part cannot store them.
            self.mark_provider(deltas);
            let item = ProviderItem::new("citations", format!("[{}]", citations.join(",")));
            deltas.push(Delta::Part(Box::new(Part::from(item))));
        }
    }

    fn is_done(&self) -> bool {
        self.ending.finish.is_some()
    }
}

impl Decoder {
    fn start(&mut self, id: Option<String>, deltas: &mut Vec<Delta>) {
        if id.is_some() {
            deltas.push(Delta::Started { id, model: None });
        }
    }

    /// Emits the provider name that is stored with reasoning and provider items, once per reply.
    fn mark_provider(&mut self, deltas: &mut Vec<Delta>) {
        if !self.has_provider {
            self.has_provider = true;
            deltas.push(Delta::Provider(PROVIDER.into()));
        }
    }

    /// Appends text to the plan.
    fn plan(&mut self, plan: Option<String>, deltas: &mut Vec<Delta>) {
        let Some(plan) = plan else { return };
        let begins = !self.in_plan;
        if begins {
            self.in_plan = true;
            self.ends_in_text = false;
            self.open = None;
            self.mark_provider(deltas);
            deltas.push(Delta::Break);
        }
        deltas.push(Delta::Reasoning(plan));
        if begins {
            deltas.push(Delta::ReasoningId(PLAN.to_owned()));
        }
    }

    /// Adds a content part, or appends to the part with the same index.
    fn content_part(&mut self, index: Option<i64>, part: WirePart<'_>, deltas: &mut Vec<Delta>) {
        let is_known = matches!(part.kind.as_str(), "" | "text" | "thinking");
        let is_empty = part.text.0.is_none() && part.thinking.0.is_none();
        if is_known && is_empty {
            return;
        }
        if self.open != index || self.open.is_none() {
            self.open = index;
            self.in_plan = false;
            deltas.push(Delta::Break);
        }
        if !is_known {
            self.mark_provider(deltas);
            self.ends_in_text = false;
            let item = ProviderItem::new(part.kind.as_str(), part.raw);
            deltas.push(Delta::Part(Box::new(Part::from(item))));
            return;
        }
        if let Some(thinking) = part.thinking.into_string() {
            self.mark_provider(deltas);
            self.ends_in_text = false;
            deltas.push(Delta::Reasoning(thinking));
        }
        if let Some(text) = part.text.into_string() {
            self.ends_in_text = true;
            deltas.push(Delta::Text(text));
        }
    }

    /// Adds a complete call or starts a streamed call.
    fn call(&mut self, index: Option<i64>, call: Call<'_>, deltas: &mut Vec<Delta>) {
        let function = call.function.unwrap_or_default();
        let (position, arguments) = (self.calls, function.arguments());
        self.calls = self.calls.saturating_add(1);
        self.positions.insert(index, position);
        self.ends_in_text = false;
        self.in_plan = false;
        self.open = None;
        deltas.push(Delta::CallStart {
            index: position,
            id: call.id.into_string().unwrap_or_default(),
            name: function.name.into_string().unwrap_or_default(),
        });
        if !arguments.is_empty() {
            deltas.push(Delta::CallArguments {
                index: position,
                arguments,
            });
        }
    }

    /// Appends to the arguments of a call.
    fn append_arguments(&mut self, index: Option<i64>, call: &Call<'_>, deltas: &mut Vec<Delta>) {
        let arguments = call
            .function
            .as_ref()
            .map(super::wire::Function::arguments)
            .unwrap_or_default();
        let known = self.positions.get(&index).copied();
        if let Some(position) = known.or(self.calls.checked_sub(1))
            && !arguments.is_empty()
        {
            deltas.push(Delta::CallArguments {
                index: position,
                arguments,
            });
        }
    }

    /// Stores citations until the end, because they may arrive before their text is complete.
    fn cite(&mut self, citations: &OneOrMore<&RawValue>) {
        let texts = citations.0.iter().map(|citation| citation.get());
        self.citations
            .extend(texts.filter(|text| text.starts_with('{')).map(str::to_owned));
    }

    fn stop(
        &mut self,
        reason: &str,
        usage: Option<Counted>,
        error: &str,
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        if let Some(usage) = usage {
            deltas.push(Delta::Usage(usage.counts()));
        }
        self.ending.finish = match reason {
            "" if error.is_empty() => return Ok(()),
            "COMPLETE" | "STOP_SEQUENCE" => Some(FinishReason::Stop),
            "TOOL_CALL" => Some(FinishReason::ToolCalls),
            "MAX_TOKENS" | "ERROR_LIMIT" => Some(FinishReason::Length),
            "ERROR_TOXIC" => Some(FinishReason::ContentFilter),
            "" | "ERROR" | "TIMEOUT" => {
                let message = serde_json::json!({"message": error, "code": reason}).to_string();
                return Err(from_value(None, &message, None, source));
            }
            _ => Some(FinishReason::Other),
        };
        Ok(())
    }
}
