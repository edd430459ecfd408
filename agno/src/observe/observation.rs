//! The events that an observer receives. They borrow from the run, so creating one copies nothing.

use std::time::Duration;

use crate::id::RunId;
use crate::message::{ToolCall, ToolResult};
use crate::model::{ModelError, ModelEvent, ModelId, Reply, Request, Usage};
use crate::run::{CallPath, Error, WaitsFor};

/// The run that an event belongs to.
///
/// An agent can call other agents. The run of such an agent has the calling run as its parent, and the path has the IDs of
/// the calls that lead to it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ObservedRun<'a> {
    /// The ID of the run. It stays the same when the run is resumed.
    pub run_id: RunId,
    /// The ID of the calling run, if there is one.
    pub parent: Option<RunId>,
    /// The name of the agent.
    pub agent: &'a str,
    /// The path from the run that was started to this run.
    pub path: &'a CallPath,
}

/// An event of a run.
///
/// - A run starts with [`RunStarted`](Self::RunStarted) or [`RunResumed`](Self::RunResumed), and ends exactly once, with
///   [`RunFinished`](Self::RunFinished), [`RunFailed`](Self::RunFailed), [`RunPaused`](Self::RunPaused) or
///   [`RunCancelled`](Self::RunCancelled). A run that is dropped is cancelled.
/// - A request to the model starts and ends once, however many attempts its layers make. If the run is cancelled, requests
///   and calls in progress have no end; the end of the run is also theirs.
/// - Calls of one turn run concurrently, so their events interleave. A call of another agent contains the events of that
///   agent's run. If that run stops before its end, the call has no end, and starts again when the run is resumed.
///
/// The variants and their fields can be extended, so patterns require `..`.
///
/// ```
/// use agno::observe::Observation;
///
/// fn describe(event: &Observation<'_>) -> Option<String> {
///     Some(match event {
///         Observation::ModelFinished { model, reply, elapsed, .. } => {
///             format!("{model}: {} tokens in {elapsed:?}, cached: {}", reply.usage.total(), reply.is_cached())
///         }
///         Observation::ToolFinished { call, result, .. } => format!("{}: error: {}", call.name, result.is_error),
///         Observation::RunFailed { error, .. } => format!("failed: {error}"),
///         _ => return None,
///     })
/// }
/// # let _ = describe;
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Observation<'a> {
    /// A run started.
    RunStarted,
    /// A run that stopped or paused was resumed.
    RunResumed,
    /// The run succeeded.
    #[non_exhaustive]
    RunFinished {
        /// The token usage of the run and its nested runs.
        usage: Usage,
        /// The number of requests of the run.
        turns: u32,
        /// The time since the run started or was resumed.
        elapsed: Duration,
    },
    /// The run failed.
    #[non_exhaustive]
    RunFailed {
        /// The error, without the run.
        error: &'a Error,
        /// The token usage of the run and its nested runs.
        usage: Usage,
        /// The number of requests of the run.
        turns: u32,
        /// The time since the run started or was resumed.
        elapsed: Duration,
    },
    /// The run stopped because calls wait for a decision or a result.
    #[non_exhaustive]
    RunPaused {
        /// The token usage of the run and its nested runs.
        usage: Usage,
        /// The number of requests of the run.
        turns: u32,
        /// The time since the run started or was resumed.
        elapsed: Duration,
    },
    /// The run was cancelled with its token, or dropped.
    #[non_exhaustive]
    RunCancelled {
        /// The token usage of the run and its nested runs, including interrupted replies.
        usage: Usage,
        /// The number of requests of the run.
        turns: u32,
        /// The time since the run started or was resumed.
        elapsed: Duration,
    },
    /// A request is sent to the model.
    #[non_exhaustive]
    ModelStarted {
        /// The model of the run. Behind a fallback, it is the first model.
        model: ModelId<'a>,
        /// The number of the request, starting at 1.
        turn: u32,
        /// The request.
        request: &'a Request<'a>,
    },
    /// The reply of the model is complete.
    #[non_exhaustive]
    ModelFinished {
        /// The model of the run. Behind a fallback, it is the first model.
        model: ModelId<'a>,
        /// The number of the request, starting at 1.
        turn: u32,
        /// The reply with its usage and its finish reason; [`Reply::is_cached`] returns `true` if it comes from a cache.
        reply: &'a Reply,
        /// The time since the request was sent. In a stream, it includes the time that the reader spends on events.
        elapsed: Duration,
    },
    /// The request failed, and so does the run.
    #[non_exhaustive]
    ModelFailed {
        /// The model of the run. Behind a fallback, it is the first model.
        model: ModelId<'a>,
        /// The number of the request, starting at 1.
        turn: u32,
        /// The error.
        error: &'a ModelError,
        /// The token usage that the model reported before the failure.
        usage: Usage,
        /// The time since the request was sent.
        elapsed: Duration,
    },
    /// A layer around the model retries a request, answers it from a cache, or reports other work.
    #[non_exhaustive]
    Layer {
        /// The number of the request, starting at 1.
        turn: u32,
        /// The event of the layer.
        event: &'a ModelEvent<'a>,
    },
    /// A tool or another agent is about to be called.
    #[non_exhaustive]
    ToolStarted {
        /// The call.
        call: &'a ToolCall,
    },
    /// A tool failed and is called again after a delay.
    #[non_exhaustive]
    ToolRetry {
        /// The call.
        call: &'a ToolCall,
        /// The number of the retry, starting at 1.
        retry: u32,
        /// The delay before the retry.
        delay: Duration,
        /// The result of the failed attempt.
        result: &'a ToolResult,
    },
    /// A tool or another agent returned, failed or timed out.
    #[non_exhaustive]
    ToolFinished {
        /// The call.
        call: &'a ToolCall,
        /// The result that is sent to the model.
        result: &'a ToolResult,
        /// `true` if the result comes from the tool's cache or from an equal call in progress.
        is_cached: bool,
        /// The time since the call started, including retries.
        elapsed: Duration,
    },
    /// A call waits for a decision or a result from outside the program.
    #[non_exhaustive]
    ToolWaiting {
        /// The call, with validated arguments.
        call: &'a ToolCall,
        /// The kind of input that the call waits for.
        waits_for: WaitsFor,
    },
    /// The answer did not match the `output` type and was rejected.
    #[non_exhaustive]
    OutputRejected {
        /// The reason that is sent to the model.
        reason: &'a str,
    },
}
