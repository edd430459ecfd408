//! Reports if a type implements `JsonSchema`, for `#[schemars(..)]` on a type with `#[derive(Schema)]`.

use std::marker::PhantomData;

use schemars::JsonSchema;

/// The answer for a type: the inherent constant if the type implements `JsonSchema`, and otherwise that of
/// [`NoJsonSchema`], because inherent constants take precedence.
#[derive(Debug)]
pub struct JsonSchemaOf<T: ?Sized>(PhantomData<T>);

impl<T: JsonSchema + ?Sized> JsonSchemaOf<T> {
    /// The type implements `JsonSchema`.
    pub const IS_IMPLEMENTED: bool = true;
}

/// The answer for all types.
pub trait NoJsonSchema {
    /// The type does not implement `JsonSchema`.
    const IS_IMPLEMENTED: bool = false;
}

impl<T: ?Sized> NoJsonSchema for JsonSchemaOf<T> {}

/// Checks that a type with `#[schemars(..)]` implements `JsonSchema`.
///
/// # Panics
///
/// Panics with the message if it does not. In a constant, this is a compile error.
#[track_caller]
pub const fn check_schemars(is_implemented: bool, message: &str) {
    assert!(is_implemented, "{}", message);
}
