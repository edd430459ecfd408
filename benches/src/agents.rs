//! The same agents defined in three ways: with the macros, by hand, and at run time.

use std::borrow::Cow;

use agno::ToolResult;
use agno::agent::{AgentInfo, Declared};
use agno::model::{DynModel, ModelError, NeedsNothing, NeedsTools};
use agno::prelude::*;
use agno::schema::{Field, Node, SchemaRef};
use agno::tool::{DynTool, DynTools, NoTools, RunContext, Tool, ToolSpec, Toolset};
use serde_json::{Value, json};

/// The input of every measured run.
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

/// The result of a weather tool.
#[derive(Debug, Serialize)]
pub struct Report {
    degrees: i32,
    unit: Unit,
}

/// Creates the report that the weather tools return.
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

/// An agent declared with the macros, without tools.
#[agent(instructions = "Answer.")]
#[derive(Debug)]
pub struct Bare;

/// An agent declared with the macros, with one tool.
#[agent(instructions = "Answer.", tools = [weather])]
#[derive(Debug)]
pub struct Static;

/// An agent written by hand, without tools.
#[derive(Debug)]
pub struct BareByHand;

/// An agent written by hand, with one tool.
#[derive(Debug)]
pub struct ByHand;

/// The tool of [`ByHand`].
#[derive(Debug)]
pub struct WeatherByHand;

/// Arguments of [`WeatherByHand`], with a derived `Deserialize` and a handwritten schema.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeatherArgs<'a> {
    #[serde(borrow)]
    city: Cow<'a, str>,
    #[serde(default)]
    unit: Unit,
}

impl WeatherArgs<'_> {
    /// Returns the city.
    pub fn city(&self) -> &str {
        &self.city
    }

    /// Returns the scale.
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

/// Implements `Declared` as `#[agent]` does, for agents that differ only in their names and tools.
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

/// An agent assembled at run time from boxed tools with JSON schemas, as in frameworks based on trait objects.
#[agent(instructions = "Answer.", tools = [self.tools])]
#[derive(Debug)]
pub struct Dynamic {
    /// Tools of the agent.
    pub tools: DynTools,
}

/// Unwraps tools or agents that were created from valid names, descriptions and schemas.
///
/// # Panics
///
/// Panics if a name, description or schema is invalid.
#[expect(
    clippy::expect_used,
    reason = "measuring an agent without its tools would be meaningless"
)]
pub fn unwrap_valid<T>(result: agno::Result<T>) -> T {
    result.expect("the tools are valid")
}

/// Creates a weather tool at run time.
///
/// # Errors
///
/// Never fails, because the name, description and schema are valid.
pub fn dynamic_weather() -> agno::Result<DynTool> {
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

/// Builds the schema of the weather tool's arguments at run time.
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

/// Creates a dynamic agent with the weather tool.
///
/// # Errors
///
/// Never fails, because the tool is valid.
pub fn dynamic_agent(model: &DynModel) -> agno::Result<Agent<Dynamic, DynModel>> {
    let tools = DynTools::new().with_tool(dynamic_weather()?)?;
    Ok(Dynamic { tools }.with(model.clone()))
}
