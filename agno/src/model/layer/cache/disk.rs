//! A cache on disk with one file per answer. Files are written under a temporary name and renamed, so that readers
//! never see a partial file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{CacheEntry, CacheKey, CacheStore};
use crate::model::Reply;

/// A cache on disk with one file per answer.
///
/// Several programs may share the directory. The cache has no size limit: delete files at any time, or call
/// [`remove_expired`](Self::remove_expired).
///
/// ```
/// use agno::model::layer::{CacheLayer, DiskCache};
/// use std::time::Duration;
///
/// let store = DiskCache::new(std::env::temp_dir().join("answers"));
/// let layer = CacheLayer::new(store.clone()).with_time_to_live(Duration::from_secs(86_400));
/// // In a periodic task:
/// let removed = store.remove_expired().unwrap_or_default();
/// # let _ = (layer, removed);
/// ```
#[derive(Debug, Clone)]
pub struct DiskCache {
    directory: Arc<Path>,
}

/// Contents of a file.
#[derive(Serialize, Deserialize)]
struct StoredReply<R> {
    /// Version of the file format.
    version: u32,
    /// Expiry time, in seconds since 1970.
    expires: Option<u64>,
    reply: R,
}

const VERSION: u32 = 1;

impl DiskCache {
    /// Creates a cache in this directory. The directory is created when the first answer is stored.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into().into(),
        }
    }

    /// Removes the files of expired answers and returns their number.
    ///
    /// # Errors
    ///
    /// Returns an error when the directory cannot be read or a file cannot be removed.
    pub fn remove_expired(&self) -> io::Result<usize> {
        let mut removed = 0;
        for entry in fs::read_dir(&self.directory)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "json")
                && matches!(read(&path), Ok(StoredReply { expires: Some(expires), .. }) if expires <= now())
            {
                fs::remove_file(path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        self.directory.join(format!("{key}.json"))
    }

    fn write(&self, key: &CacheKey, entry: &Reply, time_to_live: Option<Duration>) -> io::Result<()> {
        /// Distinguishes the temporary files of concurrent writes in this process.
        static WRITES: AtomicU64 = AtomicU64::new(0);

        let expires = time_to_live.map(|time_to_live| now().saturating_add(time_to_live.as_secs().max(1)));
        let json = serde_json::to_vec(&StoredReply {
            version: VERSION,
            expires,
            reply: entry,
        })?;
        fs::create_dir_all(&self.directory)?;
        let write = WRITES.fetch_add(1, Ordering::Relaxed);
        let temporary = self
            .directory
            .join(format!("{key}.{}.{write}.part", std::process::id()));
        let written = fs::write(&temporary, json).and_then(|()| fs::rename(&temporary, self.path(key)));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }
}

fn read(path: &Path) -> io::Result<StoredReply<Reply>> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

impl CacheStore for DiskCache {
    async fn get(&self, key: &CacheKey) -> Option<CacheEntry> {
        let path = self.path(key);
        let stored = tokio::task::spawn_blocking(move || read(&path))
            .await
            .ok()?
            .ok()?;
        let fresh = stored.version == VERSION && stored.expires.is_none_or(|expires| expires > now());
        fresh.then(|| Arc::new(stored.reply))
    }

    async fn put(&self, key: &CacheKey, entry: CacheEntry, time_to_live: Option<Duration>) {
        let (this, key) = (self.clone(), *key);
        // Ignoring a failed write only costs another request to the model.
        let _ = tokio::task::spawn_blocking(move || this.write(&key, &entry, time_to_live)).await;
    }
}
