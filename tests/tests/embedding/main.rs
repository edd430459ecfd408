//! Embedders against a loopback server: requests and responses of each API, and batching.

#![allow(clippy::unwrap_used, reason = "a test may panic at the first surprise")]

mod apis;
mod batches;
