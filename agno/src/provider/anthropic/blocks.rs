//! Assembles the blocks of a reply into parts. A block starts complete or empty, grows by deltas, and stops.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::wire::{Block, CitationSource, Kind};
use crate::message::{Citation, Part, ProviderItem, Reasoning};
use crate::model::Delta;
use crate::provider::codec::entries::entries;
use crate::provider::codec::minify::{Minifier, minified};

/// The unfinished blocks of one reply.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    open: Vec<OpenBlock>,
    calls: usize,
}

#[derive(Debug)]
struct OpenBlock {
    index: u64,
    content: Content,
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
        added: Vec<(String, String)>,
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
                deltas.extend(block.citations.into_iter().flatten().map(citation));
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
                self.calls += 1;
                deltas.push(Delta::CallStart {
                    index: call,
                    id: block.id.into_string().unwrap_or_default(),
                    name: block.name.into_string().unwrap_or_default(),
                });
                // A caller other than the model is code that the provider runs. The API expects the caller back with
                // the call.
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
        self.open.push(OpenBlock { index, content });
    }

    /// Applies a delta to a block.
    pub(super) fn extend(&mut self, index: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let delta: Block<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let kind = delta.kind.as_str();
        if !self.open.iter().any(|open| open.index == index) {
            // Some servers omit the start event of a block.
            let content = match kind {
                "text_delta" | "citations_delta" => Content::Text,
                "thinking_delta" | "signature_delta" => Content::Thinking,
                _ => return,
            };
            deltas.push(Delta::Break);
            self.open.push(OpenBlock { index, content });
        }
        let Some(open) = self.open.iter_mut().rfind(|open| open.index == index) else {
            return;
        };
        match &mut open.content {
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
        while let Some(position) = self.open.iter().position(|open| open.index == index) {
            self.open.remove(position).content.end(deltas);
        }
    }

    /// Stops all blocks, including those without a stop event.
    pub(super) fn stop_all(&mut self, deltas: &mut Vec<Delta>) {
        for open in self.open.drain(..) {
            open.content.end(deltas);
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

/// Records the fields of a delta. Text is appended to existing text; any other value replaces the existing one.
fn add(added: &mut Vec<(String, String)>, delta: &RawValue) {
    for (name, value) in entries(delta).unwrap_or_default() {
        if name == "type" {
            continue;
        }
        let text = |json: &str| serde_json::from_str::<String>(json).ok();
        let known = added.iter_mut().find(|(known, _)| *known == name);
        match (known, text(value.get())) {
            (Some((_, json)), Some(more)) => {
                let longer = text(json).unwrap_or_default() + &more;
                *json = serde_json::Value::from(longer).to_string();
            }
            (Some((_, json)), None) => value.get().clone_into(json),
            (None, _) => added.push((name.into_owned(), value.get().to_owned())),
        }
    }
}

/// Returns the JSON of an item as if it had arrived complete.
fn item(json: &str, input: &str, added: &[(String, String)]) -> String {
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
    // The API rejects input that the model left unfinished. Some streams drop the opening brace, so try the input with
    // a brace added as well.
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let repaired = format!("{{{input}");
    let input = [input, &repaired].into_iter().find(|input| is_json(input));
    for (name, value) in &fields {
        let new = added
            .iter()
            .find(|(added, _)| added == name)
            .map(|(_, json)| json);
        match new {
            Some(json) => field(name, &joined(value.get(), json)),
            None if name == "input" => field(name, input.unwrap_or(value.get())),
            None => field(name, value.get()),
        }
    }
    for (name, json) in added {
        if !fields.iter().any(|(known, _)| known == name) {
            field(name, json);
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

/// Converts a citation to agno's type.
fn citation(raw: &RawValue) -> Delta {
    let cited: CitationSource<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    Delta::Citation(Citation {
        url: cited.url.into_string().or(cited.source.into_string()),
        title: cited.title.into_string().or(cited.document_title.into_string()),
        quote: cited.cited_text.into_string(),
        json: minified(raw.get()),
    })
}
