//! Assembles tool calls from deltas, however a server numbers and identifies them.
//!
//! OpenAI numbers the calls in a reply. It sends the ID and the name in the first delta of each call and the arguments
//! in the rest. Other servers omit the numbers, number every call 0, omit the IDs, repeat names and IDs in every delta,
//! or send complete calls. A delta is therefore matched to a call by all of these fields, and by whether the arguments
//! of the call are already complete.

use std::collections::HashMap;

use super::wire::CallDelta;
use crate::model::Delta;

/// The calls in a partially decoded reply.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: Vec<Call>,
    /// Position of the first call that might not have been announced yet.
    waiting: usize,
    /// Empty while there are few calls.
    lookup: Lookup,
}

/// Number of calls up to which a linear search is faster than a lookup.
const FEW: usize = 16;

/// The position of the last call for each index and each ID.
#[derive(Debug, Default)]
struct Lookup {
    by_index: HashMap<i64, usize>,
    by_id: HashMap<String, usize>,
}

impl Lookup {
    /// Adds a call, or updates it once its ID is known.
    fn add(&mut self, position: usize, call: &Call) {
        if let Some(index) = call.index {
            let last = self.by_index.entry(index).or_insert(position);
            *last = position.max(*last);
        }
        if !call.id.is_empty() {
            match self.by_id.get_mut(&call.id) {
                Some(last) => *last = position.max(*last),
                None => drop(self.by_id.insert(call.id.clone(), position)),
            }
        }
    }
}

#[derive(Debug, Default)]
struct Call {
    index: Option<i64>,
    id: String,
    name: String,
    /// Arguments received before the call could be announced.
    buffered: String,
    is_started: bool,
    shape: Shape,
    /// Number of the chunk that contains the latest delta of the call.
    chunk: usize,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Adds a delta of a call. `chunk` is the number of the chunk that contains the delta. If `is_complete` is `true`,
    /// the delta is a complete call.
    pub(super) fn add(
        &mut self,
        part: &CallDelta<'_>,
        chunk: usize,
        is_complete: bool,
        emit: &mut impl FnMut(Delta),
    ) {
        let (name, arguments) = match &part.function {
            Some(function) => (function.name.as_str(), function.arguments()),
            None => ("", "".into()),
        };
        let id = part.id.as_str();
        let found = if is_complete {
            None
        } else {
            self.find(part.index, id, name, chunk)
        };
        let position = found.unwrap_or_else(|| {
            self.emit_start(emit);
            self.calls.push(Call {
                index: part.index,
                ..Call::default()
            });
            self.calls.len().saturating_sub(1)
        });
        let Some(call) = self.calls.get_mut(position) else {
            return;
        };
        call.chunk = chunk;
        let is_new = found.is_none();
        let gets_id = call.id.is_empty() && !id.is_empty();
        if gets_id {
            id.clone_into(&mut call.id);
        }
        if call.name.is_empty() {
            name.clone_into(&mut call.name);
        }
        call.shape.read(&arguments);
        if !is_complete && (is_new || gets_id) {
            self.index(position);
        }
        let Some(call) = self.calls.get_mut(position) else {
            return;
        };
        if call.is_started {
            if !arguments.is_empty() {
                emit(Delta::CallArguments {
                    index: position,
                    arguments: arguments.into_owned(),
                });
            }
            return;
        }
        call.buffered.push_str(&arguments);
        // The ID may arrive after the name, but never after the first part of the arguments.
        if !call.name.is_empty() && (!call.id.is_empty() || !call.buffered.is_empty()) {
            call.emit_start(position, emit);
        }
    }

    /// Announces the calls that are still waiting for an ID or a name.
    pub(super) fn emit_start(&mut self, emit: &mut impl FnMut(Delta)) {
        for (index, call) in self.calls.iter_mut().enumerate().skip(self.waiting) {
            call.emit_start(index, emit);
        }
        self.waiting = self.calls.len();
    }

    /// Adds a call to the lookup if there are more than [`FEW`] calls. The first time, also adds all earlier calls.
    fn index(&mut self, position: usize) {
        let is_first = self.calls.len() == FEW + 1 && position == FEW;
        let positions = match self.calls.len() {
            0..=FEW => return,
            _ if is_first => 0..=position,
            _ => position..=position,
        };
        for position in positions {
            if let Some(call) = self.calls.get(position) {
                self.lookup.add(position, call);
            }
        }
    }

    fn last_with_index(&self, index: i64) -> Option<usize> {
        if self.calls.len() > FEW {
            return self.lookup.by_index.get(&index).copied();
        }
        self.calls.iter().rposition(|call| call.index == Some(index))
    }

    fn last_with_id(&self, id: &str) -> Option<usize> {
        if self.calls.len() > FEW {
            return self.lookup.by_id.get(id).copied();
        }
        self.calls.iter().rposition(|call| call.id == id)
    }

    /// Returns the index of the call to which a delta belongs, or `None` if the delta starts a new call.
    fn find(&self, index: Option<i64>, id: &str, name: &str, chunk: usize) -> Option<usize> {
        if let Some(index) = index {
            let position = self.last_with_index(index)?;
            let call = self.calls.get(position)?;
            let is_other = !id.is_empty() && !call.id.is_empty() && id != call.id;
            let begins = is_other && !name.is_empty() && call.shape.can_end();
            return Some(position).filter(|_| !begins);
        }
        if !id.is_empty()
            && let Some(position) = self.last_with_id(id)
        {
            return Some(position);
        }
        let position = self.calls.len().checked_sub(1)?;
        let call = self.calls.get(position)?;
        let continues = if name.is_empty() {
            id.is_empty() || call.id.is_empty() || !call.shape.can_end()
        } else {
            let fits = name == call.name && (id.is_empty() || call.id.is_empty());
            fits && call.chunk != chunk && !call.shape.is_complete()
        };
        Some(position).filter(|_| continues)
    }
}

impl Call {
    fn emit_start(&mut self, index: usize, emit: &mut impl FnMut(Delta)) {
        if self.is_started {
            return;
        }
        self.is_started = true;
        emit(Delta::CallStart {
            index,
            id: self.id.clone(),
            name: self.name.clone(),
        });
        if !self.buffered.is_empty() {
            emit(Delta::CallArguments {
                index,
                arguments: std::mem::take(&mut self.buffered),
            });
        }
    }
}

/// The nesting state of partial JSON text, which shows whether the text is complete.
#[derive(Debug, Default)]
struct Shape {
    started: bool,
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Shape {
    fn read(&mut self, more: &str) {
        for byte in more.bytes() {
            if self.escaped {
                self.escaped = false;
                continue;
            }
            match byte {
                b'\\' if self.in_text => self.escaped = true,
                b'"' => self.in_text = !self.in_text,
                b'{' | b'[' if !self.in_text => self.depth = self.depth.saturating_add(1),
                b'}' | b']' if !self.in_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            self.started |= !byte.is_ascii_whitespace();
        }
    }

    /// Returns `true` if the text is complete.
    fn is_complete(&self) -> bool {
        self.started && self.can_end()
    }

    /// Returns `true` if the text could end here: it is complete, or has not started.
    fn can_end(&self) -> bool {
        self.depth == 0 && !self.in_text
    }
}
