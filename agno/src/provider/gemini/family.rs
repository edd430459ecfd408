//! Derives the features of a model from its name, because the API accepts different fields per model generation.

/// The features of a model, derived from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Family {
    /// The generation of a Gemini model: 2.5 is `(2, 5)`. `None` for other models and for names without a number.
    generation: Option<(u32, u32)>,
    is_pro: bool,
    pub(super) is_gemma: bool,
}

impl Family {
    /// Derives the family from the name of a model.
    pub(super) fn from_name(model: &str) -> Self {
        let name = model.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let generation = name.strip_prefix("gemini-").and_then(|rest| {
            let number = rest.split('-').next().unwrap_or_default();
            let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
            match (major.parse().ok(), minor.parse().ok()) {
                (Some(major), Some(minor)) => Some((major, minor)),
                // Aliases such as `gemini-flash-latest` have referred to the third generation since early 2026.
                _ => rest.ends_with("-latest").then_some((3, 0)),
            }
        });
        Self {
            generation,
            is_pro: name.split('-').any(|word| word == "pro"),
            is_gemma: name.starts_with("gemma-"),
        }
    }

    /// Returns `true` for Gemini 3 and later.
    ///
    /// These generations can combine an output schema with tools, and functions with Google's own tools. They accept
    /// media in a function response, and they reject calls without a signature.
    pub(super) fn is_gemini_3_or_later(self) -> bool {
        self.generation >= Some((3, 0))
    }

    /// Returns `true` for Gemini 2.5, which uses thinking budgets and does not support penalties.
    pub(super) fn is_gemini_2_5(self) -> bool {
        self.generation == Some((2, 5))
    }

    /// Returns the thinking level for an effort, for generations that use levels.
    pub(super) fn level(self, effort: &str) -> &str {
        match effort {
            // These generations cannot disable thinking, so use the lowest level.
            "none" | "minimal" if self.is_pro => "low",
            "none" => "minimal",
            "xhigh" | "max" => "high",
            other => other,
        }
    }

    /// Returns the thinking budget for an effort, for generations that use budgets. The values are Google's own.
    pub(super) fn budget(self, effort: &str) -> Option<u32> {
        Some(match effort {
            // The Pro model cannot disable thinking.
            "none" if self.is_pro => 128,
            "none" => 0,
            "minimal" | "low" => 1024,
            "medium" => 8192,
            "high" | "xhigh" | "max" => 24_576,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generation_is_derived_from_the_name() {
        for name in [
            "gemini-3-pro-preview",
            "gemini-3.1-flash-lite",
            "models/gemini-3-flash",
            "gemini-flash-latest",
            "gemini-10-pro",
            "publishers/google/models/Gemini-4.2",
        ] {
            assert!(Family::from_name(name).is_gemini_3_or_later(), "{name}");
        }
        for name in [
            "gemini-2.5-flash",
            "gemini-2.0-flash",
            "gemini-1.5-pro-002",
            "gemini-pro",
            "gemini-exp-1206",
            "gemini-",
            "gemma-3-27b-it",
            "tunedModels/mine",
            "",
        ] {
            assert!(!Family::from_name(name).is_gemini_3_or_later(), "{name}");
        }
        assert!(Family::from_name("gemini-2.5-pro").is_gemini_2_5());
        assert!(Family::from_name("models/gemma-3-27b-it").is_gemma);
    }

    #[test]
    fn effort_maps_to_a_level_or_a_budget() {
        let (pro, flash) = (
            Family::from_name("gemini-3-pro"),
            Family::from_name("gemini-3-flash"),
        );
        assert_eq!((pro.level("none"), flash.level("none")), ("low", "minimal"));
        assert_eq!((pro.level("medium"), flash.level("max")), ("medium", "high"));
        assert_eq!(Family::from_name("gemini-2.5-pro").budget("none"), Some(128));
        assert_eq!(Family::from_name("gemini-2.5-flash").budget("none"), Some(0));
        assert_eq!(flash.budget("hard"), None);
    }
}
