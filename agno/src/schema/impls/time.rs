//! Types of the `time` crate, in the string formats that their serde implementations use with the
//! `serde-human-readable` feature. agno enables this feature; without it, the types are serialized as lists of numbers.
//! The formats are not RFC 3339. For RFC 3339, put `#[serde(with = "time::serde::rfc3339")]` and
//! `#[schema(with = String, format = "date-time")]` on the field.

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset, Weekday};

use super::{clock, schema};
use crate::schema::{EnumValue, Node, Schema, SchemaRef};

/// Seconds with a fraction, which `time` requires.
macro_rules! seconds {
    () => {
        ":[0-5][0-9]\\.[0-9]{1,9}"
    };
}

macro_rules! offset {
    () => {
        "[+-]([01][0-9]|2[0-5]):[0-5][0-9]:[0-5][0-9]"
    };
}

macro_rules! names {
    ($($name:literal)+) => {
        Node::enumeration(&[$(EnumValue::new($name)),+])
    };
}

schema! {
    Date => Node::string().format("date");
    Time => Node::string_matching(concat!("^", clock!(minutes), seconds!(), "$"))
        .description("A time of day, such as \"12:30:00.0\".");
    PrimitiveDateTime => Node::string_matching(concat!("^", clock!(date), " ", clock!(minutes), seconds!(), "$"))
        .description("A date and a time of day without an offset, such as \"2024-02-29 12:30:00.0\".");
    UtcDateTime => Node::string_matching(concat!("^", clock!(date), " ", clock!(minutes), seconds!(), "$"))
        .description("A date and a time of day in UTC, such as \"2024-02-29 12:30:00.0\".");
    OffsetDateTime =>
        Node::string_matching(concat!("^", clock!(date), " ", clock!(minutes), seconds!(), " ", offset!(), "$"))
            .description("A date, a time of day and its offset, such as \"2024-02-29 12:30:00.0 +01:00:00\".");
    UtcOffset => Node::string_matching(concat!("^", offset!(), "$")).description("An offset from UTC, such as \"+01:00:00\".");
    Duration => Node::string_matching("^-?[0-9]{1,18}\\.[0-9]{1,9}$").description("A duration in seconds, such as \"1.5\".");
    Weekday => names!("Monday" "Tuesday" "Wednesday" "Thursday" "Friday" "Saturday" "Sunday");
    Month => names!(
        "January" "February" "March" "April" "May" "June" "July" "August" "September" "October" "November" "December"
    );
}
