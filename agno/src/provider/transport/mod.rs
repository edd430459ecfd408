//! Requests to servers and the parts that all HTTP replies share, independent of any API.
//!
//! The embedded model uses only [`client`], to download weights.

pub(crate) mod client;
#[cfg(feature = "__api")]
pub(crate) mod connection;
#[cfg(feature = "__api")]
pub(crate) mod digest;
#[cfg(feature = "__api")]
pub(crate) mod endpoint;
#[cfg(feature = "__api")]
pub(crate) mod error;
#[cfg(feature = "__api")]
pub(crate) mod http;
#[cfg(feature = "__api")]
pub(crate) mod http_time;
#[cfg(feature = "__api")]
pub(crate) mod rate_limits;
#[cfg(feature = "__api")]
pub(crate) mod retry_after;
#[cfg(feature = "__api")]
pub(crate) mod secrets;

/// Parses a header both as a retry delay and as a rate limit, for fuzzing.
#[cfg(feature = "__api")]
pub(crate) fn read_header(name: &[u8], value: &[u8]) {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) else {
        return;
    };
    let headers = HeaderMap::from_iter([(name, value)]);
    let now = std::time::SystemTime::now();
    let _ = (
        retry_after::retry_after(&headers, now),
        rate_limits::rate_limits(&headers, now),
    );
}
