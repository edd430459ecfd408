//! What a run cost in tokens.

use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// Tokens a reply, or all replies of a run, cost, as the provider counted them.
///
/// `input` and `output` are totals; the other counts say how much of them was of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens read: instructions, messages, tools.
    pub input: u64,
    /// Tokens written: text, reasoning, calls.
    pub output: u64,
    /// Of `input`: tokens the provider had cached.
    #[serde(default)]
    pub cached: u64,
    /// Of `input`: tokens the provider cached now.
    #[serde(default)]
    pub cache_written: u64,
    /// Of `output`: tokens of thinking.
    #[serde(default)]
    pub reasoning: u64,
    /// Of `input`: tokens of sound.
    #[serde(default)]
    pub audio_input: u64,
    /// Of `output`: tokens of sound.
    #[serde(default)]
    pub audio_output: u64,
}

impl Usage {
    /// A count of tokens read and written.
    pub const fn new(input: u64, output: u64) -> Self {
        Self {
            input,
            output,
            cached: 0,
            cache_written: 0,
            reasoning: 0,
            audio_input: 0,
            audio_output: 0,
        }
    }

    /// Tokens read and written.
    pub const fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            cached: self.cached.saturating_add(other.cached),
            cache_written: self.cache_written.saturating_add(other.cache_written),
            reasoning: self.reasoning.saturating_add(other.reasoning),
            audio_input: self.audio_input.saturating_add(other.audio_input),
            audio_output: self.audio_output.saturating_add(other.audio_output),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
