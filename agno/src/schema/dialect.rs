//! The schema dialects of providers, selected by a type or by a value.

/// A provider's schema dialect as a value.
///
/// ```
/// use agno::schema::{AnyDialect, Schema};
///
/// let schema = <Option<bool> as Schema>::SCHEMA;
/// assert_eq!(schema.to_json(AnyDialect::JsonSchema), r#"{"type":["boolean","null"]}"#);
/// assert_eq!(schema.to_json(AnyDialect::Gemini), r#"{"type":"boolean","nullable":true}"#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnyDialect {
    /// OpenAI: strict if the type allows it.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// Gemini: an OpenAPI subset, without references.
    Gemini,
    /// JSON Schema, draft 2020-12.
    JsonSchema,
}

/// A provider's schema dialect as a type.
///
/// The dialect is selected at compile time, so the binary omits renderings for dialects that no model in the program
/// uses.
///
/// ```
/// use agno::schema::{AnyDialect, Dialect, dialect};
///
/// assert_eq!(dialect::Gemini.any(), AnyDialect::Gemini);
/// assert_eq!(AnyDialect::OpenAi.any(), AnyDialect::OpenAi);
/// ```
pub trait Dialect: Copy + Send + Sync + 'static {
    /// Returns the dialect as a value.
    fn any(self) -> AnyDialect;

    /// Returns the dialect of this type that is closest to `requested`. For [`AnyDialect`], this is `requested` itself;
    /// every other type has only one dialect.
    #[must_use]
    fn narrow(self, requested: AnyDialect) -> Self {
        let _ = requested;
        self
    }

    /// Returns a function that selects a rendering at run time, or `None` if this type fixes the dialect at compile
    /// time.
    #[doc(hidden)]
    fn pick_fn<R: Rendered>() -> Option<fn(AnyDialect) -> &'static str> {
        None
    }

    /// Returns the rendering in this dialect.
    fn pick<R: Rendered>(self) -> &'static str {
        match self.any() {
            AnyDialect::OpenAi => R::OPENAI,
            AnyDialect::Anthropic => R::ANTHROPIC,
            AnyDialect::Gemini => R::GEMINI,
            AnyDialect::JsonSchema => R::JSON_SCHEMA,
        }
    }
}

impl AnyDialect {
    /// Returns the dialect itself, for symmetry with the dialect types.
    pub const fn dialect(self) -> Self {
        self
    }
}

impl Dialect for AnyDialect {
    fn any(self) -> AnyDialect {
        self
    }

    fn narrow(self, requested: AnyDialect) -> Self {
        requested
    }

    fn pick_fn<R: Rendered>() -> Option<fn(AnyDialect) -> &'static str> {
        Some(|dialect| dialect.pick::<R>())
    }
}

/// A value rendered as JSON in each dialect at compile time.
///
/// [`declare_tool!`](crate::declare_tool) and [`declare_output!`](crate::declare_output) implement this trait. The
/// binary does not contain unused renderings.
///
/// ```
/// use agno::prelude::*;
/// use agno::schema::Rendered;
///
/// /// Rolls a die.
/// #[tool]
/// fn roll() -> u8 {
///     4
/// }
///
/// assert!(<roll as Rendered>::ANTHROPIC.starts_with(r#"{"name":"roll","description":"Rolls a die.""#));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not rendered for providers",
    note = "write `agno::declare_tool!` or `agno::declare_output!` for it"
)]
pub trait Rendered {
    /// The rendering for OpenAI.
    const OPENAI: &'static str;
    /// The rendering for Anthropic.
    const ANTHROPIC: &'static str;
    /// The rendering for Gemini.
    const GEMINI: &'static str;
    /// The rendering as plain JSON Schema, for MCP and all other uses.
    const JSON_SCHEMA: &'static str;
}

macro_rules! dialects {
    ($($(#[$doc:meta])* $name:ident $constant:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name;

        impl $name {
            /// Returns the dialect as a value, for use in constants.
            pub const fn dialect(self) -> AnyDialect {
                AnyDialect::$name
            }
        }

        impl Dialect for $name {
            fn any(self) -> AnyDialect {
                AnyDialect::$name
            }

            // Names a single constant, so that even a debug build omits the other renderings.
            fn pick<R: Rendered>(self) -> &'static str {
                <R as Rendered>::$constant
            }
        }
    )+};
}

dialects! {
    /// OpenAI: strict if the type allows it.
    OpenAi OPENAI;
    /// Anthropic.
    Anthropic ANTHROPIC;
    /// Gemini: an OpenAPI subset, without references.
    Gemini GEMINI;
    /// JSON Schema, draft 2020-12.
    JsonSchema JSON_SCHEMA;
}
