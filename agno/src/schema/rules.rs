//! Rules that restrict the values that a node accepts. In a constant, a rule that does not apply to its node is a
//! compile error.
//!
//! The macros check the rules of a field once, in a constant of their own, and build the schema with
//! [`with_rules`], which ignores a rule that does not apply. Otherwise, the compiler would report a broken rule again
//! for each constant that contains the schema.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "these run in constants, where a panic is a compile error"
)]

mod apply;
mod message;

use super::{Kind, Limit, Node};
pub(crate) use message::push_integer;

/// A rule, as the argument of [`with_rules`].
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    AtLeast(Limit),
    AtMost(Limit),
    Below(Limit),
    MultipleOf(Limit),
    Len(usize, Option<usize>),
    Pattern(&'static str),
    Format(&'static str),
    Unique,
}

/// Returns the node with all rules that apply to it.
#[doc(hidden)]
pub const fn with_rules(mut node: Node, rules: &[Rule]) -> Node {
    let mut index = 0;
    while index < rules.len() {
        if let Ok(ruled) = node.apply(rules[index]) {
            node = ruled;
        }
        index += 1;
    }
    node
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
        self.must(Rule::AtLeast(limit))
    }

    /// Sets the maximum value of a number.
    #[track_caller]
    pub const fn at_most(self, limit: Limit) -> Self {
        self.must(Rule::AtMost(limit))
    }

    /// Sets the exclusive upper bound of a number.
    #[track_caller]
    pub const fn below(self, limit: Limit) -> Self {
        self.must(Rule::Below(limit))
    }

    /// Requires a number to be a multiple of `step`.
    #[track_caller]
    pub const fn multiple_of(self, step: Limit) -> Self {
        self.must(Rule::MultipleOf(step))
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
        self.must(Rule::Len(min, max))
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
        self.must(Rule::Pattern(pattern))
    }

    /// Sets the format of a string: `date-time`, `email`, `uuid`, …
    #[track_caller]
    pub const fn format(self, format: &'static str) -> Self {
        self.must(Rule::Format(format))
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
        self.must(Rule::Unique)
    }

    #[track_caller]
    const fn must(self, constraint: Rule) -> Self {
        match self.apply(constraint) {
            Ok(node) => node,
            Err(message) => match message.as_str() {
                Some(text) => panic!("{}", text),
                None => panic!("a rule does not apply to the type"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::const_text::ConstMessage;

    fn message(node: Node, constraint: Rule) -> String {
        match node.apply(constraint) {
            Ok(_) => String::new(),
            Err(message) => message.as_str().unwrap().to_owned(),
        }
    }

    #[test]
    fn errors_contain_the_value_and_the_limit() {
        let byte = Node::integer(Some(0), Some(255));
        assert_eq!(
            message(byte, Rule::AtMost(Limit::Int(300))),
            "the range ends at 300, above 255, the largest value of the type; lower its end"
        );
        assert_eq!(
            message(byte, Rule::AtLeast(Limit::Int(-5))),
            "the range starts at -5, below 0, the smallest value of the type; raise its start"
        );
        assert_eq!(
            message(byte, Rule::Len(1, None)),
            "`len` applies to strings and lists, and the type is an integer; write `range`"
        );
        assert_eq!(message(byte, Rule::AtMost(Limit::Int(255))), "");
    }

    #[test]
    fn with_rules_ignores_a_rule_that_does_not_apply() {
        let byte = Node::integer(Some(0), Some(255));
        let node = with_rules(byte, &[Rule::Unique, Rule::AtMost(Limit::Int(9))]);
        assert!(matches!(node.kind, Kind::Integer { max: Some(9), .. }));
    }

    #[test]
    fn integers_of_any_size_are_formatted() {
        let mut message = ConstMessage::new();
        push_integer(&mut message, i128::MIN);
        message.push(" ");
        push_integer(&mut message, 0);
        assert_eq!(message.as_str().unwrap(), format!("{} 0", i128::MIN));
    }
}
