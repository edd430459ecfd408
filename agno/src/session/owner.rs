//! The owner of a session, which keeps the conversations of different users apart.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The owner of a session: a user, a tenant, or another name that the program takes from a trusted source, such as the
/// authenticated request. A model can neither read nor choose it.
///
/// A name has 1 to 256 bytes. A session without an owner must say so: [`Owner::shared`] has no name, and there is no
/// default, so that a missing name never leads to a conversation that users share.
///
/// ```
/// use agno::session::{Owner, Session};
///
/// let owner = Owner::new("user-17")?;
/// let session = Session::new(&owner);
/// assert_eq!(session.owner().name(), Some("user-17"));
/// assert_ne!(*session.owner(), Owner::shared());
/// assert!(Owner::new("").is_err());
/// # Ok::<(), agno::session::InvalidOwnerError>(())
/// ```
///
/// Cloning an owner does not copy its name. Serialized as the name, or as `null` for the shared owner.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner(Option<Arc<str>>);

impl Owner {
    /// Maximum length of a name in bytes.
    pub const MAX_BYTES: usize = 256;

    /// Creates an owner from a name.
    ///
    /// # Errors
    ///
    /// Returns an error for a name that is empty or longer than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidOwnerError> {
        match name.as_ref() {
            "" => Err(InvalidOwnerError { bytes: 0 }),
            name if name.len() > Self::MAX_BYTES => Err(InvalidOwnerError { bytes: name.len() }),
            name => Ok(Self(Some(name.into()))),
        }
    }

    /// Returns the owner of sessions without a particular user, such as those of a program with a single user.
    pub const fn shared() -> Self {
        Self(None)
    }

    /// Returns the name, or `None` for the shared owner.
    pub fn name(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Returns `true` for the shared owner.
    pub const fn is_shared(&self) -> bool {
        self.0.is_none()
    }
}

impl From<&Self> for Owner {
    fn from(owner: &Self) -> Self {
        owner.clone()
    }
}

impl TryFrom<&str> for Owner {
    type Error = InvalidOwnerError;

    fn try_from(name: &str) -> Result<Self, InvalidOwnerError> {
        Self::new(name)
    }
}

impl TryFrom<String> for Owner {
    type Error = InvalidOwnerError;

    fn try_from(name: String) -> Result<Self, InvalidOwnerError> {
        Self::new(name)
    }
}

impl FromStr for Owner {
    type Err = InvalidOwnerError;

    fn from_str(name: &str) -> Result<Self, InvalidOwnerError> {
        Self::new(name)
    }
}

/// Displays the name, or `(shared)`. A name can also be `(shared)`, so use [`Owner::name`] for keys.
impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name().unwrap_or("(shared)"))
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.debug_tuple("Owner").field(&name).finish(),
            None => f.write_str("Owner(shared)"),
        }
    }
}

impl Serialize for Owner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.name().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<String>::deserialize(deserializer)? {
            Some(name) => Self::new(name).map_err(de::Error::custom),
            None => Ok(Self::shared()),
        }
    }
}

/// An error for a name that is empty or too long. Does not contain the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidOwnerError {
    bytes: usize,
}

impl fmt::Display for InvalidOwnerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bytes == 0 {
            return f.write_str(
                "the name of the owner is empty; pass the user's ID, or `Owner::shared()` for a session without an owner",
            );
        }
        write!(
            f,
            "the name of the owner has {} bytes, more than {}; pass a shorter ID, such as a hash of the name to `Owner::new`",
            self.bytes,
            Owner::MAX_BYTES
        )
    }
}

impl std::error::Error for InvalidOwnerError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_256_bytes() {
        assert!(Owner::new("x".repeat(256)).is_ok());
        let long = Owner::new("x".repeat(257)).unwrap_err().to_string();
        assert!(long.contains("257 bytes") && !long.contains("xxx"), "{long}");
        let empty = "".parse::<Owner>().unwrap_err().to_string();
        assert!(empty.contains("`Owner::shared()`"), "{empty}");
    }

    #[test]
    fn a_name_never_equals_the_shared_owner() {
        let named = Owner::new(Owner::shared().to_string()).unwrap();
        assert_ne!(named, Owner::shared());
        assert_eq!(
            format!("{named:?} {:?}", Owner::shared()),
            r#"Owner("(shared)") Owner(shared)"#
        );
    }

    #[test]
    fn serialization_keeps_the_owner_and_checks_its_name() {
        for owner in [Owner::shared(), Owner::new("user-17").unwrap()] {
            let text = serde_json::to_string(&owner).unwrap();
            assert_eq!(serde_json::from_str::<Owner>(&text).unwrap(), owner);
        }
        assert!(serde_json::from_str::<Owner>(r#""""#).is_err());
    }
}
