//! Traits of the types in the signature of a tool. Their error messages show what to write for a type that a tool cannot
//! have.

use std::fmt::Display;
use std::future::Future;

use serde::de::{Deserialize, MapAccess};

use crate::message::ToolResult;
use crate::schema::{Schema, SchemaRef};

/// The type of an argument of a tool: any type with a [`Schema`] that implements [`Deserialize`].
///
/// ```
/// use agno::tool::ToolArgument;
///
/// assert_eq!(<u8 as ToolArgument<'_>>::ARGUMENT.get().kind_name(), "integer");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a tool, because it does not implement `Schema` and `Deserialize`",
    label = "a model cannot send this type",
    note = "for your own type that a model sends, add `#[derive(Schema, Deserialize)]`; for a type of another crate, enable its feature of agno, or use a struct with `#[schema(with = \"…\")]` on the field",
    note = "for a value that the program has, such as a database, use a field: write `struct Tools {{ db: Db }}` and make the function a method in `#[toolkit] impl Tools`"
)]
pub trait ToolArgument<'de>: Sized {
    /// The schema of the argument.
    const ARGUMENT: SchemaRef;

    /// Reads the value of an argument without a default. Only an `Option` may be missing.
    ///
    /// # Errors
    ///
    /// Returns an error when the value does not have the argument's type.
    #[doc(hidden)]
    fn read<A: MapAccess<'de>>(slot: &mut Option<Self>, map: &mut A) -> Result<(), A::Error>;

    /// Reads the value of an argument with a default. `null` and a missing value leave the slot empty.
    ///
    /// # Errors
    ///
    /// Returns an error when the value does not have the argument's type.
    #[doc(hidden)]
    fn read_or_default<A: MapAccess<'de>>(slot: &mut Option<Self>, map: &mut A) -> Result<(), A::Error>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: Schema + Deserialize<'de>> ToolArgument<'de> for T {
    const ARGUMENT: SchemaRef = T::SCHEMA;

    #[inline]
    fn read<A: MapAccess<'de>>(slot: &mut Option<T>, map: &mut A) -> Result<(), A::Error> {
        *slot = Some(map.next_value()?);
        Ok(())
    }

    #[inline]
    fn read_or_default<A: MapAccess<'de>>(slot: &mut Option<T>, map: &mut A) -> Result<(), A::Error> {
        *slot = map.next_value()?;
        Ok(())
    }
}

/// The parameter of a tool whose type is a reference, for [`Borrows`].
#[derive(Debug)]
pub struct ToolParameter;

/// Implemented if the code around a tool can own a value of the type, and lend it to the tool. The macros require it of
/// `&Path` and similar types. The type is not `Self`, because the compiler would propose to borrow it.
#[diagnostic::on_unimplemented(
    message = "`&{T}` cannot be an argument of a tool; write `PathBuf` for a path, `String` for other text",
    label = "nothing can own a value of this type"
)]
pub trait Borrows<T: ?Sized> {
    /// The length of an array in a type that is an error without this trait.
    const CHECK: usize = 0;
}

#[diagnostic::do_not_recommend]
impl<T> Borrows<T> for ToolParameter {}

/// The error of a tool: any type that implements [`Display`]. The model reads the message.
///
/// ```
/// use agno::tool::ToolFailure;
///
/// assert!("no such city".into_error_result().is_error);
/// ```
#[diagnostic::on_unimplemented(
    message = "the error `{Self}` of a tool cannot be sent to the model",
    label = "the error does not implement `Display`",
    note = "implement `std::fmt::Display` for it; the model reads the message and can retry"
)]
pub trait ToolFailure {
    /// Converts the error into the result that the model reads.
    fn into_error_result(self) -> ToolResult;
}

#[diagnostic::do_not_recommend]
impl<E: Display> ToolFailure for E {
    fn into_error_result(self) -> ToolResult {
        ToolResult::error(self.to_string())
    }
}

/// Checks that the future of a tool is `Send`, so that the error appears only once, at the span that the macro chooses. The
/// compiler names the function, so its name is the rule.
pub fn tool_future_must_be_send<F: Future<Output = ToolResult> + Send>(
    future: F,
) -> impl Future<Output = ToolResult> + Send {
    future
}
