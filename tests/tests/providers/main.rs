//! Providers with their own APIs, tested against a loopback server, and the layers around a model.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod anthropic;
mod bedrock;
mod cache;
mod cache_disk;
mod cache_flight;
mod cache_key;
mod call_ids;
mod cohere;
mod garbage;
mod gemini;
mod layers;
mod layers_shared;
mod many_calls;
mod ollama;
mod responses;
mod secrets;
mod sizes;
