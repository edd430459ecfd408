//! Constants that contain a rendered schema. The compiler evaluates them when it generates code that uses them, so that
//! `cargo check` renders nothing, and a build renders only the dialects in use.
//!
//! The length of an array in a constant cannot depend on a type parameter. Each constant therefore takes the smallest
//! sufficient array of a list of sizes, and the text is the part of the array that is in use.

use std::marker::PhantomData;

use super::{Document, Plan, Rendering, check};
use crate::const_text::ConstMessage;
use crate::schema::{AnyDialect, Rendered, Schema, SchemaRef, dialect};

/// A type with a rendering in each dialect. `declare_tool!` and `declare_output!` implement it.
///
/// `cargo check` evaluates the constants of this trait in an implementation without type parameters. It does not evaluate
/// those of [`Rendered`], whose implementation is generic.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not rendered for providers",
    note = "write `agno::declare_tool!` or `agno::declare_output!` for it"
)]
pub trait Renderable {
    /// The document around the schema.
    const DOCUMENT: Document<'static>;
    /// The schema.
    const SCHEMA: SchemaRef;
}

/// The schema of a type, without a document around it.
struct SchemaOf<T: ?Sized>(PhantomData<T>);

impl<T: Schema + ?Sized> Renderable for SchemaOf<T> {
    const DOCUMENT: Document<'static> = Document::Schema;
    const SCHEMA: SchemaRef = T::SCHEMA;
}

impl<T: Renderable + ?Sized> Rendered for T {
    const OPENAI: &'static str = Constant::<T, dialect::OpenAi>::TEXT;
    const ANTHROPIC: &'static str = Constant::<T, dialect::Anthropic>::TEXT;
    const GEMINI: &'static str = Constant::<T, dialect::Gemini>::TEXT;
    const JSON_SCHEMA: &'static str = Constant::<T, dialect::JsonSchema>::TEXT;
}

/// A dialect that a type selects.
trait Fixed {
    const DIALECT: AnyDialect;
}

macro_rules! fixed {
    ($($name:ident)+) => {$(
        impl Fixed for dialect::$name {
            const DIALECT: AnyDialect = AnyDialect::$name;
        }
    )+};
}

fixed! { OpenAi Anthropic Gemini JsonSchema }

/// The constants of a type in one dialect.
struct Constant<T: ?Sized, D>(PhantomData<(D, T)>);

/// The size of the array for the first attempt, which is sufficient for most tools.
const FIRST: usize = 4096;

/// Evaluates to the smallest of these arrays that is sufficient, with the bytes of the document.
///
/// The conditional must be the entire initializer of a constant, so that the arrays live as long as the program.
macro_rules! smallest {
    ($this:ty; $size:literal $($larger:literal)*) => {
        if <$this>::LEN <= $size {
            &<$this>::array::<$size>()
        } else {
            smallest!($this; $($larger)*)
        }
    };
    ($this:ty;) => {
        too_long(T::DOCUMENT)
    };
}

impl<T: Renderable + ?Sized, D: Fixed> Constant<T, D> {
    const RENDERING: Rendering<'static> = Rendering {
        document: T::DOCUMENT,
        schema: T::SCHEMA,
        dialect: D::DIALECT,
    };

    /// The first attempt, which is not a part of the program.
    const ATTEMPT: ([u8; FIRST], usize) = Self::RENDERING.bytes(<T as Planned>::PLAN);

    const LEN: usize = Self::ATTEMPT.1;

    /// Returns the bytes of the document in an array that is sufficient.
    const fn array<const SIZE: usize>() -> [u8; SIZE] {
        let (attempt, len) = &Self::ATTEMPT;
        if *len > FIRST {
            return Self::RENDERING.bytes(<T as Planned>::PLAN).0;
        }
        let mut bytes = [0; SIZE];
        bytes
            .split_at_mut(*len)
            .0
            .copy_from_slice(attempt.split_at(*len).0);
        bytes
    }

    // Up to 64 KiB, each size is at most a quarter larger than the one before, so at most a fifth of an array is unused.
    const BYTES: &'static [u8] = smallest!(
        Self;
        64 80 96 112 128 160 192 224 256 320 384 448 512 640 768 896 1024 1280 1536 1792 2048 2560 3072 3584 4096 5120
        6144 7168 8192 10240 12288 14336 16384 20480 24576 28672 32768 40960 49152 57344 65536 131072 262144 524288
        1048576
    );

    const TEXT: &'static str = text(Self::BYTES.split_at(Self::LEN).0);
}

/// Converts the bytes of a document to a string.
const fn text(bytes: &'static [u8]) -> &'static str {
    // SAFETY: a rendering consists of ASCII literals and of entire strings, which are escaped only at ASCII characters, and
    // `bytes` is an entire rendering. Tests compare renderings with those that `String::from_utf8` validates, on both
    // sides of `FIRST`.
    //
    // The compiler would interpret a validation byte by byte, which takes 3.5 ms per tool and dialect in each build: with the
    // 100 tools of `make compile`, 3.2 instead of 2.8 s in rustc's `monomorphization_collector_graph_walk`.
    #[expect(unsafe_code, reason = "validation would add an eighth to the time; see above")]
    unsafe {
        core::str::from_utf8_unchecked(bytes)
    }
}

/// The plan of a type.
trait Planned {
    const PLAN: &'static Plan;
}

impl<T: Renderable + ?Sized> Planned for T {
    const PLAN: &'static Plan = &Plan::new(T::SCHEMA);
}

#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn too_long(document: Document<'_>) -> &'static [u8] {
    let mut message = ConstMessage::new();
    match document {
        Document::Schema => message.push("the schema"),
        Document::Tool(name, _) => {
            message.push("the declaration of the tool `");
            message.push(name);
            message.push("`");
        }
        Document::Output(name, _) => {
            message.push("the declaration of the output `");
            message.push(name);
            message.push("`");
        }
    }
    message.push(" is longer than 1 MiB; shorten its descriptions, or split it");
    match message.as_str() {
        Some(message) => panic!("{}", message),
        None => {
            panic!("the declaration of a tool is longer than 1 MiB; shorten its descriptions, or split it")
        }
    }
}

/// Checks that the schema of a type can be rendered.
///
/// # Panics
///
/// Panics if it cannot. In a constant, this is a compile error.
#[doc(hidden)]
#[track_caller]
pub const fn check_schema<T: Schema + ?Sized>() {
    check::<SchemaOf<T>>();
}

/// Returns the rendered schema of a type.
#[doc(hidden)]
pub const fn schema_text<T: Schema + ?Sized>(dialect: AnyDialect) -> &'static str {
    match dialect {
        AnyDialect::OpenAi => <SchemaOf<T> as Rendered>::OPENAI,
        AnyDialect::Anthropic => <SchemaOf<T> as Rendered>::ANTHROPIC,
        AnyDialect::Gemini => <SchemaOf<T> as Rendered>::GEMINI,
        AnyDialect::JsonSchema => <SchemaOf<T> as Rendered>::JSON_SCHEMA,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Node;

    /// A description of `N` characters of several bytes and characters that are escaped.
    struct Long<const N: usize>;

    const fn long_text<const N: usize>() -> &'static str {
        const PATTERN: &str = "\u{e9}\"\u{20ac}\n";
        const TEXT: [u8; 8000] = {
            let (mut text, mut at) = ([b' '; 8000], 0);
            while at + PATTERN.len() <= text.len() {
                let (_, rest) = text.split_at_mut(at);
                rest.split_at_mut(PATTERN.len())
                    .0
                    .copy_from_slice(PATTERN.as_bytes());
                at += PATTERN.len();
            }
            text
        };
        match core::str::from_utf8(TEXT.split_at(N * PATTERN.len()).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    impl<const N: usize> Renderable for Long<N> {
        const DOCUMENT: Document<'static> = Document::Tool("long", long_text::<N>());
        const SCHEMA: SchemaRef = SchemaRef::new(&Node::object(&[]));
    }

    fn assert_equal_at_run_time<T: Renderable>() {
        for (dialect, constant) in [
            (AnyDialect::OpenAi, T::OPENAI),
            (AnyDialect::Anthropic, T::ANTHROPIC),
            (AnyDialect::Gemini, T::GEMINI),
            (AnyDialect::JsonSchema, T::JSON_SCHEMA),
        ] {
            let rendering = Rendering {
                document: T::DOCUMENT,
                schema: T::SCHEMA,
                dialect,
            };
            // Validates the bytes as well.
            assert_eq!(constant, rendering.to_text());
            assert!(core::str::from_utf8(constant.as_bytes()).is_ok());
        }
    }

    #[test]
    fn constants_of_every_length_equal_the_rendering_at_run_time() {
        assert_equal_at_run_time::<Long<0>>();
        assert_equal_at_run_time::<Long<1>>();
        assert_equal_at_run_time::<Long<100>>();
        // The lengths around `FIRST`, in each dialect.
        assert!(
            <Long<430> as Rendered>::OPENAI.len() < FIRST && <Long<448> as Rendered>::OPENAI.len() > FIRST
        );
        assert_equal_at_run_time::<Long<430>>();
        assert_equal_at_run_time::<Long<436>>();
        assert_equal_at_run_time::<Long<440>>();
        assert_equal_at_run_time::<Long<444>>();
        assert_equal_at_run_time::<Long<448>>();
        assert_equal_at_run_time::<Long<1000>>();
    }
}
