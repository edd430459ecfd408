//! A program that runs: with one such case, trybuild builds the cases instead of only checking them, so that constants that
//! depend on a type are evaluated.

fn main() {}
