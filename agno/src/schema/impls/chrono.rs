//! The types of the crate `chrono` in the text forms of its serde: RFC 3339 where there is an offset, and the same without
//! one where there is none. Years are told with four digits, though it reads and writes others.

use chrono::{DateTime, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Weekday};

use super::{clock, schema};
use crate::schema::{EnumValue, Node, Schema, SchemaRef};

/// Seconds up to the leap one, and their fraction if there is any.
macro_rules! seconds {
    () => {
        ":([0-5][0-9]|60)(\\.[0-9]{1,9})?"
    };
}

/// Names, each with its other form: the first is written, both are read.
macro_rules! names {
    ($($name:literal $($other:literal)?),+) => {
        Node::enumeration(&[$(EnumValue::new($name).aliases(&[$($other)?])),+])
    };
}

/// Seconds of a span, short of the very last, of which not every nanosecond is there.
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
    .description("A span of time: seconds, and nanoseconds to add.");
    Weekday => names!(
        "Mon" "Monday", "Tue" "Tuesday", "Wed" "Wednesday", "Thu" "Thursday", "Fri" "Friday", "Sat" "Saturday",
        "Sun" "Sunday"
    );
    Month => names!(
        "January" "Jan", "February" "Feb", "March" "Mar", "April" "Apr", "May", "June" "Jun", "July" "Jul",
        "August" "Aug", "September" "Sep", "October" "Oct", "November" "Nov", "December" "Dec"
    );
}
