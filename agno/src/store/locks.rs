//! Locks that order the runs of a session within a process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::SessionKey;

/// The locks of a store's sessions. A run of a session waits until the earlier runs of the session in this process have
/// ended, in the order in which they asked. Clones share the locks.
///
/// A lock takes memory only while it is held or waited for.
///
/// ```
/// use agno::session::Owner;
/// use agno::store::{SessionKey, SessionLocks};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let locks = SessionLocks::new();
/// let key = SessionKey::new(Owner::new("user-17")?, "s-1")?;
/// let guard = locks.lock(&key).await;
/// assert_eq!(locks.len(), 1);
/// drop(guard);
/// assert!(locks.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct SessionLocks {
    locks: Arc<Mutex<Locks>>,
}

type Locks = HashMap<SessionKey, Arc<AsyncMutex<()>>>;

/// The lock of a session, which is released when the guard is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct SessionGuard {
    // Dropped before the ticket, so that the ticket sees whether the lock is in use.
    _guard: OwnedMutexGuard<()>,
    _ticket: Ticket,
}

/// The use of a lock, held or waited for. The last one removes the lock.
struct Ticket {
    locks: SessionLocks,
    key: SessionKey,
    lock: Option<Arc<AsyncMutex<()>>>,
}

impl SessionLocks {
    /// Creates the locks of a new store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for the lock of a session. Dropping the future gives up the place in the queue.
    pub async fn lock(&self, key: &SessionKey) -> SessionGuard {
        let lock = Arc::clone(self.map().entry(key.clone()).or_default());
        let ticket = Ticket {
            locks: self.clone(),
            key: key.clone(),
            lock: Some(Arc::clone(&lock)),
        };
        SessionGuard {
            _guard: lock.lock_owned().await,
            _ticket: ticket,
        }
    }

    /// Returns the number of sessions whose locks are held or waited for.
    pub fn len(&self) -> usize {
        self.map().len()
    }

    /// Returns `true` if no lock is held or waited for.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn map(&self) -> std::sync::MutexGuard<'_, Locks> {
        // No code panics while it holds the map.
        self.locks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut locks = self.locks.map();
        drop(self.lock.take());
        // All other users hold a clone, and new ones are created only while the map is locked.
        if locks
            .get(&self.key)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            locks.remove(&self.key);
        }
    }
}

impl fmt::Debug for SessionLocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLocks").field("len", &self.len()).finish()
    }
}

impl fmt::Debug for SessionGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionGuard")
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::session::Owner;

    fn key(id: &str) -> SessionKey {
        SessionKey::new(Owner::shared(), id).unwrap()
    }

    #[tokio::test]
    async fn waiters_get_the_lock_in_order_and_one_that_gives_up_is_skipped() {
        let locks = SessionLocks::new();
        let (a, b) = (key("a"), key("b"));
        let first = locks.lock(&a).await;
        let mut second = Box::pin(locks.lock(&a));
        let mut third = Box::pin(locks.lock(&a));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(third.as_mut().now_or_never().is_none());
        assert!(locks.lock(&b).now_or_never().is_some());
        drop(second);
        drop(first);
        assert!(third.now_or_never().is_some());
        assert!(locks.is_empty());
    }

    #[tokio::test]
    async fn a_dropped_waiter_leaves_no_lock_behind() {
        let locks = SessionLocks::new();
        let a = key("a");
        let guard = locks.lock(&a).await;
        let mut waiter = Box::pin(locks.lock(&a));
        assert!(waiter.as_mut().now_or_never().is_none());
        drop(guard);
        assert_eq!(locks.len(), 1);
        drop(waiter);
        assert!(locks.is_empty());
    }
}
