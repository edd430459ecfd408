//! Fields in the instructions of an agent: `instructions = "Answer in {language}."`.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display};

/// A field that is interpolated into instructions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `Display`, so it cannot be used in the instructions",
    label = "this field cannot be formatted",
    note = "implement `std::fmt::Display` for it, or write `{{field:?}}` to use `Debug`"
)]
pub trait Interpolate: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> Interpolate for T {}

/// A field that is interpolated into instructions with `{field:?}`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `Debug`, so it cannot be used in the instructions",
    label = "this field cannot be formatted",
    note = "annotate it with `#[derive(Debug)]`, or implement `std::fmt::Display` and write `{{field}}`"
)]
pub trait InterpolateDebug: Debug {}

#[diagnostic::do_not_recommend]
impl<T: Debug + ?Sized> InterpolateDebug for T {}

/// A field as it is formatted in instructions.
pub struct Interpolated<'a, T: ?Sized>(pub &'a T);

impl<T: Interpolate + ?Sized> Display for Interpolated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: InterpolateDebug + ?Sized> Debug for Interpolated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! forward {
    ($($format:ident),*) => {
        $(
            impl<T: fmt::$format + ?Sized> fmt::$format for Interpolated<'_, T> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }
        )*
    };
}

forward!(Binary, LowerExp, LowerHex, Octal, UpperExp, UpperHex);

impl<T: ?Sized> fmt::Pointer for Interpolated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.0, f)
    }
}

/// A value that can be the instructions of an agent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the instructions of an agent",
    label = "not a string",
    note = "the instructions are a `&str`, a `String` or a `Cow<str>`; call a function or method that returns one, such as `self.text()`"
)]
pub trait Instructions<'a> {
    /// Returns the text.
    fn text(self) -> Cow<'a, str>;
}

#[diagnostic::do_not_recommend]
impl<'a, T> Instructions<'a> for T
where
    Cow<'a, str>: From<T>,
{
    fn text(self) -> Cow<'a, str> {
        self.into()
    }
}

/// Returns the instructions.
pub fn instructions<'a, T: Instructions<'a>>(text: T) -> Cow<'a, str> {
    text.text()
}
