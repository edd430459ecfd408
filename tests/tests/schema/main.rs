//! Schemas: what is told of a type is what serde takes and gives, in each dialect.

mod check;
mod corpus;
mod generate;
mod render;
mod roundtrip;
mod strict;
mod twin;
