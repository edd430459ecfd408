//! What Cohere answers, read as leniently as JSON allows: any field may be missing, `null` or of a kind that is of no
//! use; nothing is copied that need not be.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, LenientStr, or_default};

/// A whole answer, or one event of a streamed one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    /// What kind of event it is; a whole answer has none.
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

/// What an event brings. Events of kinds that are not known may bring anything.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Change<'a> {
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

/// A piece of content: an object, or just text.
#[derive(Debug, Default)]
pub(super) struct WirePart<'a> {
    pub(super) kind: LenientStr<'a>,
    pub(super) text: LenientStr<'a>,
    pub(super) thinking: LenientStr<'a>,
    /// All of it.
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
    /// The arguments as text, whether they came as text or as the JSON value itself.
    pub(super) fn arguments(&self) -> String {
        let raw = self.arguments.map_or("", RawValue::get);
        match serde_json::from_str::<String>(raw) {
            Ok(text) => text,
            Err(_) => raw.to_owned(),
        }
    }
}

/// Where words of an answer are from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cited<'a> {
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

/// How likely a stretch of text was.
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
    /// The counts as agno has them: what was read and written, of which Cohere bills less. The cached tokens are of those.
    pub(super) fn counts(self) -> crate::model::Usage {
        let tokens = self.tokens.or(self.billed_units).unwrap_or_default();
        let mut usage = crate::model::Usage::new(tokens.input_tokens.0, tokens.output_tokens.0);
        usage.cached = self.cached_tokens.0;
        usage
    }
}

/// A value, or a list of such. Events have one where whole answers have a list. What is of another kind is none.
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
                .filter_map(|one| serde_json::from_str(one.get()).ok())
                .collect()
        } else {
            serde_json::from_str(raw).into_iter().collect()
        }))
    }
}
