//! Names of tools: from the function, from the attribute, and with other letters than ASCII.

use agno::prelude::*;
use agno::tool::Tool;

use crate::declared;

/// Sucht.
#[tool(name = "suche")]
fn größe(#[arg(rename = "laenge")] länge: u8) -> u8 {
    länge
}

/// Has a name of 64 characters.
#[tool(name = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg")]
fn long() {}

/// Has every kind of character.
#[tool(name = "A-z_09")]
fn letters() {}

/// Starts with an underscore.
#[tool]
fn _private() {}

/// Is loud.
#[tool]
#[allow(non_snake_case)]
fn LOUD(Far: u8) -> u8 {
    Far
}

/// Returns a type with the name of the tool.
#[tool]
fn trip() -> Trip {
    Trip { trip: 1 }
}

#[derive(Serialize)]
struct Trip {
    trip: u8,
}

#[test]
fn a_function_can_have_any_name_if_the_attribute_sets_one() {
    assert_eq!(größe::SPEC.name, "suche");
    assert!(declared(&größe {})["parameters"]["properties"]["laenge"].is_object());
    assert_eq!(größe(3), 3);
}

#[test]
fn every_character_that_providers_accept_is_supported() {
    assert_eq!(long::SPEC.name.len(), 64);
    assert_eq!(letters::SPEC.name, "A-z_09");
    assert_eq!(_private::SPEC.name, "_private");
    assert_eq!(LOUD::SPEC.name, "LOUD");
}

#[test]
fn a_tool_and_a_type_can_have_similar_names() {
    assert_eq!(trip::SPEC.name, "trip");
    assert_eq!(trip().trip, 1);
}
