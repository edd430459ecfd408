//! Rules that narrow what a node takes. In a constant, one that makes no sense stops the compiler where it is written.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "these run in constants, where a panic is a compile error"
)]

use super::{Kind, Limit, Node, Unique};

impl Limit {
    #[track_caller]
    const fn int(self) -> i128 {
        match self {
            Self::Int(value) => value,
            Self::Float(_) => panic!("a bound of an integer must be a whole number; write `1`, not `1.0`"),
        }
    }

    const fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// Rules; one that makes no sense for the node panics, which in a constant is an error of the compiler.
impl Node {
    /// Makes a field that the object does not have an error.
    #[track_caller]
    pub const fn closed(self) -> Self {
        let Kind::Object { fields, .. } = self.kind else {
            panic!("only an object can be closed");
        };
        Self {
            kind: Kind::Object { fields, closed: true },
            ..self
        }
    }

    /// Sets the smallest value of a number.
    #[track_caller]
    pub const fn at_least(self, limit: Limit) -> Self {
        match self.kind {
            Kind::Integer {
                min,
                max,
                multiple_of,
                ..
            } => {
                let new = limit.int();
                if let Some(min) = min {
                    assert!(
                        min <= new,
                        "the range starts below the smallest value of the type; raise its start"
                    );
                }
                if let Some(max) = max {
                    assert!(
                        new <= max,
                        "the range starts above the largest value of the type; lower its start"
                    );
                }
                self.with(Kind::Integer {
                    min: Some(new),
                    max,
                    is_explicit: true,
                    multiple_of,
                })
            }
            Kind::Number {
                max,
                exclusive_max,
                multiple_of,
                ..
            } => self.with(Kind::Number {
                min: Some(limit.float()),
                max,
                exclusive_max,
                multiple_of,
            }),
            _ => panic!("`range` needs a number; write `len` for a text or a list"),
        }
    }

    /// Sets the largest value of a number.
    #[track_caller]
    pub const fn at_most(self, limit: Limit) -> Self {
        match self.kind {
            Kind::Integer {
                min,
                max,
                multiple_of,
                ..
            } => {
                let new = limit.int();
                if let Some(max) = max {
                    assert!(
                        new <= max,
                        "the range ends above the largest value of the type; lower its end"
                    );
                }
                if let Some(min) = min {
                    assert!(min <= new, "the range is empty");
                }
                self.with(Kind::Integer {
                    min,
                    max: Some(new),
                    is_explicit: true,
                    multiple_of,
                })
            }
            Kind::Number { min, multiple_of, .. } => {
                let new = limit.float();
                if let Some(min) = min {
                    assert!(min <= new, "the range is empty");
                }
                self.with(Kind::Number {
                    min,
                    max: Some(new),
                    exclusive_max: false,
                    multiple_of,
                })
            }
            _ => panic!("`range` needs a number; write `len` for a text or a list"),
        }
    }

    /// Sets the value that a number stays below.
    #[track_caller]
    pub const fn below(self, limit: Limit) -> Self {
        match self.kind {
            Kind::Integer { .. } => self.at_most(Limit::Int(limit.int() - 1)),
            Kind::Number { min, multiple_of, .. } => {
                let new = limit.float();
                if let Some(min) = min {
                    assert!(min < new, "the range is empty");
                }
                self.with(Kind::Number {
                    min,
                    max: Some(new),
                    exclusive_max: true,
                    multiple_of,
                })
            }
            _ => panic!("`range` needs a number; write `len` for a text or a list"),
        }
    }

    /// Asks for multiples of a number.
    #[track_caller]
    pub const fn multiple_of(self, step: Limit) -> Self {
        match self.kind {
            Kind::Integer {
                min,
                max,
                is_explicit,
                ..
            } => {
                let step = step.int();
                assert!(step > 0, "`multiple_of` must be above zero");
                self.with(Kind::Integer {
                    min,
                    max,
                    is_explicit,
                    multiple_of: Some(step),
                })
            }
            Kind::Number {
                min,
                max,
                exclusive_max,
                ..
            } => {
                let step = step.float();
                assert!(step > 0.0, "`multiple_of` must be above zero");
                self.with(Kind::Number {
                    min,
                    max,
                    exclusive_max,
                    multiple_of: Some(step),
                })
            }
            _ => panic!("`multiple_of` needs a number; remove it"),
        }
    }

    /// Bounds the characters of a text or the items of a list.
    #[track_caller]
    pub const fn len(self, min: usize, max: Option<usize>) -> Self {
        if let Some(max) = max {
            assert!(min <= max, "the length is empty: its end lies before its start");
        }
        match self.kind {
            Kind::String {
                pattern,
                format,
                fixed_by_type: false,
                ..
            } => self.with(Kind::String {
                min,
                max,
                fixed_by_type: false,
                pattern,
                format,
            }),
            Kind::Array {
                items,
                unique,
                fixed_by_type: false,
                ..
            } => self.with(Kind::Array {
                items,
                min,
                max,
                fixed_by_type: false,
                unique,
            }),
            Kind::String { .. } | Kind::Array { .. } => {
                panic!("the length is fixed by the type; remove `len`")
            }
            _ => panic!("`len` needs a text or a list; write `range` for a number"),
        }
    }

    /// Asks that a regular expression be found in a text (anchor it to match the whole).
    #[track_caller]
    pub const fn pattern(self, pattern: &'static str) -> Self {
        let Kind::String { min, max, format, .. } = self.kind else {
            panic!("`pattern` needs a text; remove it");
        };
        self.with(Kind::String {
            min,
            max,
            // One that was asked for is a rule, whoever holds the form of the type.
            fixed_by_type: false,
            pattern: Some(pattern),
            format,
        })
    }

    /// Says what a text is: `date-time`, `email`, `uuid`, …
    #[track_caller]
    pub const fn format(self, format: &'static str) -> Self {
        let Kind::String {
            min,
            max,
            fixed_by_type,
            pattern,
            ..
        } = self.kind
        else {
            panic!("`format` needs a text; remove it");
        };
        self.with(Kind::String {
            min,
            max,
            fixed_by_type,
            pattern,
            format: Some(format),
        })
    }

    /// Asks that the items of a list differ.
    #[track_caller]
    pub const fn unique(self) -> Self {
        let Kind::Array {
            items,
            min,
            max,
            fixed_by_type,
            ..
        } = self.kind
        else {
            panic!("`unique` needs a list; remove it");
        };
        self.with(Kind::Array {
            items,
            min,
            max,
            fixed_by_type,
            unique: Unique::Checked,
        })
    }

    // A node with other rules is no longer the one that its definition names.
    const fn with(self, kind: Kind) -> Self {
        Self {
            kind,
            definition: None,
            ..self
        }
    }
}
