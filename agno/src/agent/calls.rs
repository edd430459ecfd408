//! Runs the calls of a turn concurrently. Results are limited in size, and a failed call does not affect the others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use smallvec::SmallVec;
use tokio::time::{Instant, timeout};

use super::sink::{EventSink, Idle};
use crate::message::{ToolCall, ToolResult};
use crate::run::{Event, Run, WaitsFor, bounded_result};
use crate::tool::{Cancellation, RunContext, ToolSpec, Toolset};

/// The delay before the first retry of a failed call. Doubles with each retry.
const INITIAL_BACKOFF: Duration = Duration::from_millis(100);

/// The context in which calls are made.
pub(super) struct Caller<'a, T, I> {
    pub(super) tools: &'a T,
    pub(super) run: &'a Run,
    pub(super) cancellation: Option<&'a Cancellation>,
    /// Measures the time during which the reader of the stream did not poll the run.
    pub(super) idle: I,
}

/// The outcomes of a turn's calls so far.
#[derive(Default)]
pub(super) struct Outcomes {
    results: SmallVec<[(usize, ToolResult); 1]>,
    waiting_calls: Vec<(usize, WaitsFor)>,
}

impl Outcomes {
    /// Stores the result of a call. Returns the content of the call's event if `with_event` is set.
    fn add(&mut self, pending: &Pending<'_>, result: ToolResult, with_event: bool) -> Option<Finished> {
        let finished = with_event.then(|| Finished {
            call_id: pending.call.id.clone(),
            name: pending.call.name.clone(),
            result: result.clone(),
        });
        self.results.push((pending.index, result));
        finished
    }

    /// Moves the outcomes into the run and returns their number.
    pub(super) fn record(&mut self, run: &mut Run) -> usize {
        let count = self.results.len() + self.waiting_calls.len();
        for (index, result) in self.results.drain(..) {
            run.result(index, result);
        }
        for (index, waits_for) in self.waiting_calls.drain(..) {
            run.set_waiting(index, waits_for);
        }
        count
    }
}

/// The content of the event for a finished call.
struct Finished {
    call_id: String,
    name: String,
    result: ToolResult,
}

impl Finished {
    fn into_event<O>(self) -> Event<O> {
        Event::ToolFinished {
            call_id: self.call_id,
            name: self.name,
            result: self.result,
        }
    }
}

/// A call and its tool, if the tool exists.
struct Pending<'a> {
    index: usize,
    call: &'a ToolCall,
    tool: Option<(usize, ToolSpec<'a>)>,
}

/// Makes the run's pending calls concurrently and adds each result to `outcomes` as it arrives. Calls that require
/// approval or an external result are marked as waiting instead.
pub(super) async fn call_all<O, T: Toolset, S: EventSink<O>>(
    caller: &Caller<'_, T, S::Idle>,
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
        // The usual case: a single call needs no queue.
        let result = caller.call_with_retries(pending).await;
        if let Some(finished) = outcomes.add(pending, result, S::ENABLED) {
            sink.emit(|| finished.into_event()).await;
        }
        return;
    }
    let limit = usize::try_from(caller.run.limits().max_concurrent_calls).unwrap_or(usize::MAX);
    let start = |pending| async move { (pending, caller.call_with_retries(pending).await) };
    let mut waiting = pending.iter();
    let mut running: FuturesUnordered<_> = waiting.by_ref().take(limit.max(1)).map(start).collect();
    let mut events: SmallVec<[Finished; 1]> = SmallVec::new();
    while let Some((pending, result)) = running.next().await {
        events.extend(outcomes.add(pending, result, S::ENABLED));
        running.extend(waiting.next().map(start));
        // Store all ready results before emitting an event, because the run may be dropped while the sink waits.
        while let Some(Some((pending, result))) = running.next().now_or_never() {
            events.extend(outcomes.add(pending, result, S::ENABLED));
            running.extend(waiting.next().map(start));
        }
        for finished in events.drain(..) {
            sink.emit(|| finished.into_event()).await;
        }
    }
}

impl<T: Toolset, I: Idle> Caller<'_, T, I> {
    /// Returns an iterator over the pending calls and their tools.
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

    /// Returns the input that a call requires before it is made. Calls with invalid arguments do not wait, because
    /// making them reports the errors to the model.
    fn required_wait(&self, pending: &Pending<'_>) -> Option<WaitsFor> {
        let (at, spec) = pending.tool?;
        let waits_for = spec.waits_for?;
        let is_approved = waits_for == WaitsFor::Approval && self.run.is_approved(pending.index);
        (!is_approved && self.has_valid_arguments(at, pending.call)).then_some(waits_for)
    }

    /// Returns `true` if the tool at this index accepts the arguments. A panic in their `Deserialize` implementation
    /// counts as invalid, because making the call reports it to the model.
    fn has_valid_arguments(&self, at: usize, call: &ToolCall) -> bool {
        let check = || self.tools.check(at, &call.arguments).is_ok();
        catch_unwind(AssertUnwindSafe(check)).unwrap_or(false)
    }

    /// Makes one call. Retries failures as often as the tool allows.
    async fn call_with_retries(&self, pending: &Pending<'_>) -> ToolResult {
        let Some((at, spec)) = &pending.tool else {
            return self.unknown(&pending.call.name);
        };
        let mut retries_left = spec.retries;
        let mut backoff = INITIAL_BACKOFF;
        loop {
            let result = self.call(*at, spec, pending.call).await;
            // Invalid arguments stay invalid, so a retry cannot succeed.
            let is_final =
                retries_left == 0 || !result.is_error || !self.has_valid_arguments(*at, pending.call);
            if is_final {
                return result;
            }
            retries_left -= 1;
            tokio::time::sleep(backoff).await;
            backoff = backoff.saturating_mul(2);
        }
    }

    /// Makes one call without retries. Every failure becomes a result for the model.
    async fn call(&self, index: usize, spec: &ToolSpec<'_>, call: &ToolCall) -> ToolResult {
        let context = RunContext::new(self.run.id(), self.run.turns(), &call.id, self.cancellation);
        let attempt = || {
            AssertUnwindSafe(async { self.tools.call(index, &call.arguments, &context).await }).catch_unwind()
        };
        let outcome = match spec.timeout {
            None => attempt().await,
            // Boxed, so that the futures of calls without a timeout reserve no memory for a timer.
            Some(limit) => match Box::pin(self.within(limit, attempt())).await {
                Some(outcome) => outcome,
                None => {
                    return ToolResult::error(format!(
                        "`{}` timed out after {limit:?}; its work may be incomplete",
                        spec.name
                    ));
                }
            },
        };
        match outcome {
            Ok(result) => bounded_result(result),
            // The panic message belongs in the program's log; it may contain information that the model must not see.
            Err(_panic) => ToolResult::error(format!("`{}` panicked; its work may be incomplete", spec.name)),
        }
    }

    /// Awaits a future for at most `limit`. The time during which the reader of a stream was idle does not count toward
    /// the limit, because the future was not polled and could not finish.
    async fn within<F: Future>(&self, limit: Duration, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        let _timer = self.idle.timer();
        let (started, idle_before) = (Instant::now(), self.idle.total());
        let mut left = limit;
        loop {
            if let Ok(output) = timeout(left, work.as_mut()).await {
                return Some(output);
            }
            let idle = self.idle.total().saturating_sub(idle_before);
            left = limit.saturating_add(idle).saturating_sub(started.elapsed());
            if left.is_zero() {
                return None;
            }
        }
    }

    /// Returns the result of a call to a tool that does not exist.
    #[cold]
    fn unknown(&self, name: &str) -> ToolResult {
        let known: Vec<String> = (0..self.tools.len().min(100))
            .filter_map(|index| Some(format!("`{}`", self.tools.spec(index)?.name)))
            .collect();
        let name: String = name.chars().take(64).collect();
        ToolResult::error(if known.is_empty() {
            format!("unknown tool `{name}`; no tools are available, so answer without one")
        } else {
            format!("unknown tool `{name}`; the tools are {}", known.join(", "))
        })
    }
}
