//! Entries of an agent's list of tools. An invalid entry is reported only once.

use crate::tool::{ByRef, NoTools, Toolset};

/// An entry of an agent's list of tools: any [`Toolset`].
///
/// A plain `Toolset` bound would report an invalid entry again at each point where lists are combined. The compiler
/// knows the associated types of this trait only if the bound holds. `Which` selects between two implementations that
/// could provide them, so the compiler first checks whether either applies. If neither does, it reports one
/// error, assigns no type to the value, and checks nothing else about it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a tool nor a toolkit",
    label = "no tools here",
    note = "annotate one of its `impl` blocks with `#[toolkit]`; for tools known only at run time, use `DynTool`, `Vec<DynTool>`, `DynTools` or an `Option` of a tool or toolkit; an agent belongs in `agents = [...]`"
)]
pub trait ToolEntry<Which>: Sized {
    /// The type of the owned tools.
    type Owned;
    /// The type of the borrowed tools.
    type Borrowed<'t>
    where
        Self: 't;

    /// Returns the tools by value.
    fn owned(self) -> Self::Owned;

    /// Borrows the tools.
    fn borrowed(&self) -> Self::Borrowed<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: Toolset> ToolEntry<Tools> for T {
    type Owned = T;
    type Borrowed<'t>
        = ByRef<'t, T>
    where
        T: 't;

    fn owned(self) -> T {
        self
    }

    fn borrowed(&self) -> ByRef<'_, T> {
        ByRef(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Unimplemented> ToolEntry<Nothing> for T {
    type Owned = T;
    type Borrowed<'t>
        = &'t T
    where
        T: 't;

    fn owned(self) -> T {
        self
    }

    fn borrowed(&self) -> &T {
        self
    }
}

/// Selects the implementation for tools.
#[derive(Debug)]
pub struct Tools;

/// Selects the other implementation, which applies to no type.
#[derive(Debug)]
pub struct Nothing;

/// A trait without implementations.
pub trait Unimplemented {}

/// Borrows the tools of `self` or of a field.
pub fn borrowed<T: ToolEntry<Which>, Which>(tools: &T) -> T::Borrowed<'_> {
    tools.borrowed()
}

/// The value of a path in a list of tools.
#[derive(Debug)]
pub struct ToolPath<T>(pub T);

/// Returns the tools that a path refers to.
pub trait PathTools<T> {
    /// Returns the tools.
    fn tools<Which>(self) -> T::Owned
    where
        T: ToolEntry<Which>;
}

impl<T> PathTools<T> for ToolPath<T> {
    fn tools<Which>(self) -> T::Owned
    where
        T: ToolEntry<Which>,
    {
        self.0.owned()
    }
}

/// The type of an entry that is a function without `#[tool]`.
#[derive(Debug)]
pub struct PlainFunction {}

impl ToolPath<PlainFunction> {
    /// Reports the function. The compiler prefers this method to that of [`PathTools`].
    pub fn tools<'a>(self) -> NoTools
    where
        // The compiler accepts a bound that always fails only if the bound depends on a parameter.
        &'a PlainFunction: AnnotatedWithTool,
    {
        NoTools
    }
}

/// Implemented for no type. Tools do not need it, because they are structs.
#[diagnostic::on_unimplemented(
    message = "a function without `#[tool]` is not a tool",
    label = "annotate this function with `#[tool]`",
    note = "`#[tool]` creates the tool from the function's doc comment and parameters; a method is a tool of its `#[toolkit]`"
)]
pub trait AnnotatedWithTool {}

#[diagnostic::do_not_recommend]
impl<T: Unimplemented> AnnotatedWithTool for T {}
