//! Stores of sessions, and runs in their sessions.

mod files;
mod suite;
