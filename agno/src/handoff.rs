//! A place for one item between a future and the stream that drives it, so that straight-line code can be a stream.
//!
//! The stream polls the future, takes the item that it left, and polls it again only for the next one. So the future needs
//! no waker while it waits for its item to be taken, and a slow reader slows it down.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// Room for one item; clones share it.
pub(crate) struct Handoff<T>(Arc<Mutex<Option<T>>>);

impl<T> Handoff<T> {
    /// Creates an empty one.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// Leaves an item and waits until it was taken.
    pub(crate) async fn send(&self, item: T) {
        *self.slot() = Some(item);
        poll_fn(|_| {
            if self.slot().is_none() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Takes the item, if there is one.
    pub(crate) fn take(&self) -> Option<T> {
        self.slot().take()
    }

    fn slot(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Handoff<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
