//! Descriptions of tools in every supported syntax.

use agno::prelude::*;
use agno::tool::Tool;

use crate::declared;

/// Greets "friends" and `anyone`,
/// even \ and {braces} and 🦀 and Ω.
#[tool]
fn quotes(
    /// A name, for instance "Ada".
    /// Or	two.
    name: &str,
) -> String {
    name.to_owned()
}

/// First.
///
/// - one
/// - two
#[tool]
fn paragraphs() {}

#[doc = "By attribute."]
#[tool]
fn attribute() {}

#[doc = concat!("Joined ", "from ", 2, " parts.")]
#[tool]
fn joined() {}

#[doc = include_str!("words.txt")]
#[tool]
fn included() {}

/** A block
comment. */
#[tool]
fn block() {}

#[tool(description = "Of the attribute: \"x\"\n.")]
fn key(#[arg(description = "Of the key.")] far: u8) -> u8 {
    far
}

/// Comes first.
#[tool]
/// And continues.
fn around() {}

macro_rules! documented {
    ($doc:expr, $name:ident) => {
        #[doc = $doc]
        #[tool]
        fn $name() {}
    };
}

documented!("By a macro.", by_a_macro);

macro_rules! long {
    ($($text:literal)*) => {
        #[doc = concat!($($text, " ",)*)]
        #[tool]
        fn long() {}
    };
}

long!("a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description"
    "a long description" "a long description" "a long description" "a long description" "a long description");

#[test]
fn quotes_and_special_characters_are_preserved() {
    let declaration = declared(&quotes {});
    assert_eq!(
        declaration["description"],
        "Greets \"friends\" and `anyone`, even \\ and {braces} and 🦀 and Ω."
    );
    assert_eq!(
        declaration["parameters"]["properties"]["name"]["description"],
        "A name, for instance \"Ada\". Or\ttwo."
    );
}

#[test]
fn paragraphs_and_lists_keep_their_line_breaks() {
    assert_eq!(paragraphs::SPEC.description, "First.\n\n- one\n- two");
}

#[test]
fn a_description_can_be_any_expression_of_a_doc_attribute() {
    assert_eq!(attribute::SPEC.description, "By attribute.");
    assert_eq!(joined::SPEC.description, "Joined from 2 parts.");
    assert_eq!(included::SPEC.description.trim(), "From a file.");
    assert_eq!(by_a_macro::SPEC.description, "By a macro.");
    assert_eq!(block::SPEC.description, "A block comment.");
    assert_eq!(around::SPEC.description, "Comes first. And continues.");
}

#[test]
fn a_key_overrides_the_doc_comment() {
    let declaration = declared(&key {});
    assert_eq!(declaration["description"], "Of the attribute: \"x\"\n.");
    assert_eq!(
        declaration["parameters"]["properties"]["far"]["description"],
        "Of the key."
    );
}

#[test]
fn a_description_can_be_long() {
    assert!(long::SPEC.description.len() > 900);
    assert_eq!(declared(&long {})["description"], long::SPEC.description);
}
