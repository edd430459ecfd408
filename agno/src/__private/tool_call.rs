//! What stands around the call in a macro-made tool: the result as the model reads it, threads for blocking work.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::Future;

use crate::message::ToolResult;
use crate::tool::ToolReturn;

/// What a tool returned, on the way to a `Result`.
///
/// A `Result`, whatever its alias is called, has the method of its own and anything else the one of [`Plain`]:
/// a method of a type goes before one of a trait.
#[derive(Debug)]
pub struct Returned<T>(pub T);

impl<T, E> Returned<Result<T, E>> {
    /// The result itself.
    ///
    /// # Errors
    ///
    /// The tool's.
    pub fn split(self) -> Result<T, E> {
        self.0
    }
}

/// A value that is no `Result`.
pub trait Plain {
    /// Its type.
    type Value;

    /// The value.
    ///
    /// # Errors
    ///
    /// Never.
    fn split(self) -> Result<Self::Value, Infallible>;
}

impl<T> Plain for Returned<T> {
    type Value = T;

    fn split(self) -> Result<T, Infallible> {
        Ok(self.0)
    }
}

/// What a tool returned, as the model reads it.
pub fn respond<T: ToolReturn, E: ToolFailure>(returned: Result<T, E>) -> ToolResult {
    match returned {
        Ok(value) => value.into_result(),
        Err(error) => ToolResult::error(error.to_string()),
    }
}

/// An error of a tool: anything that can be printed.
#[diagnostic::on_unimplemented(
    message = "the error `{Self}` of a tool cannot be read by the model",
    label = "the error has no `Display`",
    note = "implement `std::fmt::Display` for it: the model reads that text and tries again"
)]
pub trait ToolFailure: Display {}

#[diagnostic::do_not_recommend]
impl<E: Display + ?Sized> ToolFailure for E {}

/// What a call without its arguments answers; reading them leaves none out.
#[cold]
pub fn incomplete() -> ToolResult {
    ToolResult::error("an argument is missing")
}

/// A tool's future. The bound is checked here, once, where the macro points to the tool.
pub fn assert_send<F: Future<Output = ToolResult> + Send>(
    future: F,
) -> impl Future<Output = ToolResult> + Send {
    future
}

/// Does work on a thread that may block. A panic goes on here.
pub async fn blocking(work: impl FnOnce() -> ToolResult + Send + 'static) -> ToolResult {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => ToolResult::error("the program is shutting down"),
        },
    }
}

/// What a call of an external tool answers; a run waits instead of making it.
#[cold]
pub fn not_called() -> ToolResult {
    ToolResult::error("the result of this call comes from elsewhere")
}
