//! What a streamed run tells while it goes on.

use serde::{Deserialize, Serialize};

use super::{Answer, RunId, WaitsFor};
use crate::message::{ToolCall, ToolResult};
use crate::model::{FinishReason, Usage};

/// Something that happened in a run.
///
/// A run that succeeds ends with [`Event::Finished`], which holds what [`Agent::run`](crate::Agent::run) would
/// have returned; one that fails ends with an error in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event<T = ()> {
    /// The run began.
    #[non_exhaustive]
    Started {
        /// Its name.
        run_id: RunId,
    },
    /// A request goes to the model.
    #[non_exhaustive]
    TurnStarted {
        /// Which, from 1.
        turn: u32,
    },
    /// The model begins this answer again: what was heard of it since the turn started is void; see
    /// [`Delta::Restart`](crate::model::Delta::Restart).
    #[non_exhaustive]
    TurnRestarted {
        /// Which, from 1.
        turn: u32,
    },
    /// More of the answer's text.
    #[non_exhaustive]
    Text {
        /// The new words.
        delta: String,
    },
    /// More of the model's thinking.
    #[non_exhaustive]
    Reasoning {
        /// The new words.
        delta: String,
    },
    /// The model answered one request in full.
    #[non_exhaustive]
    TurnFinished {
        /// Which, from 1.
        turn: u32,
        /// Why it stopped.
        #[serde(rename = "finish")]
        finish_reason: FinishReason,
        /// What this request cost.
        usage: Usage,
    },
    /// A tool is about to be called.
    #[non_exhaustive]
    ToolStarted {
        /// The call.
        call: ToolCall,
    },
    /// A tool returned, failed or was given up. Calls of one turn finish in any order.
    #[non_exhaustive]
    ToolFinished {
        /// The provider's name for the call.
        call_id: String,
        /// The tool.
        name: String,
        /// What the model will read.
        result: ToolResult,
    },
    /// A call waits for somebody outside. When the others of its turn are made, the run pauses.
    #[non_exhaustive]
    ToolWaiting {
        /// The call, its arguments checked.
        call: ToolCall,
        /// What it waits for.
        waits_for: WaitsFor,
    },
    /// The answer did not fit `output = ...` and goes back to the model.
    #[non_exhaustive]
    OutputRejected {
        /// Why, as the model hears it.
        reason: String,
    },
    /// The run is done.
    #[non_exhaustive]
    Finished {
        /// The answer.
        answer: Box<Answer<T>>,
    },
}
