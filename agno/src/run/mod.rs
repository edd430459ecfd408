//! A run from input to answer, as a state machine without I/O.
//!
//! [`Run::next`] returns the next step; [`Run::reply`], [`Run::result`], [`Run::accept`] and [`Run::reject`] record its
//! outcome. A run is plain data: between any two steps, it can be serialized and continued elsewhere. The driver behind
//! [`Agent::run`](crate::Agent::run) is a loop around a `Run`. Tests of a `Run` require no async runtime.
//!
//! ```
//! use agno::model::Reply;
//! use agno::run::{Limits, Run, Step};
//! use agno::{Message, ToolResult};
//!
//! let mut run = Run::new(Message::user("What is the weather in Oslo?"), Limits::default());
//! assert!(matches!(run.next(), Step::Ask { turn: 1, last: false }));
//! run.reply(Reply::call("1", "weather", r#"{"city":"Oslo"}"#));
//!
//! let Step::Call(call) = run.next() else { panic!("expected a call") };
//! assert_eq!(call.name, "weather");
//! run.result(0, ToolResult::from_text("rain"));
//!
//! assert!(matches!(run.next(), Step::Ask { turn: 2, last: false }));
//! run.reply(Reply::text("It rains."));
//! assert!(matches!(run.next(), Step::Check));
//! run.accept();
//! assert!(matches!(run.next(), Step::Done));
//! assert_eq!(run.text(), "It rains.");
//! ```

mod answer;
mod call_ids;
mod call_path;
mod context;
mod error;
mod event;
mod identity;
mod limits;
mod messages;
mod open_call;
mod result_size;
mod step;
mod stop;
#[cfg(test)]
mod tests;
mod totals;
mod waiting;

#[doc(inline)]
pub use crate::id::{ParseIdError, RunId};
pub use answer::Answer;
pub(crate) use answer::{Transcript, cited};
pub use call_path::CallPath;
pub(crate) use context::ContextPart;
pub use error::{Error, ErrorKind, Result};
pub use event::{Envelope, Event};
pub use limits::Limits;
pub(crate) use result_size::bounded as bounded_result;
pub use step::{Step, StopReason};
pub use waiting::{CallRef, Waiting, WaitsFor};

use call_ids::assign_call_ids;
use context::RunContext;
use open_call::OpenCall;

use std::borrow::Cow;
use std::time::Instant;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::message::{AssistantMessage, Message, MessageList, Part, ToolCall, ToolResult};
use crate::model::{FinishReason, Reply, Usage};
use crate::version::{Format, Version};

/// The state of a run, including its messages, usage and waiting calls.
///
/// See the [`run`](self) module for an example of the steps, and [`approve`](Self::approve) for an example of a
/// decision.
///
/// # Trust
///
/// A serialized run is trusted data: anyone who can edit it can approve a call or change its arguments. Store it where
/// only the program can write, or sign it. Do not resume the same serialized run twice, because each resumed copy makes
/// the approved calls. Deserialization reads all formats that earlier versions of agno wrote. It rejects later versions,
/// unknown fields and inconsistent states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// With `remote`, serde derives inherent functions, so that the trait implementation can validate the deserialized run.
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Run {
    version: Version<RunFormat>,
    id: RunId,
    /// The name of the agent that started the run; empty for a run that no agent started.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    agent: Cow<'static, str>,
    /// The run whose tool started this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<RunId>,
    status: Status,
    turns: u32,
    rejections: u32,
    limits: Limits,
    usage: Usage,
    #[serde(rename = "finish")]
    finish_reason: FinishReason,
    /// The number of messages when the provider last paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paused_at: Option<usize>,
    /// The number of requests of nested runs that ended.
    #[serde(default, skip_serializing_if = "is_zero")]
    nested_turns: u32,
    /// The context that providers added to the requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context: Option<Box<RunContext>>,
    /// The calls in the last message that wait for a decision or a result from outside the program, were approved, or
    /// contain the run of another agent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(rename = "held")]
    open_calls: Vec<OpenCall>,
    messages: MessageList,
}

struct RunFormat;

impl Format for RunFormat {
    const NOUN: &'static str = "the run";
    // 2: `agent`, `parent`, nested runs, context, and IDs that contain the time.
    const VERSION: u32 = 2;
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The status of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Active,
    Done,
    Stopped(StopReason),
}

impl Serialize for Run {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Run {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let run = Self::deserialize(deserializer)?;
        run.check_open_calls()?;
        Ok(run)
    }
}

impl Run {
    /// Creates a run from an input message.
    #[inline]
    pub fn new(input: impl Into<Message>, limits: Limits) -> Self {
        Self::new_at(input.into(), limits, "", Instant::now())
    }

    /// Creates a run of an agent that starts at this time, which the caller has read already.
    #[inline]
    pub(crate) fn new_at(input: Message, limits: Limits, agent: &'static str, now: Instant) -> Self {
        let mut run = Self {
            version: Version::CURRENT,
            id: RunId::at(now),
            agent: Cow::Borrowed(agent),
            parent: None,
            status: Status::Active,
            turns: 0,
            rejections: 0,
            limits,
            usage: Usage::default(),
            finish_reason: FinishReason::default(),
            paused_at: None,
            nested_turns: 0,
            context: None,
            open_calls: Vec::new(),
            messages: MessageList::new(),
        };
        // Added last, because moving the messages would copy them.
        run.messages.push(input);
        run
    }

    /// Returns the next step. Repeated calls return the same step until the state of the run changes.
    pub fn next(&self) -> Step<'_> {
        match self.status {
            Status::Done => return Step::Done,
            Status::Stopped(reason) => return Step::Stopped(reason),
            Status::Active => {}
        }
        if let Some(Message::Assistant(message)) = self.messages.last() {
            if message.has_calls() {
                return self.next_after_calls();
            }
            if !self.is_paused() {
                return Step::Check;
            }
        }
        self.next_request()
    }

    /// Returns the next step after a message with calls. Not inlined, so that a run without calls does not save registers
    /// for it.
    #[inline(never)]
    fn next_after_calls(&self) -> Step<'_> {
        if let Some((_, call)) = self.pending().next() {
            return Step::Call(call);
        }
        if !self.open_calls.is_empty() && self.has_waiting() {
            return Step::Pause;
        }
        self.next_request()
    }

    #[inline]
    fn next_request(&self) -> Step<'_> {
        if self.turns >= self.limits.max_turns {
            return Step::Stopped(StopReason::TurnLimit);
        }
        let turn = self.turns.saturating_add(1);
        Step::Ask {
            turn,
            last: turn == self.limits.max_turns,
        }
    }

    /// Returns `true` if the last message is an unchecked answer.
    fn is_answered(&self) -> bool {
        let Some(Message::Assistant(message)) = self.messages.last() else {
            return false;
        };
        self.status == Status::Active && !message.has_calls() && !self.is_paused()
    }

    /// Returns `true` if the provider paused after the last message, which is not an answer then, because the next request
    /// continues it.
    #[inline]
    fn is_paused(&self) -> bool {
        self.paused_at == Some(self.messages.len())
    }

    /// Iterates over the pending calls, each with its index among the calls in the last message. Excludes calls that
    /// [wait](Self::waiting).
    pub fn pending(&self) -> impl Iterator<Item = (usize, &ToolCall)> {
        let parts = match self.messages.last() {
            Some(Message::Assistant(message)) if self.status == Status::Active => &message.parts[..],
            _ => &[],
        };
        parts
            .iter()
            .filter_map(Part::as_call)
            .enumerate()
            .filter(|(index, call)| call.result.is_none() && !self.is_waiting(*index))
    }

    /// Records the model's reply to the request that [`next`](Self::next) returned.
    ///
    /// Calls without an ID, or with an ID that occurs earlier in the same reply, receive a new ID. Calls beyond
    /// [`Limits::max_calls_per_turn`] receive an error as their result.
    #[inline]
    pub fn reply(&mut self, reply: Reply) {
        self.record_reply(reply.message, reply.finish_reason, reply.usage);
    }

    /// Records the parts of a reply that a run keeps.
    #[inline]
    pub(crate) fn record_reply(
        &mut self,
        mut message: AssistantMessage,
        finish_reason: FinishReason,
        usage: Usage,
    ) {
        self.turns = self.turns.saturating_add(1);
        self.usage += usage;
        self.finish_reason = finish_reason;
        let last = self.turns >= self.limits.max_turns;
        if message.has_calls() {
            assign_call_ids(&mut message, self.id, self.turns, &self.messages);
            self.refuse_excess_calls(&mut message);
            if last {
                let limit = self.limits.max_turns;
                for call in message.calls_mut() {
                    call.result = Some(ToolResult::error(format!(
                        "not called: the run reached its limit of {limit} turns"
                    )));
                }
                self.status = Status::Stopped(StopReason::TurnLimit);
            }
        }
        self.messages.push(Message::Assistant(message));
        if finish_reason == FinishReason::Pause {
            self.paused_at = Some(self.messages.len());
            if last {
                self.status = Status::Stopped(StopReason::TurnLimit);
            }
        }
    }

    /// Records an error as the result of each call beyond the limit of calls per turn.
    fn refuse_excess_calls(&self, message: &mut AssistantMessage) {
        let limit = self.limits.max_calls_per_turn;
        let allowed = usize::try_from(limit).unwrap_or(usize::MAX);
        if message.parts.len() <= allowed {
            return;
        }
        for call in message.calls_mut().skip(allowed) {
            call.result = Some(ToolResult::error(format!(
                "not called: a turn can make at most {limit} calls"
            )));
        }
    }

    /// Records the result of the pending call at this index among the calls in the last message. If the call already
    /// has a result, that result is kept.
    pub fn result(&mut self, index: usize, result: ToolResult) {
        if let Some(Message::Assistant(message)) = self.messages.last_mut()
            && let Some(call) = message.calls_mut().nth(index)
        {
            call.result.get_or_insert(result);
        }
        if !self.open_calls.is_empty() {
            self.release(index);
        }
    }

    /// Accepts the answer, which completes the run.
    #[inline]
    pub fn accept(&mut self) {
        if self.is_answered() {
            self.status = Status::Done;
        }
    }

    /// Accepts the answer. The caller has received [`Step::Check`] for it.
    #[inline]
    pub(crate) fn accept_checked(&mut self) {
        self.status = Status::Done;
    }

    /// Rejects the answer and sends the reason to the model, which tries again. The run stops after
    /// [`Limits::max_output_retries`] retries, or at its limit of turns.
    ///
    /// ```
    /// use agno::model::Reply;
    /// use agno::run::{Limits, Run, Step};
    ///
    /// let mut run = Run::new("Pick a number.", Limits::default());
    /// run.reply(Reply::text("seven"));
    /// assert_eq!(run.next(), Step::Check);
    /// run.reject("expected an integer");
    /// assert!(matches!(run.next(), Step::Ask { turn: 2, .. }));
    /// ```
    pub fn reject(&mut self, reason: &str) {
        if !self.is_answered() {
            return;
        }
        self.rejections = self.rejections.saturating_add(1);
        if self.rejections > self.limits.max_output_retries || self.turns >= self.limits.max_turns {
            self.status = Status::Stopped(StopReason::OutputRejected);
        } else {
            self.messages.push(Message::user(format!(
                "Your answer does not match the required format: {reason}. Answer again with the complete corrected answer and nothing else."
            )));
        }
    }

    /// Returns the number of completed requests.
    pub fn turns(&self) -> u32 {
        self.turns
    }

    /// Returns the reason the model's last reply ended.
    #[inline]
    pub fn finish_reason(&self) -> FinishReason {
        self.finish_reason
    }
}
