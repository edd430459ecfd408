//! A slot for items between futures and the stream that polls them, so that sequential code can produce a stream.
//!
//! A future stores an item and waits until the stream takes it, so a slow reader slows the future down. Several futures
//! can store items at the same time, for example the runs of agents within an agent; the stream takes their items in
//! order.
//!
//! The stream polls its future again for each item. A future that the stream polls directly therefore needs no waker
//! while it waits. A future within a set such as `FuturesUnordered` has its own waker, which is woken when its item is
//! taken, because the set does not poll it otherwise.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, RawWakerVTable, Waker};
use std::time::Duration;

/// A slot for items, shared by its clones.
pub(crate) struct Handoff<T>(Arc<Shared<T>>);

struct Shared<T> {
    slot: Mutex<Slot<T>>,
    /// The number of items taken so far. Changes only while the slot is locked.
    taken: AtomicU64,
    reader: Reader,
    /// The number of timers in use. Without any, the reader's idle time is not measured.
    timers: AtomicUsize,
    /// The time during which the reader did not poll, in nanoseconds.
    idle: AtomicU64,
}

/// The items that were stored but not taken. Each waiting future has at most one.
struct Slot<T> {
    first: Option<T>,
    rest: VecDeque<T>,
    /// The number of items stored so far.
    stored: u64,
    /// The wakers of the futures that the reader does not poll directly.
    wakers: Vec<Waker>,
    /// `true` if `rest` or `wakers` may not be empty.
    is_shared: bool,
}

/// The parts of the waker with which the reader polls, for comparison only.
struct Reader {
    data: AtomicPtr<()>,
    vtable: AtomicPtr<RawWakerVTable>,
}

/// Identifies a stored item.
#[derive(Debug, Clone, Copy)]
pub struct Ticket(u64);

impl Ticket {
    /// Identifies an item that no one waits for.
    pub(crate) const TAKEN: Self = Self(0);
}

/// A timer, in use until it is dropped.
#[derive(Debug)]
pub struct IdleTimer<'a>(&'a AtomicUsize);

impl Drop for IdleTimer<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Reader {
    #[inline]
    fn set(&self, waker: &Waker) {
        self.data.store(waker.data().cast_mut(), Ordering::Relaxed);
        self.vtable
            .store(ptr::from_ref(waker.vtable()).cast_mut(), Ordering::Relaxed);
    }

    #[inline]
    fn is(&self, waker: &Waker) -> bool {
        ptr::eq(self.data.load(Ordering::Relaxed), waker.data())
            && ptr::eq(self.vtable.load(Ordering::Relaxed), waker.vtable())
    }
}

impl<T> Handoff<T> {
    /// Creates an empty slot.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            slot: Mutex::new(Slot {
                first: None,
                rest: VecDeque::new(),
                stored: 0,
                wakers: Vec::new(),
                is_shared: false,
            }),
            taken: AtomicU64::new(0),
            reader: Reader {
                data: AtomicPtr::new(ptr::null_mut()),
                vtable: AtomicPtr::new(ptr::null_mut()),
            },
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
        let ticket = self.store(item);
        poll_fn(move |context| self.poll_taken(ticket, context))
    }

    /// Stores an item.
    #[inline]
    pub(crate) fn store(&self, item: T) -> Ticket {
        let mut slot = self.slot();
        if slot.first.is_none() {
            slot.first = Some(item);
        } else {
            slot.rest.push_back(item);
            slot.is_shared = true;
        }
        slot.stored += 1;
        Ticket(slot.stored)
    }

    /// Waits until an item is taken.
    #[inline]
    pub(crate) fn poll_taken(&self, ticket: Ticket, context: &Context<'_>) -> Poll<()> {
        if self.is_taken(ticket) {
            Poll::Ready(())
        } else if self.0.reader.is(context.waker()) {
            Poll::Pending
        } else {
            self.wait_in_set(ticket, context.waker())
        }
    }

    /// Registers the waker of a future that the reader does not poll directly.
    #[cold]
    fn wait_in_set(&self, ticket: Ticket, waker: &Waker) -> Poll<()> {
        let mut slot = self.slot();
        if self.is_taken(ticket) {
            return Poll::Ready(());
        }
        slot.wakers.push(waker.clone());
        slot.is_shared = true;
        Poll::Pending
    }

    #[inline]
    fn is_taken(&self, ticket: Ticket) -> bool {
        self.0.taken.load(Ordering::Acquire) >= ticket.0
    }

    /// Sets the waker with which the reader polls. The reader calls this before it polls the future.
    #[inline]
    pub(crate) fn set_reader(&self, waker: &Waker) {
        self.0.reader.set(waker);
    }

    /// Takes the next item, if there is one, and wakes the futures that wait.
    #[inline]
    pub(crate) fn take(&self) -> Option<T> {
        let mut slot = self.slot();
        let item = slot.first.take();
        if item.is_some() {
            self.0.taken.fetch_add(1, Ordering::Release);
            if slot.is_shared {
                Self::advance(slot);
            }
        }
        item
    }

    /// Moves the next item into the slot, and wakes the futures that wait.
    #[cold]
    fn advance(mut slot: MutexGuard<'_, Slot<T>>) {
        slot.first = slot.rest.pop_front();
        slot.is_shared = !slot.rest.is_empty();
        let wakers = std::mem::take(&mut slot.wakers);
        drop(slot);
        wakers.into_iter().for_each(Waker::wake);
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
    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.0.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Handoff<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream::FuturesUnordered;
    use futures_util::{FutureExt, StreamExt};

    /// Polls `work` and takes items until it is complete, as a stream does. Fails if the work makes no progress.
    fn items(handoff: &Handoff<u32>, mut work: impl Future<Output = ()> + Unpin) -> Vec<u32> {
        let mut context = Context::from_waker(Waker::noop());
        let mut items = Vec::new();
        for _ in 0..1_000 {
            handoff.set_reader(context.waker());
            let is_complete = work.poll_unpin(&mut context).is_ready();
            match handoff.take() {
                Some(item) => items.push(item),
                None if is_complete => return items,
                None => panic!("the work waits, but no item is stored; so far: {items:?}"),
            }
        }
        panic!("the work does not end");
    }

    #[test]
    fn one_future_stores_item_after_item() {
        let handoff = Handoff::new();
        let work = Box::pin(async {
            for number in 0..3 {
                handoff.send(number).await;
            }
        });
        assert_eq!(items(&handoff, work), [0, 1, 2]);
    }

    #[test]
    fn futures_in_a_set_all_make_progress() {
        let handoff = Handoff::new();
        let work = Box::pin(async {
            let mut set: FuturesUnordered<_> = (0..3)
                .map(|number| {
                    let handoff = &handoff;
                    async move {
                        handoff.send(number).await;
                        handoff.send(number + 10).await;
                    }
                })
                .collect();
            while set.next().await.is_some() {}
        });
        let mut items = items(&handoff, work);
        items.sort_unstable();
        assert_eq!(items, [0, 1, 2, 10, 11, 12]);
    }

    #[test]
    fn an_item_of_a_dropped_future_is_still_taken() {
        let handoff = Handoff::new();
        drop(handoff.send(1));
        let work = Box::pin(async { handoff.send(2).await });
        assert_eq!(items(&handoff, work), [1, 2]);
    }
}
