//! Limits that stop a run without an answer, so that a model cannot loop forever.

use serde::{Deserialize, Serialize};

use super::{Run, Status, StopReason};

/// The limits of a run. `#[agent(max_turns = ..., max_output_retries = ...)]` sets the defaults of an agent; a single
/// run can override them.
///
/// ```
/// use agno::run::Limits;
///
/// const SHORT: Limits = Limits::DEFAULT.with_max_turns(3).with_max_output_retries(0);
/// assert_eq!(SHORT.max_turns, 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// Maximum number of requests to the model, at least 1. The last request disables tools, so the model must answer.
    pub max_turns: u32,
    /// Maximum number of retries after answers that do not match the `output` type.
    pub max_output_retries: u32,
    /// Maximum number of calls that are made per turn. The model receives an error for each additional call.
    #[serde(default = "Limits::default_calls_per_turn")]
    pub max_calls_per_turn: u32,
    /// Maximum number of calls that run at the same time, at least 1. Additional calls in the turn wait.
    #[serde(default = "Limits::default_concurrent_calls")]
    pub max_concurrent_calls: u32,
    /// Maximum number of requests of the run and the runs of its agents together. `max_turns` applies to each run alone,
    /// and a run may always make that many requests.
    #[serde(default = "Limits::default_total_turns")]
    pub max_total_turns: u32,
}

impl Limits {
    /// The default limits: 10 requests, 2 retries after rejected answers, and 128 calls per turn, of which up to 32 run
    /// at the same time. With the runs of other agents that the agent calls, 100 requests.
    pub const DEFAULT: Self = Self {
        max_turns: 10,
        max_output_retries: 2,
        max_calls_per_turn: 128,
        max_concurrent_calls: 32,
        max_total_turns: 100,
    };

    /// Sets the maximum number of requests; 0 is treated as 1.
    #[must_use]
    pub const fn with_max_turns(mut self, max_turns: u32) -> Self {
        self.max_turns = if max_turns == 0 { 1 } else { max_turns };
        self
    }

    /// Sets the maximum number of retries after rejected answers.
    #[must_use]
    pub const fn with_max_output_retries(mut self, retries: u32) -> Self {
        self.max_output_retries = retries;
        self
    }

    /// Sets the maximum number of calls that are made per turn.
    ///
    /// ```
    /// use agno::run::Limits;
    ///
    /// let limits = Limits::DEFAULT.with_max_calls_per_turn(8).with_max_concurrent_calls(2);
    /// assert_eq!((limits.max_calls_per_turn, limits.max_concurrent_calls), (8, 2));
    /// ```
    #[must_use]
    pub const fn with_max_calls_per_turn(mut self, calls: u32) -> Self {
        self.max_calls_per_turn = calls;
        self
    }

    /// Sets the maximum number of calls that run at the same time; 0 is treated as 1.
    #[must_use]
    pub const fn with_max_concurrent_calls(mut self, calls: u32) -> Self {
        self.max_concurrent_calls = if calls == 0 { 1 } else { calls };
        self
    }

    /// Sets the maximum number of requests of the run and the runs of its agents together.
    ///
    /// ```
    /// use agno::run::Limits;
    ///
    /// assert_eq!(Limits::DEFAULT.with_max_total_turns(20).max_total_turns, 20);
    /// ```
    #[must_use]
    pub const fn with_max_total_turns(mut self, turns: u32) -> Self {
        self.max_total_turns = turns;
        self
    }

    const fn default_calls_per_turn() -> u32 {
        Self::DEFAULT.max_calls_per_turn
    }

    const fn default_total_turns() -> u32 {
        Self::DEFAULT.max_total_turns
    }

    const fn default_concurrent_calls() -> u32 {
        Self::DEFAULT.max_concurrent_calls
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Limits.
impl Run {
    /// Returns the limits of the run.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Replaces the limits. A higher turn limit lets a run continue after it reached the previous limit.
    ///
    /// ```
    /// use agno::model::Reply;
    /// use agno::run::{Limits, Run, Step, StopReason};
    ///
    /// let one = Limits::default().with_max_turns(1);
    /// let mut run = Run::new("What is the weather in Oslo?", one);
    /// run.reply(Reply::call("1", "weather", r#"{"city":"Oslo"}"#));
    /// assert_eq!(run.next(), Step::Stopped(StopReason::TurnLimit));
    /// let run = run.with_limits(one.with_max_turns(2));
    /// assert!(matches!(run.next(), Step::Ask { turn: 2, .. }));
    /// ```
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        if self.status == Status::Stopped(StopReason::TurnLimit) && self.turns < limits.max_turns {
            self.status = Status::Active;
        }
        self
    }
}
