//! Providers with their own API against a loopback server: requests, replies and errors. Also tests the layers around a
//! model.

#![allow(clippy::unwrap_used, reason = "tests may panic on unexpected results")]

mod anthropic;
mod bedrock;
mod cache;
mod cohere;
mod garbage;
mod gemini;
mod layers;
mod ollama;

mod responses;
