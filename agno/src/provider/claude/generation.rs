//! The generations of Claude, and the thinking, sampling and output settings that each one supports. The APIs of
//! Anthropic and Amazon reject unsupported settings, so each request is adapted to its model's generation.

use crate::model::{ModelError, ModelErrorKind, Settings};
use crate::provider::codec::body::Body;

/// A generation of Claude, derived from a model's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claude {
    family: Family,
    version: (u32, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Opus,
    Sonnet,
    Haiku,
    Other,
}

/// The thinking requested from a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thinking {
    /// The field is omitted.
    Unspecified,
    /// At most this many tokens.
    Budget(u32),
    /// As much as the model chooses. `summarized` is `true` if the model omits its thinking unless a summary is
    /// requested.
    Adaptive { summarized: bool },
    /// As little as the model supports, with this value of `type`.
    Lowest(&'static str),
}

/// Minimum number of tokens in a thinking budget.
const MIN_BUDGET: u32 = 1_024;
/// Tokens for the answer, added to the thinking budget if `max_tokens` is not set. Also the default limit for models
/// other than Claude.
const ANSWER_TOKENS: u32 = 8_192;

impl Claude {
    /// Returns the generation of a model with a name such as `claude-sonnet-4-5-20250929`, `claude-3-7-sonnet-latest`,
    /// `us.anthropic.claude-opus-4-6-v1` or `anthropic/claude-opus-4.6`. Returns `None` for other models.
    pub(crate) fn from_name(model: &str) -> Option<Self> {
        let model = model.to_ascii_lowercase();
        let (_, name) = model.rsplit_once("claude")?;
        let mut segments = name.split(|c: char| !c.is_ascii_alphanumeric());
        let family = match () {
            () if name.contains("opus") => Family::Opus,
            () if name.contains("sonnet") => Family::Sonnet,
            () if name.contains("haiku") => Family::Haiku,
            () => Family::Other,
        };
        // A longer number is a date.
        let number = |word: &str| word.parse().ok().filter(|_| word.len() <= 2);
        let version = match segments.find_map(number) {
            Some(major) => (major, segments.next().and_then(number).unwrap_or(0)),
            // Names such as `claude-v2` belong to the oldest models. A name without a number belongs to the newest.
            None if name
                .split(['-', ':', '.'])
                .any(|word| matches!(word, "v1" | "v2" | "instant")) =>
            {
                (2, 0)
            }
            None => (u32::MAX, 0),
        };
        Some(Self { family, version })
    }

    /// Returns `true` if the generation supports a token budget for thinking.
    fn supports_thinking_budget(self) -> bool {
        self.version >= (3, 7) && !self.is_adaptive_only()
    }

    fn supports_adaptive_thinking(self) -> bool {
        self.version >= (4, 6)
    }

    fn is_adaptive_only(self) -> bool {
        self.version >= (4, 7)
    }

    fn supports_effort(self) -> bool {
        self.supports_adaptive_thinking() || self.family == Family::Opus && self.version >= (4, 5)
    }

    /// Returns `true` if the generation supports `temperature`, `top_p` and `top_k`.
    fn supports_sampling(self) -> bool {
        !self.is_adaptive_only()
    }

    /// Returns `true` if the generation supports `temperature` and `top_p` in the same request.
    fn supports_temperature_and_top_p(self) -> bool {
        self.version < (4, 5)
    }

    /// Returns `true` if a request can force a tool call.
    fn supports_forced_tools(self) -> bool {
        match self.family {
            Family::Haiku => true,
            Family::Opus | Family::Sonnet => self.version < (5, 5),
            Family::Other => self.version < (5, 1),
        }
    }

    /// Returns `true` if the API can enforce an output schema for this generation.
    #[cfg(feature = "anthropic")]
    pub(crate) fn supports_output_schema(self) -> bool {
        self.version >= (4, 5) || self.family == Family::Opus && self.version >= (4, 1)
    }

    /// Returns `true` if the generation supports Anthropic's own `tool_choice` in addition to Converse's.
    #[cfg(feature = "bedrock")]
    pub(crate) fn supports_tool_choice_on_bedrock(self) -> bool {
        self.version >= (4, 5)
    }

    /// Returns `true` if Bedrock can enforce an output schema for this generation. Some generations after 4.5 are not
    /// supported.
    #[cfg(feature = "bedrock")]
    pub(crate) fn supports_output_schema_on_bedrock(self) -> bool {
        self.version >= (4, 5) && !((4, 7)..(5, 0)).contains(&self.version)
    }

    /// Returns the default for `max_tokens`, which every model of the generation supports.
    fn default_tokens(self) -> u32 {
        match self.version {
            (3, 7..) | (4.., _) => 32_000,
            (3, 5..) => 8_192,
            _ => 4_096,
        }
    }
}

/// The settings of a request, adapted to one generation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ClaudeSettings<'a> {
    pub(crate) max_tokens: u32,
    pub(crate) thinking: Thinking,
    pub(crate) effort: Option<&'a str>,
    pub(crate) temperature: Option<f32>,
    pub(crate) top_p: Option<f32>,
    pub(crate) top_k: Option<u32>,
    /// `true` if a request can force a tool call.
    pub(crate) forces_tools: bool,
}

impl<'a> ClaudeSettings<'a> {
    /// Adapts settings to a model. `forced` is `true` if the request forces a tool call, which cannot be combined with
    /// a thinking budget.
    pub(crate) fn new(model: &str, settings: &'a Settings, forced: bool) -> Self {
        let claude = Claude::from_name(model);
        // The features of models other than Claude are unknown, so their settings are kept.
        let supports = |feature: fn(Claude) -> bool| claude.is_none_or(feature);
        let forces_tools = supports(Claude::supports_forced_tools);
        let effort = settings.reasoning_effort.as_deref();
        let thinking = match (settings.reasoning_tokens, effort) {
            _ if settings.has_extra("thinking") => Thinking::Unspecified,
            (Some(0), _) => lowest(claude),
            (Some(_), _) if claude.is_some_and(Claude::is_adaptive_only) => {
                Thinking::Adaptive { summarized: true }
            }
            (Some(budget), _) if supports(Claude::supports_thinking_budget) => {
                Thinking::Budget(budget.max(MIN_BUDGET))
            }
            (None, Some(_)) if claude.is_some_and(Claude::supports_adaptive_thinking) => Thinking::Adaptive {
                summarized: claude.is_some_and(Claude::is_adaptive_only),
            },
            (None, Some(effort)) if claude.is_some_and(Claude::supports_thinking_budget) => {
                Thinking::Budget(budget(effort))
            }
            _ => Thinking::Unspecified,
        };
        let thinking = match thinking {
            Thinking::Budget(_) if forced && forces_tools => Thinking::Unspecified,
            thinking => thinking,
        };
        let default = claude.map_or(ANSWER_TOKENS, Claude::default_tokens);
        let max_tokens = settings.max_tokens.unwrap_or(match thinking {
            Thinking::Budget(budget) => default.max(budget.saturating_add(ANSWER_TOKENS)),
            _ => default,
        });
        let samples = supports(Claude::supports_sampling) && !matches!(thinking, Thinking::Budget(_));
        let temperature = settings.temperature.filter(|_| samples);
        Self {
            max_tokens,
            thinking,
            effort: effort.filter(|_| supports(Claude::supports_effort)),
            temperature: temperature.map(|temperature| temperature.clamp(0.0, 1.0)),
            top_p: settings.top_p.filter(|_| {
                samples && (temperature.is_none() || supports(Claude::supports_temperature_and_top_p))
            }),
            top_k: settings.top_k.filter(|_| samples),
            forces_tools,
        }
    }

    /// Checks that the thinking budget leaves tokens for a reply.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](ModelErrorKind::Configuration) when the budget is not below
    /// `max_tokens`.
    pub(crate) fn check(&self) -> Result<(), ModelError> {
        match self.thinking {
            Thinking::Budget(budget) if budget >= self.max_tokens => {
                let message = format!(
                    "the thinking budget of {budget} tokens (minimum {MIN_BUDGET}) counts toward `max_tokens` ({}) and leaves no tokens for an answer; raise `max_tokens`",
                    self.max_tokens
                );
                Err(ModelError::new(ModelErrorKind::Configuration, message))
            }
            _ => Ok(()),
        }
    }
}

impl Thinking {
    /// Writes the `thinking` field, unless thinking is unspecified.
    pub(crate) fn write(self, body: &mut Body) -> Result<(), ModelError> {
        match self {
            Self::Unspecified => return Ok(()),
            Self::Budget(budget) => {
                body.raw_field("thinking", r#"{"type":"enabled""#);
                body.field("budget_tokens", &budget)?;
            }
            Self::Adaptive { summarized } => {
                body.raw_field("thinking", r#"{"type":"adaptive""#);
                if summarized {
                    body.text_field("display", "summarized");
                }
            }
            Self::Lowest(word) => {
                body.raw_field("thinking", "{");
                body.text_field("type", word);
            }
        }
        body.raw("}");
        Ok(())
    }
}

/// Returns the setting for the least thinking. Some models cannot disable thinking, and some think only on request.
fn lowest(claude: Option<Claude>) -> Thinking {
    match claude {
        None => Thinking::Lowest("disabled"),
        Some(Claude {
            family: Family::Sonnet,
            version,
        }) if version >= (5, 5) => Thinking::Lowest("between_tools"),
        Some(Claude {
            family: Family::Sonnet | Family::Haiku,
            version,
        }) if version >= (5, 0) => Thinking::Lowest("disabled"),
        Some(_) => Thinking::Unspecified,
    }
}

/// Returns the token budget for an effort level, for generations without adaptive thinking.
fn budget(effort: &str) -> u32 {
    match effort {
        "minimal" => MIN_BUDGET,
        "low" => 2_048,
        "medium" => 8_192,
        _ => 16_384,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_parse_from_all_name_formats() {
        for (name, version) in [
            ("claude-sonnet-4-5-20250929", (4, 5)),
            ("claude-opus-4-20250514", (4, 0)),
            ("claude-3-7-sonnet-latest", (3, 7)),
            ("claude-3-opus-20240229", (3, 0)),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", (4, 5)),
            ("anthropic.claude-opus-4-6-v1", (4, 6)),
            ("anthropic/claude-opus-4.6", (4, 6)),
            ("claude-sonnet-4@20250514", (4, 0)),
            ("claude-opus-5", (5, 0)),
            ("anthropic.claude-v2:1", (1, 0)),
            ("anthropic.claude-instant-v1", (2, 0)),
            ("claude-mythos-preview", (u32::MAX, 0)),
        ] {
            assert_eq!(
                Claude::from_name(name).map(|claude| claude.version),
                Some(version),
                "{name}"
            );
        }
        assert_eq!(Claude::from_name("llama-3.3-70b"), None);
    }

    #[test]
    fn thinking_is_requested_in_the_format_of_the_generation() {
        let with_budget = Settings::new().with_reasoning_tokens(2_000);
        let with_effort = Settings::new().with_reasoning_effort("high");
        let disabled = Settings::new().with_reasoning_tokens(0);
        let adaptive = |summarized| Thinking::Adaptive { summarized };
        for (model, settings, thinking, effort) in [
            ("claude-sonnet-4-5", &with_budget, Thinking::Budget(2_000), None),
            ("claude-opus-4-7", &with_budget, adaptive(true), None),
            ("other", &with_budget, Thinking::Budget(2_000), None),
            (
                "claude-3-5-haiku-latest",
                &with_budget,
                Thinking::Unspecified,
                None,
            ),
            ("claude-sonnet-4-6", &with_effort, adaptive(false), Some("high")),
            ("claude-opus-5", &with_effort, adaptive(true), Some("high")),
            (
                "claude-opus-4-5",
                &with_effort,
                Thinking::Budget(16_384),
                Some("high"),
            ),
            ("claude-sonnet-4-0", &with_effort, Thinking::Budget(16_384), None),
            ("other", &with_effort, Thinking::Unspecified, Some("high")),
            ("claude-sonnet-4-5", &disabled, Thinking::Unspecified, None),
            ("claude-sonnet-5", &disabled, Thinking::Lowest("disabled"), None),
            (
                "claude-sonnet-5-5",
                &disabled,
                Thinking::Lowest("between_tools"),
                None,
            ),
        ] {
            let claude_settings = ClaudeSettings::new(model, settings, false);
            assert_eq!(
                (claude_settings.thinking, claude_settings.effort),
                (thinking, effort),
                "{model}"
            );
        }
    }

    #[test]
    fn unsupported_sampling_settings_are_omitted() {
        let settings = Settings::new()
            .with_temperature(1.5)
            .with_top_p(0.9)
            .with_top_k(5);
        let sampling = |model| {
            let claude_settings = ClaudeSettings::new(model, &settings, false);
            (
                claude_settings.temperature,
                claude_settings.top_p,
                claude_settings.top_k,
            )
        };
        assert_eq!(
            sampling("claude-3-7-sonnet-latest"),
            (Some(1.0), Some(0.9), Some(5))
        );
        assert_eq!(sampling("claude-sonnet-4-5"), (Some(1.0), None, Some(5)));
        assert_eq!(sampling("claude-opus-4-7"), (None, None, None));
        let thinking = settings.with_reasoning_tokens(3_000);
        let claude_settings = ClaudeSettings::new("claude-sonnet-4-5", &thinking, false);
        assert_eq!((claude_settings.temperature, claude_settings.top_k), (None, None));
        let forced = ClaudeSettings::new("claude-sonnet-4-5", &thinking, true);
        assert_eq!(
            (forced.thinking, forced.temperature),
            (Thinking::Unspecified, Some(1.0))
        );
    }

    #[test]
    fn max_tokens_includes_the_thinking_budget() {
        let max = |model, settings: Settings| ClaudeSettings::new(model, &settings, false).max_tokens;
        assert_eq!(max("claude-sonnet-4-5", Settings::new()), 32_000);
        assert_eq!(max("claude-3-5-haiku-latest", Settings::new()), 8_192);
        assert_eq!(max("claude-3-opus-20240229", Settings::new()), 4_096);
        assert_eq!(
            max("claude-sonnet-4-5", Settings::new().with_reasoning_tokens(50_000)),
            58_192
        );
        assert_eq!(max("claude-sonnet-4-5", Settings::new().with_max_tokens(5)), 5);
    }
}
