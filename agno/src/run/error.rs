//! Why a run gave no answer, with the run so far inside.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Run;
use crate::model::{BoxError, ModelError, ModelErrorKind};

/// A result with agno's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a run gave no answer.
///
/// What the run had reached is inside: [`run`](Self::run) has its messages and what they cost, and
/// [`Agent::resume`](crate::Agent::resume) goes on from there. The text holds no prompt, reply or key.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<BoxError>,
    run: Option<Box<Run>>,
}

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The model gave no answer, for this reason.
    Model(ModelErrorKind),
    /// The run made as many requests as it may, and the model still wanted calls.
    TurnLimit,
    /// The model's answers did not fit the wanted shape.
    Output,
    /// The model refused to answer.
    Refused,
    /// Somebody cancelled the run.
    Cancelled,
    /// The run waits for a decision about some of its calls; see [`Run::waiting`].
    Paused,
    /// The decision was about a call that does not wait for one.
    NotWaiting,
    /// The agent is put together wrongly: two tools of one name, for instance.
    Configuration,
}

impl ErrorKind {
    /// A stable name for logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Model(kind) => kind.as_str(),
            Self::TurnLimit => "turn_limit",
            Self::Output => "output",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Paused => "paused",
            Self::NotWaiting => "not_waiting",
            Self::Configuration => "configuration",
        }
    }
}

impl Error {
    /// A failure of this kind, in words that say how to mend it.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            source: None,
            run: None,
        }))
    }

    /// With the error that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// With the run so far.
    #[must_use]
    pub fn with_run(mut self, run: Run) -> Self {
        self.0.run = Some(Box::new(run));
        self
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The run so far: its messages and what they cost.
    pub fn run(&self) -> Option<&Run> {
        self.0.run.as_deref()
    }

    /// The run so far, by value, to [`resume`](crate::Agent::resume) or to keep.
    pub fn into_run(self) -> Option<Run> {
        self.0.run.map(|run| *run)
    }

    /// The error without its run, and the run.
    pub(crate) fn split_run(mut self) -> (Self, Option<Run>) {
        let run = self.0.run.take().map(|run| *run);
        (self, run)
    }

    /// The model's error, when the model gave no answer.
    pub fn model_error(&self) -> Option<&ModelError> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// How long the provider asks to wait, when it does.
    pub fn retry_after(&self) -> Option<Duration> {
        self.model_error()?.retry_after()
    }

    /// Whether the same run may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.model_error().is_some_and(ModelError::is_retryable)
    }
}

impl From<ModelError> for Error {
    fn from(error: ModelError) -> Self {
        Self::new(ErrorKind::Model(error.kind()), "the model gave no answer").with_source(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    /// For `fn main() -> agno::Result<()>`, which prints this: the text, its causes, and how far the run came.
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
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
