//! `#[cfg]` on parameters, methods and items.

use agno::prelude::*;
use agno::schema::Rendered;
use agno::tool::Toolset;

/// Searches.
#[tool]
fn search(
    place: &str,
    #[cfg(any())] never: NoSuchType,
    #[cfg(not(any()))]
    /// Always there.
    always: u8,
    #[cfg(any())] never_either: NoSuchType,
    #[cfg(not(any()))] size: u8,
    #[cfg(any())] size: u16,
) -> String {
    format!("{place} {always} {size}")
}

/// Is removed.
#[tool]
#[cfg(any())]
fn removed(place: NoSuchType) -> String {
    place
}

/// Is included.
#[cfg(not(any()))]
#[tool]
#[cfg(not(any()))]
fn there() {}

struct Kit;

#[toolkit]
impl Kit {
    /// Is included.
    #[tool]
    #[cfg(not(any()))]
    fn here(&self, #[cfg(any())] never: NoSuchType) -> u8 {
        4
    }

    /// Is removed.
    #[cfg(any())]
    #[tool]
    fn removed(&self, never: NoSuchType) -> u8 {
        4
    }
}

#[test]
fn items_removed_by_cfg_are_not_declared() {
    assert!(search::JSON_SCHEMA.contains(r#""required":["place","always","size"]"#));
    assert_eq!(there {}.len(), 1);
    assert_eq!(Kit.len(), 1);
    assert_eq!(search("x", 1, 2), "x 1 2");
}
