//! A corpus of types, each with its renderings and a round trip through serde.

mod enums;
mod generics;
mod other_crates;
mod rules;
mod structs;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZeroI16, NonZeroU32, NonZeroU128, Wrapping};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use agno::schema::{Schema, SchemaRef, dialect};
use serde_json::Value;

pub(crate) use self::enums::*;
pub(crate) use self::generics::*;
pub(crate) use self::other_crates::*;
pub(crate) use self::rules::*;
pub(crate) use self::structs::*;

/// A type in the corpus.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) schema: SchemaRef,
    pub(crate) openai: &'static str,
    pub(crate) anthropic: &'static str,
    pub(crate) gemini: &'static str,
    pub(crate) json: &'static str,
    /// Deserializes a value and serializes it again.
    pub(crate) round_trip: fn(&str) -> Result<Value, String>,
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
                round_trip: |text| {
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
    unit_variants: Unit;
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
    ipv6: Ipv6Addr;
    socket: SocketAddr;
    socket_v4: SocketAddrV4;
    socket_v6: SocketAddrV6;
    nonzero_wide: NonZeroU128;
    wrapping: Wrapping<u8>;
    long_tuple: (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, bool);
    range: Range<u8>;
    range_inclusive: RangeInclusive<i32>;
    range_from: RangeFrom<u8>;
    bound: Bound<u8>;
    json_map: serde_json::Map<String, Value>;
    json_number: serde_json::Number;
    with_other: WithOther;
    closed_adjacent: ClosedAdjacent;
    sides: Sides;
    bounded: Bounded<u8>;
    inlined: InlinedTwice;
    recursive_inlined: InlinedTree;
    remote: Remote;
    chrono_utc: chrono::DateTime<chrono::Utc>;
    chrono_offset: chrono::DateTime<chrono::FixedOffset>;
    chrono_date: chrono::NaiveDate;
    chrono_time: chrono::NaiveTime;
    chrono_date_time: chrono::NaiveDateTime;
    chrono_delta: chrono::TimeDelta;
    chrono_weekday: chrono::Weekday;
    chrono_month: chrono::Month;
    time_date: time::Date;
    time_time: time::Time;
    time_date_time: time::PrimitiveDateTime;
    time_utc: time::UtcDateTime;
    time_offset_date_time: time::OffsetDateTime;
    time_offset: time::UtcOffset;
    time_duration: time::Duration;
    time_weekday: time::Weekday;
    time_month: time::Month;
    time_rfc3339: WellKnown;
    uuid: uuid::Uuid;
    url: url::Url;
    decimal: rust_decimal::Decimal;
    booked: Booked;
    crate_pages: CratePages;
}
