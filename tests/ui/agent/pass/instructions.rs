//! Every kind of instructions.

use std::borrow::Cow;
use std::path::PathBuf;

use agno::prelude::*;

const RULES: &str = "Rules with {braces}.";
static MORE: &str = "More rules.";

#[agent(instructions = "{a} {a:?} {b:>4} {b:04} {c:.2} {d:?} {e}{{e}} {f:#x}")]
struct Formats<'a> {
    a: &'a str,
    b: u8,
    c: f64,
    d: Option<u8>,
    e: Cow<'a, str>,
    f: u32,
}

#[agent(instructions = "Größe {größe} 🦀 \"quoted\" \\ \n{type}")]
struct Characters {
    größe: u8,
    r#type: char,
}

#[agent(instructions = r#"A "raw" text with {0}, {1} and {0}."#)]
struct Tuple(u8, &'static str);

#[agent(instructions = RULES)]
struct Constant;

#[agent(instructions = MORE)]
struct Static;

#[agent(instructions = concat!("Joined ", "text."))]
struct Joined;

#[agent(instructions = format!("{} of {}", self.a, RULES.len()))]
struct Computed {
    a: u8,
}

#[agent(instructions = match self.0 { true => "Yes.", false => "No." })]
struct Chosen(bool);

#[agent(instructions = &self.text)]
struct Borrowed {
    text: String,
}

#[agent(instructions_file = "instructions.md")]
struct File;

#[agent(instructions = "In {path:?}.", description = "Prints its path.")]
struct DebugPath {
    path: PathBuf,
}

#[test]
fn placeholders_support_the_formats_of_the_standard_library() {
    let formats = Formats {
        a: "x",
        b: 7,
        c: 1.0,
        d: None,
        e: "y".into(),
        f: 255,
    };
    assert_eq!(formats.instructions(), "x \"x\"    7 0007 1.00 None y{e} 0xff");
    assert_eq!(Tuple(1, "b").instructions(), r#"A "raw" text with 1, b and 1."#);
}

#[test]
fn instructions_can_contain_any_characters() {
    let characters = Characters {
        größe: 3,
        r#type: 'ü',
    };
    assert_eq!(characters.instructions(), "Größe 3 🦀 \"quoted\" \\ \nü");
}

#[test]
fn an_expression_is_used_unchanged() {
    assert!(matches!(
        Constant.instructions(),
        Cow::Borrowed("Rules with {braces}.")
    ));
    assert_eq!(Static.instructions(), "More rules.");
    assert_eq!(Joined.instructions(), "Joined text.");
    assert_eq!(Computed { a: 1 }.instructions(), "1 of 20");
    assert_eq!(Chosen(true).instructions(), "Yes.");
    assert_eq!(
        Borrowed {
            text: "borrowed".into()
        }
        .instructions(),
        "borrowed"
    );
}

#[test]
fn a_file_is_read_at_compile_time() {
    assert!(matches!(File.instructions(), Cow::Borrowed("From {a} file.\n")));
}

#[test]
fn debug_placeholders_do_not_need_display() {
    assert_eq!(DebugPath { path: "a".into() }.instructions(), "In \"a\".");
}
