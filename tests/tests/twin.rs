//! Handwritten equivalents of macro expansions. Both versions have the same declarations and behavior.

use std::borrow::Cow;
use std::time::Duration;

use agno::agent::{AgentInfo, Delegates, Member, MemberInfo};
use agno::context::{
    ContextEntry, ContextError, ContextInfo, ContextProvider, ContextQuery, Contexts, OnError, Provided,
};
use agno::model::{NeedsNothing, NeedsOf, NeedsTools, NeedsToolsAndOutput, OutputSchema, ScriptedModel};
use agno::prelude::*;
use agno::run::Limits;
use agno::schema::{AnyDialect, Dialect, Field, Node, Rendered, SchemaRef};
use agno::tool::{Hints, NoTools, StaticTools, Tool, ToolSpec, Toolset, decode, to_result};
use agno::{ModelError, ToolResult};

/// A city and a number of nights.
#[derive(Schema, Serialize, Deserialize, Debug, PartialEq, Clone)]
struct Trip {
    city: String,
    nights: u8,
}

mod generated {
    use super::*;

    /// Finds a hotel.
    #[tool(timeout = "5s", read_only)]
    pub(super) async fn hotel(
        /// City name.
        #[arg(len = 1..=20)]
        city: &str,
        #[arg(default = 1)] nights: u8,
        note: Option<String>,
    ) -> Result<Trip, String> {
        hotel_body(city, nights, note.as_deref())
    }

    pub(super) struct Shop<'a> {
        pub(super) name: &'a str,
    }

    #[toolkit]
    impl Shop<'_> {
        /// Finds an order.
        #[tool]
        async fn order(&self, id: u64) -> String {
            format!("{id} of {}", self.name)
        }

        /// Returns the shop's name.
        #[tool]
        fn named(&self) -> String {
            self.name.to_owned()
        }
    }

    /// Plans trips.
    #[agent(
        instructions = "Plan in {language}.",
        tools = [hotel, self.shop],
        output = Trip,
        max_turns = 3,
    )]
    pub(super) struct Planner<'a> {
        pub(super) language: &'a str,
        pub(super) shop: Shop<'a>,
    }

    /// Books trips.
    #[agent(input = Trip)]
    pub(super) struct Booker;

    /// Runs an agency.
    #[agent(
        agents = [self.planner, Booker(name = "book", description = "Books a trip.", depth = 2)],
        context = [self.profile(max_bytes = 64, timeout = "2s", on_error = skip, each_turn)],
        max_total_turns = 50,
    )]
    pub(super) struct Agency<'a> {
        pub(super) planner: Planner<'a>,
        pub(super) profile: &'a Profile,
    }
}

/// The profile of a customer.
struct Profile(&'static str);

impl ContextProvider for Profile {
    async fn provide(&self, query: &ContextQuery<'_>) -> Result<Provided, ContextError> {
        Ok(Provided::new(format!("{} in turn {}", self.0, query.turn)))
    }
}

fn hotel_body(city: &str, nights: u8, note: Option<&str>) -> Result<Trip, String> {
    if nights == 0 {
        return Err("no nights".to_owned());
    }
    Ok(Trip {
        city: format!("{city}{}", note.unwrap_or_default()),
        nights,
    })
}

mod handwritten {
    use super::*;

    #[expect(non_camel_case_types, reason = "a tool has the name of its function")]
    pub(super) struct hotel;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct HotelArgs<'a> {
        #[serde(borrow)]
        city: Cow<'a, str>,
        nights: Option<u8>,
        note: Option<String>,
    }

    impl Schema for HotelArgs<'_> {
        const SCHEMA: SchemaRef = SchemaRef::new(
            &Node::object(&[
                Field::new("city", SchemaRef::new(&Node::string().len(1, Some(20))))
                    .description("City name."),
                Field::new("nights", <u8 as Schema>::SCHEMA)
                    .optional()
                    .null_is_absent()
                    .default("1"),
                Field::new("note", <Option<String> as Schema>::SCHEMA),
            ])
            .closed(),
        );
    }

    impl Tool for hotel {
        const SPEC: ToolSpec<'static> = ToolSpec::new("hotel", "Finds a hotel.")
            .with_timeout(Duration::from_secs(5))
            .with_hints(Hints::NONE.with_read_only());
        type Args<'a> = HotelArgs<'a>;

        async fn call(&self, args: HotelArgs<'_>, _run: &RunContext) -> ToolResult {
            match hotel_body(&args.city, args.nights.unwrap_or(1), args.note.as_deref()) {
                Ok(trip) => to_result(trip),
                Err(error) => ToolResult::error(error),
            }
        }
    }
    agno::declare_tool!(hotel);

    pub(super) struct Shop<'a> {
        pub(super) name: &'a str,
    }

    const ORDER: ToolSpec<'static> = ToolSpec::new("order", "Finds an order.");
    const NAMED: ToolSpec<'static> = ToolSpec::new("named", "Returns the shop's name.");
    struct OrderTool;
    struct NamedTool;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct OrderArgs {
        id: u64,
    }

    impl Schema for OrderArgs {
        const SCHEMA: SchemaRef =
            SchemaRef::new(&Node::object(&[Field::new("id", <u64 as Schema>::SCHEMA)]).closed());
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NamedArgs {}

    impl Schema for NamedArgs {
        const SCHEMA: SchemaRef = SchemaRef::new(&Node::object(&[]).closed());
    }

    agno::declare_tool!(OrderTool, ORDER.name, ORDER.description, OrderArgs::SCHEMA);
    agno::declare_tool!(NamedTool, NAMED.name, NAMED.description, NamedArgs::SCHEMA);

    impl Toolset for Shop<'_> {
        const STATIC: StaticTools = StaticTools::new(&[&ORDER, &NAMED]);

        fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
            visit(ORDER, dialect.pick::<OrderTool>());
            visit(NAMED, dialect.pick::<NamedTool>());
        }

        async fn call(&self, index: usize, arguments: &str, _run: &RunContext) -> ToolResult {
            match index {
                0 => match decode::<OrderArgs>(arguments) {
                    Ok(args) => to_result(format!("{} of {}", args.id, self.name)),
                    Err(error) => error,
                },
                1 => match decode::<NamedArgs>(arguments) {
                    Ok(NamedArgs {}) => to_result(self.name),
                    Err(error) => error,
                },
                _ => ToolResult::error("unknown tool"),
            }
        }
    }

    pub(super) struct Planner<'a> {
        pub(super) language: &'a str,
        pub(super) shop: Shop<'a>,
    }

    struct TripOutput;
    agno::declare_output!(TripOutput, "trip", "", Trip::SCHEMA);

    impl Declared for Planner<'_> {
        const INFO: &'static AgentInfo =
            &AgentInfo::new("Planner", "Plans trips.").with_limits(Limits::DEFAULT.with_max_turns(3));
        type Needs = NeedsToolsAndOutput;
        type Output = Trip;
        type Model = AnyModel;

        fn default_model(&self) -> Result<AnyModel, ModelError> {
            AnyModel::from_env()
        }

        fn instructions(&self) -> Cow<'_, str> {
            format!("Plan in {}.", self.language).into()
        }

        fn tools(&self) -> impl Toolset + '_ {
            (hotel, self.shop.by_ref())
        }

        fn output_schema<D: Dialect>(dialect: D) -> Option<OutputSchema<'static>> {
            Some(OutputSchema::rendered::<TripOutput, D>(
                "trip",
                dialect,
                Trip::SCHEMA,
            ))
        }

        fn parse_output(text: &str) -> Result<Trip, String> {
            serde_json::from_str(text).map_err(|error| error.to_string())
        }
    }

    pub(super) struct Booker;

    impl Declared for Booker {
        const INFO: &'static AgentInfo = &AgentInfo::new("Booker", "Books trips.");
        const INPUT: SchemaRef = Trip::SCHEMA;
        type Needs = NeedsNothing;
        type Output = ();
        type Model = AnyModel;

        fn default_model(&self) -> Result<AnyModel, ModelError> {
            AnyModel::from_env()
        }

        fn instructions(&self) -> Cow<'_, str> {
            Cow::Borrowed("")
        }

        fn tools(&self) -> impl Toolset + '_ {
            NoTools
        }

        fn parse_output(_: &str) -> Result<(), String> {
            Ok(())
        }

        fn input(arguments: &str) -> Result<Message, ToolResult> {
            decode::<Trip>(arguments).map(|_| Message::user(arguments))
        }
    }

    pub(super) struct Agency<'a> {
        pub(super) planner: Planner<'a>,
        pub(super) profile: &'a Profile,
    }

    struct PlannerEntry;

    impl MemberInfo for PlannerEntry {
        const NAME: &'static str = "planner";
    }

    struct BookerEntry;

    impl MemberInfo for BookerEntry {
        const NAME: &'static str = "book";
        const DESCRIPTION: Option<&'static str> = Some("Books a trip.");
        const DEPTH: Option<u32> = Some(2);
    }

    struct ProfileEntry;

    impl ContextInfo for ProfileEntry {
        const NAME: &'static str = "profile";
        const MAX_BYTES: usize = 64;
        const TIMEOUT: Duration = Duration::from_secs(2);
        const ON_ERROR: OnError = OnError::Skip;
        const EACH_TURN: bool = true;
    }

    impl<'a> Declared for Agency<'a> {
        const INFO: &'static AgentInfo = &AgentInfo::new("Agency", "Runs an agency.")
            .with_limits(Limits::DEFAULT.with_max_total_turns(50));
        type Needs = (NeedsTools, NeedsOf<Planner<'a>>);
        type Output = ();
        type Model = AnyModel;

        fn default_model(&self) -> Result<AnyModel, ModelError> {
            AnyModel::from_env()
        }

        fn instructions(&self) -> Cow<'_, str> {
            Cow::Borrowed("")
        }

        fn tools(&self) -> impl Toolset + '_ {
            NoTools
        }

        fn parse_output(_: &str) -> Result<(), String> {
            Ok(())
        }

        fn agents(&self) -> impl Delegates + '_ {
            (
                Member::<PlannerEntry, _>::new(&self.planner),
                Member::<BookerEntry, _>::new(&Booker),
            )
        }

        fn context(&self) -> impl Contexts + '_ {
            ContextEntry::<ProfileEntry, _>::new(self.profile)
        }
    }
}

const DIALECTS: [AnyDialect; 4] = [
    AnyDialect::OpenAi,
    AnyDialect::Anthropic,
    AnyDialect::Gemini,
    AnyDialect::JsonSchema,
];

fn declared(tools: &impl Toolset, dialect: AnyDialect) -> Vec<(String, String)> {
    let mut declared = Vec::new();
    tools.declare(dialect, &mut |spec, json| {
        declared.push((spec.name.to_owned(), json.to_owned()));
    });
    declared
}

/// Asserts that two toolsets have the same declarations.
fn assert_same_declarations(a: &impl Toolset, b: &impl Toolset) {
    assert_eq!(a.len(), b.len());
    for index in 0..=a.len() {
        assert_eq!(a.spec(index), b.spec(index));
    }
    for name in ["hotel", "order", "named", "other"] {
        assert_eq!(a.find(name), b.find(name));
    }
    for dialect in DIALECTS {
        assert_eq!(declared(a, dialect), declared(b, dialect));
    }
}

async fn assert_same_results(a: &impl Toolset, b: &impl Toolset, index: usize, arguments: &[&str]) {
    let run = RunContext::detached();
    for arguments in arguments {
        let (a, b) = (
            a.call(index, arguments, &run).await,
            b.call(index, arguments, &run).await,
        );
        assert_eq!(a, b, "{arguments}");
    }
}

#[tokio::test]
async fn a_handwritten_tool_equals_the_generated_tool() {
    assert_eq!(
        <generated::hotel as Tool>::SPEC,
        <handwritten::hotel as Tool>::SPEC
    );
    assert_eq!(generated::hotel::OPENAI, handwritten::hotel::OPENAI);
    let (a, b) = (generated::hotel {}, handwritten::hotel);
    assert_same_declarations(&a, &b);
    let arguments = [
        r#"{"city":"Oslo"}"#,
        r#"{"city":"Oslo","nights":null,"note":null}"#,
        r#"{"city":"O\"slo","nights":3,"note":"!"}"#,
        r#"{"city":"Oslo","nights":0}"#,
        r#"{"city":"Oslo","nights":256}"#,
        r#"{"city":""}"#,
        r#"{"nights":1}"#,
        r#"{"city":"Oslo","extra":1}"#,
        r#"{"city":"Oslo","city":"Rome"}"#,
        "",
        "null",
        "[]",
        "{",
    ];
    assert_same_results(&a, &b, 0, &arguments).await;
}

#[tokio::test]
async fn a_handwritten_toolkit_equals_the_generated_toolkit() {
    let (a, b) = (
        generated::Shop { name: "Noma" },
        handwritten::Shop { name: "Noma" },
    );
    assert_same_declarations(&a, &b);
    let arguments = [r#"{"id":7}"#, r#"{"id":-1}"#, "", r#"{"id":1,"x":2}"#, "7"];
    for index in 0..3 {
        assert_same_results(&a, &b, index, &arguments).await;
    }
}

#[tokio::test]
async fn a_handwritten_agent_equals_the_generated_agent() {
    assert_eq!(generated::Planner::INFO, handwritten::Planner::INFO);
    let a = generated::Planner {
        language: "French",
        shop: generated::Shop { name: "Noma" },
    };
    let b = handwritten::Planner {
        language: "French",
        shop: handwritten::Shop { name: "Noma" },
    };
    assert_eq!(a.instructions(), b.instructions());
    assert_same_declarations(&a.tools(), &b.tools());
    for dialect in DIALECTS {
        let (a, b) = (
            generated::Planner::output_schema(dialect).unwrap(),
            handwritten::Planner::output_schema(dialect).unwrap(),
        );
        assert_eq!((a.name, a.declaration(dialect)), (b.name, b.declaration(dialect)));
    }

    let script = || {
        ScriptedModel::new()
            .calls([("hotel", r#"{"city":"Rome"}"#), ("named", ""), ("lost", "{}")])
            .reply(r#"{"city":"Rome","nights":1}"#)
    };
    let (model_a, model_b) = (script(), script());
    let (a, b) = (a.with(model_a.clone()), b.with(model_b.clone()));
    let (a, b) = (
        a.run("Where to?").await.unwrap(),
        b.run("Where to?").await.unwrap(),
    );
    assert_eq!(a.output, b.output);
    assert_eq!(a.messages(), b.messages());
    assert_eq!(model_a.requests(), model_b.requests());
}

#[tokio::test]
async fn a_handwritten_agent_of_agents_equals_the_generated_agent() {
    assert_eq!(generated::Agency::INFO, handwritten::Agency::INFO);
    let profile = Profile("vegetarian");
    let a = generated::Agency {
        planner: generated::Planner {
            language: "French",
            shop: generated::Shop { name: "Noma" },
        },
        profile: &profile,
    };
    let b = handwritten::Agency {
        planner: handwritten::Planner {
            language: "French",
            shop: handwritten::Shop { name: "Noma" },
        },
        profile: &profile,
    };
    let script = || {
        ScriptedModel::new()
            .call("planner", r#"{"task":"Plan a trip."}"#)
            .call("named", "")
            .reply(r#"{"city":"Rome","nights":1}"#)
            .call("book", r#"{"city":"Rome"}"#)
            .call("book", r#"{"city":"Rome","nights":1}"#)
            .reply("Booked.")
            .reply("Done.")
    };
    let (model_a, model_b) = (script(), script());
    let (a, b) = (a.with(model_a.clone()), b.with(model_b.clone()));
    let (a, b) = (a.run("Rome.").await.unwrap(), b.run("Rome.").await.unwrap());
    assert_eq!((a.text(), b.text()), ("Done.".into(), "Done.".into()));
    assert_eq!(a.messages(), b.messages());
    assert_eq!(requests(&model_a), requests(&model_b));
    assert_eq!(model_a.requests().len(), 7);
}

/// Returns the recorded requests without the random tags around the context.
fn requests(model: &ScriptedModel) -> String {
    let text = format!("{:?}", model.requests());
    let mut parts = text.split("context-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + "context-" + &part[16..])
}
