//! The loop that drives every run. Sends requests to the model, calls the tools, checks the answer, and emits events.
//!
//! `run` and `stream` use this loop with different sinks. The state of a run is in its [`Scope`], outside the loop's
//! future, so nothing is lost when that future is dropped or a token is cancelled.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::calls::{Caller, call_all};
use super::checks::{check_capabilities, check_media, check_names};
use super::scope::Scope;
use super::sink::EventSink;
use super::{Agent, Declared};
use crate::message::{Message, Part, ToolCall};
use crate::model::{
    Declarations, FinishReason, Messages, Model, ModelId, Request, ToolChoice, ToolDeclaration, Tools,
};
use crate::run::{Answer, Error, ErrorKind, Event, Result, Run, Step, StopReason, WaitsFor};
use crate::schema::{AnyDialect, Dialect};
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
pub(super) fn drive<'a, D: Declared + 'a, M: Model + 'a, S: EventSink<D::Output> + 'a>(
    start_run: impl FnOnce() -> (&'a Agent<D, M>, Scope<'a>) + Send + 'a,
    mut sink: S,
) -> impl Future<Output = Result<Answer<D::Output>>> + Send + 'a {
    async move {
        let started = Instant::now();
        let (agent, mut scope) = start_run();
        let outcome = match scope.cancellation {
            None => turns(agent, &mut scope, &mut sink, None).await,
            // Boxed, so that runs without a token reserve no memory for this future.
            Some(token) => Box::pin(cancellable_turns(token, agent, &mut scope, &mut sink)).await,
        };
        match outcome {
            Ok(output) => Ok(scope.succeed(output, started.elapsed())),
            Err(error) => Err(scope.fail(error)),
        }
    }
}

/// Executes steps until there is an answer or an error, or until the token is cancelled.
async fn cancellable_turns<D: Declared, M: Model, S: EventSink<D::Output>>(
    token: &CancellationToken,
    agent: &Agent<D, M>,
    scope: &mut Scope<'_>,
    sink: &mut S,
) -> Result<D::Output> {
    let for_tools = Cancellation {
        run: token.clone(),
        tools: CancellationToken::new(),
    };
    let mut cancelled = pin!(token.cancelled());
    let mut turns = pin!(turns(agent, scope, sink, Some(&for_tools)));
    poll_fn(|context| {
        let is_cancelled = cancelled.as_mut().poll(context).is_ready();
        if is_cancelled {
            for_tools.tools.cancel();
        }
        match turns.as_mut().poll(context) {
            Poll::Pending if is_cancelled => Poll::Ready(Err(stop_error(StopReason::Cancelled, 0))),
            polled => polled,
        }
    })
    .await
}

/// Executes steps until there is an answer or an error.
async fn turns<D: Declared, M: Model, S: EventSink<D::Output>>(
    agent: &Agent<D, M>,
    scope: &mut Scope<'_>,
    sink: &mut S,
    for_tools: Option<&Cancellation>,
) -> Result<D::Output> {
    let tools = agent.declaration.tools();
    let dialect = agent.model.dialect();
    let declarations = DialectTools {
        tools: &tools,
        dialect,
    };
    let instructions = agent.declaration.instructions();
    let output = D::output_schema(dialect);
    check_names(&tools)?;
    check_capabilities(&agent.model, !tools.is_empty(), output.is_some())?;

    let run_id = scope.run.id();
    sink.emit(|| Event::Started { run_id }).await;
    loop {
        match scope.run.next() {
            Step::Ask { turn, last } => {
                if scope.cancellation.is_some_and(CancellationToken::is_cancelled) {
                    return Err(stop_error(StopReason::Cancelled, turn));
                }
                if may_return_direct(&tools)
                    && let Some(text) = direct_result(&tools, &scope.run)
                {
                    scope.run.finish_with(text.clone());
                    sink.emit(|| Event::Text { delta: text }).await;
                    continue;
                }
                sink.emit(|| Event::TurnStarted { turn }).await;
                let no_tools = last && !tools.is_empty();
                let last_turn = no_tools.then(|| &*LAST_TURN);
                let request = Request {
                    instructions: &instructions,
                    messages: Messages::new(scope.run.messages())
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
                };
                check_media(&agent.model, request.messages)?;
                let reply = sink
                    .send_request(&agent.model, request, turn, &mut scope.partial)
                    .await?;
                let (finish_reason, usage) = (reply.finish_reason, reply.usage);
                scope.run.reply(reply);
                sink.emit(|| Event::TurnFinished {
                    turn,
                    finish_reason,
                    usage,
                })
                .await;
            }
            Step::Call(_) => {
                let caller = Caller {
                    tools: &tools,
                    run: &scope.run,
                    cancellation: for_tools,
                    idle: sink.idle_clock(),
                };
                // Boxed, so that a run reserves no memory for its calls while it waits for the model, which is most
                // of the time.
                Box::pin(call_all(&caller, &mut scope.outcomes, sink)).await;
                if scope.record_calls() == 0 {
                    return Err(no_progress_error());
                }
            }
            Step::Pause => return Err(pause_error(&scope.run)),
            Step::Check => {
                check_refusal(&scope.run, &agent.model.id())?;
                match parse_output::<D>(&scope.run) {
                    Ok(output) => {
                        scope.run.accept();
                        return Ok(output);
                    }
                    Err(reason) => {
                        scope.run.reject(&reason);
                        scope.rejected = Some(reason.clone());
                        sink.emit(move || Event::OutputRejected { reason }).await;
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

/// The tools of an agent in the dialect of one model.
struct DialectTools<'a, T, D> {
    tools: &'a T,
    dialect: D,
}

impl<T: Toolset, D: Dialect> Declarations for DialectTools<'_, T, D> {
    fn len(&self) -> usize {
        self.tools.len()
    }

    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        self.tools
            .declare(self.dialect.narrow(dialect), &mut |spec, json| {
                visit(ToolDeclaration::new(spec.name, spec.description, json));
            });
    }
}

/// Returns an error if the model refused to answer, even if the refusal matches the output type.
fn check_refusal(run: &Run, model: &ModelId<'_>) -> Result<()> {
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
    let message =
        format!("{model} refused to answer; its explanation, if any, is in the last message of the run");
    Err(Error::new(ErrorKind::Refused, message))
}

/// Returns the error for a run that is waiting.
fn pause_error(run: &Run) -> Error {
    let calls: Vec<String> = run
        .waiting()
        .map(|waiting| {
            let (name, id) = (&waiting.call.name, &waiting.call.id);
            match waiting.waits_for {
                WaitsFor::Approval => format!("`{name}` for approval (call `{id}`)"),
                WaitsFor::ExternalResult => format!("`{name}` for a result (call `{id}`)"),
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
