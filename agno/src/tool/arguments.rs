//! How the arguments of a macro-made tool are read: one pass over the text, borrowed where it can be.
//!
//! The macro writes a list of names, one `match` and a constructor; everything else is here, once.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The arguments of a tool, as a macro describes them.
pub trait Arguments<'de>: Sized {
    /// A place for each argument, empty until the model gives it.
    type Slots;

    /// The names, in declaration order. At most 128.
    const NAMES: &'static [&'static str];

    /// All places empty.
    fn empty() -> Self::Slots;

    /// Reads the value of argument `index` into its place.
    ///
    /// # Errors
    ///
    /// When the value is not of the argument's type.
    fn read<A: MapAccess<'de>>(slots: &mut Self::Slots, index: usize, map: &mut A) -> Result<(), A::Error>;

    /// The arguments from their places.
    ///
    /// # Errors
    ///
    /// When one that must be given was not.
    fn build<E: de::Error>(slots: Self::Slots) -> Result<Self, E>;
}

/// Reads arguments from an object.
///
/// # Errors
///
/// When the object lacks an argument, has one too many or twice, or one of the wrong type.
pub fn deserialize<'de, T: Arguments<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Reader<T>(PhantomData<T>);

    impl<'de, T: Arguments<'de>> Visitor<'de> for Reader<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of arguments")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let mut slots = T::empty();
            let mut seen = 0_u128;
            while let Some(index) = map.next_key_seed(Name(T::NAMES))? {
                let bit = 1_u128 << index;
                if seen & bit != 0 {
                    return Err(de::Error::duplicate_field(T::NAMES[index]));
                }
                seen |= bit;
                T::read(&mut slots, index, &mut map)?;
            }
            T::build(slots)
        }
    }

    deserializer.deserialize_map(Reader(PhantomData))
}

/// Reads a key as its place in the list of names.
struct Name(&'static [&'static str]);

impl<'de> de::DeserializeSeed<'de> for Name {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an argument")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        self.0
            .iter()
            .position(|known| *known == name)
            .ok_or_else(|| de::Error::unknown_field(name, self.0))
    }
}

/// The value of an argument that was not given: `None` for an `Option`, else an error that names it.
///
/// # Errors
///
/// When the type needs a value.
pub fn missing<'de, T: Deserialize<'de>, E: de::Error>(name: &'static str) -> Result<T, E> {
    struct Missing<E>(&'static str, PhantomData<E>);

    impl<'de, E: de::Error> Deserializer<'de> for Missing<E> {
        type Error = E;

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, E> {
            Err(E::missing_field(self.0))
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            visitor.visit_none()
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
            newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    T::deserialize(Missing(name, PhantomData))
}

/// No arguments: `{}` and nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoArguments;

impl<'de> Arguments<'de> for NoArguments {
    type Slots = ();
    const NAMES: &'static [&'static str] = &[];

    fn empty() {}

    fn read<A: MapAccess<'de>>((): &mut (), _index: usize, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<IgnoredAny>().map(drop)
    }

    fn build<E: de::Error>((): ()) -> Result<Self, E> {
        Ok(Self)
    }
}

impl<'de> Deserialize<'de> for NoArguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

/// Text that borrows from what the model sent, unless an escape in it had to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Str<'a>(Cow<'a, str>);

impl<'a> Str<'a> {
    /// The text, borrowed where it is.
    pub fn into_cow(self) -> Cow<'a, str> {
        self.0
    }
}

impl Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text))
            }
        }

        deserializer.deserialize_str(Text).map(Str)
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_option_is_none_and_anything_else_missing_is_named() {
        let missing_option: Result<Option<u8>, serde_json::Error> = missing("age");
        assert_eq!(missing_option.unwrap(), None);
        let missing_number: Result<u8, serde_json::Error> = missing("age");
        assert_eq!(missing_number.unwrap_err().to_string(), "missing field `age`");
    }

    #[test]
    fn text_borrows_unless_it_was_escaped() {
        let plain: Str<'_> = serde_json::from_str(r#""Oslo""#).unwrap();
        assert!(matches!(plain.into_cow(), Cow::Borrowed("Oslo")));
        let escaped: Str<'_> = serde_json::from_str(r#""Oslo\n""#).unwrap();
        assert!(matches!(escaped.into_cow(), Cow::Owned(_)));
    }

    #[test]
    fn a_tool_without_arguments_takes_an_empty_object_and_nothing_else() {
        assert!(serde_json::from_str::<NoArguments>("{}").is_ok());
        assert!(serde_json::from_str::<NoArguments>(r#"{"x":1}"#).is_err());
        assert!(serde_json::from_str::<NoArguments>("[]").is_err());
    }
}
