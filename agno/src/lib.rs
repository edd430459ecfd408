//! LLM agents that are declared, checked and wired at compile time.

// Expansions name the crate as its users do.
#[allow(unused_extern_crates, reason = "used by expansions only")]
extern crate self as agno;

pub mod schema;

#[doc(inline)]
pub use schema::Schema;

#[doc(hidden)]
pub mod __private;
