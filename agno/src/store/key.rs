//! The address of a session in a store.

use std::fmt;
use std::sync::Arc;

use super::{Result, StoreError, StoreErrorKind};
use crate::session::Owner;

/// The owner and the ID of a session in a store.
///
/// An ID has 1 to 1,024 bytes. It need not be unguessable, because every operation also requires the owner, and two owners
/// can use the same ID for different sessions.
///
/// ```
/// use agno::session::Owner;
/// use agno::store::SessionKey;
///
/// let key = SessionKey::new(Owner::new("user-17")?, "s-1")?;
/// assert_eq!((key.owner().name(), key.id()), (Some("user-17"), "s-1"));
/// assert!(SessionKey::new(Owner::shared(), "").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey {
    owner: Owner,
    id: Arc<str>,
}

impl SessionKey {
    /// Maximum length of an ID in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Creates a key.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidId`](StoreErrorKind::InvalidId) for an ID that is empty or longer than
    /// [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn new(owner: impl Into<Owner>, id: impl AsRef<str>) -> Result<Self> {
        let id = id.as_ref();
        let problem = match id.len() {
            0 => "the ID of the session is empty; pass the ID of a conversation".to_owned(),
            1..=Self::MAX_BYTES => {
                return Ok(Self {
                    owner: owner.into(),
                    id: id.into(),
                });
            }
            bytes => format!(
                "the ID of the session has {bytes} bytes, more than {}; pass a shorter ID, such as a hash",
                Self::MAX_BYTES
            ),
        };
        Err(StoreError::new(StoreErrorKind::InvalidId, problem))
    }

    /// Returns the key of another session of the same owner.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`new`](Self::new).
    pub fn with_id(&self, id: impl AsRef<str>) -> Result<Self> {
        Self::new(&self.owner, id)
    }

    /// Returns the owner.
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Returns the ID.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionKey")
            .field("owner", &self.owner)
            .field("id", &self.id)
            .finish()
    }
}
