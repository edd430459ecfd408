//! The loop that drives every run. Sends requests to the model, calls the tools, checks the answer, and emits events.
//!
//! `run` and `stream` use this loop with different sinks. The state of a run is in its [`Scope`], outside the loop's
//! future, so nothing is lost when that future is dropped or a token is cancelled.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::checks::{check_capabilities, check_media};
use super::declared_tools::DeclaredTools;
use super::environment::{Ancestry, Budget, Environment};
use super::failures::{
    budget_error, check_refusal, no_progress_error, output_error, pause_error, stop_error,
};
use super::parts::{AgentParts, ReadOutput, parse_output};
use super::scope::{Scope, messages};
use super::sink::EventSink;
use super::unstarted::Unstarted;
use super::watch::{ModelCall, Watch, either, enabled};
use crate::message::Message;
use crate::model::{Declarations, Model, ModelError, ReplyBuilder, Request, ToolChoice, Tools};
use crate::observe::{Observation, global};
use crate::run::{Answer, CallPath, Error, Event, Result, Step, StopReason};
use crate::tool::Cancellation;

/// Drives a run to completion.
///
/// This is not an `async fn`, which would store its arguments twice. An `async` block uses its captures in place, which
/// keeps waiting runs small.
#[expect(
    clippy::manual_async_fn,
    reason = "an `async fn` stores its arguments twice; see above"
)]
#[inline]
pub(super) fn drive<'a, U: Unstarted<'a, M, S>, M: Model + 'a, S: EventSink>(
    mut unstarted: U,
    sink: S,
) -> impl Future<Output = Result<Answer<<U::Reader as ReadOutput>::Output>>> + Send + use<'a, U, M, S> {
    async move {
        // The scope reports the end of the run when it is dropped, so these variables must outlive it.
        let (observers, watch);
        let started = Instant::now();
        let (agent, model, reader) = (unstarted.agent(), unstarted.model(), unstarted.reader());
        let (token, is_resumed) = (unstarted.options().cancellation, unstarted.is_resumed());
        let second = either(unstarted.options().observer, global());
        observers = (unstarted.take_observer(), second);
        watch = Watch {
            observer: enabled(&observers),
            agent: agent.info().name,
            path: const { &CallPath::ROOT },
        };
        let mut scope = unstarted.start(started.into_std());
        scope.watch(&watch, Some(started), is_resumed);
        let scope = &mut scope;
        let budget = Budget::unlimited();
        let ancestry = Ancestry {
            above: None,
            name: watch.agent,
            declaration: agent.type_name(),
        };
        let environment = Environment {
            sink: &sink,
            run_id: scope.run.id(),
            watch: &watch,
            ancestry: &ancestry,
            cancellation: None,
            budget: &budget,
        };
        let outcome = match token {
            None => turns(agent, model, reader, scope, &environment).await,
            // Boxed, so that runs without a token reserve no memory for this future.
            Some(token) => Box::pin(cancellable_turns(token, agent, model, reader, scope, environment)).await,
        };
        match outcome {
            Ok(output) => scope.succeed(output),
            Err(error) => Err(scope.fail(error)),
        }
    }
}

/// Executes steps until there is an answer or an error, or until the token is cancelled.
async fn cancellable_turns<P: AgentParts<M, S> + ?Sized, M: Model, X: ReadOutput, S: EventSink>(
    token: &CancellationToken,
    agent: &P,
    model: &M,
    reader: X,
    scope: &mut Scope<'_>,
    environment: Environment<'_, S>,
) -> Result<X::Output> {
    let cancellation = Cancellation {
        run: token.clone(),
        tools: CancellationToken::new(),
    };
    let environment = Environment {
        cancellation: Some(&cancellation),
        ..environment
    };
    let mut cancelled = pin!(token.cancelled());
    let mut turns = pin!(turns(agent, model, reader, scope, &environment));
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
pub(super) fn turns<'r, P: AgentParts<M, S> + ?Sized, M: Model, X: ReadOutput + 'r, S: EventSink>(
    agent: &'r P,
    model: &'r M,
    reader: X,
    scope: &'r mut Scope<'_>,
    environment: &'r Environment<'_, S>,
) -> impl Future<Output = Result<X::Output>> + Send + 'r {
    async move {
        let dialect = model.dialect();
        let declarations = DeclaredTools::new(agent, model);
        let has_tools = !declarations.is_empty();
        let instructions = agent.instructions();
        agent.check_names()?;
        check_capabilities(model, has_tools, agent.output_schema(dialect).is_some())?;

        let is_nested = environment.ancestry.above.is_some();
        if agent.may_delegate() && !is_nested {
            environment.budget.start(&scope.run);
        }
        environment.emit(|| Event::Started).await;
        loop {
            match scope.run.next() {
                Step::Ask { turn, last } => {
                    if environment.is_cancelled() {
                        return Err(stop_error(StopReason::Cancelled, turn));
                    }
                    if let Some(text) = agent.direct_result(&scope.run) {
                        scope.run.finish_with(text.clone());
                        environment.emit(|| Event::Text { delta: text }).await;
                        continue;
                    }
                    if (agent.may_delegate() || is_nested)
                        && let Err(limit) = environment.budget.reserve()
                    {
                        return Err(budget_error(limit));
                    }
                    if let Some(provided) = agent.provide_context(scope, turn) {
                        provided.await?;
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
                        output: agent.output_schema(dialect),
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
                    if agent.may_delegate() {
                        scope.nested = agent.nested_slots(&mut scope.run)?;
                    }
                    let mut now = scope.take_now(environment.sink);
                    let calls = agent
                        .call_all(
                            model,
                            &scope.run,
                            environment,
                            &mut scope.outcomes,
                            &mut scope.nested,
                            &mut now,
                        )
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
                    match parse_output(reader, &scope.run) {
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
                    return parse_output(reader, &scope.run)
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

/// The message that closes the last request of a run.
static LAST_TURN: LazyLock<Message> = LazyLock::new(|| {
    Message::user(
        "This is your last turn. You can no longer call tools. Answer now with the information you have.",
    )
});
