//! agno's examples.
