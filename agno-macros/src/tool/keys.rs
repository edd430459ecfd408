//! `#[tool(..)]`: its grammar.
//!
//! ```text
//! name = "text"  description = "text"  timeout = "5s"  retries = 2  cache = "5m"  blocking
//! confirm  external  answers  read_only  destructive  idempotent  open_world  crate = path
//! ```
//!
//! Every entry is one of these or an error at its own token.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::{LitInt, LitStr, Path};

use crate::attr::{Errors, Item, Slot, crate_path, items, unknown_key};

const KEYS: &[&str] = &[
    "name",
    "description",
    "timeout",
    "retries",
    "cache",
    "blocking",
    "confirm",
    "external",
    "answers",
    "read_only",
    "destructive",
    "idempotent",
    "open_world",
    "crate",
];

/// What `#[tool(..)]` says.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) name: Slot<LitStr>,
    pub(crate) description: Slot<LitStr>,
    pub(crate) timeout: Slot<Duration>,
    pub(crate) retries: Slot<u32>,
    pub(crate) cache: Slot<Duration>,
    pub(crate) blocking: Slot<()>,
    pub(crate) confirm: Slot<()>,
    pub(crate) external: Slot<()>,
    pub(crate) answers: Slot<()>,
    pub(crate) read_only: Slot<()>,
    pub(crate) destructive: Slot<()>,
    pub(crate) idempotent: Slot<()>,
    pub(crate) open_world: Slot<()>,
    pub(crate) krate: Slot<Path>,
}

impl Keys {
    /// Reads the attribute's tokens.
    pub(crate) fn of(tokens: TokenStream, cx: &Errors) -> Self {
        let mut keys = Self::default();
        for item in items(tokens, cx) {
            match item.name() {
                "name" => keys.name.set(cx, &item, name(&item)),
                "description" => keys.description.set(cx, &item, description(&item)),
                "timeout" => keys.timeout.set(cx, &item, item.duration()),
                "retries" => keys.retries.set(cx, &item, retries(&item)),
                "cache" => keys.cache.set(cx, &item, item.duration()),
                "confirm" => keys.confirm.set(cx, &item, item.flag()),
                "external" => keys.external.set(cx, &item, item.flag()),
                "answers" => keys.answers.set(cx, &item, item.flag()),
                "blocking" => keys.blocking.set(cx, &item, item.flag()),
                "read_only" => keys.read_only.set(cx, &item, item.flag()),
                "destructive" => keys.destructive.set(cx, &item, item.flag()),
                "idempotent" => keys.idempotent.set(cx, &item, item.flag()),
                "open_world" => keys.open_world.set(cx, &item, item.flag()),
                "crate" => keys.krate.set(cx, &item, crate_path(&item)),
                _ => unknown_key(cx, &item.key, KEYS),
            }
        }
        keys
    }
}

/// `name = "text"`, of the characters that every provider takes.
fn name(item: &Item) -> syn::Result<LitStr> {
    let name = item.text()?;
    match wrong_name(&name.value()) {
        None => Ok(name),
        Some(wrong) => Err(syn::Error::new(name.span(), wrong)),
    }
}

/// `description = "text"`, with words in it.
pub(crate) fn description(item: &Item) -> syn::Result<LitStr> {
    let text = item.text()?;
    if text.value().trim().is_empty() {
        return Err(syn::Error::new(
            text.span(),
            "an empty description; say what it is for, or leave the key out and write a doc comment",
        ));
    }
    Ok(text)
}

/// The most times a call is made again: each waits twice as long as the one before.
const MOST_RETRIES: u32 = 5;

/// `retries = 2`.
fn retries(item: &Item) -> syn::Result<u32> {
    let number = item.value::<LitInt>("2")?;
    match number.base10_parse() {
        Ok(0) => Err(syn::Error::new(
            number.span(),
            "`retries = 0` does nothing; remove it",
        )),
        Ok(retries) if retries <= MOST_RETRIES => Ok(retries),
        _ => Err(syn::Error::new(
            number.span(),
            format!(
                "a call is made again at most {MOST_RETRIES} times; write `retries = {MOST_RETRIES}` or less"
            ),
        )),
    }
}

/// Why a text cannot be a tool's name, if it cannot.
pub(crate) fn wrong_name(name: &str) -> Option<String> {
    let fits = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if fits && (1..=64).contains(&name.len()) {
        return None;
    }
    let what = if name.len() > 64 {
        format!("a tool's name of {} characters", name.len())
    } else {
        format!("`{name}` cannot be a tool's name")
    };
    Some(format!(
        "{what}; providers take 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-`: write `#[tool(name = \"...\")]`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_every_provider() {
        for good in ["a", "get_weather", "get-weather", "A1", &"x".repeat(64)] {
            assert_eq!(wrong_name(good), None, "{good}");
        }
        for bad in ["", "wetter für", "a.b", &"x".repeat(65)] {
            assert!(wrong_name(bad).is_some(), "{bad}");
        }
    }
}
