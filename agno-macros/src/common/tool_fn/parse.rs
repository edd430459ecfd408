//! Parses `#[tool(..)]` on a function and `#[arg(..)]` on its parameters.
//!
//! ```text
//! name = "text"  description = "text"  timeout = "5s"  retries = 2  cache = "5m"  blocking
//! approval  external  return_direct  read_only  destructive  idempotent  open_world  crate = path
//! ```
//!
//! ```text
//! #[arg(default)]  #[arg(default = expr)]  rename = "text"  description = "text"  example = lit  examples = [lit]
//! range = 1..=5  len = 1..=80  pattern = "regex"  format = "text"  multiple_of = 5  unique  deprecated
//! ```
//!
//! Any other entry causes an error at its own token.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, ExprLit, Lit, LitInt, LitStr, Meta, Path};

use super::synonyms;
use crate::common::item::is_arg;
use crate::common::schema_attr::{Literal, SchemaAttr, Target, description_text};
use crate::common::{Entry, Errors, Slot, crate_path, entries, ungrouped, unknown_key};

/// Maximum value of `retries`. Each retry waits twice as long as the previous one.
const MAX_RETRIES: u32 = 5;

const TOOL_KEYS: &[&str] = &[
    "name",
    "description",
    "timeout",
    "retries",
    "cache",
    "blocking",
    "approval",
    "external",
    "return_direct",
    "read_only",
    "destructive",
    "idempotent",
    "open_world",
    "crate",
];

/// The values of a `#[tool(..)]` attribute.
#[derive(Default)]
pub(crate) struct ToolAttr {
    pub(crate) name: Slot<LitStr>,
    pub(crate) description: Slot<LitStr>,
    pub(crate) timeout: Slot<Duration>,
    pub(crate) retries: Slot<u32>,
    pub(crate) cache: Slot<Duration>,
    pub(crate) blocking: Slot<()>,
    pub(crate) approval: Slot<()>,
    pub(crate) external: Slot<()>,
    pub(crate) return_direct: Slot<()>,
    pub(crate) read_only: Slot<()>,
    pub(crate) destructive: Slot<()>,
    pub(crate) idempotent: Slot<()>,
    pub(crate) open_world: Slot<()>,
    pub(crate) krate: Slot<Path>,
}

impl ToolAttr {
    /// Reads the attribute's tokens.
    pub(crate) fn parse(tokens: TokenStream, cx: &Errors) -> Self {
        let mut this = Self::default();
        for entry in entries(tokens, cx) {
            match entry.name() {
                "name" => this.name.set(cx, &entry, name(&entry)),
                "description" => this.description.set(cx, &entry, description_text(&entry)),
                "timeout" => this.timeout.set(cx, &entry, duration(&entry)),
                "retries" => this.retries.set(cx, &entry, retries(&entry)),
                "cache" => this.cache.set(cx, &entry, duration(&entry)),
                "approval" => this.approval.set(cx, &entry, entry.flag()),
                "external" => this.external.set(cx, &entry, entry.flag()),
                "return_direct" => this.return_direct.set(cx, &entry, entry.flag()),
                "blocking" => this.blocking.set(cx, &entry, entry.flag()),
                "read_only" => this.read_only.set(cx, &entry, entry.flag()),
                "destructive" => this.destructive.set(cx, &entry, entry.flag()),
                "idempotent" => this.idempotent.set(cx, &entry, entry.flag()),
                "open_world" => this.open_world.set(cx, &entry, entry.flag()),
                "crate" => this.krate.set(cx, &entry, crate_path(&entry)),
                key => match synonyms::of_tool_key(key) {
                    Some(fix) => {
                        let error = syn::Error::new(entry.key.span(), format!("unknown key `{key}`; {fix}"));
                        if synonyms::is_description(key) {
                            // The tool has a description, so a missing one is not reported as well.
                            this.description.set(cx, &entry, Err(error));
                        } else {
                            cx.take::<()>(Err(error));
                        }
                    }
                    None => unknown_key(cx, &entry.key, TOOL_KEYS),
                },
            }
        }
        this
    }
}

/// The values of a parameter's `#[arg(..)]` attributes.
#[derive(Default)]
pub(crate) struct ArgAttr {
    pub(crate) schema: SchemaAttr,
    pub(crate) default: Slot<DefaultValue>,
    pub(crate) rename: Slot<LitStr>,
}

/// The value of an argument if the model omits it.
pub(crate) enum DefaultValue {
    /// `Default::default()`.
    OfType,
    Expr(Box<Expr>),
}

impl ArgAttr {
    /// Reads the `#[arg(..)]` attributes and ignores all others.
    pub(crate) fn parse(attrs: &[Attribute], cx: &Errors) -> Self {
        let mut this = Self::default();
        for attr in attrs.iter().filter(|attr| is_arg(attr)) {
            let Meta::List(list) = &attr.meta else {
                cx.error(attr, "expected a list; write `#[arg(default)]`");
                continue;
            };
            for entry in entries(list.tokens.clone(), cx) {
                match entry.name() {
                    "rename" => this.rename.set(cx, &entry, entry.text()),
                    "default" => this.set_default(&entry, cx),
                    _ => this.schema.set(&entry, Target::Parameter, cx),
                }
            }
        }
        this
    }

    /// Reads `default` or `default = expr`. A literal also becomes part of the schema.
    fn set_default(&mut self, entry: &Entry, cx: &Errors) {
        if entry.is_bare() {
            return self.default.set(cx, entry, Ok(DefaultValue::OfType));
        }
        let value = entry.value::<Expr>("5").map(|expr| {
            if let Ok(literal) = Literal::parse("default", &expr)
                && !self.default.is_set()
            {
                self.schema.default.set(cx, entry, Ok(literal));
            }
            DefaultValue::Expr(Box::new(ungrouped(expr)))
        });
        self.default.set(cx, entry, value);
    }
}

/// The attribute that sets the name of a tool.
pub(super) const RENAME: &str = "#[tool(name = \"...\")]";

/// Reads `name = "text"`. The name may contain only characters that every provider accepts.
fn name(entry: &Entry) -> syn::Result<LitStr> {
    if let Ok(Expr::Path(path)) = entry.value::<Expr>("\"…\"").map(ungrouped)
        && let Some(ident) = path.path.get_ident()
    {
        return Err(syn::Error::new_spanned(
            ident,
            format!("`name` expects a string; write `name = \"{ident}\"`"),
        ));
    }
    let name = entry.text()?;
    match name_problem(&name.value(), RENAME) {
        None => Ok(name),
        Some(error) => Err(syn::Error::new(name.span(), error)),
    }
}

/// Reads `key = "5s"`.
fn duration(entry: &Entry) -> syn::Result<Duration> {
    let key = entry.name();
    let fix = match ungrouped(entry.value::<Expr>("\"5s\"")?) {
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => return entry.duration(),
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) if number.suffix().is_empty() => format!("write `{key} = \"{number}s\"` for {number} seconds"),
        _ => format!("write `{key} = \"5s\"`"),
    };
    entry.value::<Expr>("\"5s\"").and_then(|value| {
        Err(syn::Error::new_spanned(
            value,
            format!("`{key}` expects a duration; {fix}"),
        ))
    })
}

/// Reads `retries = 2`.
fn retries(entry: &Entry) -> syn::Result<u32> {
    let number = entry.value::<LitInt>("2")?;
    match number.base10_parse() {
        Ok(0) => Err(syn::Error::new(
            number.span(),
            "`retries = 0` has no effect; remove it",
        )),
        Ok(retries) if retries <= MAX_RETRIES => Ok(retries),
        _ => Err(syn::Error::new(
            number.span(),
            format!("`retries` must be at most {MAX_RETRIES}; write `retries = {MAX_RETRIES}` or less"),
        )),
    }
}

/// Returns the error message for an invalid tool name. `fix` sets the name.
pub(crate) fn name_problem(name: &str, fix: &str) -> Option<String> {
    let fits = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if fits && (1..=64).contains(&name.len()) {
        return None;
    }
    let error = if name.is_empty() {
        "the name is empty".to_owned()
    } else if name.len() > 64 {
        format!("a tool name of {} characters is too long", name.len())
    } else {
        format!("`{name}` is not a valid tool name")
    };
    Some(format!(
        "{error}; providers accept 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-`: write `{fix}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tool_names_must_be_valid_for_every_provider() {
        for good in ["a", "get_weather", "get-weather", "A1", &"x".repeat(64)] {
            assert_eq!(name_problem(good, RENAME), None, "{good}");
        }
        for bad in ["", "wetter für", "a.b", &"x".repeat(65)] {
            assert!(name_problem(bad, RENAME).is_some(), "{bad}");
        }
    }
}
