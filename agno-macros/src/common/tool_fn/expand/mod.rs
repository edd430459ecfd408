//! The parts of a tool's implementation: its arguments as a struct, its constants, and the code that turns arguments
//! into a result.

mod args;
mod argument;
mod call;
mod spec;

pub(crate) use args::ArgsStruct;
pub(crate) use call::{call, not_called};
pub(crate) use spec::{milliseconds, spec};
