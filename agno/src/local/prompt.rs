//! What is asked of the engine: plain, owned data that can go to the thread that runs the weights.

use serde_json::Value;

use crate::message::{Content, Message, Part};
use crate::model::{ModelError, ModelErrorKind, Request, ToolChoice};
use crate::schema::dialect;

/// One request, with nothing borrowed.
#[derive(Debug, Clone, Default)]
pub(super) struct Prompt {
    pub(super) instructions: String,
    pub(super) turns: Vec<Turn>,
    pub(super) tools: Vec<Tool>,
    pub(super) choice: Choice,
    /// The schema the answer must have.
    pub(super) output: Option<Value>,
    pub(super) sampling: Sampling,
    pub(super) max_tokens: usize,
    pub(super) stop: Vec<String>,
    /// Whether the answer may ask for several calls.
    pub(super) parallel: bool,
    /// Whether a model that can think aloud first should.
    pub(super) thinking: bool,
}

/// One turn of the conversation.
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

/// A tool as the model is told of it.
#[derive(Debug, Clone)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) parameters: Value,
}

/// Whether tools may be called.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Choice {
    #[default]
    Auto,
    Required,
    None,
    Tool(String),
}

/// How the next token is picked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sampling {
    /// 0 picks the likeliest.
    pub(super) temperature: f32,
    pub(super) top_p: Option<f32>,
    pub(super) seed: Option<u64>,
}

/// The most tokens an answer has when the settings do not say.
const MAX_TOKENS: usize = 1024;

impl Prompt {
    /// Copies what a request borrows.
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

    /// Calls made so far in the conversation: the number of the next one.
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

/// Checks that a request holds text only, which is all that the weights read.
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
            "the embedded model reads text only; leave images, audio and documents out, or use another model";
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
