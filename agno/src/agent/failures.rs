//! The errors of runs that end without an answer.

use crate::message::Part;
use crate::model::{FinishReason, Model};
use crate::run::{Error, ErrorKind, Result, Run, StopReason, WaitsFor};

/// Returns an error if the model refused to answer, even if the refusal matches the output type.
pub(super) fn check_refusal<M: Model>(run: &Run, model: &M) -> Result<()> {
    let refused = run.last_answer().is_some_and(|answer| {
        let refuses = answer
            .parts
            .iter()
            .any(|part| matches!(part, Part::Refusal { .. }));
        refuses || (run.finish_reason() == FinishReason::ContentFilter && answer.text().is_empty())
    });
    if !refused {
        return Ok(());
    }
    let model = model.id();
    let message =
        format!("{model} refused to answer; its explanation, if any, is in the last message of the run");
    Err(Error::new(ErrorKind::Refused, message))
}

/// Returns the error for a run that is waiting.
pub(super) fn pause_error(run: &Run) -> Error {
    let calls: Vec<String> = run
        .waiting()
        .map(|waiting| {
            let (name, path) = (&waiting.call.name, &waiting.path);
            match waiting.waits_for {
                WaitsFor::Approval => format!("`{name}` for approval (call `{path}`)"),
                WaitsFor::ExternalResult => format!("`{name}` for a result (call `{path}`)"),
            }
        })
        .collect();
    Error::new(
        ErrorKind::Paused,
        format!(
            "the run is waiting: {}; approve or decline each call, or provide its result, then resume the run",
            calls.join(", ")
        ),
    )
}

/// Returns the error for a run that stopped after this many turns.
pub(super) fn stop_error(reason: StopReason, turns: u32) -> Error {
    match reason {
        StopReason::TurnLimit => Error::new(
            ErrorKind::TurnLimit,
            format!(
                "the run reached its limit of {turns} turns without an answer; raise `max_turns`, or resume the run with higher limits"
            ),
        ),
        StopReason::OutputRejected => Error::new(ErrorKind::Output, "the model's answer was rejected"),
        StopReason::Cancelled | StopReason::Interrupted => {
            Error::new(ErrorKind::Cancelled, "the run was cancelled")
        }
    }
}

/// Returns the error for a run whose requests, with those of its agents, reached the limit.
#[cold]
pub(super) fn budget_error(limit: u32) -> Error {
    Error::new(
        ErrorKind::TurnLimit,
        format!(
            "the run and its agents reached their limit of {limit} requests together; raise `max_total_turns`, or resume the run with higher limits"
        ),
    )
}

/// Returns the error for a stored run whose agent is no longer an agent of the caller.
#[cold]
pub(super) fn missing_agent_error(stored: &Run, call: &str, agent: &str) -> Error {
    Error::new(
        ErrorKind::Configuration,
        format!(
            "the call to `{call}` contains a run of the agent `{}`, but `{agent}` has no agent `{call}`; resume the run with the agents that started it, or restore the name",
            stored.agent()
        ),
    )
}

/// Returns the error for a turn in which no call finished or started to wait. Such a turn would repeat forever.
#[cold]
pub(super) fn no_progress_error() -> Error {
    Error::new(
        ErrorKind::Configuration,
        "the calls of the turn cannot be made; resume the run with the agent that started it",
    )
}

pub(super) fn output_error(reason: Option<&str>, run: &Run) -> Error {
    let note = if run.finish_reason() == FinishReason::Length {
        " (it was truncated; raise `max_tokens`)"
    } else {
        ""
    };
    let reason = reason.unwrap_or("it was rejected");
    let message = format!(
        "the model's answer does not match the agent's `output`{note}: {reason}; the answer is in the last message of the run"
    );
    Error::new(ErrorKind::Output, message)
}
