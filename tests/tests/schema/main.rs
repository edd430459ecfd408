//! Schemas: what is told of a type is what serde takes and gives, in each dialect.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

mod bridge;
mod check;
mod corpus;
mod generate;
mod render;
mod roundtrip;
mod schemars_output;
mod strict;
mod texts;
mod twin;
