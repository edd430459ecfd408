//! The cases, in groups.

mod order;

use super::fixture::Case;

/// All groups, in the order in which they run.
pub(super) const GROUPS: &[&[Case]] = &[order::CASES];
