//! Assembles the blocks of a reply into parts. A block starts empty or with content, is extended by deltas, and
//! stops.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::value::RawValue;

use super::wire::{Block, CitationSource, Kind};
use crate::message::{Citation, Part, ProviderItem, Reasoning};
use crate::model::Delta;
use crate::provider::codec::entries::entries;
use crate::provider::codec::lenient::is_object;
use crate::provider::codec::minify::{Minifier, minified};

/// The unfinished blocks of one reply.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// The open blocks by their index.
    open: BTreeMap<u64, Content>,
    calls: usize,
}

#[derive(Debug)]
enum Content {
    Text,
    Thinking,
    Call {
        /// The index of the call within the reply.
        call: usize,
        /// The initial arguments, which apply if no delta follows.
        first: String,
        has_more: bool,
        minifier: Minifier,
    },
    /// A block of any other kind: its initial JSON, its input deltas and the fields that deltas added.
    Item {
        kind: String,
        json: String,
        input: String,
        added: Vec<(String, Added)>,
    },
}

impl Blocks {
    /// Returns the number of calls so far.
    pub(super) fn calls(&self) -> usize {
        self.calls
    }

    /// Starts a block.
    pub(super) fn start(&mut self, index: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        self.stop(index, deltas);
        let block: Block<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        // Each block becomes a separate part, whatever precedes it.
        deltas.push(Delta::Break);
        let content = match block.kind.as_str() {
            "text" => {
                deltas.extend(block.text.into_string().map(Delta::Text));
                let citations = block.citations.into_iter().flatten();
                deltas.extend(citations.filter(|raw| is_object(raw)).map(citation));
                Content::Text
            }
            "thinking" => {
                deltas.extend(block.thinking.into_string().map(Delta::Reasoning));
                deltas.extend(block.signature.into_string().map(Delta::ReasoningSignature));
                Content::Thinking
            }
            "redacted_thinking" => {
                deltas.push(Delta::Part(Box::new(Part::from(Reasoning {
                    signature: block.data.into_string(),
                    redacted: true,
                    ..Reasoning::default()
                }))));
                return;
            }
            "tool_use" => {
                let call = self.calls;
                self.calls = self.calls.saturating_add(1);
                deltas.push(Delta::CallStart {
                    index: call,
                    id: block.id.into_string().unwrap_or_default(),
                    name: block.name.into_string().unwrap_or_default(),
                });
                // A caller other than the model is code that the provider runs. The API requires the caller when the
                // call is sent back.
                if let Some(caller) = block.caller.filter(|caller| !is_direct(caller)) {
                    deltas.push(Delta::CallSignature {
                        index: call,
                        signature: minified(caller.get()),
                    });
                }
                Content::Call {
                    call,
                    first: arguments(block.input),
                    has_more: false,
                    minifier: Minifier::default(),
                }
            }
            kind => {
                // Another model takes over and produces the rest of the reply.
                let to = block
                    .to
                    .and_then(|to| to.model.into_string())
                    .filter(|_| kind == "fallback");
                if to.is_some() {
                    deltas.push(Delta::Started { id: None, model: to });
                }
                Content::Item {
                    kind: kind.to_owned(),
                    json: raw.get().to_owned(),
                    input: String::new(),
                    added: Vec::new(),
                }
            }
        };
        self.open.insert(index, content);
    }

    /// Applies a delta to a block.
    pub(super) fn extend(&mut self, index: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let delta: Block<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let kind = delta.kind.as_str();
        let open = match self.open.entry(index) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(vacant) => {
                // Some servers omit the start event of a block.
                let content = match kind {
                    "text_delta" | "citations_delta" => Content::Text,
                    "thinking_delta" | "signature_delta" => Content::Thinking,
                    _ => return,
                };
                deltas.push(Delta::Break);
                vacant.insert(content)
            }
        };
        match open {
            Content::Text => {
                deltas.extend(delta.text.into_string().map(Delta::Text));
                deltas.extend(delta.citation.map(citation));
            }
            Content::Thinking => {
                deltas.extend(delta.thinking.into_string().map(Delta::Reasoning));
                deltas.extend(delta.signature.into_string().map(Delta::ReasoningSignature));
            }
            Content::Call {
                call,
                has_more,
                minifier,
                ..
            } => {
                let more = minifier.next(delta.partial_json.as_str());
                if !more.is_empty() {
                    *has_more = true;
                    deltas.push(Delta::CallArguments {
                        index: *call,
                        arguments: more,
                    });
                }
            }
            Content::Item { input, added, .. } => match kind {
                "input_json_delta" => input.push_str(delta.partial_json.as_str()),
                _ => add(added, raw),
            },
        }
    }

    /// Stops a block.
    pub(super) fn stop(&mut self, index: u64, deltas: &mut Vec<Delta>) {
        if let Some(content) = self.open.remove(&index) {
            content.end(deltas);
        }
    }

    /// Stops all blocks, including those without a stop event.
    pub(super) fn stop_all(&mut self, deltas: &mut Vec<Delta>) {
        for content in std::mem::take(&mut self.open).into_values() {
            content.end(deltas);
        }
    }
}

impl Content {
    fn end(self, deltas: &mut Vec<Delta>) {
        match self {
            Self::Text | Self::Thinking => {}
            Self::Call {
                call,
                first,
                has_more: false,
                ..
            } => deltas.push(Delta::CallArguments {
                index: call,
                arguments: first,
            }),
            Self::Call { .. } => {}
            Self::Item {
                kind,
                json,
                input,
                added,
            } => {
                let json = item(&json, &input, &added);
                deltas.push(Delta::Part(Box::new(Part::from(ProviderItem::new(kind, json)))));
            }
        }
    }
}

/// Returns the arguments of a call as text. The input is an object, or a string that contains an object.
fn arguments(input: Option<&RawValue>) -> String {
    let text = match input.map(RawValue::get) {
        None | Some("null") => return "{}".to_owned(),
        Some(text) if text.starts_with('"') => serde_json::from_str(text).unwrap_or(Cow::Borrowed("{}")),
        Some(text) => Cow::Borrowed(text),
    };
    match minified(&text) {
        text if text.is_empty() => "{}".to_owned(),
        text => text,
    }
}

fn is_direct(caller: &RawValue) -> bool {
    let caller: Kind<'_> = serde_json::from_str(caller.get()).unwrap_or_default();
    matches!(caller.kind.as_str(), "direct" | "")
}

/// Maximum number of fields that deltas can add to a block. No known block has that many.
const MAX_FIELDS: usize = 64;

/// The value of a field that deltas added.
#[derive(Debug)]
enum Added {
    Text(String),
    /// JSON of any other kind.
    Json(String),
}

impl Added {
    fn to_json(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Owned(serde_json::Value::from(text.as_str()).to_string()),
            Self::Json(json) => Cow::Borrowed(json),
        }
    }
}

/// Records the fields of a delta. Text is appended to existing text; any other value replaces the existing one.
fn add(added: &mut Vec<(String, Added)>, delta: &RawValue) {
    for (name, value) in entries(delta).unwrap_or_default() {
        if name == "type" {
            continue;
        }
        let value = match serde_json::from_str::<String>(value.get()) {
            Ok(text) => Added::Text(text),
            Err(_) => Added::Json(value.get().to_owned()),
        };
        let has_space = added.len() < MAX_FIELDS;
        match (added.iter_mut().find(|(known, _)| *known == name), value) {
            (Some((_, Added::Text(text))), Added::Text(more)) => text.push_str(&more),
            (Some((_, known)), value) => *known = value,
            (None, value) if has_space => added.push((name.into_owned(), value)),
            (None, _) => {}
        }
    }
}

/// Returns the JSON that an item would have if it had not been streamed.
fn item(json: &str, input: &str, added: &[(String, Added)]) -> String {
    let Some(fields) = serde_json::from_str::<&RawValue>(json)
        .ok()
        .and_then(entries)
        .filter(|_| !input.trim().is_empty() || !added.is_empty())
    else {
        return minified(json);
    };
    let mut object = String::from("{");
    let mut field = |name: &str, value: &str| {
        let separator = if object.len() > 1 { "," } else { "" };
        object.push_str(separator);
        object.push_str(&serde_json::Value::from(name).to_string());
        object.push(':');
        object.push_str(&minified(value));
    };
    // The API rejects incomplete input. Some streams omit the opening brace, so also try the input with the brace
    // added.
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let repaired = format!("{{{input}");
    let input = [input, &repaired].into_iter().find(|input| is_json(input));
    for (name, value) in &fields {
        let new = added
            .iter()
            .find(|(added, _)| added == name)
            .map(|(_, added)| added.to_json());
        match new {
            Some(json) => field(name, &joined(value.get(), &json)),
            None if name == "input" => field(name, input.unwrap_or(value.get())),
            None => field(name, value.get()),
        }
    }
    for (name, json) in added {
        if !fields.iter().any(|(known, _)| known == name) {
            field(name, &json.to_json());
        }
    }
    object.push('}');
    object
}

/// Concatenates the initial value of a field and its addition if both are text; otherwise returns the addition.
fn joined<'a>(first: &str, more: &'a str) -> Cow<'a, str> {
    match (
        serde_json::from_str::<String>(first),
        serde_json::from_str::<String>(more),
    ) {
        (Ok(first), Ok(more)) => Cow::Owned(serde_json::Value::from(first + &more).to_string()),
        _ => Cow::Borrowed(more),
    }
}

/// Converts Anthropic's JSON for a citation to a delta.
fn citation(raw: &RawValue) -> Delta {
    let cited: CitationSource<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    Delta::Citation(Citation {
        url: cited.url.into_string().or(cited.source.into_string()),
        title: cited.title.into_string().or(cited.document_title.into_string()),
        quote: cited.cited_text.into_string(),
        json: minified(raw.get()),
    })
}
