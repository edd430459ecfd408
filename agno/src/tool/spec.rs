//! What is known of a tool besides its parameters: its name, what it is for, how it may be called.

use std::time::Duration;

use crate::run::WaitsFor;

/// A tool's name, description and rules. A constant for every tool that is known when the program compiles.
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
    /// What the model calls it, `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: &'a str,
    /// What the model is told it does.
    pub description: &'a str,
    /// How long a call may take; a longer one is given up and the model told so.
    pub timeout: Option<Duration>,
    /// How often a call that failed is made again before the model hears of it. A tool that may be called twice
    /// says so with its hints.
    pub retries: u32,
    /// What a call waits for, if it is not made at once.
    pub waits_for: Option<WaitsFor>,
    /// Whether its result is the answer, so that the run ends with it.
    pub return_direct: bool,
    /// What a call does to the world.
    pub hints: Hints,
}

impl<'a> ToolSpec<'a> {
    /// A tool of this name that does this.
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

    /// With at most this long a call.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// With a call that failed made again at most this often.
    #[must_use]
    pub const fn with_retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Makes each call wait for approval, see [`Run::approve`](crate::Run::approve).
    #[must_use]
    pub const fn with_approval(mut self) -> Self {
        self.waits_for = Some(WaitsFor::Approval);
        self
    }

    /// Makes each call wait for a result from outside, see [`Run::provide`](crate::Run::provide).
    #[must_use]
    pub const fn with_external_result(mut self) -> Self {
        self.waits_for = Some(WaitsFor::ExternalResult);
        self
    }

    /// With a result that is the run's answer.
    #[must_use]
    pub const fn with_return_direct(mut self) -> Self {
        self.return_direct = true;
        self
    }

    /// With these hints.
    #[must_use]
    pub const fn with_hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }
}

/// What a call does to the world, in MCP's words. Hints, not promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Hints {
    /// It changes nothing.
    pub read_only: bool,
    /// It may destroy something.
    pub destructive: bool,
    /// Calling it twice does what calling it once does.
    pub idempotent: bool,
    /// It reaches beyond this program's own world, such as the web.
    pub open_world: bool,
}

impl Hints {
    /// Nothing is known.
    pub const NONE: Self = Self {
        read_only: false,
        destructive: false,
        idempotent: false,
        open_world: false,
    };

    /// It changes nothing.
    #[must_use]
    pub const fn with_read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// It may destroy something.
    #[must_use]
    pub const fn with_destructive(mut self) -> Self {
        self.destructive = true;
        self
    }

    /// Calling it twice does what calling it once does.
    #[must_use]
    pub const fn with_idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// It reaches beyond this program's own world.
    #[must_use]
    pub const fn with_open_world(mut self) -> Self {
        self.open_world = true;
        self
    }
}
