//! Thinking with what must go back with it, as OpenRouter and those who follow it have it: `reasoning_details`, a list of
//! blocks that may be signed or encrypted. A stream tells of each in pieces; whole, they go back as they came.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::message::{Part, ProviderItem};

/// The field, and the kind of the item it is kept as.
pub(super) const KIND: &str = "reasoning_details";

/// A block's fields, in an order of their own: a stream tells of them in another than a whole answer.
type Block = BTreeMap<String, Value>;

/// The blocks of one answer so far.
#[derive(Debug, Default)]
pub(super) struct Details(Vec<Block>);

impl Details {
    /// Adds a block, or a part of one: of text, or of the signature that closes it. With `is_whole`, it is a whole block.
    /// Returns the text in it.
    pub(super) fn add(&mut self, raw: &RawValue, is_whole: bool) -> Option<String> {
        let part: Block = serde_json::from_str(raw.get()).ok()?;
        let text = ["text", "summary"]
            .iter()
            .find_map(|key| part.get(*key)?.as_str());
        let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
        let joined = self
            .0
            .last_mut()
            .filter(|last| !is_whole && continues_block(last, &part));
        match joined {
            Some(block) => {
                for (key, value) in part {
                    match (block.get_mut(&key), value) {
                        (_, Value::Null) => {}
                        (Some(Value::String(text)), Value::String(more))
                            if matches!(key.as_str(), "text" | "summary" | "signature") =>
                        {
                            text.push_str(&more);
                        }
                        (_, value) => drop(block.insert(key, value)),
                    }
                }
            }
            None => self.0.push(part),
        }
        text
    }

    /// The blocks as a piece of the message, if there are any.
    pub(super) fn take(&mut self) -> Option<Part> {
        let blocks = std::mem::take(&mut self.0);
        let json = serde_json::to_string(&blocks).ok()?;
        (!blocks.is_empty()).then(|| Part::from(ProviderItem::new(KIND, json)))
    }
}

/// Whether a piece goes on with a block. Encrypted blocks come whole.
fn continues_block(block: &Block, part: &Block) -> bool {
    let same = |key: &str| match (block.get(key), part.get(key)) {
        (Some(Value::Null) | None, _) | (_, Some(Value::Null) | None) => true,
        (one, other) => one == other,
    };
    let grows = !part.contains_key("data") && !block.contains_key("data");
    grows && same("type") && same("index") && same("id")
}
