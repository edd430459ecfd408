//! Calls that somebody outside of the program decides: a person who approves a payment, a browser that knows where
//! its user is.

use serde::{Deserialize, Serialize};

use super::{Error, ErrorKind, Result, Run, Status};
use crate::message::{Message, ToolCall, ToolResult};

/// What a call waits for, outside of the program: a run that comes to one pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaitsFor {
    /// For somebody's leave: `#[tool(approval)]`.
    Approval,
    /// For a result that the program does not make itself: `#[tool(external)]`.
    #[serde(rename = "result")]
    ExternalResult,
}

/// A call that waits.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Waiting<'a> {
    /// The call. Its arguments have been checked.
    pub call: &'a ToolCall,
    /// What it waits for.
    pub waits_for: WaitsFor,
}

/// What is known of a call that waits or was approved: its place among the calls of the last message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingCall {
    #[serde(rename = "place")]
    index: usize,
    waits_for: WaitsFor,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    approved: bool,
}

/// Decisions about calls that wait. A run that [pauses](super::Step::Pause) is plain data: write it down, decide on another
/// machine a week later, and [`resume`](crate::Agent::resume) it.
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
/// let Outcome::Paused(mut run) = agent.run("Order 7 came broken.").await.outcome()? else {
///     panic!("a refund needs approval");
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
    /// The calls that wait for a decision.
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

    /// The call may be made. It is, when the run goes on.
    ///
    /// # Errors
    ///
    /// When no call of this id waits for an approval.
    pub fn approve(&mut self, call_id: &str) -> Result<()> {
        let at = self.find(call_id)?;
        if self.waiting_calls[at].waits_for != WaitsFor::Approval {
            return Err(Error::new(
                ErrorKind::NotWaiting,
                format!("the call `{call_id}` waits for its result, not for an approval; use `provide`"),
            ));
        }
        self.waiting_calls[at].approved = true;
        Ok(())
    }

    /// The call is not to be made; the model reads why.
    ///
    /// # Errors
    ///
    /// When no call of this id waits.
    pub fn decline(&mut self, call_id: &str, reason: &str) -> Result<()> {
        let declined = if reason.trim().is_empty() {
            "not called: it was declined".to_owned()
        } else {
            format!("not called: it was declined: {reason}")
        };
        self.provide(call_id, ToolResult::error(declined))
    }

    /// What came of the call, which the program does not make itself.
    ///
    /// # Errors
    ///
    /// When no call of this id waits.
    pub fn provide(&mut self, call_id: &str, result: ToolResult) -> Result<()> {
        let at = self.find(call_id)?;
        self.result(self.waiting_calls[at].index, result);
        Ok(())
    }

    /// Makes a pending call wait, by its index among the calls of the last message.
    pub fn set_waiting(&mut self, index: usize, waits_for: WaitsFor) {
        if self.status == Status::Active
            && !self
                .waiting_calls
                .iter()
                .any(|waiting_call| waiting_call.index == index)
            && self.call_at(index).is_some_and(|call| call.result.is_none())
        {
            self.waiting_calls.push(WaitingCall {
                index,
                waits_for,
                approved: false,
            });
        }
    }

    /// Whether the call at this place was approved.
    pub(crate) fn is_approved(&self, index: usize) -> bool {
        self.waiting_calls
            .iter()
            .any(|waiting_call| waiting_call.index == index && waiting_call.approved)
    }

    /// Whether any call waits.
    pub(super) fn has_waiting(&self) -> bool {
        self.waiting_calls
            .iter()
            .any(|waiting_call| !waiting_call.approved)
    }

    /// Whether the call at this place waits.
    pub(super) fn is_waiting(&self, index: usize) -> bool {
        self.waiting_calls
            .iter()
            .any(|waiting_call| waiting_call.index == index && !waiting_call.approved)
    }

    /// The call at this place has its result.
    pub(super) fn release(&mut self, index: usize) {
        self.waiting_calls
            .retain(|waiting_call| waiting_call.index != index);
    }

    fn find(&self, call_id: &str) -> Result<usize> {
        let matches_id = |waiting_call: &WaitingCall| {
            !waiting_call.approved
                && self
                    .call_at(waiting_call.index)
                    .is_some_and(|call| call.id == call_id)
        };
        self.waiting_calls.iter().position(matches_id).ok_or_else(|| {
            let ids: Vec<_> = self
                .waiting()
                .map(|waiting| format!("`{}`", waiting.call.id))
                .collect();
            let candidates = if ids.is_empty() {
                "no call of this run does".to_owned()
            } else {
                format!("those that do are {}", ids.join(", "))
            };
            let call_id: String = call_id.chars().take(64).collect();
            Error::new(
                ErrorKind::NotWaiting,
                format!("no call `{call_id}` waits for a decision; {candidates}"),
            )
        })
    }

    /// The call at this place of the last message.
    fn call_at(&self, index: usize) -> Option<&ToolCall> {
        self.messages.last().map(Message::calls)?.nth(index)
    }
}
