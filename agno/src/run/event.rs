//! The events of a streamed run, and the envelope that identifies the run of each event.

use std::borrow::Cow;
use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use super::{Answer, CallPath, RunId, WaitsFor};
use crate::message::{ToolCall, ToolResult};
use crate::model::{FinishReason, Usage};
use crate::session::Session;

/// An event and the run that it belongs to.
///
/// An agent can call other agents. The events of their runs are part of the same stream: `path` has the IDs of the calls
/// that lead to the run, and is empty for the run that was started.
///
/// ```
/// use agno::Event;
/// use agno::run::Envelope;
///
/// let json = r#"{"run_id":"0192f0c1a2b37c4d8e5f60718293a4b5","agent":"Researcher","path":"call_1","event":"text","delta":"Hi"}"#;
/// let envelope: Envelope = serde_json::from_str(json).unwrap();
/// assert_eq!((envelope.agent.as_ref(), envelope.path.ids().len()), ("Researcher", 1));
/// assert!(matches!(envelope.event, Event::Text { delta, .. } if delta == "Hi"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope<T = ()> {
    /// The ID of the run.
    pub run_id: RunId,
    /// The name of the agent whose run it is.
    pub agent: Cow<'static, str>,
    /// The path from the run that was started to this run.
    #[serde(default, skip_serializing_if = "CallPath::is_root")]
    pub path: CallPath,
    /// The event.
    #[serde(flatten)]
    pub event: Event<T>,
}

impl Envelope<Infallible> {
    /// Returns the same envelope with any output type. The event is not the last one.
    #[inline]
    pub(crate) fn into_output<T>(self) -> Envelope<T> {
        Envelope {
            run_id: self.run_id,
            agent: self.agent,
            path: self.path,
            event: self.event.into_output(),
        }
    }
}

/// An event of a run.
///
/// A successful run ends with [`Event::Finished`], which contains the value that [`Agent::run`](crate::Agent::run)
/// would have returned. A failed run ends with an error instead.
///
/// ```
/// use agno::Event;
///
/// let event: Event = serde_json::from_str(r#"{"event":"text","delta":"Hello"}"#).unwrap();
/// assert!(matches!(event, Event::Text { delta, .. } if delta == "Hello"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
// The large fields are boxed, because each chunk of text moves an event several times.
pub enum Event<T = ()> {
    /// The run started or was resumed.
    Started,
    /// A request to the model starts.
    #[non_exhaustive]
    TurnStarted {
        /// The number of the request, starting at 1.
        turn: u32,
    },
    /// The model restarts its answer. Discard everything received since the turn started; see
    /// [`Delta::Restart`](crate::model::Delta::Restart).
    #[non_exhaustive]
    TurnRestarted {
        /// The number of the request, starting at 1.
        turn: u32,
    },
    /// More text of the answer arrived.
    #[non_exhaustive]
    Text {
        /// The new text.
        delta: String,
    },
    /// More of the model's reasoning arrived.
    #[non_exhaustive]
    Reasoning {
        /// The new text.
        delta: String,
    },
    /// The reply to one request is complete.
    #[non_exhaustive]
    TurnFinished {
        /// The number of the request, starting at 1.
        turn: u32,
        /// The reason the model stopped.
        #[serde(rename = "finish")]
        finish_reason: FinishReason,
        /// The token usage of this request.
        usage: Usage,
    },
    /// A tool is about to be called.
    #[non_exhaustive]
    ToolStarted {
        /// The call.
        call: Box<ToolCall>,
    },
    /// A tool returned, failed or timed out. The calls of a turn can finish in any order.
    #[non_exhaustive]
    ToolFinished {
        /// The ID of the call, usually assigned by the provider.
        call_id: String,
        /// The name of the tool.
        name: String,
        /// The result that is sent to the model.
        result: Box<ToolResult>,
    },
    /// A call waits for a decision or a result from outside the program. The run pauses when the turn's other calls
    /// have finished.
    #[non_exhaustive]
    ToolWaiting {
        /// The call, with validated arguments.
        call: Box<ToolCall>,
        /// The kind of input that the call waits for.
        waits_for: WaitsFor,
    },
    /// The answer did not match the `output` type and was rejected.
    #[non_exhaustive]
    OutputRejected {
        /// The reason that is sent to the model.
        reason: String,
    },
    /// The run succeeded.
    #[non_exhaustive]
    Finished {
        /// The answer.
        answer: Box<Answer<T>>,
        /// The session, if the run owned it; see [`IntoRun`](crate::agent::IntoRun). It is not serialized.
        #[serde(skip)]
        session: Option<Box<Session>>,
    },
}

impl Event<Infallible> {
    /// Returns the same event with any output type.
    #[inline]
    fn into_output<T>(self) -> Event<T> {
        match self {
            Self::Started => Event::Started,
            Self::TurnStarted { turn } => Event::TurnStarted { turn },
            Self::TurnRestarted { turn } => Event::TurnRestarted { turn },
            Self::Text { delta } => Event::Text { delta },
            Self::Reasoning { delta } => Event::Reasoning { delta },
            Self::TurnFinished {
                turn,
                finish_reason,
                usage,
            } => Event::TurnFinished {
                turn,
                finish_reason,
                usage,
            },
            Self::ToolStarted { call } => Event::ToolStarted { call },
            Self::ToolFinished {
                call_id,
                name,
                result,
            } => Event::ToolFinished {
                call_id,
                name,
                result,
            },
            Self::ToolWaiting { call, waits_for } => Event::ToolWaiting { call, waits_for },
            Self::OutputRejected { reason } => Event::OutputRejected { reason },
            Self::Finished { answer, .. } => match answer.output {},
        }
    }
}
