//! The input of the engine: plain, owned data that can be sent to the model's thread.

use serde_json::Value;

use crate::message::{Content, Message, Part};
use crate::model::{ModelError, ModelErrorKind, Request, ToolChoice};
use crate::schema::dialect;

/// A request with owned data.
#[derive(Debug, Clone, Default)]
pub(super) struct Prompt {
    pub(super) instructions: String,
    pub(super) turns: Vec<Turn>,
    pub(super) tools: Vec<Tool>,
    pub(super) choice: Choice,
    /// The schema of the answer, if the output is structured.
    pub(super) output: Option<Value>,
    pub(super) sampling: Sampling,
    pub(super) max_tokens: usize,
    pub(super) stop: Vec<String>,
    /// `true` if the answer may contain several calls.
    pub(super) parallel: bool,
    /// `true` if a model that supports reasoning should use it.
    pub(super) thinking: bool,
}

/// A turn of the conversation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Turn {
    User(String),
    Assistant { text: String, calls: Vec<Call> },
}

/// An earlier call with its result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: String,
    pub(super) result: String,
}

/// A tool as it is described to the model.
#[derive(Debug, Clone)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) parameters: Value,
}

/// The policy for tool calls.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Choice {
    #[default]
    Auto,
    Required,
    None,
    Tool(String),
}

/// The settings for picking the next token.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sampling {
    /// The temperature. 0 picks the most likely token.
    pub(super) temperature: f32,
    pub(super) top_p: Option<f32>,
    pub(super) seed: Option<u64>,
}

/// Maximum number of tokens in an answer if the settings specify no limit.
const MAX_TOKENS: usize = 1024;

impl Prompt {
    /// Copies the data that a request borrows.
    pub(super) fn new(request: &Request<'_>) -> Result<Self, ModelError> {
        let settings = request.settings;
        check_text_only(request)?;
        let mut tools = Vec::with_capacity(request.tools.len());
        let mut unreadable = None;
        request.tools.for_each(
            dialect::JsonSchema,
            &mut |tool| match serde_json::from_str::<Value>(tool.json) {
                Ok(mut value) => tools.push(Tool {
                    name: tool.name.to_owned(),
                    description: tool.description.to_owned(),
                    parameters: value["parameters"].take(),
                }),
                Err(source) => unreadable = Some((tool.name.to_owned(), source)),
            },
        );
        if let Some((name, source)) = unreadable {
            let text = format!("the declaration of tool `{name}` is not JSON");
            return Err(ModelError::new(ModelErrorKind::BadRequest, text).with_source(source));
        }
        let output = match request.output {
            None => None,
            Some(output) => match serde_json::from_str::<Value>(output.declaration(dialect::JsonSchema)) {
                Ok(mut value) => Some(value["schema"].take()),
                Err(source) => {
                    let text = format!("the declaration of output `{}` is not JSON", output.name);
                    return Err(ModelError::new(ModelErrorKind::BadRequest, text).with_source(source));
                }
            },
        };
        let choice = match request.tool_choice {
            ToolChoice::Auto => Choice::Auto,
            ToolChoice::Required => Choice::Required,
            ToolChoice::None => Choice::None,
            ToolChoice::Tool(name) if tools.iter().any(|tool| tool.name == name) => {
                Choice::Tool(name.to_owned())
            }
            ToolChoice::Tool(name) => {
                let text = format!("tool `{name}` must be called, but is not among the tools");
                return Err(ModelError::new(ModelErrorKind::BadRequest, text));
            }
        };
        Ok(Self {
            instructions: request.instructions.to_owned(),
            turns: request.messages.iter().filter_map(turn).collect(),
            tools,
            choice,
            output,
            sampling: Sampling {
                temperature: settings.temperature.unwrap_or(0.0),
                top_p: settings.top_p,
                seed: settings.seed,
            },
            max_tokens: settings
                .max_tokens
                .map_or(MAX_TOKENS, |n| n.try_into().unwrap_or(usize::MAX)),
            stop: settings
                .stop
                .iter()
                .filter(|stop| !stop.is_empty())
                .cloned()
                .collect(),
            parallel: settings.parallel_tool_calls.unwrap_or(true),
            thinking: settings
                .reasoning_effort
                .as_deref()
                .is_some_and(|effort| effort != "none"),
        })
    }

    /// Returns the number of calls so far in the conversation. The IDs of new calls continue from this number.
    pub(super) fn call_count(&self) -> usize {
        self.turns
            .iter()
            .map(|turn| match turn {
                Turn::User(_) => 0,
                Turn::Assistant { calls, .. } => calls.len(),
            })
            .sum()
    }
}

/// Checks that a request contains only text, the only input that the weights support.
fn check_text_only(request: &Request<'_>) -> Result<(), ModelError> {
    let results = |message: &'_ Message| {
        message.calls().any(|call| {
            call.result
                .as_ref()
                .is_some_and(|result| has_media(&result.content))
        })
    };
    let found = request.messages.iter().any(|message| match message {
        Message::User(inner) => has_media(&inner.content),
        Message::Assistant(_) => results(message),
    });
    if found {
        let text =
            "the embedded model reads text only; remove images, audio and documents, or use another model";
        return Err(ModelError::new(ModelErrorKind::Unsupported, text));
    }
    Ok(())
}

fn has_media(content: &[Content]) -> bool {
    content.iter().any(|part| part.as_media().is_some())
}

fn turn(message: &Message) -> Option<Turn> {
    Some(match message {
        Message::User(_) => Turn::User(message.text().into_owned()),
        Message::Assistant(inner) => {
            let calls = inner
                .parts
                .iter()
                .filter_map(Part::as_call)
                .map(|call| Call {
                    name: call.name.clone(),
                    arguments: call.arguments.clone(),
                    result: call.result_text().into_owned(),
                })
                .collect();
            Turn::Assistant {
                text: inner.text().into_owned(),
                calls,
            }
        }
    })
}
