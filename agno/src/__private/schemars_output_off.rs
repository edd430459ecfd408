//! Replaces `schemars_output` where the feature `schemars` is off, so that an expansion reports the feature and no other error.

use std::marker::PhantomData;

use crate::model::OutputSchema;

/// An output with a schema of `schemars`, without that feature, which `__needs_schemars!` reports.
#[allow(
    missing_debug_implementations,
    reason = "exists only in programs that do not compile"
)]
pub struct SchemarsOutput<T>(PhantomData<fn() -> T>);

/// Creates an output without a schema.
pub const fn schemars_output<T>(_name: &'static str) -> SchemarsOutput<T> {
    SchemarsOutput(PhantomData)
}

impl<T> SchemarsOutput<T> {
    /// Returns no shape.
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
