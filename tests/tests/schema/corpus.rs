//! Types that each show one thing serde can say, with their renderings and a way through serde.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr};
use std::num::{NonZeroI16, NonZeroU32};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use agno::schema::{Schema, SchemaRef, dialect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One type of the corpus.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) schema: SchemaRef,
    pub(crate) openai: &'static str,
    pub(crate) anthropic: &'static str,
    pub(crate) gemini: &'static str,
    pub(crate) json: &'static str,
    /// Reads a value and writes it again.
    pub(crate) through: fn(&str) -> Result<Value, String>,
}

macro_rules! corpus {
    ($($name:ident: $ty:ty;)+) => {
        pub(crate) fn all() -> Vec<Case> {
            vec![$(Case {
                name: stringify!($name),
                schema: <$ty as Schema>::SCHEMA,
                openai: agno::json_schema!($ty, dialect::OpenAi),
                anthropic: agno::json_schema!($ty, dialect::Anthropic),
                gemini: agno::json_schema!($ty, dialect::Gemini),
                json: agno::json_schema!($ty),
                through: |text| {
                    let value: $ty = serde_json::from_str(text).map_err(|error| error.to_string())?;
                    serde_json::to_value(value).map_err(|error| error.to_string())
                },
            }),+]
        }
    };
}

corpus! {
    bool: bool;
    unit: ();
    u8: u8;
    i8: i8;
    u16: u16;
    i32: i32;
    u64: u64;
    i64: i64;
    usize: usize;
    i128: i128;
    u128: u128;
    nonzero_unsigned: NonZeroU32;
    nonzero_signed: NonZeroI16;
    f32: f32;
    f64: f64;
    char: char;
    string: String;
    cow: Cow<'static, str>;
    boxed: Box<u8>;
    boxed_str: Box<str>;
    path: PathBuf;
    ipv4: Ipv4Addr;
    ip: IpAddr;
    duration: Duration;
    system_time: SystemTime;
    any: Value;
    option: Option<u8>;
    option_enum: Option<Unit>;
    option_struct: Option<Place>;
    option_union: Option<Shape>;
    vec: Vec<String>;
    deque: VecDeque<bool>;
    boxed_slice: Box<[u8]>;
    array: [i32; 3];
    hash_set: HashSet<u8>;
    btree_set: BTreeSet<String>;
    hash_map: HashMap<String, u8>;
    map_of_enum: BTreeMap<Unit, f64>;
    map_of_integer: BTreeMap<i16, bool>;
    pair: (f64, f64);
    mixed: (u8, String, Option<bool>);
    result: Result<u8, String>;
    named: Place;
    described: Described;
    options: Options;
    defaults: Defaults;
    renamed: Renamed;
    skipped: Skipped;
    closed: Closed;
    newtype: Id;
    tuple_struct: Point;
    unit_struct: Nothing;
    transparent: Wrapper;
    nested: Trip;
    shared: Route;
    flattened: Flattened;
    flattened_option: FlattenedOption;
    flattened_map: FlattenedMap;
    flattened_enum: FlattenedEnum;
    tagged_struct: TaggedStruct;
    words: Unit;
    external: Shape;
    external_deep: External;
    internal: Event;
    adjacent: Command;
    untagged: Either;
    variant_case: VariantCase;
    generic: Page<Place>;
    generic_twice: Pages;
    const_generic: Grid<2>;
    lifetimes: Borrowed<'static>;
    recursive: Tree;
    recursive_root_option: Chain;
    mutual: Folder;
    recursive_enum: Expression;
    recursive_generic: Branch<u8>;
    recursive_newtype: Nest;
    constrained: Constrained;
    patterns: Patterns;
    with_json: WithJson;
    with_type: WithType;
    converted: Celsius;
    raw_names: RawNames;
    pointers: Pointers;
    escapes: Escapes;
}

#[derive(Schema, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Celsius,
    /// Freezing is at 32.
    #[serde(alias = "f")]
    Fahrenheit,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Place {
    city: String,
    zip: Option<String>,
}

/// A place to stay,
/// found by its city.
#[derive(Schema, Serialize, Deserialize)]
#[schema(example = "none")]
pub(crate) struct Described {
    /// City name, for instance "Paris".
    #[schema(example = "Oslo", examples = ["Rome"])]
    city: String,
    #[schema(description = "Not the doc comment", deprecated)]
    /// Never seen.
    country: String,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Options {
    a: Option<u8>,
    /// Maybe a unit.
    b: Option<Unit>,
    c: Option<Vec<Option<u8>>>,
    d: Option<Box<Place>>,
    e: Option<HashMap<String, u8>>,
    f: Option<Option<bool>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Defaults {
    #[serde(default)]
    a: u8,
    #[serde(default = "seven")]
    #[schema(default = 7)]
    b: u8,
    #[serde(default)]
    #[schema(default = None)]
    c: Option<u8>,
    d: u8,
}

fn seven() -> u8 {
    7
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Renamed {
    first_name: String,
    #[serde(rename = "last-name", alias = "surname")]
    last_name: String,
    #[serde(rename(serialize = "AGE", deserialize = "AGE"))]
    age: u8,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Skipped {
    a: u8,
    #[serde(skip)]
    _b: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<u8>,
    #[serde(skip_deserializing, skip_serializing)]
    _d: Opaque,
}

/// Has no schema, and needs none.
#[derive(Default)]
pub(crate) struct Opaque;

#[derive(Schema, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct Closed {
    a: u8,
    b: String,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Id(u64);

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Point(f64, f64);

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Nothing;

/// Wraps a place.
#[derive(Schema, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Wrapper {
    place: Place,
    #[serde(skip)]
    _cache: Opaque,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Trip {
    from: Place,
    stops: Vec<Stop>,
    unit: Unit,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Stop {
    id: Id,
    nights: u8,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Route {
    /// Where it starts.
    from: Place,
    to: Place,
    via: Option<Place>,
    unit: Unit,
    other_unit: Unit,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Flattened {
    id: u8,
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Paging {
    #[serde(default)]
    offset: u32,
    limit: u32,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct FlattenedOption {
    id: u8,
    #[serde(flatten)]
    place: Option<Place>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct FlattenedMap {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, bool>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct FlattenedEnum {
    at: u32,
    #[serde(flatten)]
    event: Event,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "kind", rename = "tagged")]
pub(crate) struct TaggedStruct {
    a: u8,
}

/// A shape.
#[derive(Schema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    Nothing,
    /// Around a centre.
    Circle {
        radius: f64,
    },
    Square(f64),
    Line(f64, f64),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum External {
    Place(Place),
    Maybe(Option<u8>),
    Deep(Box<Shape>),
    Empty {},
    One { a: u8 },
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(crate) enum Event {
    /// It began.
    RunStarted {
        run_id: u32,
    },
    Moved(Place),
    Ended,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "op", content = "args")]
pub(crate) enum Command {
    Stop,
    Go(u8),
    Between(u8, u8),
    To { place: Place },
    Perhaps(Option<u8>),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Either {
    Number(u8),
    Text(String),
    Pair(bool, bool),
    Place(Place),
    Null,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub(crate) enum VariantCase {
    #[serde(rename_all = "PascalCase")]
    NewYork {
        east_side: bool,
    },
    #[serde(skip)]
    _Skipped(Opaque),
    OldTown,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next: Option<u32>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Pages {
    places: Page<Place>,
    more_places: Page<Place>,
    numbers: Page<u8>,
    more_numbers: Page<u8>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Grid<const N: usize>
where
    [u8; N]: Serialize + for<'a> Deserialize<'a>,
{
    cells: [u8; N],
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Borrowed<'a> {
    name: Cow<'a, str>,
    list: Vec<Cow<'a, str>>,
}

/// A tree.
#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Tree {
    value: u8,
    /// Below.
    children: Vec<Tree>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Chain {
    /// The next link.
    next: Option<Box<Self>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Folder {
    name: String,
    entries: Vec<Entry>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) enum Entry {
    Folder(Folder),
    File { name: String },
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(crate) enum Expression {
    Number {
        value: i32,
    },
    Add {
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Not(Box<Not>),
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Not {
    of: Expression,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Branch<T> {
    value: T,
    /// Further ones.
    branches: Vec<Branch<T>>,
    parent: Option<Box<Self>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Nest(Vec<Nest>);

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Constrained {
    #[schema(range = 1..=6)]
    die: u8,
    #[schema(range = -0.5..0.5)]
    offset: f64,
    #[schema(range = ..=100)]
    percent: Option<i64>,
    #[schema(multiple_of = 5, range = 0..60)]
    minute: u8,
    #[schema(multiple_of = 0.25)]
    price: f64,
    #[schema(len = 1..=3)]
    short: String,
    #[schema(len = 2..)]
    two: Vec<u8>,
    #[schema(unique)]
    different: Vec<u8>,
    #[schema(len = 3)]
    three: Option<Box<[u8]>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Patterns {
    #[schema(pattern = "^[a-z]{2}$")]
    language: String,
    #[schema(format = "date")]
    day: String,
    #[schema(format = "email")]
    mail: Option<String>,
    #[schema(format = "flight-number", len = ..=6)]
    flight: String,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct WithJson {
    #[serde(with = "shout")]
    #[schema(with = r#"{"type": "string", "description": "Loud."}"#)]
    text: String,
    /// Anything short.
    #[schema(with = r#"{"type": "string", "maxLength": 3}"#)]
    short: Option<String>,
}

mod shout {
    pub(super) fn serialize<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct WithType {
    #[serde(with = "shout")]
    #[schema(with = String, len = 1..=5)]
    text: String,
}

#[derive(Schema, Serialize, Deserialize, Clone)]
#[serde(from = "f64", into = "f64")]
#[schema(with = f64)]
/// Degrees.
pub(crate) struct Celsius {
    degrees: f64,
}

impl From<f64> for Celsius {
    fn from(degrees: f64) -> Self {
        Self { degrees }
    }
}

impl From<Celsius> for f64 {
    fn from(celsius: Celsius) -> Self {
        celsius.degrees
    }
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct RawNames {
    r#type: u8,
    #[serde(rename = "in")]
    place: r#Raw,
}

#[derive(Schema, Serialize, Deserialize)]
#[allow(non_camel_case_types)]
pub(crate) enum r#Raw {
    r#Here,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Pointers {
    #[serde(serialize_with = "rc::write", deserialize_with = "rc::read")]
    #[schema(with = Rc<u8>)]
    rc: Rc<u8>,
    #[serde(serialize_with = "rc::write", deserialize_with = "rc::read")]
    #[schema(with = Arc<u8>)]
    arc: Rc<u8>,
}

mod rc {
    use std::rc::Rc;

    pub(super) fn write<S: serde::Serializer>(value: &Rc<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(**value)
    }

    pub(super) fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Rc<u8>, D::Error> {
        serde::Deserialize::deserialize(deserializer).map(Rc::new)
    }
}

/// "Quotes", back\slashes, …
///
/// - lists
/// - too
#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Escapes {
    #[serde(rename = "a \"quoted\" name\n")]
    a: u8,
}
