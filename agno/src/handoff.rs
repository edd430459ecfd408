//! A slot for one item between a future and the stream that polls it, so that sequential code can produce a stream.
//!
//! The stream polls the future, takes the item from the slot, and polls the future again only for the next item.
//! Therefore, the future needs no waker while it waits for the item to be taken, and a slow reader slows it down.

use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// A slot for one item, shared by its clones.
pub(crate) struct Handoff<T>(Arc<Mutex<Option<T>>>);

impl<T> Handoff<T> {
    /// Creates an empty slot.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// Stores an item immediately and returns a future that waits until the item is taken. Not an `async fn`, whose
    /// future would store the item as well.
    #[inline]
    pub(crate) fn send(&self, item: T) -> impl Future<Output = ()> + Send + '_
    where
        T: Send,
    {
        *self.slot() = Some(item);
        poll_fn(|_| {
            if self.slot().is_none() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
    }

    /// Takes the item, if there is one.
    #[inline]
    pub(crate) fn take(&self) -> Option<T> {
        self.slot().take()
    }

    #[inline]
    fn slot(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Handoff<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
