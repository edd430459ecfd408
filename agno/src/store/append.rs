//! The parameters of an append.

use super::{LeaseToken, Version};

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
