//! Types of other crates, in their serde formats.

use agno::Schema;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::generics::Page;

/// A booked table.
#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Booked {
    id: Uuid,
    /// Time of the booking.
    made: DateTime<Utc>,
    #[serde(default)]
    day: Option<NaiveDate>,
    /// Price in euro.
    price: Decimal,
    link: Option<Url>,
    changes: Vec<DateTime<FixedOffset>>,
}

/// Times of the crate `time` in RFC 3339 format, with its serde functions.
#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct WellKnown {
    #[serde(with = "time::serde::rfc3339")]
    #[schema(with = String, format = "date-time")]
    at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option", default)]
    #[schema(with = Option<String>, format = "date-time")]
    until: Option<OffsetDateTime>,
    #[serde(with = "chrono::serde::ts_seconds")]
    #[schema(with = i64, range = -1_000_000_000..=4_000_000_000)]
    stamp: DateTime<Utc>,
}

/// Generic over strings with several formats, each a separate type.
#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct CratePages {
    days: Page<NaiveDate>,
    ids: Page<Uuid>,
    prices: Page<Decimal>,
    more_days: Page<NaiveDate>,
}
