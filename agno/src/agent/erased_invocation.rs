//! A single run of an erased agent that has not started.

use std::fmt;

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::RunStream;
use super::erased::{AnyAgent, stream};
use super::options::{NoInput, Options, Start, option_methods};
use super::sink::ErasedSink;
use crate::message::Message;
use crate::model::Settings;
use crate::run::{Answer, Limits, Result, Run};
use crate::session::Session;

/// The input and the options of a run of an erased agent that has not started; see [`Invocation`](super::Invocation).
#[must_use = "an invocation does nothing until it is run or streamed"]
pub struct ErasedInvocation<'a, S = NoInput> {
    pub(super) agent: &'a (dyn AnyAgent + 'a),
    pub(super) options: Options<'a>,
    pub(super) start: S,
}

impl<'a, S> ErasedInvocation<'a, S> {
    option_methods!('a);

    fn with_start<N>(self, start: N) -> ErasedInvocation<'a, N> {
        ErasedInvocation {
            agent: self.agent,
            options: self.options,
            start,
        }
    }
}

impl<'a> ErasedInvocation<'a> {
    /// Sets the input message.
    pub fn input(self, input: impl Into<Message>) -> ErasedInvocation<'a, Start> {
        self.with_start(Start::Input(input.into()))
    }

    /// Runs the agent with an input message.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`ErasedAgent::run`](super::ErasedAgent::run).
    pub fn run(self, input: impl Into<Message>) -> BoxFuture<'a, Result<Answer<Value>>> {
        self.input(input).run()
    }

    /// Resumes a run that stopped or paused.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`ErasedAgent::run`](super::ErasedAgent::run).
    pub fn resume(self, run: Run) -> BoxFuture<'a, Result<Answer<Value>>> {
        self.with_start(Start::Run(Box::new(run))).run()
    }

    /// Runs the agent with an input message and streams the events.
    pub fn stream(self, input: impl Into<Message>) -> RunStream<'a, Value> {
        self.input(input).stream()
    }

    /// Resumes a run that stopped or paused, and streams the events.
    pub fn resume_stream(self, run: Run) -> RunStream<'a, Value> {
        self.with_start(Start::Run(Box::new(run))).stream()
    }
}

impl<'a> ErasedInvocation<'a, Start> {
    /// Runs the agent.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`ErasedAgent::run`](super::ErasedAgent::run).
    pub fn run(self) -> BoxFuture<'a, Result<Answer<Value>>> {
        self.agent.drive(self.options, self.start, ErasedSink(None))
    }

    /// Runs the agent and streams the events.
    pub fn stream(self) -> RunStream<'a, Value> {
        stream(self.agent, self.options, self.start)
    }
}

impl<S> fmt::Debug for ErasedInvocation<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasedInvocation")
            .field("agent", &self.agent.info().name)
            .finish_non_exhaustive()
    }
}
