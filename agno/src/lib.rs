//! LLM agents that are declared, checked and wired at compile time.
