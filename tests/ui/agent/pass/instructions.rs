//! Instructions in each form.

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
struct Letters {
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
struct Lent {
    text: String,
}

#[agent(instructions_file = "instructions.md")]
struct File;

#[agent(instructions = "In {path:?}.", description = "Shows its path.")]
struct Shown {
    path: PathBuf,
}

#[test]
fn placeholders_take_the_formats_of_the_standard_library() {
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
fn any_letters_may_stand_in_a_text() {
    let letters = Letters {
        größe: 3,
        r#type: 'ü',
    };
    assert_eq!(letters.instructions(), "Größe 3 🦀 \"quoted\" \\ \nü");
}

#[test]
fn an_expression_is_taken_as_it_is() {
    assert!(matches!(
        Constant.instructions(),
        Cow::Borrowed("Rules with {braces}.")
    ));
    assert_eq!(Static.instructions(), "More rules.");
    assert_eq!(Joined.instructions(), "Joined text.");
    assert_eq!(Computed { a: 1 }.instructions(), "1 of 20");
    assert_eq!(Chosen(true).instructions(), "Yes.");
    assert_eq!(Lent { text: "lent".into() }.instructions(), "lent");
}

#[test]
fn a_file_is_read_when_the_program_is_compiled() {
    assert!(matches!(File.instructions(), Cow::Borrowed("From {a} file.\n")));
}

#[test]
fn what_has_no_display_is_shown_by_its_debug_form() {
    assert_eq!(Shown { path: "a".into() }.instructions(), "In \"a\".");
}
