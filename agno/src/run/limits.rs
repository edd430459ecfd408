//! What bounds a run.

use serde::{Deserialize, Serialize};

/// What bounds a run. `#[agent(max_turns = ...)]` sets them for an agent, a run may have its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// The most requests to the model. The last of them forbids tools and asks for an answer. At least 1.
    pub max_turns: u32,
    /// How often an answer that does not fit `output = ...` goes back to the model.
    pub max_output_retries: u32,
}

impl Limits {
    /// 10 requests, 2 of them to mend an answer.
    pub const DEFAULT: Self = Self {
        max_turns: 10,
        max_output_retries: 2,
    };

    /// With at most this many requests; 0 counts as 1.
    #[must_use]
    pub const fn with_max_turns(mut self, max_turns: u32) -> Self {
        self.max_turns = if max_turns == 0 { 1 } else { max_turns };
        self
    }

    /// With this many tries to mend an answer.
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
