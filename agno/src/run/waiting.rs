//! Calls that wait for a decision or a result from outside the program, such as approval of a payment, or the user's
//! location from a browser.

use serde::{Deserialize, Serialize};

use super::{Error, ErrorKind, Result, Run, Status, bounded_result};
use crate::message::{Message, ToolCall, ToolResult};

/// The input that a call waits for. The run pauses when only waiting calls remain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaitsFor {
    /// Approval, for a tool with `#[tool(approval)]`.
    Approval,
    /// A result that the program does not produce itself, for a tool with `#[tool(external)]`.
    #[serde(rename = "result")]
    ExternalResult,
}

/// A call that waits for a decision or a result.
///
/// ```
/// use agno::Run;
/// use agno::run::WaitsFor;
///
/// /// Describes the calls that a person has to approve.
/// fn approvals(run: &Run) -> Vec<String> {
///     let waiting = run.waiting().filter(|waiting| waiting.waits_for == WaitsFor::Approval);
///     waiting.map(|waiting| format!("{}({})", waiting.call.name, waiting.call.arguments)).collect()
/// }
/// # use agno::{model::Reply, run::Limits};
/// # let mut run = Run::new("Pay.", Limits::default());
/// # run.reply(Reply::call("1", "pay", "{}"));
/// # run.set_waiting(0, WaitsFor::Approval);
/// assert_eq!(approvals(&run), ["pay({})"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Waiting<'a> {
    /// The call, with validated arguments.
    pub call: &'a ToolCall,
    /// The kind of input that the call waits for.
    pub waits_for: WaitsFor,
}

/// The state of a call that waits or was approved, with its index among the calls in the last message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingCall {
    #[serde(rename = "place")]
    index: usize,
    waits_for: WaitsFor,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    approved: bool,
}

/// Decisions about waiting calls. A run that [pauses](super::Step::Pause) is plain data: serialize it, decide on its
/// calls on another machine a week later, and [`resume`](crate::Agent::resume) it.
///
/// ```
/// use agno::prelude::*;
/// use agno::model::ScriptedModel;
///
/// /// Refunds an order.
/// #[tool(approval)]
/// fn refund(order: u64) -> String { format!("order {order} is refunded") }
///
/// /// Helps customers of the shop.
/// #[agent(tools = [refund])]
/// struct Support;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let agent = Support.with(ScriptedModel::new().call("refund", r#"{"order":7}"#).reply("Done."));
/// let Outcome::Paused(mut run) = agent.run("Order 7 arrived broken.").await.outcome()? else {
///     panic!("a refund requires approval");
/// };
///
/// let waiting: Vec<_> = run.waiting().map(|waiting| waiting.call.clone()).collect();
/// assert_eq!(waiting[0].name, "refund");
/// run.approve(&waiting[0].id)?;
///
/// let answer = agent.resume(run).await?;
/// assert_eq!(answer.text(), "Done.");
/// assert_eq!(answer.calls().next().unwrap().result_text(), "order 7 is refunded");
/// # Ok(())
/// # }
/// ```
impl Run {
    /// Iterates over the calls that wait for a decision or a result.
    pub fn waiting(&self) -> impl Iterator<Item = Waiting<'_>> {
        self.waiting_calls
            .iter()
            .filter(|waiting_call| !waiting_call.approved)
            .filter_map(|waiting_call| {
                Some(Waiting {
                    call: self.call_at(waiting_call.index)?,
                    waits_for: waiting_call.waits_for,
                })
            })
    }

    /// Approves a call. The call is made when the run is resumed.
    ///
    /// ```
    /// use agno::Run;
    /// # use agno::{model::Reply, run::{Limits, WaitsFor}};
    /// # let mut run = Run::new("Pay.", Limits::default());
    /// # run.reply(Reply::call("call_1", "pay", "{}"));
    /// # run.set_waiting(0, WaitsFor::Approval);
    /// let ids: Vec<String> = run.waiting().map(|waiting| waiting.call.id.clone()).collect();
    /// for id in ids {
    ///     run.approve(&id)?;
    /// }
    /// assert_eq!(run.waiting().count(), 0);
    /// # Ok::<(), agno::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::NotWaiting`] when no call with this ID waits for approval.
    pub fn approve(&mut self, call_id: &str) -> Result<()> {
        let at = self.find(call_id)?;
        if self.waiting_calls[at].waits_for != WaitsFor::Approval {
            return Err(Error::new(
                ErrorKind::NotWaiting,
                format!(
                    "the call `{}` is waiting for a result, not for approval; use `provide`",
                    shortened(call_id)
                ),
            ));
        }
        self.waiting_calls[at].approved = true;
        Ok(())
    }

    /// Declines a call. The model receives the reason.
    ///
    /// ```
    /// use agno::Run;
    /// # use agno::{model::Reply, run::{Limits, WaitsFor}};
    /// # let mut run = Run::new("Pay.", Limits::default());
    /// # run.reply(Reply::call("call_1", "pay", "{}"));
    /// # run.set_waiting(0, WaitsFor::Approval);
    /// run.decline("call_1", "the invoice is disputed")?;
    /// let call = run.messages()[1].calls().next().unwrap();
    /// assert!(call.result_text().ends_with("the invoice is disputed"));
    /// # Ok::<(), agno::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::NotWaiting`] when no call with this ID waits.
    pub fn decline(&mut self, call_id: &str, reason: &str) -> Result<()> {
        let declined = if reason.trim().is_empty() {
            "not called: it was declined".to_owned()
        } else {
            format!("not called: it was declined: {reason}")
        };
        self.provide(call_id, ToolResult::error(declined))
    }

    /// Provides the result of a call that the program does not make itself. As with the result of a tool, text beyond
    /// 1 MiB is truncated, and media beyond 32 MiB and parts beyond 256 are omitted.
    ///
    /// ```
    /// use agno::{Run, ToolResult};
    /// # use agno::{model::Reply, run::{Limits, WaitsFor}};
    /// # let mut run = Run::new("Where am I?", Limits::default());
    /// # run.reply(Reply::call("call_1", "location", "{}"));
    /// # run.set_waiting(0, WaitsFor::ExternalResult);
    /// run.provide("call_1", ToolResult::from_text("Oslo"))?;
    /// assert_eq!(run.waiting().count(), 0);
    /// # Ok::<(), agno::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::NotWaiting`] when no call with this ID waits.
    pub fn provide(&mut self, call_id: &str, result: ToolResult) -> Result<()> {
        let at = self.find(call_id)?;
        self.result(self.waiting_calls[at].index, bounded_result(result));
        Ok(())
    }

    /// Marks the pending call at this index among the calls in the last message as waiting. Revokes any approval,
    /// because the tool's declaration may have changed since.
    pub fn set_waiting(&mut self, index: usize, waits_for: WaitsFor) {
        let is_pending =
            !self.is_waiting(index) && self.call_at(index).is_some_and(|call| call.result.is_none());
        if self.status == Status::Active && is_pending {
            self.release(index);
            self.waiting_calls.push(WaitingCall {
                index,
                waits_for,
                approved: false,
            });
        }
    }

    /// Checks the waiting calls of a deserialized run.
    pub(super) fn check_waiting(&self) -> std::result::Result<(), &'static str> {
        let mut indexes: Vec<usize> = self.waiting_calls.iter().map(|waiting| waiting.index).collect();
        indexes.sort_unstable();
        if indexes.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("the run lists a waiting call twice");
        }
        let mut calls = self
            .messages
            .last()
            .into_iter()
            .flat_map(Message::calls)
            .enumerate();
        let mut is_open = |index: usize| {
            calls
                .find(|(at, _)| *at == index)
                .is_some_and(|(_, call)| call.result.is_none())
        };
        if indexes.into_iter().all(&mut is_open) {
            Ok(())
        } else {
            Err("the run lists a waiting call that does not exist or has a result")
        }
    }

    /// Returns `true` if the call at this index was approved.
    pub(crate) fn is_approved(&self, index: usize) -> bool {
        self.waiting_calls
            .iter()
            .any(|waiting_call| waiting_call.index == index && waiting_call.approved)
    }

    /// Returns `true` if any call waits.
    pub(super) fn has_waiting(&self) -> bool {
        self.waiting_calls
            .iter()
            .any(|waiting_call| !waiting_call.approved)
    }

    /// Returns `true` if the call at this index waits.
    pub(super) fn is_waiting(&self, index: usize) -> bool {
        self.waiting_calls
            .iter()
            .any(|waiting_call| waiting_call.index == index && !waiting_call.approved)
    }

    /// Removes the waiting state or approval of the call at this index.
    pub(super) fn release(&mut self, index: usize) {
        self.waiting_calls
            .retain(|waiting_call| waiting_call.index != index);
    }

    /// Returns the position of the waiting call with this ID.
    fn find(&self, call_id: &str) -> Result<usize> {
        let matches_id = |waiting_call: &&WaitingCall| {
            !waiting_call.approved
                && self
                    .call_at(waiting_call.index)
                    .is_some_and(|call| call.id == call_id)
        };
        let mut matching = self.waiting_calls.iter().filter(matches_id);
        let first = matching.next().map(|waiting_call| waiting_call.index);
        if matching.next().is_some() {
            // agno assigns unique IDs, but an edited run can contain duplicates.
            return Err(Error::new(
                ErrorKind::NotWaiting,
                format!(
                    "several waiting calls have the ID `{}`; resume the original run",
                    shortened(call_id)
                ),
            ));
        }
        let position = |index| {
            self.waiting_calls
                .iter()
                .position(|waiting| waiting.index == index)
        };
        first.and_then(position).ok_or_else(|| {
            let ids: Vec<_> = self
                .waiting()
                .map(|waiting| format!("`{}`", waiting.call.id))
                .collect();
            let candidates = if ids.is_empty() {
                "no call of this run is waiting".to_owned()
            } else {
                format!("the waiting calls are {}", ids.join(", "))
            };
            let call_id = shortened(call_id);
            Error::new(
                ErrorKind::NotWaiting,
                format!("no call `{call_id}` is waiting for a decision; {candidates}"),
            )
        })
    }

    /// Returns the call at this index among the calls in the last message.
    fn call_at(&self, index: usize) -> Option<&ToolCall> {
        self.messages.last().map(Message::calls)?.nth(index)
    }
}

/// Truncates an ID that a caller passed, for an error message.
fn shortened(call_id: &str) -> String {
    call_id.chars().take(64).collect()
}
