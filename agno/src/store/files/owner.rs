//! The directory of one owner.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::log::{HeldLease, leased};
use super::super::{Cursor, LeaseToken, Page, Result, SessionInfo, SessionPage, StoreError, StoreErrorKind};
use super::layout::{
    children, find_name, found, io_error, is_temporary, json_line, read_json, remove_deleted,
    remove_directory, sync_parent, temporary, write_json, write_new,
};
use super::session::{About, SessionDirectory};
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
        let (name, directory) = Self::name(root, owner)?;
        Ok(directory.map(|_| Self {
            path: root.join(name),
            sync,
        }))
    }

    fn name(root: &Path, owner: &Owner) -> Result<(String, Option<Name>)> {
        let content = |name: &str| read_json::<Name>(&root.join(name).join("owner.json"));
        find_name(&text_of(owner), content, |name| name.owner == *owner)
    }

    /// Returns the directory of an owner, which is created if it does not exist.
    pub(super) fn create(root: &Path, owner: &Owner, sync: bool) -> Result<Self> {
        loop {
            let (name, directory) = Self::name(root, owner)?;
            let path = root.join(name);
            let content = Name { owner: owner.clone() };
            let fill = |path: &Path| write_json(&path.join("owner.json"), &content, sync);
            // Another program may have created the directory, or that of another owner, in the meantime.
            if directory.is_some() || publish(&path, sync, fill)?.is_some() {
                return Ok(Self { path, sync });
            }
        }
    }

    /// Deletes the directory.
    pub(super) fn remove(self) -> Result<bool> {
        remove_directory(&self.path)
    }

    /// Deletes what is left of sessions whose deletion was interrupted.
    pub(super) fn remove_deleted(&self) -> Result<()> {
        remove_deleted(&self.path)
    }

    /// Returns the directory of a session, or `None` if the session does not exist.
    pub(super) fn session(&self, id: &str) -> Result<Option<SessionDirectory>> {
        let (name, about) = self.session_name(id)?;
        Ok(about.map(|about| self.directory(&self.path.join(name), about)))
    }

    fn session_name(&self, id: &str) -> Result<(String, Option<About>)> {
        let content = |name: &str| read_json::<About>(&self.path.join(name).join("session.json"));
        find_name(id, content, |about| about.id == id)
    }

    fn directory(&self, path: &Path, about: About) -> SessionDirectory {
        SessionDirectory {
            path: path.to_owned(),
            about,
            sync: self.sync,
        }
    }

    /// Creates a session with the content that `fill` writes, and returns the result of `fill`. The session appears together
    /// with its content. Returns `None` if it exists already.
    pub(super) fn create_session<T>(
        &self,
        id: &str,
        now: u64,
        fill: impl Fn(&SessionDirectory) -> Result<T>,
    ) -> Result<Option<T>> {
        let about = About {
            id: id.to_owned(),
            number: self.reserve_number()?,
            created: now,
        };
        loop {
            let (name, existing) = self.session_name(id)?;
            if existing.is_some() {
                return Ok(None);
            }
            let created = publish(&self.path.join(name), self.sync, |path| {
                fs::create_dir(path.join("ids")).map_err(io_error)?;
                write_json(&path.join("session.json"), &about, self.sync)?;
                fill(&self.directory(path, about.clone()))
            })?;
            // Otherwise, another program created this session, or another one with the same hash, in the meantime.
            if created.is_some() {
                return Ok(created);
            }
        }
    }

    /// Returns all sessions.
    pub(super) fn sessions(&self) -> Result<Vec<SessionDirectory>> {
        let mut sessions = Vec::new();
        for path in children(&self.path)?
            .into_iter()
            .filter(|path| !is_temporary(path))
        {
            if let Some(about) = read_json::<About>(&path.join("session.json"))? {
                sessions.push(self.directory(&path, about));
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
        let mut infos: Vec<SessionInfo> = Vec::new();
        let mut last = None;
        for session in sessions {
            if !meets(&session)? {
                continue;
            }
            if infos.len() == page.limit() as usize {
                return Ok(SessionPage::new(infos, last));
            }
            infos.push(session.info()?);
            last = Some(Cursor::from_number(session.about.number));
        }
        Ok(SessionPage::new(infos, None))
    }

    /// Returns the path and the content of a session's lease.
    fn lease_file(&self, id: &str) -> Result<(PathBuf, Option<HeldLease>)> {
        let path = |name: &str| self.path.join(format!("lease-{name}.json"));
        let content = |name: &str| read_json::<SavedLease>(&path(name));
        let (name, saved) = find_name(id, content, |saved| saved.id == id)?;
        let current = match saved {
            Some(saved) => Some(HeldLease {
                token: saved.token.parse()?,
                expires_millis: saved.expires,
            }),
            None => None,
        };
        Ok((path(&name), current))
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
        write_new(&written, &[&json_line(&saved(id, new))?], self.sync)?;
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

/// Creates a directory with its content, so that a reader sees all of it or nothing, and returns the result of `fill`. Returns
/// `None` if another program created a directory with this name in the meantime.
fn publish<T>(path: &Path, sync: bool, fill: impl Fn(&Path) -> Result<T>) -> Result<Option<T>> {
    let unfinished = temporary(path);
    fs::create_dir(&unfinished).map_err(io_error)?;
    let published = fill(&unfinished).and_then(|filled| match fs::rename(&unfinished, path) {
        Ok(()) => Ok(Some(filled)),
        // A directory that is not empty cannot be replaced.
        Err(_) if path.exists() => Ok(None),
        Err(error) => Err(io_error(error)),
    });
    if matches!(published, Ok(Some(_))) {
        sync_parent(path, sync)?;
    } else {
        let _ = fs::remove_dir_all(&unfinished);
    }
    published
}
