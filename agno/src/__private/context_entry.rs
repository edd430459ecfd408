//! Entries of an agent's list of context providers. An entry that is not a provider is reported only once, at the entry.

use super::entry::{Nothing, Unimplemented};
use crate::context::{ContextEntry, ContextInfo, ContextProvider};

/// An entry of an agent's list of context providers: any [`ContextProvider`]. `Which` has the same purpose as in
/// [`ToolEntry`](super::ToolEntry).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide context",
    label = "not a context provider",
    note = "implement `ContextProvider` for the type"
)]
pub trait ProviderEntry<Which> {
    /// The entry of the list.
    type Entry<'t, E: ContextInfo>
    where
        Self: 't;

    /// Returns the entry of the list.
    fn entry<E: ContextInfo>(&self) -> Self::Entry<'_, E>;
}

/// Selects the implementation for providers.
#[derive(Debug)]
pub struct Providers;

#[diagnostic::do_not_recommend]
impl<P: ContextProvider> ProviderEntry<Providers> for P {
    type Entry<'t, E: ContextInfo>
        = ContextEntry<'t, E, P>
    where
        P: 't;

    fn entry<E: ContextInfo>(&self) -> ContextEntry<'_, E, P> {
        ContextEntry::new(self)
    }
}

#[diagnostic::do_not_recommend]
impl<P: Unimplemented> ProviderEntry<Nothing> for P {
    type Entry<'t, E: ContextInfo>
        = &'t P
    where
        P: 't;

    fn entry<E: ContextInfo>(&self) -> &P {
        self
    }
}

/// Returns an entry of the list of providers.
pub fn provider<E: ContextInfo, P: ProviderEntry<Which>, Which>(provider: &P) -> P::Entry<'_, E> {
    provider.entry::<E>()
}

/// Checks that the `max_bytes` of an entry is at least one, and returns it.
///
/// # Panics
///
/// Panics if `max_bytes` is zero. In a constant, this is a compile error.
#[track_caller]
pub const fn check_max_bytes(max_bytes: usize) -> usize {
    assert!(
        max_bytes > 0,
        "`max_bytes` must be at least 1; write `max_bytes = 8192`, or remove the entry"
    );
    max_bytes
}
