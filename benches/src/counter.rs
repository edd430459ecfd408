//! Global allocator of the benches, which forwards to the system allocator and counts only while a measurement runs.
//!
//! An allocator that always counts would distort the timings, because most cases allocate. `realloc` is forwarded as
//! well, because its default implementation copies a list each time it grows.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The allocations of a thread during a measurement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Number of allocations and reallocations.
    pub count: u64,
    /// Number of bytes allocated.
    pub bytes: u64,
    /// Number of allocations not yet freed.
    pub live_count: i64,
    /// Number of bytes not yet freed.
    pub live_bytes: i64,
}

/// Number of running measurements.
static COUNTING: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static COUNTED: Cell<Option<Counted>> = const { Cell::new(None) };
}

/// Counts the allocations of this thread while `work` runs.
///
/// ```
/// let counted = agno_benches::counter::measure(|| drop(Box::new(1_u64)));
/// assert_eq!((counted.count, counted.bytes, counted.live_bytes), (1, 8, 0));
/// ```
pub fn measure(work: impl FnOnce()) -> Counted {
    COUNTING.fetch_add(1, Ordering::Relaxed);
    let outer = COUNTED.replace(Some(Counted::default()));
    work();
    let counted = COUNTED.replace(outer).unwrap_or_default();
    COUNTING.fetch_sub(1, Ordering::Relaxed);
    counted
}

#[inline]
fn record(allocated: usize, freed: usize) {
    if COUNTING.load(Ordering::Relaxed) != 0 {
        count(allocated, freed);
    }
}

#[cold]
#[inline(never)]
fn count(allocated: usize, freed: usize) {
    // A thread that exits may allocate after its thread-local state is destroyed.
    let _ = COUNTED.try_with(|counted| {
        if let Some(mut total) = counted.get() {
            total.count += u64::from(allocated > 0);
            total.bytes += allocated as u64;
            total.live_count += i64::from(allocated > 0) - i64::from(freed > 0);
            total.live_bytes += allocated as i64 - freed as i64;
            counted.set(Some(total));
        }
    });
}

struct Counter;

#[global_allocator]
static COUNTER: Counter = Counter;

#[expect(
    unsafe_code,
    reason = "an allocator requires unsafe code; this one only counts and forwards every call unchanged"
)]
// SAFETY: every call is forwarded to the system allocator with unchanged arguments; counting does not allocate.
unsafe impl GlobalAlloc for Counter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        record(layout.size(), 0);
        // SAFETY: the caller upholds the contract of `GlobalAlloc`, which is the contract of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        record(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        record(0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        record(size, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
