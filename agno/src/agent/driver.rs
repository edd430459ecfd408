//! The loop that drives every run. Sends requests to the model, calls the tools, checks the answer, and emits events.
//!
//! `run` and `stream` use this loop with different sinks. The state of a run is in its [`Scope`], outside the loop's
//! future, so nothing is lost when that future is dropped or a token is cancelled.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Declared;
use super::calls::{Caller, call_all};
use super::checks::{check_agent_names, check_capabilities, check_media, check_names};
use super::declared_tools::{DeclaredTools, may_delegate, nested_slots};
use super::environment::{Ancestry, Budget, Environment};
use super::failures::{
    budget_error, check_refusal, no_progress_error, output_error, pause_error, stop_error,
};
use super::gather::{may_provide, provide_context};
use super::invocation::Invocation;
use super::options::Start;
use super::scope::{Scope, messages};
use super::sink::EventSink;
use super::watch::{ModelCall, Watch, either, enabled};
use crate::message::{Message, ToolCall};
use crate::model::{Declarations, Model, ModelError, ReplyBuilder, Request, ToolChoice, Tools};
use crate::observe::{Observation, global};
use crate::run::{Answer, CallPath, Error, Event, Result, Run, Step, StopReason};
use crate::tool::{Cancellation, Toolset};

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
        observers = (agent.declaration.observer(), either(start.observer, global()));
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
            ancestry: const { &Ancestry::root::<D>() },
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
///
/// Not an `async fn`, for the reason that [`drive`] is none.
#[expect(
    clippy::manual_async_fn,
    reason = "an `async fn` stores its arguments twice; see `drive`"
)]
pub(super) fn turns<'r, D: Declared, M: Model, S: EventSink>(
    declaration: &'r D,
    model: &'r M,
    scope: &'r mut Scope<'_>,
    environment: &'r Environment<'_, S>,
) -> impl Future<Output = Result<D::Output>> + Send + 'r {
    async move {
        let (tools, agents, context) = (declaration.tools(), declaration.agents(), declaration.context());
        let dialect = model.dialect();
        let declarations = DeclaredTools {
            tools: &tools,
            agents: &agents,
            dialect,
        };
        let has_tools = declarations.len() > 0;
        let instructions = declaration.instructions();
        check_names(&tools)?;
        check_agent_names(&tools, &agents)?;
        check_capabilities(model, has_tools, D::output_schema(dialect).is_some())?;

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
                        scope.now = None;
                    }
                    environment.emit(|| Event::TurnStarted { turn }).await;
                    let no_tools = last && has_tools;
                    let last_turn = no_tools.then(|| &*LAST_TURN);
                    let now = scope.take_now(environment.sink);
                    let messages = messages(
                        &scope.run,
                        scope.session.as_deref(),
                        scope.window_start,
                        last_turn,
                    );
                    check_media(model, messages)?;
                    let call = ModelCall::new(environment.watch, &scope.run, turn, now);
                    let request = Request {
                        instructions: &instructions,
                        messages,
                        tools: Tools::new(&declarations),
                        tool_choice: if no_tools {
                            ToolChoice::None
                        } else {
                            ToolChoice::Auto
                        },
                        output: D::output_schema(dialect),
                        settings: scope.settings,
                        listener: call.as_ref().map(ModelCall::as_listener),
                    };
                    if let Some(call) = &call {
                        call.start(model, request);
                    }
                    // The reply is large, so each path moves it only once.
                    let (finish_reason, usage) =
                        match S::request(environment, model, request, turn, &mut scope.partial).await {
                            Ok(reply) => {
                                let ending = (reply.finish_reason, reply.usage);
                                match call.map(|call| call.started()) {
                                    None => scope.run.record_reply(reply.message, ending.0, ending.1),
                                    Some(started) => {
                                        let watch = environment.watch;
                                        scope.now =
                                            Some(watch.record(&mut scope.run, model, turn, started, reply));
                                    }
                                }
                                ending
                            }
                            Err(error) => {
                                return Err(failed(call.as_ref(), model, scope.partial.as_deref(), error));
                            }
                        };
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
                    let mut now = scope.take_now(environment.sink);
                    let caller = Caller {
                        tools: &tools,
                        agents: &agents,
                        model,
                        run: &scope.run,
                        environment,
                    };
                    // Boxed, so that a run reserves no memory for its calls while it waits for the model, which is most
                    // of the time.
                    let calls = Box::pin(call_all(
                        &caller,
                        &mut scope.outcomes,
                        &mut scope.nested,
                        &mut now,
                    ))
                    .await;
                    scope.now = now;
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
                            scope.run.accept_checked();
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
