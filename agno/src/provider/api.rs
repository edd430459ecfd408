//! What tells one provider's API from another's: where requests go, how they are written, how answers are read. The rest
//! is the same for all and is in [`exchange`](super::exchange).

use std::future::{Future, ready};

use super::framing::Framing;
use super::transport::error::Source;
use crate::model::{Delta, FinishReason, ModelError, Request, Settings};
use crate::schema::Dialect;

/// One provider's API.
pub(crate) trait Api: Send + Sync + 'static {
    /// How it wants schemas written.
    type Dialect: Dialect + Default;
    /// Reads its answers.
    type Decoder: Decode + Send;
    /// What it is called where an error says what was expected of an address: `a Chat Completions API`.
    const NAME: &'static str;
    /// How a streamed answer is cut into events.
    const FRAMING: Framing = Framing::Events;

    /// Whether the provider itself can hold an answer to a shape, with or without tools beside it. Where not, the shape
    /// is asked for as a tool.
    fn holds_output(&self, with_tools: bool) -> bool {
        let _ = with_tools;
        true
    }

    /// Whether the provider can hold an answer to the schema in this declaration. Where not, it is asked for as a tool.
    fn holds_schema(&self, declaration: &str) -> bool {
        let _ = declaration;
        true
    }

    /// Writes a request's body.
    ///
    /// # Errors
    ///
    /// When the request holds what the provider does not take.
    fn write(&self, model: &str, request: &Request<'_>, stream: bool) -> Result<Vec<u8>, ModelError>;

    /// Reads the answer to such a request.
    fn decoder(&self, request: &Request<'_>) -> Self::Decoder;

    /// Adds what depends on the whole request, such as a signature.
    fn finish(
        &self,
        request: &mut reqwest::Request,
        settings: &Settings,
    ) -> impl Future<Output = Result<(), ModelError>> + Send {
        let _ = (request, settings);
        ready(Ok(()))
    }
}

/// Reads an answer: whole, or event by event. Both add up to the same.
pub(crate) trait Decode {
    /// `true` if a reply that says it is over may lack a finish reason.
    const REASON_IS_OPTIONAL: bool = false;

    /// The finish reasons that the API also states where the model wants calls.
    const COVERS_CALLS: &'static [FinishReason] = &[FinishReason::Stop];

    /// The deltas of a whole answer, `Finish` the last.
    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError>;

    /// The deltas of one event. `name` is its kind, where the framing has one.
    fn event(
        &mut self,
        name: &[u8],
        data: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError>;

    /// Returns how much of the reply's end was read.
    fn ending(&mut self) -> &mut Ending;

    /// Returns `true` if the reply holds calls.
    fn has_calls(&self) -> bool;

    /// Adds the deltas that come before `Finish` once nothing more follows.
    fn close(&mut self, deltas: &mut Vec<Delta>) {
        let _ = deltas;
    }

    /// Adds the last deltas, `Finish` the last of them. Does nothing the second time.
    ///
    /// # Errors
    ///
    /// [`Truncated`](crate::model::ModelErrorKind::Truncated) if the reply does not end here.
    fn end(&mut self, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        let ending = self.ending();
        if ending.is_handed_out {
            return Ok(());
        }
        let stated = ending.finish;
        if stated.is_none() && !(Self::REASON_IS_OPTIONAL && ending.is_over) {
            return Err(ModelError::truncated());
        }
        ending.is_handed_out = true;
        self.close(deltas);
        let may_be_calls = stated.is_none_or(|reason| Self::COVERS_CALLS.contains(&reason));
        deltas.push(Delta::Finish(if may_be_calls && self.has_calls() {
            FinishReason::ToolCalls
        } else {
            stated.unwrap_or(FinishReason::Other)
        }));
        Ok(())
    }

    /// Whether nothing more needs to be read.
    fn is_done(&self) -> bool;

    /// Whether the model has said that it stopped: what may follow is not needed.
    fn has_finished(&self) -> bool {
        self.is_done()
    }
}

/// How much of a reply's end was read. Every decoder holds one.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    /// The finish reason that the reply stated.
    pub(crate) finish: Option<FinishReason>,
    /// `true` once the reply said that it is over.
    pub(crate) is_over: bool,
    /// `true` once `Finish` was handed out.
    is_handed_out: bool,
}
