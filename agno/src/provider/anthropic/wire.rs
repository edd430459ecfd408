//! Reply types of the Messages API. Any field may be missing or `null`; text and counts may also have an unexpected
//! type.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, LenientStr};

/// An event of a streamed reply. A complete reply has the format of the `message` in the first event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
    pub(super) index: Count,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) content_block: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) delta: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) usage: Option<Usage<'a>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

/// A message, either complete or from its start event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) model: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) content: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) usage: Option<Usage<'a>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

/// The final fields of a message, found in the message itself or in a delta.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct End<'a> {
    #[serde(borrow)]
    pub(super) stop_reason: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) stop_sequence: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) stop_details: Option<Details<'a>>,
    #[serde(borrow)]
    pub(super) container: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Details<'a> {
    #[serde(borrow)]
    pub(super) explanation: LenientStr<'a>,
}

/// A content block or a delta. Fields that are not listed remain in the source JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Block<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) thinking: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) signature: LenientStr<'a>,
    /// Redacted thinking.
    #[serde(borrow)]
    pub(super) data: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) name: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) input: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) caller: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) citations: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) citation: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) partial_json: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) to: Option<FallbackModel<'a>>,
}

/// The fallback model that continues a reply after another model declined.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FallbackModel<'a> {
    #[serde(borrow)]
    pub(super) model: LenientStr<'a>,
}

/// The caller of a tool: the model, or code that the provider runs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Kind<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
}

/// The source of a citation: a search result or a document from the request.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CitationSource<'a> {
    #[serde(borrow)]
    pub(super) url: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) source: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) title: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) document_title: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) cited_text: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage<'a> {
    input_tokens: Option<Count>,
    output_tokens: Option<Count>,
    cache_creation_input_tokens: Option<Count>,
    cache_read_input_tokens: Option<Count>,
    output_tokens_details: Option<OutputDetails>,
    #[serde(borrow)]
    iterations: Option<Vec<Iteration<'a>>>,
    #[serde(borrow)]
    pub(super) service_tier: LenientStr<'a>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct OutputDetails {
    thinking_tokens: Count,
}

/// An iteration of the model within a request.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Iteration<'a> {
    #[serde(borrow, rename = "type")]
    kind: LenientStr<'a>,
    input_tokens: Count,
    output_tokens: Count,
    cache_creation_input_tokens: Count,
    cache_read_input_tokens: Count,
}

/// The token counts of a message. They arrive in several updates, and later values replace earlier ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    input: u64,
    output: u64,
    written: u64,
    cached: u64,
    reasoning: u64,
    /// The usage for compaction, which the other counts exclude.
    compaction: crate::model::Usage,
}

impl Counts {
    pub(super) fn update(&mut self, usage: &Usage<'_>) {
        let set = |count: &mut u64, to: Option<Count>| {
            if let Some(to) = to {
                *count = to.0;
            }
        };
        set(&mut self.input, usage.input_tokens);
        set(&mut self.output, usage.output_tokens);
        set(&mut self.written, usage.cache_creation_input_tokens);
        set(&mut self.cached, usage.cache_read_input_tokens);
        set(
            &mut self.reasoning,
            usage.output_tokens_details.map(|details| details.thinking_tokens),
        );
        if let Some(iterations) = &usage.iterations {
            let compactions = iterations
                .iter()
                .filter(|iteration| iteration.kind.as_str() == "compaction");
            self.compaction = compactions
                .map(Iteration::counts)
                .fold(crate::model::Usage::default(), std::ops::Add::add);
        }
    }

    /// Converts the counts to agno's usage.
    pub(super) fn total(&self) -> crate::model::Usage {
        let mut usage = total(self.input, self.output, self.cached, self.written);
        usage.reasoning = self.reasoning;
        std::ops::Add::add(usage, self.compaction)
    }
}

impl Iteration<'_> {
    fn counts(&self) -> crate::model::Usage {
        total(
            self.input_tokens.0,
            self.output_tokens.0,
            self.cache_read_input_tokens.0,
            self.cache_creation_input_tokens.0,
        )
    }
}

/// Returns the total usage. Anthropic's input count excludes tokens read from or written to the cache.
fn total(input: u64, output: u64, cached: u64, written: u64) -> crate::model::Usage {
    let all = input.saturating_add(cached).saturating_add(written);
    let mut usage = crate::model::Usage::new(all, output);
    usage.cached = cached;
    usage.cache_written = written;
    usage
}
