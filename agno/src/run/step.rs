//! The next step of a run, and the reasons for which a run ends without an answer.

use serde::{Deserialize, Serialize};

use crate::message::ToolCall;

/// Why a run ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// It made as many requests as it may, and the model still wanted calls.
    TurnLimit,
    /// The model's answers did not fit the wanted shape, as often as it may try.
    OutputRejected,
    /// Somebody cancelled it.
    Cancelled,
    /// The model failed in the middle of an answer.
    Interrupted,
}

/// What to do next.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub enum Step<'a> {
    /// Ask the model, then [`reply`](super::Run::reply).
    Ask {
        /// Which request this will be, from 1.
        turn: u32,
        /// Whether it is the last the run may make: forbid tools and ask for an answer.
        last: bool,
    },
    /// Make the calls of the last message that have no result and wait for nobody, the first of them this one, then give
    /// each its [`result`](super::Run::result), or
    /// mark it with [`set_waiting`](super::Run::set_waiting). [`Run::pending`](super::Run::pending) lists them all.
    Call(&'a ToolCall),
    /// All calls that are left [wait](super::Run::waiting) for somebody outside: [`approve`](super::Run::approve),
    /// [`decline`](super::Run::decline) or [`provide`](super::Run::provide) each.
    Pause,
    /// The model answered: [`accept`](super::Run::accept) or [`reject`](super::Run::reject) it.
    Check,
    /// There is an answer.
    Done,
    /// There is none.
    Stopped(StopReason),
}
