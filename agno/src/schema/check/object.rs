//! Objects and maps.

use serde::de::{IgnoredAny, MapAccess};

use super::super::validation_error::{List, Path, Quoted};
use super::{Check, Key};
use crate::schema::render::{flattened, flattened_union};
use crate::schema::{Field, Kind, Node, SchemaRef, Variant};

/// Returns `true` if an enum is flattened into the object, which gives the object several shapes.
pub(super) fn has_flattened_union(node: &Node) -> bool {
    flattened_union(node).is_some()
}

/// The fields of an object as they appear on the wire, including those of flattened types.
struct Fields {
    list: Vec<(Field, bool)>,
    rest: UnknownFields,
}

enum UnknownFields {
    Rejected,
    Ignored,
    Checked(SchemaRef, SchemaRef),
}

impl Fields {
    fn new(fields: &'static [Field], closed: bool, choice: Option<Variant>) -> Self {
        let rest = if closed {
            UnknownFields::Rejected
        } else {
            UnknownFields::Ignored
        };
        let mut all = Self {
            list: Vec::with_capacity(fields.len()),
            rest,
        };
        all.add(fields, choice, true);
        all
    }

    fn add(&mut self, fields: &'static [Field], choice: Option<Variant>, present: bool) {
        for field in fields {
            if !field.flatten {
                self.list.push((*field, present && field.is_required()));
                continue;
            }
            match flattened(field, choice).map_or(Kind::Any, |node| node.kind) {
                Kind::Object { fields, .. } => self.add(fields, choice, present && field.is_required()),
                Kind::Map { keys, values } => self.rest = UnknownFields::Checked(keys, values),
                _ => self.rest = UnknownFields::Ignored,
            }
        }
    }

    fn find(&self, key: &str) -> Option<usize> {
        self.list
            .iter()
            .position(|(field, _)| field.name == key || field.aliases.contains(&key))
    }
}

impl Check<'_> {
    pub(super) fn object<'de, A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        match self.node.kind {
            Kind::Object { fields, closed } => {
                if fields.len() <= 64 && fields.iter().all(|field| !field.flatten) {
                    self.plain(fields, closed, &mut entries)
                } else {
                    self.fields(&Fields::new(fields, closed, None), &mut entries)
                }
            }
            Kind::Map { keys, values } => {
                while let Some(key) = entries.next_key::<Key<'de>>()? {
                    self.entry(&key.0, keys, values, &mut entries)?;
                }
                Ok(())
            }
            _ => {
                self.expected("an object");
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(())
            }
        }
    }

    /// Validates an object of at most 64 fields, none of them flattened, without allocating.
    fn plain<'de, A: MapAccess<'de>>(
        &mut self,
        fields: &'static [Field],
        closed: bool,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        let mut seen = 0_u64;
        while let Some(key) = entries.next_key::<Key<'de>>()? {
            let key: &str = &key.0;
            match fields
                .iter()
                .position(|field| field.name == key || field.aliases.contains(&key))
            {
                Some(index) => {
                    if seen & (1 << index) != 0 {
                        self.errors.add(&Path::Field(self.path, key), "duplicate key");
                    }
                    seen |= 1 << index;
                    self.field(&fields[index], entries)?;
                }
                None => {
                    if closed {
                        self.unknown(key, fields.iter());
                    }
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        for (index, field) in fields.iter().enumerate() {
            if seen & (1 << index) == 0 && field.is_required() {
                self.errors.add(&Path::Field(self.path, field.name), "missing");
            }
        }
        Ok(())
    }

    fn fields<'de, A: MapAccess<'de>>(&mut self, fields: &Fields, entries: &mut A) -> Result<(), A::Error> {
        let mut seen = vec![false; fields.list.len()];
        while let Some(Key(key)) = entries.next_key()? {
            match (fields.find(&key), &fields.rest) {
                (Some(index), _) => {
                    if seen[index] {
                        self.errors.add(&Path::Field(self.path, &key), "duplicate key");
                    }
                    seen[index] = true;
                    self.field(&fields.list[index].0, entries)?;
                }
                (None, UnknownFields::Checked(keys, values)) => self.entry(&key, *keys, *values, entries)?,
                (None, rest) => {
                    if matches!(rest, UnknownFields::Rejected) {
                        self.unknown(&key, fields.list.iter().map(|(field, _)| field));
                    }
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        for ((field, required), seen) in fields.list.iter().zip(seen) {
            if *required && !seen {
                self.errors.add(&Path::Field(self.path, field.name), "missing");
            }
        }
        Ok(())
    }

    fn field<'de, A: MapAccess<'de>>(&mut self, field: &Field, entries: &mut A) -> Result<(), A::Error> {
        if self.errors.is_full() {
            return entries.next_value::<IgnoredAny>().map(drop);
        }
        entries.next_value_seed(Check {
            node: field.schema.get(),
            path: &Path::Field(self.path, field.name),
            stack: self.stack,
            nullable: field.null_is_absent,
            errors: &mut *self.errors,
        })
    }

    fn entry<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        keys: SchemaRef,
        values: SchemaRef,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        if self.errors.is_full() {
            return entries.next_value::<IgnoredAny>().map(drop);
        }
        let path = Path::Field(self.path, key);
        let mut check = Check {
            node: keys.base(),
            path: &path,
            stack: self.stack,
            nullable: false,
            errors: &mut *self.errors,
        };
        match (check.node.kind, key.parse()) {
            (Kind::Integer { .. }, Ok(number)) => check.integer(number),
            (Kind::Bool, _) if matches!(key, "true" | "false") => {}
            _ => check.string(key),
        }
        let path = Path::Field(self.path, key);
        entries.next_value_seed(Check {
            node: values.get(),
            path: &path,
            stack: self.stack,
            nullable: false,
            errors: &mut *self.errors,
        })
    }

    fn unknown<'f>(&mut self, key: &str, known: impl Iterator<Item = &'f Field> + Clone) {
        // A root object without a definition contains the arguments of a tool.
        let argument = matches!(self.path, Path::Root) && self.node.definition.is_none();
        let noun = if argument { "argument" } else { "field" };
        let key = Quoted(key);
        if known.clone().next().is_none() {
            self.errors
                .add(self.path, format_args!("unknown {noun} {key}; none are expected"));
        } else {
            let names = List(known.map(|field| field.name));
            self.errors
                .add(self.path, format_args!("unknown {noun} {key}; expected {names}"));
        }
    }

    /// Validates an object with a flattened enum. The tag selects a shape; if there is no tag, the first shape
    /// without errors is accepted.
    pub(super) fn flattened_object(&mut self, json: &str) {
        let (Kind::Object { fields, .. }, Some(union)) = (self.node.kind, flattened_union(self.node)) else {
            return;
        };
        let Kind::Union { variants, tagging } = union.kind else {
            return;
        };
        self.shapes(json, variants, tagging, |check, variant, json| {
            let fields = Fields::new(fields, false, Some(*variant));
            let mut reader = serde_json::Deserializer::from_str(json);
            let visitor = FlattenedVisitor {
                check,
                fields: &fields,
            };
            if serde::Deserializer::deserialize_any(&mut reader, visitor).is_err() {
                // The text has already been parsed, so the only possible error is a value that is not an object.
                check.expected("another value");
            }
        });
    }
}

struct FlattenedVisitor<'a, 'b> {
    check: &'a mut Check<'b>,
    fields: &'a Fields,
}

impl<'de> serde::de::Visitor<'de> for FlattenedVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.check.fields(self.fields, &mut entries)
    }
}
