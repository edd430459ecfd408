//! Checks enums with data. The tag, if there is one, selects the shape, so that errors refer to the intended shape.

use std::borrow::Cow;

use core::fmt;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use super::super::validation_error::{List, Path, Quoted, ValidationErrors};
use super::{Check, Key};
use crate::schema::{Kind, Tagging, Variant};

/// Work per attempted alternative.
const ATTEMPT_WORK: u64 = 500;
/// Additional work per attempted alternative and byte of the value.
const PARSE_WORK: u64 = 4;

impl Check<'_> {
    pub(super) fn union(&mut self, json: &str, variants: &'static [Variant], tagging: Tagging) {
        self.shapes(json, variants, tagging, |check, variant, json| {
            super::check(variant.schema.get(), json, check.path, check.stack, check.errors);
        });
    }

    /// Selects a shape and validates the text against it with `check`.
    pub(super) fn shapes(
        &mut self,
        json: &str,
        variants: &'static [Variant],
        tagging: Tagging,
        check: impl Fn(&mut Check<'_>, &'static Variant, &str),
    ) {
        match tagging {
            Tagging::Internal(tag) | Tagging::Adjacent(tag, _) => {
                self.tagged(json, variants, tag, check);
            }
            Tagging::External => self.external(json, variants, check),
            Tagging::Untagged => self.untagged(json, variants, check),
        }
    }

    fn tagged(
        &mut self,
        json: &str,
        variants: &'static [Variant],
        tag: &'static str,
        check: impl Fn(&mut Check<'_>, &'static Variant, &str),
    ) {
        let found = read(json, |key| key == tag);
        let names = || List(variants.iter().map(|variant| variant.name));
        match found {
            ValueHead::Object(Some((_, Some(name)))) => match find(variants, &name) {
                Some(variant) => check(self, variant, json),
                None => {
                    let path = Path::Field(self.path, tag);
                    self.errors.add(
                        &path,
                        format_args!("expected one of {}, got {}", names(), Quoted(&name)),
                    );
                }
            },
            ValueHead::Object(Some((_, None))) => {
                let path = Path::Field(self.path, tag);
                self.errors
                    .add(&path, format_args!("expected one of {}", names()));
            }
            ValueHead::Object(None) => {
                let path = Path::Field(self.path, tag);
                self.errors
                    .add(&path, format_args!("missing; expected one of {}", names()));
            }
            _ => self.errors.add(self.path, "expected an object"),
        }
    }

    fn external(
        &mut self,
        json: &str,
        variants: &'static [Variant],
        check: impl Fn(&mut Check<'_>, &'static Variant, &str),
    ) {
        let name = match read(json, |key| find(variants, key).is_some()) {
            ValueHead::Object(Some((name, _))) => name,
            ValueHead::String(name) => {
                let known = |variant: &&Variant| matches!(variant.schema.get().kind, Kind::Enum(_));
                return match variants.iter().find(known) {
                    Some(variant) => check(self, variant, json),
                    None => self.expected_name(variants, Quoted(&name)),
                };
            }
            ValueHead::Object(None) => return self.expected_name(variants, "an object with none of them"),
            ValueHead::Other => return self.expected_name(variants, "another value"),
        };
        if let Some(variant) = find(variants, &name) {
            check(self, variant, json);
        }
    }

    fn expected_name(&mut self, variants: &'static [Variant], got: impl fmt::Display) {
        let names = variants
            .iter()
            .filter(|variant| !variant.name.is_empty())
            .map(|variant| variant.name);
        self.errors.add(
            self.path,
            format_args!(
                "expected an object with one of the keys {}, got {got}",
                List(names)
            ),
        );
    }

    fn untagged(
        &mut self,
        json: &str,
        variants: &'static [Variant],
        check: impl Fn(&mut Check<'_>, &'static Variant, &str),
    ) {
        let mut nearest: Option<ValidationErrors> = None;
        for variant in variants {
            if !self.errors.spend(ATTEMPT_WORK + PARSE_WORK * json.len() as u64) {
                return self.errors.add(self.path, "too many alternatives to check");
            }
            let mut errors = self.errors.with_same_work();
            let mut attempt = Check {
                node: self.node,
                path: self.path,
                stack: self.stack,
                nullable: false,
                errors: &mut errors,
            };
            check(&mut attempt, variant, json);
            self.errors.add_work(&errors);
            if errors.is_empty() {
                return;
            }
            // A deeper error means that more of the value matched.
            let depth = |errors: &ValidationErrors| errors.iter().map(|error| error.path().len()).max();
            if nearest
                .as_ref()
                .is_none_or(|nearest| depth(&errors) > depth(nearest))
            {
                nearest = Some(errors);
            }
        }
        let count = variants.len();
        self.errors.add(
            self.path,
            format_args!("matches none of the {count} alternatives; errors of the closest one follow"),
        );
        if let Some(nearest) = nearest {
            self.errors.append(nearest);
        }
    }
}

fn find(variants: &'static [Variant], name: &str) -> Option<&'static Variant> {
    variants
        .iter()
        .find(|variant| !variant.name.is_empty() && (variant.name == name || variant.aliases.contains(&name)))
}

/// The start of a value, sufficient to select a shape.
enum ValueHead<'de> {
    /// An object, with the first entry whose key matches. The entry's value is present if it is a string.
    Object(Option<(Cow<'de, str>, Option<Cow<'de, str>>)>),
    String(Cow<'de, str>),
    Other,
}

fn read<'de>(json: &'de str, expected: impl Fn(&str) -> bool) -> ValueHead<'de> {
    let mut reader = serde_json::Deserializer::from_str(json);
    reader
        .deserialize_any(Reader(expected))
        .unwrap_or(ValueHead::Other)
}

struct Reader<F>(F);

impl<'de, F: Fn(&str) -> bool> Visitor<'de> for Reader<F> {
    type Value = ValueHead<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, value: &str) -> Result<ValueHead<'de>, E> {
        Ok(ValueHead::String(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<ValueHead<'de>, E> {
        Ok(ValueHead::String(Cow::Borrowed(value)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<ValueHead<'de>, A::Error> {
        let mut found = None;
        while let Some(key) = entries.next_key::<Key<'de>>()? {
            if found.is_none() && (self.0)(&key.0) {
                let text = entries.next_value::<&serde_json::value::RawValue>()?.get();
                found = Some((
                    key.0,
                    serde_json::from_str::<Key<'de>>(text).ok().map(|text| text.0),
                ));
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(ValueHead::Object(found))
    }
}
