//! A place for one item between a future and the stream that drives it, so that straight-line code can be a stream.
//!
//! The stream polls the future, takes the item that it left, and polls it again only for the next one. So the future needs
//! no waker while it waits for its item to be taken, and a slow reader slows it down.

use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// Room for one item; clones share it.
pub(crate) struct Handoff<T>(Arc<Mutex<Option<T>>>);

impl<T> Handoff<T> {
    /// Creates an empty one.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// Leaves an item at once, and waits until it was taken. Not an `async fn`, whose future would hold the item too.
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
