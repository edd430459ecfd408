//! Embedders against a server on loopback: what each API is asked, what is understood, how many texts become one answer.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod apis;
mod batches;
