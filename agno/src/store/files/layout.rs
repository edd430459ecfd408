//! The directories and files of a store, and the ways to change them atomically.
//!
//! ```text
//! agno-store.json                    the format
//! <owner>/owner.json                 the name of the owner
//! <owner>/<session>/session.json     the ID, the number and the time of creation
//! <owner>/<session>/<version>.jsonl  an entry: its properties, its body and its state, on one line each
//! <owner>/<session>/ids/<entry>      the same file, by the ID of the entry
//! <owner>/<session>/head             a version from which on to look for the newest one
//! <owner>/<session>/title.json, summary.json, pruned.json
//! <owner>/lease-<session>.json       the lease of a session, which need not exist
//! ```
//!
//! A name or an ID can be long and contain any character, so directories have the hash of it as their name, and a number
//! that distinguishes equal hashes. The file in the directory has the text.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::{Result, StoreError, StoreErrorKind, checksum};
use crate::id::RunId;

/// Extension of entries.
pub(super) const ENTRY: &str = "jsonl";
/// Start of the names of files and directories that are not finished.
const TEMPORARY: &str = ".tmp-";
/// Start of the names of directories that are being deleted.
const DELETED: &str = ".deleted-";
/// Maximum number of keys with the same hash in a directory. Each of them adds a file to read, and an attacker who chooses IDs
/// can find many with the same hash.
const MAX_EQUAL_HASHES: usize = 64;

/// Converts an error of the file system.
pub(super) fn io_error(error: io::Error) -> StoreError {
    let (kind, message) = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (StoreErrorKind::Full, "the disk is full"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => (
            StoreErrorKind::ReadOnly,
            "the directory of the store cannot be changed",
        ),
        _ => (
            StoreErrorKind::Other,
            "a file of the store cannot be read or written",
        ),
    };
    StoreError::new(kind, message).with_source(error)
}

/// Returns `None` if the file does not exist, or a part of its path is a file.
pub(super) fn found<T>(result: io::Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(io_error(error)),
    }
}

/// Reads a JSON file.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let Some(bytes) = found(fs::read(path))? else {
        return Ok(None);
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| {
        StoreError::new(
            StoreErrorKind::Damaged,
            format!(
                "the file `{}` is damaged; restore it from a backup",
                path.display()
            ),
        )
        .with_source(error)
    })
}

/// Returns a value as a line of JSON.
pub(super) fn json_line(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value).map_err(|error| {
        StoreError::new(StoreErrorKind::Invalid, "the data cannot be serialized").with_source(error)
    })?;
    line.push(b'\n');
    Ok(line)
}

/// Writes a file so that a reader sees all of it or the previous one.
pub(super) fn write_json(path: &Path, value: &impl Serialize, sync: bool) -> Result<()> {
    let temporary = temporary(path);
    write_new(&temporary, &[&json_line(value)?], sync)?;
    fs::rename(&temporary, path).map_err(io_error)?;
    sync_parent(path, sync)
}

/// Writes a new file, or leaves none.
pub(super) fn write_new(path: &Path, parts: &[&[u8]], sync: bool) -> Result<()> {
    let written = || -> io::Result<()> {
        let mut file = File::options().write(true).create_new(true).open(path)?;
        parts.iter().try_for_each(|part| file.write_all(part))?;
        if sync { file.sync_all() } else { Ok(()) }
    };
    written().map_err(|error| {
        let _ = fs::remove_file(path);
        io_error(error)
    })
}

/// Overwrites a number that is only a hint. In place, because a file system such as ext4 waits for the disk when a file is
/// replaced. All numbers have the same length, so a reader sees one of them, or a number that is wrong.
pub(super) fn write_hint(path: &Path, number: u64) -> io::Result<()> {
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    file.write_all(format!("{number:020}\n").as_bytes())
}

/// Reads a number that is only a hint.
pub(super) fn read_hint(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// Makes the names in a directory durable.
pub(super) fn sync_parent(path: &Path, sync: bool) -> Result<()> {
    // Windows has no way to open a directory as a file, and needs none.
    if !sync || cfg!(windows) {
        return Ok(());
    }
    let parent = path.parent().unwrap_or(path);
    File::open(parent)
        .and_then(|parent| parent.sync_all())
        .map_err(io_error)
}

/// Returns a name beside `path` that nothing else uses.
pub(super) fn temporary(path: &Path) -> PathBuf {
    path.with_file_name(format!("{TEMPORARY}{}", RunId::new()))
}

/// Deletes a directory so that a reader sees all of it or nothing. Returns `false` if it does not exist.
pub(super) fn remove_directory(path: &Path) -> Result<bool> {
    let deleted = path.with_file_name(format!("{DELETED}{}", RunId::new()));
    let is_found = found(fs::rename(path, &deleted))?.is_some();
    remove_deleted(path.parent().unwrap_or(path))?;
    Ok(is_found)
}

/// Deletes the directories that are being deleted, also those of a program that was killed in the meantime.
pub(super) fn remove_deleted(directory: &Path) -> Result<()> {
    for path in children(directory)? {
        if starts_with(&path, DELETED) {
            found(fs::remove_dir_all(&path))?;
        }
    }
    Ok(())
}

/// Returns `true` for a file or directory that is not finished, or is being deleted.
pub(super) fn is_temporary(path: &Path) -> bool {
    starts_with(path, TEMPORARY) || starts_with(path, DELETED)
}

fn starts_with(path: &Path, start: &str) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(start))
}

/// Returns the files and directories in a directory; none if it does not exist.
pub(super) fn children(directory: &Path) -> Result<Vec<PathBuf>> {
    let Some(entries) = found(fs::read_dir(directory))? else {
        return Ok(Vec::new());
    };
    entries
        .map(|entry| entry.map(|entry| entry.path()).map_err(io_error))
        .collect()
}

/// Finds the name for a key in a directory: the first that is free, or whose content has the key. `content` returns `None` for
/// a name that is free.
pub(super) fn find_name<T>(
    key: &str,
    mut content: impl FnMut(&str) -> Result<Option<T>>,
    has_key: impl Fn(&T) -> bool,
) -> Result<(String, Option<T>)> {
    let hash = checksum(&[key.as_bytes()]);
    for number in 0..MAX_EQUAL_HASHES {
        let name = format!("{hash:016x}-{number}");
        match content(&name)? {
            Some(other) if !has_key(&other) => {}
            found => return Ok((name, found)),
        }
    }
    Err(StoreError::new(
        StoreErrorKind::InvalidId,
        "too many IDs have the same hash as this one; choose another ID",
    ))
}
