//! Support for the code that macros generate to call tools. Converts return values into results, and runs blocking work
//! on separate threads.

use std::convert::Infallible;

use crate::message::ToolResult;

/// A return value of a tool, which `split` turns into a `Result`.
///
/// For a `Result`, including an alias, the inherent method applies. For any other type, the method of [`Plain`]
/// applies, because inherent methods take precedence over trait methods.
#[derive(Debug)]
pub struct Returned<T>(pub T);

impl<T, E> Returned<Result<T, E>> {
    /// Returns the result itself.
    ///
    /// # Errors
    ///
    /// Returns the tool's error.
    pub fn split(self) -> Result<T, E> {
        self.0
    }
}

/// A return value that is not a `Result`.
pub trait Plain {
    /// The type of the value.
    type Value;

    /// Returns the value.
    ///
    /// # Errors
    ///
    /// Never returns an error.
    fn split(self) -> Result<Self::Value, Infallible>;
}

impl<T> Plain for Returned<T> {
    type Value = T;

    fn split(self) -> Result<T, Infallible> {
        Ok(self.0)
    }
}

/// Returns the error for a missing argument. Never called in practice, because deserialization fills every argument.
#[cold]
pub fn incomplete() -> ToolResult {
    ToolResult::error("an argument is missing")
}

/// Runs blocking work on a separate thread. A panic resumes in the caller.
pub async fn blocking(work: impl FnOnce() -> ToolResult + Send + 'static) -> ToolResult {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => ToolResult::error("the program is shutting down"),
        },
    }
}

/// Returns the error for a call to an external tool. A run waits for the external result instead of calling the tool.
#[cold]
pub fn not_called() -> ToolResult {
    ToolResult::error("the result of this call comes from outside the run")
}
