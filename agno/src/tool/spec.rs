//! The properties of a tool other than its parameters: name, description and call options.

use std::time::Duration;

use crate::run::WaitsFor;

/// A tool's name, description and call options. It is a constant for every tool known at compile time.
///
/// ```
/// use agno::tool::ToolSpec;
/// use std::time::Duration;
///
/// const SPEC: ToolSpec<'static> =
///     ToolSpec::new("weather", "Current weather in a city.").with_timeout(Duration::from_secs(5));
/// assert_eq!(SPEC.name, "weather");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolSpec<'a> {
    /// The name that the model uses. It matches `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: &'a str,
    /// The description that the model reads.
    pub description: &'a str,
    /// Maximum duration of a call. A longer call is stopped, and the model receives an error.
    pub timeout: Option<Duration>,
    /// Maximum number of retries before the model receives the error of a failed call. The hints declare whether it
    /// is safe to call the tool twice.
    pub retries: u32,
    /// The approval or external result that a call waits for, if any.
    pub waits_for: Option<WaitsFor>,
    /// `true` if the tool's result is the answer and ends the run.
    pub return_direct: bool,
    /// The effects of a call.
    pub hints: Hints,
}

impl<'a> ToolSpec<'a> {
    /// Creates a spec with a name and a description.
    pub const fn new(name: &'a str, description: &'a str) -> Self {
        Self {
            name,
            description,
            timeout: None,
            retries: 0,
            waits_for: None,
            return_direct: false,
            hints: Hints::NONE,
        }
    }

    /// Sets the maximum duration of a call.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the maximum number of retries after a failed call.
    #[must_use]
    pub const fn with_retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Makes each call wait for approval. See [`Run::approve`](crate::Run::approve).
    #[must_use]
    pub const fn with_approval(mut self) -> Self {
        self.waits_for = Some(WaitsFor::Approval);
        self
    }

    /// Makes each call wait for an external result. See [`Run::provide`](crate::Run::provide).
    #[must_use]
    pub const fn with_external_result(mut self) -> Self {
        self.waits_for = Some(WaitsFor::ExternalResult);
        self
    }

    /// Makes the tool's result the answer of the run.
    #[must_use]
    pub const fn with_return_direct(mut self) -> Self {
        self.return_direct = true;
        self
    }

    /// Sets the hints.
    #[must_use]
    pub const fn with_hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }
}

/// The effects of a call, as defined by MCP's tool annotations. They are hints, not guarantees.
///
/// ```
/// use agno::prelude::*;
/// use agno::tool::{Hints, Tool};
///
/// /// Searches the web.
/// #[tool(read_only, open_world)]
/// fn search(words: &str) -> String {
///     format!("nothing about {words}")
/// }
///
/// assert_eq!(search::SPEC.hints, Hints::NONE.with_read_only().with_open_world());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Hints {
    /// `true` if a call changes nothing.
    pub read_only: bool,
    /// `true` if a call may destroy data.
    pub destructive: bool,
    /// `true` if calling the tool twice has the same effect as calling it once.
    pub idempotent: bool,
    /// `true` if a call reaches systems outside the program, such as the web.
    pub open_world: bool,
}

impl Hints {
    /// The default hints, in which all fields are `false`.
    pub const NONE: Self = Self {
        read_only: false,
        destructive: false,
        idempotent: false,
        open_world: false,
    };

    /// Declares that a call changes nothing.
    #[must_use]
    pub const fn with_read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Declares that a call may destroy data.
    #[must_use]
    pub const fn with_destructive(mut self) -> Self {
        self.destructive = true;
        self
    }

    /// Declares that calling the tool twice has the same effect as calling it once.
    #[must_use]
    pub const fn with_idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Declares that a call reaches systems outside the program.
    #[must_use]
    pub const fn with_open_world(mut self) -> Self {
        self.open_world = true;
        self
    }
}
