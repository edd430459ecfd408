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
