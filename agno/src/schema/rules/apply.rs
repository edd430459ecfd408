//! Adds a rule to a node, or returns the reason why the rule does not apply.
#![expect(
    clippy::result_large_err,
    reason = "these run in constants, where the size of an error does not matter"
)]

use super::Rule;
use super::message::{ABOVE, BELOW, misplaced, outside, range_of_another_kind, text};
use crate::const_text::ConstMessage;
use crate::schema::{Kind, Limit, Node, Unique};

impl Limit {
    const fn int(self) -> Result<i128, ConstMessage> {
        match self {
            Self::Int(value) => Ok(value),
            Self::Float(_) => Err(text(
                "a bound of an integer must be an integer; write `1`, not `1.0`",
            )),
        }
    }

    const fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

impl Node {
    /// Returns the node with a rule, or the reason why the rule does not apply.
    pub(super) const fn apply(self, constraint: Rule) -> Result<Self, ConstMessage> {
        match constraint {
            Rule::AtLeast(limit) => self.with_min(limit),
            Rule::AtMost(limit) => self.with_max(limit, false),
            Rule::Below(limit) => self.with_max(limit, true),
            Rule::MultipleOf(step) => self.with_step(step),
            Rule::Len(min, max) => self.with_len(min, max),
            Rule::Pattern(pattern) => self.with_pattern(pattern),
            Rule::Format(format) => self.with_format(format),
            Rule::Unique => self.with_unique_items(),
        }
    }

    const fn with_min(self, limit: Limit) -> Result<Self, ConstMessage> {
        match self.kind {
            Kind::Integer {
                min,
                max,
                multiple_of,
                ..
            } => {
                let new = match limit.int() {
                    Ok(new) => new,
                    Err(message) => return Err(message),
                };
                if let Some(min) = min
                    && new < min
                {
                    let fix = ", the smallest value of the type; raise its start";
                    return Err(outside("starts", new, BELOW, min, fix));
                }
                if let Some(max) = max
                    && max < new
                {
                    let fix = ", the largest value of the type; lower its start";
                    return Err(outside("starts", new, ABOVE, max, fix));
                }
                Ok(self.with(Kind::Integer {
                    min: Some(new),
                    max,
                    is_explicit: true,
                    multiple_of,
                }))
            }
            Kind::Number {
                max,
                exclusive_max,
                multiple_of,
                ..
            } => Ok(self.with(Kind::Number {
                min: Some(limit.float()),
                max,
                exclusive_max,
                multiple_of,
            })),
            _ => Err(range_of_another_kind(&self)),
        }
    }

    const fn with_max(self, limit: Limit, exclusive: bool) -> Result<Self, ConstMessage> {
        match self.kind {
            Kind::Integer {
                min,
                max,
                multiple_of,
                ..
            } => {
                let new = match limit.int() {
                    Ok(new) if exclusive => new - 1,
                    Ok(new) => new,
                    Err(message) => return Err(message),
                };
                if let Some(max) = max
                    && max < new
                {
                    let fix = ", the largest value of the type; lower its end";
                    return Err(outside("ends", new, ABOVE, max, fix));
                }
                if let Some(min) = min
                    && new < min
                {
                    let fix = ", its smallest value; raise its end";
                    return Err(outside("ends", new, BELOW, min, fix));
                }
                Ok(self.with(Kind::Integer {
                    min,
                    max: Some(new),
                    is_explicit: true,
                    multiple_of,
                }))
            }
            Kind::Number { min, multiple_of, .. } => {
                let new = limit.float();
                if let Some(min) = min
                    && (new < min || exclusive && new <= min)
                {
                    return Err(text("the range is empty; raise its end"));
                }
                Ok(self.with(Kind::Number {
                    min,
                    max: Some(new),
                    exclusive_max: exclusive,
                    multiple_of,
                }))
            }
            _ => Err(range_of_another_kind(&self)),
        }
    }

    const fn with_step(self, step: Limit) -> Result<Self, ConstMessage> {
        const NOT_POSITIVE: &str = "`multiple_of` must be positive; write `multiple_of = 1` or more";
        match self.kind {
            Kind::Integer {
                min,
                max,
                is_explicit,
                ..
            } => {
                let step = match step.int() {
                    Ok(step) if step > 0 => step,
                    Ok(_) => return Err(text(NOT_POSITIVE)),
                    Err(message) => return Err(message),
                };
                Ok(self.with(Kind::Integer {
                    min,
                    max,
                    is_explicit,
                    multiple_of: Some(step),
                }))
            }
            Kind::Number {
                min,
                max,
                exclusive_max,
                ..
            } => {
                let step = step.float();
                if step <= 0.0 || step.is_nan() {
                    return Err(text(NOT_POSITIVE));
                }
                Ok(self.with(Kind::Number {
                    min,
                    max,
                    exclusive_max,
                    multiple_of: Some(step),
                }))
            }
            _ => Err(misplaced("multiple_of", "numbers", &self, "remove it")),
        }
    }

    const fn with_len(self, min: usize, max: Option<usize>) -> Result<Self, ConstMessage> {
        if let Some(max) = max
            && max < min
        {
            return Err(text(
                "the range of lengths is empty; put the smaller number first",
            ));
        }
        match self.kind {
            Kind::String {
                pattern,
                format,
                fixed_by_type: false,
                ..
            } => Ok(self.with(Kind::String {
                min,
                max,
                fixed_by_type: false,
                pattern,
                format,
            })),
            Kind::Array {
                items,
                unique,
                fixed_by_type: false,
                ..
            } => Ok(self.with(Kind::Array {
                items,
                min,
                max,
                fixed_by_type: false,
                unique,
            })),
            Kind::String { .. } | Kind::Array { .. } => {
                Err(text("the length is fixed by the type; remove `len`"))
            }
            Kind::Integer { .. } | Kind::Number { .. } => {
                Err(misplaced("len", "strings and lists", &self, "write `range`"))
            }
            _ => Err(misplaced("len", "strings and lists", &self, "remove it")),
        }
    }

    const fn with_pattern(self, pattern: &'static str) -> Result<Self, ConstMessage> {
        let Kind::String { min, max, format, .. } = self.kind else {
            return Err(misplaced("pattern", "strings", &self, "remove it"));
        };
        Ok(self.with(Kind::String {
            min,
            max,
            // An explicit pattern is always a rule, even if serde checks the format of the type.
            fixed_by_type: false,
            pattern: Some(pattern),
            format,
        }))
    }

    const fn with_format(self, format: &'static str) -> Result<Self, ConstMessage> {
        let Kind::String {
            min,
            max,
            fixed_by_type,
            pattern,
            ..
        } = self.kind
        else {
            return Err(misplaced("format", "strings", &self, "remove it"));
        };
        Ok(self.with(Kind::String {
            min,
            max,
            fixed_by_type,
            pattern,
            format: Some(format),
        }))
    }

    const fn with_unique_items(self) -> Result<Self, ConstMessage> {
        let Kind::Array {
            items,
            min,
            max,
            fixed_by_type,
            ..
        } = self.kind
        else {
            return Err(misplaced("unique", "lists", &self, "remove it"));
        };
        Ok(self.with(Kind::Array {
            items,
            min,
            max,
            fixed_by_type,
            unique: Unique::Checked,
        }))
    }

    // A node with different rules no longer matches its definition.
    const fn with(self, kind: Kind) -> Self {
        Self {
            kind,
            definition: None,
            ..self
        }
    }
}
