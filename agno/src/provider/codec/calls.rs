//! Converts call IDs and tool names to the format that an API accepts. Models invent names, every server has its own ID
//! format, and some servers send no IDs. An API that rejects an ID or a name would reject every later request in the
//! conversation.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;

use crate::message::{Message, ToolCall};
use crate::model::Messages;

/// The format of IDs that an API accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdFormat {
    /// Any non-empty text without control characters. APIs with this format expect the server's own IDs back
    /// unchanged.
    #[cfg(any(
        feature = "openai",
        feature = "gemini",
        feature = "cohere",
        feature = "ollama"
    ))]
    Any,
    /// At least one and at most this many letters, digits, `_` and `-`.
    #[cfg(any(feature = "openai", feature = "anthropic", feature = "bedrock"))]
    Plain(usize),
    /// Mistral's format: exactly nine letters and digits.
    #[cfg(any(feature = "openai", feature = "bedrock"))]
    Nine,
}

impl IdFormat {
    fn accepts(self, id: &str) -> bool {
        match self {
            #[cfg(any(
                feature = "openai",
                feature = "gemini",
                feature = "cohere",
                feature = "ollama"
            ))]
            Self::Any => !id.is_empty() && !id.contains(char::is_control),
            #[cfg(any(feature = "openai", feature = "anthropic", feature = "bedrock"))]
            Self::Plain(max) => (1..=max).contains(&id.len()) && id.chars().all(is_plain),
            #[cfg(any(feature = "openai", feature = "bedrock"))]
            Self::Nine => id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        }
    }

    /// Adapts an ID to this format. Equal IDs stay equal, and an empty ID may stay empty.
    fn fit(self, id: &str) -> String {
        match self {
            #[cfg(any(
                feature = "openai",
                feature = "gemini",
                feature = "cohere",
                feature = "ollama"
            ))]
            Self::Any => id.replace(char::is_control, "_"),
            #[cfg(any(feature = "openai", feature = "anthropic", feature = "bedrock"))]
            Self::Plain(max) => plain(id, max),
            #[cfg(any(feature = "openai", feature = "bedrock"))]
            Self::Nine => nine(id),
        }
    }
}

/// Returns nine letters and digits derived from the text.
#[cfg(any(feature = "openai", feature = "bedrock"))]
fn nine(text: &str) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    // FNV-1a suffices, because colliding IDs are replaced.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let letter = |shift: u32| LETTERS.get((hash >> shift & 31) as usize).copied();
    (0..63).step_by(7).filter_map(letter).map(char::from).collect()
}

/// The IDs of the calls in one request. A call and its result have the same ID, and no two calls share an ID.
#[derive(Debug)]
pub(crate) struct CallIds {
    /// The replacements for invalid or repeated IDs, by message and call position. Empty in most requests.
    replaced: HashMap<(usize, usize), String>,
}

impl CallIds {
    /// Creates the IDs for these messages.
    pub(crate) fn new(messages: Messages<'_>, format: IdFormat) -> Self {
        let mut replaced = HashMap::new();
        if !are_valid(messages, format) {
            let valid = calls(messages).map(|(_, call)| call.id.as_str());
            let valid: HashSet<&str> = valid.filter(|id| format.accepts(id)).collect();
            let mut kept: HashSet<&str> = HashSet::with_capacity(valid.len());
            let mut invented: HashSet<String> = HashSet::new();
            for (position, call) in calls(messages) {
                if let Some(id) = valid.get(call.id.as_str())
                    && kept.insert(id)
                {
                    continue;
                }
                let (message, index) = position;
                let is_free = |id: &String| {
                    format.accepts(id) && !valid.contains(id.as_str()) && !invented.contains(id)
                };
                let first = Some(format.fit(&call.id)).filter(is_free);
                let others = (1..).map(|attempt: u32| {
                    let id = match attempt {
                        1 => format!("call_{message}_{index}"),
                        _ => format!("call_{message}_{index}_{attempt}"),
                    };
                    format.fit(&id)
                });
                // The search ends, because every attempt is a different ID and the conversation contains finitely many
                // IDs.
                if let Some(id) = first.into_iter().chain(others.filter(is_free)).next() {
                    invented.insert(id.clone());
                    replaced.insert(position, id);
                }
            }
        }
        Self { replaced }
    }

    /// Returns the ID of call `index` in the message at position `message`.
    pub(crate) fn id<'c>(&'c self, call: &'c ToolCall, message: usize, index: usize) -> &'c str {
        let replaced = self.replaced.get(&(message, index));
        replaced.map_or(call.id.as_str(), String::as_str)
    }
}

/// Returns all calls with their message and call positions.
fn calls(messages: Messages<'_>) -> impl Iterator<Item = ((usize, usize), &ToolCall)> {
    let calls = |(at, message): (usize, _)| {
        let calls = Message::calls(message).enumerate();
        calls.map(move |(index, call)| ((at, index), call))
    };
    messages.iter().enumerate().flat_map(calls)
}

/// Returns `true` if every ID has this format and no two are equal. Does not allocate if there are only a few calls.
fn are_valid(messages: Messages<'_>, format: IdFormat) -> bool {
    const FEW: usize = 16;
    let mut few: SmallVec<[&str; FEW]> = SmallVec::new();
    let mut many: HashSet<&str> = HashSet::new();
    calls(messages).all(|(_, call)| {
        let id = call.id.as_str();
        let is_new = if few.len() < FEW {
            let is_new = !few.contains(&id);
            few.push(id);
            is_new
        } else {
            !few.contains(&id) && many.insert(id)
        };
        is_new && format.accepts(id)
    })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Keeps the last `max` characters and replaces those that are not plain.
fn plain(text: &str, max: usize) -> String {
    let skip = text.chars().count().saturating_sub(max);
    let clean = text.chars().skip(skip);
    clean.map(|c| if is_plain(c) { c } else { '_' }).collect()
}

/// Returns the name of a tool in the format that all APIs accept: 1 to 64 letters, digits, `_` and `-`. The model may
/// have invented the name.
pub(crate) fn tool_name(name: &str) -> Cow<'_, str> {
    const MAX_NAME: usize = 64;
    if name.is_empty() {
        return Cow::Borrowed("unnamed");
    }
    if name.len() <= MAX_NAME && name.chars().all(is_plain) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(plain(name, MAX_NAME))
}

#[cfg(all(test, feature = "openai"))]
mod tests {
    use super::*;
    use crate::message::{AssistantMessage, Part};

    /// Returns the IDs for a conversation with one message per list of call IDs.
    fn ids(messages: &[&[&str]], format: IdFormat) -> Vec<String> {
        let messages: Vec<Message> = messages
            .iter()
            .map(|ids| {
                let parts: Vec<Part> = ids.iter().map(|id| Part::call(*id, "f", "{}")).collect();
                Message::from(AssistantMessage::new(parts))
            })
            .collect();
        let messages = Messages::from(messages.as_slice());
        let ids = CallIds::new(messages, format);
        calls(messages)
            .map(|((at, index), call)| ids.id(call, at, index).to_owned())
            .collect()
    }

    #[test]
    fn valid_ids_stay_unchanged() {
        let messages: &[&[&str]] = &[&["call_1", "call_2"], &["x-y_Z"]];
        for format in [IdFormat::Any, IdFormat::Plain(40)] {
            assert_eq!(ids(messages, format), ["call_1", "call_2", "x-y_Z"]);
        }
        assert_eq!(ids(&[&["functions.f:0"]], IdFormat::Any), ["functions.f:0"]);
        assert_eq!(ids(&[&["abcdef123"]], IdFormat::Nine), ["abcdef123"]);
    }

    #[test]
    fn empty_and_repeated_ids_become_unique() {
        let messages: &[&[&str]] = &[&["", "call_0_0", "call_0_0"], &["call_0_2", "a", "a", ""]];
        for format in [IdFormat::Any, IdFormat::Plain(40), IdFormat::Nine] {
            let ids = ids(messages, format);
            let unique: HashSet<&String> = ids.iter().collect();
            assert_eq!(unique.len(), ids.len(), "{ids:?}");
            assert!(ids.iter().all(|id| format.accepts(id)), "{ids:?}");
        }
        assert_eq!(
            ids(messages, IdFormat::Any),
            [
                "call_0_0_2",
                "call_0_0",
                "call_0_2_2",
                "call_0_2",
                "a",
                "call_1_2",
                "call_1_3"
            ]
        );
    }

    #[test]
    fn invalid_characters_and_lengths_are_replaced() {
        let long = "x".repeat(200);
        let messages: &[&[&str]] = &[&["a.b", "a_b", "a:b", "ü\u{7}", &long]];
        let adapted = ids(messages, IdFormat::Plain(40));
        assert_eq!(adapted[..4], ["call_0_0", "a_b", "call_0_2", "__"]);
        assert_eq!(adapted[4], "x".repeat(40));
        assert_eq!(ids(messages, IdFormat::Any)[3..], ["ü_".to_owned(), long.clone()]);
    }

    #[test]
    fn many_equal_ids_become_unique_in_linear_time() {
        let equal = vec!["same"; 50_000];
        let ids = ids(&[&equal, &equal], IdFormat::Plain(40));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 100_000);
    }

    #[test]
    fn names_have_at_most_64_plain_characters() {
        assert_eq!(tool_name("weather"), "weather");
        assert_eq!(tool_name(""), "unnamed");
        assert_eq!(tool_name("multi_tool_use.parallel"), "multi_tool_use_parallel");
        assert_eq!(tool_name("a\u{0}b ü"), "a_b__");
        assert_eq!(tool_name(&"n".repeat(1000)), "n".repeat(64));
    }
}
