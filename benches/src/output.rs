//! Cost of requesting, parsing and validating a typed output.

use std::borrow::Cow;
use std::hint::black_box;

use agno::agent::AgentInfo;
use agno::model::{ModelError, NeedsOutput, OutputSchema};
use agno::prelude::*;
use agno::schema::{self, Dialect, SchemaRef, runtime};
use agno::tool::{DynTools, NoTools, Toolset};
use futures_util::FutureExt;
use serde_json::json;

use crate::agents::{Dynamic, QUESTION, Unit};
use crate::model::Mock;
use crate::run::answers;
use crate::{Case, Work};

pub(crate) const CASES: &[Case] = &[
    Case::new("run, typed output", "static", || {
        answers(Forecaster.with(Mock::REPORT))
    }),
    Case::new("run, typed output", "by hand", || {
        answers(ForecasterByHand.with(Mock::REPORT))
    }),
    Case::new("run, typed output", "dynamic", || {
        // The type is known only through its schema, so the answer is parsed into a value, validated against the schema,
        // and converted.
        let schema = json!({
            "type": "object",
            "properties": {
                "degrees": {"type": "integer", "minimum": -90, "maximum": 60},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "summary": {"type": "string", "minLength": 1, "maxLength": 200},
            },
            "required": ["degrees", "unit", "summary"],
        });
        let tools = DynTools::new();
        let agent = Dynamic { tools }.with(Mock::REPORT.erase()).erase();
        Work::new(move || {
            let answer = agent.run(black_box(QUESTION)).now_or_never();
            let forecast = answer.and_then(Result::ok).and_then(|answer| {
                let value = serde_json::from_str(&answer.text()).ok()?;
                runtime::validate(&schema, &value).ok()?;
                serde_json::from_value::<Forecast>(value).ok()
            });
            assert!(black_box(forecast).is_some(), "the run returned no forecast");
        })
    }),
];

/// A weather forecast.
#[derive(Debug, Schema, Deserialize)]
struct Forecast {
    #[schema(range = -90..=60)]
    #[expect(dead_code, reason = "only parsing it is measured")]
    degrees: i8,
    #[expect(dead_code, reason = "as above")]
    unit: Unit,
    /// The weather in one sentence.
    #[schema(len = 1..=200)]
    #[expect(dead_code, reason = "as above")]
    summary: String,
}

/// An agent declared with the macros.
#[agent(instructions = "Answer.", output = Forecast)]
#[derive(Debug)]
struct Forecaster;

/// An agent written by hand.
#[derive(Debug)]
struct ForecasterByHand;

/// The schema of the agent's output in each dialect.
struct ForecastShape;
agno::declare_output!(ForecastShape, "Forecast", "A weather forecast.", FORECAST);

const FORECAST: SchemaRef = Forecast::SCHEMA;

impl Declared for ForecasterByHand {
    const INFO: &'static AgentInfo = &AgentInfo::new("ForecasterByHand", "Written by hand.");
    type Needs = NeedsOutput;
    type Output = Forecast;
    type Model = AnyModel;

    fn default_model(&self) -> Result<AnyModel, ModelError> {
        AnyModel::from_env()
    }

    fn instructions(&self) -> Cow<'_, str> {
        Cow::Borrowed("Answer.")
    }

    fn tools(&self) -> impl Toolset + '_ {
        NoTools
    }

    fn output_schema<D: Dialect>(dialect: D) -> Option<OutputSchema<'static>> {
        Some(OutputSchema::rendered::<ForecastShape, D>(
            "Forecast", dialect, FORECAST,
        ))
    }

    fn parse_output(text: &str) -> Result<Forecast, String> {
        let forecast = serde_json::from_str(text).map_err(|error| error.to_string())?;
        schema::validate(FORECAST, text).map_err(|problems| problems.to_string())?;
        Ok(forecast)
    }
}
