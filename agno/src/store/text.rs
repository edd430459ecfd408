//! The text in the bodies of entries, for searches.

use super::Entry;
use crate::message::Message;

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
