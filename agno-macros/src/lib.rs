//! Macros of the agno crate: a private implementation detail, documented where agno re-exports them.

#[allow(dead_code, unused_imports, reason = "shared by the macros that follow")]
mod attr;
