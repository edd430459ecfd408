//! Reply types of the generateContent API. Any field may be missing or `null`. A string, a token count or metadata may
//! have any type, and a part with any other field of an unexpected type is read as empty. Only `candidates` and their
//! `content` must have the documented types. Strings are borrowed where possible.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, LenientStr, or_default};

/// A complete reply, or one chunk of a streamed reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct WireReply<'a> {
    #[serde(borrow)]
    pub(super) response_id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) model_version: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) candidates: Option<Vec<Candidate<'a>>>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) prompt_feedback: Option<Feedback<'a>>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) usage_metadata: Option<Usage<'a>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Feedback<'a> {
    #[serde(borrow)]
    pub(super) block_reason: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Candidate<'a> {
    #[serde(deserialize_with = "or_default")]
    pub(super) index: Option<u64>,
    #[serde(borrow)]
    pub(super) content: Option<Content<'a>>,
    #[serde(borrow)]
    pub(super) finish_reason: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) grounding_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) url_context_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) citation_metadata: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) logprobs_result: Option<Logprobs<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Content<'a> {
    #[serde(borrow)]
    pub(super) parts: Option<Vec<&'a RawValue>>,
}

/// A part. The field that is set determines the kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    pub(super) thought: Option<bool>,
    #[serde(borrow)]
    pub(super) thought_signature: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) function_call: Option<FunctionCall<'a>>,
    #[serde(borrow)]
    pub(super) inline_data: Option<Blob<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct FunctionCall<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) name: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) args: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) partial_args: Option<Vec<PartialArg<'a>>>,
    pub(super) will_continue: Option<bool>,
}

/// A value in a call's arguments, or a chunk of a value, with its path.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PartialArg<'a> {
    #[serde(borrow)]
    pub(super) json_path: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) string_value: Option<LenientStr<'a>>,
    #[serde(borrow)]
    pub(super) number_value: Option<&'a RawValue>,
    pub(super) bool_value: Option<bool>,
    #[serde(borrow)]
    pub(super) null_value: Option<&'a RawValue>,
    pub(super) will_continue: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Blob<'a> {
    #[serde(borrow)]
    pub(super) mime_type: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) data: LenientStr<'a>,
}

/// The log probabilities of the tokens.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Logprobs<'a> {
    #[serde(borrow)]
    pub(super) chosen_candidates: Option<Vec<Logprob<'a>>>,
    #[serde(borrow)]
    pub(super) top_candidates: Option<Vec<TopCandidates<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TopCandidates<'a> {
    #[serde(borrow)]
    pub(super) candidates: Option<Vec<Logprob<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Logprob<'a> {
    #[serde(borrow)]
    pub(super) token: LenientStr<'a>,
    pub(super) log_probability: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Usage<'a> {
    prompt_token_count: Count,
    candidates_token_count: Count,
    cached_content_token_count: Count,
    thoughts_token_count: Count,
    tool_use_prompt_token_count: Count,
    #[serde(borrow, deserialize_with = "or_default")]
    prompt_tokens_details: Option<Vec<Modality<'a>>>,
    #[serde(borrow, deserialize_with = "or_default")]
    candidates_tokens_details: Option<Vec<Modality<'a>>>,
    #[serde(borrow)]
    pub(super) service_tier: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Modality<'a> {
    #[serde(borrow)]
    modality: LenientStr<'a>,
    token_count: Count,
}

impl Usage<'_> {
    /// Converts the counts to agno's usage.
    ///
    /// Google's answer count excludes thoughts, and the prompt count excludes tokens from Google's own tools.
    pub(super) fn counts(&self) -> crate::model::Usage {
        let sum = |count: Count, other: Count| count.0.saturating_add(other.0);
        let mut usage = crate::model::Usage::new(
            sum(self.prompt_token_count, self.tool_use_prompt_token_count),
            sum(self.candidates_token_count, self.thoughts_token_count),
        );
        usage.cached = self.cached_content_token_count.0;
        usage.reasoning = self.thoughts_token_count.0;
        usage.audio_input = audio(self.prompt_tokens_details.as_deref());
        usage.audio_output = audio(self.candidates_tokens_details.as_deref());
        usage
    }
}

fn audio(details: Option<&[Modality<'_>]>) -> u64 {
    let audio_details = details
        .unwrap_or_default()
        .iter()
        .filter(|detail| detail.modality.as_str() == "AUDIO");
    audio_details.fold(0, |sum, detail| sum.saturating_add(detail.token_count.0))
}
