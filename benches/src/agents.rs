//! The same agents three times: made by the macros, written by hand, and put together at run time.

use std::borrow::Cow;

use agno::ToolResult;
use agno::agent::{AgentInfo, Declared};
use agno::model::{DynModel, ModelError, NeedsNothing, NeedsTools};
use agno::prelude::*;
use agno::schema::{Field, Node, SchemaRef};
use agno::tool::{DynTool, DynTools, NoTools, RunContext, Tool, ToolError, ToolSpec, Toolset};
use serde_json::{Value, json};

/// What every measured run is asked.
pub const QUESTION: &str = "What is the weather in Oslo?";

/// Scale of a temperature.
#[derive(Debug, Clone, Copy, Default, Schema, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Celsius.
    #[default]
    Celsius,
    /// Fahrenheit.
    Fahrenheit,
}

/// What a weather tool reports.
#[derive(Debug, Serialize)]
pub struct Report {
    degrees: i32,
    unit: Unit,
}

/// What the weather tools report.
pub fn report(city: &str, unit: Unit) -> Report {
    Report {
        degrees: i32::try_from(city.len()).unwrap_or_default(),
        unit,
    }
}

/// Current weather in a city.
#[tool]
pub async fn weather(
    /// City name.
    city: &str,
    #[arg(default)] unit: Unit,
) -> Report {
    report(city, unit)
}

/// Made by the macros, without tools.
#[agent(instructions = "Answer.")]
#[derive(Debug)]
pub struct Bare;

/// Made by the macros, with a tool.
#[agent(instructions = "Answer.", tools = [weather])]
#[derive(Debug)]
pub struct Static;

/// Written by hand, without tools.
#[derive(Debug)]
pub struct BareByHand;

/// Written by hand, with a tool.
#[derive(Debug)]
pub struct ByHand;

/// The tool of [`ByHand`].
#[derive(Debug)]
pub struct WeatherByHand;

/// Arguments of [`WeatherByHand`], by serde's derive and a schema by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeatherArgs<'a> {
    #[serde(borrow)]
    city: Cow<'a, str>,
    #[serde(default)]
    unit: Unit,
}

impl WeatherArgs<'_> {
    /// The city.
    pub fn city(&self) -> &str {
        &self.city
    }

    /// The scale.
    pub fn unit(&self) -> Unit {
        self.unit
    }
}

impl Schema for WeatherArgs<'_> {
    const SCHEMA: SchemaRef = SchemaRef::new(
        &Node::object(&[
            Field::new("city", <&str as Schema>::SCHEMA).description("City name."),
            Field::new("unit", <Unit as Schema>::SCHEMA).optional(),
        ])
        .closed(),
    );
}

impl Tool for WeatherByHand {
    const SPEC: ToolSpec<'static> = ToolSpec::new("weather", "Current weather in a city.");
    type Args<'a> = WeatherArgs<'a>;

    async fn call(&self, args: WeatherArgs<'_>, _run: &RunContext) -> ToolResult {
        agno::tool::to_result(report(&args.city, args.unit))
    }
}
agno::declare_tool!(WeatherByHand);

/// What `#[agent]` writes, for the agents written by hand: they differ in their names and tools.
macro_rules! by_hand {
    ($name:ident, $needs:ty, $tools:expr) => {
        impl Declared for $name {
            const INFO: &'static AgentInfo = &AgentInfo::new(stringify!($name), "Written by hand.");
            type Needs = $needs;
            type Output = ();
            type Model = AnyModel;

            fn default_model(&self) -> Result<AnyModel, ModelError> {
                AnyModel::from_env()
            }

            fn instructions(&self) -> Cow<'_, str> {
                Cow::Borrowed("Answer.")
            }

            fn tools(&self) -> impl Toolset + '_ {
                $tools
            }

            fn parse_output(_text: &str) -> Result<(), String> {
                Ok(())
            }
        }
    };
}
pub(crate) use by_hand;

by_hand!(BareByHand, NeedsNothing, NoTools);
by_hand!(ByHand, NeedsTools, WeatherByHand);

/// Put together at run time: tools behind pointers with schemas as values, as frameworks of trait objects do it.
#[agent(instructions = "Answer.", tools = [self.tools])]
#[derive(Debug)]
pub struct Dynamic {
    /// Its tools.
    pub tools: DynTools,
}

/// What was put together here, where its names, descriptions and schemas are right.
///
/// # Panics
///
/// When they are not.
#[expect(
    clippy::expect_used,
    reason = "an agent without its tools would measure something else"
)]
pub fn right<T>(made: Result<T, ToolError>) -> T {
    made.expect("the tools are right")
}

/// A weather tool known only at run time.
///
/// # Errors
///
/// Never: its name, description and schema are right.
pub fn dynamic_weather() -> Result<DynTool, ToolError> {
    DynTool::from_fn(
        "weather",
        "Current weather in a city.",
        weather_schema(),
        |args, _run| async move {
            let unit = args
                .get("unit")
                .cloned()
                .map(serde_json::from_value)
                .transpose()?
                .unwrap_or_default();
            Ok(report(args["city"].as_str().unwrap_or_default(), unit))
        },
    )
}

/// The schema of the weather tool's arguments, made at run time.
pub fn weather_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "City name."},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"], "description": "Scale of a temperature."},
        },
        "required": ["city"],
        "additionalProperties": false,
    })
}

/// A dynamic agent with its tool.
///
/// # Errors
///
/// Never: the tool is right.
pub fn dynamic_agent(model: &DynModel) -> Result<Agent<Dynamic, DynModel>, ToolError> {
    let tools = DynTools::new().with_tool(dynamic_weather()?)?;
    Ok(Dynamic { tools }.with(model.clone()))
}
