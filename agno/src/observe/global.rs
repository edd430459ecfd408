//! The observer of every run of the program.

use std::sync::OnceLock;

use super::Observer;
use crate::run::{Error, ErrorKind, Result};

static GLOBAL: OnceLock<Box<dyn Observer>> = OnceLock::new();

/// Sets the observer of every run of the program. A run that has started keeps the observers that it started with.
///
/// Only a program should call this function, because it can be called only once. A library should leave the choice to the
/// program.
///
/// ```
/// use agno::observe::{Observation, ObservedRun, Observer, set_global};
///
/// struct Log;
///
/// impl Observer for Log {
///     fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
///         println!("{} {}: {event:?}", run.agent, run.path);
///     }
/// }
///
/// set_global(Log)?;
/// assert!(set_global(Log).is_err());
/// # Ok::<(), agno::Error>(())
/// ```
///
/// # Errors
///
/// Returns an error of kind [`ErrorKind::Configuration`] when a global observer is already set. That observer stays.
pub fn set_global(observer: impl Observer + 'static) -> Result<()> {
    GLOBAL.set(Box::new(observer)).map_err(|_| {
        Error::new(
            ErrorKind::Configuration,
            "a global observer is already set; call `set_global` once, with a tuple of several observers if necessary",
        )
    })
}

/// Returns the observer of every run, if one is set.
#[inline]
pub(crate) fn global() -> Option<&'static dyn Observer> {
    GLOBAL.get().map(|observer| &**observer)
}
