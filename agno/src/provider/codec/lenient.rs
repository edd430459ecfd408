//! Lenient decoding of replies: `null` or a value of an unexpected type yields a default instead of an error.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A number of tokens. Any value that is not a number is read as 0.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count(pub(crate) u64);

/// A string, or a number converted to text. An empty string or any other value is read as `None`.
#[derive(Debug, Default)]
pub(crate) struct LenientStr<'a>(pub(crate) Option<Cow<'a, str>>);

impl LenientStr<'_> {
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Converts the text into an owned `String`. Returns `None` if it is empty.
    pub(crate) fn into_string(self) -> Option<String> {
        self.0.map(Cow::into_owned)
    }
}

/// Returns `true` if a value is an object. Other values are skipped, because the items of a list such as `[1,1,1]`
/// would become much larger than their text.
#[cfg(any(feature = "openai", feature = "anthropic", feature = "bedrock"))]
pub(crate) fn is_object(raw: &serde_json::value::RawValue) -> bool {
    raw.get().starts_with('{')
}

/// Deserializes a field, or returns the default if its value has the wrong type.
#[cfg(any(feature = "gemini", feature = "ollama", feature = "cohere"))]
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}

/// A visitor that accepts any JSON value and converts it with the [`FromLenient`] implementation of `K`.
pub(crate) struct Lenient<K>(pub(crate) K);

/// A type that reads some kinds of JSON values and replaces the others with a default.
pub(crate) trait FromLenient<'de>: Sized {
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
            #[expect(clippy::cast_precision_loss, reason = "token counts are far below 2^53")]
            Ok(K::number(number as f64, || number.to_string()))
        }
    )*};
}

impl<'de, K: FromLenient<'de>> Visitor<'de> for Lenient<K> {
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

struct StrFromLenient;

impl<'de> FromLenient<'de> for StrFromLenient {
    type Value = Option<Cow<'de, str>>;

    fn text(text: Cow<'de, str>) -> Self::Value {
        Some(text).filter(|text| !text.is_empty())
    }

    fn number(_: f64, text: impl FnOnce() -> String) -> Self::Value {
        Some(Cow::Owned(text()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for LenientStr<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(Lenient(StrFromLenient))
            .map(LenientStr)
    }
}

struct CountFromLenient;

impl FromLenient<'_> for CountFromLenient {
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
        deserializer.deserialize_any(Lenient(CountFromLenient)).map(Count)
    }
}
