//! Tests for implementations of agno's traits (feature `testing`).
//!
//! - [`store`]: the tests that every [`SessionStore`](crate::store::SessionStore) must pass.
//!
//! The chapter [Testing](crate::guide::testing) explains tests of agents.

pub mod store;
