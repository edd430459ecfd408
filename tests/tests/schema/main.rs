//! Schemas: in each dialect, the schema of a type matches the values that serde reads and writes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod bridge;
mod check;
mod corpus;
mod generate;
mod limits;
mod render;
mod roundtrip;
mod schemars_output;
mod strict;
mod texts;
mod twin;
