//! What Ollama answers, read as leniently as JSON allows: any field may be missing, `null` or of a kind that is of no
//! use; nothing is copied that need not be.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, Words, loose};
use crate::provider::codec::minify::minified;

/// A whole answer, or one line of a streamed one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    pub(super) model: Words<'a>,
    #[serde(borrow)]
    pub(super) message: Option<Said<'a>>,
    #[serde(deserialize_with = "loose")]
    pub(super) done: Option<bool>,
    #[serde(borrow)]
    pub(super) done_reason: Words<'a>,
    pub(super) prompt_eval_count: Count,
    pub(super) eval_count: Count,
    #[serde(borrow, deserialize_with = "loose")]
    pub(super) logprobs: Option<Vec<Logprob<'a>>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said<'a> {
    #[serde(borrow)]
    pub(super) content: Words<'a>,
    #[serde(borrow)]
    pub(super) thinking: Words<'a>,
    #[serde(borrow)]
    pub(super) tool_calls: Option<Vec<Call<'a>>>,
    #[serde(borrow, deserialize_with = "loose")]
    pub(super) images: Option<Vec<Words<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Call<'a> {
    #[serde(borrow)]
    pub(super) id: Words<'a>,
    #[serde(borrow)]
    pub(super) function: Option<Function<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Function<'a> {
    #[serde(borrow)]
    pub(super) name: Words<'a>,
    #[serde(borrow)]
    pub(super) arguments: Option<&'a RawValue>,
}

impl Function<'_> {
    /// The arguments as JSON, whether they came as the value itself or as text.
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
    pub(super) token: Words<'a>,
    pub(super) logprob: Option<f64>,
    #[serde(borrow)]
    pub(super) top_logprobs: Option<Vec<Logprob<'a>>>,
}
