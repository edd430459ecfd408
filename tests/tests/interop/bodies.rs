//! Request bodies for every kind of request to every provider. `fields.rs` checks them against the table of fields;
//! `make interop` writes them to files, which `scripts/interop/bodies.py` checks against the types of the official SDKs.

use std::path::PathBuf;

use agno::agent::Declared;
use agno::message::{Content, Media, Part, Reasoning};
use agno::model::{
    Declarations, Model, ModelErrorKind, OutputSchema, OutputStrategy, PromptCache, Request, Settings,
    ToolChoice, ToolDeclaration, Tools,
};
use agno::prelude::{Schema, Serialize, agent, tool, toolkit};
use agno::schema::AnyDialect;
use agno::tool::Toolset;
use agno::{Message, ToolResult};
use agno_tests::server::{Answer, Server};
use agno_tests::{require, streamed};
use serde_json::json;

use crate::model_at;

/// Providers, by their names in agno, each with models whose requests differ.
const MODELS: [(&str, &[&str]); 8] = [
    ("openai", &["gpt-4.1", "gpt-5-mini"]),
    ("openai-responses", &["gpt-4.1", "gpt-5-mini"]),
    ("anthropic", &["claude-sonnet-4-5", "claude-opus-4-7"]),
    ("gemini", &["gemini-2.5-flash", "gemini-3-flash"]),
    ("ollama", &["qwen3"]),
    ("cohere", &["command-a-03-2025", "command-a-reasoning-08-2025"]),
    ("mistral", &["mistral-large-latest", "magistral-medium-latest"]),
    (
        "bedrock",
        &[
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "us.amazon.nova-pro-v1:0",
        ],
    ),
];

/// A destination.
#[derive(Debug, Schema, Serialize, serde::Deserialize)]
struct Place {
    /// Name of the place.
    #[schema(len = 1..=80)]
    name: String,
    /// Kind of place.
    kind: Option<Kind>,
    /// Nearby places.
    near: Vec<Place>,
}

/// A kind of place.
#[derive(Debug, Schema, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    City,
    Village,
}

/// Plans trips.
#[agent(instructions = "Plan.", tools = [self, now], output = Place)]
struct Planner;

/// A weather report.
#[derive(Debug, Schema, Serialize, serde::Deserialize)]
struct Report {
    /// City name.
    city: String,
    /// Temperature in degrees Celsius.
    degrees: i8,
}

/// Reports the weather.
#[agent(instructions = "Report.", output = Report)]
struct Reporter;

#[toolkit]
impl Planner {
    /// Returns the weather in a city.
    #[tool(read_only)]
    fn weather(
        &self,
        /// City name.
        #[arg(len = 1..=80, pattern = "^[A-Z]")]
        city: &str,
        /// Number of days.
        #[arg(range = 1..=14, default = 3)]
        days: u32,
        /// Exact location.
        place: Option<Place>,
    ) -> String {
        format!("{city} {days} {place:?}")
    }
}

/// Returns the current time.
#[tool]
fn now() -> &'static str {
    "noon"
}

/// The planner's tools, declared in the requested dialect.
struct Offered;

impl Declarations for Offered {
    fn len(&self) -> usize {
        Planner.tools().len()
    }

    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        Planner.tools().declare(dialect, &mut |spec, json| {
            visit(ToolDeclaration::new(spec.name, spec.description, json));
        });
    }
}

/// Returns a conversation with the provider's reasoning and three parallel calls, of which the first succeeded, the
/// second failed and the third did not run.
fn conversation(provider: &'static str) -> Vec<Message> {
    let mut reasoning = Reasoning::default();
    reasoning.text = "It asks for two cities.".into();
    reasoning.signature = Some("c2lnbmF0dXJl".into());
    let mut answer: Message = serde_json::from_value(json!({"role": "assistant", "provider": provider, "parts": [
        {"type": "text", "text": "Let me see."},
        {"type": "call", "id": "call_1abcdefg", "name": "weather", "arguments": "{\"city\":\"Oslo\",\"days\":2,\"place\":null}"},
        {"type": "call", "id": "call_2abcdefg", "name": "weather", "arguments": "{\"city\":\"Rome\",\"days\":2,\"place\":null}"},
        {"type": "call", "id": "call_3abcdefg", "name": "now", "arguments": "{}"},
    ]}))
    .unwrap();
    if let Message::Assistant(message) = &mut answer {
        let mut parts = vec![Part::from(reasoning)];
        parts.extend(message.parts.iter().cloned());
        message.parts = parts.into();
        let results = [
            ToolResult::from_text("4 °C,\n\"rain\""),
            ToolResult::error("no such city"),
        ];
        for (call, result) in message.calls_mut().zip(results) {
            call.result = Some(result);
        }
    }
    vec![
        Message::user("Is it cold in Oslo and Rome?"),
        answer,
        Message::assistant("In Oslo."),
        Message::user("And\u{2028}now? 🦀"),
    ]
}

/// A request to test.
struct Case {
    name: &'static str,
    messages: Vec<Message>,
    build: fn(Request<'_>) -> Request<'_>,
    settings: Settings,
}

fn cases(provider: &'static str) -> Vec<Case> {
    let hello = || vec![Message::user("Hello")];
    let case = |name, messages, build, settings| Case {
        name,
        messages,
        build,
        settings,
    };
    let plain = Settings::new;
    let image = || Content::image(Media::bytes([0xff, 0xd8, 0xff], "image/jpeg"));
    let linked_image = || Content::image(Media::url("https://shop.example/cat.png", "image/png"));
    let document = || Content::document(Media::bytes(b"%PDF-1.7", "application/pdf").with_name("a.pdf"));
    let mut budget = plain().with_max_tokens(9000);
    budget.reasoning_tokens = Some(2000);
    let mut short = plain();
    short.prompt_cache = Some(PromptCache::Short);
    let mut with_logprobs = plain();
    with_logprobs.logprobs = Some(3);
    with_logprobs.parallel_tool_calls = Some(false);
    let by = |strategy| {
        let mut settings = Settings::new();
        settings.output_strategy = Some(strategy);
        settings
    };
    let result = ToolResult::new(vec![Content::text("The image:"), image()]);
    let mut with_image = conversation(provider);
    if let Some(Message::Assistant(message)) = with_image.get_mut(1) {
        for call in message.calls_mut() {
            call.result = Some(result.clone());
        }
    }
    vec![
        case("bare", hello(), |request| request, plain()),
        case(
            "instructions",
            hello(),
            |request| request.with_instructions("Be \"brief\"."),
            plain(),
        ),
        case("conversation", conversation(provider), with_tools, plain()),
        case(
            "any_tool",
            hello(),
            |request| with_tools(request).with_tool_choice(ToolChoice::Required),
            plain(),
        ),
        case(
            "no_tool",
            conversation(provider),
            |request| with_tools(request).with_tool_choice(ToolChoice::None),
            plain(),
        ),
        case(
            "specific_tool",
            hello(),
            |request| with_tools(request).with_tool_choice(ToolChoice::Tool("now")),
            plain(),
        ),
        case("output", hello(), with_output, plain()),
        case(
            "output_with_tools",
            conversation(provider),
            |request| with_output(with_tools(request)),
            plain(),
        ),
        case(
            "flat_output",
            hello(),
            |request| request.with_output(Reporter::output_schema(AnyDialect::OpenAi)),
            plain(),
        ),
        case("output_as_tool", hello(), with_output, by(OutputStrategy::Tool)),
        case(
            "output_in_prompt",
            hello(),
            with_output,
            by(OutputStrategy::Prompt),
        ),
        case(
            "image",
            vec![Message::user([Content::text("What is it?"), image()])],
            |request| request,
            plain(),
        ),
        case(
            "linked_image",
            vec![Message::user([Content::text("What is it?"), linked_image()])],
            |request| request,
            plain(),
        ),
        case(
            "document",
            vec![Message::user([Content::text("Sum it up."), document()])],
            |request| request,
            plain(),
        ),
        case("image_in_result", with_image, with_tools, plain()),
        case(
            "sampling",
            hello(),
            |request| request,
            plain().with_temperature(0.5).with_max_tokens(100),
        ),
        case(
            "stops",
            hello(),
            |request| request,
            plain().with_stop("END").with_stop("DONE"),
        ),
        case(
            "more_sampling",
            hello(),
            |request| request,
            plain().with_top_p(0.9).with_seed(7),
        ),
        case("penalties", hello(), |request| request, {
            let mut settings = plain();
            settings.frequency_penalty = Some(0.5);
            settings.presence_penalty = Some(0.25);
            settings.top_k = Some(40);
            settings
        }),
        case(
            "effort",
            conversation(provider),
            with_tools,
            plain().with_reasoning_effort("high"),
        ),
        case("budget", conversation(provider), with_tools, budget),
        case(
            "cached",
            conversation(provider),
            |request| with_tools(request).with_instructions("Be brief."),
            short,
        ),
        case("logprobs", hello(), with_tools, with_logprobs),
    ]
}

fn with_tools(request: Request<'_>) -> Request<'_> {
    request.with_tools(Tools::new(&Offered))
}

fn with_output(request: Request<'_>) -> Request<'_> {
    request.with_output(output())
}

/// Returns the planner's output schema, declared in the requested dialect.
fn output() -> Option<OutputSchema<'static>> {
    Planner::output_schema(AnyDialect::OpenAi)
}

/// A request body.
pub(crate) struct Body {
    /// Provider name.
    pub(crate) api: &'static str,
    /// Provider, model, case, and `complete` or `streamed`, separated by dots.
    pub(crate) name: String,
    /// JSON text.
    pub(crate) text: String,
}

/// Returns the body of every case for every model, and the names of the cases that agno rejects.
pub(crate) async fn bodies() -> (Vec<Body>, Vec<String>) {
    let (mut bodies, mut rejected) = (Vec::new(), Vec::new());
    for (api, models) in MODELS {
        for model_name in models {
            for case in cases(api) {
                for streams in [false, true] {
                    let request = Request::new(case.messages.as_slice()).with_settings(&case.settings);
                    // Any response works, because the test uses only the request.
                    let server = Server::start([Answer::error(400, "{}")]).await;
                    let model = model_at(api, model_name, &server.url);
                    let request = (case.build)(request);
                    let error = if streams {
                        streamed(&model, request).await.unwrap_err()
                    } else {
                        model.complete(request).await.unwrap_err()
                    };
                    let name = format!("{api}.{model_name}.{}", case.name);
                    let Some(received) = server.requests().pop() else {
                        assert_eq!(error.kind(), ModelErrorKind::Unsupported, "{name}: {error}");
                        rejected.push(name);
                        continue;
                    };
                    let way = if streams { "streamed" } else { "complete" };
                    bodies.push(Body {
                        api,
                        name: format!("{name}.{way}"),
                        text: received.body,
                    });
                }
            }
        }
    }
    rejected.dedup();
    (bodies, rejected)
}

#[tokio::test]
#[ignore = "needs the types of the official SDKs; run `make interop`"]
async fn request_bodies_are_written_to_files_for_the_official_sdks() {
    let dir = PathBuf::from(require("AGNO_INTEROP_BODIES"));
    for body in bodies().await.0 {
        std::fs::write(dir.join(format!("{}.json", body.name)), body.text).unwrap();
    }
}
