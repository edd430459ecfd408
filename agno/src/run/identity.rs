//! The identity of a run: its ID, the time of its start, its agent and its parent.

use std::borrow::Cow;
use std::time::SystemTime;

use super::{Run, RunId};

/// Identity. An ID never changes: a resumed run, a clone and a deserialized run have the ID of the original.
impl Run {
    /// Returns the ID of the run.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Returns the time when the run was created, which its ID contains, or `None` if it was created by a version of
    /// agno that wrote format 1. See [`RunId::created_at`].
    pub fn started_at(&self) -> Option<SystemTime> {
        self.id.created_at()
    }

    /// Returns the name of the agent that started the run. It is empty for a run that no agent started, and for a run
    /// of format 1.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// Sets the name of the agent. An agent sets its own name on each run that it starts.
    ///
    /// ```
    /// use agno::Run;
    /// use agno::run::Limits;
    ///
    /// let run = Run::new("What is the weather in Oslo?", Limits::default()).with_agent("Forecaster");
    /// assert_eq!(run.agent(), "Forecaster");
    /// ```
    #[must_use]
    #[inline]
    pub fn with_agent(mut self, agent: impl Into<Cow<'static, str>>) -> Self {
        self.agent = agent.into();
        self
    }

    /// Returns the ID of the run whose tool started this run, or `None` for a run that no tool started.
    pub fn parent(&self) -> Option<RunId> {
        self.parent
    }

    /// Sets the ID of the run whose tool started this run.
    ///
    /// ```
    /// use agno::Run;
    /// use agno::run::Limits;
    ///
    /// let parent = Run::new("Plan a trip to Oslo.", Limits::default());
    /// let run = Run::new("Find a hotel.", Limits::default()).with_parent(parent.id());
    /// assert_eq!(run.parent(), Some(parent.id()));
    /// assert!(parent.id() < run.id() && parent.started_at() <= run.started_at());
    /// ```
    #[must_use]
    pub fn with_parent(mut self, parent: RunId) -> Self {
        self.parent = Some(parent);
        self
    }
}
