//! A program that runs: with one of them among its cases trybuild builds rather than checks, and constants that depend
//! on a type are evaluated.

fn main() {}
