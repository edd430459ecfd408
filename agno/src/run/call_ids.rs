//! Call IDs that are unique within a message, so that a decision refers to exactly one call.

use std::collections::HashSet;

use smallvec::SmallVec;

use crate::id::{RunId, new_call_id};
use crate::message::{AssistantMessage, Message};

/// The IDs in use. The first few are compared one by one and the rest are hashed, so that the work is linear.
#[derive(Default)]
struct Used<'a> {
    few: SmallVec<[&'a str; MAX_FEW]>,
    many: HashSet<&'a str>,
}

/// Maximum number of IDs that are compared one by one.
const MAX_FEW: usize = 16;

impl<'a> Used<'a> {
    fn contains(&self, id: &str) -> bool {
        self.few.contains(&id) || self.many.contains(id)
    }

    /// Adds an ID. Returns `false` if it is in use.
    fn insert(&mut self, id: &'a str) -> bool {
        if self.contains(id) {
            return false;
        }
        if self.few.len() < MAX_FEW {
            self.few.push(id);
        } else {
            self.many.insert(id);
        }
        true
    }
}

/// Assigns a new ID to each call that has no ID or has the ID of an earlier call in the message. The new ID differs
/// from every call ID of the run so far.
#[inline]
pub(super) fn assign_call_ids(message: &mut AssistantMessage, run: RunId, turn: u32, earlier: &[Message]) {
    // The usual case is a single call with an ID.
    let is_usual = {
        let mut calls = message.calls();
        calls.next().is_some_and(|call| !call.id.is_empty()) && calls.next().is_none()
    };
    if !is_usual {
        assign_missing_ids(message, run, turn, earlier);
    }
}

fn assign_missing_ids(message: &mut AssistantMessage, run: RunId, turn: u32, earlier: &[Message]) {
    let mut used = Used::default();
    let mut unnamed: SmallVec<[usize; 4]> = SmallVec::new();
    for (index, call) in message.calls().enumerate() {
        if call.id.is_empty() || !used.insert(&call.id) {
            unnamed.push(index);
        }
    }
    if unnamed.is_empty() {
        return;
    }
    for call in earlier.iter().flat_map(Message::calls) {
        used.insert(&call.id);
    }
    // A provider can predict a generated ID, so each new ID is compared with the IDs in use. The number only increases,
    // so the work is linear in the number of IDs.
    let mut numbers = 0..;
    let ids: Vec<String> = unnamed
        .iter()
        .filter_map(|_| {
            numbers
                .by_ref()
                .map(|number| new_call_id(run, turn, number))
                .find(|id| !used.contains(id))
        })
        .collect();
    drop(used);
    let mut assigned = unnamed.into_iter().zip(ids).peekable();
    for (index, call) in message.calls_mut().enumerate() {
        if let Some((_, id)) = assigned.next_if(|(at, _)| *at == index) {
            call.id = id;
        }
    }
}
