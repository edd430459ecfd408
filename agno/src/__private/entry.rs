//! What can stand in an agent's list of tools, told once where it cannot.

use crate::tool::{ByRef, Toolset};

/// A toolkit, which the calls of one turn share among threads. `Block` tells one `#[toolkit]` of a type from another.
pub trait Shared<'x, Block>: Send + Sync {}

/// What can stand in an agent's list: anything that is a [`Toolset`].
///
/// A bound of `Toolset` alone would be told of again wherever the lists are put together. The types here are known only
/// where the bound holds: two implementations could have them, by `Which`, so the compiler first looks whether one of them
/// does. Where none does it has told so, gives the value no type at all, and asks nothing more of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a tool nor a toolkit",
    label = "no tools here",
    note = "annotate one of its `impl` blocks with `#[toolkit]`, or use `DynTools` for tools known only at run time"
)]
pub trait Entry<Which>: Sized {
    /// The tools.
    type Owned;
    /// The tools, borrowed.
    type Borrowed<'t>
    where
        Self: 't;

    /// The tools.
    fn owned(self) -> Self::Owned;

    /// The tools, borrowed.
    fn borrowed(&self) -> Self::Borrowed<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: Toolset> Entry<Tools> for T {
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
impl<T: IsNothing> Entry<Nothing> for T {
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

/// Names the implementation for tools.
#[derive(Debug)]
pub struct Tools;

/// Names the other.
#[derive(Debug)]
pub struct Nothing;

/// What no type is.
pub trait IsNothing {}

/// The tools of `self` or of a field.
pub fn borrowed<T: Entry<Which>, Which>(tools: &T) -> T::Borrowed<'_> {
    tools.borrowed()
}

/// The tools that a path names.
pub fn named<T: Entry<Which>, Which>(tools: T) -> T::Owned {
    tools.owned()
}
