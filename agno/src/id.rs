//! IDs of runs and calls. They are unique without coordination, and creating them rarely requires a system call.

use std::cell::Cell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The ID of a run: 128 bits, displayed as 32 hexadecimal digits.
///
/// IDs are unique across machines. They are not secret.
///
/// ```
/// use agno::run::RunId;
///
/// let id = RunId::new();
/// assert_ne!(id, RunId::new());
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(u128);

/// Increment between consecutive IDs of a thread. It is odd, so every value occurs before any repeats (a Weyl sequence).
const STEP: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

impl RunId {
    /// Creates a new ID.
    #[expect(
        clippy::new_without_default,
        reason = "each call returns a different value, unlike a default"
    )]
    pub fn new() -> Self {
        thread_local! {
            // Each thread counts from its own random start, so that threads share no cache line.
            static NEXT: Cell<u128> = Cell::new({
                let random = || u128::from(RandomState::new().hash_one(std::time::Instant::now()));
                random() << 64 | random()
            });
        }
        Self(NEXT.with(|next| {
            let id = next.get();
            next.set(id.wrapping_add(STEP));
            id
        }))
    }
}

/// Creates an ID for a call that has none, of at most 40 characters (OpenAI's limit). The ID contains half of the run's
/// ID, because runs in the same session must not share call IDs.
pub(crate) fn new_call_id(run: RunId, turn: u32, number: u64) -> String {
    let run = run.0 as u64;
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

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunId({self})")
    }
}

/// An error for a string that is not a valid [`RunId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseRunIdError(());

impl fmt::Display for ParseRunIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a run ID has 32 hexadecimal digits")
    }
}

impl std::error::Error for ParseRunIdError {}

impl FromStr for RunId {
    type Err = ParseRunIdError;

    fn from_str(text: &str) -> Result<Self, ParseRunIdError> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseRunIdError(()));
        }
        u128::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_| ParseRunIdError(()))
    }
}

impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}
