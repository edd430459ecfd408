//! Embedders against a loopback server: requests and responses of each API, and batching.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod apis;
mod batches;
