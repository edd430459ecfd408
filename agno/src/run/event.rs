//! The events of a streamed run.

use serde::{Deserialize, Serialize};

use super::{Answer, RunId, WaitsFor};
use crate::message::{ToolCall, ToolResult};
use crate::model::{FinishReason, Usage};

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
pub enum Event<T = ()> {
    /// The run started.
    #[non_exhaustive]
    Started {
        /// The ID of the run.
        run_id: RunId,
    },
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
        call: ToolCall,
    },
    /// A tool returned, failed or timed out. The calls of a turn can finish in any order.
    #[non_exhaustive]
    ToolFinished {
        /// The ID of the call, usually assigned by the provider.
        call_id: String,
        /// The name of the tool.
        name: String,
        /// The result that is sent to the model.
        result: ToolResult,
    },
    /// A call waits for a decision or a result from outside the program. The run pauses when the turn's other calls
    /// have finished.
    #[non_exhaustive]
    ToolWaiting {
        /// The call, with validated arguments.
        call: ToolCall,
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
    },
}
