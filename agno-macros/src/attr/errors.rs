//! All mistakes of one item, told together.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// Mistakes found so far. Must be [`finish`](Self::finish)ed: dropping it unread would swallow them, and panics.
pub(crate) struct Errors {
    // `None` once finished.
    found: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self {
            found: RefCell::new(Some(Vec::new())),
        }
    }

    /// A mistake in some tokens, all of which are underlined.
    pub(crate) fn error(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// A mistake at a span.
    pub(crate) fn error_at(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// A mistake that was made elsewhere.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.push(error);
        }
    }

    /// The value, or `None` after noting why there is none.
    pub(crate) fn take<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Whether anything was found.
    pub(crate) fn any(&self) -> bool {
        self.found
            .borrow()
            .as_ref()
            .is_some_and(|found| !found.is_empty())
    }

    /// One error of all that was found.
    pub(crate) fn finish(self) -> syn::Result<()> {
        let found = self.found.borrow_mut().take().unwrap_or_default();
        let combined = found.into_iter().reduce(|mut all, next| {
            all.combine(next);
            all
        });
        combined.map_or(Ok(()), Err)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(
                self.found.borrow().is_none(),
                "errors of a macro were never looked at"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_come_out_together() {
        let cx = Errors::new();
        cx.error_at(Span::call_site(), "one");
        assert!(
            cx.take::<()>(Err(syn::Error::new(Span::call_site(), "two")))
                .is_none()
        );
        assert!(cx.any());
        let messages: Vec<_> = cx
            .finish()
            .unwrap_err()
            .into_iter()
            .map(|error| error.to_string())
            .collect();
        assert_eq!(messages, ["one", "two"]);
    }

    #[test]
    #[should_panic(expected = "never looked at")]
    fn dropped_errors_are_noticed() {
        Errors::new().error_at(Span::call_site(), "lost");
    }
}
