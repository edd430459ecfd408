//! Every kind of parameter gets the value that the model sent.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use agno::prelude::*;

use crate::{called, declared};

#[derive(Schema, Deserialize, Debug, Clone, Copy, PartialEq)]
enum Unit {
    Celsius,
    Fahrenheit,
}

#[derive(Schema, Deserialize, Debug)]
struct Place {
    city: String,
    floor: Option<i8>,
}

#[derive(Schema, Deserialize, Debug)]
struct Page<T> {
    items: Vec<T>,
}

/// Borrows.
#[tool]
fn borrowed(text: &str, cow: Cow<'_, str>, maybe: Option<&str>, list: &[u8], place: &Place) -> String {
    format!("{text} {cow} {maybe:?} {list:?} {} {:?}", place.city, place.floor)
}

/// Owns.
#[tool]
fn owned(text: String, place: Place, unit: Unit, list: Vec<Unit>, boxed: Box<Place>) -> String {
    format!("{text} {} {unit:?} {list:?} {}", place.city, boxed.city)
}

/// Takes scalars.
#[tool]
fn scalars(byte: u8, big: i64, half: f64, yes: bool, letter: char, size: usize, long: u128) -> String {
    format!("{byte} {big} {half} {yes} {letter} {size} {long}")
}

/// Collects.
#[tool]
fn collections(
    map: HashMap<String, u8>,
    sorted: BTreeMap<String, Vec<u8>>,
    set: HashSet<u8>,
    pair: (u8, bool),
    array: [u8; 2],
    page: Page<(u8,)>,
) -> String {
    format!("{map:?} {sorted:?} {set:?} {pair:?} {array:?} {:?}", page.items)
}

/// Has optional parameters.
#[tool]
fn optional(a: Option<u8>, b: Option<Place>, c: Option<Vec<String>>, d: std::option::Option<Unit>) -> String {
    format!("{a:?} {:?} {c:?} {d:?}", b.map(|place| place.city))
}

/// Has the run as the first parameter.
#[tool]
async fn first(run: &RunContext, far: u8) -> String {
    format!("{} {far}", run.turn())
}

/// Has the run between other parameters, with a full path.
#[tool]
fn between(near: u8, run: &agno::RunContext, far: u8) -> String {
    format!("{near} {} {far}", run.call_id().is_empty())
}

/// Has a mutable and an unused parameter.
#[tool]
fn patterns(mut far: u8, _near: u8) -> u8 {
    far += 1;
    far
}

/// Has a trailing comma and a path to a type.
#[tool]
fn paths(unit: self::Unit, text: ::std::string::String, list: &[self::Unit]) -> String {
    format!("{unit:?} {text} {list:?}")
}

#[tokio::test]
async fn borrowed_parameters_are_supported() {
    let sent = r#"{"text":"a","cow":"b\n","maybe":null,"list":[1,2],"place":{"city":"Oslo"}}"#;
    assert_eq!(
        called(&borrowed {}, "borrowed", sent).await.unwrap(),
        "a b\n None [1, 2] Oslo None"
    );
}

#[tokio::test]
async fn owned_parameters_are_supported() {
    let sent = r#"{"text":"a","place":{"city":"Oslo"},"unit":"Celsius","list":["Fahrenheit"],"boxed":{"city":"Rome"}}"#;
    assert_eq!(
        called(&owned {}, "owned", sent).await.unwrap(),
        "a Oslo Celsius [Fahrenheit] Rome"
    );
}

#[tokio::test]
async fn scalars_keep_their_range() {
    let sent =
        r#"{"byte":255,"big":-9223372036854775808,"half":0.5,"yes":true,"letter":"ü","size":7,"long":8}"#;
    assert_eq!(
        called(&scalars {}, "scalars", sent).await.unwrap(),
        "255 -9223372036854775808 0.5 true ü 7 8"
    );
    assert!(
        called(&scalars {}, "scalars", &sent.replace("255", "256"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn collections_contain_the_sent_values() {
    let sent = r#"{"map":{"a":1},"sorted":{"b":[2]},"set":[3],"pair":[4,true],"array":[5,6],"page":{"items":[[7]]}}"#;
    assert_eq!(
        called(&collections {}, "collections", sent).await.unwrap(),
        r#"{"a": 1} {"b": [2]} {3} (4, true) [5, 6] [(7,)]"#
    );
}

#[tokio::test]
async fn an_option_can_be_absent() {
    assert_eq!(
        called(&optional {}, "optional", "{}").await.unwrap(),
        "None None None None"
    );
    let sent = r#"{"a":1,"b":{"city":"Oslo"},"c":[],"d":"Celsius"}"#;
    assert_eq!(
        called(&optional {}, "optional", sent).await.unwrap(),
        r#"Some(1) Some("Oslo") Some([]) Some(Celsius)"#
    );
}

#[tokio::test]
async fn the_run_can_be_any_parameter_and_is_not_declared() {
    assert_eq!(called(&first {}, "first", r#"{"far":3}"#).await.unwrap(), "0 3");
    assert!(
        called(&between {}, "between", r#"{"near":1,"far":3}"#)
            .await
            .unwrap()
            .ends_with(" 3")
    );
    let properties = &declared(&between {})["parameters"]["properties"];
    assert_eq!(properties.as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn patterns_with_a_name_are_parameters() {
    assert_eq!(
        called(&patterns {}, "patterns", r#"{"far":3,"_near":1}"#)
            .await
            .unwrap(),
        "4"
    );
}

#[tokio::test]
async fn a_type_can_be_named_by_any_path() {
    let sent = r#"{"unit":"Celsius","text":"a","list":[]}"#;
    assert_eq!(called(&paths {}, "paths", sent).await.unwrap(), "Celsius a []");
}
