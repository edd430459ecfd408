//! How the arguments of a macro-made tool are read: one pass over the text, borrowed where it can be.
//!
//! The macro writes a list of names, two `match`es and a constructor; everything else is here, once. It all is generic over
//! those, so that the compiler makes one function of it, as it does of what serde's derive writes; small functions ask for
//! that with `#[inline]`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::schema::{Field, Kind, Node, Schema, SchemaRef};

/// The arguments of a tool, as a macro describes them: a place for each, `None` until it is read.
///
/// Every place is read: one that the model left out from nothing, which is `None` for an `Option` and an error for
/// anything else. So after reading, a place without a default is filled.
pub trait Arguments<'de>: Sized {
    /// An object with a field for each argument, in order. At most 128.
    const SCHEMA: SchemaRef;

    /// All places empty.
    const EMPTY: Self;

    /// The place of the argument of this name. A `match` on texts is cheaper than a walk over the schema's fields: the
    /// compiler knows each text and its length.
    fn index(name: &str) -> Option<usize>;

    /// Reads the value of argument `index` into its place.
    ///
    /// # Errors
    ///
    /// When the value is not of the argument's type.
    fn read<A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<(), A::Error>;
}

/// Reads the value of an argument that must be given, if only by being an `Option`.
///
/// # Errors
///
/// When the value is not of the argument's type.
#[inline]
pub fn read<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<(), A::Error> {
    *slot = Some(map.next_value()?);
    Ok(())
}

/// Reads the value of an argument with a default, which `null` and nothing stand for.
///
/// # Errors
///
/// When the value is not of the argument's type.
#[inline]
pub fn read_or_default<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<(), A::Error> {
    *slot = map.next_value()?;
    Ok(())
}

/// Arguments that were read.
#[derive(Debug)]
pub struct Read<'de, T>(pub T, PhantomData<&'de ()>);

impl<'de, T: Arguments<'de>> Schema for Read<'de, T> {
    const SCHEMA: SchemaRef = T::SCHEMA;
}

impl<'de, T: Arguments<'de>> Deserialize<'de> for Read<'de, T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = deserializer.deserialize_map(Reader(PhantomData::<T>))?;
        Ok(Self(read, PhantomData))
    }
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Arguments<'de>> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of arguments")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let fields = fields(T::SCHEMA);
        let mut arguments = T::EMPTY;
        let mut seen = 0_u128;
        while let Some(index) = map.next_key_seed(Name(PhantomData::<T>))? {
            let bit = 1_u128 << index;
            if seen & bit != 0 {
                return Err(de::Error::duplicate_field(fields[index].name()));
            }
            seen |= bit;
            arguments.read(index, &mut map)?;
        }
        if seen != const { all(T::SCHEMA) } {
            for (index, field) in fields.iter().enumerate() {
                if seen & (1_u128 << index) == 0 {
                    arguments.read(index, &mut Absent(field.name(), PhantomData))?;
                }
            }
        }
        Ok(arguments)
    }
}

const fn fields(schema: SchemaRef) -> &'static [Field] {
    match schema.get().kind() {
        Kind::Object { fields, .. } => fields,
        _ => &[],
    }
}

/// A bit for each field.
const fn all(schema: SchemaRef) -> u128 {
    u128::MAX.unbounded_shr(u128::BITS - fields(schema).len() as u32)
}

/// Reads a key as the place of the argument it names.
struct Name<T>(PhantomData<T>);

impl<'de, T: Arguments<'de>> DeserializeSeed<'de> for Name<T> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, T: Arguments<'de>> Visitor<'de> for Name<T> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an argument")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        // The model hears the names from the schema's check, which knows them all.
        T::index(name).ok_or_else(|| de::Error::unknown_field(name, &[]))
    }
}

/// The value of an argument that was not given: `None` for an `Option`, else an error that names it.
struct Absent<E>(&'static str, PhantomData<E>);

impl<'de, E: de::Error> MapAccess<'de> for Absent<E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, _seed: K) -> Result<Option<K::Value>, E> {
        Ok(None)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, E> {
        seed.deserialize(Absent(self.0, PhantomData))
    }
}

impl<'de, E: de::Error> Deserializer<'de> for Absent<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// No arguments: `{}` and nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoArguments;

impl<'de> Arguments<'de> for NoArguments {
    const SCHEMA: SchemaRef = SchemaRef::new(&Node::object(&[]).closed());
    const EMPTY: Self = Self;

    fn index(_name: &str) -> Option<usize> {
        None
    }

    fn read<A: MapAccess<'de>>(&mut self, _index: usize, _map: &mut A) -> Result<(), A::Error> {
        Ok(())
    }
}

/// Text that borrows from what the model sent, unless an escape in it had to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Str<'a>(Cow<'a, str>);

impl<'a> Str<'a> {
    /// The text, borrowed where it is.
    #[inline]
    pub fn into_cow(self) -> Cow<'a, str> {
        self.0
    }
}

impl Deref for Str<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            #[inline]
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            #[inline]
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }

            #[inline]
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

    fn absent<'de, T: Deserialize<'de>>() -> Result<T, serde_json::Error> {
        Absent("age", PhantomData).next_value()
    }

    #[test]
    fn a_missing_option_is_none_and_anything_else_missing_is_named() {
        assert_eq!(absent::<Option<u8>>().unwrap(), None);
        assert_eq!(absent::<u8>().unwrap_err().to_string(), "missing field `age`");
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
        assert!(serde_json::from_str::<Read<'_, NoArguments>>("{}").is_ok());
        assert!(serde_json::from_str::<Read<'_, NoArguments>>(r#"{"x":1}"#).is_err());
        assert!(serde_json::from_str::<Read<'_, NoArguments>>("[]").is_err());
    }
}
