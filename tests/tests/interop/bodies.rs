//! The bodies of requests: every way of asking every provider. `fields.rs` holds them to the table of fields in every run;
//! `make interop` has them written into files, which `scripts/interop/bodies.py` holds to the types of the official SDKs.

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

/// Who is asked: agno's name of the provider, and models of it that are asked in different ways.
const ASKED: [(&str, &[&str]); 8] = [
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

/// A place to go to.
#[derive(Debug, Schema, Serialize, serde::Deserialize)]
struct Place {
    /// Its name.
    #[schema(len = 1..=80)]
    name: String,
    /// Its kind.
    kind: Option<Kind>,
    /// Places near it.
    near: Vec<Place>,
}

/// A kind of place.
#[derive(Debug, Schema, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    City,
    Village,
}

/// Plans.
#[agent(instructions = "Plan.", tools = [self, now], output = Place)]
struct Planner;

/// A weather report.
#[derive(Debug, Schema, Serialize, serde::Deserialize)]
struct Report {
    /// The city.
    city: String,
    /// The temperature in degrees Celsius.
    degrees: i8,
}

/// Reports.
#[agent(instructions = "Report.", output = Report)]
struct Reporter;

#[toolkit]
impl Planner {
    /// The weather in a city.
    #[tool(read_only)]
    fn weather(
        &self,
        /// The city.
        #[arg(len = 1..=80, pattern = "^[A-Z]")]
        city: &str,
        /// For how many days.
        #[arg(range = 1..=14, default = 3)]
        days: u32,
        /// Where exactly.
        place: Option<Place>,
    ) -> String {
        format!("{city} {days} {place:?}")
    }
}

/// What time it is.
#[tool]
fn now() -> &'static str {
    "noon"
}

/// The planner's tools, in whatever dialect is asked for.
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

/// A conversation with calls at once, one of which failed and one of which was not made, and thoughts of the provider's.
fn conversation(provider: &'static str) -> Vec<Message> {
    let mut thought = Reasoning::default();
    thought.text = "It asks for two cities.".into();
    thought.signature = Some("c2lnbmF0dXJl".into());
    let mut answer: Message = serde_json::from_value(json!({"role": "assistant", "provider": provider, "parts": [
        {"type": "text", "text": "Let me see."},
        {"type": "call", "id": "call_1abcdefg", "name": "weather", "arguments": "{\"city\":\"Oslo\",\"days\":2,\"place\":null}"},
        {"type": "call", "id": "call_2abcdefg", "name": "weather", "arguments": "{\"city\":\"Rome\",\"days\":2,\"place\":null}"},
        {"type": "call", "id": "call_3abcdefg", "name": "now", "arguments": "{}"},
    ]}))
    .unwrap();
    if let Message::Assistant(message) = &mut answer {
        let mut parts = vec![Part::from(thought)];
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

/// One way of asking.
struct Case {
    name: &'static str,
    messages: Vec<Message>,
    ask: fn(Request<'_>) -> Request<'_>,
    settings: Settings,
}

fn cases(provider: &'static str) -> Vec<Case> {
    let hello = || vec![Message::user("Hello")];
    let case = |name, messages, ask, settings| Case {
        name,
        messages,
        ask,
        settings,
    };
    let plain = Settings::new;
    let picture = || Content::image(Media::bytes([0xff, 0xd8, 0xff], "image/jpeg"));
    let linked = || Content::image(Media::url("https://shop.example/cat.png", "image/png"));
    let document = || Content::document(Media::bytes(b"%PDF-1.7", "application/pdf").with_name("a.pdf"));
    let mut budget = plain().with_max_tokens(9000);
    budget.reasoning_tokens = Some(2000);
    let mut short = plain();
    short.prompt_cache = Some(PromptCache::Short);
    let mut likely = plain();
    likely.logprobs = Some(3);
    likely.parallel_tool_calls = Some(false);
    let by = |strategy| {
        let mut settings = Settings::new();
        settings.output_strategy = Some(strategy);
        settings
    };
    let shown = ToolResult::new(vec![Content::text("The picture:"), picture()]);
    let mut with_picture = conversation(provider);
    if let Some(Message::Assistant(message)) = with_picture.get_mut(1) {
        for call in message.calls_mut() {
            call.result = Some(shown.clone());
        }
    }
    vec![
        case("bare", hello(), |ask| ask, plain()),
        case(
            "instructions",
            hello(),
            |ask| ask.with_instructions("Be \"brief\"."),
            plain(),
        ),
        case("conversation", conversation(provider), with_tools, plain()),
        case(
            "required",
            hello(),
            |ask| with_tools(ask).with_tool_choice(ToolChoice::Required),
            plain(),
        ),
        case(
            "no_call",
            conversation(provider),
            |ask| with_tools(ask).with_tool_choice(ToolChoice::None),
            plain(),
        ),
        case(
            "this_tool",
            hello(),
            |ask| with_tools(ask).with_tool_choice(ToolChoice::Tool("now")),
            plain(),
        ),
        case("output", hello(), with_output, plain()),
        case(
            "output_beside_tools",
            conversation(provider),
            |ask| with_output(with_tools(ask)),
            plain(),
        ),
        case(
            "flat_output",
            hello(),
            |ask| ask.with_output(Reporter::output_schema(AnyDialect::OpenAi)),
            plain(),
        ),
        case("output_as_tool", hello(), with_output, by(OutputStrategy::Tool)),
        case(
            "output_in_words",
            hello(),
            with_output,
            by(OutputStrategy::Prompt),
        ),
        case(
            "picture",
            vec![Message::user([Content::text("What is it?"), picture()])],
            |ask| ask,
            plain(),
        ),
        case(
            "linked_picture",
            vec![Message::user([Content::text("What is it?"), linked()])],
            |ask| ask,
            plain(),
        ),
        case(
            "document",
            vec![Message::user([Content::text("Sum it up."), document()])],
            |ask| ask,
            plain(),
        ),
        case("picture_in_a_result", with_picture, with_tools, plain()),
        case(
            "sampling",
            hello(),
            |ask| ask,
            plain().with_temperature(0.5).with_max_tokens(100),
        ),
        case(
            "stops",
            hello(),
            |ask| ask,
            plain().with_stop("END").with_stop("DONE"),
        ),
        case(
            "more_sampling",
            hello(),
            |ask| ask,
            plain().with_top_p(0.9).with_seed(7),
        ),
        case("penalties", hello(), |ask| ask, {
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
            |ask| with_tools(ask).with_instructions("Be brief."),
            short,
        ),
        case("likelihoods", hello(), with_tools, likely),
    ]
}

fn with_tools(request: Request<'_>) -> Request<'_> {
    request.with_tools(Tools::new(&Offered))
}

fn with_output(request: Request<'_>) -> Request<'_> {
    request.with_output(output())
}

/// The planner's output, in whatever dialect is asked for.
fn output() -> Option<OutputSchema<'static>> {
    Planner::output_schema(AnyDialect::OpenAi)
}

/// The body of one request.
pub(crate) struct Body {
    /// The provider.
    pub(crate) api: &'static str,
    /// The provider, the model, the case, and `whole` or `streamed`.
    pub(crate) name: String,
    /// The JSON text.
    pub(crate) text: String,
}

/// Returns the body of every way of asking every provider, and the names of the cases that agno refuses to send.
pub(crate) async fn bodies() -> (Vec<Body>, Vec<String>) {
    let (mut bodies, mut refused) = (Vec::new(), Vec::new());
    for (api, models) in ASKED {
        for model_name in models {
            for case in cases(api) {
                for streams in [false, true] {
                    let request = Request::new(case.messages.as_slice()).with_settings(&case.settings);
                    // The answer does not matter: the server has read the request by then.
                    let server = Server::start([Answer::refusal(400, "{}")]).await;
                    let model = model_at(api, model_name, &server.url);
                    let request = (case.ask)(request);
                    let error = if streams {
                        streamed(&model, request).await.unwrap_err()
                    } else {
                        model.complete(request).await.unwrap_err()
                    };
                    let name = format!("{api}.{model_name}.{}", case.name);
                    let Some(asked) = server.asked().pop() else {
                        assert_eq!(error.kind(), ModelErrorKind::Unsupported, "{name}: {error}");
                        refused.push(name);
                        continue;
                    };
                    let way = if streams { "streamed" } else { "whole" };
                    bodies.push(Body {
                        api,
                        name: format!("{name}.{way}"),
                        text: asked.body,
                    });
                }
            }
        }
    }
    refused.dedup();
    (bodies, refused)
}

#[tokio::test]
#[ignore = "needs the types of the official SDKs; run `make interop`"]
async fn request_bodies_are_written_for_the_types_of_the_official_sdks() {
    let folder = PathBuf::from(require("AGNO_INTEROP_BODIES"));
    for body in bodies().await.0 {
        std::fs::write(folder.join(format!("{}.json", body.name)), body.text).unwrap();
    }
}
