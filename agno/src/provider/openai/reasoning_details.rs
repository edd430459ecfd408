//! Reasoning that must be sent back, in the format of OpenRouter and compatible servers: `reasoning_details`, a list of
//! blocks that may be signed or encrypted. A stream sends each block in parts. The complete blocks are sent back
//! unchanged.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::message::{Part, ProviderItem};

/// The name of the field, and the kind of the item that stores it.
pub(super) const KIND: &str = "reasoning_details";

/// The fields of a block, sorted by name, because a stream and a complete reply send them in different orders.
type Block = BTreeMap<String, Value>;

/// The blocks of a partially decoded reply.
#[derive(Debug, Default)]
pub(super) struct Details(Vec<Block>);

impl Details {
    /// Adds a block, or a part of a block (text, or the closing signature), and returns the added text. If
    /// `is_complete` is `true`, `raw` is a complete block.
    pub(super) fn add(&mut self, raw: &RawValue, is_complete: bool) -> Option<String> {
        let part: Block = serde_json::from_str(raw.get()).ok()?;
        let text = ["text", "summary"]
            .iter()
            .find_map(|key| part.get(*key)?.as_str());
        let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
        let joined = self
            .0
            .last_mut()
            .filter(|last| !is_complete && continues_block(last, &part));
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

    /// Takes the blocks and returns them as a message part, if there are any.
    pub(super) fn take(&mut self) -> Option<Part> {
        let blocks = std::mem::take(&mut self.0);
        let json = serde_json::to_string(&blocks).ok()?;
        (!blocks.is_empty()).then(|| Part::from(ProviderItem::new(KIND, json)))
    }
}

/// Returns `true` if a part continues a block. Encrypted blocks are never split.
fn continues_block(block: &Block, part: &Block) -> bool {
    let is_compatible = |key: &str| match (block.get(key), part.get(key)) {
        (Some(Value::Null) | None, _) | (_, Some(Value::Null) | None) => true,
        (left, right) => left == right,
    };
    let grows = !part.contains_key("data") && !block.contains_key("data");
    grows && is_compatible("type") && is_compatible("index") && is_compatible("id")
}
