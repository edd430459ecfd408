//! Decodes replies. Each line of a stream is converted to deltas. A complete reply is decoded as a stream of one line,
//! so both paths produce the same result.

use super::PROVIDER;
use super::wire::{Logprob, WireMessage, WireReply};
use crate::message::{Media, MediaSource, Part};
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind, ReplyDetails, TokenLogprob, Usage};
use crate::provider::api::{Decode, Ending};
use crate::provider::codec::{malformed, parse};
use crate::provider::readers::readers;
use crate::provider::transport::error::{Source, from_value};

readers! {
    ollama, Decoder::default();

    /// Reads a complete reply from Ollama: a recorded reply, or one fetched by another client.
    ///
    /// ```
    /// use agno::provider::ollama;
    ///
    /// let body = br#"{"model":"qwen3","message":{"content":"Hello"},"done":true,"done_reason":"stop"}"#;
    /// let reply = ollama::read_reply(body)?;
    /// assert_eq!(reply.message.text(), "Hello");
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    read_reply

    /// Decodes the lines of a streamed reply into deltas. Each input is one line.
    StreamReader [
        r#"{"message":{"content":"Hel"},"done":false}"#,
        r#"{"message":{"content":"lo"},"done":true,"done_reason":"stop"}"#,
    ]
}

/// The name of the API in error messages.
const FORMAT: &str = "Ollama's API";

/// The state of a partially decoded reply.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    has_model: bool,
    has_provider: bool,
    calls: usize,
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
        let mut has_message = false;
        // A proxy in front of Ollama may stream even if the request does not ask for streaming.
        for reply in serde_json::Deserializer::from_slice(body).into_iter::<WireReply<'_>>() {
            let reply = reply.map_err(|error| malformed(&error, body.len(), FORMAT))?;
            has_message |= reply.message.is_some();
            self.line(reply, source, deltas)?;
        }
        if !has_message {
            let message = "the reply has no message; check that the base URL points to Ollama";
            return Err(ModelError::new(ModelErrorKind::MalformedReply, message));
        }
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
        if self.is_done() || data.is_empty() {
            return Ok(());
        }
        let reply = parse(data, FORMAT)?;
        self.line(reply, source, deltas)
    }

    fn ending(&mut self) -> &mut Ending {
        &mut self.ending
    }

    fn has_calls(&self) -> bool {
        self.calls > 0
    }

    fn is_done(&self) -> bool {
        self.ending.finish.is_some()
    }
}

impl Decoder {
    fn line(
        &mut self,
        reply: WireReply<'_>,
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        if let Some(error) = reply.error.filter(|error| error.get() != "\"\"") {
            return Err(from_value(
                None,
                &format!(r#"{{"error":{}}}"#, error.get()),
                None,
                source,
            ));
        }
        if let Some(model) = reply.model.0.filter(|_| !self.has_model) {
            self.has_model = true;
            deltas.push(Delta::Started {
                id: None,
                model: Some(model.into()),
            });
        }
        if let Some(tokens) = reply.logprobs.filter(|tokens| !tokens.is_empty()) {
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                logprobs: tokens.into_iter().map(logprob).collect(),
                ..ReplyDetails::default()
            })));
        }
        if let Some(message) = reply.message {
            self.message(message, deltas);
        }
        if reply.done == Some(true) {
            let usage = Usage::new(reply.prompt_eval_count.0, reply.eval_count.0);
            if usage != Usage::default() {
                deltas.push(Delta::Usage(usage));
            }
            self.ending.finish = Some(match reply.done_reason.as_str() {
                "" | "stop" | "tool_calls" => FinishReason::Stop,
                "length" => FinishReason::Length,
                _ => FinishReason::Other,
            });
        }
        Ok(())
    }

    fn message(&mut self, message: WireMessage<'_>, deltas: &mut Vec<Delta>) {
        if let Some(thinking) = message.thinking.into_string() {
            if !self.has_provider {
                self.has_provider = true;
                deltas.push(Delta::Provider(PROVIDER.into()));
            }
            deltas.push(Delta::Reasoning(thinking));
        }
        deltas.extend(message.content.into_string().map(Delta::Text));
        for data in message
            .images
            .into_iter()
            .flatten()
            .filter_map(|data| data.into_string())
        {
            let image = Media::new(MediaSource::Base64(data), "image/png");
            deltas.push(Delta::Part(Box::new(Part::Image(Box::new(image)))));
        }
        for call in message.tool_calls.into_iter().flatten() {
            let function = call.function.unwrap_or_default();
            let arguments = function.arguments();
            deltas.push(Delta::CallStart {
                index: self.calls,
                id: call.id.into_string().unwrap_or_default(),
                name: function.name.into_string().unwrap_or_default(),
            });
            deltas.push(Delta::CallArguments {
                index: self.calls,
                arguments,
            });
            self.calls = self.calls.saturating_add(1);
        }
    }
}

fn logprob(token: Logprob<'_>) -> TokenLogprob {
    let alternatives = token.top_logprobs.into_iter().flatten();
    TokenLogprob {
        token: token.token.into_string().unwrap_or_default(),
        logprob: token.logprob.unwrap_or_default(),
        top: alternatives
            .map(|other| {
                (
                    other.token.into_string().unwrap_or_default(),
                    other.logprob.unwrap_or_default(),
                )
            })
            .collect(),
    }
}
