//! Fixes for keys that other frameworks use for the same purpose, so that the error names the key to write instead of
//! listing all keys.

/// Returns the fix for an unknown key of `#[tool(..)]`.
pub(super) fn of_tool_key(name: &str) -> Option<&'static str> {
    Some(match name {
        name if is_description(name) => "write a doc comment, `/// Returns …`, or `description = \"…\"`",
        "rename" | "title" | "tool_name" => "write `name = \"…\"`",
        "timeout_secs" | "timeout_seconds" | "timeout_ms" | "timeout_millis" | "deadline" => {
            "write `timeout = \"5s\"`"
        }
        "retry" | "max_retries" | "max_attempts" | "attempts" => "write `retries = 2`",
        "cache_results" | "cached" | "cache_ttl" | "ttl" => "write `cache = \"5m\"`",
        "confirm"
        | "confirmation"
        | "requires_confirmation"
        | "requires_approval"
        | "needs_approval"
        | "require_approval"
        | "human_in_the_loop" => "write `approval`",
        "external_execution" | "requires_user_input" | "user_input" | "client" => "write `external`",
        "stop_after_tool_call" | "show_result" | "return_directly" | "result_as_answer" => {
            "write `return_direct`"
        }
        "spawn_blocking" | "threaded" | "sync" => "write `blocking`",
        "safe" | "pure" => "write `read_only`",
        "dangerous" | "writes" => "write `destructive`",
        "required" => {
            "an argument is required unless it is an `Option` or has `#[arg(default)]`; remove `required`"
        }
        "params" | "parameters" | "args" | "arguments" | "input_schema" | "schema" => {
            "the parameters of the function are the arguments; describe one with a doc comment or with `#[arg(description = \"…\")]`"
        }
        _ => return None,
    })
}

/// Returns `true` for keys that mean the description of a tool.
pub(super) fn is_description(name: &str) -> bool {
    matches!(
        name,
        "desc" | "doc" | "docs" | "help" | "summary" | "instructions"
    )
}

/// Returns the fix for an attribute of another crate on a parameter, by the name of the attribute.
pub(super) fn of_parameter_attribute(name: &str) -> Option<&'static str> {
    Some(match name {
        "serde" => "write `#[arg(default)]` or `#[arg(rename = \"…\")]`",
        "default" => "write `#[arg(default = 5)]`",
        "schema" => "write `#[arg(…)]`, which has the same keys",
        "schemars" | "validate" | "garde" => {
            "write `#[arg(range = 1..=5)]`, `#[arg(len = 1..=80)]` or `#[arg(description = \"…\")]`"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_other_frameworks_have_a_fix() {
        assert_eq!(of_tool_key("requires_confirmation"), Some("write `approval`"));
        assert_eq!(of_tool_key("color"), None);
        assert!(of_parameter_attribute("serde").is_some());
        assert!(of_parameter_attribute("cfg").is_none());
    }
}
