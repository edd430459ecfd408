//! In place of `schemars_output`, where the feature `schemars` is off: enough for an expansion that says so to say nothing else.

use std::marker::PhantomData;

use crate::model::OutputSchema;

/// An output with a schema of `schemars`, without that feature: `__needs_schemars!` tells so, and this nothing more.
#[allow(
    missing_debug_implementations,
    reason = "stands in a program that does not compile"
)]
pub struct SchemarsOutput<T>(PhantomData<fn() -> T>);

/// The same.
pub const fn schemars_output<T>(_name: &'static str) -> SchemarsOutput<T> {
    SchemarsOutput(PhantomData)
}

impl<T> SchemarsOutput<T> {
    /// No shape.
    pub const fn schema(&self) -> OutputSchema<'_> {
        OutputSchema::new("", "", None)
    }

    /// Reads nothing.
    ///
    /// # Errors
    ///
    /// Always.
    pub const fn parse(&self, _text: &str) -> Result<T, String> {
        Err(String::new())
    }
}
