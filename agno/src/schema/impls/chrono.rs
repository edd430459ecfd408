//! Types of the `chrono` crate, in the formats of their serde implementations. Dates and times are strings: RFC 3339
//! for types with an offset, and the same format without the offset for the others. The schemas require four-digit
//! years, although `chrono` also reads and writes other years.

use chrono::{DateTime, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Weekday};

use super::{clock, schema};
use crate::schema::{EnumValue, Node, Schema, SchemaRef};

/// Seconds, including a leap second, with an optional fraction.
macro_rules! seconds {
    () => {
        ":([0-5][0-9]|60)(\\.[0-9]{1,9})?"
    };
}

/// Names, each with an optional alternative. serde writes the first name and reads both.
macro_rules! names {
    ($($name:literal $($other:literal)?),+) => {
        Node::enumeration(&[$(EnumValue::new($name).aliases(&[$($other)?])),+])
    };
}

/// Maximum number of seconds in a duration. The last second of `TimeDelta`'s range is excluded, because the range ends
/// within it.
const MAX_SECONDS: i128 = i64::MAX as i128 / 1_000 - 1;

impl<Tz: TimeZone> Schema for DateTime<Tz> {
    const SCHEMA: SchemaRef = SchemaRef::new(const { &Node::string().format("date-time") });
}

schema! {
    NaiveDate => Node::string().format("date");
    NaiveTime => Node::string_matching(concat!("^", clock!(minutes), seconds!(), "$"))
        .description("A time of day, such as \"12:30:00\".");
    NaiveDateTime => Node::string_matching(concat!("^", clock!(date), "T", clock!(minutes), seconds!(), "$"))
        .description("A date and a time of day without an offset, such as \"2024-02-29T12:30:00\".");
    TimeDelta => Node::tuple(&[
        SchemaRef::new(&Node::integer(Some(-MAX_SECONDS), Some(MAX_SECONDS))),
        SchemaRef::new(&Node::integer(Some(0), Some(999_999_999))),
    ])
    .description("A duration in seconds and additional nanoseconds.");
    Weekday => names!(
        "Mon" "Monday", "Tue" "Tuesday", "Wed" "Wednesday", "Thu" "Thursday", "Fri" "Friday", "Sat" "Saturday",
        "Sun" "Sunday"
    );
    Month => names!(
        "January" "Jan", "February" "Feb", "March" "Mar", "April" "Apr", "May", "June" "Jun", "July" "Jul",
        "August" "Aug", "September" "Sep", "October" "Oct", "November" "Nov", "December" "Dec"
    );
}
