//! Traits for the macros' checks that agents and toolkits can be shared between threads. A type that cannot is reported once,
//! with the type to write.
//!
//! `Send` and `Sync` are supertraits of [`Declared`](crate::Declared) and [`Toolset`](crate::tool::Toolset). The compiler
//! reports a missing supertrait at the part of the type that lacks it, in its own terms, once for each of the two, and
//! again at every use. What does not help: another trait as the supertrait, because the compiler checks the supertraits of
//! a supertrait separately; that trait as a bound of the implementation, because every use must satisfy it; and a
//! projection in place of the implementing type, because the compiler keeps one that it cannot resolve and reports it again.
//!
//! The macros therefore check in a constant, and the implementation has the bound
//! `Checked<CONSTANT, ()>: Send + Sync`. If the constant is an error, so is the type in the bound, and the compiler accepts
//! the supertraits, and all uses of the implementation, without a further error. Otherwise, the bound is
//! `(): Send + Sync`.
//!
//! The implementations of these traits are not recommended, so that an error names the entire type, for which the fix is
//! written. The macros cannot define the traits next to the declaration, with the name of the field, because the path
//! `diagnostic` does not resolve in a module with `#![no_implicit_prelude]`.

/// A toolkit that can be shared between threads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared between threads, but a toolkit must be",
    label = "a field is not `Send` and `Sync`",
    note = "write `Box<dyn Store + Send + Sync>` for `Box<dyn Store>`, `Arc` for `Rc`, and `Mutex` for `Cell` and `RefCell`; put any other value in a `Mutex`"
)]
pub trait SendAndSync {
    /// The length of an array in a type that is an error without this trait.
    const CHECK: usize = 0;
}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + ?Sized> SendAndSync for T {}

/// The type of an agent's field that can be shared between threads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared between threads, but the fields of an agent must be",
    label = "not `Send` and `Sync`",
    note = "put it in a `Mutex`; if it contains an `Rc`, a `Cell` or a trait object, write an `Arc`, a `Mutex` or `dyn Trait + Send + Sync` there"
)]
pub trait SendAndSyncField {
    /// The length of an array in a type that is an error without this trait.
    const CHECK: usize = 0;
}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + ?Sized> SendAndSyncField for T {}

/// The type of an agent's field that can be shared between threads; `Fix` is the type to write if it cannot.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared between threads, but the fields of an agent must be; write `{Fix}`",
    label = "not `Send` and `Sync`"
)]
pub trait SendAndSyncAs<Fix: ?Sized> {
    /// The length of an array in a type that is an error without this trait.
    const CHECK: usize = 0;
}

#[diagnostic::do_not_recommend]
impl<Fix: ?Sized, T: Send + Sync + ?Sized> SendAndSyncAs<Fix> for T {}
