//! Calls that wait for a decision or a result from outside the program, such as approval of a payment, or the user's
//! location from a browser.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::open_call::{OpenCall, State};
use super::{CallPath, Error, ErrorKind, Result, Run, Status, bounded_result};
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
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Waiting<'a> {
    /// The path to the call, which identifies it in a decision: the call's ID, after the IDs of the calls that lead to
    /// the nested run that made it.
    pub path: CallPath,
    /// The call, with validated arguments.
    pub call: &'a ToolCall,
    /// The kind of input that the call waits for.
    pub waits_for: WaitsFor,
}

/// Identifies the call that a decision is about: by its [path](Waiting::path), or by the ID of a call of the run itself.
///
/// Text is compared with the IDs of the run's own calls first, because IDs may contain `/`. Otherwise it is the text form
/// of a [`CallPath`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum CallRef<'a> {
    /// The ID of a call, or the text form of a path.
    Text(&'a str),
    /// A path.
    Path(&'a CallPath),
}

impl<'a> From<&'a str> for CallRef<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for CallRef<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a CallPath> for CallRef<'a> {
    fn from(path: &'a CallPath) -> Self {
        Self::Path(path)
    }
}

impl fmt::Display for CallRef<'_> {
    /// Truncates long text, because callers may pass what they received.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = match self {
            Self::Text(text) => text.chars().take(64).collect(),
            Self::Path(path) => path.to_string().chars().take(256).collect(),
        };
        f.write_str(&text)
    }
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
    /// Iterates over the calls that wait for a decision or a result, including those of nested runs.
    pub fn waiting(&self) -> impl Iterator<Item = Waiting<'_>> {
        let mut waiting = Vec::new();
        self.collect_waiting(&CallPath::ROOT, &mut waiting);
        waiting.into_iter()
    }

    fn collect_waiting<'a>(&'a self, path: &CallPath, waiting: &mut Vec<Waiting<'a>>) {
        for open in &self.open_calls {
            let Some(call) = self.call_at(open.index) else {
                continue;
            };
            match &open.state {
                State::Waiting(waits_for) => waiting.push(Waiting {
                    path: path.join(&call.id),
                    call,
                    waits_for: *waits_for,
                }),
                State::Approved => {}
                State::Nested(run) => run.collect_waiting(&path.join(&call.id), waiting),
            }
        }
    }

    /// Approves a call. The call is made when the run is resumed.
    ///
    /// ```
    /// use agno::Run;
    /// # use agno::{model::Reply, run::{Limits, WaitsFor}};
    /// # let mut run = Run::new("Pay.", Limits::default());
    /// # run.reply(Reply::call("call_1", "pay", "{}"));
    /// # run.set_waiting(0, WaitsFor::Approval);
    /// let paths: Vec<_> = run.waiting().map(|waiting| waiting.path).collect();
    /// for path in &paths {
    ///     run.approve(path)?;
    /// }
    /// assert_eq!(run.waiting().count(), 0);
    /// # Ok::<(), agno::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::NotWaiting`] when this call does not wait for approval.
    pub fn approve<'a>(&mut self, call: impl Into<CallRef<'a>>) -> Result<()> {
        let call = call.into();
        let (run, at) = self.find(call)?;
        let state = &mut run.open_calls[at].state;
        if *state != State::Waiting(WaitsFor::Approval) {
            return Err(Error::new(
                ErrorKind::NotWaiting,
                format!("the call `{call}` is waiting for a result, not for approval; use `provide`"),
            ));
        }
        *state = State::Approved;
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
    /// Returns an error of kind [`ErrorKind::NotWaiting`] when this call does not wait.
    pub fn decline<'a>(&mut self, call: impl Into<CallRef<'a>>, reason: &str) -> Result<()> {
        let declined = if reason.trim().is_empty() {
            "not called: it was declined".to_owned()
        } else {
            format!("not called: it was declined: {reason}")
        };
        self.provide(call, ToolResult::error(declined))
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
    /// Returns an error of kind [`ErrorKind::NotWaiting`] when this call does not wait.
    pub fn provide<'a>(&mut self, call: impl Into<CallRef<'a>>, result: ToolResult) -> Result<()> {
        let (run, at) = self.find(call.into())?;
        run.result(run.open_calls[at].index, bounded_result(result));
        Ok(())
    }

    /// Marks the pending call at this index among the calls in the last message as waiting. Revokes any approval,
    /// because the tool's declaration may have changed since.
    pub fn set_waiting(&mut self, index: usize, waits_for: WaitsFor) {
        let is_pending =
            !self.is_waiting(index) && self.call_at(index).is_some_and(|call| call.result.is_none());
        if self.status == Status::Active && is_pending {
            self.release(index);
            self.open_calls.push(OpenCall {
                index,
                state: State::Waiting(waits_for),
            });
        }
    }

    /// Returns the run that contains the waiting call, which is this run or a nested one, and the call's position among
    /// the open calls.
    fn find(&mut self, call: CallRef<'_>) -> Result<(&mut Self, usize)> {
        let path = match call {
            CallRef::Path(path) => path.clone(),
            CallRef::Text(id) if self.waiting_position(id)?.is_some() => CallPath::new([id]),
            CallRef::Text(text) => CallPath::from(text),
        };
        if self.contains_waiting(&path)? {
            // The search is repeated, because a mutable reference cannot be returned on one path and given up on another.
            let mut run = self;
            let (last, above) = path.ids().split_last().ok_or_else(not_found)?;
            for id in above {
                run = run.nested_mut(id).ok_or_else(not_found)?;
            }
            let at = run.waiting_position(last)?.ok_or_else(not_found)?;
            return Ok((run, at));
        }
        let paths: Vec<String> = self
            .waiting()
            .map(|waiting| format!("`{}`", waiting.path))
            .collect();
        let candidates = if paths.is_empty() {
            "no call of this run is waiting".to_owned()
        } else {
            format!("the waiting calls are {}", paths.join(", "))
        };
        Err(Error::new(
            ErrorKind::NotWaiting,
            format!("no call `{call}` is waiting for a decision; {candidates}"),
        ))
    }

    fn contains_waiting(&self, path: &CallPath) -> Result<bool> {
        let Some((last, above)) = path.ids().split_last() else {
            return Ok(false);
        };
        let mut run = self;
        for id in above {
            match run.nested_run(id) {
                Some(nested) => run = nested,
                None => return Ok(false),
            }
        }
        Ok(run.waiting_position(last)?.is_some())
    }

    /// Returns the position of the waiting call of this run with this ID.
    fn waiting_position(&self, call_id: &str) -> Result<Option<usize>> {
        let mut matching = self.open_calls.iter().enumerate().filter(|(_, open)| {
            matches!(open.state, State::Waiting(_))
                && self.call_at(open.index).is_some_and(|call| call.id == call_id)
        });
        let first = matching.next().map(|(at, _)| at);
        if matching.next().is_some() {
            // agno assigns unique IDs, but an edited run can contain duplicates.
            return Err(Error::new(
                ErrorKind::NotWaiting,
                format!(
                    "several waiting calls have the ID `{}`; resume the original run",
                    CallRef::Text(call_id)
                ),
            ));
        }
        Ok(first)
    }

    /// Returns the call at this index among the calls in the last message.
    pub(super) fn call_at(&self, index: usize) -> Option<&ToolCall> {
        self.messages.last().map(Message::calls)?.nth(index)
    }
}

#[cold]
fn not_found() -> Error {
    Error::new(ErrorKind::NotWaiting, "the call is not waiting for a decision")
}
