//! Rules that restrict the values that a node accepts. In a constant, a rule that does not apply to its node is a
//! compile error.
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
            Self::Float(_) => panic!("a bound of an integer must be an integer; write `1`, not `1.0`"),
        }
    }

    const fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// Rules that restrict the accepted values. A rule that does not apply to the node panics, which is a compile error in
/// a constant.
impl Node {
    /// Rejects fields that the object does not declare.
    ///
    /// ```
    /// use agno::schema::{Field, Node, Schema, SchemaRef, validate};
    ///
    /// const CITY: SchemaRef = SchemaRef::new(&Node::object(&[Field::new("name", String::SCHEMA)]).closed());
    /// assert!(validate(CITY, r#"{"name": "Oslo", "mayor": "Ada"}"#).is_err());
    /// ```
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

    /// Sets the minimum value of a number.
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
            _ => panic!("`range` applies to numbers; write `len` for a string or a list"),
        }
    }

    /// Sets the maximum value of a number.
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
            _ => panic!("`range` applies to numbers; write `len` for a string or a list"),
        }
    }

    /// Sets the exclusive upper bound of a number.
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
            _ => panic!("`range` applies to numbers; write `len` for a string or a list"),
        }
    }

    /// Requires a number to be a multiple of `step`.
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
                assert!(step > 0, "`multiple_of` must be positive");
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
                assert!(step > 0.0, "`multiple_of` must be positive");
                self.with(Kind::Number {
                    min,
                    max,
                    exclusive_max,
                    multiple_of: Some(step),
                })
            }
            _ => panic!("`multiple_of` applies to numbers; remove it"),
        }
    }

    /// Limits the number of characters in a string or items in a list.
    ///
    /// ```
    /// use agno::schema::{Node, SchemaRef, validate};
    ///
    /// const NAME: SchemaRef = SchemaRef::new(&Node::string().len(1, Some(80)));
    /// assert!(validate(NAME, r#""Oslo""#).is_ok() && validate(NAME, r#""""#).is_err());
    /// ```
    #[track_caller]
    pub const fn len(self, min: usize, max: Option<usize>) -> Self {
        if let Some(max) = max {
            assert!(
                min <= max,
                "the range of lengths is empty; put the smaller number first"
            );
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
            _ => panic!("`len` applies to strings and lists; write `range` for a number"),
        }
    }

    /// Requires a string to contain a match of a regular expression. To match the entire string, anchor the expression.
    ///
    /// ```
    /// use agno::schema::{Node, SchemaRef, validate};
    ///
    /// const AIRPORT: SchemaRef = SchemaRef::new(&Node::string().pattern("^[A-Z]{3}$"));
    /// assert!(validate(AIRPORT, r#""OSL""#).is_ok() && validate(AIRPORT, r#""Oslo""#).is_err());
    /// ```
    #[track_caller]
    pub const fn pattern(self, pattern: &'static str) -> Self {
        let Kind::String { min, max, format, .. } = self.kind else {
            panic!("`pattern` applies to strings; remove it");
        };
        self.with(Kind::String {
            min,
            max,
            // An explicit pattern is always a rule, even if serde checks the format of the type.
            fixed_by_type: false,
            pattern: Some(pattern),
            format,
        })
    }

    /// Sets the format of a string: `date-time`, `email`, `uuid`, …
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
            panic!("`format` applies to strings; remove it");
        };
        self.with(Kind::String {
            min,
            max,
            fixed_by_type,
            pattern,
            format: Some(format),
        })
    }

    /// Requires the items of a list to be unique.
    ///
    /// ```
    /// use agno::schema::{Node, Schema, SchemaRef, validate};
    ///
    /// const TAGS: SchemaRef = SchemaRef::new(&Node::array(String::SCHEMA).unique());
    /// assert!(validate(TAGS, r#"["red", "red"]"#).is_err());
    /// ```
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
            panic!("`unique` applies to lists; remove it");
        };
        self.with(Kind::Array {
            items,
            min,
            max,
            fixed_by_type,
            unique: Unique::Checked,
        })
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
