//! Schemas rendered as bytes, and their conversion to the strings of [`Rendered`].

use crate::schema::Rendered;
use crate::schema::render::text;

/// A schema rendered as bytes. The macros implement it instead of [`Rendered`].
///
/// The bytes must be constants of a trait implementation, and the strings must be constants of a generic
/// implementation, because `cargo check` evaluates all other constants, even unused ones.
pub trait RenderedBytes {
    const OPENAI: &'static [u8];
    const ANTHROPIC: &'static [u8];
    const GEMINI: &'static [u8];
    const JSON_SCHEMA: &'static [u8];
}

impl<T: RenderedBytes + ?Sized> Rendered for T {
    const OPENAI: &'static str = text(<T as RenderedBytes>::OPENAI);
    const ANTHROPIC: &'static str = text(<T as RenderedBytes>::ANTHROPIC);
    const GEMINI: &'static str = text(<T as RenderedBytes>::GEMINI);
    const JSON_SCHEMA: &'static str = text(<T as RenderedBytes>::JSON_SCHEMA);
}
