//! Limits the memory that a parsed reply requires. An object can require a hundred times as much memory as its text
//! (`{},`), so a limit on the size of the text is not enough.

use crate::model::{ModelError, ModelErrorKind};

/// Number of initial bytes that are not counted. Their values require little memory, and most replies are smaller.
const FREE: usize = 1024 * 1024;
/// The cost of an object. Any other value costs 1.
const OBJECT: usize = 16;
/// Number of bytes of the reply limit per unit of cost. Even log probabilities, which have more values per byte than
/// any other part of a normal reply, stay within the budget.
const BYTES_PER_UNIT: usize = 2;

/// The remaining budget for the values of a reply.
#[derive(Debug)]
pub(crate) struct Budget {
    free: usize,
    left: usize,
}

impl Budget {
    /// Creates the budget for a reply of at most this many bytes.
    pub(crate) fn new(max_reply: usize) -> Self {
        Self {
            free: FREE,
            left: max_reply / BYTES_PER_UNIT,
        }
    }

    /// Spends the cost of an event or a complete reply.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`TooLarge`](ModelErrorKind::TooLarge) when the budget is exhausted.
    pub(crate) fn spend(&mut self, json: &[u8]) -> Result<(), ModelError> {
        if let Some(free) = self.free.checked_sub(json.len()) {
            self.free = free;
            return Ok(());
        }
        self.free = 0;
        self.left = self.left.checked_sub(cost(json)).ok_or_else(|| {
            ModelError::new(
                ModelErrorKind::TooLarge,
                "the reply has too many JSON values; raise `max_reply_bytes`, or check the base URL",
            )
        })?;
        Ok(())
    }
}

/// Returns the cost of the values in `json`, ignoring the contents of strings.
fn cost(json: &[u8]) -> usize {
    let mut cost = 0_usize;
    let mut rest = json;
    while !rest.is_empty() {
        let quote = memchr::memchr(b'"', rest).unwrap_or(rest.len());
        let (outside, text) = rest.split_at_checked(quote).unwrap_or((rest, &[]));
        for byte in outside {
            cost = cost.saturating_add(match byte {
                b'{' => OBJECT,
                b',' | b'[' => 1,
                _ => 0,
            });
        }
        rest = after_string(text);
    }
    cost
}

/// Returns the bytes after the string at the start of `text`, which begins with its opening quote.
fn after_string(text: &[u8]) -> &[u8] {
    let mut rest = text.get(1..).unwrap_or_default();
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest) {
        let is_escape = rest.get(at) == Some(&b'\\');
        // A character that follows a backslash does not end the string.
        let skip = at.saturating_add(if is_escape { 2 } else { 1 });
        rest = rest.get(skip..).unwrap_or_default();
        if !is_escape {
            return rest;
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contents_of_strings_have_no_cost() {
        assert_eq!(cost(br#"{"a":[1,2,{}]}"#), 2 * OBJECT + 3);
        assert_eq!(cost(br#"{"a,{[\",{\\":"{,","b":1}"#), OBJECT + 1);
        for cut in ["\"", "\"\\", "\"a\\\"", "", "[", "{\"a"] {
            assert!(cost(cut.as_bytes()) <= OBJECT, "{cut}");
        }
    }

    #[test]
    fn objects_exhaust_the_budget_but_text_does_not() {
        let mut budget = Budget::new(4 * 1024 * 1024);
        budget.spend(&[b'x'; FREE]).unwrap();
        let text = format!("{{\"text\":\"{}\"}}", ",{[".repeat(1024 * 1024));
        for _ in 0..10 {
            budget.spend(text.as_bytes()).unwrap();
        }
        let error = budget.spend("{},".repeat(200_000).as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::TooLarge);
    }

    #[test]
    fn log_probabilities_stay_within_the_budget() {
        let entry = r#"{"token":" the","logprob":-0.51,"bytes":[32,116,104,101]},"#;
        let max = 8 * 1024 * 1024;
        Budget::new(max)
            .spend(entry.repeat(max / entry.len()).as_bytes())
            .unwrap();
    }
}
