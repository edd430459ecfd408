//! JSON in both directions: bodies written from borrowed requests, replies read leniently. Knows no API.

pub(crate) mod body;
pub(crate) mod lenient;
pub(crate) mod minify;
mod parse;

pub(crate) use parse::{malformed, parse};
