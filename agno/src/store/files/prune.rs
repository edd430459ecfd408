//! The removal of old entries, and the copies of a session.

use std::fs;

use super::super::{Pruned, Result, Retention, StoreError, StoreErrorKind, Version};
use super::layout::{children, found, io_error, read_json, temporary, write_hint, write_json, write_new};
use super::record::{Properties, Record};
use super::session::{PrunedBytes, SessionDirectory, version_of};

impl SessionDirectory {
    /// Deletes the oldest entries.
    pub(super) fn prune(&self, retention: Retention) -> Result<Pruned> {
        let version = self.version()?.number();
        let last = version.saturating_sub(retention.newest_count());
        let mut versions: Vec<Version> = children(&self.path)?
            .iter()
            .filter_map(|path| version_of(path))
            .collect();
        versions.sort_unstable();
        let newest = Record::read_properties(&self.path, Version::from_number(version), &self.about.id)?;
        let mut pruned = Pruned::default();
        for at in versions.into_iter().filter(|at| at.number() <= last) {
            let Some(properties) = Record::read_properties(&self.path, at, &self.about.id)? else {
                continue;
            };
            let is_kept = retention
                .since_millis()
                .is_some_and(|since| properties.created >= since);
            if is_kept || properties.is_pruned {
                continue;
            }
            if newest
                .as_ref()
                .is_some_and(|newest| newest.state_version == Some(at.number()))
                && let Some(state) = self.state(at)?
            {
                let path = self.path.join(format!("state-{}", at.number()));
                found(fs::remove_file(&path))?;
                write_new(&path, &[&state], self.sync)?;
            }
            self.remove(&properties, at.number() == version)?;
            pruned.entries += 1;
            pruned.bytes += properties.size();
        }
        let path = self.path.join("pruned.json");
        let before: PrunedBytes = read_json(&path)?.unwrap_or_default();
        if pruned.entries > 0 {
            let bytes = before.bytes + pruned.bytes;
            write_json(&path, &PrunedBytes { bytes }, self.sync)?;
        }
        Ok(pruned)
    }

    /// Removes the messages of an entry. The newest entry keeps its properties, which have the version of the session.
    fn remove(&self, properties: &Properties, is_newest: bool) -> Result<()> {
        let path = Record::path(&self.path, properties.version());
        let id = self.path.join("ids").join(properties.id.as_str());
        if is_newest {
            let written = temporary(&path);
            write_new(
                &written,
                &[&properties.clone().pruned().line()?, b"\n"],
                self.sync,
            )?;
            fs::rename(&written, &path).map_err(io_error)?;
        } else {
            found(fs::remove_file(&path))?;
        }
        found(fs::remove_file(id)).map(drop)
    }

    /// Copies the entries up to a version into a new directory.
    pub(super) fn copy_to(&self, copy: &Self, through: Version) -> Result<()> {
        let version = self.version()?;
        if through == Version::NEW || through > version {
            return Err(StoreError::new(
                StoreErrorKind::NotFound,
                format!("the session has no version {through}; its version is {version}"),
            ));
        }
        let (mut number, mut total, mut copied) = (through.number(), 0, 0);
        while number > 0 {
            let at = Version::from_number(number);
            let Some(properties) = Record::read_properties(&self.path, at, &self.about.id)? else {
                break;
            };
            total = total.max(properties.total_bytes);
            copied += properties.size();
            let source = Record::path(&self.path, at);
            // Entries never change, so the copies can share them.
            fs::hard_link(&source, Record::path(&copy.path, at)).map_err(io_error)?;
            let id = properties.id.as_str();
            fs::hard_link(&source, copy.path.join("ids").join(id)).map_err(io_error)?;
            number -= 1;
        }
        let bytes = total.saturating_sub(copied);
        write_json(&copy.path.join("pruned.json"), &PrunedBytes { bytes }, self.sync)?;
        let summary = self.saved_summary()?;
        if let Some(summary) = summary.filter(|summary| summary.through <= through.number()) {
            write_json(&copy.path.join("summary.json"), &summary, self.sync)?;
        }
        for source in children(&self.path)? {
            let name = source
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let state = name
                .strip_prefix("state-")
                .and_then(|version| version.parse::<u64>().ok());
            if name == "title.json" || state.is_some_and(|version| version <= through.number()) {
                fs::copy(&source, copy.path.join(&name)).map_err(io_error)?;
            }
        }
        write_hint(&copy.path.join("head"), through.number()).map_err(io_error)
    }
}
