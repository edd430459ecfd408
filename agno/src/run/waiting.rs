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
    /// For somebody's leave: `#[tool(confirm)]`.
    Approval,
    /// For a result that the program does not make itself: `#[tool(external)]`.
    Result,
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
pub(super) struct Held {
    place: usize,
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
/// #[tool(confirm)]
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
        self.held.iter().filter(|held| !held.approved).filter_map(|held| {
            Some(Waiting {
                call: self.call_at(held.place)?,
                waits_for: held.waits_for,
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
        if self.held[at].waits_for != WaitsFor::Approval {
            return Err(Error::new(
                ErrorKind::NotWaiting,
                format!("the call `{call_id}` waits for its result, not for an approval; use `provide`"),
            ));
        }
        self.held[at].approved = true;
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
        self.result(self.held[at].place, result);
        Ok(())
    }

    /// Makes a pending call wait, by its place among the calls of the last message.
    pub fn hold(&mut self, place: usize, waits_for: WaitsFor) {
        if self.status == Status::Active
            && !self.held.iter().any(|held| held.place == place)
            && self.call_at(place).is_some_and(|call| call.result.is_none())
        {
            self.held.push(Held {
                place,
                waits_for,
                approved: false,
            });
        }
    }

    /// Whether the call at this place was approved.
    pub(crate) fn is_approved(&self, place: usize) -> bool {
        self.held.iter().any(|held| held.place == place && held.approved)
    }

    /// Whether any call waits.
    pub(super) fn waits(&self) -> bool {
        self.held.iter().any(|held| !held.approved)
    }

    /// Whether the call at this place waits.
    pub(super) fn is_waiting(&self, place: usize) -> bool {
        self.held.iter().any(|held| held.place == place && !held.approved)
    }

    /// The call at this place has its result.
    pub(super) fn release(&mut self, place: usize) {
        self.held.retain(|held| held.place != place);
    }

    fn find(&self, call_id: &str) -> Result<usize> {
        let is_it =
            |held: &Held| !held.approved && self.call_at(held.place).is_some_and(|call| call.id == call_id);
        self.held.iter().position(is_it).ok_or_else(|| {
            let ids: Vec<_> = self
                .waiting()
                .map(|waiting| format!("`{}`", waiting.call.id))
                .collect();
            let which = if ids.is_empty() {
                "no call of this run does".to_owned()
            } else {
                format!("those that do are {}", ids.join(", "))
            };
            let call_id: String = call_id.chars().take(64).collect();
            Error::new(
                ErrorKind::NotWaiting,
                format!("no call `{call_id}` waits for a decision; {which}"),
            )
        })
    }

    /// The call at this place of the last message.
    fn call_at(&self, place: usize) -> Option<&ToolCall> {
        self.messages.last().map(Message::calls)?.nth(place)
    }
}
