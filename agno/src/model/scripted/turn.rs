//! Turns of a script: replies, streams, failures and hangs.

use std::fmt;
use std::time::Duration;

use crate::model::{Delta, ModelError, ModelErrorKind, Reply, Request};

pub(super) type Check = Box<dyn Fn(&Request<'_>) -> Result<(), String> + Send + Sync>;

/// One turn of a script.
///
/// ```
/// use agno::model::scripted::Turn;
/// use agno::ModelErrorKind;
/// use agno::model::{Delta, FinishReason, Reply};
/// use std::time::Duration;
///
/// let text = |text: &str| Delta::Text(text.to_owned());
/// // `ScriptedModel::turn` adds a turn to a script.
/// let turns = [
///     Turn::reply(Reply::text("Hello.")).with_delay(Duration::from_secs(3)),
///     Turn::stream([text("Hel"), text("lo."), Delta::Finish(FinishReason::Stop)]),
///     Turn::broken_stream([text("Hel")], ModelErrorKind::Truncated),
///     Turn::fault(ModelErrorKind::RateLimited).with_retry_after(Duration::from_secs(20)),
///     Turn::hang(),
/// ];
/// # let _ = turns;
/// ```
#[derive(Default)]
pub struct Turn {
    pub(super) checks: Vec<Check>,
    pub(super) delay: Duration,
    /// Pause before each delta of a stream except the first.
    pub(super) pace: Duration,
    pub(super) answer: ScriptedReply,
}

pub(super) enum ScriptedReply {
    Reply(Box<Reply>),
    Stream(Vec<Result<Delta, Fault>>),
    Fault(Fault),
    Hang,
}

impl Default for ScriptedReply {
    fn default() -> Self {
        Self::Reply(Box::default())
    }
}

/// A scripted failure.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    kind: ModelErrorKind,
    retry_after: Option<Duration>,
}

impl Fault {
    pub(super) fn error(&self) -> ModelError {
        ModelError::new(self.kind, format!("scripted fault: {}", self.kind.as_str()))
            .with_retry_after(self.retry_after)
    }
}

impl Turn {
    /// Creates a turn that answers with this reply.
    pub fn reply(reply: Reply) -> Self {
        Self {
            answer: ScriptedReply::Reply(Box::new(reply)),
            ..Self::default()
        }
    }

    /// Creates a turn that streams these deltas. A non-streaming request returns the reply that they add up to.
    pub fn stream(deltas: impl IntoIterator<Item = Delta>) -> Self {
        Self {
            answer: ScriptedReply::Stream(deltas.into_iter().map(Ok).collect()),
            ..Self::default()
        }
    }

    /// Creates a turn that streams these deltas and then fails with an error of this kind.
    pub fn broken_stream(deltas: impl IntoIterator<Item = Delta>, kind: ModelErrorKind) -> Self {
        let fault = Fault {
            kind,
            retry_after: None,
        };
        let stream = deltas.into_iter().map(Ok).chain([Err(fault)]).collect();
        Self {
            answer: ScriptedReply::Stream(stream),
            ..Self::default()
        }
    }

    /// Creates a turn that fails with an error of this kind.
    pub fn fault(kind: ModelErrorKind) -> Self {
        Self {
            answer: ScriptedReply::Fault(Fault {
                kind,
                retry_after: None,
            }),
            ..Self::default()
        }
    }

    /// Creates a turn that never answers.
    pub fn hang() -> Self {
        Self {
            answer: ScriptedReply::Hang,
            ..Self::default()
        }
    }

    /// Sets the delay before the answer, or before the first delta of a stream.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets the pause before each delta of a stream except the first.
    #[must_use]
    pub fn with_pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Sets the `retry_after` of the failure. Has no effect on a turn that does not fail.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Duration) -> Self {
        match &mut self.answer {
            ScriptedReply::Fault(fault) => fault.retry_after = Some(delay),
            ScriptedReply::Stream(deltas) => {
                if let Some(Err(fault)) = deltas.last_mut() {
                    fault.retry_after = Some(delay);
                }
            }
            ScriptedReply::Reply(_) | ScriptedReply::Hang => {}
        }
        self
    }

    /// Adds a check that the request must pass. On failure, `check` returns a description of the violation.
    ///
    /// ```
    /// use agno::model::scripted::Turn;
    /// use agno::model::Reply;
    ///
    /// let turn = Turn::reply(Reply::text("Hello.")).expect(|request| match request.tools.len() {
    ///     0 => Ok(()),
    ///     count => Err(format!("{count} tools instead of none")),
    /// });
    /// ```
    #[must_use]
    pub fn expect(
        mut self,
        check: impl Fn(&Request<'_>) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.checks.push(Box::new(check));
        self
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("delay", &self.delay)
            .finish_non_exhaustive()
    }
}

impl Turn {
    pub(super) fn calls(&self) -> usize {
        match &self.answer {
            ScriptedReply::Reply(reply) => reply.message.calls().count(),
            ScriptedReply::Stream(deltas) => deltas
                .iter()
                .filter(|delta| matches!(delta, Ok(Delta::CallStart { .. })))
                .count(),
            ScriptedReply::Fault(_) | ScriptedReply::Hang => 0,
        }
    }
}
