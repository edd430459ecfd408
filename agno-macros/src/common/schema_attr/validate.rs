//! Checks examples and defaults against the constraints in the same attribute.

use super::literal::Literal;
use super::parse::SchemaAttr;
use crate::common::Errors;

impl SchemaAttr {
    /// Adds an error for each example or default that violates a constraint.
    pub(crate) fn validate_literals(&self, cx: &Errors) {
        for literal in self.examples.iter().chain(self.default.get()) {
            if let Some(error) = self.violation(literal) {
                cx.error(&literal.expr, error);
            }
        }
    }

    /// Returns an error message if the literal violates a constraint.
    fn violation(&self, literal: &Literal) -> Option<String> {
        let value = &literal.json;
        if let (Some(number), Some(range)) = (literal.number(), self.range.get())
            && !range.contains(number)
        {
            return Some(format!(
                "{value} is outside the range `{range}`; change one of them"
            ));
        }
        if let (Some(number), Some(step)) = (literal.number(), self.multiple_of.get()) {
            let ratio = number / step.float();
            if (ratio - ratio.round()).abs() > 1e-9 {
                return Some(format!("{value} is not a multiple of {step}; change one of them"));
            }
        }
        let count = literal
            .item_count()
            .or_else(|| literal.text().map(|text| text.chars().count()));
        if let (Some(count), Some((min, max))) = (count, self.len.get())
            && (count < *min || max.is_some_and(|max| count > max))
        {
            let end = max.map_or_else(String::new, |max| format!("={max}"));
            return Some(format!(
                "{value} has a length of {count}, outside the range `{min}..{end}`; change one of them"
            ));
        }
        if let (Some(text), Some(pattern)) = (literal.text(), self.pattern.get())
            && !pattern.regex.is_match(&text)
        {
            let pattern = pattern.text.value();
            return Some(format!(
                "{value} does not match the pattern `{pattern}`; change one of them"
            ));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::super::parse::Target;
    use super::*;
    use crate::common::entries;

    fn errors(tokens: proc_macro2::TokenStream) -> Vec<String> {
        let cx = Errors::new();
        let mut attr = SchemaAttr::default();
        for entry in entries(tokens, &cx) {
            attr.set(&entry, Target::Field, &cx);
        }
        attr.validate_literals(&cx);
        match cx.finish() {
            Ok(()) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.to_string()).collect(),
        }
    }

    #[test]
    fn literals_must_satisfy_every_constraint() {
        assert!(errors(quote!(range = 1..=5, multiple_of = 0.5, examples = [1, 2.5, 5])).is_empty());
        assert_eq!(
            errors(quote!(range = 1..5, example = 5, default = 0)),
            [
                "5 is outside the range `1..5`; change one of them",
                "0 is outside the range `1..5`; change one of them"
            ]
        );
        assert_eq!(
            errors(quote!(multiple_of = 5, example = 7)),
            ["7 is not a multiple of 5; change one of them"]
        );
        assert_eq!(
            errors(quote!(len = 2..=3, examples = ["ab", ["x"]])),
            [r#"["x"] has a length of 1, outside the range `2..=3`; change one of them"#]
        );
        assert_eq!(
            errors(quote!(pattern = "^[a-z]+$", example = "A1")),
            [r#""A1" does not match the pattern `^[a-z]+$`; change one of them"#]
        );
    }
}
