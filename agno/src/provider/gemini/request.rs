//! Writes the body of a request in one pass from borrowed data.

use super::contents::Contents;
use super::model::GenerateContent;
use crate::model::{ModelError, OutputSchema, Request, ToolChoice};
use crate::provider::codec::body::{Body, Section};
use crate::provider::codec::declaration::schema_of;
use crate::provider::strategy::with_schema_text;
use crate::schema::dialect;

/// The fields that `extra` must not contain, because agno sets them.
const RESERVED: [&str; 4] = ["model", "contents", "systemInstruction", "tools"];
/// The objects that `extra` can extend.
const SECTIONS: [&str; 2] = ["generationConfig", "toolConfig"];

/// Writes the body of a request.
pub(super) fn write(api: &GenerateContent, request: &Request<'_>) -> Result<Vec<u8>, ModelError> {
    let mut body = Body::for_request(request);
    let settings = request.settings;
    // With a cache, the API accepts instructions and tools only from the cache.
    let is_cached = settings.has_extra("cachedContent");
    // Gemini 3 and later can combine Google's tools with a schema. Earlier generations receive the schema as text.
    let has_own_tools = !settings.provider_tools.is_empty();
    let output = request
        .output
        .filter(|_| !has_own_tools || api.family.is_gemini_3_or_later());
    let text = match request.output {
        Some(expected) if output.is_none() => Some(with_schema_text(
            request.instructions,
            expected.declaration(dialect::Gemini),
        )),
        _ => None,
    };
    let instructions = text.as_deref().unwrap_or(request.instructions);
    body.raw("{");
    let has_instructions = !instructions.is_empty() && !is_cached;
    if has_instructions && !api.family.is_gemma {
        body.raw_field("systemInstruction", r#"{"parts":[{"text":"#);
        body.text(instructions);
        body.raw("}]}");
    }
    body.key("contents");
    body.raw("[");
    let mut contents = Contents::new(&mut body, api, request.messages);
    // Gemma does not support system instructions.
    if has_instructions && api.family.is_gemma {
        contents.instructions(instructions);
    }
    contents.messages(request.messages);
    body.raw("]");
    if !is_cached {
        tools(&mut body, api, request)?;
    }
    body.section(settings, "generationConfig", |section| {
        generation(section, api, request, output)
    })?;
    let tier = settings.service_tier.as_ref().filter(|_| !api.is_vertex);
    body.setting(settings, "serviceTier", tier)?;
    body.extras_outside(settings, &RESERVED, &SECTIONS)?;
    body.raw("}");
    Ok(body.into_bytes())
}

fn tools(body: &mut Body, api: &GenerateContent, request: &Request<'_>) -> Result<(), ModelError> {
    let provider_tools = &request.settings.provider_tools;
    let has_functions = !request.tools.is_empty();
    if has_functions || !provider_tools.is_empty() {
        body.key("tools");
        body.raw("[");
        if has_functions {
            body.raw(r#"{"functionDeclarations":["#);
            request.tools.for_each(dialect::Gemini, &mut |tool| {
                body.comma();
                body.raw(tool.json);
            });
            body.raw("]}");
        }
        for tool in provider_tools {
            body.comma();
            body.value(tool)?;
        }
        body.raw("]");
    }
    let is_mixed = has_functions && !provider_tools.is_empty() && api.family.is_gemini_3_or_later();
    body.section(request.settings, "toolConfig", |section| {
        if has_functions {
            let mode = match request.tool_choice {
                // Together with Google's own tools, the automatic choice uses a separate mode.
                ToolChoice::Auto if is_mixed => Some(r#"{"mode":"VALIDATED"}"#.to_owned()),
                ToolChoice::Auto => None,
                ToolChoice::Required => Some(r#"{"mode":"ANY"}"#.to_owned()),
                ToolChoice::None => Some(r#"{"mode":"NONE"}"#.to_owned()),
                ToolChoice::Tool(name) => {
                    let name = serde_json::Value::from(name);
                    Some(format!(r#"{{"mode":"ANY","allowedFunctionNames":[{name}]}}"#))
                }
            };
            if let Some(mode) = mode {
                section.raw_field("functionCallingConfig", &mode);
            }
        }
        if is_mixed && !api.is_vertex {
            section.raw_field("includeServerSideToolInvocations", "true");
        }
        Ok(())
    })
}

fn generation(
    section: &mut Section<'_>,
    api: &GenerateContent,
    request: &Request<'_>,
    output: Option<OutputSchema<'_>>,
) -> Result<(), ModelError> {
    let settings = request.settings;
    section.setting("temperature", settings.temperature)?;
    section.setting("topP", settings.top_p)?;
    section.setting("topK", settings.top_k)?;
    section.setting("maxOutputTokens", settings.max_tokens)?;
    section.setting(
        "stopSequences",
        Some(&settings.stop).filter(|stop| !stop.is_empty()),
    )?;
    // Gemini accepts only seeds of up to 31 bits.
    section.setting("seed", settings.seed.map(|seed| seed & 0x7fff_ffff))?;
    // The Gemini API rejects penalties for Gemini 2.5. Penalties affect only style, so omit them.
    let has_penalties = api.is_vertex || !api.family.is_gemini_2_5();
    section.setting(
        "frequencyPenalty",
        settings.frequency_penalty.filter(|_| has_penalties),
    )?;
    section.setting(
        "presencePenalty",
        settings.presence_penalty.filter(|_| has_penalties),
    )?;
    section.setting("responseLogprobs", settings.logprobs.map(|_| true))?;
    section.setting("logprobs", settings.logprobs.filter(|others| *others > 0))?;
    if let Some(thinking) = thinking(api, request) {
        section.raw_field("thinkingConfig", &thinking);
    }
    if let Some(output) = output {
        section.raw_field("responseMimeType", r#""application/json""#);
        // agno renders schemas in Gemini's dialect; declarations from other sources are JSON Schema.
        let key = if output.is_in_dialect() {
            "responseSchema"
        } else {
            "responseJsonSchema"
        };
        section.raw_field(key, schema_of(&output, dialect::Gemini)?);
    }
    Ok(())
}

/// Returns the thinking configuration. The API accepts either a level or a budget, but not both.
fn thinking(api: &GenerateContent, request: &Request<'_>) -> Option<String> {
    let settings = request.settings;
    let effort = settings.reasoning_effort.as_deref();
    let include_thoughts = |budget| {
        if budget == 0 {
            ""
        } else {
            r#","includeThoughts":true"#
        }
    };
    if api.family.is_gemini_3_or_later()
        && let Some(effort) = effort
    {
        let level = serde_json::Value::from(api.family.level(effort));
        return Some(format!(r#"{{"thinkingLevel":{level}{}}}"#, include_thoughts(1)));
    }
    let supported_effort = || effort.filter(|_| api.family.is_gemini_2_5());
    let budget = settings
        .reasoning_tokens
        .or_else(|| api.family.budget(supported_effort()?))?;
    Some(format!(
        r#"{{"thinkingBudget":{budget}{}}}"#,
        include_thoughts(budget)
    ))
}
