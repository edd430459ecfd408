//! `#[cfg]` on parameters, methods and items.

use agno::prelude::*;
use agno::schema::Rendered;
use agno::tool::Toolset;

/// Looks.
#[tool]
fn look(
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

/// Is not there.
#[tool]
#[cfg(any())]
fn gone(place: NoSuchType) -> String {
    place
}

/// Is there.
#[cfg(not(any()))]
#[tool]
#[cfg(not(any()))]
fn there() {}

struct Kit;

#[toolkit]
impl Kit {
    /// Is there.
    #[tool]
    #[cfg(not(any()))]
    fn here(&self, #[cfg(any())] never: NoSuchType) -> u8 {
        4
    }

    /// Is not there.
    #[cfg(any())]
    #[tool]
    fn gone(&self, never: NoSuchType) -> u8 {
        4
    }
}

#[test]
fn what_is_not_compiled_is_not_told() {
    assert!(look::JSON_SCHEMA.contains(r#""required":["place","always","size"]"#));
    assert_eq!(there {}.len(), 1);
    assert_eq!(Kit.len(), 1);
    assert_eq!(look("x", 1, 2), "x 1 2");
}
