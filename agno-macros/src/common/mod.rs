//! Code that several macros share: attribute parsing, error collection, and the code for schemas and tools that two
//! macros use.
//!
//! | module | content |
//! |---|---|
//! | [`entry`](Entry), [`slot`](Slot), [`errors`](Errors), [`suggest`](closest) | attribute entries, values set once, all errors of an item, suggestions |
//! | [`bounds`](Bounds), [`duration`](duration()), [`crate_path`](crate_path()), [`doc_comment`](description) | values of keys, doc comments |
//! | [`function`], [`item`], [`tokens`], [`cfg`] | functions with unparsed bodies, annotated items, token searches, `#[cfg]` |
//! | [`schema_attr`] | `#[schema(..)]` and `#[arg(..)]`: the same keys with the same meaning |
//! | [`shareable`] | the check that agents and toolkits are `Send` and `Sync` |
//! | [`tool_fn`] | the tool that a function (`#[tool]`) or a method (`#[toolkit]`) declares |
//!
//! A macro's parser iterates over the [`entries`] of an attribute, matches each key, and stores values in [`Slot`]s and
//! errors in [`Errors`]. It passes unknown keys to [`unknown_key`] with the list of all keys. Each error is reported
//! once, at its own token, and all errors of an item are reported together.
//!
//! ```text
//! const KEYS: &[&str] = &["name", "timeout", "approval"];
//!
//! for entry in entries(attribute_tokens, cx) {
//!     match entry.name() {
//!         "name" => name.set(cx, &entry, entry.text()),
//!         "timeout" => timeout.set(cx, &entry, entry.duration()),
//!         "approval" => approval.set(cx, &entry, entry.flag()),
//!         _ => unknown_key(cx, &entry.key, KEYS),
//!     }
//! }
//! cx.finish()?
//! ```

mod bounds;
pub(crate) mod cfg;
mod crate_path;
mod doc_comment;
mod duration;
mod entry;
mod errors;
pub(crate) mod function;
pub(crate) mod item;
pub(crate) mod schema_attr;
pub(crate) mod shareable;
mod slot;
mod suggest;
pub(crate) mod tokens;
pub(crate) mod tool_fn;

pub(crate) use bounds::{Bounds, Number};
pub(crate) use crate_path::{crate_path, default_crate_path};
pub(crate) use doc_comment::description;
pub(crate) use duration::duration;
pub(crate) use entry::{Entry, Value, entries, split_commas, ungrouped};
pub(crate) use errors::Errors;
pub(crate) use slot::Slot;
pub(crate) use suggest::{closest, one_of, unknown_key};
