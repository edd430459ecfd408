//! agno's benches.
