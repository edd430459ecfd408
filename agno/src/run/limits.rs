//! The limits of a run.

use serde::{Deserialize, Serialize};

/// The limits of a run. `#[agent(max_turns = ...)]` sets the default for an agent; a single run can override it.
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
    /// Maximum number of requests to the model, at least 1. The last request forbids tools and demands an answer.
    pub max_turns: u32,
    /// Maximum number of retries after answers that do not match `output = ...`.
    pub max_output_retries: u32,
}

impl Limits {
    /// The default limits: 10 requests, of which at most 2 retry a rejected answer.
    pub const DEFAULT: Self = Self {
        max_turns: 10,
        max_output_retries: 2,
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
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
