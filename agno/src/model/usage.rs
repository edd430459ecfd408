//! Token counts of replies and runs.

// Numbers come from external input and must not cause a panic. Tests may panic.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// Tokens used by a reply, or by all replies of a run, as counted by the provider.
///
/// `input` and `output` are totals. Each of the other fields, except `unreported`, counts a subset of one of these
/// totals.
///
/// ```
/// use agno::Usage;
///
/// let total = Usage::new(900, 40) + Usage::new(1_000, 60);
/// assert_eq!((total.input, total.output, total.total()), (1_900, 100, 2_000));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Input tokens: instructions, messages and tools.
    pub input: u64,
    /// Output tokens: text, reasoning and calls.
    pub output: u64,
    /// Part of `input` that the provider read from its cache.
    #[serde(default)]
    pub cached: u64,
    /// Part of `input` that the provider wrote to its cache.
    #[serde(default)]
    pub cache_written: u64,
    /// Part of `output` spent on reasoning.
    #[serde(default)]
    pub reasoning: u64,
    /// Part of `input` that is audio.
    #[serde(default)]
    pub audio_input: u64,
    /// Part of `output` that is audio.
    #[serde(default)]
    pub audio_output: u64,
    /// Number of replies without token counts, because their streams ended after the answer but before the provider
    /// sent the counts. If it is not 0, the other fields are too low.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unreported: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Usage {
    /// Creates a usage with these numbers of input and output tokens.
    pub const fn new(input: u64, output: u64) -> Self {
        Self {
            input,
            output,
            cached: 0,
            cache_written: 0,
            reasoning: 0,
            audio_input: 0,
            audio_output: 0,
            unreported: 0,
        }
    }

    /// Creates the usage of a reply whose provider did not send the counts.
    #[cfg(feature = "__api")]
    pub(crate) const fn missing() -> Self {
        let mut usage = Self::new(0, 0);
        usage.unreported = 1;
        usage
    }

    /// Returns `true` if no stream ended before its token counts arrived. When `false`, costs computed from the counts
    /// are too low.
    ///
    /// ```
    /// use agno::model::Usage;
    ///
    /// let mut usage = Usage::new(10, 5);
    /// assert!(usage.is_complete());
    /// usage.unreported = 1;
    /// assert!(!usage.is_complete());
    /// ```
    pub const fn is_complete(&self) -> bool {
        self.unreported == 0
    }

    /// Returns the sum of input and output tokens.
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
            unreported: self.unreported.saturating_add(other.unreported),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        *self = self.add(other);
    }
}
