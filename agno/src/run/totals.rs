//! The usage and the requests of a run together with the runs of its agents.

use super::Run;
use crate::model::Usage;

impl Run {
    /// Returns the number of completed requests of this run and its nested runs.
    #[inline]
    pub fn total_turns(&self) -> u32 {
        let own = self.turns.saturating_add(self.nested_turns);
        if self.open_calls.is_empty() {
            return own;
        }
        self.nested()
            .fold(own, |sum, (_, run)| sum.saturating_add(run.total_turns()))
    }

    /// Returns the token usage of all requests of this run and its nested runs.
    #[inline]
    pub fn usage(&self) -> Usage {
        if self.open_calls.is_empty() {
            return self.usage;
        }
        self.nested().fold(self.usage, |sum, (_, run)| sum + run.usage())
    }

    /// Adds the usage and the requests of a nested run that ended.
    pub(crate) fn add_nested(&mut self, usage: Usage, turns: u32) {
        self.usage += usage;
        self.nested_turns = self.nested_turns.saturating_add(turns);
    }
}
