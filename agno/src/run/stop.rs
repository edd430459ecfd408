//! Methods that stop a run early, after a cancellation or an interrupted reply, and that reactivate it.

use smallvec::SmallVec;

use super::open_call::State;
use super::{Run, Status, StopReason};
use crate::message::{AssistantMessage, Message, Part, Parts, ToolResult};
use crate::model::Usage;

impl Run {
    /// Stops the run. Each call without a result receives an error that reports the cancellation.
    ///
    /// ```
    /// use agno::run::{Limits, Run, Step, StopReason};
    ///
    /// let mut run = Run::new("Hi", Limits::default());
    /// run.stop(StopReason::Cancelled);
    /// assert_eq!(run.next(), Step::Stopped(StopReason::Cancelled));
    /// ```
    pub fn stop(&mut self, reason: StopReason) {
        if self.status == Status::Active {
            self.fail_calls("the run was cancelled before this call finished", true);
            self.status = Status::Stopped(reason);
        }
    }

    /// Reactivates a run that was cancelled or interrupted. Drops the unfinished answer, so that the next step requests
    /// the answer again.
    pub(crate) fn reopen(&mut self) {
        if matches!(
            self.status,
            Status::Stopped(StopReason::Cancelled | StopReason::Interrupted)
        ) {
            self.status = Status::Active;
            if self.is_answered() {
                self.messages.pop();
            }
        }
    }

    /// Records the text and usage of an interrupted answer.
    pub(crate) fn interrupt(&mut self, partial: &AssistantMessage, usage: Usage) {
        self.usage += usage;
        let texts = partial.parts.iter().filter(|part| matches!(part, Part::Text(_)));
        let parts: Parts<Part> = texts.cloned().collect();
        if !parts.is_empty() {
            self.messages
                .push(Message::Assistant(AssistantMessage::new(parts)));
        }
    }

    /// Records an error with this message for every call without a result.
    pub(crate) fn fail_open_calls(&mut self, reason: &str) {
        self.fail_calls(reason, false);
    }

    /// Records an error for the calls without a result. With `keep_nested`, calls that contain a nested run stay open, so
    /// that the nested run can be resumed.
    fn fail_calls(&mut self, reason: &str, keep_nested: bool) {
        self.open_calls
            .retain(|open| keep_nested && matches!(open.state, State::Nested(_)));
        let nested: SmallVec<[usize; 4]> = self.open_calls.iter().map(|open| open.index).collect();
        if let Some(Message::Assistant(message)) = self.messages.last_mut() {
            for (index, call) in message.calls_mut().enumerate() {
                if call.result.is_none() && !nested.contains(&index) {
                    call.result = Some(ToolResult::error(reason));
                }
            }
        }
    }
}
