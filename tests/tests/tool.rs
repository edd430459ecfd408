//! `#[tool]`: functions as tools.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test helpers may panic")]

use std::borrow::Cow;
use std::sync::Barrier;
use std::time::Duration;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::schema::Rendered;
use agno::tool::{Hints, Tool, Toolset};

/// Calls a tool and returns the text that the model reads, in `Err` if the result is an error.
async fn call(tool: &impl Toolset, arguments: &str) -> Result<String, String> {
    let run = RunContext::detached();
    let result = tool.call(0, arguments, &run).await;
    let text = result.text().into_owned();
    if result.is_error { Err(text) } else { Ok(text) }
}

/// Temperature scale of an answer.
#[derive(Schema, Deserialize, Default, Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Unit {
    #[default]
    Celsius,
    Fahrenheit,
}

/// Current weather
/// in a city.
#[tool(timeout = "5s", read_only, open_world)]
async fn weather(
    /// City name, for instance "Paris".
    #[arg(len = 1..=8)]
    city: &str,
    #[arg(default)] unit: Unit,
) -> String {
    std::future::ready(()).await;
    format!("{city} in {unit:?}")
}

#[tokio::test]
async fn the_function_remains_callable_and_the_tool_calls_it() {
    assert_eq!(weather("Oslo", Unit::Celsius).await, "Oslo in Celsius");
    assert_eq!(
        call(&weather {}, r#"{"city":"Oslo","unit":"fahrenheit"}"#)
            .await
            .unwrap(),
        "Oslo in Fahrenheit"
    );
}

#[test]
fn the_attributes_of_a_tool_are_constants() {
    const SPEC: agno::tool::ToolSpec<'static> = <weather as Tool>::SPEC;
    assert_eq!(SPEC.name, "weather");
    assert_eq!(SPEC.description, "Current weather in a city.");
    assert_eq!(SPEC.timeout, Some(Duration::from_secs(5)));
    assert_eq!(SPEC.hints, Hints::NONE.with_read_only().with_open_world());
    assert_eq!(
        weather::JSON_SCHEMA,
        r#"{"name":"weather","description":"Current weather in a city.","parameters":{"type":"object","properties":{"city":{"type":"string","description":"City name, for instance \"Paris\".","minLength":1,"maxLength":8},"unit":{"type":"string","description":"Temperature scale of an answer.","enum":["celsius","fahrenheit"]}},"required":["city"],"additionalProperties":false}}"#
    );
}

#[tokio::test]
async fn arguments_are_validated_before_the_call() {
    for (arguments, part) in [
        (r#"{"city":""}"#, "city"),
        (r#"{"city":"Llanfairpwllgwyngyll"}"#, "city"),
        (r#"{"city":5}"#, "city"),
        (r#"{"unit":"celsius"}"#, "city: missing"),
        (r#"{"city":"Oslo","unit":"kelvin"}"#, "unit"),
        (r#"{"city":"Oslo","town":"Oslo"}"#, "town"),
        (r#"{"city":"Oslo","city":"Rome"}"#, "city"),
        ("", "city"),
        ("[]", "object"),
        (r#"{"city":"Oslo""#, "not valid JSON"),
    ] {
        let error = call(&weather {}, arguments).await.unwrap_err();
        assert!(error.contains(part), "{arguments}: {error}");
        assert!(error.starts_with("invalid arguments: "), "{error}");
    }
}

/// Takes every kind of parameter.
#[tool]
fn all(
    text: &str,
    maybe: Option<&str>,
    cow: Cow<'_, str>,
    words: &[String],
    unit: &Unit,
    owned: String,
    number: Option<u8>,
    nested: Option<Vec<Option<u8>>>,
) -> String {
    format!("{text} {maybe:?} {cow} {words:?} {unit:?} {owned} {number:?} {nested:?}")
}

#[tokio::test]
async fn every_kind_of_parameter_is_supported() {
    let result = call(
        &all {},
        r#"{"nested":[1,null],"number":7,"owned":"o","unit":"celsius","words":["a","b"],"cow":"c","maybe":"m","text":"t"}"#,
    );
    assert_eq!(
        result.await.unwrap(),
        r#"t Some("m") c ["a", "b"] Celsius o Some(7) Some([Some(1), None])"#
    );
    let absent = call(
        &all {},
        r#"{"text":"\"ü\n","cow":"\\","words":[],"unit":"celsius","owned":""}"#,
    );
    assert_eq!(absent.await.unwrap(), "\"ü\n None \\ [] Celsius  None None");
    let null = call(
        &all {},
        r#"{"text":"","maybe":null,"cow":"","words":[],"unit":"celsius","owned":"","number":null,"nested":null}"#,
    );
    assert_eq!(null.await.unwrap(), " None  [] Celsius  None None");
}

/// Returns `true` if the text is borrowed.
#[tool]
fn borrowed(cow: Cow<'_, str>) -> bool {
    matches!(cow, Cow::Borrowed(_))
}

#[tokio::test]
async fn text_borrows_from_the_reply_unless_it_contains_escapes() {
    assert_eq!(call(&borrowed {}, r#"{"cow":"plain"}"#).await.unwrap(), "true");
    assert_eq!(call(&borrowed {}, r#"{"cow":"a\nb"}"#).await.unwrap(), "false");
}

const LIMIT: u16 = 20;

/// Takes every kind of default.
#[tool]
fn defaults(
    #[arg(default)] flag: bool,
    #[arg(default = 5, range = 1..=9)] number: u8,
    #[arg(default = -2.5)] float: f64,
    #[arg(default = "en")] text: &str,
    #[arg(default = "o")] owned: String,
    #[arg(default = LIMIT)] constant: u16,
    #[arg(default = [1, 2])] list: &[u8],
    #[arg(default = Unit::Fahrenheit)] unit: &Unit,
    #[arg(default = Some("x"))] maybe: Option<&str>,
    #[arg(default)] cow: Cow<'_, str>,
) -> String {
    format!("{flag} {number} {float} {text} {owned} {constant} {list:?} {unit:?} {maybe:?} {cow:?}")
}

#[tokio::test]
async fn defaults_replace_absent_and_null_arguments() {
    let expected = r#"false 5 -2.5 en o 20 [1, 2] Fahrenheit Some("x") """#;
    assert_eq!(call(&defaults {}, "{}").await.unwrap(), expected);
    assert_eq!(call(&defaults {}, "").await.unwrap(), expected);
    assert_eq!(call(&defaults {}, "null").await.unwrap(), expected);
    let null = r#"{"flag":null,"number":null,"float":null,"text":null,"owned":null,"constant":null,"list":null,"unit":null,"maybe":null,"cow":null}"#;
    assert_eq!(call(&defaults {}, null).await.unwrap(), expected);
    let arguments = r#"{"flag":true,"number":9,"float":1,"text":"fr","owned":"p","constant":1,"list":[],"unit":"celsius","maybe":"y","cow":"c"}"#;
    assert_eq!(
        call(&defaults {}, arguments).await.unwrap(),
        r#"true 9 1 fr p 1 [] Celsius Some("y") "c""#
    );
    assert!(call(&defaults {}, r#"{"number":10}"#).await.is_err());
}

#[test]
fn a_literal_default_is_part_of_the_declaration() {
    let declaration = defaults::JSON_SCHEMA;
    for default in [
        r#""default":5"#,
        r#""default":-2.5"#,
        r#""default":"en""#,
        r#""default":[1,2]"#,
    ] {
        assert!(declaration.contains(default), "{default} in {declaration}");
    }
    assert!(
        declaration.contains(r#""required":[]"#) || !declaration.contains("required"),
        "{declaration}"
    );
    // Strict mode requires every argument; `null` means absent.
    assert!(
        defaults::OPENAI.contains(r#""strict":true"#),
        "{}",
        defaults::OPENAI
    );
    assert!(
        defaults::OPENAI.contains(r#""type":["integer","null"]"#),
        "{}",
        defaults::OPENAI
    );
}

/// Has custom names.
#[tool(name = "renamed-tool", description = "Returns both numbers.")]
fn original(
    #[arg(rename = "from", description = "The first.")]
    /// Not part of the declaration.
    a: u8,
    #[arg(rename = "to-place")] b: u8,
) -> (u8, u8) {
    (a, b)
}

#[tokio::test]
async fn names_and_descriptions_can_be_set() {
    assert_eq!(original::SPEC.name, "renamed-tool");
    assert_eq!(original::SPEC.description, "Returns both numbers.");
    assert!(original::JSON_SCHEMA.contains(r#""from":{"type":"integer","description":"The first.""#));
    assert_eq!(
        call(&original {}, r#"{"to-place":2,"from":1}"#).await.unwrap(),
        "[1,2]"
    );
    assert!(call(&original {}, r#"{"a":1,"b":2}"#).await.is_err());
}

#[derive(Serialize)]
struct Report {
    degrees: i8,
}

/// Fails if `fail` is `true`.
#[tool]
async fn fallible(fail: bool) -> Result<Report, std::num::ParseIntError> {
    if fail {
        "x".parse::<u8>()?;
    }
    Ok(Report { degrees: -3 })
}

/// Does something.
#[tool]
fn unit() {}

/// Returns a list of strings.
#[tool]
fn list() -> Vec<&'static str> {
    vec!["a", "b"]
}

#[tokio::test]
async fn results_are_sent_as_text_or_json_and_errors_as_messages() {
    assert_eq!(
        call(&fallible {}, r#"{"fail":false}"#).await.unwrap(),
        r#"{"degrees":-3}"#
    );
    assert_eq!(
        call(&fallible {}, r#"{"fail":true}"#).await.unwrap_err(),
        "invalid digit found in string"
    );
    assert_eq!(call(&unit {}, "{}").await.unwrap(), "null");
    assert_eq!(call(&list {}, "{}").await.unwrap(), r#"["a","b"]"#);
}

#[tokio::test]
async fn a_tool_without_parameters_accepts_only_empty_arguments() {
    for arguments in ["{}", "", "null", "  "] {
        assert!(call(&unit {}, arguments).await.is_ok(), "{arguments:?}");
    }
    assert!(call(&unit {}, r#"{"x":1}"#).await.is_err());
    assert_eq!(
        unit::JSON_SCHEMA,
        r#"{"name":"unit","description":"Does something.","parameters":{"type":"object","properties":{},"additionalProperties":false}}"#
    );
}

/// Describes its run.
#[tool]
async fn describe_run(before: u8, run: &RunContext, after: u8) -> String {
    format!("{before} {after} in turn {} by {}", run.turn(), run.call_id())
}

/// Blocks its thread.
#[tool(blocking)]
fn blocks(text: &str, cow: Cow<'_, str>, words: &[String], maybe: Option<&str>, run: &RunContext) -> String {
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    format!(
        "{text} {cow} {words:?} {maybe:?} {} {}",
        run.turn(),
        thread.is_empty()
    )
}

/// Blocks and panics.
#[tool(blocking)]
fn panics() {
    panic!("the secret");
}

/// Takes too long.
#[tool(timeout = "20ms")]
async fn slow() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[agent(tools = [describe_run, blocks, panics, slow])]
struct Worker;

#[tokio::test]
async fn the_run_context_is_injected_and_not_declared() {
    assert!(!describe_run::JSON_SCHEMA.contains(r#""run""#));
    let model = ScriptedModel::new()
        .call("describe_run", r#"{"before":1,"after":2}"#)
        .reply("done");
    let answer = Worker.with(model).run("go").await.unwrap();
    let result = answer.calls().next().unwrap().result.as_ref().unwrap();
    assert_eq!(result.text(), "1 2 in turn 1 by call_1");
}

static OTHERS: Barrier = Barrier::new(2);

/// Blocks its thread until other tasks have run.
#[tool(blocking)]
fn waits() -> &'static str {
    OTHERS.wait();
    "they ran"
}

#[tokio::test(flavor = "current_thread")]
async fn a_blocking_tool_does_not_block_other_tasks() {
    // If the tool ran on the runtime's thread, it would block the task that it waits for.
    let others = async {
        tokio::task::yield_now().await;
        tokio::task::spawn_blocking(|| OTHERS.wait()).await.unwrap();
    };
    let (result, ()) = tokio::join!(call(&waits {}, "{}"), others);
    assert_eq!(result.unwrap(), "they ran");
    let result = call(&blocks {}, r#"{"text":"t","cow":"c","words":["w"]}"#).await;
    assert!(result.unwrap().starts_with(r#"t c ["w"] None 0 "#));
}

#[tokio::test(start_paused = true)]
async fn panics_and_timeouts_are_reported_to_the_model() {
    let model = ScriptedModel::new()
        .calls([("panics", "{}"), ("slow", "{}")])
        .reply("done");
    let answer = Worker.with(model).run("go").await.unwrap();
    let results: Vec<String> = answer
        .calls()
        .map(|call| call.result.as_ref().unwrap().text().into_owned())
        .collect();
    assert!(
        results[0].contains("`panics` panicked") && !results[0].contains("secret"),
        "{results:?}"
    );
    assert!(results[1].contains("`slow` timed out after 20ms"), "{results:?}");
}

/// A tool with the maximum number of arguments.
mod many {
    use super::*;

    macro_rules! many {
        ($($arg:ident)*) => {
            /// Returns the sum.
            #[tool]
            pub(super) fn sum($(#[arg(default)] $arg: u32),*) -> u32 {
                0 $(+ $arg)*
            }
        };
    }
    many!(a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
        d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9);
}

#[tokio::test]
async fn the_maximum_number_of_arguments_is_supported() {
    assert_eq!(call(&many::sum {}, r#"{"f9":40,"a0":2}"#).await.unwrap(), "42");
}
