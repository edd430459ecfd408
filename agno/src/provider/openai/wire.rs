//! What servers answer, read as leniently as JSON allows: any field may be missing, `null` or of a kind that is of no
//! use; nothing is copied that need not be.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A whole answer, or one chunk of a streamed one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    pub(super) id: Words<'a>,
    #[serde(borrow)]
    pub(super) model: Words<'a>,
    #[serde(borrow)]
    pub(super) choices: Option<Vec<Choice<'a>>>,
    pub(super) usage: Option<Usage>,
    /// Where Groq's older streams keep the usage.
    pub(super) x_groq: Option<Nested>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Nested {
    pub(super) usage: Option<Usage>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice<'a> {
    pub(super) index: Option<i64>,
    #[serde(borrow)]
    pub(super) delta: Option<Said<'a>>,
    #[serde(borrow)]
    pub(super) message: Option<Said<'a>>,
    #[serde(borrow)]
    pub(super) finish_reason: Words<'a>,
    /// Where Moonshot keeps the usage.
    pub(super) usage: Option<Usage>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

/// A message, or a piece of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said<'a> {
    #[serde(borrow)]
    pub(super) content: Content<'a>,
    #[serde(borrow)]
    pub(super) reasoning_content: Words<'a>,
    #[serde(borrow)]
    pub(super) reasoning: Words<'a>,
    #[serde(borrow)]
    pub(super) refusal: Words<'a>,
    #[serde(borrow)]
    pub(super) tool_calls: Option<Vec<Option<CallPiece<'a>>>>,
}

/// A call, or a piece of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CallPiece<'a> {
    pub(super) index: Option<i64>,
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

impl<'a> Function<'a> {
    /// The arguments as text, whether they came as text or as the JSON value itself.
    pub(super) fn arguments(&self) -> Cow<'a, str> {
        let Some(raw) = self.arguments else {
            return Cow::Borrowed("");
        };
        match serde_json::from_str::<Words<'a>>(raw.get()) {
            Ok(words) if raw.get().starts_with('"') => words.0.unwrap_or_default(),
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
    /// DeepSeek's name for cached tokens.
    prompt_cache_hit_tokens: Count,
    /// Moonshot's.
    cached_tokens: Count,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct InputDetails {
    cached_tokens: Count,
    cache_write_tokens: Count,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct OutputDetails {
    reasoning_tokens: Count,
}

impl Usage {
    /// The counts as agno has them.
    pub(super) fn counts(&self) -> crate::model::Usage {
        let input = self.prompt_tokens.0;
        let details = self.prompt_tokens_details.unwrap_or_default();
        let reasoning = self
            .completion_tokens_details
            .unwrap_or_default()
            .reasoning_tokens
            .0;
        // xAI counts thinking beside the words, OpenAI within them.
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
        usage
    }
}

/// A number of tokens; 0 when it is anything else.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count(pub(super) u64);

/// Text, where it is text or a number, and not empty.
#[derive(Debug, Default)]
pub(super) struct Words<'a>(pub(super) Option<Cow<'a, str>>);

impl Words<'_> {
    pub(super) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

/// A message's content: text, or pieces of several kinds.
#[derive(Debug, Default)]
pub(super) struct Content<'a>(pub(super) Vec<ContentPiece<'a>>);

#[derive(Debug)]
pub(super) enum ContentPiece<'a> {
    Text(Cow<'a, str>),
    Reasoning(Cow<'a, str>),
    Refusal(Cow<'a, str>),
}

/// One element of a list of content: an object with a `type`, or just text.
#[derive(Debug, Default)]
struct Pieces<'a>(Vec<ContentPiece<'a>>);

/// Reads anything, keeps what `Keep` knows.
struct Lenient<K>(K);

trait Keep<'de>: Sized {
    type Value: Default;

    fn text(_text: Cow<'de, str>) -> Self::Value {
        Self::Value::default()
    }

    fn number(_number: f64, _text: impl FnOnce() -> String) -> Self::Value {
        Self::Value::default()
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::Value::default())
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self::Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::Value::default())
    }
}

macro_rules! numbers {
    ($($visit:ident: $number:ty),*) => {$(
        fn $visit<E: de::Error>(self, number: $number) -> Result<Self::Value, E> {
            #[expect(clippy::cast_precision_loss, reason = "counts of tokens are far below 2^53")]
            Ok(K::number(number as f64, || number.to_string()))
        }
    )*};
}

impl<'de, K: Keep<'de>> Visitor<'de> for Lenient<K> {
    type Value = K::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(K::text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(K::text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(K::text(Cow::Owned(text)))
    }

    numbers!(visit_u64: u64, visit_i64: i64);

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(K::number(number, || number.to_string()))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Self::Value::default())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Self::Value::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        K::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        K::object(object)
    }
}

struct KeepWords;

impl<'de> Keep<'de> for KeepWords {
    type Value = Option<Cow<'de, str>>;

    fn text(text: Cow<'de, str>) -> Self::Value {
        Some(text).filter(|text| !text.is_empty())
    }

    fn number(_: f64, text: impl FnOnce() -> String) -> Self::Value {
        Some(Cow::Owned(text()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Words<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lenient(KeepWords)).map(Words)
    }
}

struct KeepCount;

impl Keep<'_> for KeepCount {
    type Value = u64;

    fn number(number: f64, _: impl FnOnce() -> String) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates"
        )]
        let count = number as u64;
        count
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lenient(KeepCount)).map(Count)
    }
}

struct KeepContent;

impl<'de> Keep<'de> for KeepContent {
    type Value = Vec<ContentPiece<'de>>;

    fn text(text: Cow<'de, str>) -> Self::Value {
        vec![ContentPiece::Text(text)]
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self::Value, A::Error> {
        let mut pieces = Vec::new();
        while let Some(Pieces(element)) = list.next_element()? {
            pieces.extend(element);
        }
        Ok(pieces)
    }
}

struct KeepPieces;

impl<'de> Keep<'de> for KeepPieces {
    type Value = Vec<ContentPiece<'de>>;

    fn text(text: Cow<'de, str>) -> Self::Value {
        vec![ContentPiece::Text(text)]
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self::Value, A::Error> {
        let mut pieces = Vec::new();
        while let Some(key) = object.next_key::<Words<'de>>()? {
            match key.as_str() {
                "text" => pieces.extend(object.next_value::<Words<'de>>()?.0.map(ContentPiece::Text)),
                "refusal" => pieces.extend(object.next_value::<Words<'de>>()?.0.map(ContentPiece::Refusal)),
                // Mistral's thinking: a list of content again.
                "thinking" => {
                    let thoughts = object.next_value::<Content<'de>>()?.0;
                    pieces.extend(thoughts.into_iter().filter_map(|piece| match piece {
                        ContentPiece::Text(text) => Some(ContentPiece::Reasoning(text)),
                        _ => None,
                    }));
                }
                _ => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(pieces)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pieces<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lenient(KeepPieces)).map(Pieces)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lenient(KeepContent)).map(Content)
    }
}
