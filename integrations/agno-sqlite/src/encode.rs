//! Values as SQLite stores them.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use agno::model::Usage;
use agno::session::Owner;
use agno::store::{Entry, checksum};

/// Returns the text of an owner. Names are not empty, so no name is the text of the shared owner.
pub(crate) fn owner(owner: &Owner) -> &str {
    owner.name().unwrap_or("")
}

/// Returns a number as SQLite stores it. Greater numbers than SQLite can store do not occur in a file.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Returns a number that SQLite stored.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Returns a duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the 16 bytes of an ID, whose text has 32 hexadecimal digits.
pub(crate) fn id(id: &impl Display) -> [u8; 16] {
    // The text of an ID is always valid.
    u128::from_str_radix(&id.to_string(), 16)
        .unwrap_or(0)
        .to_be_bytes()
}

/// Returns the ID with these bytes, or `None` if it is not valid.
pub(crate) fn parse_id<T: FromStr>(bytes: &[u8]) -> Option<T> {
    let bytes = <[u8; 16]>::try_from(bytes).ok()?;
    format!("{:032x}", u128::from_be_bytes(bytes)).parse().ok()
}

/// Returns a usage as JSON, or `None` if all counts are 0.
pub(crate) fn usage(usage: &Usage) -> Option<String> {
    (*usage != Usage::default())
        .then(|| serde_json::to_string(usage).ok())
        .flatten()
}

/// Returns the usage in JSON, or `None` if it is not valid.
pub(crate) fn parse_usage(json: Option<&str>) -> Option<Usage> {
    match json {
        None => Some(Usage::default()),
        Some(json) => serde_json::from_str(json).ok(),
    }
}

/// Returns a checksum as SQLite stores it.
pub(crate) fn sum(parts: &[&[u8]]) -> i64 {
    checksum(parts).cast_signed()
}

/// Returns the checksum of all columns of an entry, except for its session. The status and the usage are as they are stored.
pub(crate) fn entry_sum(version: i64, created: i64, entry: &Entry, status: &str, usage: Option<&str>) -> i64 {
    let usage = usage.unwrap_or_default();
    let state = entry.state.as_deref();
    let mut fields = Vec::with_capacity(128 + usage.len() + entry.agent.len());
    let mut number = |number: u64| fields.extend_from_slice(&number.to_le_bytes());
    number(version.cast_unsigned());
    number(created.cast_unsigned());
    number(entry.messages.into());
    number(entry.tokens.into());
    // Lengths keep a byte that moves from one part to the next from having no effect.
    for part in [usage, status, entry.agent.as_str()] {
        number(part.len() as u64);
    }
    number(state.map_or(u64::MAX, |state| state.len() as u64));
    fields.extend_from_slice(&id(&entry.id));
    fields.extend_from_slice(&entry.run.map_or([0; 16], |run| id(&run)));
    sum(&[
        &fields,
        usage.as_bytes(),
        status.as_bytes(),
        entry.agent.as_bytes(),
        state.unwrap_or_default(),
        &entry.body,
    ])
}

#[cfg(test)]
mod tests {
    use agno::store::EntryId;

    use super::*;

    #[test]
    fn ids_survive_a_round_trip() {
        let entry = EntryId::new();
        assert_eq!(parse_id(&id(&entry)), Some(entry));
        assert_eq!(parse_id::<EntryId>(&[0; 16]), None);
        assert_eq!(parse_id::<EntryId>(b"short"), None);
    }

    #[test]
    fn each_part_of_an_entry_changes_the_checksum() {
        let entry = |change: fn(&mut Entry)| {
            let mut entry = Entry::new("01920000-0000-7abc-8000-000000000001".parse().unwrap(), *b"[]");
            change(&mut entry);
            let usage = usage(&entry.usage);
            entry_sum(1, 2, &entry, entry.status.as_str(), usage.as_deref())
        };
        let sums = [
            entry(|_| {}),
            entry(|entry| entry.id = "01920000-0000-7abc-8000-000000000002".parse().unwrap()),
            entry(|entry| entry.run = Some("01920000-0000-7abc-8000-000000000001".parse().unwrap())),
            entry(|entry| entry.agent = "a".to_owned()),
            entry(|entry| entry.status = agno::store::EntryStatus::Paused),
            entry(|entry| entry.messages = 1),
            entry(|entry| entry.tokens = 1),
            entry(|entry| entry.usage = Usage::new(1, 0)),
            entry(|entry| entry.state = Some(b"".as_slice().into())),
            entry(|entry| (entry.state, entry.body) = (Some(b"[".as_slice().into()), b"]".as_slice().into())),
        ];
        let distinct: std::collections::HashSet<i64> = sums.into_iter().collect();
        assert_eq!(distinct.len(), sums.len());
    }
}
