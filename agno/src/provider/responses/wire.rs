//! The wire format of replies. Any field may be missing or `null`; text, counts and fields kept as raw JSON may also
//! have an unexpected type. Values are borrowed where possible.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, LenientStr};

/// A complete reply, or a snapshot of one in an event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireReply<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) model: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) status: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) output: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) incomplete_details: Option<Incomplete<'a>>,
    #[serde(borrow)]
    pub(super) service_tier: LenientStr<'a>,
    pub(super) usage: Option<Usage>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Incomplete<'a> {
    #[serde(borrow)]
    pub(super) reason: LenientStr<'a>,
}

/// An event of a streamed reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
    pub(super) output_index: Option<Count>,
    pub(super) content_index: Count,
    pub(super) summary_index: Count,
    #[serde(borrow)]
    pub(super) delta: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) arguments: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) item: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) annotation: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) logprobs: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) response: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

/// The kind of an item. Other fields are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Kind<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
}

/// An output item that agno converts to message parts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Item<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) call_id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) name: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) arguments: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) content: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) summary: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) encrypted_content: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) result: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) output_format: LenientStr<'a>,
}

/// A part of a message or of reasoning.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WirePart<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) refusal: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) annotations: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) logprobs: Option<&'a RawValue>,
}

/// Parses a list of parts. A bare string is a single text part; any other value has no parts.
pub(super) fn parts(list: Option<&RawValue>) -> Vec<WirePart<'_>> {
    let Some(raw) = list else { return Vec::new() };
    if let Ok(parts) = serde_json::from_str(raw.get()) {
        return parts;
    }
    match serde_json::from_str::<LenientStr<'_>>(raw.get()) {
        Ok(text) if text.0.is_some() => vec![WirePart {
            text,
            ..WirePart::default()
        }],
        _ => Vec::new(),
    }
}

/// Splits a list into its elements without parsing them. Any other value has no elements.
pub(super) fn elements(list: Option<&RawValue>) -> Vec<&RawValue> {
    let elements = list.map(|raw| serde_json::from_str(raw.get()).unwrap_or_default());
    elements.unwrap_or_default()
}

/// Returns the arguments of a call as JSON text, whether they were sent as a string or as a JSON value.
pub(super) fn arguments(raw: Option<&RawValue>) -> Cow<'_, str> {
    let Some(raw) = raw else { return "".into() };
    match serde_json::from_str::<LenientStr<'_>>(raw.get()) {
        Ok(text) if raw.get().starts_with('"') => text.0.unwrap_or_default(),
        _ => raw.get().into(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Logprob<'a> {
    #[serde(borrow)]
    pub(super) token: LenientStr<'a>,
    pub(super) logprob: Option<f64>,
    #[serde(borrow)]
    pub(super) top_logprobs: Option<Vec<Logprob<'a>>>,
}

/// A citation in a reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Annotation<'a> {
    #[serde(borrow)]
    pub(super) url: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) title: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) filename: LenientStr<'a>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    input_tokens: Count,
    output_tokens: Count,
    input_tokens_details: Option<InputDetails>,
    output_tokens_details: Option<OutputDetails>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct InputDetails {
    cached_tokens: Count,
    cache_write_tokens: Count,
    audio_tokens: Count,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct OutputDetails {
    reasoning_tokens: Count,
    audio_tokens: Count,
}

impl Usage {
    /// Converts the counts to agno's [`Usage`](crate::model::Usage).
    pub(super) fn counts(&self) -> crate::model::Usage {
        let input = self.input_tokens_details.unwrap_or_default();
        let output = self.output_tokens_details.unwrap_or_default();
        let mut usage = crate::model::Usage::new(self.input_tokens.0, self.output_tokens.0);
        usage.cached = input.cached_tokens.0;
        usage.cache_written = input.cache_write_tokens.0;
        usage.audio_input = input.audio_tokens.0;
        usage.reasoning = output.reasoning_tokens.0;
        usage.audio_output = output.audio_tokens.0;
        usage
    }
}
