//! A run: from an input to an answer, as a machine that does no I/O.
//!
//! [`Run::next`] says what to do; [`Run::reply`], [`Run::result`], [`Run::accept`] and [`Run::reject`] tell it
//! what came of it. It is plain data: it can be written down between any two steps and go on elsewhere. The
//! driver behind [`Agent::run`](crate::Agent::run) is one loop around it; a test needs no runtime at all.
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
//! let Step::Call(call) = run.next() else { panic!("the model asked for a call") };
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
mod error;
mod event;
mod limits;
mod step;
mod stop;
mod version;
mod waiting;

#[doc(inline)]
pub use crate::id::{ParseRunIdError, RunId};
pub use answer::Answer;
pub(crate) use answer::Transcript;
pub use error::{Error, ErrorKind, Result};
pub use event::Event;
pub use limits::Limits;
pub use step::{Step, StopReason};
pub use waiting::{Waiting, WaitsFor};

use version::Version;
use waiting::WaitingCall;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::message::{AssistantMessage, Message, MessageList, Part, ToolCall, ToolResult};
use crate::model::{FinishReason, Reply, Usage};

/// A run so far: its messages, what it cost, and what it waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    version: Version,
    id: RunId,
    status: Status,
    turns: u32,
    rejections: u32,
    limits: Limits,
    usage: Usage,
    #[serde(rename = "finish")]
    finish_reason: FinishReason,
    /// How many messages there were when a provider paused in the middle of its own work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paused_at: Option<usize>,
    /// The calls of the last message that somebody outside has to decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(rename = "held")]
    waiting_calls: Vec<WaitingCall>,
    messages: MessageList,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Active,
    Done,
    Stopped(StopReason),
}

impl Run {
    /// A run that starts from this input.
    #[inline]
    pub fn new(input: impl Into<Message>, limits: Limits) -> Self {
        let mut messages = MessageList::new();
        messages.push(input.into());
        Self {
            version: Version::CURRENT,
            id: RunId::new(),
            status: Status::Active,
            turns: 0,
            rejections: 0,
            limits,
            usage: Usage::default(),
            finish_reason: FinishReason::default(),
            paused_at: None,
            waiting_calls: Vec::new(),
            messages,
        }
    }

    /// What to do next. Asking again says the same until something was told.
    pub fn next(&self) -> Step<'_> {
        match self.status {
            Status::Done => return Step::Done,
            Status::Stopped(reason) => return Step::Stopped(reason),
            Status::Active => {}
        }
        if self.is_answered() {
            return Step::Check;
        }
        if let Some((_, call)) = self.pending().next() {
            return Step::Call(call);
        }
        if self.has_waiting() {
            return Step::Pause;
        }
        if self.turns >= self.limits.max_turns {
            return Step::Stopped(StopReason::TurnLimit);
        }
        let turn = self.turns + 1;
        Step::Ask {
            turn,
            last: turn == self.limits.max_turns,
        }
    }

    /// Whether the last message is an answer that nobody has checked yet. A provider that paused is asked to go on.
    fn is_answered(&self) -> bool {
        let Some(Message::Assistant(message)) = self.messages.last() else {
            return false;
        };
        self.status == Status::Active && !message.has_calls() && self.paused_at != Some(self.messages.len())
    }

    /// The calls to be made, each with its place among the calls of the last message. Those that
    /// [wait](Self::waiting) are not among them.
    pub fn pending(&self) -> impl Iterator<Item = (usize, &ToolCall)> {
        let calls = match self.messages.last() {
            Some(message) if self.status == Status::Active => Some(message.calls()),
            _ => None,
        };
        calls
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|(index, call)| call.result.is_none() && !self.is_waiting(*index))
    }

    /// The model answered the request [`next`](Self::next) asked for.
    ///
    /// Calls that came without an id, or with one that was used before in this answer, get one of their own.
    #[inline]
    pub fn reply(&mut self, reply: Reply) {
        let Reply {
            mut message,
            finish_reason,
            usage,
            ..
        } = reply;
        self.turns += 1;
        self.usage += usage;
        self.finish_reason = finish_reason;
        let last = self.turns >= self.limits.max_turns;
        if message.has_calls() {
            name_calls(&mut message, self.turns);
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

    /// What came of a pending call, by its place among the calls of the last message. A call keeps its first result.
    pub fn result(&mut self, index: usize, result: ToolResult) {
        if let Some(Message::Assistant(message)) = self.messages.last_mut()
            && let Some(call) = message.calls_mut().nth(index)
        {
            call.result.get_or_insert(result);
        }
        self.release(index);
    }

    /// What a tool returned is the answer: the run goes on as if the model had said it.
    pub(crate) fn finish_with(&mut self, text: String) {
        self.finish_reason = FinishReason::Stop;
        let answer = AssistantMessage::new([Part::text(text)]);
        self.messages.push(Message::Assistant(answer));
    }

    /// The answer is good: the run is done.
    pub fn accept(&mut self) {
        if self.is_answered() {
            self.status = Status::Done;
        }
    }

    /// The answer does not fit, for this reason: the model hears it and may try again, a bounded number of times.
    pub fn reject(&mut self, reason: &str) {
        if !self.is_answered() {
            return;
        }
        self.rejections += 1;
        if self.rejections > self.limits.max_output_retries || self.turns >= self.limits.max_turns {
            self.status = Status::Stopped(StopReason::OutputRejected);
        } else {
            self.messages.push(Message::user(format!(
                "Your answer does not have the required form: {reason}. Answer again, with the whole corrected answer and nothing else."
            )));
        }
    }

    /// Its name.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// How many requests it made.
    pub fn turns(&self) -> u32 {
        self.turns
    }

    /// What all its requests cost.
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// Why the model stopped when it answered last.
    pub fn finish_reason(&self) -> FinishReason {
        self.finish_reason
    }

    /// What bounds it.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The same run with other bounds, for instance to let one that reached them go on.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        if self.status == Status::Stopped(StopReason::TurnLimit) && self.turns < limits.max_turns {
            self.status = Status::Active;
        }
        self
    }

    /// Its messages, the input first. The history before it is its session's.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Its messages, by value.
    pub fn into_messages(self) -> Vec<Message> {
        self.messages.into_vec()
    }

    /// The text of the last answer; empty when there is none.
    pub fn text(&self) -> Cow<'_, str> {
        match self.messages.last() {
            Some(Message::Assistant(message)) => message.text(),
            _ => Cow::Borrowed(""),
        }
    }

    /// The last of several pieces of text of the last answer: what a model said after it had talked about it.
    pub(crate) fn last_text(&self) -> Option<&str> {
        let mut parts = self.last_answer()?.parts.iter().filter_map(Part::as_text).rev();
        let last = parts.next()?;
        parts.next().map(|_| last)
    }

    /// The last answer, if the last message is one.
    pub(crate) fn last_answer(&self) -> Option<&AssistantMessage> {
        match self.messages.last() {
            Some(Message::Assistant(message)) => Some(message),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn take_messages(&mut self) -> MessageList {
        std::mem::take(&mut self.messages)
    }
}

/// Gives calls without an id, or with one used before in the same message, an id of their own.
fn name_calls(message: &mut AssistantMessage, turn: u32) {
    let ids: Vec<usize> = {
        let calls: smallvec::SmallVec<[&ToolCall; 8]> = message.calls().collect();
        let is_bad = |at: usize| {
            calls[at].id.is_empty() || calls[..at].iter().any(|earlier| earlier.id == calls[at].id)
        };
        (0..calls.len()).filter(|at| is_bad(*at)).collect()
    };
    for at in ids {
        if let Some(call) = message.calls_mut().nth(at) {
            call.id = format!("call_{turn}_{at}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paused(text: &str) -> Reply {
        Reply::text(text).with_finish_reason(FinishReason::Pause)
    }

    #[test]
    fn a_provider_that_paused_is_asked_to_go_on_with_what_it_said() {
        let mut run = Run::new("Search.", Limits::default());
        run.reply(paused("Searching"));
        assert!(matches!(run.next(), Step::Ask { turn: 2, .. }));
        run.reply(Reply::text("Found."));
        assert_eq!(run.next(), Step::Check);
        run.accept();
        assert_eq!((run.text().as_ref(), run.messages().len()), ("Found.", 3));
    }

    #[test]
    fn a_pause_in_the_last_turn_stops_the_run_which_may_go_on_with_more_turns() {
        let limits = Limits::default().with_max_turns(1);
        let mut run = Run::new("Search.", limits);
        run.reply(paused("Searching"));
        assert_eq!(run.next(), Step::Stopped(StopReason::TurnLimit));
        let run = run.with_limits(limits.with_max_turns(2));
        assert!(matches!(run.next(), Step::Ask { turn: 2, last: true }));
    }

    #[test]
    fn a_pause_is_over_when_the_answer_after_it_breaks_off() {
        let mut run = Run::new("Search.", Limits::default());
        run.reply(paused("Searching"));
        run.interrupt(&AssistantMessage::new([Part::text("Fou")]), Usage::default());
        run.stop(StopReason::Interrupted);
        run.reopen();
        // What broke off is forgotten, and asked for again.
        assert_eq!(run.text(), "Searching");
        assert!(matches!(run.next(), Step::Ask { .. }));
    }
}
