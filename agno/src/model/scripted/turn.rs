//! One answer of a script: a reply, a stream, a failure, silence.

use std::fmt;
use std::time::Duration;

use crate::model::{Delta, ModelError, ModelErrorKind, Reply, Request};

pub(super) type Check = Box<dyn Fn(&Request<'_>) -> Result<(), String> + Send + Sync>;

/// One answer of a script.
#[derive(Default)]
pub struct Turn {
    pub(super) checks: Vec<Check>,
    pub(super) delay: Duration,
    /// Before each further piece of a stream.
    pub(super) pace: Duration,
    pub(super) answer: Answer,
}

pub(super) enum Answer {
    Reply(Box<Reply>),
    Stream(Vec<Result<Delta, Fault>>),
    Fault(Fault),
    Hang,
}

impl Default for Answer {
    fn default() -> Self {
        Self::Reply(Box::default())
    }
}

/// What goes wrong in a script.
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
    /// A turn that answers this reply.
    pub fn reply(reply: Reply) -> Self {
        Self {
            answer: Answer::Reply(Box::new(reply)),
            ..Self::default()
        }
    }

    /// A turn that streams these pieces. Asked whole, it answers what they add up to.
    pub fn stream(deltas: impl IntoIterator<Item = Delta>) -> Self {
        Self {
            answer: Answer::Stream(deltas.into_iter().map(Ok).collect()),
            ..Self::default()
        }
    }

    /// A turn that streams these pieces, then fails.
    pub fn broken_stream(deltas: impl IntoIterator<Item = Delta>, kind: ModelErrorKind) -> Self {
        let fault = Fault {
            kind,
            retry_after: None,
        };
        let stream = deltas.into_iter().map(Ok).chain([Err(fault)]).collect();
        Self {
            answer: Answer::Stream(stream),
            ..Self::default()
        }
    }

    /// A turn that fails.
    pub fn fault(kind: ModelErrorKind) -> Self {
        Self {
            answer: Answer::Fault(Fault {
                kind,
                retry_after: None,
            }),
            ..Self::default()
        }
    }

    /// A turn that never answers.
    pub fn hang() -> Self {
        Self {
            answer: Answer::Hang,
            ..Self::default()
        }
    }

    /// After this long; in a stream, before the first piece.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// In a stream, each piece after the first this long after the one before.
    #[must_use]
    pub fn with_pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// With a failure that asks to wait this long.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Duration) -> Self {
        match &mut self.answer {
            Answer::Fault(fault) => fault.retry_after = Some(delay),
            Answer::Stream(deltas) => {
                if let Some(Err(fault)) = deltas.last_mut() {
                    fault.retry_after = Some(delay);
                }
            }
            Answer::Reply(_) | Answer::Hang => {}
        }
        self
    }

    /// Only when the request holds to this; the text says what is wrong.
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
            Answer::Reply(reply) => reply.message.calls().count(),
            Answer::Stream(deltas) => deltas
                .iter()
                .filter(|delta| matches!(delta, Ok(Delta::CallStart { .. })))
                .count(),
            Answer::Fault(_) | Answer::Hang => 0,
        }
    }
}
