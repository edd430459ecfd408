//! Distinguishes requests that are dropped because of a timeout from requests that their caller cancels. The timeout layer
//! marks its drops, and the layers inside it read the mark in their destructors.

use std::cell::Cell;

thread_local! {
    static IS_TIMEOUT: Cell<bool> = const { Cell::new(false) };
}

/// Marks drops as caused by a timeout, from [`enter`](Self::enter) until this value is dropped. Declare it before the
/// request, so that the request is dropped first.
#[derive(Default)]
pub(super) struct TimeoutDrop {
    outer: Option<bool>,
}

impl TimeoutDrop {
    /// Sets the mark. There must be no `.await` between this call and the drop.
    pub(super) fn enter(&mut self) {
        self.outer = Some(IS_TIMEOUT.replace(true));
    }
}

impl Drop for TimeoutDrop {
    fn drop(&mut self) {
        if let Some(outer) = self.outer {
            IS_TIMEOUT.set(outer);
        }
    }
}

/// Returns `true` if the current drop is caused by a timeout.
pub(super) fn is_timeout() -> bool {
    IS_TIMEOUT.get()
}
