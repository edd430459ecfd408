//! The calls of one turn, made at once; each bounded, none able to harm another.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use smallvec::SmallVec;
use tokio_util::sync::CancellationToken;

use super::sink::Sink;
use crate::message::{Content, ToolCall, ToolResult};
use crate::run::{Event, Run, WaitsFor};
use crate::tool::{RunContext, ToolSpec, Toolset};

/// The most bytes of text a result may have: 1 MiB. A longer one is cut, and the model told so.
const MAX_RESULT_BYTES: usize = 1 << 20;

/// How long a call that failed waits before it is made again; each time twice as long as the time before.
const INITIAL_BACKOFF: Duration = Duration::from_millis(100);

/// What it takes to make a call.
pub(super) struct Caller<'a, T> {
    pub(super) tools: &'a T,
    pub(super) run: &'a Run,
    pub(super) cancellation: Option<&'a CancellationToken>,
}

/// What became of the pending calls of a turn so far.
#[derive(Default)]
pub(super) struct Outcomes {
    results: SmallVec<[(usize, ToolResult); 1]>,
    waiting_calls: Vec<(usize, WaitsFor)>,
}

impl Outcomes {
    /// Tells the run.
    pub(super) fn record(&mut self, run: &mut Run) {
        for (index, result) in self.results.drain(..) {
            run.result(index, result);
        }
        for (index, waits_for) in self.waiting_calls.drain(..) {
            run.set_waiting(index, waits_for);
        }
    }
}

/// A call with the tool it is for, if there is one.
struct Pending<'a> {
    index: usize,
    call: &'a ToolCall,
    tool: Option<(usize, ToolSpec<'a>)>,
}

/// Makes the run's pending calls, all at once, and puts each result into `outcomes` as it comes. Calls that wait for
/// somebody outside are held.
pub(super) async fn call_all<O, T: Toolset, S: Sink<O>>(
    caller: &Caller<'_, T>,
    outcomes: &mut Outcomes,
    sink: &mut S,
) {
    let mut pending: SmallVec<[Pending<'_>; 1]> = caller.pending().collect();
    pending.retain(|pending| match caller.required_wait(pending) {
        None => true,
        Some(waits_for) => {
            outcomes.waiting_calls.push((pending.index, waits_for));
            false
        }
    });
    if S::ENABLED {
        for pending in &pending {
            let call = pending.call;
            sink.emit(|| Event::ToolStarted { call: call.clone() }).await;
        }
        for (index, waits_for) in outcomes.waiting_calls.clone() {
            if let Some((_, call)) = caller.run.pending().find(|(at, _)| *at == index) {
                let call = call.clone();
                sink.emit(|| Event::ToolWaiting { call, waits_for }).await;
            }
        }
    }
    if let [pending] = &pending[..] {
        // The usual case, without the queue that several need.
        let result = caller.call_with_retries(pending).await;
        record_result(pending, result, outcomes, sink).await;
        return;
    }
    let mut calls: FuturesUnordered<_> = pending
        .iter()
        .map(|pending| async move { (pending, caller.call_with_retries(pending).await) })
        .collect();
    while let Some((pending, result)) = calls.next().await {
        record_result(pending, result, outcomes, sink).await;
    }
}

/// Stores a result before the event, so that a caller who drops the stream at the event loses nothing.
async fn record_result<O, S: Sink<O>>(
    pending: &Pending<'_>,
    result: ToolResult,
    outcomes: &mut Outcomes,
    sink: &mut S,
) {
    if S::ENABLED {
        outcomes.results.push((pending.index, result.clone()));
        sink.emit(|| Event::ToolFinished {
            call_id: pending.call.id.clone(),
            name: pending.call.name.clone(),
            result,
        })
        .await;
    } else {
        outcomes.results.push((pending.index, result));
    }
}

impl<T: Toolset> Caller<'_, T> {
    /// The calls to make, each with its tool.
    fn pending(&self) -> impl Iterator<Item = Pending<'_>> {
        self.run.pending().map(|(index, call)| Pending {
            index,
            call,
            tool: self
                .tools
                .find(&call.name)
                .and_then(|at| Some((at, self.tools.spec(at)?))),
        })
    }

    /// What a call has to wait for before it is made. Nobody is asked about one whose arguments are wrong: making it
    /// tells the model so.
    fn required_wait(&self, pending: &Pending<'_>) -> Option<WaitsFor> {
        let (at, spec) = pending.tool?;
        let waits_for = spec.waits_for?;
        let is_approved = waits_for == WaitsFor::Approval && self.run.is_approved(pending.index);
        let is_valid = || self.tools.check(at, &pending.call.arguments).is_ok();
        (!is_approved && is_valid()).then_some(waits_for)
    }

    /// Makes one call, and again as often as its tool allows while it fails.
    async fn call_with_retries(&self, pending: &Pending<'_>) -> ToolResult {
        let Some((at, spec)) = &pending.tool else {
            return self.unknown(&pending.call.name);
        };
        let mut left = spec.retries;
        let mut backoff = INITIAL_BACKOFF;
        loop {
            let result = self.call(*at, spec, pending.call).await;
            // What the model wrote wrongly is as wrong the next time.
            let is_final =
                left == 0 || !result.is_error || self.tools.check(*at, &pending.call.arguments).is_err();
            if is_final {
                return result;
            }
            left -= 1;
            tokio::time::sleep(backoff).await;
            backoff *= 2;
        }
    }

    /// Makes one call once. Whatever goes wrong is a result for the model.
    async fn call(&self, index: usize, spec: &ToolSpec<'_>, call: &ToolCall) -> ToolResult {
        let context = RunContext::new(self.run.id(), self.run.turns(), &call.id, self.cancellation);
        let attempt = || {
            AssertUnwindSafe(async { self.tools.call(index, &call.arguments, &context).await }).catch_unwind()
        };
        let outcome = match spec.timeout {
            None => attempt().await,
            // In a box, so that a run whose tools have no limit has no room for one.
            Some(limit) => match Box::pin(tokio::time::timeout(limit, attempt())).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    return ToolResult::error(format!(
                        "`{}` was given up after {limit:?}; its work may be half done",
                        spec.name
                    ));
                }
            },
        };
        match outcome {
            Ok(result) => bounded(result),
            // The panic's words are for the program's log; they may tell the model what it should not know.
            Err(_panic) => ToolResult::error(format!(
                "`{}` failed unexpectedly (it panicked); its work may be half done",
                spec.name
            )),
        }
    }

    /// What the model reads when it calls a tool that does not exist.
    #[cold]
    fn unknown(&self, name: &str) -> ToolResult {
        let known: Vec<String> = (0..self.tools.len().min(100))
            .filter_map(|index| Some(format!("`{}`", self.tools.spec(index)?.name)))
            .collect();
        let name: String = name.chars().take(64).collect();
        ToolResult::error(if known.is_empty() {
            format!("there is no tool `{name}`, and no other: answer without tools")
        } else {
            format!("there is no tool `{name}`; the tools are {}", known.join(", "))
        })
    }
}

/// A result no longer than a model can be sent.
fn bounded(mut result: ToolResult) -> ToolResult {
    for content in result.content.iter_mut() {
        if let Content::Text { text } = content
            && text.len() > MAX_RESULT_BYTES
        {
            let length = text.len();
            let end = (0..=MAX_RESULT_BYTES)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(0);
            text.truncate(end);
            text.push_str(&format!(
                " [cut here: the result is {length} bytes long, at most {MAX_RESULT_BYTES} are shown]"
            ));
        }
    }
    result
}
