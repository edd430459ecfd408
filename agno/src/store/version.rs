//! The version of a session, and the position of an append.

use std::fmt;

use super::LeaseToken;

/// The version of a session: the number of entries that were ever appended to it.
///
/// ```
/// use agno::store::Version;
///
/// assert_eq!(Version::NEW.next(), Version::from_number(1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(u64);

impl Version {
    /// The version of a session without entries, which does not exist yet.
    pub const NEW: Self = Self(0);

    /// Creates a version from its number.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Returns the version after one more entry.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The position at which an entry is appended.
///
/// ```
/// use agno::store::{Append, Version};
///
/// let append = Append::at(Version::NEW);
/// assert_eq!(append.version(), Version::NEW);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Append {
    version: Version,
    lease: Option<LeaseToken>,
}

impl Append {
    /// Appends to a session that has this version.
    pub const fn at(version: Version) -> Self {
        Self { version, lease: None }
    }

    /// Sets the token of the lease that the program holds.
    #[must_use]
    pub const fn with_lease(mut self, lease: LeaseToken) -> Self {
        self.lease = Some(lease);
        self
    }

    /// Returns the version that the session must have.
    pub const fn version(self) -> Version {
        self.version
    }

    /// Returns the token of the lease.
    pub const fn lease(self) -> Option<LeaseToken> {
        self.lease
    }
}
