//! Stores the value of one key, which can be set at most once.

use proc_macro2::Span;

use super::{Entry, Errors};

/// The value of a key and the key's span, or nothing if the attribute does not have the key.
pub(crate) struct Slot<T> {
    value: Option<(T, Span)>,
    // Also `true` if the value was invalid.
    is_set: bool,
}

impl<T> Slot<T> {
    pub(crate) const fn empty() -> Self {
        Self {
            value: None,
            is_set: false,
        }
    }

    /// Stores the value, or adds its error. A second value causes an error, and the first value is kept.
    pub(crate) fn set(&mut self, cx: &Errors, entry: &Entry, value: syn::Result<T>) {
        if self.is_set {
            cx.error(
                &entry.key,
                format_args!("duplicate key `{}`; remove one", entry.key),
            );
        }
        let first = !self.is_set;
        self.is_set = true;
        if let Some(value) = cx.take(value)
            && first
        {
            self.value = Some((value, entry.key.span()));
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().map(|(value, _)| value)
    }

    /// Returns `true` if the attribute has the key, even with an invalid value.
    pub(crate) fn is_set(&self) -> bool {
        self.is_set
    }

    /// Returns the span of the key, or of the macro invocation if there is no valid value.
    pub(crate) fn span(&self) -> Span {
        self.value
            .as_ref()
            .map_or_else(Span::call_site, |(_, span)| *span)
    }

    pub(crate) fn into_value(self) -> Option<T> {
        self.value.map(|(value, _)| value)
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self::empty()
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::super::entries;
    use super::*;

    #[test]
    fn a_duplicate_key_is_an_error_and_the_first_value_wins() {
        let cx = Errors::new();
        let mut slot = Slot::empty();
        for entry in entries(quote!(name = "a", name = "b"), &cx) {
            slot.set(&cx, &entry, entry.text());
        }
        assert_eq!(slot.get().map(syn::LitStr::value).as_deref(), Some("a"));
        assert_eq!(
            cx.finish().unwrap_err().to_string(),
            "duplicate key `name`; remove one"
        );
    }
}
