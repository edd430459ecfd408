//! The parts of an agent on which a run depends. The loop of a run uses only the traits in this file, so that the compiler
//! generates one loop for all erased agents and one for all nested runs, and a specialized loop for each agent that runs
//! statically.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use super::call_outcomes::Outcomes;
use super::calls::{Caller, call_all};
use super::checks::{check_agent_names, check_names};
use super::delegates::Delegates;
use super::environment::Environment;
use super::gather::{may_provide, provide_context};
use super::nested_slots::{may_delegate, nested_slots};
use super::scope::{NestedSlot, Scope};
use super::sink::EventSink;
use super::{AgentInfo, Declared};
use crate::message::{Message, ToolCall, ToolResult};
use crate::model::{Model, OutputSchema};
use crate::run::{Error, ErrorKind, Result, Run};
use crate::tool::{ToolSpec, Toolset};

/// The parts of an agent on which a run with a model of type `M` and a sink of type `S` depends. Every declaration implements
/// this trait.
pub(super) trait AgentParts<M: Model, S: EventSink>: Send + Sync {
    fn info(&self) -> &'static AgentInfo;

    /// Returns the function that returns the name of the declaration's type; see [`Declared::type_name`].
    fn type_name(&self) -> fn() -> &'static str;

    /// Returns the function that converts the arguments of another agent's call into the input.
    fn read_input(&self) -> fn(&str) -> Result<Message, ToolResult>;

    fn instructions(&self) -> Cow<'_, str>;

    /// Returns the number of tools and agents.
    fn tool_count(&self) -> usize;

    /// Calls `visit` with the spec of each tool and agent and its declaration in `dialect`, in order.
    fn declare(&self, dialect: M::Dialect, visit: &mut dyn FnMut(ToolSpec<'_>, &str));

    fn output_schema(&self, dialect: M::Dialect) -> Option<OutputSchema<'static>>;

    /// Checks the names of tools and agents that the compiler could not check.
    fn check_names(&self) -> Result<()>;

    /// Returns `true` if any call can be the call of an agent.
    fn may_delegate(&self) -> bool;

    /// Returns the result that ends the run, if the last answer called a tool whose result does.
    fn direct_result(&self, run: &Run) -> Option<String>;

    /// Stores the context for a request in the run. Returns `None` if there are no providers.
    fn provide_context<'r>(
        &'r self,
        scope: &'r mut Scope<'_>,
        turn: u32,
    ) -> Option<BoxFuture<'r, Result<()>>>;

    /// Creates the slots of the pending calls of agents.
    fn nested_slots(&self, run: &mut Run) -> Result<Vec<NestedSlot>>;

    /// Makes the pending calls. Boxed, so that a run reserves no memory for its calls while it waits for the model, which is
    /// most of the time.
    fn call_all<'r>(
        &'r self,
        model: &'r M,
        run: &'r Run,
        environment: &'r Environment<'_, S>,
        outcomes: &'r mut Outcomes,
        nested: &'r mut [NestedSlot],
        now: &'r mut Option<Instant>,
    ) -> BoxFuture<'r, Result<()>>;
}

impl<D: Declared, M: Model, S: EventSink> AgentParts<M, S> for D {
    #[inline]
    fn info(&self) -> &'static AgentInfo {
        D::INFO
    }

    #[inline]
    fn type_name(&self) -> fn() -> &'static str {
        D::type_name
    }

    fn read_input(&self) -> fn(&str) -> Result<Message, ToolResult> {
        D::input
    }

    #[inline]
    fn instructions(&self) -> Cow<'_, str> {
        Declared::instructions(self)
    }

    #[inline]
    fn tool_count(&self) -> usize {
        tool_count(&self.tools(), &self.agents())
    }

    fn declare(&self, dialect: M::Dialect, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        self.tools().declare(dialect, visit);
        self.agents().declare(dialect, visit);
    }

    #[inline]
    fn output_schema(&self, dialect: M::Dialect) -> Option<OutputSchema<'static>> {
        D::output_schema(dialect)
    }

    #[inline]
    fn check_names(&self) -> Result<()> {
        let tools = self.tools();
        check_names(&tools)?;
        check_agent_names(&tools, &self.agents())
    }

    #[inline]
    fn may_delegate(&self) -> bool {
        may_delegate(&self.tools(), &self.agents())
    }

    #[inline]
    fn direct_result(&self, run: &Run) -> Option<String> {
        let tools = self.tools();
        if may_return_direct(&tools) {
            direct_result(&tools, run)
        } else {
            None
        }
    }

    #[inline]
    fn provide_context<'r>(
        &'r self,
        scope: &'r mut Scope<'_>,
        turn: u32,
    ) -> Option<BoxFuture<'r, Result<()>>> {
        let context = self.context();
        if may_provide(&context) {
            Some(Box::pin(provide_context(context, scope, turn)))
        } else {
            None
        }
    }

    fn nested_slots(&self, run: &mut Run) -> Result<Vec<NestedSlot>> {
        nested_slots(&self.tools(), &self.agents(), run, D::INFO.name)
    }

    #[inline]
    fn call_all<'r>(
        &'r self,
        model: &'r M,
        run: &'r Run,
        environment: &'r Environment<'_, S>,
        outcomes: &'r mut Outcomes,
        nested: &'r mut [NestedSlot],
        now: &'r mut Option<Instant>,
    ) -> BoxFuture<'r, Result<()>> {
        let caller = Caller {
            tools: self.tools(),
            agents: self.agents(),
            model,
            run,
            environment,
        };
        Box::pin(call_all(caller, outcomes, nested, now))
    }
}

/// Converts an answer into the output of a run: [`Typed`], or a function for runs of erased agents and nested runs.
pub(super) trait ReadOutput: Copy + Send + Sync {
    type Output: Send;

    fn read(self, text: &str) -> Result<Self::Output, String>;
}

/// Reads the typed output of a declaration.
pub(super) struct Typed<D>(PhantomData<fn() -> D>);

impl<D> Typed<D> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<D> Clone for Typed<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Typed<D> {}

impl<D: Declared> ReadOutput for Typed<D> {
    type Output = D::Output;

    #[inline]
    fn read(self, text: &str) -> Result<D::Output, String> {
        D::parse_output(text)
    }
}

impl<O: Send> ReadOutput for fn(&str) -> Result<O, String> {
    type Output = O;

    fn read(self, text: &str) -> Result<O, String> {
        self(text)
    }
}

/// Reads the output as JSON. The inner error is for an output that cannot be serialized.
pub(super) fn read_json<D: Declared<Output: Serialize>>(text: &str) -> Result<Result<Value>, String> {
    let output = D::parse_output(text)?;
    Ok(serde_json::to_value(&output).map_err(not_serializable))
}

/// Checks the output and drops it, for nested runs, whose caller uses the text.
pub(super) fn check_output<D: Declared>(text: &str) -> Result<(), String> {
    D::parse_output(text).map(drop)
}

#[cold]
fn not_serializable(error: serde_json::Error) -> Error {
    Error::new(
        ErrorKind::Output,
        "the agent's output could not be serialized as JSON",
    )
    .with_source(error)
}

/// Parses the last answer. Tries the last text part as well, because earlier parts may contain reasoning.
#[inline]
pub(super) fn parse_output<X: ReadOutput>(reader: X, run: &Run) -> Result<X::Output, String> {
    // Catch panics in the output's `Deserialize` implementation. The panic message may contain parts of the answer.
    let parse = |text: &str| match catch_unwind(AssertUnwindSafe(|| reader.read(text))) {
        Ok(parsed) => parsed,
        Err(_panic) => Err("the `Deserialize` implementation of the output panicked".to_owned()),
    };
    let problem = match parse(&run.text()) {
        Ok(output) => return Ok(output),
        Err(problem) => problem,
    };
    match run.last_text().map(parse) {
        Some(Ok(output)) => Ok(output),
        _ => Err(problem),
    }
}

fn tool_count<T: Toolset, A: Delegates>(tools: &T, _agents: &A) -> usize {
    tools.len() + const { A::STATIC.len() }
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
