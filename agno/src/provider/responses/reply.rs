//! Decodes complete replies and the events of streamed replies.

use super::items::Items;
use super::lookup::List;
use super::wire::{Event, WireReply};
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind, ReplyDetails, Usage};
use crate::provider::api::{Decode, Ending};
use crate::provider::codec::parse;
use crate::provider::readers::readers;
use crate::provider::transport::error::{Source, from_value};

readers! {
    responses, Decoder::new(OPENAI);

    /// Reads a complete reply from any Responses API server: a recorded reply, or one fetched by another client.
    ///
    /// ```
    /// use agno::provider::responses;
    ///
    /// let body = br#"{"id":"resp_1","model":"gpt-5-mini","status":"completed","output":[
    ///     {"type":"message","id":"msg_1","content":[{"type":"output_text","text":"Hello"}]}]}"#;
    /// let reply = responses::read_reply(body)?;
    /// assert_eq!(reply.message.text(), "Hello");
    /// assert_eq!(reply.id.as_deref(), Some("resp_1"));
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    read_reply

    /// Decodes the events of a streamed reply into deltas. Each input is the `data` of one event.
    StreamReader [
        r#"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hello"}"#,
        r#"{"type":"response.completed","response":{"status":"completed","output":[]}}"#,
    ]
}

const OPENAI: &str = "openai";

/// The name of the API in error messages.
const FORMAT: &str = "the Responses API";

/// The state of a partially decoded reply.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// The provider name recorded with the items.
    provider: &'static str,
    id: Option<String>,
    model: Option<String>,
    items: Items,
    ending: Ending,
    /// `true` once the provider name has been emitted.
    is_marked: bool,
}

impl Decode for Decoder {
    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let reply: WireReply<'_> = parse(body, FORMAT)?;
        if reply.error.is_none() && reply.output.is_none() {
            let message = "the reply has no output; check that the base URL points to a Responses API";
            return Err(ModelError::new(ModelErrorKind::MalformedReply, message));
        }
        self.mark_provider(deltas);
        self.last(reply, source, deltas)?;
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
        let event: Event<'_> = parse(data, FORMAT)?;
        self.mark_provider(deltas);
        self.read(&event, data, source, deltas)
    }

    fn ending(&mut self) -> &mut Ending {
        &mut self.ending
    }

    fn has_calls(&self) -> bool {
        self.items.has_calls()
    }

    fn is_done(&self) -> bool {
        self.ending.is_over
    }
}

impl Decoder {
    pub(super) fn new(provider: &'static str) -> Self {
        Self {
            provider,
            id: None,
            model: None,
            items: Items::default(),
            ending: Ending::default(),
            is_marked: false,
        }
    }

    fn mark_provider(&mut self, deltas: &mut Vec<Delta>) {
        if !self.is_marked {
            self.is_marked = true;
            deltas.push(Delta::Provider(self.provider.into()));
        }
    }

    fn read(
        &mut self,
        event: &Event<'_>,
        data: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let index = event.output_index.map(|count| count.0);
        let (part, summary) = (event.content_index.0, event.summary_index.0);
        let text = event.delta.as_str();
        let items = &mut self.items;
        match event.kind.as_str() {
            "response.created" | "response.in_progress" | "response.queued" => {
                if let Some(raw) = event.response {
                    self.start(&parse(raw.get().as_bytes(), FORMAT)?, deltas);
                }
            }
            "response.output_item.added" => {
                if let Some(raw) = event.item {
                    items.add(index, raw, deltas);
                }
            }
            "response.output_item.done" => {
                if let Some(raw) = event.item {
                    items.close(index, raw, deltas);
                }
            }
            "response.output_text.delta" => {
                items.text(index, List::Text, part, text, deltas);
                if let Some(raw) = event.logprobs {
                    items.logprobs(index, part, raw, deltas);
                }
            }
            "response.refusal.delta" => items.text(index, List::Refusal, part, text, deltas),
            "response.reasoning_text.delta" => items.text(index, List::Thought, part, text, deltas),
            "response.reasoning_summary_text.delta" => {
                items.text(index, List::Summary, summary, text, deltas);
            }
            "response.output_text.annotation.added" => {
                if let Some(raw) = event.annotation {
                    items.cite(index, part, raw, deltas);
                }
            }
            "response.function_call_arguments.delta" => items.append_arguments(index, text, deltas),
            "response.function_call_arguments.done" => {
                if let Some(raw) = event.arguments {
                    items.all_arguments(index, raw, deltas);
                }
            }
            "response.completed" | "response.incomplete" | "response.failed" | "response.cancelled" => {
                let raw = event.response.map_or("{}", |raw| raw.get());
                let mut reply: WireReply<'_> = parse(raw.as_bytes(), FORMAT)?;
                if reply.status.0.is_none() {
                    let status = event.kind.as_str().trim_start_matches("response.");
                    reply.status.0 = Some(status.into());
                }
                self.last(reply, source, deltas)?;
            }
            "error" => return Err(error(data, source)),
            // Errors from gateways have no `type`.
            _ if event.error.is_some() => return Err(error(data, source)),
            _ => {}
        }
        Ok(())
    }

    /// Emits the ID and the model of the reply if they are new.
    fn start(&mut self, reply: &WireReply<'_>, deltas: &mut Vec<Delta>) {
        let id = reply.id.0.as_deref().filter(|id| self.id.as_deref() != Some(*id));
        let model = reply
            .model
            .0
            .as_deref()
            .filter(|model| self.model.as_deref() != Some(*model));
        if id.is_none() && model.is_none() {
            return;
        }
        let (id, model) = (id.map(str::to_owned), model.map(str::to_owned));
        self.id = id.clone().or(self.id.take());
        self.model = model.clone().or(self.model.take());
        deltas.push(Delta::Started { id, model });
    }

    /// Reads the final state of the reply, parts of which may have been read already.
    fn last(
        &mut self,
        reply: WireReply<'_>,
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        self.start(&reply, deltas);
        self.items
            .finish(reply.output.as_deref().unwrap_or_default(), deltas);
        if let Some(usage) = reply.usage.map(|usage| usage.counts())
            && usage != Usage::default()
        {
            deltas.push(Delta::Usage(usage));
        }
        if let Some(tier) = reply.service_tier.into_string() {
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                service_tier: Some(tier),
                ..ReplyDetails::default()
            })));
        }
        self.ending.is_over = true;
        if let Some(raw) = reply.error {
            return Err(error(raw.get().as_bytes(), source));
        }
        let reason = reply.incomplete_details.as_ref();
        let reason = reason.map_or("", |details| details.reason.as_str());
        self.ending.finish = Some(match (reply.status.as_str(), reason) {
            ("failed", _) => return Err(error(b"{}", source)),
            ("incomplete", "max_output_tokens" | "max_tokens" | "length") => FinishReason::Length,
            ("incomplete", "content_filter") => FinishReason::ContentFilter,
            ("completed", _) => FinishReason::Stop,
            // If the server omits the status, a reply with items is complete.
            ("", _) if !self.items.is_empty() => FinishReason::Stop,
            _ => FinishReason::Other,
        });
        Ok(())
    }
}

fn error(json: &[u8], source: &Source<'_>) -> ModelError {
    from_value(None, &String::from_utf8_lossy(json), None, source)
}
