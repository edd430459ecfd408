//! Assembles the blocks of a reply into parts. Text and thinking usually have no start event; a new index
//! starts a new block.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::value::RawValue;

use super::wire::{self, Block, ToolUse};
use crate::message::{Citation, Media, MediaSource, Part, ProviderItem, Reasoning};
use crate::model::Delta;
use crate::provider::codec::entries::entries;
use crate::provider::codec::lenient::is_object;
use crate::provider::codec::minify::{Minifier, minified};

/// The unfinished blocks of one reply.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// The open blocks by index.
    open: BTreeMap<u64, Content>,
    calls: usize,
}

#[derive(Debug)]
enum Content {
    Text,
    Redacted(String),
    Call {
        call: usize,
        has_arguments: bool,
        minifier: Minifier,
    },
    Image {
        format: String,
        bytes: String,
    },
    /// A block of any other kind, with the name of its only field, the initial value and the additions.
    Item {
        kind: String,
        start: String,
        added: Vec<String>,
    },
}

impl Blocks {
    pub(super) fn calls(&self) -> usize {
        self.calls
    }

    /// Reads a complete block.
    pub(super) fn read_block(&mut self, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let block: Block<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        deltas.push(Delta::Break);
        let Block {
            text,
            tool_use,
            reasoning_content,
            citations_content,
            image,
            ..
        } = block;
        if let Some(call) = tool_use.as_ref().filter(|call| is_client_call(call)) {
            let index = self.call(call, deltas);
            deltas.push(Delta::CallArguments {
                index,
                arguments: arguments(call.input),
            });
        } else if let Some(thought) = reasoning_content {
            let part = thought.reasoning_text.unwrap_or_default();
            deltas.extend(part.text.into_string().map(Delta::Reasoning));
            deltas.extend(part.signature.into_string().map(Delta::ReasoningSignature));
            deltas.extend(thought.redacted_content.into_string().map(redacted));
        } else if let Some(cited) = citations_content {
            let texts = cited.content.into_iter().flatten();
            deltas.extend(texts.filter_map(|text| text.text.into_string()).map(Delta::Text));
            let citations = cited.citations.into_iter().flatten();
            deltas.extend(citations.filter(|raw| is_object(raw)).map(citation));
        } else if let Some(image) = image {
            let bytes = image.source.unwrap_or_default().bytes.into_string();
            deltas.extend(bytes.map(|bytes| image_part(image.format.as_str(), bytes)));
        } else if let Some(text) = text.into_string() {
            deltas.push(Delta::Text(text));
        } else if let Some((kind, value)) = entries(raw)
            .unwrap_or_default()
            .into_iter()
            .find(|(key, _)| key != "text" && key != "type")
        {
            deltas.push(item(&kind, value.get(), &[]));
        }
    }

    /// Starts a block.
    pub(super) fn start(&mut self, index: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        self.stop(index, deltas);
        let block: Block<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let content = if let Some(call) = block.tool_use.as_ref().filter(|call| is_client_call(call)) {
            deltas.push(Delta::Break);
            Content::Call {
                call: self.call(call, deltas),
                has_arguments: false,
                minifier: Minifier::default(),
            }
        } else if let Some(image) = block.image {
            Content::Image {
                format: image.format.into_string().unwrap_or_default(),
                bytes: String::new(),
            }
        } else if let Some((kind, value)) = entries(raw).unwrap_or_default().into_iter().next() {
            Content::Item {
                kind: kind.into_owned(),
                start: value.get().to_owned(),
                added: Vec::new(),
            }
        } else {
            // If text has a start event, the event is empty.
            return;
        };
        self.open.insert(index, content);
    }

    /// Applies a delta to a block.
    pub(super) fn extend(&mut self, index: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let delta: Block<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let open = match self.open.entry(index) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(vacant) => {
                let content = match &delta.reasoning_content {
                    Some(thought) if thought.redacted_content.0.is_some() => Content::Redacted(String::new()),
                    Some(_) => Content::Text,
                    None if delta.text.0.is_some() || delta.citation.is_some() => Content::Text,
                    None => return,
                };
                deltas.push(Delta::Break);
                vacant.insert(content)
            }
        };
        match open {
            Content::Text => {
                deltas.extend(delta.text.into_string().map(Delta::Text));
                deltas.extend(delta.citation.map(citation));
                let thought = delta.reasoning_content.unwrap_or_default();
                deltas.extend(thought.text.into_string().map(Delta::Reasoning));
                deltas.extend(thought.signature.into_string().map(Delta::ReasoningSignature));
            }
            Content::Redacted(data) => {
                let thought = delta.reasoning_content.unwrap_or_default();
                data.push_str(thought.redacted_content.as_str());
            }
            Content::Call {
                call,
                has_arguments,
                minifier,
            } => {
                let input = delta.tool_use.and_then(|call| call.input).map(text_of);
                let more = minifier.next(&input.unwrap_or_default());
                if !more.is_empty() {
                    *has_arguments = true;
                    deltas.push(Delta::CallArguments {
                        index: *call,
                        arguments: more,
                    });
                }
            }
            Content::Image { bytes, .. } => {
                let source = delta.image.and_then(|image| image.source).unwrap_or_default();
                bytes.push_str(source.bytes.as_str());
            }
            Content::Item { kind, added, .. } => {
                let value = entries(raw)
                    .unwrap_or_default()
                    .into_iter()
                    .find(|(key, _)| key == kind);
                added.extend(value.map(|(_, value)| value.get().to_owned()));
            }
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

    fn call(&mut self, call: &ToolUse<'_>, deltas: &mut Vec<Delta>) -> usize {
        let index = self.calls;
        self.calls = self.calls.saturating_add(1);
        deltas.push(Delta::CallStart {
            index,
            id: call.tool_use_id.as_str().to_owned(),
            name: call.name.as_str().to_owned(),
        });
        index
    }
}

impl Content {
    fn end(self, deltas: &mut Vec<Delta>) {
        match self {
            Self::Text => {}
            Self::Redacted(data) => deltas.push(redacted(data)),
            Self::Call {
                has_arguments: true, ..
            } => {}
            Self::Call { call, .. } => deltas.push(Delta::CallArguments {
                index: call,
                arguments: "{}".to_owned(),
            }),
            Self::Image { format, bytes } => deltas.push(image_part(&format, bytes)),
            Self::Item { kind, start, added } => {
                deltas.push(item(&kind, &start, &added));
            }
        }
    }
}

/// Returns `true` if a call is for an agent's tool, and `false` if it is for a provider's tool.
fn is_client_call(call: &ToolUse<'_>) -> bool {
    call.kind.as_str() != "server_tool_use"
}

/// Returns the text of a JSON string, or any other JSON unchanged.
fn text_of(raw: &RawValue) -> Cow<'_, str> {
    match raw.get() {
        text if text.starts_with('"') => serde_json::from_str(text).unwrap_or(Cow::Borrowed("")),
        text => Cow::Borrowed(text),
    }
}

fn arguments(input: Option<&RawValue>) -> String {
    match input.map(text_of).map(|text| minified(&text)) {
        Some(text) if !text.is_empty() && text != "null" => text,
        _ => "{}".to_owned(),
    }
}

/// Returns the JSON of a provider's call or result, merged from its initial value and the additions.
fn joined(start: &str, added: &[String]) -> Option<String> {
    // Sorted by name, so that the order of arrival does not matter.
    let mut fields: BTreeMap<String, String> = entries(serde_json::from_str(start).ok()?)?
        .into_iter()
        .map(|(key, value)| (key.into_owned(), value.get().to_owned()))
        .collect();
    let mut set = |name: &str, json: String| drop(fields.insert(name.to_owned(), json));
    let (mut input, mut content) = (String::new(), Vec::new());
    for added in added {
        let raw: &RawValue = serde_json::from_str(added).ok()?;
        match serde_json::from_str::<Vec<&RawValue>>(added) {
            // Result content arrives as lists.
            Ok(list) => content.extend(list.into_iter().map(|raw| raw.get().to_owned())),
            Err(_) => {
                for (name, value) in entries(raw)? {
                    match &*name {
                        "input" => input.push_str(&text_of(value)),
                        name => set(name, value.get().to_owned()),
                    }
                }
            }
        }
    }
    if !input.trim().is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(&input).is_ok() {
        set("input", input);
    }
    if !content.is_empty() {
        set("content", format!("[{}]", content.join(",")));
    }
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, json)| format!("{}:{json}", serde_json::Value::from(name.as_str())))
        .collect();
    Some(format!("{{{}}}", fields.join(",")))
}

/// Creates a provider item whose only field is merged from its initial value and the additions.
fn item(kind: &str, start: &str, added: &[String]) -> Delta {
    let value = joined(start, added);
    let value = value.as_deref().unwrap_or(start);
    let json = minified(&format!("{{{}:{value}}}", serde_json::Value::from(kind)));
    Delta::Part(Box::new(Part::from(ProviderItem::new(kind, json))))
}

fn redacted(data: String) -> Delta {
    Delta::Part(Box::new(Part::from(Reasoning {
        signature: Some(data),
        redacted: true,
        ..Reasoning::default()
    })))
}

fn image_part(format: &str, bytes: String) -> Delta {
    let kind = if format.is_empty() {
        String::new()
    } else {
        format!("image/{format}")
    };
    let media = Media::new(MediaSource::Base64(bytes), kind);
    Delta::Part(Box::new(Part::Image(Box::new(media))))
}

/// Converts Amazon's JSON for a citation to a delta.
fn citation(raw: &RawValue) -> Delta {
    let cited: wire::Citation<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    let web = cited.location.and_then(|location| location.web);
    let quote: String = cited
        .source_content
        .into_iter()
        .flatten()
        .filter_map(|text| text.text.into_string())
        .collect();
    Delta::Citation(Citation {
        url: web
            .and_then(|web| web.url.into_string())
            .or(cited.source.into_string()),
        title: cited.title.into_string(),
        quote: Some(quote).filter(|quote| !quote.is_empty()),
        json: minified(raw.get()),
    })
}
