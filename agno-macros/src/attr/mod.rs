//! Tools that every macro reads its attributes with.
//!
//! A macro's parser goes over [`items`] of an attribute, matches each key, puts values into [`Slot`]s and errors into
//! [`Errors`]; a key that it does not know goes to [`unknown_key`] with the table of those that it does. So each mistake
//! is told once, at its own token, and all of an item at once.
//!
//! ```text
//! const KEYS: &[&str] = &["name", "timeout", "confirm"];
//!
//! for item in items(attribute_tokens, cx) {
//!     match item.name() {
//!         "name" => name.set(cx, &item, item.text()),
//!         "timeout" => timeout.set(cx, &item, item.duration()),
//!         "confirm" => confirm.set(cx, &item, item.flag()),
//!         _ => unknown_key(cx, &item.key, KEYS),
//!     }
//! }
//! cx.finish()?
//! ```

mod bounds;
mod docs;
mod duration;
mod errors;
mod items;
mod keys;
mod krate;
mod slot;

pub(crate) use bounds::{Bounds, Number};
pub(crate) use docs::{description, docs};
pub(crate) use duration::duration;
pub(crate) use errors::Errors;
pub(crate) use items::{Item, items, ungrouped};
pub(crate) use keys::{closest, one_of, unknown_key};
pub(crate) use krate::{crate_path, default_crate_path};
pub(crate) use slot::Slot;
