//! A slot for one item between a future and the stream that polls it, so that sequential code can produce a stream.
//!
//! The stream polls the future, takes the item from the slot, and polls the future again only for the next item.
//! The future therefore needs no waker while it waits for the item to be taken, and a slow reader slows it down.

use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

/// A slot for one item, shared by its clones.
pub(crate) struct Handoff<T>(Arc<Shared<T>>);

struct Shared<T> {
    slot: Mutex<Option<T>>,
    /// The number of timers in use. Without any, the reader's idle time is not measured.
    timers: AtomicUsize,
    /// The time during which the reader did not poll, in nanoseconds.
    idle: AtomicU64,
}

/// A timer, in use until it is dropped.
pub(crate) struct IdleTimer<'a>(&'a AtomicUsize);

impl Drop for IdleTimer<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<T> Handoff<T> {
    /// Creates an empty slot.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            slot: Mutex::new(None),
            timers: AtomicUsize::new(0),
            idle: AtomicU64::new(0),
        }))
    }

    /// Stores an item immediately and returns a future that waits until the item is taken. This is not an `async fn`,
    /// because that would store the item only when polled, and its future would reserve memory for the item.
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

    /// Starts a timer. While one is in use, the reader's idle time is measured.
    pub(crate) fn timer(&self) -> IdleTimer<'_> {
        self.0.timers.fetch_add(1, Ordering::Relaxed);
        IdleTimer(&self.0.timers)
    }

    /// Returns `true` if a timer is in use.
    pub(crate) fn is_timed(&self) -> bool {
        self.0.timers.load(Ordering::Relaxed) > 0
    }

    /// Adds time during which the reader did not poll, which must not count toward the timeouts of the future.
    pub(crate) fn add_idle(&self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.0.idle.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Returns the total time during which the reader did not poll.
    pub(crate) fn idle(&self) -> Duration {
        Duration::from_nanos(self.0.idle.load(Ordering::Relaxed))
    }

    #[inline]
    fn slot(&self) -> MutexGuard<'_, Option<T>> {
        self.0.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Handoff<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
