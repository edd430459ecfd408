//! Reports a run of a declaration without a model, `Assistant.run("Hello")`, and of the result of `Assistant.agent()`.
//!
//! The prelude imports two traits whose methods have the names of methods of an [`Agent`] and a bound that always fails. The
//! methods return a type that the bound determines, so the compiler reports nothing else about the value. Their receiver
//! is `&mut self`, so that methods of other traits with these names have priority.

use super::entry::Nothing;
use crate::agent::{Agent, Declared};

macro_rules! reported {
    ($(#[$bound_doc:meta])* $bound:ident, $(#[$methods_doc:meta])* $methods:ident) => {
        $(#[$bound_doc])*
        pub trait $bound {
            /// A run.
            type Work;

            /// Returns a run.
            fn work() -> Self::Work;
        }

        // An implementation for all types would give the run a type, and with it further errors.
        #[diagnostic::do_not_recommend]
        impl $bound for Nothing {
            type Work = ();

            fn work() {}
        }

        $(#[$methods_doc])*
        pub trait $methods {
            /// Reports a run.
            #[doc(hidden)]
            fn run<I>(&mut self, _input: I) -> Self::Work
            where
                Self: $bound,
            {
                Self::work()
            }

            /// Reports a stream.
            #[doc(hidden)]
            fn stream<I>(&mut self, _input: I) -> Self::Work
            where
                Self: $bound,
            {
                Self::work()
            }

            /// Reports the options of a run.
            #[doc(hidden)]
            fn invoke(&mut self) -> Self::Work
            where
                Self: $bound,
            {
                Self::work()
            }

            /// Reports a session of a run.
            #[doc(hidden)]
            fn session<S>(&mut self, _session: S) -> Self::Work
            where
                Self: $bound,
            {
                Self::work()
            }
        }
    };
}

reported! {
    /// Implemented for no declaration, because only an [`Agent`] has a model.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` has no model, so it cannot run",
        label = "an agent without a model",
        note = "write `.with(model)` before it, or `.agent()?` for the model that `model = \"...\"` or `AGNO_MODEL` names"
    )]
    HasModel,
    /// Methods of an agent, for a declaration.
    WithoutModel
}

reported! {
    /// Implemented for no `Result`.
    #[diagnostic::on_unimplemented(
        message = "a `Result` is not an agent, because a model may be configured incorrectly",
        label = "this is a `Result`",
        note = "write `?` after `.agent()`"
    )]
    IsAgent,
    /// Methods of an agent, for the result of `agent()`.
    UnusedResult
}

impl<D: Declared> WithoutModel for D {}

impl<D, M, E> UnusedResult for Result<Agent<D, M>, E> {}
