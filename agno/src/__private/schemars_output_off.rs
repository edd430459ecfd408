//! Replaces `schemars_output` if the `schemars` feature is disabled, so that an expansion reports the missing feature
//! and no other error.

use std::marker::PhantomData;

use crate::model::OutputSchema;

/// A placeholder for an output with a `schemars` schema. `__needs_schemars!` reports the missing feature.
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
    /// Returns an empty declaration without a schema.
    pub const fn schema(&self) -> OutputSchema<'_> {
        OutputSchema::new("", "", None)
    }

    /// Fails without parsing the text.
    ///
    /// # Errors
    ///
    /// Always returns an error.
    pub const fn parse(&self, _text: &str) -> Result<T, String> {
        Err(String::new())
    }
}
