//! The options of a run, shared by static, erased and owned invocations.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::message::Message;
use crate::model::Settings;
use crate::observe::Observer;
use crate::run::{Limits, Run};
use crate::session::Session;

/// The options of a run that borrows what it needs.
pub(super) struct Options<'a> {
    pub(super) session: Option<&'a mut Session>,
    pub(super) cancellation: Option<&'a CancellationToken>,
    pub(super) settings: Option<&'a Settings>,
    pub(super) limits: ChangedLimits,
    /// The observer of an erased agent. A pointer to its pointer takes less memory in the runs of other agents.
    pub(super) observer: Option<&'a Arc<dyn Observer + 'a>>,
}

impl Options<'_> {
    /// No options.
    pub(super) const NONE: Self = Self {
        session: None,
        cancellation: None,
        settings: None,
        limits: ChangedLimits {
            all: None,
            max_turns: None,
        },
        observer: None,
    };
}

/// The limits that an invocation changes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ChangedLimits {
    pub(super) all: Option<Limits>,
    pub(super) max_turns: Option<u32>,
}

impl ChangedLimits {
    /// Returns the limits of the run, given those of the agent or of the resumed run.
    #[inline]
    pub(super) fn applied_to(self, limits: Limits) -> Limits {
        let limits = self.all.unwrap_or(limits);
        self.max_turns
            .map_or(limits, |max_turns| limits.with_max_turns(max_turns))
    }
}

/// The options of a run that owns what it needs.
#[derive(Default)]
pub(super) struct OwnedOptions {
    pub(super) session: Option<Session>,
    pub(super) cancellation: Option<CancellationToken>,
    pub(super) settings: Option<Box<Settings>>,
    pub(super) limits: ChangedLimits,
}

impl OwnedOptions {
    /// Lends the options to a run.
    pub(super) fn lend(&mut self) -> Options<'_> {
        Options {
            session: self.session.as_mut(),
            cancellation: self.cancellation.as_ref(),
            settings: self.settings.as_deref(),
            limits: self.limits,
            observer: None,
        }
    }
}

/// The starting point of a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Start {
    /// A user message.
    Input(Message),
    /// A run that stopped or paused.
    Run(Box<Run>),
}

impl Start {
    #[inline]
    pub(super) fn is_resumed(&self) -> bool {
        matches!(self, Self::Run(_))
    }
}

/// The type parameter of an [`Invocation`](super::Invocation) that has no input yet.
#[derive(Debug, Clone, Copy)]
pub struct NoInput;

/// Generates the methods of a builder that set the options of a run that borrows what it needs.
macro_rules! option_methods {
    ($lifetime:lifetime) => {
        /// Sets the session. The session's history precedes the input, and the run's messages are appended to the session,
        /// however the run ends.
        pub fn session(mut self, session: &$lifetime mut Session) -> Self {
            self.options.session = Some(session);
            self
        }

        /// Sets the token that cancels the run.
        pub fn cancellation(mut self, token: &$lifetime CancellationToken) -> Self {
            self.options.cancellation = Some(token);
            self
        }

        /// Sets the model settings.
        pub fn settings(mut self, settings: &$lifetime Settings) -> Self {
            self.options.settings = Some(settings);
            self
        }

        $crate::agent::options::limit_methods!();
    };
}

/// Generates the methods of a builder that set the limits of a run.
macro_rules! limit_methods {
    () => {
        /// Sets the limits, which replace the limits of the agent or of the resumed run.
        pub fn limits(mut self, limits: Limits) -> Self {
            self.options.limits.all = Some(limits);
            self
        }

        /// Sets the maximum number of requests; 0 is treated as 1. The earlier requests of a resumed run count as well.
        pub fn max_turns(mut self, max_turns: u32) -> Self {
            self.options.limits.max_turns = Some(max_turns);
            self
        }
    };
}

pub(super) use {limit_methods, option_methods};
