//! Stores of sessions, and runs in their sessions.

mod suite;
