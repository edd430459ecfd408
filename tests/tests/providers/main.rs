//! The providers with an API of their own, each against a server on loopback: what it asks, what it understands, how it
//! fails.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod anthropic;
mod bedrock;
mod cache;
mod cohere;
mod garbage;
mod gemini;
mod layers;
mod ollama;

mod responses;
