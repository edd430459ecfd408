//! The error type of runs, which contains the run so far.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Run;
use crate::model::{BoxError, ModelError, ModelErrorKind};

/// A `Result` whose error type defaults to [`Error`].
///
/// ```
/// use agno::prelude::*;
///
/// async fn greet(agent: &Agent<impl Declared, impl Model>) -> agno::Result<String> {
///     Ok(agent.run("Hello").await?.into_text())
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error of a run that ended without an answer.
///
/// The error contains the run so far: [`run`](Self::run) returns it with its messages and usage, and
/// [`Agent::resume`](crate::Agent::resume) continues it. The error message contains no prompts, replies or keys.
///
/// ```
/// use agno::model::ScriptedModel;
/// use agno::prelude::*;
/// use agno::{ErrorKind, ModelErrorKind};
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let agent = Assistant.with(ScriptedModel::new().fault(ModelErrorKind::Overloaded));
/// let error = agent.run("Hi").await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Model(ModelErrorKind::Overloaded));
/// assert!(error.is_retryable());
/// assert_eq!(error.run().unwrap().messages()[0].text(), "Hi");
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<BoxError>,
    run: Option<Box<Run>>,
}

/// The kind of an [`Error`].
///
/// ```
/// use agno::{ErrorKind, ModelErrorKind};
///
/// assert_eq!(ErrorKind::TurnLimit.as_str(), "turn_limit");
/// assert_eq!(ErrorKind::Model(ModelErrorKind::Timeout).as_str(), "timeout");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The model failed with this kind of error.
    Model(ModelErrorKind),
    /// The run reached its turn limit without an answer.
    TurnLimit,
    /// The model's answers did not match the output type.
    Output,
    /// The model refused to answer.
    Refused,
    /// The run was cancelled.
    Cancelled,
    /// At least one call of the run is waiting for a decision or an external result; see [`Run::waiting`].
    Paused,
    /// A decision or an external result was provided for a call that is not waiting for it.
    NotWaiting,
    /// A context provider failed.
    Context,
    /// Agents called each other more deeply than their declarations allow.
    TooDeep,
    /// A session could not be opened in its store, or a run could not be stored. The source is a
    /// [`StoreError`](crate::store::StoreError), which contains the entry that was not stored.
    Store,
    /// The agent is configured incorrectly, for example with two tools of the same name.
    Configuration,
}

impl ErrorKind {
    /// Returns a stable name for logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Model(kind) => kind.as_str(),
            Self::TurnLimit => "turn_limit",
            Self::Output => "output",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Paused => "paused",
            Self::NotWaiting => "not_waiting",
            Self::Context => "context",
            Self::TooDeep => "too_deep",
            Self::Store => "store",
            Self::Configuration => "configuration",
        }
    }
}

impl Error {
    /// Creates an error from a kind and a message that explains the fix.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            source: None,
            run: None,
        }))
    }

    /// Sets the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Attaches the run so far.
    #[must_use]
    pub fn with_run(mut self, run: Run) -> Self {
        self.0.run = Some(Box::new(run));
        self
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the run so far, with its messages and usage.
    pub fn run(&self) -> Option<&Run> {
        self.0.run.as_deref()
    }

    /// Converts the error into the run so far, which [`resume`](crate::Agent::resume) accepts.
    pub fn into_run(self) -> Option<Run> {
        self.0.run.map(|run| *run)
    }

    /// Separates the run from the error and returns both.
    pub(crate) fn split_run(mut self) -> (Self, Option<Run>) {
        let run = self.0.run.take().map(|run| *run);
        (self, run)
    }

    /// Returns the model error that caused this error, if any. Both errors have the same message.
    pub fn model_error(&self) -> Option<&ModelError> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// Returns the delay that the provider requests before the next attempt, if any.
    pub fn retry_after(&self) -> Option<Duration> {
        self.model_error()?.retry_after()
    }

    /// Returns `true` if the same run may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.model_error().is_some_and(ModelError::is_retryable)
    }
}

impl From<ModelError> for Error {
    fn from(error: ModelError) -> Self {
        Self::new(ErrorKind::Model(error.kind()), error.to_string()).with_source(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    /// Prints the message, its causes and the progress of the run, because `fn main() -> agno::Result<()>` prints
    /// errors in this format.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.0.message, self.0.kind.as_str())?;
        let mut source = self.source();
        while let Some(cause) = source {
            write!(f, "\n  caused by: {cause}")?;
            source = cause.source();
        }
        if let Some(run) = self.run() {
            write!(
                f,
                "\n  the run so far: {} message(s) in {} turn(s)",
                run.messages().len(),
                run.turns()
            )?;
        }
        Ok(())
    }
}

impl StdError for Error {
    /// Returns the cause. A model error is skipped, because this error has the same message. A log of the message alone
    /// is therefore complete, and a log of the chain repeats nothing.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.model_error() {
            Some(error) => error.source(),
            None => self.0.source.as_deref().map(|source| source as _),
        }
    }
}
