//! Runs of agents that other agents call. Such a run is stored in the call that started it whenever it stops before its
//! end, so nothing is lost and nothing is repeated.

use std::ops::ControlFlow;
use std::panic::catch_unwind;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::driver::turns;
use super::environment::{Ancestry, DelegateCall, Environment};
use super::parts::{AgentParts, check_output};
use super::scope::Scope;
use super::sink::EventSink;
use super::watch::{Watch, enabled};
use super::{AgentInfo, Declared};
use crate::message::{Message, ToolCall, ToolResult};
use crate::model::{Model, Usage};
use crate::observe::{Observer, is_enabled};
use crate::run::{CallPath, Error, ErrorKind, Run, RunId, bounded_result, cited};

/// The outcome of a call of an agent.
#[derive(Debug)]
pub enum Delegated {
    /// The run ended.
    Ended(EndedRun),
    /// The run stopped before its end and is in the call's slot.
    Stopped,
    /// The calling run cannot continue.
    Failed(Error),
}

/// A nested run that ended.
#[derive(Debug)]
pub struct EndedRun {
    pub(super) result: ToolResult,
    pub(super) usage: Usage,
    pub(super) turns: u32,
}

impl Delegated {
    /// Returns the outcome of a call that started no run.
    pub(super) fn error(message: impl Into<String>) -> Self {
        Self::result(ToolResult::error(message))
    }

    fn result(result: ToolResult) -> Self {
        Self::Ended(EndedRun {
            result,
            usage: Usage::default(),
            turns: 0,
        })
    }
}

/// Runs a declaration as a part of another run, or continues its stored run.
pub(super) fn run_nested<'a, D: Declared, M: Model, S: EventSink>(
    declaration: &'a D,
    model: &'a M,
    call: DelegateCall<'a, S>,
) -> BoxFuture<'a, Delegated> {
    let observer = declaration.observer();
    let observer: Option<Box<dyn Observer>> = is_enabled(&observer).then(|| Box::new(observer) as _);
    Box::pin(run_erased(declaration, model, check_output::<D>, observer, call))
}

/// Runs a nested run, without the type of the agent.
async fn run_erased<M: Model, S: EventSink>(
    agent: &dyn AgentParts<M, S>,
    model: &M,
    reader: fn(&str) -> Result<(), String>,
    observer: Option<Box<dyn Observer + '_>>,
    delegate: DelegateCall<'_, S>,
) -> Delegated {
    let DelegateCall {
        environment,
        call,
        slot,
        name,
        depth,
    } = delegate;
    let (info, declaration) = (agent.info(), agent.type_name());
    let ancestry = Ancestry {
        above: Some(environment.ancestry),
        name,
        declaration,
    };
    if ancestry.count(declaration()) > depth {
        return Delegated::Failed(too_deep(&ancestry, depth));
    }
    let is_resumed = slot.is_some();
    let run = match open_run(slot, call, info, agent.read_input(), environment.run_id) {
        ControlFlow::Continue(run) => run,
        ControlFlow::Break(delegated) => return delegated,
    };
    let observers = (observer, environment.watch.observer);
    let observer = enabled(&observers);
    let path = if environment.sink.is_enabled() || observer.is_some() {
        environment.watch.path.join(&call.id)
    } else {
        CallPath::ROOT
    };
    let watch = Watch {
        observer,
        agent: info.name,
        path: &path,
    };
    let started = watch.is_enabled().then(Instant::now);
    let mut scope = Scope::nested(run, slot);
    scope.watch(&watch, started, is_resumed);
    let environment = Environment {
        sink: environment.sink,
        run_id: scope.run.id(),
        watch: &watch,
        ancestry: &ancestry,
        cancellation: environment.cancellation,
        budget: environment.budget,
    };
    let outcome = turns(agent, model, reader, &mut scope, &environment).await;
    finish(scope, outcome, name)
}

/// Creates the run of a call, or takes the stored run. Returns the outcome of the call if there is no run.
fn open_run(
    slot: &mut Option<Box<Run>>,
    call: &ToolCall,
    agent: &'static AgentInfo,
    read_input: fn(&str) -> Result<Message, ToolResult>,
    parent: RunId,
) -> ControlFlow<Delegated, Run> {
    match slot.take() {
        Some(stored) if stored.agent() != agent.name => {
            let error = renamed(&stored, &call.name, agent.name);
            *slot = Some(stored);
            ControlFlow::Break(Delegated::Failed(error))
        }
        Some(mut stored) => {
            stored.reopen();
            ControlFlow::Continue(*stored)
        }
        None => match read_caught(read_input, &call.arguments) {
            Ok(input) => ControlFlow::Continue(
                Run::new(input, agent.limits)
                    .with_agent(agent.name)
                    .with_parent(parent),
            ),
            Err(invalid) => ControlFlow::Break(Delegated::result(invalid)),
        },
    }
}

/// Ends a run, or stores it in its call if it stopped before its end.
fn finish(mut scope: Scope<'_>, outcome: Result<(), Error>, name: &str) -> Delegated {
    match outcome {
        Ok(()) => {
            let text = scope.run.text().into_owned();
            let context = scope.run.take_context_citations();
            let citations: Vec<_> = context
                .into_iter()
                .flat_map(<[_]>::into_vec)
                .chain(cited(scope.run.messages()).cloned())
                .collect();
            let result = bounded_result(ToolResult::from_text(text));
            let result = citations.into_iter().fold(result, ToolResult::with_citation);
            ended(scope, Ok(()), result)
        }
        Err(error) => match error.kind() {
            ErrorKind::Paused | ErrorKind::Cancelled => {
                scope.store(&error);
                Delegated::Stopped
            }
            ErrorKind::TooDeep | ErrorKind::Configuration => {
                scope.store(&error);
                Delegated::Failed(error)
            }
            _ => {
                let failure = ToolResult::error(format!("`{name}` failed: {error}"));
                ended(scope, Err(&error), bounded_result(failure))
            }
        },
    }
}

/// Converts the arguments of a call into the input of a run. The panic message of a `Deserialize` implementation may contain
/// information that the model must not see.
fn read_caught(
    read_input: fn(&str) -> Result<Message, ToolResult>,
    arguments: &str,
) -> Result<Message, ToolResult> {
    catch_unwind(|| read_input(arguments)).unwrap_or_else(|_panic| {
        Err(ToolResult::error(
            "the arguments could not be read: their `Deserialize` implementation panicked",
        ))
    })
}

fn ended(mut scope: Scope<'_>, outcome: Result<(), &Error>, result: ToolResult) -> Delegated {
    let run = scope.end(outcome);
    Delegated::Ended(EndedRun {
        result,
        usage: run.usage(),
        turns: run.total_turns(),
    })
}

#[cold]
fn too_deep(ancestry: &Ancestry<'_>, depth: u32) -> Error {
    let names = ancestry.names();
    Error::new(
        ErrorKind::TooDeep,
        format!(
            "the agents call each other too deeply ({names}); `{}` may occur {depth} time(s): write `depth = {}` at its entry in `agents`, or remove the cycle",
            ancestry.name,
            depth.saturating_add(1)
        ),
    )
}

/// Returns the error for a stored run of an agent whose name has changed since.
#[cold]
pub(super) fn renamed(stored: &Run, call: &str, now: &str) -> Error {
    Error::new(
        ErrorKind::Configuration,
        format!(
            "the call to `{call}` contains a run of the agent `{}`, but `{call}` is now the agent `{now}`; resume the run with the agents that started it, or restore the name",
            stored.agent()
        ),
    )
}
