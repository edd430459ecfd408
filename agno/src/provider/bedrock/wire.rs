//! Reply types of the Converse API. Any field may be missing or `null`, and a string or a count may have an unexpected
//! type. An object or a list of an unexpected type is an error, except in a block, a delta or a citation, which is then
//! read as empty.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, LenientStr};

/// A complete reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireReply<'a> {
    #[serde(borrow)]
    pub(super) output: Option<Output<'a>>,
    #[serde(borrow, rename = "stopReason")]
    pub(super) stop_reason: LenientStr<'a>,
    /// The name of an error that was returned instead of a reply.
    #[serde(borrow, rename = "__type")]
    pub(super) error: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Output<'a> {
    #[serde(borrow)]
    pub(super) message: Option<Message<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) content: Option<Vec<&'a RawValue>>,
}

/// The metadata of a reply: fields of a complete reply, or an event of a stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata<'a> {
    pub(super) usage: Option<Usage>,
    #[serde(borrow, rename = "serviceTier")]
    pub(super) service_tier: Option<Tier<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tier<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Usage {
    input_tokens: Count,
    output_tokens: Count,
    cache_read_input_tokens: Count,
    cache_write_input_tokens: Count,
}

impl Usage {
    /// Converts the counts to agno's usage.
    ///
    /// Amazon's input count excludes tokens read from or written to the cache.
    pub(super) fn counts(&self) -> crate::model::Usage {
        let (cached, written) = (self.cache_read_input_tokens.0, self.cache_write_input_tokens.0);
        let input = self.input_tokens.0.saturating_add(cached).saturating_add(written);
        let mut usage = crate::model::Usage::new(input, self.output_tokens.0);
        usage.cached = cached;
        usage.cache_written = written;
        usage
    }
}

/// A block event or the final event.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Event<'a> {
    pub(super) content_block_index: Count,
    #[serde(borrow)]
    pub(super) start: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) delta: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) stop_reason: LenientStr<'a>,
}

/// A block or a delta. Exactly one field is set, and the field's name is the kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Block<'a> {
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) tool_use: Option<ToolUse<'a>>,
    #[serde(borrow)]
    pub(super) reasoning_content: Option<Reasoning<'a>>,
    #[serde(borrow)]
    pub(super) citations_content: Option<CitationsContent<'a>>,
    #[serde(borrow)]
    pub(super) citation: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) image: Option<Image<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ToolUse<'a> {
    #[serde(borrow)]
    pub(super) tool_use_id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) name: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) input: Option<&'a RawValue>,
    /// `server_tool_use` if the provider executes the call itself.
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Reasoning<'a> {
    /// The text in a complete reply.
    #[serde(borrow)]
    pub(super) reasoning_text: Option<ReasoningText<'a>>,
    /// The text in a streamed reply.
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) signature: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) redacted_content: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReasoningText<'a> {
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) signature: LenientStr<'a>,
}

/// Text with its sources.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CitationsContent<'a> {
    #[serde(borrow)]
    pub(super) content: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) citations: Option<Vec<&'a RawValue>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Text<'a> {
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Citation<'a> {
    #[serde(borrow)]
    pub(super) title: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) source: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) source_content: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) location: Option<Location<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Location<'a> {
    #[serde(borrow)]
    pub(super) web: Option<Web<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Web<'a> {
    #[serde(borrow)]
    pub(super) url: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Image<'a> {
    #[serde(borrow)]
    pub(super) format: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) source: Option<Source<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Source<'a> {
    #[serde(borrow)]
    pub(super) bytes: LenientStr<'a>,
}
