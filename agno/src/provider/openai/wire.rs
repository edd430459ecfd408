//! The wire format of replies. Any field may be missing or `null`. Strings, token counts, message content and fields of
//! raw JSON accept values of any type; in other fields, a value of an unexpected type is an error. Values are borrowed
//! where possible.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use crate::provider::codec::lenient::{Count, FromLenient, Lenient, LenientStr};

/// A complete reply, or one chunk of a streamed reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireReply<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) model: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) choices: Option<Vec<Choice<'a>>>,
    #[serde(borrow)]
    pub(super) service_tier: LenientStr<'a>,
    /// Perplexity's sources, as URLs.
    #[serde(borrow)]
    pub(super) citations: Option<Vec<LenientStr<'a>>>,
    pub(super) usage: Option<Box<Usage>>,
    /// Perplexity's sources, with titles.
    #[serde(borrow)]
    pub(super) search_results: Option<Vec<&'a RawValue>>,
    /// Usage in Groq's older streams.
    pub(super) x_groq: Option<Box<Nested>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Nested {
    pub(super) usage: Option<Box<Usage>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice<'a> {
    pub(super) index: Option<i64>,
    #[serde(borrow)]
    pub(super) delta: Option<WireMessage<'a>>,
    #[serde(borrow)]
    pub(super) message: Option<Box<WireMessage<'a>>>,
    #[serde(borrow)]
    pub(super) finish_reason: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) logprobs: Option<Logprobs<'a>>,
    /// Usage as Moonshot reports it. Rare fields are boxed, because a choice is moved several times while it is read.
    pub(super) usage: Option<Box<Usage>>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

/// Log probabilities of the tokens of a choice.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Logprobs<'a> {
    #[serde(borrow)]
    pub(super) content: Option<Vec<Logprob<'a>>>,
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

/// Audio in a reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Audio<'a> {
    #[serde(borrow)]
    pub(super) id: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) data: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) transcript: LenientStr<'a>,
}

/// An image in a reply, in OpenRouter's format.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ImagePart<'a> {
    #[serde(borrow)]
    pub(super) image_url: Option<ImageUrl<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ImageUrl<'a> {
    #[serde(borrow)]
    pub(super) url: LenientStr<'a>,
}

/// A citation in a reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Annotation<'a> {
    #[serde(borrow)]
    pub(super) url_citation: Option<UrlCitation<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UrlCitation<'a> {
    #[serde(borrow)]
    pub(super) url: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) title: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) content: LenientStr<'a>,
}

/// A message, or a delta of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WireMessage<'a> {
    #[serde(borrow)]
    pub(super) content: Content<'a>,
    #[serde(borrow)]
    pub(super) reasoning_content: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) reasoning: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) reasoning_details: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) refusal: LenientStr<'a>,
    #[serde(borrow)]
    pub(super) tool_calls: Option<Vec<Option<CallDelta<'a>>>>,
    #[serde(borrow)]
    pub(super) audio: Option<Box<Audio<'a>>>,
    #[serde(borrow)]
    pub(super) images: Option<Vec<ImagePart<'a>>>,
    #[serde(borrow)]
    pub(super) annotations: Option<Vec<&'a RawValue>>,
}

/// A tool call, or a delta of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CallDelta<'a> {
    pub(super) index: Option<i64>,
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

impl<'a> Function<'a> {
    /// Returns the arguments as text, whether they were sent as a string or as a JSON value.
    pub(super) fn arguments(&self) -> Cow<'a, str> {
        let Some(raw) = self.arguments else {
            return Cow::Borrowed("");
        };
        match serde_json::from_str::<LenientStr<'a>>(raw.get()) {
            Ok(text) if raw.get().starts_with('"') => text.0.unwrap_or_default(),
            _ => Cow::Borrowed(raw.get()),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    prompt_tokens: Count,
    completion_tokens: Count,
    total_tokens: Count,
    prompt_tokens_details: Option<InputDetails>,
    completion_tokens_details: Option<OutputDetails>,
    /// Cached tokens, as DeepSeek reports them.
    prompt_cache_hit_tokens: Count,
    /// Cached tokens, as Moonshot reports them.
    cached_tokens: Count,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct InputDetails {
    cached_tokens: Count,
    audio_tokens: Count,
    cache_write_tokens: Count,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct OutputDetails {
    audio_tokens: Count,
    reasoning_tokens: Count,
}

impl Usage {
    /// Converts the counts to agno's [`Usage`](crate::model::Usage).
    pub(super) fn counts(&self) -> crate::model::Usage {
        let input = self.prompt_tokens.0;
        let details = self.prompt_tokens_details.unwrap_or_default();
        let written = self.completion_tokens_details.unwrap_or_default();
        let reasoning = written.reasoning_tokens.0;
        // xAI does not include reasoning tokens in `completion_tokens`; OpenAI does.
        let apart = self.total_tokens.0
            == input
                .saturating_add(self.completion_tokens.0)
                .saturating_add(reasoning);
        let mut usage = crate::model::Usage::new(
            input,
            self.completion_tokens
                .0
                .saturating_add(if apart { reasoning } else { 0 }),
        );
        usage.cached = [
            details.cached_tokens,
            self.prompt_cache_hit_tokens,
            self.cached_tokens,
        ]
        .into_iter()
        .map(|count| count.0)
        .max()
        .unwrap_or_default();
        usage.cache_written = details.cache_write_tokens.0;
        usage.reasoning = reasoning;
        usage.audio_input = details.audio_tokens.0;
        usage.audio_output = written.audio_tokens.0;
        usage
    }
}

/// The content of a message: text, or a list of parts of several kinds.
#[derive(Debug, Default)]
pub(super) struct Content<'a>(pub(super) Vec<ContentPart<'a>>);

#[derive(Debug)]
pub(super) enum ContentPart<'a> {
    Text(Cow<'a, str>),
    Reasoning(Cow<'a, str>),
    Refusal(Cow<'a, str>),
}

/// An element of a content list: an object with a `type`, or a string.
#[derive(Debug, Default)]
struct ContentParts<'a>(Vec<ContentPart<'a>>);

struct ContentFromLenient;

impl<'de> FromLenient<'de> for ContentFromLenient {
    type Value = Vec<ContentPart<'de>>;

    fn text(text: Cow<'de, str>) -> Self::Value {
        vec![ContentPart::Text(text)]
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some(ContentParts(element)) = list.next_element()? {
            for part in element {
                match (parts.last_mut(), part) {
                    // Many short parts would use much more memory than a single string.
                    (Some(ContentPart::Text(text)), ContentPart::Text(more)) => text.to_mut().push_str(&more),
                    (_, part) => parts.push(part),
                }
            }
        }
        Ok(parts)
    }
}

struct PartsFromLenient;

impl<'de> FromLenient<'de> for PartsFromLenient {
    type Value = Vec<ContentPart<'de>>;

    fn text(text: Cow<'de, str>) -> Self::Value {
        vec![ContentPart::Text(text)]
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some(key) = object.next_key::<LenientStr<'de>>()? {
            match key.as_str() {
                "text" => parts.extend(object.next_value::<LenientStr<'de>>()?.0.map(ContentPart::Text)),
                "refusal" => parts.extend(
                    object
                        .next_value::<LenientStr<'de>>()?
                        .0
                        .map(ContentPart::Refusal),
                ),
                // Mistral sends reasoning as a nested content list.
                "thinking" => {
                    let thoughts = object.next_value::<Content<'de>>()?.0;
                    parts.extend(thoughts.into_iter().filter_map(|part| match part {
                        ContentPart::Text(text) => Some(ContentPart::Reasoning(text)),
                        _ => None,
                    }));
                }
                _ => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(parts)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ContentParts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(Lenient(PartsFromLenient))
            .map(ContentParts)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(Lenient(ContentFromLenient))
            .map(Content)
    }
}
