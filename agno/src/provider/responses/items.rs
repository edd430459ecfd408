//! The items of an answer in the reading. Deltas of a stream are handed on as they come; when an item is whole, what is
//! still missing of it is handed on. A whole answer is one of which everything is still missing, so that the two cannot
//! come apart, and a server that leaves deltas out loses nothing.

use serde_json::value::RawValue;

use super::pieces::{
    call_signature, citation, item, kind, likelihoods, logprobs, message_signature, picture,
};
use super::wire::{Item, Piece, arguments, elements, pieces};
use crate::message::{Part, ProviderItem};
use crate::model::{Delta, TokenLogprob};
use crate::provider::codec::minify::minified;

/// The items of one answer so far.
#[derive(Debug, Default)]
pub(super) struct Items(Vec<State>);

/// How far an item was read.
#[derive(Debug, Default)]
struct State {
    /// The place in the answer the server gave it.
    index: Option<u64>,
    kind: ItemKind,
    /// Whether something of it was handed on.
    begun: bool,
    closed: bool,
    pieces: Vec<Read>,
    /// Bytes of arguments handed on.
    arguments: usize,
    /// What is to go back with it, where its end never comes.
    signature: Option<String>,
}

/// What was read of a piece of an item.
#[derive(Debug)]
struct Read {
    list: List,
    index: u64,
    /// Bytes of text handed on.
    text: usize,
    citations: usize,
    logprobs: usize,
}

/// Which list of an item a piece is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Text,
    Refusal,
    /// The model's own thinking.
    Thought,
    Summary,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum ItemKind {
    Message,
    Reasoning,
    Call,
    /// Kept as it is.
    #[default]
    Other,
}

impl ItemKind {
    fn of(kind: &str) -> Self {
        match kind {
            "message" => Self::Message,
            "reasoning" => Self::Reasoning,
            "function_call" => Self::Call,
            _ => Self::Other,
        }
    }
}

impl Items {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has_calls(&self) -> bool {
        self.0
            .iter()
            .any(|state| state.kind == ItemKind::Call && state.begun)
    }

    /// An item begins.
    pub(super) fn add(&mut self, index: Option<u64>, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let kind = kind(raw);
        let place = self.push(index, ItemKind::of(&kind));
        match self.0[place].kind {
            ItemKind::Call => {
                let item = item(raw);
                self.0[place].signature = call_signature(raw);
                self.begin_call(place, &item, deltas);
            }
            ItemKind::Message => self.0[place].signature = message_signature(raw),
            ItemKind::Reasoning | ItemKind::Other => {}
        }
    }

    /// An item is whole.
    pub(super) fn close(&mut self, index: Option<u64>, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let name = kind(raw);
        let kind = ItemKind::of(&name);
        let place = self.open(index, kind);
        match kind {
            ItemKind::Message => self.close_message(place, raw, deltas),
            ItemKind::Reasoning => self.close_reasoning(place, raw, deltas),
            ItemKind::Call => {
                let item = item(raw);
                self.begin_call(place, &item, deltas);
                self.arguments_so_far(place, &arguments(item.arguments), deltas);
                self.0[place].signature = call_signature(raw);
                self.sign(place, deltas);
            }
            ItemKind::Other => {
                let whole = ProviderItem::new(name.as_str(), minified(raw.get()));
                deltas.push(Delta::Part(Box::new(Part::from(whole))));
                if name == "image_generation_call" {
                    deltas.extend(picture(raw).map(|part| Delta::Part(Box::new(part))));
                }
                self.0[place].begun = true;
            }
        }
        self.0[place].closed = true;
    }

    /// The answer is over: what the server never closed, or only tells of now.
    pub(super) fn finish(&mut self, output: &[&RawValue], deltas: &mut Vec<Delta>) {
        // A server that numbers its items otherwise would have them said twice.
        let told = self.0.len();
        let numbered = self
            .0
            .iter()
            .enumerate()
            .all(|(place, state)| state.index.is_none_or(|index| index == place as u64));
        if numbered && told <= output.len() {
            for (place, raw) in output.iter().enumerate() {
                if self.0.get(place).is_none_or(|state| !state.closed) {
                    self.close(Some(place as u64), raw, deltas);
                }
            }
        }
        for place in 0..self.0.len() {
            if !self.0[place].closed {
                self.sign(place, deltas);
                self.0[place].closed = true;
            }
        }
    }

    /// More of a piece of text.
    pub(super) fn text(
        &mut self,
        index: Option<u64>,
        list: List,
        piece: u64,
        text: &str,
        deltas: &mut Vec<Delta>,
    ) {
        let place = self.open(index, kind_of(list));
        self.say(place, list, piece, text, deltas);
    }

    /// A citation of a piece of text.
    pub(super) fn cite(&mut self, index: Option<u64>, piece: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let place = self.open(index, ItemKind::Message);
        self.begin_piece(place, List::Text, piece, deltas).citations += 1;
        deltas.push(Delta::Citation(citation(raw)));
    }

    /// How likely the tokens of a piece of text were.
    pub(super) fn likely(&mut self, index: Option<u64>, piece: u64, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let logprobs = logprobs(Some(raw));
        if !logprobs.is_empty() {
            let place = self.open(index, ItemKind::Message);
            self.begin_piece(place, List::Text, piece, deltas).logprobs += logprobs.len();
            deltas.push(likelihoods(logprobs));
        }
    }

    /// More of a call's arguments.
    pub(super) fn more_arguments(&mut self, index: Option<u64>, more: &str, deltas: &mut Vec<Delta>) {
        let place = self.open(index, ItemKind::Call);
        let state = &mut self.0[place];
        // Of a call that is not named yet, all comes with its end.
        if state.begun && !more.is_empty() {
            state.arguments += more.len();
            deltas.push(Delta::CallArguments {
                index: place,
                arguments: more.to_owned(),
            });
        }
    }

    /// A call's whole arguments.
    pub(super) fn all_arguments(&mut self, index: Option<u64>, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let place = self.open(index, ItemKind::Call);
        if self.0[place].begun {
            self.arguments_so_far(place, &arguments(Some(raw)), deltas);
        }
    }

    fn push(&mut self, index: Option<u64>, kind: ItemKind) -> usize {
        self.0.push(State {
            index,
            kind,
            ..State::default()
        });
        self.0.len() - 1
    }

    /// The open item of this kind at this place; one that begins where a server announces none.
    fn open(&mut self, index: Option<u64>, kind: ItemKind) -> usize {
        let found = self.0.iter().rposition(|state| {
            let is_there = index.is_none() || state.index.is_none() || state.index == index;
            state.kind == kind && !state.closed && is_there
        });
        found.unwrap_or_else(|| self.push(index, kind))
    }

    /// The piece of this item, begun where it has not.
    fn begin_piece(&mut self, place: usize, list: List, index: u64, deltas: &mut Vec<Delta>) -> &mut Read {
        let state = &mut self.0[place];
        let found = state
            .pieces
            .iter()
            .position(|piece| piece.list == list && piece.index == index);
        let at = found.unwrap_or_else(|| {
            match (state.begun, kind_of(list)) {
                // Pieces of thinking are one text, as they are shown.
                (true, ItemKind::Reasoning) => deltas.push(Delta::Reasoning("\n\n".to_owned())),
                _ => deltas.push(Delta::Break),
            }
            state.begun = true;
            state.pieces.push(Read {
                list,
                index,
                text: 0,
                citations: 0,
                logprobs: 0,
            });
            state.pieces.len() - 1
        });
        &mut state.pieces[at]
    }

    fn say(&mut self, place: usize, list: List, index: u64, text: &str, deltas: &mut Vec<Delta>) {
        if text.is_empty() {
            return;
        }
        self.begin_piece(place, list, index, deltas).text += text.len();
        let text = text.to_owned();
        deltas.push(match list {
            List::Text => Delta::Text(text),
            List::Refusal => Delta::Refusal(text),
            List::Thought | List::Summary => Delta::Reasoning(text),
        });
    }

    /// What was not yet handed on of a piece's text.
    fn say_rest(&mut self, place: usize, list: List, index: u64, whole: &str, deltas: &mut Vec<Delta>) {
        let said = self.read(place, list, index).map_or(0, |piece| piece.text);
        self.say(place, list, index, whole.get(said..).unwrap_or_default(), deltas);
    }

    fn read(&self, place: usize, list: List, index: u64) -> Option<&Read> {
        let mut pieces = self.0[place].pieces.iter();
        pieces.find(|piece| piece.list == list && piece.index == index)
    }

    fn close_message(&mut self, place: usize, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let pieces = pieces(item(raw).content);
        let ends_in_text = pieces
            .last()
            .is_some_and(|piece| piece.kind.as_str() != "refusal");
        for (index, piece) in (0..).zip(pieces) {
            if piece.kind.as_str() == "refusal" {
                self.say_rest(place, List::Refusal, index, piece.refusal.as_str(), deltas);
            } else {
                self.close_text(place, index, &piece, deltas);
            }
        }
        if !self.0[place].begun {
            deltas.push(Delta::Break);
        }
        self.0[place].signature = message_signature(raw).filter(|_| ends_in_text);
        self.sign(place, deltas);
    }

    fn close_text(&mut self, place: usize, index: u64, piece: &Piece<'_>, deltas: &mut Vec<Delta>) {
        self.say_rest(place, List::Text, index, piece.text.as_str(), deltas);
        let (cited, likely) = self
            .read(place, List::Text, index)
            .map_or((0, 0), |read| (read.citations, read.logprobs));
        for raw in elements(piece.annotations).into_iter().skip(cited) {
            self.begin_piece(place, List::Text, index, deltas).citations += 1;
            deltas.push(Delta::Citation(citation(raw)));
        }
        let rest: Vec<TokenLogprob> = logprobs(piece.logprobs).into_iter().skip(likely).collect();
        if !rest.is_empty() {
            deltas.push(likelihoods(rest));
        }
    }

    fn close_reasoning(&mut self, place: usize, raw: &RawValue, deltas: &mut Vec<Delta>) {
        let item = item(raw);
        let (thoughts, summary) = (pieces(item.content), pieces(item.summary));
        for (index, piece) in (0..).zip(&thoughts) {
            self.say_rest(place, List::Thought, index, piece.text.as_str(), deltas);
        }
        for (index, piece) in (0..).zip(&summary) {
            self.say_rest(place, List::Summary, index, piece.text.as_str(), deltas);
        }
        let thought = thoughts.iter().any(|piece| piece.text.0.is_some());
        if !self.0[place].begun {
            deltas.push(Delta::Break);
        }
        deltas.extend(item.id.into_string().map(Delta::ReasoningId));
        match item.encrypted_content.into_string() {
            Some(encrypted) => deltas.push(Delta::ReasoningSignature(encrypted)),
            None if thought => deltas.push(Delta::ReasoningSignature(OWN_WORDS.to_owned())),
            None => {}
        }
        self.0[place].begun = true;
    }

    fn begin_call(&mut self, place: usize, item: &Item<'_>, deltas: &mut Vec<Delta>) {
        let state = &mut self.0[place];
        let id = item.call_id.0.as_deref().unwrap_or(item.id.as_str());
        if !state.begun && !item.name.as_str().is_empty() && !id.is_empty() {
            state.begun = true;
            deltas.push(Delta::CallStart {
                index: place,
                id: id.to_owned(),
                name: item.name.as_str().to_owned(),
            });
        }
    }

    fn arguments_so_far(&mut self, place: usize, whole: &str, deltas: &mut Vec<Delta>) {
        let state = &mut self.0[place];
        let rest = whole.get(state.arguments..).unwrap_or_default();
        if state.begun && !rest.is_empty() {
            state.arguments = whole.len();
            deltas.push(Delta::CallArguments {
                index: place,
                arguments: rest.to_owned(),
            });
        }
    }

    /// Hands on what goes back with an item.
    fn sign(&mut self, place: usize, deltas: &mut Vec<Delta>) {
        let state = &mut self.0[place];
        let Some(signature) = state.signature.take() else {
            return;
        };
        match state.kind {
            ItemKind::Call if state.begun => deltas.push(Delta::CallSignature {
                index: place,
                signature,
            }),
            ItemKind::Message => deltas.push(Delta::TextSignature(signature)),
            _ => {}
        }
    }
}

/// Stands where encrypted thinking would: the words are the model's own, and go back as such.
pub(super) const OWN_WORDS: &str = r#"{"type":"reasoning_text"}"#;

const fn kind_of(list: List) -> ItemKind {
    match list {
        List::Text | List::Refusal => ItemKind::Message,
        List::Thought | List::Summary => ItemKind::Reasoning,
    }
}
