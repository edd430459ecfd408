//! Reply types of Cohere's chat API. Any field may be missing, `null` or of an unexpected type; a list item that contains
//! a value of an unexpected type may be skipped as a whole. Strings are borrowed where possible.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, LenientStr, or_default};

/// A complete reply, or one event of a streamed reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireReply<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    /// The kind of an event. A complete reply has none.
    #[serde(borrow, rename = "type")]
    pub(super) kind: LenientStr<'a>,
    #[serde(deserialize_with = "or_default")]
    pub(super) index: Option<i64>,
    #[serde(borrow)]
    pub(super) delta: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) finish_reason: LenientStr<'a>,
    #[serde(deserialize_with = "or_default")]
    pub(super) usage: Option<Usage>,
    #[serde(borrow)]
    pub(super) logprobs: OneOrMore<Logprob<'a>>,
}

/// The content of an event. Unknown events may contain anything.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireDelta<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) message: Option<WireMessage<'a>>,
    #[serde(borrow)]
    pub(super) finish_reason: LenientStr<'a>,
    #[serde(deserialize_with = "or_default")]
    pub(super) usage: Option<Usage>,
    #[serde(borrow)]
    pub(super) error: LenientStr<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireMessage<'a> {
    #[serde(borrow)]
    pub(super) content: OneOrMore<WirePart<'a>>,
    #[serde(borrow)]
    pub(super) tool_plan: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) tool_calls: OneOrMore<Call<'a>>,
    #[serde(borrow)]
    pub(super) citations: OneOrMore<&'a RawValue>,
}

/// A content part, which is an object or a plain string.
#[derive(Debug, Default)]
pub(super) struct WirePart<'a> {
    pub(super) kind: LenientStr<'a>,
    pub(super) text: LenientStr<'a>,
    pub(super) thinking: LenientStr<'a>,
    /// The JSON of the part.
    pub(super) raw: &'a str,
}

impl<'de: 'a, 'a> Deserialize<'de> for WirePart<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Fields<'a> {
            #[serde(borrow, rename = "type")]
            kind: LenientStr<'a>,
            #[serde(borrow)]
            text: LenientStr<'a>,
            #[serde(borrow)]
            thinking: LenientStr<'a>,
        }
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let fields = if raw.starts_with('{') {
            serde_json::from_str(raw).unwrap_or_default()
        } else {
            Fields {
                text: serde_json::from_str(raw).unwrap_or_default(),
                ..Fields::default()
            }
        };
        Ok(Self {
            kind: fields.kind,
            text: fields.text,
            thinking: fields.thinking,
            raw,
        })
    }
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
    /// Returns the arguments as text. They may be a string or a JSON value.
    pub(super) fn arguments(&self) -> String {
        let raw = self.arguments.map_or("", RawValue::get);
        match serde_json::from_str::<String>(raw) {
            Ok(text) => text,
            Err(_) => raw.to_owned(),
        }
    }
}

/// The sources of a citation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireCitation<'a> {
    #[serde(borrow)]
    pub(super) sources: Option<Vec<Source<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Source<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) document: Option<Document<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    pub(super) url: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) title: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) snippet: LenientStr<'a>,
}

/// The log probabilities of a segment of text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Logprob<'a> {
    #[serde(borrow)]
    pub(super) text: LenientStr<'a>,
    pub(super) logprobs: Option<Vec<f64>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    #[serde(deserialize_with = "or_default")]
    billed_units: Option<Tokens>,
    #[serde(deserialize_with = "or_default")]
    tokens: Option<Tokens>,
    cached_tokens: Count,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Tokens {
    input_tokens: Count,
    output_tokens: Count,
}

impl Usage {
    /// Converts the counts to agno's usage.
    ///
    /// Uses the counts of all tokens if the reply contains them, and the billed counts, which are lower, otherwise.
    /// Cached tokens are part of the input.
    pub(super) fn counts(self) -> crate::model::Usage {
        let tokens = self.tokens.or(self.billed_units).unwrap_or_default();
        let mut usage = crate::model::Usage::new(tokens.input_tokens.0, tokens.output_tokens.0);
        usage.cached = self.cached_tokens.0;
        usage
    }
}

/// A single value or a list of values. Events have one value where complete replies have a list. A value of a different
/// type is treated as absent.
#[derive(Debug)]
pub(super) struct OneOrMore<T>(pub(super) Vec<T>);

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'a>> Deserialize<'de> for OneOrMore<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(raw) = Option::<&'a RawValue>::deserialize(deserializer)? else {
            return Ok(Self::default());
        };
        let raw = raw.get();
        Ok(Self(if raw.starts_with('[') {
            let list: Vec<&'a RawValue> = serde_json::from_str(raw).unwrap_or_default();
            list.into_iter()
                .filter_map(|item| serde_json::from_str(item.get()).ok())
                .collect()
        } else {
            serde_json::from_str(raw).into_iter().collect()
        }))
    }
}
