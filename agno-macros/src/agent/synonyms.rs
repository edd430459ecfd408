//! Answers unknown keys: with agno's name for the concept if the key has another name in other frameworks, and otherwise
//! like every attribute.

use crate::common::{Entry, Errors, unknown_key};

/// The names of a concept in other frameworks, and the fix.
type Synonyms = (&'static [&'static str], &'static str);

/// Names of concepts that are keys of `#[agent]`.
const KEYS: &[Synonyms] = &[
    (
        &[
            "system",
            "system_prompt",
            "system_message",
            "system_instruction",
            "prompt",
            "preamble",
            "persona",
            "goal",
            "backstory",
            "guidelines",
            "expected_output",
        ],
        "write `instructions = \"...\"`",
    ),
    (
        &[
            "prompt_file",
            "system_prompt_file",
            "prompt_path",
            "instructions_path",
        ],
        "write `instructions_file = \"...\"`",
    ),
    (
        &[
            "max_steps",
            "max_iterations",
            "max_iter",
            "max_loops",
            "max_requests",
            "max_tool_calls",
            "max_tool_roundtrips",
            "tool_call_limit",
            "request_limit",
            "recursion_limit",
            "multi_turn",
            "steps",
            "turns",
        ],
        "write `max_turns = 8`, the maximum number of requests per run",
    ),
    (
        &[
            "response_model",
            "response_format",
            "response_schema",
            "response_type",
            "response",
            "result_type",
            "result",
            "output_schema",
            "output_type",
            "output_model",
            "output_format",
            "structured_output",
            "structured_outputs",
            "returns",
        ],
        "write `output = Trip` with a type that derives `Schema` and `Deserialize`",
    ),
    (
        &["input_schema", "input_type", "input_model", "parameters", "args"],
        "write `input = Query` with a type that derives `Schema` and `Deserialize`",
    ),
    (
        &[
            "role",
            "desc",
            "doc",
            "docs",
            "about",
            "purpose",
            "summary",
            "introduction",
        ],
        "write a doc comment on the struct, which is the description of the agent",
    ),
    (
        &["id", "agent_id", "agent_name", "title", "rename"],
        "write `name = \"...\"`; the default is the name of the struct",
    ),
    (
        &[
            "llm",
            "provider",
            "model_id",
            "model_name",
            "client",
            "completion_model",
        ],
        "write `model = \"openai:gpt-5-mini\"`, or pass a model to `.with(model)`",
    ),
    (
        &[
            "toolkit",
            "toolkits",
            "function",
            "functions",
            "mcp",
            "mcp_servers",
            "skills",
            "plugins",
        ],
        "write `tools = [weather, self.files]`",
    ),
    (
        &[
            "team",
            "members",
            "sub_agents",
            "subagents",
            "handoff",
            "handoffs",
            "delegates",
        ],
        "write `agents = [self.researcher]`",
    ),
    (
        &[
            "knowledge",
            "retriever",
            "rag",
            "dynamic_context",
            "context_provider",
            "context_providers",
        ],
        "write `context = [self.knowledge]` with a field whose type implements `ContextProvider`",
    ),
    (
        &["vision", "modalities", "images", "audio", "documents"],
        "write `reads = [images, audio, documents]`",
    ),
    (
        &[
            "retries",
            "max_retries",
            "retry",
            "output_retries",
            "result_retries",
        ],
        "write `max_output_retries = 2` to repeat answers that do not match `output`; requests that fail are repeated by the model: `model.retry(RetryLayer::new())`",
    ),
];

/// Names of concepts that belong elsewhere.
const ELSEWHERE: &[Synonyms] = &[
    (
        &[
            "temperature",
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "top_p",
            "top_k",
            "seed",
            "stop",
            "stop_sequences",
            "presence_penalty",
            "frequency_penalty",
            "reasoning",
            "reasoning_effort",
            "thinking",
            "tool_choice",
            "parallel_tool_calls",
            "settings",
            "model_settings",
            "additional_params",
        ],
        "settings belong to a run: `agent.invoke().settings(&settings).run(input)`",
    ),
    (
        &["api_key", "base_url", "headers", "organization", "region"],
        "create the model with its builder, and pass it to `.with(model)`",
    ),
    (
        &[
            "memory",
            "session",
            "session_id",
            "user_id",
            "history",
            "chat_history",
            "message_history",
            "messages",
            "conversation",
            "db",
            "storage",
            "add_history_to_context",
            "add_history_to_messages",
            "num_history_runs",
            "enable_user_memories",
        ],
        "a conversation is a `Session` that belongs to a run: `agent.session(&mut session).run(input)`",
    ),
    (
        &[
            "deps",
            "deps_type",
            "dependencies",
            "dependency",
            "state",
            "session_state",
            "data",
            "extensions",
        ],
        "dependencies are fields of the struct, which its `#[toolkit]` methods and `{field}` in `instructions` use",
    ),
    (
        &["stream", "streaming", "stream_events"],
        "stream a run with `agent.stream(input)`",
    ),
    (
        &["timeout", "request_timeout"],
        "a timeout belongs to the model, `model.timeout(..)`, or to a tool, `#[tool(timeout = \"5s\")]`",
    ),
    (
        &["cache", "cache_response"],
        "a cache belongs to the model, `model.cache(..)`, or to a tool, `#[tool(read_only, cache = \"60s\")]`",
    ),
    (
        &[
            "observer",
            "observers",
            "hooks",
            "callbacks",
            "debug",
            "debug_mode",
            "verbose",
            "telemetry",
            "show_tool_calls",
        ],
        "add an observer to the agent: `agent.observe(observer)`",
    ),
];

/// Adds the error for an unknown key.
pub(super) fn unknown_agent_key(cx: &Errors, entry: &Entry, known: &[&str]) {
    let name = entry.name();
    let mut synonyms = KEYS.iter().chain(ELSEWHERE);
    match synonyms.find(|(names, _)| names.contains(&name)) {
        Some((_, fix)) => cx.error(&entry.key, format_args!("unknown key `{name}`; {fix}")),
        None => unknown_key(cx, &entry.key, known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_one_concept() {
        let mut names: Vec<_> = KEYS
            .iter()
            .chain(ELSEWHERE)
            .flat_map(|(names, _)| *names)
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn no_key_is_a_synonym() {
        for key in super::super::parse::KEYS {
            let mut synonyms = KEYS.iter().chain(ELSEWHERE);
            assert!(synonyms.all(|(names, _)| !names.contains(key)), "{key}");
        }
    }
}
