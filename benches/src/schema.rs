//! Cost of writing a tool's definition in each dialect, and of parsing the arguments of a call.

use std::hint::black_box;

use agno::ToolResult;
use agno::prelude::*;
use agno::schema::{Dialect, dialect, runtime};
use agno::tool::{DynTools, Tool, Toolset, decode};
use serde_json::{Value, json};

use crate::agents::{ByHand, Static, WeatherArgs, dynamic_weather, unwrap_valid, weather, weather_schema};
use crate::{Case, Work};

macro_rules! in_each_dialect {
    ($($dialect:ident $key:literal $name:literal)+) => {
        /// Cases that write the tools of a request as JSON. `dynamic` builds the schema for each request, like frameworks that
        /// assemble requests from values; `dynamic, kept` renders it once, when the tool is created.
        const DEFINITIONS: &[Case] = &[$(
            Case::new(concat!("definition, ", $name), "static", || written(Static, dialect::$dialect)),
            Case::new(concat!("definition, ", $name), "by hand", || written(ByHand, dialect::$dialect)),
            Case::new(concat!("definition, ", $name), "dynamic, kept", || {
                let tools = unwrap_valid(dynamic_weather().and_then(|tool| DynTools::new().with_tool(tool)));
                written_tools(tools, dialect::$dialect)
            }),
            Case::new(concat!("definition, ", $name), "dynamic", || {
                let mut body = Vec::with_capacity(4096);
                Work::new(move || {
                    let mut tool = json!({"name": "weather", "description": "Current weather in a city."});
                    tool[$key] = black_box(weather_schema());
                    body.clear();
                    let _ = serde_json::to_writer(&mut body, &tool);
                    black_box(&body);
                })
            }),
        )+];
    };
}

in_each_dialect! {
    OpenAi "parameters" "OpenAI"
    Anthropic "input_schema" "Anthropic"
    Gemini "parameters" "Gemini"
    JsonSchema "parameters" "JSON Schema"
}

const GOOD: &str = r#"{"city":"Oslo","unit":"celsius"}"#;
const WRONG: &str = r#"{"city":"Oslo","unit":"kelvin"}"#;
const BOOKED: &str = r#"{"restaurant":"Maaemo","guests":4,"date":"2026-05-17","wishes":["window","quiet"]}"#;

/// Cases that parse the arguments of a call.
const ARGUMENTS: [Case; 11] = [
    Case::new("arguments, plain", "static", || {
        reads(GOOD, |text| decode::<<weather as Tool>::Args<'_>>(text).is_ok())
    }),
    Case::new("arguments, plain", "by hand", || {
        reads(GOOD, |text| decode::<WeatherArgs<'_>>(text).is_ok())
    }),
    Case::new("arguments, plain", "serde_json", || {
        reads(GOOD, |text| serde_json::from_str::<WeatherArgs<'_>>(text).is_ok())
    }),
    Case::new("arguments, plain", "dynamic", || {
        let schema = weather_schema();
        reads(GOOD, move |text| checked(&schema, text).is_ok())
    }),
    Case::new("arguments, with rules", "static", || {
        reads(BOOKED, |text| decode::<Booking<'_>>(text).is_ok())
    }),
    Case::new("arguments, with rules", "serde_json", || {
        reads(BOOKED, |text| serde_json::from_str::<Booking<'_>>(text).is_ok())
    }),
    Case::new("arguments, with rules", "dynamic", || {
        let schema = booking_schema();
        reads(BOOKED, move |text| checked(&schema, text).is_ok())
    }),
    Case::new("arguments, invalid", "static", || {
        reads(WRONG, |text| {
            is_tool_error(decode::<<weather as Tool>::Args<'_>>(text))
        })
    }),
    Case::new("arguments, invalid", "by hand", || {
        reads(WRONG, |text| is_tool_error(decode::<WeatherArgs<'_>>(text)))
    }),
    Case::new("arguments, invalid", "serde_json", || {
        reads(WRONG, |text| {
            let read = serde_json::from_str::<WeatherArgs<'_>>(text);
            read.is_err_and(|error| !black_box(error.to_string()).is_empty())
        })
    }),
    Case::new("arguments, invalid", "dynamic", || {
        let schema = weather_schema();
        reads(WRONG, move |text| {
            checked(&schema, text).is_err_and(|error| !black_box(error).is_empty())
        })
    }),
];

pub(crate) const CASES: &[Case] = &{
    let mut cases = [ARGUMENTS[0]; DEFINITIONS.len() + ARGUMENTS.len()];
    let (definitions, arguments) = cases.split_at_mut(DEFINITIONS.len());
    definitions.copy_from_slice(DEFINITIONS);
    arguments.copy_from_slice(&ARGUMENTS);
    cases
};

fn written<D: Declared + 'static>(declared: D, dialect: impl Dialect) -> Work {
    let mut body = Vec::with_capacity(4096);
    Work::new(move || write(&black_box(&declared).tools(), dialect, &mut body))
}

fn written_tools(tools: DynTools, dialect: impl Dialect) -> Work {
    let mut body = Vec::with_capacity(4096);
    Work::new(move || write(black_box(&tools), dialect, &mut body))
}

fn write(tools: &impl Toolset, dialect: impl Dialect, body: &mut Vec<u8>) {
    body.clear();
    tools.declare(dialect, &mut |_, declaration| {
        body.extend_from_slice(declaration.as_bytes());
    });
    black_box(&body);
}

fn reads(text: &'static str, read: impl Fn(&str) -> bool + 'static) -> Work {
    Work::new(move || assert!(read(black_box(text)), "the arguments were not parsed as expected"))
}

/// Returns `true` if the model receives an error about the arguments.
fn is_tool_error<T>(read: Result<T, ToolResult>) -> bool {
    read.is_err_and(|result| black_box(result).is_error)
}

/// Parses arguments into a value and validates it against the schema, as frameworks without static types do.
fn checked(schema: &Value, text: &str) -> Result<Value, String> {
    let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    runtime::validate(schema, &value).map_err(|problems| problems.to_string())?;
    Ok(black_box(value))
}

/// Arguments with rules that serde cannot express.
#[derive(Debug, Schema, Deserialize)]
#[expect(dead_code, reason = "only parsing them is measured")]
struct Booking<'a> {
    #[schema(len = 1..=80)]
    restaurant: &'a str,
    #[schema(range = 1..=12)]
    guests: u8,
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    date: &'a str,
    #[schema(len = 0..=5)]
    wishes: Vec<&'a str>,
}

/// Builds the same rules at run time, without the pattern, which run-time validation does not support.
fn booking_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "restaurant": {"type": "string", "minLength": 1, "maxLength": 80},
            "guests": {"type": "integer", "minimum": 1, "maximum": 12},
            "date": {"type": "string"},
            "wishes": {"type": "array", "items": {"type": "string"}, "minItems": 0, "maxItems": 5},
        },
        "required": ["restaurant", "guests", "date", "wishes"],
    })
}
