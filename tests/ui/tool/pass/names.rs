//! Names of tools: those of the function, of the attribute, of other alphabets.

use agno::prelude::*;
use agno::tool::Tool;

use crate::declared;

/// Sucht.
#[tool(name = "suche")]
fn größe(#[arg(rename = "laenge")] länge: u8) -> u8 {
    länge
}

/// Has a name of 64 letters.
#[tool(name = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg")]
fn long() {}

/// Has all letters.
#[tool(name = "A-z_09")]
fn letters() {}

/// Begins with a line.
#[tool]
fn _private() {}

/// Is loud.
#[tool]
#[allow(non_snake_case)]
fn LOUD(Far: u8) -> u8 {
    Far
}

/// Returns a type of its name.
#[tool]
fn trip() -> Trip {
    Trip { trip: 1 }
}

#[derive(Serialize)]
struct Trip {
    trip: u8,
}

#[test]
fn a_name_may_be_written_in_any_alphabet_when_the_wire_has_its_own() {
    assert_eq!(größe::SPEC.name, "suche");
    assert!(declared(&größe {})["parameters"]["properties"]["laenge"].is_object());
    assert_eq!(größe(3), 3);
}

#[test]
fn every_letter_that_providers_take_is_taken() {
    assert_eq!(long::SPEC.name.len(), 64);
    assert_eq!(letters::SPEC.name, "A-z_09");
    assert_eq!(_private::SPEC.name, "_private");
    assert_eq!(LOUD::SPEC.name, "LOUD");
}

#[test]
fn a_tool_and_a_type_may_be_called_alike() {
    assert_eq!(trip::SPEC.name, "trip");
    assert_eq!(trip().trip, 1);
}
