//! The parts of an exchange that differ between providers' APIs: the dialect, the request body and the decoder.
//! Everything else is the same for all APIs and lives in [`exchange`](super::exchange).

use std::future::{Future, ready};

use super::framing::Framing;
use super::transport::error::Source;
use crate::model::{Delta, FinishReason, ModelError, Request, Settings, Usage};
use crate::schema::Dialect;

/// A provider's API.
pub(crate) trait Api: Send + Sync + 'static {
    /// The JSON Schema dialect this API expects.
    type Dialect: Dialect + Default;
    /// The decoder of this API's replies.
    type Decoder: Decode + Send;
    /// The name of the API in error messages, as a noun phrase: `a Chat Completions API`.
    const NAME: &'static str;
    /// The framing of streamed replies.
    const FRAMING: Framing = Framing::Events;

    /// Returns `true` if the provider can enforce an output schema itself, with or without tools in the same request.
    /// Otherwise, the output is requested as a tool call.
    fn supports_output_schema(&self, with_tools: bool) -> bool {
        let _ = with_tools;
        true
    }

    /// Returns `true` if the provider can enforce the schema in this declaration. Otherwise, the output is requested as
    /// a tool call.
    fn supports_schema(&self, declaration: &str) -> bool {
        let _ = declaration;
        true
    }

    /// Returns the API's own options that affect answers, such as the account that requests are signed for. A
    /// fingerprint contains only a digest of them.
    fn options(&self) -> String {
        String::new()
    }

    /// Serializes the body of a request.
    ///
    /// # Errors
    ///
    /// Returns an error when the request contains something that the provider does not support.
    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError>;

    /// Returns a decoder for the reply to this request.
    fn decoder(&self, request: &Request<'_>) -> Self::Decoder;

    /// Adds the parts of a request that depend on its other parts, such as a signature.
    fn finish(
        &self,
        request: &mut reqwest::Request,
        settings: &Settings,
    ) -> impl Future<Output = Result<(), ModelError>> + Send {
        let _ = (request, settings);
        ready(Ok(()))
    }
}

/// Decodes a reply, either complete or event by event. Both ways produce the same reply.
pub(crate) trait Decode {
    /// `true` if a reply that ends normally may lack a finish reason.
    const REASON_IS_OPTIONAL: bool = false;

    /// The finish reasons that the API may also report when the model calls tools.
    const COVERS_CALLS: &'static [FinishReason] = &[FinishReason::Stop];

    /// Appends the deltas of a complete reply. The last delta is `Finish`.
    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError>;

    /// Appends the deltas of one event. `name` is the event kind if the framing provides one, and empty otherwise.
    fn event(
        &mut self,
        name: &[u8],
        data: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError>;

    /// Returns the decoder's record of the end of the reply.
    fn ending(&mut self) -> &mut Ending;

    /// Returns `true` if the reply contains calls.
    fn has_calls(&self) -> bool;

    /// Returns `false` if the token counts follow the finish reason and have not arrived yet.
    fn has_usage(&self) -> bool {
        true
    }

    /// Appends the deltas that precede `Finish` at the end of the reply.
    fn close(&mut self, deltas: &mut Vec<Delta>) {
        let _ = deltas;
    }

    /// Appends the final deltas; the last one is `Finish`. A second call does nothing.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Truncated`](crate::model::ModelErrorKind::Truncated) when the reply is incomplete.
    fn end(&mut self, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        let ending = self.ending();
        if ending.is_reported {
            return Ok(());
        }
        let finish_reason = ending.finish;
        if finish_reason.is_none() && !(Self::REASON_IS_OPTIONAL && ending.is_over) {
            return Err(ModelError::truncated());
        }
        ending.is_reported = true;
        self.close(deltas);
        if !self.has_usage() {
            deltas.push(Delta::Usage(Usage::missing()));
        }
        let may_be_calls = finish_reason.is_none_or(|reason| Self::COVERS_CALLS.contains(&reason));
        deltas.push(Delta::Finish(if may_be_calls && self.has_calls() {
            FinishReason::ToolCalls
        } else {
            finish_reason.unwrap_or(FinishReason::Other)
        }));
        Ok(())
    }

    /// Returns `true` if the reply is complete, so that the rest of the stream can be ignored.
    fn is_done(&self) -> bool;

    /// Returns `true` if the model has stopped, so that anything that follows is optional.
    fn has_finished(&self) -> bool {
        self.is_done()
    }
}

/// A decoder's record of the end of a reply. Every decoder contains one.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    /// The finish reason in the reply.
    pub(crate) finish: Option<FinishReason>,
    /// `true` once the reply has announced its end.
    pub(crate) is_over: bool,
    /// `true` once `Finish` has been emitted.
    is_reported: bool,
}
