//! How requests reach a server and what every reply over HTTP has in common. Knows no API.

pub(crate) mod connection;
pub(crate) mod endpoint;
pub(crate) mod error;
pub(crate) mod http;
pub(crate) mod limits;
pub(crate) mod retry_after;
