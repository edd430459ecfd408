//! Numbers and strings.

use core::fmt;

use super::super::validation_error::{List, Quoted};
use super::Check;
use super::pattern::{self, Match};
use crate::schema::{Kind, Node};

/// Returns `true` if an integer may have a value that does not fit in 64 bits.
pub(super) fn is_wide(min: Option<i128>, max: Option<i128>) -> bool {
    min.is_none_or(|min| min < i128::from(i64::MIN)) || max.is_none_or(|max| max > i128::from(u64::MAX))
}

impl Check<'_> {
    pub(super) fn integer(&mut self, value: i128) {
        match self.node.kind {
            Kind::Integer {
                min,
                max,
                multiple_of,
                ..
            } => {
                if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
                    self.expected(value);
                } else if let Some(step) = multiple_of
                    && value % step != 0
                {
                    self.errors.add(
                        self.path,
                        format_args!("expected a multiple of {step}, got {value}"),
                    );
                }
            }
            Kind::Number { .. } => self.number(value as f64),
            _ => self.expected(value),
        }
    }

    pub(super) fn number(&mut self, value: f64) {
        let Kind::Number {
            min,
            max,
            exclusive_max,
            multiple_of,
        } = self.node.kind
        else {
            return self.expected(format_args!("{value:?}"));
        };
        let high = max.is_some_and(|max| if exclusive_max { value >= max } else { value > max });
        if min.is_some_and(|min| value < min) || high {
            self.expected(value);
        } else if let Some(step) = multiple_of
            && !is_multiple(value, step)
        {
            self.errors.add(
                self.path,
                format_args!("expected a multiple of {step}, got {value}"),
            );
        }
    }

    pub(super) fn string(&mut self, value: &str) {
        match self.node.kind {
            Kind::String {
                min,
                max,
                pattern: expected,
                ..
            } => {
                // The number of bytes bounds the number of characters, so the characters of most strings are not counted.
                let short = value.len() < min || (min > 0 && value.len() < 4 * min && count(value) < min);
                let long = max.is_some_and(|max| value.len() > max && count(value) > max);
                if short || long {
                    let got = count(value);
                    let unit = if got == 1 { "character" } else { "characters" };
                    self.expected(format_args!("{got} {unit}"));
                } else if let Some(expected) = expected {
                    self.pattern(expected, value);
                }
            }
            Kind::Enum(values) => {
                let known =
                    |known: &crate::schema::EnumValue| known.text == value || known.aliases.contains(&value);
                if !values.iter().any(known) {
                    self.expected(Quoted(value));
                }
            }
            _ => self.expected(Quoted(value)),
        }
    }
}

impl Check<'_> {
    fn pattern(&mut self, expected: &'static str, value: &str) {
        match pattern::find(expected, value, self.errors) {
            Match::Yes => {}
            Match::No => self.errors.add(
                self.path,
                format_args!(
                    "expected a string that matches `{expected}`, got {}",
                    Quoted(value)
                ),
            ),
            Match::TooLong(limit) => self.errors.add(
                self.path,
                format_args!("longer than {limit} bytes, counting all strings that must match `{expected}`"),
            ),
        }
    }
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// Returns `true` if `value` is a multiple of `step`, within floating-point rounding error.
pub(crate) fn is_multiple(value: f64, step: f64) -> bool {
    let ratio = value / step;
    (ratio - ratio.round()).abs() <= f64::EPSILON * ratio.abs().max(1.0) * 4.0
}

/// The values that a node accepts, as text: "an integer from 1 to 6".
pub(super) struct Expected(pub(super) &'static Node);

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            Kind::Any => f.write_str("a value"),
            Kind::Null => f.write_str("null"),
            Kind::Bool => f.write_str("a boolean"),
            Kind::Integer {
                min,
                max,
                is_explicit,
                ..
            } => {
                f.write_str("an integer")?;
                let (min, max) = visible_range(min, max, is_explicit);
                range(f, min, max, "at most")
            }
            Kind::Number {
                min,
                max,
                exclusive_max,
                ..
            } => {
                f.write_str("a number")?;
                range(f, min, max, if exclusive_max { "below" } else { "at most" })
            }
            Kind::String {
                min: 0, max: None, ..
            } => f.write_str("a string"),
            Kind::String { min, max, .. } => {
                f.write_str("a string of ")?;
                length(f, min, max)?;
                f.write_str(if max.unwrap_or(min) == 1 {
                    " character"
                } else {
                    " characters"
                })
            }
            Kind::Enum(values) => {
                f.write_str(if values.len() == 1 { "" } else { "one of " })?;
                List(values.iter().map(|value| value.text)).fmt(f)
            }
            Kind::Array { .. } | Kind::Tuple(_) => f.write_str("an array"),
            Kind::Object { .. } | Kind::Map { .. } => f.write_str("an object"),
            _ => f.write_str("another value"),
        }
    }
}

// Omits the bounds of types such as `u64`, which would be noise in an error message.
fn visible_range(min: Option<i128>, max: Option<i128>, is_explicit: bool) -> (Option<i128>, Option<i128>) {
    let small = |value: i128| {
        let size = value.unsigned_abs();
        size <= u128::from(u32::MAX) || (is_explicit && size < u128::from(u64::MAX / 2))
    };
    (min.filter(|min| small(*min)), max.filter(|max| small(*max)))
}

fn range<T: fmt::Display + PartialEq>(
    f: &mut fmt::Formatter<'_>,
    min: Option<T>,
    max: Option<T>,
    limit: &str,
) -> fmt::Result {
    match (min, max) {
        (None, None) => Ok(()),
        (Some(min), None) => write!(f, " of at least {min}"),
        (None, Some(max)) if limit == "below" => write!(f, " below {max}"),
        (None, Some(max)) => write!(f, " of {limit} {max}"),
        (Some(min), Some(max)) if limit == "below" => write!(f, " of at least {min} and below {max}"),
        (Some(min), Some(max)) => write!(f, " from {min} to {max}"),
    }
}

pub(super) fn length(f: &mut fmt::Formatter<'_>, min: usize, max: Option<usize>) -> fmt::Result {
    match max {
        Some(max) if max == min => write!(f, "{max}"),
        Some(max) if min == 0 => write!(f, "at most {max}"),
        Some(max) => write!(f, "{min} to {max}"),
        None => write!(f, "at least {min}"),
    }
}
