//! Runs the calls of a turn concurrently. Results are limited in size, and a failed call does not affect the others.

#![expect(
    clippy::manual_async_fn,
    reason = "an `async fn` stores its arguments twice; an `async` block uses its captures in place"
)]

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use smallvec::SmallVec;
use tokio::time::{Instant, timeout};

use super::call_outcomes::{Called, Finished, Outcomes};
use super::delegates::Delegates;
use super::environment::{DelegateCall, Environment};
use super::erased::DynAgent;
use super::scope::NestedSlot;
use super::sink::EventSink;
use crate::message::{ToolCall, ToolResult};
use crate::model::Model;
use crate::observe::Observation;
use crate::run::{Error, Event, Result, Run, WaitsFor, bounded_result};
use crate::tool::{RunContext, Toolset};

/// The delay before the first retry of a failed call. Doubles with each retry.
const INITIAL_BACKOFF: Duration = Duration::from_millis(100);

/// The context in which calls are made.
pub(super) struct Caller<'a, T, A, M, S> {
    pub(super) tools: T,
    pub(super) agents: A,
    pub(super) model: &'a M,
    pub(super) run: &'a Run,
    pub(super) environment: &'a Environment<'a, S>,
}

/// A call and what it refers to.
pub(super) struct Pending<'a> {
    pub(super) index: usize,
    pub(super) call: &'a ToolCall,
    target: Target<'a>,
}

/// The target of a call.
enum Target<'a> {
    Tool(ToolTarget),
    /// A tool that is an agent known only at run time.
    DynAgent(&'a DynAgent),
    /// The agent at an index.
    Agent(usize),
    /// Neither a tool nor an agent has this name.
    Unknown,
}

/// The tool of a call: its index, and the part of its spec that calls depend on. The entire spec is large.
struct ToolTarget {
    index: usize,
    timeout: Option<Duration>,
    retries: u32,
    waits_for: Option<WaitsFor>,
}

/// Makes the run's pending calls concurrently and adds each result to `outcomes` as it arrives. Calls that require
/// approval or an external result are marked as waiting instead. The runs of agents use the slots in `nested`. `now` is the
/// time of the last event for the observer, if nothing has waited since.
///
/// Returns an error if the run cannot continue; the outcomes of the other calls are kept.
pub(super) fn call_all<'r, T: Toolset + 'r, A: Delegates + 'r, M: Model, S: EventSink>(
    caller: Caller<'r, T, A, M, S>,
    outcomes: &'r mut Outcomes,
    nested: &'r mut [NestedSlot],
    now: &'r mut Option<Instant>,
) -> impl Future<Output = Result<()>> + Send + 'r {
    async move {
        let caller = &caller;
        let environment = caller.environment;
        let mut pending: SmallVec<[Pending<'_>; 1]> = caller.pending().collect();
        pending.retain(|pending| match caller.required_wait(pending) {
            None => true,
            Some(waits_for) => {
                let call = pending.call;
                environment
                    .watch
                    .notify(caller.run, || Observation::ToolWaiting { call, waits_for });
                outcomes.add_waiting(pending.index, waits_for);
                false
            }
        });
        let with_events = environment.sink.is_enabled();
        if with_events {
            for pending in &pending {
                let call = pending.call;
                environment
                    .emit(|| Event::ToolStarted {
                        call: Box::new(call.clone()),
                    })
                    .await;
            }
            for (index, waits_for) in outcomes.waiting() {
                if let Some((_, call)) = caller.run.pending().find(|(at, _)| *at == index) {
                    let call = Box::new(call.clone());
                    environment.emit(|| Event::ToolWaiting { call, waits_for }).await;
                }
            }
        }
        let mut failed = None;
        if let [pending] = &pending[..] {
            // The usual case: a single call needs no queue.
            let called = caller.make(pending, nested.first_mut(), now).await;
            if let Some(finished) = outcomes.add_called(pending, called, with_events, &mut failed) {
                environment.emit(|| finished.into_event()).await;
            }
        } else {
            // The calls share the thread, so they do not start at the same time.
            *now = None;
            call_concurrently(caller, &pending, outcomes, nested, &mut failed).await;
        }
        failed.map_or(Ok(()), Err)
    }
}

/// Makes several calls concurrently.
fn call_concurrently<'r, T: Toolset, A: Delegates, M: Model, S: EventSink>(
    caller: &'r Caller<'_, T, A, M, S>,
    pending: &'r [Pending<'_>],
    outcomes: &'r mut Outcomes,
    nested: &'r mut [NestedSlot],
    failed: &'r mut Option<Error>,
) -> impl Future<Output = ()> + Send + 'r {
    async move {
        let with_events = caller.environment.sink.is_enabled();
        let mut slots = nested.iter_mut().peekable();
        let mut waiting = pending.iter().map(|pending| {
            let slot = slots.next_if(|slot| slot.index == pending.index);
            (pending, slot)
        });
        let limit = usize::try_from(caller.run.limits().max_concurrent_calls).unwrap_or(usize::MAX);
        let start = |(pending, slot)| async move {
            let called = caller.make(pending, slot, &mut None).await;
            (pending, called)
        };
        let mut running: FuturesUnordered<_> = waiting.by_ref().take(limit.max(1)).map(start).collect();
        let mut events: SmallVec<[Finished; 1]> = SmallVec::new();
        while let Some((pending, called)) = running.next().await {
            events.extend(outcomes.add_called(pending, called, with_events, failed));
            running.extend(waiting.next().map(start));
            // Store all ready results before emitting an event, because the run may be dropped while the sink waits.
            while let Some(Some((pending, called))) = running.next().now_or_never() {
                events.extend(outcomes.add_called(pending, called, with_events, failed));
                running.extend(waiting.next().map(start));
            }
            for finished in events.drain(..) {
                caller.environment.emit(|| finished.into_event()).await;
            }
        }
    }
}

impl<T: Toolset, A: Delegates, M: Model, S: EventSink> Caller<'_, T, A, M, S> {
    /// Returns an iterator over the pending calls and what they refer to.
    fn pending(&self) -> impl Iterator<Item = Pending<'_>> {
        self.run.pending().map(|(index, call)| Pending {
            index,
            call,
            target: self.target(&call.name),
        })
    }

    fn target(&self, name: &str) -> Target<'_> {
        if let Some(at) = self.tools.find(name)
            && let Some(spec) = self.tools.spec(at)
        {
            // A tool known at compile time is not an agent.
            if self.tools.len() != const { T::STATIC.len() }
                && let Some(agent) = self.tools.delegate(at)
                && let Some(agent) = agent.downcast_ref()
            {
                return Target::DynAgent(agent);
            }
            return Target::Tool(ToolTarget {
                index: at,
                timeout: spec.timeout,
                retries: spec.retries,
                waits_for: spec.waits_for,
            });
        }
        self.agents.find(name).map_or(Target::Unknown, Target::Agent)
    }

    /// Makes one call and reports it to the observer. `now` becomes the time of its end.
    fn make<'r>(
        &'r self,
        pending: &'r Pending<'_>,
        slot: Option<&'r mut NestedSlot>,
        now: &'r mut Option<Instant>,
    ) -> impl Future<Output = Called> + Send + 'r {
        async move {
            let (watch, call) = (self.environment.watch, pending.call);
            let started = watch.start(self.run, now.take(), || Observation::ToolStarted { call });
            let mut is_cached = false;
            let called = match (&pending.target, slot) {
                (Target::Tool(tool), _) => {
                    Called::Result(self.call_with_retries(tool, call, &mut is_cached).await)
                }
                (Target::Agent(at), Some(slot)) => {
                    let delegate = self.delegate_call(pending.call, &mut slot.run);
                    let delegated = self.agents.call(*at, self.model, delegate).await;
                    slot.add(delegated)
                }
                (Target::DynAgent(agent), Some(slot)) => {
                    let delegate = self.delegate_call(pending.call, &mut slot.run);
                    let delegated = agent.run_nested(delegate).await;
                    slot.add(delegated)
                }
                (Target::Unknown, _) => Called::Result(self.unknown(&pending.call.name)),
                (Target::Agent(_) | Target::DynAgent(..), None) => Called::Stopped,
            };
            match started {
                None => called,
                Some(started) => self.report(called, call, is_cached, started, now),
            }
        }
    }

    /// Reports a result to the observer. Not inlined, because the future of the call must not borrow the result: it would
    /// store the result.
    #[inline(never)]
    fn report(
        &self,
        called: Called,
        call: &ToolCall,
        is_cached: bool,
        started: Instant,
        now: &mut Option<Instant>,
    ) -> Called {
        let finished = *now.insert(Instant::now());
        if let Some(result) = called.result() {
            self.environment
                .watch
                .notify(self.run, || Observation::ToolFinished {
                    call,
                    result,
                    is_cached,
                    elapsed: finished.duration_since(started),
                });
        }
        called
    }

    fn delegate_call<'c>(
        &'c self,
        call: &'c ToolCall,
        slot: &'c mut Option<Box<Run>>,
    ) -> DelegateCall<'c, S> {
        DelegateCall {
            environment: self.environment,
            call,
            slot,
            name: &call.name,
            depth: 1,
        }
    }

    /// Returns the input that a call requires before it is made. Calls with invalid arguments do not wait, because
    /// making them reports the errors to the model.
    fn required_wait(&self, pending: &Pending<'_>) -> Option<WaitsFor> {
        let Target::Tool(tool) = &pending.target else {
            return None;
        };
        let waits_for = tool.waits_for?;
        let is_approved = waits_for == WaitsFor::Approval && self.run.is_approved(pending.index);
        (!is_approved && self.has_valid_arguments(tool.index, pending.call)).then_some(waits_for)
    }

    /// Returns `true` if the tool at this index accepts the arguments. A panic in their `Deserialize` implementation
    /// counts as invalid, because making the call reports it to the model.
    fn has_valid_arguments(&self, at: usize, call: &ToolCall) -> bool {
        let check = || self.tools.check(at, &call.arguments).is_ok();
        catch_unwind(AssertUnwindSafe(check)).unwrap_or(false)
    }

    /// Makes one call. Retries failures as often as the tool allows. Sets `is_cached` if the result comes from a cache.
    fn call_with_retries<'r>(
        &'r self,
        tool: &'r ToolTarget,
        call: &'r ToolCall,
        is_cached: &'r mut bool,
    ) -> impl Future<Output = ToolResult> + Send + 'r {
        async move {
            let mut retries_left = tool.retries;
            let mut backoff = INITIAL_BACKOFF;
            loop {
                let result = self.call(tool, call, is_cached).await;
                // Invalid arguments stay invalid, so a retry cannot succeed.
                let is_final =
                    retries_left == 0 || !result.is_error || !self.has_valid_arguments(tool.index, call);
                if is_final {
                    return result;
                }
                self.environment
                    .watch
                    .notify(self.run, || Observation::ToolRetry {
                        call,
                        retry: tool.retries - retries_left + 1,
                        delay: backoff,
                        result: &result,
                    });
                retries_left -= 1;
                tokio::time::sleep(backoff).await;
                backoff = backoff.saturating_mul(2);
            }
        }
    }

    /// Makes one call without retries. Every failure becomes a result for the model.
    fn call<'r>(
        &'r self,
        tool: &'r ToolTarget,
        call: &'r ToolCall,
        is_cached: &'r mut bool,
    ) -> impl Future<Output = ToolResult> + Send + 'r {
        async move {
            let context = RunContext::new(
                self.run.id(),
                self.run.turns(),
                &call.id,
                self.environment.cancellation,
            );
            let attempt = || {
                AssertUnwindSafe(async { self.tools.call(tool.index, &call.arguments, &context).await })
                    .catch_unwind()
            };
            let outcome = match tool.timeout {
                None => attempt().await,
                // Boxed, so that the futures of calls without a timeout reserve no memory for a timer.
                Some(limit) => match Box::pin(self.within(limit, attempt())).await {
                    Some(outcome) => outcome,
                    None => {
                        return ToolResult::error(format!(
                            "`{}` timed out after {limit:?}; its work may be incomplete",
                            call.name
                        ));
                    }
                },
            };
            *is_cached = context.is_cached();
            match outcome {
                Ok(result) => bounded_result(result),
                // The panic message belongs in the program's log; it may contain information that the model must not see.
                Err(_panic) => {
                    ToolResult::error(format!("`{}` panicked; its work may be incomplete", call.name))
                }
            }
        }
    }

    /// Awaits a future for at most `limit`. The time during which the reader of a stream was idle does not count toward
    /// the limit, because the future was not polled and could not finish.
    async fn within<F: Future>(&self, limit: Duration, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        let _timer = self.environment.sink.timer();
        let (started, idle_before) = (Instant::now(), self.environment.sink.idle());
        let mut left = limit;
        loop {
            if let Ok(output) = timeout(left, work.as_mut()).await {
                return Some(output);
            }
            let idle = self.environment.sink.idle().saturating_sub(idle_before);
            left = limit.saturating_add(idle).saturating_sub(started.elapsed());
            if left.is_zero() {
                return None;
            }
        }
    }

    /// Returns the result of a call to a tool that does not exist.
    #[cold]
    fn unknown(&self, name: &str) -> ToolResult {
        let tools = (0..self.tools.len()).filter_map(|index| Some(self.tools.spec(index)?.name));
        let agents = (0..const { A::STATIC.len() }).filter_map(|index| Some(A::STATIC.get(index)?.name));
        let known: Vec<String> = tools
            .chain(agents)
            .take(100)
            .map(|name| format!("`{name}`"))
            .collect();
        let name: String = name.chars().take(64).collect();
        ToolResult::error(if known.is_empty() {
            format!("unknown tool `{name}`; no tools are available, so answer without one")
        } else {
            format!("unknown tool `{name}`; the tools are {}", known.join(", "))
        })
    }
}
