//! Agents that use the mock as their model. The mock generates arguments from the schemas, calls the tools, and answers
//! when it has received the results.

use std::collections::HashSet;

use agno::Declared;
use agno::prelude::*;
use agno_tests::Counter;
use serde_json::json;

use crate::Mock;

/// A planned trip.
#[derive(Debug, Clone, PartialEq, Schema, serde::Serialize, serde::Deserialize)]
struct Trip {
    /// Destination.
    city: String,
    /// Number of days.
    #[schema(range = 1..=30)]
    days: u32,
    /// Items to pack, if any.
    luggage: Option<Vec<String>>,
}

/// Plans trips.
#[agent(instructions = "Plan a trip.", output = Trip)]
struct Planner;

/// Reports the weather.
#[agent(instructions = "Use tools.", tools = [self], max_turns = 4)]
struct Forecaster {
    counter: Counter,
}

#[toolkit]
impl Forecaster {
    /// Returns the weather in a city.
    #[tool(read_only)]
    fn weather(
        &self,
        /// City name.
        #[arg(len = 1..=80)]
        city: &str,
        /// Number of days.
        #[arg(range = 1..=14)]
        days: Option<u32>,
        /// Celsius or Fahrenheit.
        #[arg(default)]
        unit: Scale,
    ) -> String {
        self.counter.count();
        format!("{days:?} days of rain in {city}, in {unit:?}")
    }
}

/// A temperature scale.
#[derive(Debug, Default, Schema, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scale {
    #[default]
    Celsius,
    Fahrenheit,
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn the_mock_calls_a_tool_with_arguments_generated_from_the_schema() {
    let mock = Mock::scripted();
    for streams in [false, true] {
        for (api, _, model) in mock.models(&format!("agent-{streams}")) {
            let counter = Counter::default();
            let agent = Forecaster {
                counter: counter.clone(),
            }
            .with(model);
            let question = "What is the weather in Oslo?";
            let answer = if streams {
                agent.stream(question).answer().await
            } else {
                agent.run(question).await
            };
            let answer = answer.unwrap_or_else(|error| panic!("{api}: {error}"));
            assert_eq!(counter.get(), 1, "{api}: {:?}", answer.messages());
            let results: Vec<_> = answer.calls().map(|call| call.result_text()).collect();
            assert!(results[0].contains("days of rain in"), "{api}: {results:?}");
            assert!(!answer.text().is_empty(), "{api}");
        }
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn both_calls_in_a_turn_run_and_return_their_results() {
    let mock = Mock::scripted();
    for streams in [false, true] {
        for (api, name, model) in mock.models(&format!("parallel-{streams}")) {
            let calls = json!([
                {"name": "weather", "arguments": {"city": "Oslo", "days": 1, "unit": "celsius"}},
                {"name": "weather", "arguments": {"city": "Rome", "days": null, "unit": "fahrenheit"}},
            ]);
            let script = [
                json!({"type": "reply", "tool_calls": calls}),
                json!({"type": "reply", "text": "Rain in both."}),
            ];
            mock.script(&name, script).await;
            let counter = Counter::default();
            let agent = Forecaster {
                counter: counter.clone(),
            }
            .with(model);
            let answer = if streams {
                agent.stream("Oslo and Rome?").answer().await
            } else {
                agent.run("Oslo and Rome?").await
            };
            let answer = answer.unwrap_or_else(|error| panic!("{api}: {error}"));
            assert_eq!(
                (answer.text().as_ref(), counter.get()),
                ("Rain in both.", 2),
                "{api}"
            );
            let ids: HashSet<&str> = answer.calls().map(|call| &*call.id).collect();
            assert_eq!(ids.len(), 2, "{api}: two calls with the same ID");
            let results: Vec<_> = answer.calls().map(|call| call.result_text()).collect();
            assert_eq!(
                results,
                [
                    "Some(1) days of rain in Oslo, in Celsius",
                    "None days of rain in Rome, in Fahrenheit"
                ],
                "{api}"
            );
        }
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn unknown_tools_and_malformed_arguments_are_reported_to_the_model() {
    let mock = Mock::scripted();
    for kind in ["unknown_tool", "malformed_arguments"] {
        for streams in [false, true] {
            for (api, name, model) in mock.models(&format!("{kind}-{streams}")) {
                mock.script(&name, [json!({"type": "tool_fault", "kind": kind})])
                    .await;
                let counter = Counter::default();
                let agent = Forecaster {
                    counter: counter.clone(),
                }
                .with(model);
                let question = "What is the weather in Oslo?";
                let answer = if streams {
                    agent.stream(question).answer().await
                } else {
                    agent.run(question).await
                };
                let answer = answer.unwrap_or_else(|error| panic!("{api}, {kind}: {error}"));
                let first = answer.calls().next().unwrap();
                let result = first.result.as_ref().unwrap();
                // The arguments of a Gemini call are an object, not text, so the mock sends invalid arguments instead of
                // malformed JSON.
                assert!(result.is_error, "{api}, {kind}: {result:?}");
                assert_eq!(counter.get(), 0, "{api}, {kind}");
                assert!(!answer.text().is_empty(), "{api}, {kind}");
            }
        }
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_typed_output_is_parsed_with_and_without_streaming() {
    let mock = Mock::scripted();
    for streams in [false, true] {
        for (api, _, model) in mock.models(&format!("shape-{streams}")) {
            let agent = Planner.with(model);
            let answer = if streams {
                agent.stream("Where to?").answer().await
            } else {
                agent.run("Where to?").await
            };
            let answer = answer.unwrap_or_else(|error| panic!("{api}: {error}"));
            assert!(
                (1..=30).contains(&answer.output.days),
                "{api}: {:?}",
                answer.output
            );
        }
    }
}
