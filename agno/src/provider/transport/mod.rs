//! How requests reach a server and what every reply over HTTP has in common. Knows no API.
//!
//! The embedded model needs [`client`] alone, to fetch weights.

pub(crate) mod client;
#[cfg(feature = "__api")]
pub(crate) mod connection;
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
