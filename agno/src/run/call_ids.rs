//! IDs of calls: unique within a conversation, so that a decision refers to exactly one call.

use std::collections::HashSet;

use smallvec::SmallVec;

use crate::id::{RunId, new_call_id};
use crate::message::{AssistantMessage, Message};

/// The IDs in use. A few are compared one by one, many are hashed, so that the work is linear.
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

/// Assigns a new ID to each call without an ID, or with an ID that an earlier call of the run has.
pub(super) fn assign_call_ids(message: &mut AssistantMessage, run: RunId, turn: u32, earlier: &[Message]) {
    let mut assigned: SmallVec<[(usize, String); 4]> = SmallVec::new();
    {
        let mut used = Used::default();
        for call in earlier.iter().flat_map(Message::calls) {
            used.insert(&call.id);
        }
        let mut unnamed: SmallVec<[usize; 4]> = SmallVec::new();
        for (index, call) in message.calls().enumerate() {
            if call.id.is_empty() || !used.insert(&call.id) {
                unnamed.push(index);
            }
        }
        // A provider can guess an invented ID, so each is compared with those of the reply. The number only grows:
        // the work is linear in the number of IDs.
        let mut number = 0;
        for index in unnamed {
            let id = loop {
                let id = new_call_id(run, turn, number);
                number += 1;
                if !used.contains(&id) {
                    break id;
                }
            };
            assigned.push((index, id));
        }
    }
    let mut assigned = assigned.into_iter().peekable();
    if assigned.peek().is_none() {
        return;
    }
    for (index, call) in message.calls_mut().enumerate() {
        if let Some((_, id)) = assigned.next_if(|(at, _)| *at == index) {
            call.id = id;
        }
    }
}
