//! The body of an entry: its format, the text in it, for searches, and the checksum with which stores detect damage.

use serde::{Deserialize, Serialize};

use super::{Entry, Result, StoreError, StoreErrorKind};
use crate::message::Message;
use crate::run::Run;
use crate::session::Segment;
use crate::version;

/// The format of a body.
struct BodyFormat;

impl version::Format for BodyFormat {
    const NOUN: &'static str = "the entry";
    const VERSION: u32 = 1;
}

#[derive(Serialize)]
struct BodyRef<'a> {
    version: version::Version<BodyFormat>,
    segment: &'a Segment,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a Run>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(rename = "version")]
    _version: version::Version<BodyFormat>,
    segment: Segment,
    #[serde(default)]
    run: Option<Box<Run>>,
}

/// Writes a body.
pub(super) fn encode(segment: &Segment, run: Option<&Run>) -> Result<Vec<u8>> {
    let body = BodyRef {
        version: version::Version::CURRENT,
        segment,
        run,
    };
    serde_json::to_vec(&body).map_err(|error| {
        StoreError::new(
            StoreErrorKind::Invalid,
            "the messages of the run cannot be serialized",
        )
        .with_source(error)
    })
}

/// Reads a body.
pub(super) fn decode(body: &[u8]) -> Result<(Segment, Option<Run>)> {
    match serde_json::from_slice::<Body>(body) {
        Ok(body) => Ok((body.segment, body.run.map(|run| *run))),
        Err(error) => Err(unreadable(body, &error)),
    }
}

/// Returns the error for a body that cannot be read. The error of serde can quote the messages, so only its position and
/// the versions are kept.
fn unreadable(body: &[u8], error: &serde_json::Error) -> StoreError {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let newest = <BodyFormat as version::Format>::VERSION;
    match serde_json::from_slice::<Head>(body) {
        Ok(head) if head.version > newest => StoreError::new(
            StoreErrorKind::NewerFormat,
            format!(
                "the entry has format {}, and this release of agno reads formats up to {newest}; update agno",
                head.version
            ),
        ),
        _ => StoreError::new(
            StoreErrorKind::Invalid,
            format!(
                "the body of the entry is not valid at line {}, column {}",
                error.line(),
                error.column()
            ),
        ),
    }
}

/// Returns `true` if a message of the entry contains the text, regardless of case. A body that cannot be read contains
/// nothing.
///
/// ```
/// use agno::store::{Entry, contains_text};
///
/// let entry = Entry::from_messages(["Where is the Opera?".into()])?;
/// assert!(contains_text(&entry, "opera") && !contains_text(&entry, "user"));
/// # Ok::<(), agno::store::StoreError>(())
/// ```
pub fn contains_text(entry: &Entry, text: &str) -> bool {
    let Ok((segment, _)) = entry.decode() else {
        return false;
    };
    let text = text.to_lowercase();
    let contains = |message: &Message| message.text().to_lowercase().contains(&text);
    segment.messages().iter().any(contains)
}

/// Returns the 64-bit FNV-1a hash of the parts (Fowler, Noll and Vo; draft-eastlake-fnv). It detects damage, not tampering.
///
/// ```
/// use agno::store::checksum;
///
/// assert_eq!(checksum(&[b"foobar"]), 0x8594_4171_f739_67e8);
/// assert_eq!(checksum(&[b"foo", b"bar"]), checksum(&[b"foobar"]));
/// ```
pub fn checksum(parts: &[&[u8]]) -> u64 {
    parts
        .iter()
        .flat_map(|part| part.iter())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}
