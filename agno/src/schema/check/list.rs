//! Checks lists and tuples.

use core::fmt;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::de::{IgnoredAny, SeqAccess};
use serde_json::value::RawValue;

use super::super::validation_error::Path;
use super::{Check, scalar};
use crate::schema::canonical::canonical_text;
use crate::schema::{Kind, Node, SchemaRef, Unique};

impl Check<'_> {
    pub(super) fn list<'de, A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        match self.node.kind {
            Kind::Array {
                items: item_schema,
                min,
                max,
                unique: Unique::Checked,
                ..
            } => self.unique(item_schema, &mut items, min, max),
            Kind::Array {
                items: item_schema,
                min,
                max,
                ..
            } => {
                let mut count = 0;
                while self.item(item_schema.get(), &mut items, count)? {
                    count += 1;
                }
                self.check_count(count, min, max);
                Ok(())
            }
            Kind::Tuple(positions) => {
                let mut count = 0;
                for position in positions {
                    if !self.item(position.get(), &mut items, count)? {
                        break;
                    }
                    count += 1;
                }
                count += rest(&mut items)?;
                self.check_count(count, positions.len(), Some(positions.len()));
                Ok(())
            }
            _ => {
                self.expected("an array");
                rest(&mut items).map(drop)
            }
        }
    }

    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        node: &'static Node,
        items: &mut A,
        index: usize,
    ) -> Result<bool, A::Error> {
        if self.errors.is_full() {
            return Ok(items.next_element::<IgnoredAny>()?.is_some());
        }
        let path = Path::Item(self.path, index);
        let seed = Check {
            node,
            path: &path,
            stack: self.stack,
            nullable: false,
            errors: &mut *self.errors,
        };
        Ok(items.next_element_seed(seed)?.is_some())
    }

    // Compares items as JSON values, so that whitespace and the order of fields do not matter.
    fn unique<'de, A: SeqAccess<'de>>(
        &mut self,
        item_schema: SchemaRef,
        items: &mut A,
        min: usize,
        max: Option<usize>,
    ) -> Result<(), A::Error> {
        // The index of the first item for each canonical text.
        let mut seen: HashMap<Cow<'de, str>, usize> = HashMap::new();
        let mut count = 0;
        while let Some(text) = items.next_element::<&RawValue>()? {
            let path = Path::Item(self.path, count);
            count += 1;
            if max.is_some_and(|max| count > max) || self.errors.is_full() {
                continue;
            }
            super::check(item_schema.get(), text.get(), &path, self.stack, self.errors);
            if let Some(text) = canonical_text(text) {
                match seen.entry(text) {
                    Entry::Occupied(first) => self.errors.add(
                        &path,
                        format_args!("duplicate of [{}], but items must be unique", first.get()),
                    ),
                    Entry::Vacant(slot) => {
                        slot.insert(count - 1);
                    }
                }
            }
        }
        self.check_count(count, min, max);
        Ok(())
    }

    fn check_count(&mut self, count: usize, min: usize, max: Option<usize>) {
        if count < min || max.is_some_and(|max| count > max) {
            self.errors.add(
                self.path,
                format_args!("expected {} items, got {count}", Length(min, max)),
            );
        }
    }
}

fn rest<'de, A: SeqAccess<'de>>(items: &mut A) -> Result<usize, A::Error> {
    let mut count = 0;
    while items.next_element::<IgnoredAny>()?.is_some() {
        count += 1;
    }
    Ok(count)
}

struct Length(usize, Option<usize>);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scalar::length(f, self.0, self.1)
    }
}
