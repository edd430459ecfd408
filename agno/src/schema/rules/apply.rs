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

    const fn with_min(mut self, limit: Limit) -> Result<Self, ConstMessage> {
        match &mut self.kind {
            Kind::Integer {
                min,
                max,
                is_explicit,
                ..
            } => {
                let new = match limit.int() {
                    Ok(new) => new,
                    Err(message) => return Err(message),
                };
                if let Some(min) = *min
                    && new < min
                {
                    let fix = ", the smallest value of the type; raise its start";
                    return Err(outside("starts", new, BELOW, min, fix));
                }
                if let Some(max) = *max
                    && max < new
                {
                    let fix = ", the largest value of the type; lower its start";
                    return Err(outside("starts", new, ABOVE, max, fix));
                }
                *min = Some(new);
                *is_explicit = true;
            }
            Kind::Number { min, .. } => *min = Some(limit.float()),
            _ => return Err(range_of_another_kind(&self)),
        }
        Ok(self.changed())
    }

    const fn with_max(mut self, limit: Limit, exclusive: bool) -> Result<Self, ConstMessage> {
        match &mut self.kind {
            Kind::Integer {
                min,
                max,
                is_explicit,
                ..
            } => {
                let new = match limit.int() {
                    Ok(new) if exclusive => new - 1,
                    Ok(new) => new,
                    Err(message) => return Err(message),
                };
                if let Some(max) = *max
                    && max < new
                {
                    let fix = ", the largest value of the type; lower its end";
                    return Err(outside("ends", new, ABOVE, max, fix));
                }
                if let Some(min) = *min
                    && new < min
                {
                    let fix = ", its smallest value; raise its end";
                    return Err(outside("ends", new, BELOW, min, fix));
                }
                *max = Some(new);
                *is_explicit = true;
            }
            Kind::Number {
                min,
                max,
                exclusive_max,
                ..
            } => {
                let new = limit.float();
                if let Some(min) = *min
                    && (new < min || exclusive && new <= min)
                {
                    return Err(text("the range is empty; raise its end"));
                }
                *max = Some(new);
                *exclusive_max = exclusive;
            }
            _ => return Err(range_of_another_kind(&self)),
        }
        Ok(self.changed())
    }

    const fn with_step(mut self, step: Limit) -> Result<Self, ConstMessage> {
        const NOT_POSITIVE: &str = "`multiple_of` must be positive; write `multiple_of = 1` or more";
        match &mut self.kind {
            Kind::Integer { multiple_of, .. } => match step.int() {
                Ok(step) if step > 0 => *multiple_of = Some(step),
                Ok(_) => return Err(text(NOT_POSITIVE)),
                Err(message) => return Err(message),
            },
            Kind::Number { multiple_of, .. } => {
                let step = step.float();
                if step <= 0.0 || step.is_nan() {
                    return Err(text(NOT_POSITIVE));
                }
                *multiple_of = Some(step);
            }
            _ => return Err(misplaced("multiple_of", "numbers", &self, "remove it")),
        }
        Ok(self.changed())
    }

    const fn with_len(mut self, new_min: usize, new_max: Option<usize>) -> Result<Self, ConstMessage> {
        if let Some(max) = new_max
            && max < new_min
        {
            return Err(text(
                "the range of lengths is empty; put the smaller number first",
            ));
        }
        match &mut self.kind {
            Kind::String {
                min,
                max,
                fixed_by_type: false,
                ..
            }
            | Kind::Array {
                min,
                max,
                fixed_by_type: false,
                ..
            } => {
                *min = new_min;
                *max = new_max;
            }
            Kind::String { .. } | Kind::Array { .. } => {
                return Err(text("the length is fixed by the type; remove `len`"));
            }
            Kind::Integer { .. } | Kind::Number { .. } => {
                return Err(misplaced("len", "strings and lists", &self, "write `range`"));
            }
            _ => return Err(misplaced("len", "strings and lists", &self, "remove it")),
        }
        Ok(self.changed())
    }

    const fn with_pattern(mut self, new: &'static str) -> Result<Self, ConstMessage> {
        let Kind::String {
            pattern,
            fixed_by_type,
            ..
        } = &mut self.kind
        else {
            return Err(misplaced("pattern", "strings", &self, "remove it"));
        };
        *pattern = Some(new);
        // An explicit pattern is always a rule, even if serde checks the format of the type.
        *fixed_by_type = false;
        Ok(self.changed())
    }

    const fn with_format(mut self, new: &'static str) -> Result<Self, ConstMessage> {
        let Kind::String { format, .. } = &mut self.kind else {
            return Err(misplaced("format", "strings", &self, "remove it"));
        };
        *format = Some(new);
        Ok(self.changed())
    }

    const fn with_unique_items(mut self) -> Result<Self, ConstMessage> {
        let Kind::Array { unique, .. } = &mut self.kind else {
            return Err(misplaced("unique", "lists", &self, "remove it"));
        };
        *unique = Unique::Checked;
        Ok(self.changed())
    }

    // A node with different rules no longer matches its definition.
    const fn changed(self) -> Self {
        Self {
            definition: None,
            ..self
        }
    }
}
