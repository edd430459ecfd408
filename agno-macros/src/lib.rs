//! Macros of the agno crate.
