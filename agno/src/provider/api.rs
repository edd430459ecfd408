//! What tells one provider's API from another's: where requests go, how they are written, how answers are read. The rest
//! is the same for all and is in [`exchange`](super::exchange).

use std::future::{Future, ready};

use super::error::Source;
use super::framing::Framing;
use crate::model::{Delta, ModelError, Request, Settings};
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
    /// The deltas of a whole answer, `Finish` the last.
    fn whole(&mut self, body: &[u8], source: &Source<'_>, deltas: &mut Vec<Delta>) -> Result<(), ModelError>;

    /// The deltas of one event. `name` is its kind, where the framing has one.
    fn event(
        &mut self,
        name: &[u8],
        data: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError>;

    /// The last deltas, `Finish` the last of them, or why there can be none.
    fn end(&mut self, deltas: &mut Vec<Delta>) -> Result<(), ModelError>;

    /// Whether nothing more needs to be read.
    fn is_done(&self) -> bool;

    /// Whether the model has said that it stopped: what may follow is not needed.
    fn has_finished(&self) -> bool {
        self.is_done()
    }
}
