//! The ways to request output that matches a schema: the provider's native support, a tool whose arguments are the
//! answer, or instructions in text. The last two work with any provider and are implemented here.

use super::api::Api;
use super::codec::declaration::RawDeclaration;
use crate::model::{
    Declarations, Delta, FinishReason, ModelError, OutputSchema, OutputStrategy, Request, ToolChoice,
    ToolDeclaration, Tools,
};
use crate::schema::{AnyDialect, Dialect};

/// The name of the tool whose arguments are the final answer.
const FINAL: &str = "final_answer";
const DESCRIPTION: &str =
    "Submits your final answer. Call it once, with the complete answer, when you need no other tool.";

/// Calls `write` with the request, adapted to its output strategy. Returns the result of `write`, and an extractor for
/// the final answer if the answer is requested as a tool call.
pub(super) fn with_strategy<A: Api, T>(
    api: &A,
    request: Request<'_>,
    dialect: impl Dialect,
    write: impl FnOnce(&Request<'_>) -> Result<T, ModelError>,
) -> Result<(T, Option<FinalAnswerExtractor>), ModelError> {
    let Some(output) = request.output else {
        return Ok((write(&request)?, None));
    };
    let strategy = request.settings.output_strategy.unwrap_or_else(|| {
        if api.supports_output_schema(!request.tools.is_empty())
            && api.supports_schema(output.declaration(dialect))
        {
            OutputStrategy::Native
        } else {
            OutputStrategy::Tool
        }
    });
    match strategy {
        OutputStrategy::Native => Ok((write(&request)?, None)),
        OutputStrategy::Prompt => {
            let instructions = with_schema_text(request.instructions, output.declaration(dialect));
            let request = Request {
                instructions: &instructions,
                output: None,
                ..request
            };
            Ok((write(&request)?, None))
        }
        OutputStrategy::Tool => {
            let tools = WithFinal {
                tools: request.tools,
                declaration: as_tool(output, dialect)?,
            };
            let request = Request {
                tools: Tools::new(&tools),
                tool_choice: match request.tool_choice {
                    ToolChoice::None => ToolChoice::Tool(FINAL),
                    _ if request.tools.is_empty() => ToolChoice::Tool(FINAL),
                    ToolChoice::Auto => ToolChoice::Required,
                    other => other,
                },
                output: None,
                ..request
            };
            Ok((write(&request)?, Some(FinalAnswerExtractor::default())))
        }
    }
}

/// Appends the output schema to the instructions.
pub(super) fn with_schema_text(instructions: &str, declaration: &str) -> String {
    let separator = if instructions.is_empty() { "" } else { "\n\n" };
    format!(
        "{instructions}{separator}Give your final answer as JSON and nothing else: no prose, no code fence. It must fit the JSON Schema under `schema` here:\n{declaration}"
    )
}

/// Returns the declaration of the tool whose arguments are the final answer.
fn as_tool(output: OutputSchema<'_>, dialect: impl Dialect) -> Result<String, ModelError> {
    let declaration = RawDeclaration::parse_output(&output, dialect)?;
    let schema = declaration.schema;
    let strict = declaration
        .strict
        .map_or_else(String::new, |strict| format!(r#","strict":{strict}"#));
    let parameters = match dialect.any() {
        AnyDialect::Anthropic => "input_schema",
        _ => "parameters",
    };
    Ok(format!(
        r#"{{"name":"{FINAL}","description":"{DESCRIPTION}"{strict},"{parameters}":{schema}}}"#
    ))
}

/// The tools of a request, followed by the tool for the final answer.
struct WithFinal<'a> {
    tools: Tools<'a>,
    declaration: String,
}

impl Declarations for WithFinal<'_> {
    fn len(&self) -> usize {
        self.tools.len().saturating_add(1)
    }

    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        self.tools.for_each(dialect, visit);
        visit(ToolDeclaration::new(FINAL, DESCRIPTION, &self.declaration));
    }
}

/// Extracts the final answer that the model returned as a tool call.
#[derive(Debug, Default)]
pub(super) struct FinalAnswerExtractor {
    /// The index of the call that contains the answer.
    index: Option<usize>,
    /// `true` if the model also called other tools.
    has_calls: bool,
}

impl FinalAnswerExtractor {
    /// Converts the deltas of the call with the final answer to text.
    pub(super) fn extract(&mut self, deltas: &mut [Delta]) {
        for delta in deltas {
            match delta {
                Delta::CallStart { index, name, .. } if name == FINAL && self.index.is_none() => {
                    self.index = Some(*index);
                    *delta = Delta::Break;
                }
                Delta::CallStart { .. } => self.has_calls = true,
                Delta::Restart => *self = Self::default(),
                Delta::CallArguments { index, arguments } if self.index == Some(*index) => {
                    *delta = Delta::Text(std::mem::take(arguments));
                }
                Delta::CallSignature { index, signature } if self.index == Some(*index) => {
                    *delta = Delta::TextSignature(std::mem::take(signature));
                }
                Delta::Finish(finish) if *finish == FinishReason::ToolCalls && !self.has_calls => {
                    *finish = FinishReason::Stop;
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ReplyBuilder;

    #[test]
    fn a_final_answer_call_becomes_text_and_other_calls_are_unchanged() {
        let start = |index, name: &str| Delta::CallStart {
            index,
            id: "1".into(),
            name: name.into(),
        };
        let arguments = |index, text: &str| Delta::CallArguments {
            index,
            arguments: text.into(),
        };
        let read = |mut deltas: Vec<Delta>| {
            FinalAnswerExtractor::default().extract(&mut deltas);
            let mut builder = ReplyBuilder::new();
            deltas.iter().for_each(|delta| builder.push(delta));
            builder.finish().unwrap()
        };

        let single = read(vec![
            start(0, FINAL),
            arguments(0, r#"{"a""#),
            arguments(0, ":1}"),
            Delta::Finish(FinishReason::ToolCalls),
        ]);
        assert_eq!(single.message.text(), r#"{"a":1}"#);
        assert_eq!(single.finish_reason, FinishReason::Stop);
        assert!(!single.message.has_calls());

        let mixed = read(vec![
            start(0, "weather"),
            arguments(0, "{}"),
            start(1, FINAL),
            arguments(1, "{}"),
            Delta::Finish(FinishReason::ToolCalls),
        ]);
        assert_eq!(mixed.message.calls().count(), 1);
        assert_eq!(mixed.finish_reason, FinishReason::ToolCalls);
    }

    #[test]
    fn the_final_answer_tool_declares_the_schema_in_each_dialect() {
        let output = OutputSchema::new(
            "trip",
            r#"{"name":"trip","strict":true,"schema":{"type":"object"}}"#,
            None,
        );
        let openai = as_tool(output, AnyDialect::OpenAi).unwrap();
        assert!(
            openai.contains(r#""strict":true,"parameters":{"type":"object"}}"#),
            "{openai}"
        );
        let output = OutputSchema::new("trip", r#"{"name":"trip","schema":{"type":"object"}}"#, None);
        let anthropic = as_tool(output, AnyDialect::Anthropic).unwrap();
        assert!(
            anthropic.ends_with(r#""input_schema":{"type":"object"}}"#),
            "{anthropic}"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&anthropic).is_ok());
    }
}
