//! The allocator of everything that is measured here: the system's, counting while somebody wants to know.
//!
//! One that always counts, as crates for this do, costs 110 instructions an allocation, which is a tenth of a run with a
//! tool call (callgrind), and grows lists by copying them. Times would tell of the counting.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a thread allocated while something was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// How often; growing counts.
    pub count: u64,
    /// How much.
    pub bytes: u64,
    /// Pieces that are still there.
    pub count_held: i64,
    /// Bytes that are still there.
    pub bytes_held: i64,
}

/// How many threads want to know.
static COUNTING: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static COUNTED: Cell<Option<Counted>> = const { Cell::new(None) };
}

/// Counts what this thread allocates while it does this.
///
/// ```
/// let counted = agno_benches::counter::measure(|| drop(Box::new(1_u64)));
/// assert_eq!((counted.count, counted.bytes, counted.bytes_held), (1, 8, 0));
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
fn note(taken: usize, given_back: usize) {
    if COUNTING.load(Ordering::Relaxed) != 0 {
        count(taken, given_back);
    }
}

#[cold]
#[inline(never)]
fn count(taken: usize, given_back: usize) {
    // A thread that ends may allocate when its own state is gone already.
    let _ = COUNTED.try_with(|counted| {
        if let Some(mut so_far) = counted.get() {
            so_far.count += u64::from(taken > 0);
            so_far.bytes += taken as u64;
            so_far.count_held += i64::from(taken > 0) - i64::from(given_back > 0);
            so_far.bytes_held += taken as i64 - given_back as i64;
            counted.set(Some(so_far));
        }
    });
}

struct Counter;

#[global_allocator]
static COUNTER: Counter = Counter;

#[expect(
    unsafe_code,
    reason = "an allocator cannot be written without, and see above for why there has to be one: every call is passed on as it came"
)]
// SAFETY: the system's allocator answers every call, with the arguments as they came; counting does not allocate.
unsafe impl GlobalAlloc for Counter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0);
        // SAFETY: the caller's promises are the ones that are needed here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        note(0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}
