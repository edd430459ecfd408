//! The forms in which providers take a schema, and the choice of one of them by a type or by a value.

/// Form of schemas that a provider takes, as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnyDialect {
    /// OpenAI: strict where the type allows it.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// Gemini: an OpenAPI subset, without references.
    Gemini,
    /// JSON Schema, draft 2020-12.
    JsonSchema,
}

/// Form of schemas that a provider takes, as a type: the choice is made by the compiler and the forms that no model of
/// the program takes are not in the binary.
///
/// ```
/// use agno::schema::{AnyDialect, Dialect, dialect};
///
/// assert_eq!(dialect::Gemini.any(), AnyDialect::Gemini);
/// assert_eq!(AnyDialect::OpenAi.any(), AnyDialect::OpenAi);
/// ```
pub trait Dialect: Copy + Send + Sync + 'static {
    /// The dialect as a value.
    fn any(self) -> AnyDialect;

    /// The dialect among those a value of this type can be that comes nearest to the wanted one: the wanted one itself
    /// where it is chosen late, else the only one.
    #[must_use]
    fn narrow(self, requested: AnyDialect) -> Self {
        let _ = requested;
        self
    }

    /// How to pick a rendering later, where the choice is made when the program runs.
    #[doc(hidden)]
    fn pick_fn<R: Rendered>() -> Option<fn(AnyDialect) -> &'static str> {
        None
    }

    /// The rendering in this dialect.
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
    /// The dialect itself, as its types have it.
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

/// Something written as JSON in each dialect when the program is compiled.
///
/// [`declare_tool!`](crate::declare_tool) and [`declare_output!`](crate::declare_output) implement it. A rendering that
/// is not used is not in the binary.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not rendered for providers",
    note = "write `agno::declare_tool!` or `agno::declare_output!` for it"
)]
pub trait Rendered {
    /// For OpenAI.
    const OPENAI: &'static str;
    /// For Anthropic.
    const ANTHROPIC: &'static str;
    /// For Gemini.
    const GEMINI: &'static str;
    /// As plain JSON Schema, for MCP and everything else.
    const JSON_SCHEMA: &'static str;
}

macro_rules! dialects {
    ($($(#[$doc:meta])* $name:ident $constant:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name;

        impl $name {
            /// The dialect as a value, for constants.
            pub const fn dialect(self) -> AnyDialect {
                AnyDialect::$name
            }
        }

        impl Dialect for $name {
            fn any(self) -> AnyDialect {
                AnyDialect::$name
            }

            // Names the one constant, so that a debug build keeps out the others too.
            fn pick<R: Rendered>(self) -> &'static str {
                <R as Rendered>::$constant
            }
        }
    )+};
}

dialects! {
    /// OpenAI: strict where the type allows it.
    OpenAi OPENAI;
    /// Anthropic.
    Anthropic ANTHROPIC;
    /// Gemini: an OpenAPI subset, without references.
    Gemini GEMINI;
    /// JSON Schema, draft 2020-12.
    JsonSchema JSON_SCHEMA;
}
