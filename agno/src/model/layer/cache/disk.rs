//! A cache on disk with one file per answer. Files are written under a temporary name and renamed, so that readers
//! never see a partial file.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{CacheEntry, CacheKey, CacheStore};
use crate::model::Reply;

/// A cache on disk with one file per answer.
///
/// Several programs may share the directory. The cache has no size limit: delete files at any time, or call
/// [`remove_expired`](Self::remove_expired).
///
/// Files contain answers as plain JSON. On Unix, only their owner can read them (mode 0600), and a directory that the
/// cache creates is private as well (mode 0700). An existing directory keeps its permissions; use one that no
/// other user can write to, because the cache trusts every file in it.
///
/// ```
/// use agno::model::layer::{CacheLayer, DiskCache};
/// use std::time::Duration;
///
/// let store = DiskCache::new("cache/answers");
/// let layer = CacheLayer::new(store.clone()).with_time_to_live(Duration::from_secs(86_400));
/// // In a periodic task:
/// let removed = store.remove_expired().unwrap_or_default();
/// # let _ = (layer, removed);
/// ```
#[derive(Debug, Clone)]
pub struct DiskCache {
    directory: Arc<Path>,
}

/// Prefix of the names of temporary files.
const PREFIX: &str = "agno-";
/// Suffix of the names of temporary files.
const PARTIAL: &str = ".part";

/// Length of a key in a file name, in hexadecimal digits.
const KEY_DIGITS: usize = 64;

/// The age at which an incomplete file counts as abandoned.
const MAX_WRITE_TIME: Duration = Duration::from_secs(3600);

/// Contents of a file.
#[derive(Serialize, Deserialize)]
struct StoredReply<R> {
    /// Version of the file format.
    version: u32,
    /// Expiry time, in seconds since the Unix epoch.
    expires: Option<u64>,
    reply: R,
}

/// The part of a file that all versions of the format share.
#[derive(Deserialize)]
struct StoredExpiry {
    expires: Option<u64>,
}

impl StoredExpiry {
    fn has_expired(&self) -> bool {
        self.expires.is_some_and(|expires| expires <= now())
    }
}

const VERSION: u32 = 1;

impl DiskCache {
    /// Creates a cache in this directory. The directory is created when the first answer is stored.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into().into(),
        }
    }

    /// Removes expired answers and returns the number of answers removed. Also removes temporary and damaged files that
    /// are older than an hour, such as those left behind by a killed program, without counting them. Several programs
    /// may call this method at the same time.
    ///
    /// # Errors
    ///
    /// Returns an error when the directory exists but cannot be read, or when a file cannot be removed.
    pub fn remove_expired(&self) -> io::Result<usize> {
        let entries = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        let mut removed = 0;
        for entry in entries {
            let path = entry?.path();
            match FileState::of(&path) {
                FileState::Expired => removed += usize::from(remove(&path)?),
                FileState::Abandoned => {
                    remove(&path)?;
                }
                FileState::InUse => {}
            }
        }
        Ok(removed)
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        self.directory.join(format!("{key}.json"))
    }

    fn write(&self, key: &CacheKey, entry: &Reply, time_to_live: Option<Duration>) -> io::Result<()> {
        let expires = time_to_live.map(|time_to_live| now().saturating_add(time_to_live.as_secs().max(1)));
        let json = serde_json::to_vec(&StoredReply {
            version: VERSION,
            expires,
            reply: entry,
        })?;
        create_directory(&self.directory)?;
        // The temporary file has a random name, is private, and is removed if the answer cannot be written.
        let mut file = tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(PARTIAL)
            .tempfile_in(&self.directory)?;
        file.write_all(&json)?;
        file.persist(self.path(key)).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Creates a directory that only this user can access, unless it already exists.
fn create_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Removes a file. Returns `false` if another program has removed it.
fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}

/// The state of a file in the directory.
enum FileState {
    /// A valid answer, a file that another program is writing, or an unrelated file.
    InUse,
    /// An expired answer.
    Expired,
    /// A temporary or damaged file that no program will complete.
    Abandoned,
}

impl FileState {
    fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let (key, extension) = name.split_at(name.len().min(KEY_DIGITS));
        let is_key = key.len() == KEY_DIGITS && key.iter().all(u8::is_ascii_hexdigit);
        let is_incomplete = if is_key && extension == b".json" {
            match fs::read(path).map(|json| serde_json::from_slice::<StoredExpiry>(&json)) {
                Ok(Ok(stored)) if stored.has_expired() => return Self::Expired,
                Ok(parsed) => parsed.is_err(),
                Err(_) => false,
            }
        } else {
            name.starts_with(PREFIX.as_bytes()) && name.ends_with(PARTIAL.as_bytes())
        };
        match is_incomplete && is_older_than(path, MAX_WRITE_TIME) {
            true => Self::Abandoned,
            false => Self::InUse,
        }
    }
}

fn is_older_than(path: &Path, age: Duration) -> bool {
    let modified = fs::metadata(path).and_then(|file| file.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|elapsed| elapsed > age))
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
        // A failed write only costs another request to the model.
        let _ = tokio::task::spawn_blocking(move || this.write(&key, &entry, time_to_live)).await;
    }
}
