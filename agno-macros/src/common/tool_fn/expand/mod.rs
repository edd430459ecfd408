//! Generates the parts of a tool's implementation: the struct for its arguments, its constants, and the code that calls
//! its function.

mod args;
mod argument;
mod call;
mod spec;

pub(crate) use args::ArgsStruct;
pub(crate) use call::{call, not_called};
pub(crate) use spec::{milliseconds, spec};
