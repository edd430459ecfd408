//! The kinds of items, and a lookup that finds the open items of a reply in constant time.

use std::collections::HashMap;

/// The kind of a part. Together, the kind and the index identify a part of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum List {
    Text,
    Refusal,
    /// The model's original reasoning.
    Thought,
    Summary,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) enum ItemKind {
    Message,
    Reasoning,
    Call,
    /// Any other item, which is stored as JSON.
    #[default]
    Other,
}

impl ItemKind {
    pub(super) fn from_name(kind: &str) -> Self {
        match kind {
            "message" => Self::Message,
            "reasoning" => Self::Reasoning,
            "function_call" => Self::Call,
            _ => Self::Other,
        }
    }
}

/// Returns the kind of item that contains parts of this kind.
pub(super) const fn kind_of(list: List) -> ItemKind {
    match list {
        List::Text | List::Refusal => ItemKind::Message,
        List::Thought | List::Summary => ItemKind::Reasoning,
    }
}

/// Number of items up to which a linear search is faster than a lookup.
pub(super) const FEW: usize = 16;

/// The positions of open items by kind and index, in ascending order. Positions of closed items are removed during
/// lookups.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    by_index: HashMap<(ItemKind, Option<u64>), Vec<usize>>,
    by_kind: HashMap<ItemKind, Vec<usize>>,
}

impl Lookup {
    /// Adds an open item.
    pub(super) fn add(&mut self, position: usize, index: Option<u64>, kind: ItemKind) {
        self.by_index.entry((kind, index)).or_default().push(position);
        self.by_kind.entry(kind).or_default().push(position);
    }

    /// Returns the position of the last open item of this kind. If `index` is set, only items with this index or
    /// without an index are considered.
    pub(super) fn last(
        &mut self,
        index: Option<u64>,
        kind: ItemKind,
        is_closed: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let last = |open: Option<&mut Vec<usize>>| {
            let open = open?;
            while open.pop_if(|at| is_closed(*at)).is_some() {}
            open.last().copied()
        };
        match index {
            None => last(self.by_kind.get_mut(&kind)),
            Some(_) => {
                let with_index = last(self.by_index.get_mut(&(kind, index)));
                with_index.max(last(self.by_index.get_mut(&(kind, None))))
            }
        }
    }
}
