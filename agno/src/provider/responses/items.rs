//! Decodes the output items of a reply. The deltas of a stream are emitted as they arrive, and the rest of an item is
//! emitted when the item is complete. In a complete reply, the rest is the entire item. Both kinds of reply therefore
//! give the same result, and nothing is lost if a server omits deltas.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::lookup::{FEW, ItemKind, List, Lookup, kind_of};
use super::reply_parts::{
    call_signature, citation, image_part, item, kind, likelihoods, logprobs, message_signature,
};
use super::wire::{Item, WirePart, arguments, elements, parts};
use crate::message::{Part, ProviderItem};
use crate::model::{Delta, TokenLogprob};
use crate::provider::codec::lenient::is_object;
use crate::provider::codec::minify::minified;

/// The items of a partially decoded reply.
#[derive(Debug, Default)]
pub(super) struct Items {
    states: Vec<State>,
    /// Empty while there are few items.
    lookup: Lookup,
}

/// The state of a partially decoded item.
#[derive(Debug, Default)]
struct State {
    /// Index in the reply, as assigned by the server.
    index: Option<u64>,
    kind: ItemKind,
    /// `true` once any part of the item has been emitted.
    started: bool,
    closed: bool,
    parts: BTreeMap<(List, u64), PartState>,
    /// Number of argument bytes emitted.
    arguments: usize,
    /// The signature to emit if the server never closes the item.
    signature: Option<String>,
}

/// The state of a partially decoded part of an item.
#[derive(Debug, Default)]
struct PartState {
    /// Number of text bytes emitted.
    text: usize,
    citations: usize,
    logprobs: usize,
}

impl PartState {
    fn add_citation(&mut self) {
        self.citations = self.citations.saturating_add(1);
    }
}

impl Items {
    pub(super) fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    pub(super) fn has_calls(&self) -> bool {
        self.states
            .iter()
            .any(|state| state.kind == ItemKind::Call && state.started)
    }

    /// Starts an item.
    pub(super) fn add(&mut self, index: Option<u64>, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let kind = kind(raw);
        let position = self.push(index, ItemKind::from_name(&kind));
        match ItemKind::from_name(&kind) {
            ItemKind::Call => {
                let item = item(raw);
                self.state(position).signature = call_signature(raw);
                self.begin_call(position, &item, deltas);
            }
            ItemKind::Message => self.state(position).signature = message_signature(raw),
            ItemKind::Reasoning | ItemKind::Other => {}
        }
    }

    /// Completes an item and emits the rest of it.
    pub(super) fn close(&mut self, index: Option<u64>, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let name = kind(raw);
        let kind = ItemKind::from_name(&name);
        let position = self.open(index, kind);
        match kind {
            ItemKind::Message => self.close_message(position, raw, deltas),
            ItemKind::Reasoning => self.close_reasoning(position, raw, deltas),
            ItemKind::Call => {
                let item = item(raw);
                self.begin_call(position, &item, deltas);
                self.emit_arguments(position, &arguments(item.arguments), deltas);
                self.state(position).signature = call_signature(raw);
                self.sign(position, deltas);
            }
            ItemKind::Other => {
                let item = ProviderItem::new(name.as_str(), minified(raw.get()));
                deltas.push(Delta::Part(Box::new(Part::from(item))));
                if name == "image_generation_call" {
                    deltas.extend(image_part(raw).map(|part| Delta::Part(Box::new(part))));
                }
                self.state(position).started = true;
            }
        }
        self.state(position).closed = true;
    }

    /// Ends the reply. Emits the rest of items that the server never closed, and items that are only in `output`.
    pub(super) fn finish(&mut self, output: &[&RawValue], deltas: &mut Vec<Delta>) {
        // If the server does not number items by their position in `output`, closing them here would emit them twice.
        let started = self.states.len();
        let numbered = self
            .states
            .iter()
            .enumerate()
            .all(|(position, state)| state.index.is_none_or(|index| index == position as u64));
        if numbered && started <= output.len() {
            for (position, raw) in output.iter().enumerate() {
                if self.states.get(position).is_none_or(|state| !state.closed) {
                    self.close(Some(position as u64), raw, deltas);
                }
            }
        }
        for position in 0..self.states.len() {
            if !self.state(position).closed {
                self.sign(position, deltas);
                self.state(position).closed = true;
            }
        }
    }

    /// Emits more text of a part.
    pub(super) fn text(
        &mut self,
        index: Option<u64>,
        list: List,
        part: u64,
        text: &str,
        deltas: &mut Vec<Delta>,
    ) {
        let position = self.open(index, kind_of(list));
        self.emit_text(position, list, part, text, deltas);
    }

    /// Emits a citation in a part of a message.
    pub(super) fn cite(&mut self, index: Option<u64>, part: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let position = self.open(index, ItemKind::Message);
        self.begin_part(position, List::Text, part, deltas).add_citation();
        deltas.push(Delta::Citation(citation(raw)));
    }

    /// Emits log probabilities of the tokens in a part of a message.
    pub(super) fn logprobs(
        &mut self,
        index: Option<u64>,
        part: u64,
        raw: &RawValue,
        deltas: &mut Vec<Delta>,
    ) {
        let logprobs = logprobs(Some(raw));
        if !logprobs.is_empty() {
            let position = self.open(index, ItemKind::Message);
            let read = self.begin_part(position, List::Text, part, deltas);
            read.logprobs = read.logprobs.saturating_add(logprobs.len());
            deltas.push(likelihoods(logprobs));
        }
    }

    /// Emits more of the arguments of a call.
    pub(super) fn append_arguments(&mut self, index: Option<u64>, delta: &str, deltas: &mut Vec<Delta>) {
        let position = self.open(index, ItemKind::Call);
        let state = self.state(position);
        // The arguments of a call without a name or an ID are emitted when the call is closed.
        if state.started && !delta.is_empty() {
            state.arguments = state.arguments.saturating_add(delta.len());
            deltas.push(Delta::CallArguments {
                index: position,
                arguments: delta.to_owned(),
            });
        }
    }

    /// Emits the rest of a call's arguments. `raw` contains all of them.
    pub(super) fn all_arguments(&mut self, index: Option<u64>, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let position = self.open(index, ItemKind::Call);
        if self.state(position).started {
            self.emit_arguments(position, &arguments(Some(raw)), deltas);
        }
    }

    /// Returns the item at this position.
    #[expect(
        clippy::indexing_slicing,
        reason = "`push` and `open` return the positions of items, and no item is removed"
    )]
    fn state(&mut self, position: usize) -> &mut State {
        &mut self.states[position]
    }

    fn push(&mut self, index: Option<u64>, kind: ItemKind) -> usize {
        let position = self.states.len();
        self.states.push(State {
            index,
            kind,
            ..State::default()
        });
        if position >= FEW {
            let first = if position == FEW { 0 } else { position };
            for (position, state) in self.states.iter().enumerate().skip(first) {
                self.lookup.add(position, state.index, state.kind);
            }
        }
        position
    }

    /// Returns the position of the open item of this kind at this index. Starts an item if none is open, because some
    /// servers do not announce their items.
    fn open(&mut self, index: Option<u64>, kind: ItemKind) -> usize {
        let found = if self.states.len() > FEW {
            let states = &self.states;
            let is_closed = |at: usize| states.get(at).is_none_or(|state| state.closed);
            self.lookup.last(index, kind, is_closed)
        } else {
            self.states.iter().rposition(|state| {
                let has_same_index = index.is_none() || state.index.is_none() || state.index == index;
                state.kind == kind && !state.closed && has_same_index
            })
        };
        found.unwrap_or_else(|| self.push(index, kind))
    }

    /// Returns a part of an item, starting the part first if necessary.
    fn begin_part(
        &mut self,
        position: usize,
        list: List,
        index: u64,
        deltas: &mut Vec<Delta>,
    ) -> &mut PartState {
        let state = self.state(position);
        state.parts.entry((list, index)).or_insert_with(|| {
            match (state.started, kind_of(list)) {
                // The parts of a reasoning item are joined into one text, separated by blank lines.
                (true, ItemKind::Reasoning) => deltas.push(Delta::Reasoning("\n\n".to_owned())),
                _ => deltas.push(Delta::Break),
            }
            state.started = true;
            PartState::default()
        })
    }

    fn emit_text(&mut self, position: usize, list: List, index: u64, text: &str, deltas: &mut Vec<Delta>) {
        if text.is_empty() {
            return;
        }
        let read = self.begin_part(position, list, index, deltas);
        read.text = read.text.saturating_add(text.len());
        let text = text.to_owned();
        deltas.push(match list {
            List::Text => Delta::Text(text),
            List::Refusal => Delta::Refusal(text),
            List::Thought | List::Summary => Delta::Reasoning(text),
        });
    }

    /// Emits the rest of a part's text. `full_text` contains all of it.
    fn emit_remainder(
        &mut self,
        position: usize,
        list: List,
        index: u64,
        full_text: &str,
        deltas: &mut Vec<Delta>,
    ) {
        let read = self.read(position, list, index).map_or(0, |part| part.text);
        self.emit_text(
            position,
            list,
            index,
            full_text.get(read..).unwrap_or_default(),
            deltas,
        );
    }

    fn read(&self, position: usize, list: List, index: u64) -> Option<&PartState> {
        self.states.get(position)?.parts.get(&(list, index))
    }

    fn close_message(&mut self, position: usize, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let parts = parts(item(raw).content);
        let ends_in_text = parts.last().is_some_and(|part| part.kind.as_str() != "refusal");
        for (index, part) in (0..).zip(parts) {
            if part.kind.as_str() == "refusal" {
                self.emit_remainder(position, List::Refusal, index, part.refusal.as_str(), deltas);
            } else {
                self.close_text(position, index, &part, deltas);
            }
        }
        if !self.state(position).started {
            deltas.push(Delta::Break);
        }
        self.state(position).signature = message_signature(raw).filter(|_| ends_in_text);
        self.sign(position, deltas);
    }

    fn close_text(&mut self, position: usize, index: u64, part: &WirePart<'_>, deltas: &mut Vec<Delta>) {
        self.emit_remainder(position, List::Text, index, part.text.as_str(), deltas);
        let (cited, seen_logprobs) = self
            .read(position, List::Text, index)
            .map_or((0, 0), |read| (read.citations, read.logprobs));
        let annotations = elements(part.annotations)
            .into_iter()
            .filter(|raw| is_object(raw));
        for raw in annotations.skip(cited) {
            self.begin_part(position, List::Text, index, deltas)
                .add_citation();
            deltas.push(Delta::Citation(citation(raw)));
        }
        let rest: Vec<TokenLogprob> = logprobs(part.logprobs).into_iter().skip(seen_logprobs).collect();
        if !rest.is_empty() {
            deltas.push(likelihoods(rest));
        }
    }

    fn close_reasoning(&mut self, position: usize, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let item = item(raw);
        let (thoughts, summary) = (parts(item.content), parts(item.summary));
        for (index, part) in (0..).zip(&thoughts) {
            self.emit_remainder(position, List::Thought, index, part.text.as_str(), deltas);
        }
        for (index, part) in (0..).zip(&summary) {
            self.emit_remainder(position, List::Summary, index, part.text.as_str(), deltas);
        }
        let thought = thoughts.iter().any(|part| part.text.0.is_some());
        if !self.state(position).started {
            deltas.push(Delta::Break);
        }
        deltas.extend(item.id.into_string().map(Delta::ReasoningId));
        match item.encrypted_content.into_string() {
            Some(encrypted) => deltas.push(Delta::ReasoningSignature(encrypted)),
            None if thought => deltas.push(Delta::ReasoningSignature(REASONING_TEXT.to_owned())),
            None => {}
        }
        self.state(position).started = true;
    }

    fn begin_call(&mut self, position: usize, item: &Item<'_>, deltas: &mut Vec<Delta>) {
        let state = self.state(position);
        let id = item.call_id.0.as_deref().unwrap_or(item.id.as_str());
        if !state.started && !item.name.as_str().is_empty() && !id.is_empty() {
            state.started = true;
            deltas.push(Delta::CallStart {
                index: position,
                id: id.to_owned(),
                name: item.name.as_str().to_owned(),
            });
        }
    }

    fn emit_arguments(&mut self, position: usize, arguments: &str, deltas: &mut Vec<Delta>) {
        let state = self.state(position);
        let rest = arguments.get(state.arguments..).unwrap_or_default();
        if state.started && !rest.is_empty() {
            state.arguments = arguments.len();
            deltas.push(Delta::CallArguments {
                index: position,
                arguments: rest.to_owned(),
            });
        }
    }

    /// Emits the signature that is sent back with an item.
    fn sign(&mut self, position: usize, deltas: &mut Vec<Delta>) {
        let state = self.state(position);
        let Some(signature) = state.signature.take() else {
            return;
        };
        match state.kind {
            ItemKind::Call if state.started => deltas.push(Delta::CallSignature {
                index: position,
                signature,
            }),
            ItemKind::Message => deltas.push(Delta::TextSignature(signature)),
            _ => {}
        }
    }
}

/// Signature of reasoning that is not encrypted: the text is the model's original reasoning and is sent back as such.
pub(super) const REASONING_TEXT: &str = r#"{"type":"reasoning_text"}"#;
