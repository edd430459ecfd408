//! IDs of runs, sessions and calls. They are unique without coordination and sort by time, and creating them rarely
//! requires a system call.

use std::cell::Cell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;
use std::num::NonZeroU128;
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Defines the type of an ID.
macro_rules! id {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(NonZeroU128);

        impl $name {
            /// Creates a new ID. The IDs of a thread increase, and those of different threads sort by time.
            #[expect(
                clippy::new_without_default,
                reason = "each call returns a different value, unlike a default"
            )]
            #[inline]
            pub fn new() -> Self {
                Self::at(Instant::now())
            }

            /// Creates a new ID with this time. The caller has read the clock already.
            #[inline]
            pub(crate) fn at(now: Instant) -> Self {
                Self(GENERATOR.with(|generator| generator.next(generator.base.ticks_at(now))))
            }

            /// Returns the time when the ID was created, with a resolution of 245 nanoseconds, or `None` if the ID is
            /// not a UUID of version 7.
            ///
            /// A process reads the wall clock once and then counts elapsed time, so that its IDs never go backward.
            /// Later changes of the wall clock do not affect it. IDs in data of format 1 are random, and one in 64 of
            /// them looks like version 7: its time is arbitrary.
            pub fn created_at(&self) -> Option<SystemTime> {
                time_of(self.0.get())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(IdVisitor(PhantomData))
            }
        }
    };
}

id! {
    /// The ID of a run: a UUID of version 7, displayed as 32 hexadecimal digits.
    ///
    /// IDs are unique across machines, and sort by the time when they were created. They are not secret. Parsing also
    /// accepts the form of a UUID with hyphens, and the random IDs in runs of format 1.
    ///
    /// ```
    /// use agno::run::RunId;
    ///
    /// let id = RunId::new();
    /// assert!(id < RunId::new());
    /// assert_eq!(id.to_string().parse(), Ok(id));
    /// assert!(id.created_at().is_some());
    ///
    /// let uuid: RunId = "01920000-0000-7abc-8000-000000000001".parse()?;
    /// assert_eq!(uuid.to_string(), "0192000000007abc8000000000000001");
    /// # Ok::<(), agno::run::ParseIdError>(())
    /// ```
    RunId
}

id! {
    /// The ID of a session: a UUID of version 7, displayed as 32 hexadecimal digits.
    ///
    /// IDs are unique across machines, and sort by the time when they were created. They are not secret: a program that
    /// loads a session by its ID must also check the session's [`Owner`](crate::session::Owner).
    ///
    /// ```
    /// use agno::session::{Owner, Session, SessionId};
    ///
    /// let session = Session::new(Owner::shared());
    /// let id: SessionId = session.id().to_string().parse()?;
    /// assert_eq!(id, session.id());
    /// # Ok::<(), agno::session::ParseIdError>(())
    /// ```
    SessionId
}

impl SessionId {
    /// Returns the milliseconds from the Unix epoch until this ID of version 7 was created.
    pub(crate) fn unix_millis(self) -> u64 {
        millis_of(self.0.get())
    }
}

/// Returns the milliseconds since the Unix epoch.
pub(crate) fn unix_millis(now: Instant) -> u64 {
    GENERATOR.with(|generator| generator.base.ticks_at(now)) >> TICK_BITS
}

/// The number of bits for the fraction of a millisecond. A tick is a 4,096th of a millisecond.
const TICK_BITS: u32 = 12;

/// The increment between the counters of consecutive IDs of a thread, above two unused bits. It is odd, so every counter
/// occurs before any repeats (a Weyl sequence). It is small, so the counter rarely wraps around, which adds a tick.
const STEP: u64 = 0x9e_3779_b97f << 2;

/// The bits that mark a UUID of version 7.
const LAYOUT: NonZeroU128 = match NonZeroU128::new(0x7000 << 64 | 0b10 << 62) {
    Some(layout) => layout,
    None => unreachable!(),
};

/// The bits of a UUID that contain its version and its variant.
const LAYOUT_MASK: u128 = 0xf000 << 64 | 0b11 << 62;

thread_local! {
    // Each thread counts from its own random start, so that threads share no cache line.
    static GENERATOR: Generator = Generator::new(*BASE, RandomState::new().hash_one(BASE.instant));
}

/// The base of the process. The threads copy it, so that they agree on the time.
static BASE: LazyLock<Base> = LazyLock::new(|| {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    Base {
        instant: Instant::now(),
        ticks: ticks(since_epoch.unwrap_or_default()),
    }
});

/// A reading of both clocks.
#[derive(Clone, Copy)]
struct Base {
    instant: Instant,
    /// The ticks since the Unix epoch.
    ticks: u64,
}

impl Base {
    /// Returns the ticks since the Unix epoch.
    #[inline]
    fn ticks_at(self, now: Instant) -> u64 {
        self.ticks + ticks(now.saturating_duration_since(self.instant))
    }
}

/// Converts a duration to ticks.
#[inline]
fn ticks(duration: Duration) -> u64 {
    // 4,096 ticks per 1,000,000 nanoseconds.
    duration.as_secs().wrapping_mul(4_096_000) + u64::from(duration.subsec_nanos()) * 64 / 15_625
}

/// The IDs of one thread.
struct Generator {
    base: Base,
    /// The ticks of the last ID.
    last: Cell<u64>,
    /// The counter of the last ID, above two unused bits.
    counter: Cell<u64>,
}

impl Generator {
    fn new(base: Base, random: u64) -> Self {
        Self {
            base,
            last: Cell::new(0),
            counter: Cell::new(random),
        }
    }

    /// Returns the next ID. It is greater than the last one: if its tick is the same, its counter is greater.
    #[inline]
    fn next(&self, ticks: u64) -> NonZeroU128 {
        let (counter, wrapped) = self.counter.get().overflowing_add(STEP);
        let ticks = ticks.max(self.last.get() + u64::from(wrapped));
        self.counter.set(counter);
        self.last.set(ticks);
        let time = (ticks >> TICK_BITS) << 16 | ticks & 0xfff;
        LAYOUT | (u128::from(time) << 64 | u128::from(counter >> 2))
    }
}

/// Returns the milliseconds since the Unix epoch in an ID of version 7.
const fn millis_of(id: u128) -> u64 {
    (id >> 80) as u64
}

/// Returns the time in an ID of version 7.
fn time_of(id: u128) -> Option<SystemTime> {
    if id & LAYOUT_MASK != LAYOUT.get() {
        return None;
    }
    let millis = Duration::from_millis(millis_of(id));
    let fraction = (id >> 64) as u64 & 0xfff;
    // Rounded up, so that the ticks of the result are those of the ID.
    let nanos = Duration::from_nanos((fraction * 15_625).div_ceil(64));
    UNIX_EPOCH.checked_add(millis + nanos)
}

/// Parses 32 hexadecimal digits, or a UUID with hyphens.
fn parse(text: &str) -> Result<NonZeroU128, ParseIdError> {
    let has_hyphens = text.len() == 36;
    if text.len() != 32 && !has_hyphens {
        return Err(ParseIdError(()));
    }
    let mut id = 0;
    for (at, byte) in text.bytes().enumerate() {
        if has_hyphens && matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return Err(ParseIdError(()));
            }
            continue;
        }
        let digit = char::from(byte).to_digit(16).ok_or(ParseIdError(()))?;
        id = id << 4 | u128::from(digit);
    }
    NonZeroU128::new(id).ok_or(ParseIdError(()))
}

/// An error for a string that is not a valid ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseIdError(());

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an ID has 32 hexadecimal digits, not all zero, with or without the hyphens of a UUID")
    }
}

impl std::error::Error for ParseIdError {}

/// Parses an ID without copying its text.
struct IdVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err = ParseIdError>> de::Visitor<'_> for IdVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an ID of 32 hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Creates an ID for a call that has none, of at most 40 characters (OpenAI's limit). The ID contains half of the run's
/// ID, because runs in the same session must not share call IDs.
pub(crate) fn new_call_id(run: RunId, turn: u32, number: u64) -> String {
    let run = run.0.get() as u64;
    format!("call_{run:016x}_{turn}_{number}")
}

/// Returns `true` if [`new_call_id`] created this ID. Also accepts the IDs of an earlier version of that function, which
/// contained no run ID.
#[cfg(any(feature = "gemini", test))]
pub(crate) fn is_new_call_id(id: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_run = |text: &str| text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(rest) = id.strip_prefix("call_") else {
        return false;
    };
    let mut parts = rest.rsplitn(3, '_');
    parts.next().is_some_and(is_number)
        && parts.next().is_some_and(is_number)
        && parts.next().is_none_or(is_run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generator(random: u64) -> Generator {
        Generator::new(*BASE, random)
    }

    #[test]
    fn ids_increase_even_if_the_clock_stands_still_or_goes_backward() {
        // The start of the second generator makes its counter wrap around.
        for random in [0, u64::MAX - 3 * STEP] {
            let generator = generator(random);
            let times = [5_000, 5_000, 5_000, 5_000, 5_000, 3, 5_000, 9_000, 8_999];
            let ids = times.map(|ticks| generator.next(ticks));
            assert!(ids.is_sorted_by(|left, right| left < right), "{ids:x?}");
        }
    }

    #[test]
    fn a_thread_that_creates_many_ids_keeps_their_time_close_to_the_clock() {
        let generator = generator(0);
        for _ in 0..100_000 {
            generator.next(1 << 50);
        }
        assert!(generator.last.get() - (1 << 50) <= 1);
    }

    #[test]
    fn an_id_has_the_layout_of_uuid_version_7() {
        let millis = 0x0192_0000_1234;
        let id = RunId(generator(u64::MAX).next(millis << TICK_BITS | 0x800));
        let text = id.to_string();
        assert!(text.starts_with("0192000012347800"), "{text}");
        assert!(matches!(&text[16..17], "8" | "9" | "a" | "b"), "{text}");
        let created = id.created_at().unwrap().duration_since(UNIX_EPOCH).unwrap();
        assert_eq!(
            created,
            Duration::from_millis(millis) + Duration::from_micros(500)
        );
    }

    #[test]
    fn ticks_survive_a_round_trip_through_the_time_of_an_id() {
        let generator = generator(7);
        for ticks_of_id in (1 << 52..).step_by(997).take(5_000) {
            let id = generator.next(ticks_of_id);
            let created = time_of(id.get()).unwrap().duration_since(UNIX_EPOCH).unwrap();
            assert_eq!(ticks(created), ticks_of_id);
        }
    }

    #[test]
    fn the_time_of_an_id_is_the_instant_of_its_creation() {
        let now = BASE.instant + Duration::from_secs(3600);
        let id = RunId::at(now);
        assert_eq!(
            ticks(id.created_at().unwrap().duration_since(UNIX_EPOCH).unwrap()),
            BASE.ticks_at(now)
        );
        assert_eq!(unix_millis(now), BASE.ticks_at(now) >> TICK_BITS);
        // Before the base, the time of the base is used.
        assert!(SessionId::at(BASE.instant) > SessionId(LAYOUT));
    }

    #[test]
    fn ids_of_threads_are_distinct_and_sort_by_time() {
        let hour = Duration::from_secs(3600);
        let create = |now| std::thread::spawn(move || [(); 1000].map(|()| RunId::at(now)));
        let threads = [1, 1, 2].map(|hours| create(BASE.instant + hour * hours));
        let [first, second, later] = threads.map(|thread| thread.join().unwrap());
        assert!(first.iter().chain(&second).all(|id| *id < later[0]));
        let all: std::collections::HashSet<_> = first.iter().chain(&second).chain(&later).collect();
        assert_eq!(all.len(), 3000);
    }
}
