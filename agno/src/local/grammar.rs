//! Builds the grammar that constrains an answer to free text, to well-formed calls to the available tools, or to a value
//! that matches the requested schema. Constrained output is well-formed unless it is truncated.

use std::fmt::Write as _;

use llguidance::api::TopLevelGrammar;
use serde_json::Value;

use super::bounds::bounded;
use super::prompt::{Choice, Prompt, Tool};

/// The format of tool calls. It determines how an answer can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// A call is a line of JSON.
    Plain,
    /// A call is enclosed in `<tool_call>` tags.
    Tagged,
}

/// Maximum number of calls in one answer.
const MAX_CALLS: usize = 8;

impl Frame {
    /// Returns the grammar of an answer to this prompt, or `None` if the answer is unrestricted.
    pub(super) fn grammar(self, prompt: &Prompt) -> Option<TopLevelGrammar> {
        let tools = allowed(prompt);
        let call = !tools.is_empty();
        let free = prompt.output.is_none() && matches!(prompt.choice, Choice::Auto | Choice::None);
        let start = match (call, prompt.output.is_some(), &prompt.choice) {
            (false, false, _) => return self.forbidden(prompt),
            (false, true, _) => "value",
            (true, true, Choice::Auto) => "calls | value",
            // A model with tagged calls may write text first. The grammar applies once the model opens a tag.
            (true, false, Choice::Auto) if self == Self::Tagged => return None,
            (true, false, Choice::Auto) => "calls | TEXT",
            (true, ..) => "calls",
        };
        let mut lark = format!("start: {start}\n");
        if free {
            lark.push_str(TEXT);
        }
        if let (Some(schema), true) = (&prompt.output, start.contains("value")) {
            let _ = writeln!(lark, "value: %json {}", bounded(schema));
        }
        if call {
            lark.push_str(&self.calls(&tools, prompt.parallel));
        }
        Some(TopLevelGrammar::from_lark(lark))
    }

    /// Returns the grammar of the text after an opening tag.
    pub(super) fn opened(prompt: &Prompt) -> TopLevelGrammar {
        let lark = Self::Tagged.calls(&allowed(prompt), prompt.parallel);
        TopLevelGrammar::from_lark(format!("start: opened\n{lark}"))
    }

    /// Returns the grammar of an answer without calls, or `None` if the answer is unrestricted. No grammar is
    /// needed to exclude tagged calls, because the engine never picks their opening tag under `Choice::None`.
    fn forbidden(self, prompt: &Prompt) -> Option<TopLevelGrammar> {
        let needed = self == Self::Plain && !prompt.tools.is_empty();
        needed.then(|| TopLevelGrammar::from_lark(format!("start: TEXT\n{TEXT}")))
    }

    fn calls(self, tools: &[&Tool], parallel: bool) -> String {
        let more = if parallel { MAX_CALLS - 1 } else { 0 };
        let mut lark = match self {
            Self::Plain => format!("calls: call (\"\\n\" call){{0,{more}}}\n"),
            Self::Tagged => format!(
                "calls: \"{OPEN}\" opened\nopened: \"\\n\" call \"\\n{CLOSE}\" (\"\\n{OPEN}\\n\" call \"\\n{CLOSE}\"){{0,{more}}}\n"
            ),
        };
        let names: Vec<_> = (0..tools.len()).map(|i| format!("call_{i}")).collect();
        let _ = writeln!(lark, "call: {}", names.join(" | "));
        for (i, tool) in tools.iter().enumerate() {
            let open = Value::from(opening(&tool.name));
            let _ = writeln!(lark, "call_{i}: {open} arguments_{i} \"}}\"");
            let _ = writeln!(lark, "arguments_{i}: %json {}", bounded(&tool.parameters));
        }
        lark
    }
}

/// Text that does not begin like a call.
const TEXT: &str = "TEXT: /[^{\\s](.|\\n)*/\n";

/// The opening tag of a call, for models that tag their calls.
pub(super) const OPEN: &str = "<tool_call>";
/// The closing tag of a call.
pub(super) const CLOSE: &str = "</tool_call>";

/// Returns the beginning of a call to this tool.
pub(super) fn opening(name: &str) -> String {
    format!("{{\"name\": {}, \"arguments\": ", Value::from(name))
}

/// Returns the tools that the prompt allows the model to call.
pub(super) fn allowed(prompt: &Prompt) -> Vec<&Tool> {
    let is_permitted = |tool: &&Tool| match &prompt.choice {
        Choice::None => false,
        Choice::Tool(name) => *name == tool.name,
        Choice::Auto | Choice::Required => true,
    };
    prompt.tools.iter().filter(is_permitted).collect()
}
