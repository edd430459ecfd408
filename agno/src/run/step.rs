//! The next step of a run, and the reasons for a run to stop without an answer.

use serde::{Deserialize, Serialize};

use crate::message::ToolCall;

/// The reason a run stopped without an answer.
///
/// ```
/// use agno::run::{Limits, Run, Step, StopReason};
///
/// let mut run = Run::new("Hi", Limits::default());
/// run.stop(StopReason::Interrupted);
/// assert!(matches!(run.next(), Step::Stopped(reason) if reason != StopReason::TurnLimit));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// The run reached its turn limit without an answer.
    TurnLimit,
    /// The model's answers did not match the output type, and no retries were left.
    OutputRejected,
    /// The run was cancelled.
    Cancelled,
    /// The model failed in the middle of an answer.
    Interrupted,
}

/// The next step of a run. See the [`run`](super) module for an example.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub enum Step<'a> {
    /// Send a request to the model, then call [`reply`](super::Run::reply).
    Ask {
        /// The number of the request, starting at 1.
        turn: u32,
        /// `true` for the last request within the limit. Disable tools so that the model answers.
        last: bool,
    },
    /// Make the pending calls in the last message, of which this is the first. Then record a
    /// [`result`](super::Run::result) for each, or mark it with [`set_waiting`](super::Run::set_waiting).
    /// [`Run::pending`](super::Run::pending) returns all of them.
    Call(&'a ToolCall),
    /// All remaining calls [wait](super::Run::waiting) for a decision or a result from outside the program. Call
    /// [`approve`](super::Run::approve), [`decline`](super::Run::decline) or [`provide`](super::Run::provide) for each.
    Pause,
    /// The model answered. [`accept`](super::Run::accept) or [`reject`](super::Run::reject) the answer.
    Check,
    /// The run has an answer.
    Done,
    /// The run stopped without an answer.
    Stopped(StopReason),
}
