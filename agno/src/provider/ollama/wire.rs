//! The wire format of Ollama's replies. Any field may be missing or `null`. A value of an unexpected type is an error in
//! `message`, `tool_calls` and `function`; in other fields, it is converted or ignored. Values are borrowed where
//! possible.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, LenientStr, or_default};
use crate::provider::codec::minify::minified;

/// A complete reply, or one line of a streamed reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireReply<'a> {
    #[serde(borrow)]
    pub(super) model: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) message: Option<WireMessage<'a>>,
    #[serde(deserialize_with = "or_default")]
    pub(super) done: Option<bool>,
    #[serde(borrow)]
    pub(super) done_reason: LenientStr<'a>,
    pub(super) prompt_eval_count: Count,
    pub(super) eval_count: Count,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) logprobs: Option<Vec<Logprob<'a>>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireMessage<'a> {
    #[serde(borrow)]
    pub(super) content: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) thinking: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) tool_calls: Option<Vec<Call<'a>>>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) images: Option<Vec<LenientStr<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Call<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) function: Option<Function<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Function<'a> {
    #[serde(borrow)]
    pub(super) name: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) arguments: Option<&'a RawValue>,
}

impl Function<'_> {
    /// Returns the arguments as JSON, whether they were sent as a JSON value or as a string.
    pub(super) fn arguments(&self) -> String {
        let raw = self.arguments.map_or("{}", RawValue::get);
        match serde_json::from_str::<String>(raw) {
            Ok(text) => text,
            Err(_) => minified(raw),
        }
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
