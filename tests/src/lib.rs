//! agno's tests.
