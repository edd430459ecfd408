//! Validation errors as text that a model can act on, limited in number and length.

use core::fmt::{self, Write as _};
use std::error::Error;

/// Maximum number of errors reported for a value. A model fixes only a few at a time.
pub(crate) const MAX_ERRORS: usize = 8;
/// Maximum length of a path or of a message, in characters.
const MAX_MESSAGE_CHARS: usize = 240;
/// Maximum length of a quoted part of the value, in characters.
const MAX_QUOTE_CHARS: usize = 40;

/// An error in a value: its path and a message.
///
/// ```
/// use agno::schema::{Schema, validate};
///
/// let errors = validate(<Vec<bool>>::SCHEMA, r#"[true, 1]"#).unwrap_err();
/// let first = errors.iter().next().unwrap();
/// assert_eq!(first.path(), "[1]");
/// assert!(first.message().starts_with("expected a boolean"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    path: String,
    message: String,
}

impl ValidationError {
    /// Returns the path of the invalid value, such as `items[2].unit`. The path of the root is empty.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the message, such as `expected one of "celsius", "fahrenheit", got "kelvin"`.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// The errors in a value: at least one and at most 8 [`ValidationError`]s.
///
/// ```
/// use agno::schema::{Schema, validate};
///
/// let problems = validate(<Vec<bool>>::SCHEMA, r#"[true, 1, "no"]"#).unwrap_err();
/// assert_eq!(problems.to_string(), "[1]: expected a boolean, got 1; [2]: expected a boolean, got \"no\"");
/// assert_eq!(problems.iter().next().unwrap().path(), "[1]");
/// ```
#[derive(Clone, Debug, Default)]
pub struct ValidationErrors {
    errors: Vec<ValidationError>,
    is_truncated: bool,
    work: u64,
}

/// Maximum work of one validation, in units of about a nanosecond in a release build. Alternatives, references and
/// patterns multiply the work, so the validation of a moderately large value could otherwise run for minutes.
pub(crate) const MAX_WORK: u64 = 500_000_000;
/// Work to write the path and message of an error.
const ERROR_WORK: u64 = 500;

impl ValidationErrors {
    /// Returns an iterator over the errors, in the order in which they were found.
    pub fn iter(&self) -> core::slice::Iter<'_, ValidationError> {
        self.errors.iter()
    }

    /// Returns `true` if validation reached its limit of errors and skipped the rest of the value, which may contain
    /// more errors.
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// Returns `true` if the limit of errors is reached. The caller then skips the rest of the value.
    pub(crate) fn is_full(&mut self) -> bool {
        let is_full = self.errors.len() == MAX_ERRORS;
        self.is_truncated |= is_full;
        is_full
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    pub(crate) fn add(&mut self, path: &Path<'_>, message: impl fmt::Display) {
        if self.errors.len() == MAX_ERRORS {
            self.is_truncated = true;
            return;
        }
        self.work = self.work.saturating_add(ERROR_WORK);
        let mut error = ValidationError {
            path: String::new(),
            message: String::new(),
        };
        // Both writers truncate and never fail.
        let _ = write!(
            TruncatingWriter::new(&mut error.path, MAX_MESSAGE_CHARS),
            "{path}"
        );
        let _ = write!(
            TruncatingWriter::new(&mut error.message, MAX_MESSAGE_CHARS),
            "{message}"
        );
        self.errors.push(error);
    }

    /// Counts work and returns `false` if the limit is exceeded.
    pub(crate) fn spend(&mut self, work: u64) -> bool {
        self.work = self.work.saturating_add(work);
        self.work <= MAX_WORK
    }

    /// Returns an empty list with the same work.
    pub(crate) fn with_same_work(&self) -> Self {
        Self {
            work: self.work,
            ..Self::default()
        }
    }

    pub(crate) fn add_work(&mut self, by: &Self) {
        self.work = by.work;
    }

    pub(crate) fn append(&mut self, other: Self) {
        for error in other.errors {
            if self.errors.len() == MAX_ERRORS {
                self.is_truncated = true;
                return;
            }
            self.errors.push(error);
        }
        self.is_truncated |= other.is_truncated;
    }
}

/// Compares the errors but not the work.
impl PartialEq for ValidationErrors {
    fn eq(&self, other: &Self) -> bool {
        (&self.errors, self.is_truncated) == (&other.errors, other.is_truncated)
    }
}

impl Eq for ValidationErrors {}

impl<'a> IntoIterator for &'a ValidationErrors {
    type Item = &'a ValidationError;
    type IntoIter = core::slice::Iter<'a, ValidationError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.errors.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            error.fmt(f)?;
        }
        if self.is_truncated {
            f.write_str("; there may be more errors")
        } else {
            Ok(())
        }
    }
}

impl Error for ValidationErrors {}

/// The path from the root to a part of the value, kept on the call stack and formatted only if there is an error.
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
                // Map keys come from the model, so they can have any length.
                f.write_str(head(name, MAX_QUOTE_CHARS))
            }
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A string from the model in quotes, truncated and with control characters escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = head(self.0, MAX_QUOTE_CHARS);
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

/// A comma-separated list of quoted strings, truncated after 12 strings.
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

fn head(text: &str, max: usize) -> &str {
    match text.char_indices().nth(max) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Writes a limited number of characters and discards the rest.
struct TruncatingWriter<'a> {
    text: &'a mut String,
    remaining: usize,
}

impl<'a> TruncatingWriter<'a> {
    fn new(text: &'a mut String, remaining: usize) -> Self {
        Self { text, remaining }
    }
}

impl fmt::Write for TruncatingWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.remaining == 0 {
            return Ok(());
        }
        let shortened = head(text, self.remaining);
        self.text.push_str(shortened);
        if shortened.len() < text.len() {
            self.text.push('…');
            self.remaining = 0;
        } else {
            self.remaining -= shortened.chars().count();
        }
        Ok(())
    }
}
