//! The loop that drives every run. Sends requests to the model, calls the tools, checks the answer, and emits events.
//!
//! `run` and `stream` use this loop with different sinks. The state of a run is in its [`Scope`], outside the loop's
//! future, so nothing is lost when that future is dropped or a token is cancelled.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;

use futures_util::StreamExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Declared;
use super::calls::{Caller, call_all};
use super::checks::{check_agent_names, check_capabilities, check_media, check_names};
use super::delegates::Delegates;
use super::environment::{Ancestry, Budget, Environment};
use super::invocation::Invocation;
use super::options::Start;
use super::scope::{NestedSlot, Scope};
use super::sink::EventSink;
use super::watch::{ModelCall, Watch, enabled};
use crate::context::{ContextFailure, ContextQuery, Contexts};
use crate::message::{Message, Part, ToolCall};
use crate::model::{
    Declarations, Delta, FinishReason, Messages, Model, ModelError, Reply, ReplyBuilder, Request, ToolChoice,
    ToolDeclaration, Tools,
};
use crate::observe::{Observation, global};
use crate::run::{
    Answer, CallPath, ContextPart, Error, ErrorKind, Event, Result, Run, Step, StopReason, WaitsFor,
};
use crate::schema::{AnyDialect, Dialect};
use crate::tool::{Cancellation, ToolSpec, Toolset};

/// Drives a run to completion.
///
/// This is not an `async fn`, which would store its arguments twice. An `async` block uses its captures in place, which
/// keeps waiting runs small.
#[expect(
    clippy::manual_async_fn,
    reason = "an `async fn` stores its arguments twice; see above"
)]
#[inline]
pub(super) fn drive<'a, D: Declared, M: Model, S: EventSink>(
    invocation: Invocation<'a, D, M, Start>,
    sink: S,
) -> impl Future<Output = Result<Answer<D::Output>>> + Send + use<'a, D, M, S> {
    async move {
        // The scope reports the end of the run when it is dropped, so these variables must outlive it.
        let (observers, watch);
        let started = Instant::now();
        // Not destructured, because each move would copy the scope.
        let mut start = invocation.start_run(started.into_std());
        let agent = start.agent;
        observers = (agent.declaration.observer(), (start.observer, global()));
        watch = Watch {
            observer: enabled(&observers),
            agent: D::INFO.name,
            path: const { &CallPath::ROOT },
        };
        start.scope.watch(&watch, Some(started), start.is_resumed);
        let (scope, token) = (&mut start.scope, start.token);
        let budget = Budget::unlimited();
        let environment = Environment {
            sink: &sink,
            run_id: scope.run.id(),
            watch: &watch,
            ancestry: Ancestry {
                above: None,
                name: D::INFO.name,
                declaration: D::type_name(),
            },
            cancellation: None,
            budget: &budget,
        };
        let (declaration, model) = (&agent.declaration, &agent.model);
        let outcome = match token {
            None => turns(declaration, model, scope, &environment).await,
            // Boxed, so that runs without a token reserve no memory for this future.
            Some(token) => Box::pin(cancellable_turns(token, declaration, model, scope, environment)).await,
        };
        match outcome {
            Ok(output) => scope.succeed(output),
            Err(error) => Err(scope.fail(error)),
        }
    }
}

/// Executes steps until there is an answer or an error, or until the token is cancelled.
async fn cancellable_turns<D: Declared, M: Model, S: EventSink>(
    token: &CancellationToken,
    declaration: &D,
    model: &M,
    scope: &mut Scope<'_>,
    environment: Environment<'_, S>,
) -> Result<D::Output> {
    let cancellation = Cancellation {
        run: token.clone(),
        tools: CancellationToken::new(),
    };
    let environment = Environment {
        cancellation: Some(&cancellation),
        ..environment
    };
    let mut cancelled = pin!(token.cancelled());
    let mut turns = pin!(turns(declaration, model, scope, &environment));
    poll_fn(|context| {
        let is_cancelled = cancelled.as_mut().poll(context).is_ready();
        if is_cancelled {
            cancellation.tools.cancel();
        }
        match turns.as_mut().poll(context) {
            Poll::Pending if is_cancelled => Poll::Ready(Err(stop_error(StopReason::Cancelled, 0))),
            polled => polled,
        }
    })
    .await
}

/// Executes steps until there is an answer or an error.
pub(super) async fn turns<D: Declared, M: Model, S: EventSink>(
    declaration: &D,
    model: &M,
    scope: &mut Scope<'_>,
    environment: &Environment<'_, S>,
) -> Result<D::Output> {
    let (tools, agents, context) = (declaration.tools(), declaration.agents(), declaration.context());
    let dialect = model.dialect();
    let declarations = DeclaredTools {
        tools: &tools,
        agents: &agents,
        dialect,
    };
    let has_tools = declarations.len() > 0;
    let instructions = declaration.instructions();
    let output = D::output_schema(dialect);
    check_names(&tools)?;
    check_agent_names(&tools, &agents)?;
    check_capabilities(model, has_tools, output.is_some())?;

    let is_nested = environment.ancestry.above.is_some();
    if may_delegate(&tools, &agents) && !is_nested {
        environment.budget.start(&scope.run);
    }
    environment.emit(|| Event::Started).await;
    loop {
        match scope.run.next() {
            Step::Ask { turn, last } => {
                if environment.is_cancelled() {
                    return Err(stop_error(StopReason::Cancelled, turn));
                }
                if may_return_direct(&tools)
                    && let Some(text) = direct_result(&tools, &scope.run)
                {
                    scope.run.finish_with(text.clone());
                    environment.emit(|| Event::Text { delta: text }).await;
                    continue;
                }
                if (may_delegate(&tools, &agents) || is_nested)
                    && let Err(limit) = environment.budget.reserve()
                {
                    return Err(budget_error(limit));
                }
                if may_provide(&context) {
                    // Boxed, so that a run without context reserves no memory for the providers.
                    Box::pin(provide_context(&context, scope, turn)).await?;
                }
                environment.emit(|| Event::TurnStarted { turn }).await;
                let no_tools = last && has_tools;
                let last_turn = no_tools.then(|| &*LAST_TURN);
                let call = ModelCall::new(environment.watch, &scope.run, turn);
                let mut request = Request {
                    instructions: &instructions,
                    messages: Messages::new(scope.run.messages())
                        .with_context(scope.run.context_message())
                        .with_history(
                            scope
                                .session
                                .as_deref()
                                .map(|session| session.history_from(scope.window_start))
                                .unwrap_or_default(),
                        )
                        .with_closing(last_turn),
                    tools: Tools::new(&declarations),
                    tool_choice: if no_tools {
                        ToolChoice::None
                    } else {
                        ToolChoice::Auto
                    },
                    output,
                    settings: scope.settings,
                    listener: None,
                };
                check_media(model, request.messages)?;
                if let Some(call) = &call {
                    request.listener = Some(call);
                    call.start(model, request);
                }
                // Each arm moves the reply only once.
                let reply = if S::ENABLED {
                    match stream_reply(model, request, turn, &mut scope.partial, environment).await {
                        Ok(reply) => reply,
                        Err(error) => {
                            return Err(failed(call.as_ref(), model, scope.partial.as_deref(), error));
                        }
                    }
                } else {
                    match model.complete(request).await {
                        Ok(reply) => reply,
                        Err(error) => return Err(failed(call.as_ref(), model, None, error)),
                    }
                };
                let (finish_reason, usage) = (reply.finish_reason, reply.usage);
                match call.map(|call| call.started()) {
                    None => scope.run.reply(reply),
                    Some(started) => environment
                        .watch
                        .record(&mut scope.run, model, turn, started, reply),
                }
                environment
                    .emit(|| Event::TurnFinished {
                        turn,
                        finish_reason,
                        usage,
                    })
                    .await;
            }
            Step::Call(_) => {
                if may_delegate(&tools, &agents) {
                    scope.nested = nested_slots(&tools, &agents, &mut scope.run, D::INFO.name)?;
                }
                let caller = Caller {
                    tools: &tools,
                    agents: &agents,
                    model,
                    run: &scope.run,
                    environment,
                };
                // Boxed, so that a run reserves no memory for its calls while it waits for the model, which is most
                // of the time.
                let calls = Box::pin(call_all(&caller, &mut scope.outcomes, &mut scope.nested)).await;
                let recorded = scope.record_calls();
                calls?;
                if environment.is_cancelled() && scope.run.nested().next().is_some() {
                    return Err(stop_error(StopReason::Cancelled, scope.run.turns()));
                }
                if recorded == 0 {
                    return Err(no_progress_error());
                }
            }
            Step::Pause => return Err(pause_error(&scope.run)),
            Step::Check => {
                check_refusal(&scope.run, model)?;
                match parse_output::<D>(&scope.run) {
                    Ok(output) => {
                        scope.run.accept();
                        return Ok(output);
                    }
                    Err(reason) => {
                        environment
                            .watch
                            .notify(&scope.run, || Observation::OutputRejected { reason: &reason });
                        scope.run.reject(&reason);
                        scope.rejected = Some(reason.clone());
                        environment.emit(move || Event::OutputRejected { reason }).await;
                    }
                }
            }
            Step::Done => {
                return parse_output::<D>(&scope.run)
                    .map_err(|reason| output_error(Some(&reason), &scope.run));
            }
            Step::Stopped(StopReason::OutputRejected) => {
                return Err(output_error(scope.rejected.as_deref(), &scope.run));
            }
            Step::Stopped(reason) => return Err(stop_error(reason, scope.run.turns())),
        }
    }
}

/// Returns `true` if the agent has context providers.
fn may_provide<C: Contexts>(_context: &C) -> bool {
    const { C::ONCE + C::EACH_TURN > 0 }
}

/// Asks the context providers that have not been asked for this request, and stores their context in the run.
async fn provide_context<C: Contexts>(context: &C, scope: &mut Scope<'_>, turn: u32) -> Result<()> {
    let (once, each_turn) = (
        C::ONCE > 0 && !scope.run.has_context(),
        C::EACH_TURN > 0 && !scope.run.has_turn_context(turn),
    );
    for (is_needed, is_each_turn) in [(once, false), (each_turn, true)] {
        if !is_needed {
            continue;
        }
        let history = scope
            .session
            .as_deref()
            .map(|session| session.history_from(scope.window_start))
            .unwrap_or_default();
        let query = ContextQuery::new(scope.run.messages()).with_run(scope.run.id(), turn, history);
        let gathered = context
            .gather(&query, is_each_turn)
            .await
            .map_err(context_error)?;
        let parts = gathered.into_iter().map(|part| ContextPart {
            name: part.name,
            text: part.text,
            citations: part.citations,
        });
        let parts = parts.collect();
        if is_each_turn {
            scope.run.set_turn_context(turn, parts);
        } else {
            scope.run.set_context(parts);
        }
    }
    Ok(())
}

#[cold]
fn context_error(failure: ContextFailure) -> Error {
    let error = Error::new(ErrorKind::Context, failure.message);
    match failure.source {
        Some(source) => error.with_source(source),
        None => error,
    }
}

/// Requests a streamed answer and emits its chunks as they arrive. Collects them in `partial` until the answer is
/// complete.
async fn stream_reply<M: Model, S: EventSink>(
    model: &M,
    request: Request<'_>,
    turn: u32,
    partial: &mut Option<Box<ReplyBuilder>>,
    environment: &Environment<'_, S>,
) -> Result<Reply, ModelError> {
    let partial = partial.get_or_insert_default();
    let mut deltas = pin!(model.stream(request));
    while let Some(chunk) = deltas.next().await {
        let chunk = chunk?;
        partial.push(&chunk);
        match chunk {
            Delta::Text(delta) if !delta.is_empty() => environment.emit(|| Event::Text { delta }).await,
            Delta::Reasoning(delta) if !delta.is_empty() => {
                environment.emit(|| Event::Reasoning { delta }).await;
            }
            Delta::Restart => environment.emit(|| Event::TurnRestarted { turn }).await,
            _ => {}
        }
    }
    std::mem::take(&mut **partial).finish()
}

/// Reports the failure of a request and returns the error of the run.
#[cold]
fn failed<M: Model>(
    call: Option<&ModelCall<'_>>,
    model: &M,
    partial: Option<&ReplyBuilder>,
    error: ModelError,
) -> Error {
    if let Some(call) = call {
        let usage = partial.map(ReplyBuilder::usage).unwrap_or_default();
        call.fail(model, &error, usage);
    }
    error.into()
}

/// Parses the last answer. Tries the last text part as well, because earlier parts may contain reasoning.
fn parse_output<D: Declared>(run: &Run) -> Result<D::Output, String> {
    // Catch panics in the output's `Deserialize` implementation. The panic message may contain parts of the answer.
    let parse = |text: &str| {
        catch_unwind(AssertUnwindSafe(|| D::parse_output(text))).unwrap_or_else(|_panic| {
            Err("the `Deserialize` implementation of the output panicked".to_owned())
        })
    };
    parse(&run.text()).or_else(|problem| match run.last_text() {
        Some(last) => parse(last).map_err(|_| problem),
        None => Err(problem),
    })
}

/// Returns `true` if the result of a tool can end the run. Evaluated at compile time for static tools.
fn may_return_direct<T: Toolset>(tools: &T) -> bool {
    tools.len() != const { T::STATIC.len() } || const { T::STATIC.may_return_direct() }
}

/// Returns the first successful result of a `return_direct` tool in the last answer.
fn direct_result<T: Toolset>(tools: &T, run: &Run) -> Option<String> {
    let answers = |call: &&ToolCall| {
        let spec = tools.find(&call.name).and_then(|at| tools.spec(at));
        spec.is_some_and(|spec| spec.return_direct)
    };
    let mut results = run
        .last_answer()?
        .calls()
        .filter(answers)
        .filter_map(|call| call.result.as_ref());
    let success = results.find(|result| !result.is_error)?;
    Some(success.text().into_owned())
}

/// The message that closes the last request of a run.
static LAST_TURN: LazyLock<Message> = LazyLock::new(|| {
    Message::user(
        "This is your last turn. You can no longer call tools. Answer now with the information you have.",
    )
});

/// The tools and agents of an agent in the dialect of one model.
struct DeclaredTools<'a, T, A, D> {
    tools: &'a T,
    agents: &'a A,
    dialect: D,
}

impl<T: Toolset, A: Delegates, D: Dialect> Declarations for DeclaredTools<'_, T, A, D> {
    fn len(&self) -> usize {
        self.tools.len() + const { A::STATIC.len() }
    }

    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        let dialect = self.dialect.narrow(dialect);
        let mut visit = |spec: ToolSpec<'_>, json: &str| {
            visit(ToolDeclaration::new(spec.name, spec.description, json));
        };
        self.tools.declare(dialect, &mut visit);
        self.agents.declare(dialect, &mut visit);
    }
}

/// Returns `true` if any call can be the call of an agent.
fn may_delegate<T: Toolset, A: Delegates>(tools: &T, _agents: &A) -> bool {
    (const { !A::STATIC.is_empty() }) || tools.len() != const { T::STATIC.len() }
}

/// Creates the slots of the pending calls of agents, with the stored runs. A stored run whose agent is no longer declared
/// is an error.
fn nested_slots<T: Toolset, A: Delegates>(
    tools: &T,
    agents: &A,
    run: &mut Run,
    agent: &str,
) -> Result<Vec<NestedSlot>> {
    let mut indexes: Vec<usize> = Vec::new();
    for (index, call) in run.pending() {
        let is_agent = match tools.find(&call.name) {
            Some(at) => tools.delegate(at).is_some(),
            None => agents.find(&call.name).is_some(),
        };
        if is_agent {
            indexes.push(index);
        } else if let Some(stored) = run.nested_at(index) {
            return Err(missing_agent_error(stored, &call.name, agent));
        }
    }
    let slots = indexes.into_iter().map(|index| NestedSlot {
        index,
        run: run.take_nested(index),
        ended: None,
    });
    Ok(slots.collect())
}

/// Returns an error if the model refused to answer, even if the refusal matches the output type.
fn check_refusal<M: Model>(run: &Run, model: &M) -> Result<()> {
    let refused = run.last_answer().is_some_and(|answer| {
        let refuses = answer
            .parts
            .iter()
            .any(|part| matches!(part, Part::Refusal { .. }));
        refuses || (run.finish_reason() == FinishReason::ContentFilter && answer.text().is_empty())
    });
    if !refused {
        return Ok(());
    }
    let model = model.id();
    let message =
        format!("{model} refused to answer; its explanation, if any, is in the last message of the run");
    Err(Error::new(ErrorKind::Refused, message))
}

/// Returns the error for a run that is waiting.
fn pause_error(run: &Run) -> Error {
    let calls: Vec<String> = run
        .waiting()
        .map(|waiting| {
            let (name, path) = (&waiting.call.name, &waiting.path);
            match waiting.waits_for {
                WaitsFor::Approval => format!("`{name}` for approval (call `{path}`)"),
                WaitsFor::ExternalResult => format!("`{name}` for a result (call `{path}`)"),
            }
        })
        .collect();
    Error::new(
        ErrorKind::Paused,
        format!(
            "the run is waiting: {}; approve or decline each call, or provide its result, then resume the run",
            calls.join(", ")
        ),
    )
}

/// Returns the error for a run that stopped after this many turns.
fn stop_error(reason: StopReason, turns: u32) -> Error {
    match reason {
        StopReason::TurnLimit => Error::new(
            ErrorKind::TurnLimit,
            format!(
                "the run reached its limit of {turns} turns without an answer; raise `max_turns`, or resume the run with higher limits"
            ),
        ),
        StopReason::OutputRejected => Error::new(ErrorKind::Output, "the model's answer was rejected"),
        StopReason::Cancelled | StopReason::Interrupted => {
            Error::new(ErrorKind::Cancelled, "the run was cancelled")
        }
    }
}

/// Returns the error for a run whose requests, with those of its agents, reached the limit.
#[cold]
fn budget_error(limit: u32) -> Error {
    Error::new(
        ErrorKind::TurnLimit,
        format!(
            "the run and its agents reached their limit of {limit} requests together; raise `max_total_turns`, or resume the run with higher limits"
        ),
    )
}

/// Returns the error for a stored run whose agent is no longer an agent of the caller.
#[cold]
fn missing_agent_error(stored: &Run, call: &str, agent: &str) -> Error {
    Error::new(
        ErrorKind::Configuration,
        format!(
            "the call to `{call}` contains a run of the agent `{}`, but `{agent}` has no agent `{call}`; resume the run with the agents that started it, or restore the name",
            stored.agent()
        ),
    )
}

/// Returns the error for a turn in which no call finished or started to wait. Such a turn would repeat forever.
#[cold]
fn no_progress_error() -> Error {
    Error::new(
        ErrorKind::Configuration,
        "the calls of the turn cannot be made; resume the run with the agent that started it",
    )
}

fn output_error(reason: Option<&str>, run: &Run) -> Error {
    let note = if run.finish_reason() == FinishReason::Length {
        " (it was truncated; raise `max_tokens`)"
    } else {
        ""
    };
    let reason = reason.unwrap_or("it was rejected");
    let message = format!(
        "the model's answer does not match the agent's `output`{note}: {reason}; the answer is in the last message of the run"
    );
    Error::new(ErrorKind::Output, message)
}
