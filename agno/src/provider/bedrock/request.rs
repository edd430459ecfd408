//! Writes the body of a request in one pass from borrowed data.

use std::collections::BTreeSet;

use super::content;
use crate::message::Message;
use crate::model::{ModelError, OutputSchema, PromptCache, Request, ToolChoice};
use crate::provider::claude::fit_schema::Shape;
use crate::provider::claude::turns::{MAX_ID, Role, Turns, is_blank, is_sendable};
use crate::provider::claude::{Claude, ClaudeSettings, Thinking};
use crate::provider::codec::body::Body;
use crate::provider::codec::calls::{CallIds, IdFormat, tool_name};
use crate::provider::codec::declaration::RawDeclaration;
use crate::schema::dialect;

/// The fields that `extra` must not contain, because agno sets them.
const RESERVED: [&str; 3] = ["messages", "system", "toolConfig"];

/// The family of a model. Each family accepts its own fields in addition to Converse's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Claude,
    Nova,
    Mistral,
    GptOss,
    Other,
}

impl Family {
    fn from_name(model: &str) -> Self {
        match model.to_ascii_lowercase() {
            _ if Claude::from_name(model).is_some() => Self::Claude,
            name if name.contains("nova") => Self::Nova,
            name if name.contains("mistral") || name.contains("pixtral") => Self::Mistral,
            name if name.contains("gpt-oss") => Self::GptOss,
            _ => Self::Other,
        }
    }
}

/// Writes the request body for a model.
pub(super) fn write(model: &str, shape: &Shape, request: &Request<'_>) -> Result<Vec<u8>, ModelError> {
    let family = Family::from_name(model);
    let forced = matches!(request.tool_choice, ToolChoice::Required | ToolChoice::Tool(_));
    let claude_settings = ClaudeSettings::new(model, request.settings, forced && !request.tools.is_empty());
    let cache_point = request.settings.prompt_cache.map(|cache| match cache {
        PromptCache::Short => r#"{"cachePoint":{"type":"default"}}"#,
        PromptCache::Hour => r#"{"cachePoint":{"type":"default","ttl":"1h"}}"#,
    });
    let mut body = Body::for_request(request);
    body.raw("{");
    if !is_blank(request.instructions) {
        body.raw_field("system", "[{");
        body.text_field("text", request.instructions);
        body.raw("}");
        if let Some(cache_point) = cache_point {
            body.comma();
            body.raw(cache_point);
        }
        body.raw("]");
    }
    messages(&mut body, family, request, cache_point)?;
    let supports_tool_choice = Claude::from_name(model).is_some_and(Claude::supports_tool_choice_on_bedrock);
    let choice = tools(
        &mut body,
        supports_tool_choice,
        request,
        &claude_settings,
        cache_point,
    )?;
    inference(&mut body, family, request, &claude_settings)?;
    if let Some(output) = request
        .output
        .filter(|_| !request.settings.has_extra("outputConfig"))
    {
        output_config(&mut body, shape, output)?;
    }
    additional(&mut body, family, request, &claude_settings, choice.as_deref())?;
    if let Some(tier) = &request.settings.service_tier
        && !request.settings.has_extra("serviceTier")
    {
        body.raw_field("serviceTier", "{");
        body.text_field("type", tier);
        body.raw("}");
    }
    body.extras(request.settings, &RESERVED)?;
    body.raw("}");
    Ok(body.into_bytes())
}

fn messages(
    body: &mut Body,
    family: Family,
    request: &Request<'_>,
    cache_point: Option<&str>,
) -> Result<(), ModelError> {
    let supports_error_status = matches!(family, Family::Claude | Family::Nova);
    let format = match family {
        Family::Mistral => IdFormat::Nine,
        _ => IdFormat::Plain(MAX_ID),
    };
    let ids = CallIds::new(request.messages, format);
    let mut turns = Turns::new(body);
    let count = request.messages.len();
    let mut documents = 0;
    for (at, message) in request.messages.iter().enumerate() {
        match message {
            Message::User(message) => {
                for part in message.content.iter().filter(|part| is_sendable(part)) {
                    documents = usize::saturating_add(documents, 1);
                    content::content_part(turns.body_for(Role::User), part, documents)?;
                    turns.mark_user_block();
                }
            }
            Message::Assistant(message) => {
                if content::has_sendable(message) {
                    let is_last = at.saturating_add(1) == count && !message.has_calls();
                    content::assistant_content(turns.body_for(Role::Assistant), message, at, is_last, &ids);
                }
                for (index, call) in message.calls().enumerate() {
                    let id = ids.id(call, at, index);
                    content::result(turns.body_for(Role::User), call, id, supports_error_status)?;
                    turns.mark_user_block();
                }
            }
        }
    }
    if let (Some(at), Some(cache_point)) = (turns.finish(), cache_point) {
        body.insert(at, &format!(",{cache_point}"));
    }
    Ok(())
}

/// Writes the tools, and returns the part of Claude's tool choice that Converse cannot express.
///
/// The part forbids calls or limits them to one. If calls are forbidden and `supports_tool_choice` is `false`, tools
/// are declared only if earlier calls require them, because the API rejects a conversation that contains calls but
/// declares no tools.
fn tools(
    body: &mut Body,
    supports_tool_choice: bool,
    request: &Request<'_>,
    claude_settings: &ClaudeSettings<'_>,
    cache_point: Option<&str>,
) -> Result<Option<String>, ModelError> {
    let earlier = request.messages.iter().flat_map(Message::calls);
    let earlier: BTreeSet<_> = earlier.map(|call| tool_name(&call.name)).collect();
    let provided = &request.settings.provider_tools;
    let declared = !(request.tools.is_empty() && provided.is_empty())
        && (request.tool_choice != ToolChoice::None || supports_tool_choice || !earlier.is_empty());
    if !declared && earlier.is_empty() {
        return Ok(None);
    }
    body.raw_field("toolConfig", r#"{"tools":["#);
    if declared {
        for tool in provided {
            body.comma();
            body.value(tool)?;
        }
        let mut failed = None;
        request.tools.for_each(dialect::Anthropic, &mut |declared| {
            if let Err(error) = tool(body, declared.json) {
                failed = Some(error);
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
    } else {
        for name in &earlier {
            body.comma();
            body.raw(r#"{"toolSpec":{"#);
            body.text_field("name", name);
            body.raw(r#","inputSchema":{"json":{"type":"object"}}}}"#);
        }
    }
    if let Some(cache_point) = cache_point {
        body.comma();
        body.raw(cache_point);
    }
    body.raw("]");
    let forced = declared && claude_settings.forces_tools;
    let kind = match request.tool_choice {
        ToolChoice::Required if forced => {
            body.raw_field("toolChoice", r#"{"any":{}}"#);
            None
        }
        ToolChoice::Tool(name) if forced => {
            body.raw_field("toolChoice", r#"{"tool":{"#);
            body.text_field("name", name);
            body.raw("}}");
            None
        }
        ToolChoice::None => Some("none"),
        _ => Some("auto"),
    };
    body.raw("}");
    let parallel = request.settings.parallel_tool_calls;
    // A kind that `toolChoice` already contains must not be repeated.
    Ok(match (kind, parallel.map(|parallel| !parallel)) {
        _ if !supports_tool_choice => None,
        (Some("none"), _) => Some(r#"{"type":"none"}"#.to_owned()),
        (Some(kind), Some(disable_parallel)) => Some(format!(
            r#"{{"type":"{kind}","disable_parallel_tool_use":{disable_parallel}}}"#
        )),
        (None, Some(disable_parallel)) => {
            Some(format!(r#"{{"disable_parallel_tool_use":{disable_parallel}}}"#))
        }
        (_, None) => None,
    })
}

/// Writes the declaration of a tool in Amazon's format.
fn tool(body: &mut Body, declaration: &str) -> Result<(), ModelError> {
    let tool = RawDeclaration::parse_tool(declaration)?;
    body.comma();
    body.raw(r#"{"toolSpec":{"#);
    body.raw_field("name", tool.name);
    if let Some(description) = tool.description {
        body.raw_field("description", description);
    }
    body.raw_field("inputSchema", r#"{"json":"#);
    body.raw(tool.input_schema);
    body.raw("}}}");
    Ok(())
}

/// Writes the sampling parameters and limits that Converse defines for all models.
fn inference(
    body: &mut Body,
    family: Family,
    request: &Request<'_>,
    claude_settings: &ClaudeSettings<'_>,
) -> Result<(), ModelError> {
    let settings = request.settings;
    if settings.has_extra("inferenceConfig") {
        return Ok(());
    }
    // A thinking budget requires an explicit token limit above the budget. With neither `max_tokens` nor a budget, the
    // model's own limit applies.
    let limited = settings.max_tokens.is_some() || matches!(claude_settings.thinking, Thinking::Budget(_));
    let claude = family == Family::Claude;
    let max_tokens = Some(claude_settings.max_tokens)
        .filter(|_| limited && claude)
        .or(settings.max_tokens);
    let temperature = if claude {
        claude_settings.temperature
    } else {
        settings.temperature
    };
    let top_p = if claude {
        claude_settings.top_p
    } else {
        settings.top_p
    };
    // Nova accepts high effort only without these parameters.
    let is_high_effort = family == Family::Nova && settings.reasoning_effort.as_deref() == Some("high");
    let (max_tokens, temperature, top_p) = if is_high_effort {
        (None, None, None)
    } else {
        (max_tokens, temperature, top_p)
    };
    if max_tokens.is_none() && temperature.is_none() && top_p.is_none() && settings.stop.is_empty() {
        return Ok(());
    }
    body.raw_field("inferenceConfig", "{");
    body.setting(settings, "maxTokens", max_tokens)?;
    body.setting(settings, "temperature", temperature)?;
    body.setting(settings, "topP", top_p)?;
    if !settings.stop.is_empty() {
        body.field("stopSequences", &settings.stop)?;
    }
    body.raw("}");
    Ok(())
}

/// Writes the output schema, which Converse expects as a string.
fn output_config(body: &mut Body, shape: &Shape, output: OutputSchema<'_>) -> Result<(), ModelError> {
    let declaration = output.declaration(dialect::Anthropic);
    let schema = match shape.fit(declaration) {
        Some(schema) => schema,
        // Native output is forced, so send the schema anyway; the API reports the unsupported parts.
        None => RawDeclaration::parse_output(&output, dialect::Anthropic)?
            .schema
            .into(),
    };
    body.raw_field(
        "outputConfig",
        r#"{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"#,
    );
    body.text_field("schema", &schema);
    body.text_field("name", output.name);
    body.raw("}}}}");
    Ok(())
}

/// Writes the fields that only this family of models accepts.
fn additional(
    body: &mut Body,
    family: Family,
    request: &Request<'_>,
    claude_settings: &ClaudeSettings<'_>,
    choice: Option<&str>,
) -> Result<(), ModelError> {
    let settings = request.settings;
    if settings.has_extra("additionalModelRequestFields") {
        return Ok(());
    }
    let start = body.len();
    body.raw_field("additionalModelRequestFields", "{");
    let empty = body.len();
    match family {
        Family::Claude => {
            thinking(body, claude_settings)?;
            if let Some(effort) = claude_settings.effort {
                body.raw_field("output_config", "{");
                body.text_field("effort", effort);
                body.raw("}");
            }
            if let Some(top_k) = claude_settings.top_k {
                body.field("top_k", &top_k)?;
            }
            if let Some(choice) = choice {
                body.raw_field("tool_choice", choice);
            }
        }
        Family::Nova => {
            if let Some(effort) = &settings.reasoning_effort {
                body.raw_field("reasoningConfig", r#"{"type":"enabled""#);
                body.text_field("maxReasoningEffort", effort);
                body.raw("}");
            }
            if let Some(top_k) = settings.top_k {
                body.raw_field("inferenceConfig", "{");
                body.field("topK", &top_k)?;
                body.raw("}");
            }
        }
        Family::GptOss => {
            if let Some(effort) = &settings.reasoning_effort {
                body.text_field("reasoning_effort", effort);
            }
        }
        Family::Mistral | Family::Other => {}
    }
    if body.len() == empty {
        body.truncate(start);
    } else {
        body.raw("}");
    }
    Ok(())
}

fn thinking(body: &mut Body, claude_settings: &ClaudeSettings<'_>) -> Result<(), ModelError> {
    claude_settings.check()?;
    claude_settings.thinking.write(body)
}
