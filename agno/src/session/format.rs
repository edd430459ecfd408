//! Reads serialized sessions of all formats.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::{Owner, Session, SessionId, Window};
use crate::message::history::Segment;
use crate::version::{Format, SavedVersion, Version};

/// The format of a session.
pub(super) struct SessionFormat;

impl Format for SessionFormat {
    const NOUN: &'static str = "the session";
    // 2: `id`, `owner`, `created` and `updated`; no `window`.
    const VERSION: u32 = 2;
}

/// The fields of all formats.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedSession {
    /// Absent in sessions that the first releases saved.
    #[serde(default = "first_version")]
    version: SavedVersion<SessionFormat>,
    #[serde(default)]
    id: Option<SessionId>,
    #[serde(default, deserialize_with = "present")]
    owner: Option<Owner>,
    #[serde(default)]
    created: Option<u64>,
    #[serde(default)]
    updated: Option<u64>,
    /// Stored by format 1 only.
    #[serde(default)]
    window: Option<IgnoredAny>,
    chunks: Vec<Segment>,
}

fn first_version() -> SavedVersion<SessionFormat> {
    SavedVersion::FIRST
}

/// Distinguishes the shared owner, which is `null`, from an absent owner.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Owner>, D::Error> {
    Owner::deserialize(deserializer).map(Some)
}

impl TryFrom<SavedSession> for Session {
    type Error = String;

    fn try_from(saved: SavedSession) -> Result<Self, String> {
        let number = saved.version.number;
        let (id, owner) = if number == 1 {
            let unknown = [
                ("id", saved.id.is_some()),
                ("owner", saved.owner.is_some()),
                ("created", saved.created.is_some()),
                ("updated", saved.updated.is_some()),
            ];
            if let Some((field, _)) = unknown.iter().find(|(_, is_present)| *is_present) {
                return Err(format!(
                    "a session of format 1 has no field `{field}`; add `\"version\":2`"
                ));
            }
            (SessionId::new(), Owner::shared())
        } else {
            if saved.window.is_some() {
                return Err(format!(
                    "a session of format {number} has no field `window`; set it with `with_window`"
                ));
            }
            (
                saved.id.ok_or("the session has no field `id`")?,
                saved
                    .owner
                    .ok_or("the session has no field `owner`; write `null` for the shared owner")?,
            )
        };
        let mut segments = saved.chunks;
        segments.retain(|segment| !segment.messages.is_empty());
        Ok(Self {
            version: Version::CURRENT,
            id,
            owner,
            created: saved.created,
            updated: saved.updated,
            window: Window::ALL,
            segments,
        })
    }
}
