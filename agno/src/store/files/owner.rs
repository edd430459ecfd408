//! The directory of one owner.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::log::{HeldLease, leased};
use super::super::{Cursor, LeaseToken, Page, Result, SessionInfo, SessionPage, StoreError, StoreErrorKind};
use super::layout::{
    children, found, io_error, is_temporary, names, read_json, remove_directory, sync_parent, temporary,
    write_json, write_new,
};
use super::session::{About, SessionDirectory};
use crate::id::RunId;
use crate::session::Owner;

/// The directory of an owner who has a session or a lease.
pub(super) struct OwnerDirectory {
    path: PathBuf,
    sync: bool,
}

/// The file `owner.json`.
#[derive(Serialize, Deserialize)]
struct Name {
    owner: Owner,
}

/// The file of a lease.
#[derive(Serialize, Deserialize)]
struct SavedLease {
    id: String,
    token: String,
    expires: u64,
}

impl OwnerDirectory {
    /// Returns the directory of an owner, or `None` if the owner has none.
    pub(super) fn find(root: &Path, owner: &Owner, sync: bool) -> Result<Option<Self>> {
        for name in names(&text_of(owner)) {
            let path = root.join(name);
            match read_json::<Name>(&path.join("owner.json"))? {
                None => return Ok(None),
                Some(name) if name.owner == *owner => return Ok(Some(Self { path, sync })),
                Some(_) => {}
            }
        }
        Ok(None)
    }

    /// Returns the directory of an owner, which is created if it does not exist.
    pub(super) fn create(root: &Path, owner: &Owner, sync: bool) -> Result<Self> {
        for name in names(&text_of(owner)) {
            let path = root.join(name);
            match read_json::<Name>(&path.join("owner.json"))? {
                Some(name) if name.owner == *owner => return Ok(Self { path, sync }),
                Some(_) => continue,
                None => {}
            }
            let owner = Name { owner: owner.clone() };
            let is_created = publish(&path, sync, |path| {
                write_json(&path.join("owner.json"), &owner, sync)
            })?;
            if is_created
                || read_json::<Name>(&path.join("owner.json"))?.is_some_and(|name| name.owner == owner.owner)
            {
                return Ok(Self { path, sync });
            }
        }
        Err(StoreError::new(
            StoreErrorKind::Other,
            "no name is left for the directory of the owner",
        ))
    }

    /// Deletes the directory.
    pub(super) fn remove(self) -> Result<bool> {
        remove_directory(&self.path)
    }

    /// Returns the directory of a session, or `None` if the session does not exist.
    pub(super) fn session(&self, id: &str) -> Result<Option<SessionDirectory>> {
        for name in names(id) {
            let path = self.path.join(name);
            match read_json::<About>(&path.join("session.json"))? {
                None => return Ok(None),
                Some(about) if about.id == id => {
                    return Ok(Some(SessionDirectory {
                        path,
                        about,
                        sync: self.sync,
                    }));
                }
                Some(_) => {}
            }
        }
        Ok(None)
    }

    /// Creates a session whose directory `fill` completes. Returns `false` if it exists already.
    pub(super) fn create_session(
        &self,
        id: &str,
        now: u64,
        fill: impl Fn(&Path) -> Result<()>,
    ) -> Result<bool> {
        let about = About {
            id: id.to_owned(),
            number: self.reserve_number()?,
            created: now,
        };
        for name in names(id) {
            let path = self.path.join(name);
            match read_json::<About>(&path.join("session.json"))? {
                Some(other) if other.id == id => return Ok(false),
                Some(_) => continue,
                None => {}
            }
            let is_created = publish(&path, self.sync, |path| {
                fs::create_dir(path.join("ids")).map_err(io_error)?;
                fill(path)?;
                write_json(&path.join("session.json"), &about, self.sync)
            })?;
            if is_created {
                return Ok(true);
            }
            if read_json::<About>(&path.join("session.json"))?.is_some_and(|other| other.id == id) {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Returns all sessions.
    pub(super) fn sessions(&self) -> Result<Vec<SessionDirectory>> {
        let mut sessions = Vec::new();
        for path in children(&self.path)?
            .into_iter()
            .filter(|path| !is_temporary(path))
        {
            if let Some(about) = read_json::<About>(&path.join("session.json"))? {
                sessions.push(SessionDirectory {
                    path,
                    about,
                    sync: self.sync,
                });
            }
        }
        Ok(sessions)
    }

    /// Returns a number that no other session has. The file of the newest number stays, so that the next number is found
    /// without reading all sessions.
    fn reserve_number(&self) -> Result<u64> {
        let number_of = |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix("number-")?.parse().ok();
        let reserved: Vec<u64> = children(&self.path)?.iter().filter_map(number_of).collect();
        let mut number = reserved.iter().max().copied().unwrap_or_default() + 1;
        loop {
            let path = self.path.join(format!("number-{number}"));
            match fs::File::options().write(true).create_new(true).open(&path) {
                Ok(_) => break,
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(io_error(error)),
            }
        }
        for older in reserved {
            found(fs::remove_file(self.path.join(format!("number-{older}"))))?;
        }
        Ok(number)
    }

    /// Returns a page of the sessions that meet a condition.
    pub(super) fn page(
        &self,
        page: Page,
        meets: impl Fn(&SessionDirectory) -> Result<bool>,
    ) -> Result<SessionPage> {
        let before = page.cursor().map_or(u64::MAX, Cursor::number);
        let mut sessions = self.sessions()?;
        sessions.retain(|session| session.about.number < before);
        sessions.sort_by_key(|session| std::cmp::Reverse(session.about.number));
        let mut infos: Vec<(u64, SessionInfo)> = Vec::new();
        for session in sessions {
            if meets(&session)? {
                if infos.len() == page.limit() as usize {
                    let last = infos.last().map(|(number, _)| Cursor::from_number(*number));
                    return Ok(SessionPage::new(
                        infos.into_iter().map(|(_, info)| info).collect(),
                        last,
                    ));
                }
                infos.push((session.about.number, session.info()?));
            }
        }
        Ok(SessionPage::new(
            infos.into_iter().map(|(_, info)| info).collect(),
            None,
        ))
    }

    /// Returns the path and the content of a session's lease.
    fn lease_file(&self, id: &str) -> Result<(PathBuf, Option<HeldLease>)> {
        for name in names(id) {
            let path = self.path.join(format!("lease-{name}.json"));
            match read_json::<SavedLease>(&path)? {
                Some(saved) if saved.id != id => {}
                Some(saved) => {
                    let current = HeldLease {
                        token: saved.token.parse()?,
                        expires_millis: saved.expires,
                    };
                    return Ok((path, Some(current)));
                }
                None => return Ok((path, None)),
            }
        }
        Err(StoreError::new(
            StoreErrorKind::Other,
            "no name is left for the lease",
        ))
    }

    /// Returns the lease of a session.
    pub(super) fn lease(&self, id: &str) -> Result<Option<HeldLease>> {
        self.lease_file(id).map(|(_, current)| current)
    }

    /// Takes the lease of a session.
    pub(super) fn take_lease(&self, id: &str, now: u64, duration: Duration) -> Result<HeldLease> {
        let (path, current) = self.lease_file(id)?;
        HeldLease::check(current, None, now)?;
        let new = HeldLease::expiring(LeaseToken::new(), now, duration);
        if let Some(expired) = current {
            // Of two programs that find the lease expired, one renames it.
            let taken = temporary(&path);
            if found(fs::rename(&path, &taken))?.is_none() {
                return Err(leased());
            }
            let is_expired = read_json::<SavedLease>(&taken)?
                .is_some_and(|saved| saved.token == expired.token.to_string());
            if !is_expired {
                let _ = fs::hard_link(&taken, &path);
            }
            fs::remove_file(&taken).map_err(io_error)?;
            if !is_expired {
                return Err(leased());
            }
        }
        let written = temporary(&path);
        let line = serde_json::to_vec(&saved(id, new)).unwrap_or_default();
        write_new(&written, &[&line, b"\n"], self.sync)?;
        let linked = fs::hard_link(&written, &path);
        let _ = fs::remove_file(&written);
        match linked {
            Ok(()) => sync_parent(&path, self.sync).map(|()| new),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(leased()),
            Err(error) => Err(io_error(error)),
        }
    }

    /// Extends a lease.
    pub(super) fn renew_lease(
        &self,
        id: &str,
        token: LeaseToken,
        now: u64,
        duration: Duration,
    ) -> Result<HeldLease> {
        let (path, current) = self.lease_file(id)?;
        match current {
            Some(current) if current.token == token => {
                let new = HeldLease::expiring(token, now, duration);
                write_json(&path, &saved(id, new), self.sync)?;
                Ok(new)
            }
            Some(_) => Err(leased()),
            None => Err(StoreError::new(
                StoreErrorKind::NotFound,
                "the lease of the session was released; take it again",
            )),
        }
    }

    /// Releases a lease.
    pub(super) fn release_lease(&self, id: &str, token: LeaseToken) -> Result<()> {
        let (path, current) = self.lease_file(id)?;
        if current.is_some_and(|current| current.token == token) {
            found(fs::remove_file(path))?;
        }
        Ok(())
    }
}

fn saved(id: &str, current: HeldLease) -> SavedLease {
    SavedLease {
        id: id.to_owned(),
        token: current.token.to_string(),
        expires: current.expires_millis,
    }
}

/// Returns the key of an owner.
fn text_of(owner: &Owner) -> String {
    match owner.name() {
        Some(name) => format!("owner {name}"),
        None => "shared".to_owned(),
    }
}

/// Creates a directory with its content, so that a reader sees all of it or nothing. Returns `false` if another program
/// created a directory with this name in the meantime.
fn publish(path: &Path, sync: bool, fill: impl Fn(&Path) -> Result<()>) -> Result<bool> {
    let unfinished = path.with_file_name(format!("{}{}", super::layout::TEMPORARY, RunId::new()));
    fs::create_dir(&unfinished).map_err(io_error)?;
    let filled = fill(&unfinished);
    // Renaming a directory onto one that is not empty fails.
    let renamed = filled.and_then(|()| match fs::rename(&unfinished, path) {
        Ok(()) => Ok(true),
        Err(_) if path.exists() => Ok(false),
        Err(error) => Err(io_error(error)),
    });
    if !matches!(renamed, Ok(true)) {
        let _ = fs::remove_dir_all(&unfinished);
        return renamed;
    }
    sync_parent(path, sync)?;
    Ok(true)
}
