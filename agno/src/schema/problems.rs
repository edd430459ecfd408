//! What is wrong with a value, in words that a model can act on, bounded in number and length.

use core::fmt::{self, Write as _};
use std::error::Error;

/// Problems told of one value; a model mends a few at a time.
pub(crate) const MOST: usize = 8;
/// Characters of a problem, and of the piece of the value quoted in it.
const LONGEST: usize = 240;
const LONGEST_QUOTE: usize = 40;

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    path: String,
    message: String,
}

impl Problem {
    /// Where: `items[2].unit`, empty for the value as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What: `expected one of "celsius", "fahrenheit", got "kelvin"`.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// What is wrong with a value: at least one [`Problem`], at most a handful.
///
/// ```
/// use agno::schema::{Schema, validate};
///
/// let problems = validate(<Vec<bool>>::SCHEMA, r#"[true, 1, "no"]"#).unwrap_err();
/// assert_eq!(problems.to_string(), "[1]: expected a boolean, got 1; [2]: expected a boolean, got \"no\"");
/// assert_eq!(problems.iter().next().unwrap().path(), "[1]");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    found: Vec<Problem>,
    more: bool,
    tries: u16,
}

/// Shapes of untagged enums that are tried for one value: nested ones multiply.
const MOST_TRIES: u16 = 4_000;

impl Problems {
    /// The problems, in the order of the value.
    pub fn iter(&self) -> core::slice::Iter<'_, Problem> {
        self.found.iter()
    }

    /// Whether there were more than are told.
    pub fn is_cut(&self) -> bool {
        self.more
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    pub(crate) fn add(&mut self, path: &Path<'_>, message: impl fmt::Display) {
        if self.found.len() == MOST {
            self.more = true;
            return;
        }
        let mut problem = Problem {
            path: String::new(),
            message: String::new(),
        };
        // Both writers cut rather than fail.
        let _ = write!(Cut::new(&mut problem.path, LONGEST), "{path}");
        let _ = write!(Cut::new(&mut problem.message, LONGEST), "{message}");
        self.found.push(problem);
    }

    /// Takes one try; `false` if there is none left.
    pub(crate) fn spend(&mut self) -> bool {
        self.tries = self.tries.saturating_add(1);
        self.tries < MOST_TRIES
    }

    /// An empty list with as many tries left.
    pub(crate) fn fresh(&self) -> Self {
        Self {
            tries: self.tries,
            ..Self::default()
        }
    }

    pub(crate) fn spent(&mut self, by: &Self) {
        self.tries = by.tries;
    }

    pub(crate) fn append(&mut self, other: Self) {
        for problem in other.found {
            if self.found.len() == MOST {
                self.more = true;
                return;
            }
            self.found.push(problem);
        }
        self.more |= other.more;
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = core::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.found.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            problem.fmt(f)?;
        }
        if self.more {
            f.write_str("; and more")
        } else {
            Ok(())
        }
    }
}

impl Error for Problems {}

/// The way from the whole value to a part, kept on the call stack and written out only if there is a problem.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    Root,
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(parent, name) => {
                parent.fmt(f)?;
                if !matches!(parent, Self::Root) {
                    f.write_str(".")?;
                }
                // Keys of maps come from the model.
                f.write_str(head(name, LONGEST_QUOTE))
            }
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A text of the model's in quotes, cut and with control characters escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = head(self.0, LONGEST_QUOTE);
        let dots = if text.len() < self.0.len() { "…" } else { "" };
        f.write_str("\"")?;
        for character in text.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                '\n' => f.write_str("\\n")?,
                _ if character.is_control() => write!(f, "{}", character.escape_unicode())?,
                _ => f.write_char(character)?,
            }
        }
        write!(f, "{dots}\"")
    }
}

/// Several texts in quotes, with commas.
pub(crate) struct List<I>(pub(crate) I);

impl<'a, I: Iterator<Item = &'a str> + Clone> fmt::Display for List<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, text) in self.0.clone().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            if at == 12 {
                return f.write_str("…");
            }
            Quoted(text).fmt(f)?;
        }
        Ok(())
    }
}

fn head(text: &str, most: usize) -> &str {
    match text.char_indices().nth(most) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Takes a number of characters and drops the rest.
struct Cut<'a> {
    text: &'a mut String,
    left: usize,
}

impl<'a> Cut<'a> {
    fn new(text: &'a mut String, left: usize) -> Self {
        Self { text, left }
    }
}

impl fmt::Write for Cut<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.left == 0 {
            return Ok(());
        }
        let kept = head(text, self.left);
        self.text.push_str(kept);
        if kept.len() < text.len() {
            self.text.push('…');
            self.left = 0;
        } else {
            self.left -= kept.chars().count();
        }
        Ok(())
    }
}
