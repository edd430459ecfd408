//! The calls of one turn, made at once; each bounded, none able to harm another.

use std::panic::AssertUnwindSafe;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use smallvec::SmallVec;
use tokio_util::sync::CancellationToken;

use super::driver::Sink;
use crate::message::{Content, ToolCall, ToolResult};
use crate::run::{Event, Run};
use crate::tool::{RunContext, Toolset};

/// The most bytes of text a result may have: 1 MiB. A longer one is cut, and the model told so.
const MAX_RESULT: usize = 1 << 20;

/// What it takes to make a call.
pub(super) struct Caller<'a, T> {
    pub(super) tools: &'a T,
    pub(super) run: &'a Run,
    pub(super) cancellation: Option<&'a CancellationToken>,
}

/// Makes the run's pending calls, all at once, and puts each result into `results` as it comes.
pub(super) async fn call_all<O, T: Toolset, S: Sink<O>>(
    caller: &Caller<'_, T>,
    results: &mut SmallVec<[(usize, ToolResult); 1]>,
    sink: &mut S,
) {
    let mut pending: SmallVec<[(usize, &ToolCall); 2]> = caller.run.pending().collect();
    if S::LISTENS {
        for (_, call) in &pending {
            sink.emit(|| Event::ToolStarted {
                call: (*call).clone(),
            })
            .await;
        }
    }
    if let [(place, call)] = pending[..] {
        // The usual case, without the queue that several need.
        let result = caller.call(call).await;
        finished(place, call, result, results, sink).await;
        return;
    }
    let mut calls: FuturesUnordered<_> = pending
        .drain(..)
        .map(|(place, call)| async move { (place, call, caller.call(call).await) })
        .collect();
    while let Some((place, call, result)) = calls.next().await {
        finished(place, call, result, results, sink).await;
    }
}

/// Keeps a result before anybody hears of it, so that a listener who leaves then loses nothing.
async fn finished<O, S: Sink<O>>(
    place: usize,
    call: &ToolCall,
    result: ToolResult,
    results: &mut SmallVec<[(usize, ToolResult); 1]>,
    sink: &mut S,
) {
    if S::LISTENS {
        results.push((place, result.clone()));
        sink.emit(|| Event::ToolFinished {
            call_id: call.id.clone(),
            name: call.name.clone(),
            result,
        })
        .await;
    } else {
        results.push((place, result));
    }
}

impl<T: Toolset> Caller<'_, T> {
    /// Makes one call. Whatever goes wrong is a result for the model.
    async fn call(&self, call: &ToolCall) -> ToolResult {
        let Some((place, spec)) = self
            .tools
            .find(&call.name)
            .and_then(|at| Some((at, self.tools.spec(at)?)))
        else {
            return self.unknown(&call.name);
        };
        let context = RunContext::new(self.run.id(), self.run.turns(), &call.id, self.cancellation);
        let made = AssertUnwindSafe(async { self.tools.call(place, &call.arguments, &context).await })
            .catch_unwind();
        let outcome = match spec.timeout {
            None => made.await,
            Some(limit) => match tokio::time::timeout(limit, made).await {
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
            .filter_map(|place| Some(format!("`{}`", self.tools.spec(place)?.name)))
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
            && text.len() > MAX_RESULT
        {
            let length = text.len();
            let end = (0..=MAX_RESULT)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(0);
            text.truncate(end);
            text.push_str(&format!(
                " [cut here: the result is {length} bytes long, at most {MAX_RESULT} are shown]"
            ));
        }
    }
    result
}
