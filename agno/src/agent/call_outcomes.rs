//! The outcomes of a turn's calls, which are added to the run when the calls end or the run is dropped.

use std::convert::Infallible;

use super::calls::Pending;
use super::nested::Delegated;
use super::scope::NestedSlot;
use crate::message::ToolResult;
use crate::run::{Error, Event, Run, WaitsFor};

/// The outcomes of a turn's calls so far.
#[derive(Default)]
pub(super) struct Outcomes {
    /// The first outcome, which is usually the only one.
    first: Option<(usize, Outcome)>,
    more: Vec<(usize, Outcome)>,
}

/// The outcome of a call, which becomes a part of the run.
enum Outcome {
    Result(ToolResult),
    Waits(WaitsFor),
}

impl Outcomes {
    fn push(&mut self, index: usize, outcome: Outcome) {
        if self.first.is_none() {
            self.first = Some((index, outcome));
        } else {
            self.more.push((index, outcome));
        }
    }

    /// Marks a call as waiting.
    pub(super) fn add_waiting(&mut self, index: usize, waits_for: WaitsFor) {
        self.push(index, Outcome::Waits(waits_for));
    }

    /// Returns the calls that wait.
    pub(super) fn waiting(&self) -> Vec<(usize, WaitsFor)> {
        let waits = |(index, outcome): &(usize, Outcome)| match outcome {
            Outcome::Waits(waits_for) => Some((*index, *waits_for)),
            Outcome::Result(_) => None,
        };
        self.first.iter().chain(&self.more).filter_map(waits).collect()
    }

    /// Stores the result of a call. Returns the content of the call's event if `with_event` is set.
    fn add(&mut self, pending: &Pending<'_>, result: ToolResult, with_event: bool) -> Option<Finished> {
        let finished = with_event.then(|| Finished {
            call_id: pending.call.id.clone(),
            name: pending.call.name.clone(),
            result: result.clone(),
        });
        self.push(pending.index, Outcome::Result(result));
        finished
    }

    /// Stores the outcome of a call. Returns the content of the call's event if `with_event` is set.
    pub(super) fn add_called(
        &mut self,
        pending: &Pending<'_>,
        called: Called,
        with_event: bool,
        failed: &mut Option<Error>,
    ) -> Option<Finished> {
        match called {
            Called::Result(result) => self.add(pending, result, with_event),
            Called::Stopped => None,
            Called::Failed(error) => {
                failed.get_or_insert(error);
                None
            }
        }
    }

    /// Moves the outcomes into the run and returns their number.
    pub(super) fn record(&mut self, run: &mut Run) -> usize {
        let Some((index, outcome)) = self.first.take() else {
            return 0;
        };
        outcome.record(index, run);
        let count = 1 + self.more.len();
        for (index, outcome) in self.more.drain(..) {
            outcome.record(index, run);
        }
        count
    }
}

impl Outcome {
    #[inline]
    fn record(self, index: usize, run: &mut Run) {
        match self {
            Self::Result(result) => run.result(index, result),
            Self::Waits(waits_for) => run.set_waiting(index, waits_for),
        }
    }
}

/// The content of the event for a finished call.
pub(super) struct Finished {
    call_id: String,
    name: String,
    result: ToolResult,
}

impl Finished {
    pub(super) fn into_event(self) -> Event<Infallible> {
        Event::ToolFinished {
            call_id: self.call_id,
            name: self.name,
            result: Box::new(self.result),
        }
    }
}

/// The outcome of a call.
pub(super) enum Called {
    Result(ToolResult),
    /// The run of an agent stopped before its end and is in its slot.
    Stopped,
    Failed(Error),
}

impl Called {
    /// Returns the result that is sent to the model, if there is one.
    pub(super) fn result(&self) -> Option<&ToolResult> {
        match self {
            Self::Result(result) => Some(result),
            Self::Stopped | Self::Failed(_) => None,
        }
    }
}

impl NestedSlot {
    /// Stores the usage of a run that ended.
    pub(super) fn add(&mut self, delegated: Delegated) -> Called {
        match delegated {
            Delegated::Ended(ended) => {
                self.ended = Some((ended.usage, ended.turns));
                Called::Result(ended.result)
            }
            Delegated::Stopped => Called::Stopped,
            Delegated::Failed(error) => Called::Failed(error),
        }
    }
}
