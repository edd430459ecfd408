//! Tests of the store in SQLite, with files and processes as a program has them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agents;
mod crash;
mod erase;
mod files;
mod model;
mod store;
mod suite;
mod support;
