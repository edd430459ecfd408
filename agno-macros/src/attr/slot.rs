//! The place of one key's value, which is filled at most once.

use proc_macro2::Span;

use super::{Errors, Item};

/// A value that an attribute may give, with where it was given.
pub(crate) struct Slot<T> {
    value: Option<(T, Span)>,
    // A value that could not be read counts as given.
    given: bool,
}

impl<T> Slot<T> {
    pub(crate) const fn empty() -> Self {
        Self {
            value: None,
            given: false,
        }
    }

    /// Puts a value in, or notes why there is none, or that there was one before.
    pub(crate) fn set(&mut self, cx: &Errors, item: &Item, value: syn::Result<T>) {
        if self.given {
            cx.error(&item.key, format_args!("`{}` is given twice; keep one", item.key));
        }
        let first = !self.given;
        self.given = true;
        if let Some(value) = cx.take(value)
            && first
        {
            self.value = Some((value, item.key.span()));
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().map(|(value, _)| value)
    }

    /// Whether the key was written, even with a value that could not be read.
    pub(crate) fn is_given(&self) -> bool {
        self.given
    }

    /// The span of the key, or of the macro's call if there is none.
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

    use super::super::items;
    use super::*;

    #[test]
    fn a_second_value_is_an_error_and_the_first_stays() {
        let cx = Errors::new();
        let mut slot = Slot::empty();
        for item in items(quote!(name = "a", name = "b"), &cx) {
            slot.set(&cx, &item, item.text());
        }
        assert_eq!(slot.get().map(syn::LitStr::value).as_deref(), Some("a"));
        assert_eq!(
            cx.finish().unwrap_err().to_string(),
            "`name` is given twice; keep one"
        );
    }
}
