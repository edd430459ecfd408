//! Descriptions: the user's text, followed by the rules for which the dialect has no keyword.

use super::{Context, Out};
use crate::const_text::same_text;
use crate::schema::annotations::Annotations;
use crate::schema::{AnyDialect, Kind, Node, Unique};

/// The annotations and nullability that the location of a node adds to the node.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) annotations: Annotations,
    pub(super) nullable: bool,
}

impl Site {
    pub(super) const NONE: Self = Self {
        annotations: Annotations::NONE,
        nullable: false,
    };

    /// Combines the annotations of the location with those of the node; the location takes precedence.
    pub(super) const fn over(self, node: &Node) -> Self {
        if !node.annotations.any {
            return self;
        }
        Self {
            annotations: self.annotations.or(&node.annotations),
            nullable: self.nullable,
        }
    }
}

impl Context<'_> {
    /// Writes the description, default and examples. `site` already includes the annotations of `node`.
    pub(super) const fn annotations(self, out: &mut Out<'_>, node: &Node, site: Site) {
        let annotations = site.annotations;
        if !annotations.any && !self.has_annotations(node) {
            return;
        }
        self.description(out, node, site);
        match self.dialect {
            AnyDialect::OpenAi if self.strict => {}
            AnyDialect::Gemini => {
                if let Some(examples) = annotations.examples {
                    out.key(b"\"example\":");
                    out.raw(examples[0]);
                }
            }
            _ => {
                if let Some(default) = annotations.default {
                    out.key(b"\"default\":");
                    out.raw(default);
                }
                if let Some(examples) = annotations.examples {
                    out.key(b"\"examples\":");
                    out.open(b"[");
                    let mut at = 0;
                    while at < examples.len() {
                        out.comma();
                        out.raw(examples[at]);
                        at += 1;
                    }
                    out.lit(b"]");
                }
                if annotations.deprecated {
                    out.key(b"\"deprecated\":");
                    out.lit(b"true");
                }
            }
        }
    }

    /// Returns `true` if the node may add sentences to the description.
    const fn has_annotations(self, node: &Node) -> bool {
        match node.kind {
            Kind::Any
            | Kind::Null
            | Kind::Bool
            | Kind::Tuple(_)
            | Kind::Object { .. }
            | Kind::Union { .. } => false,
            Kind::Integer { multiple_of, .. } => self.is_gemini() && multiple_of.is_some(),
            Kind::String {
                max: None,
                min: 0,
                format: None,
                ..
            } => false,
            _ => true,
        }
    }

    const fn description(self, out: &mut Out<'_>, node: &Node, site: Site) {
        let mut text = Text {
            open: false,
            last_byte: b'.',
        };
        let annotations = site.annotations;
        if let Some(description) = annotations.description {
            text.sentence(out);
            out.escaped(description);
            let bytes = description.as_bytes();
            text.last_byte = bytes[bytes.len() - 1];
        }
        self.rules(out, &mut text, node);
        let has_notes_in_text = self.strict || self.is_gemini();
        if has_notes_in_text && annotations.deprecated {
            text.sentence(out);
            out.lit(b"Deprecated.");
        }
        if has_notes_in_text && let Some(default) = annotations.default {
            text.sentence(out);
            out.lit(b"Default: ");
            out.escaped(default);
            out.lit(b".");
        }
        if self.strict
            && let Some(examples) = annotations.examples
        {
            text.sentence(out);
            out.lit(b"Example: ");
            out.escaped(examples[0]);
            out.lit(b".");
        }
        self.enum_descriptions(out, &mut text, node);
        if text.open {
            out.lit(b"\"");
        }
    }

    /// Writes the rules that the dialect would reject as keywords.
    const fn rules(self, out: &mut Out<'_>, text: &mut Text, node: &Node) {
        match node.kind {
            Kind::String { min, max, format, .. } => {
                if self.strict && (min > 0 || max.is_some()) {
                    text.sentence(out);
                    match max {
                        Some(max) if max == min => {}
                        Some(max) if min > 0 => {
                            out.int(min as i128);
                            out.lit(b" to ");
                            return self.end_of_length(out, text, max, node);
                        }
                        Some(_) => out.lit(b"At most "),
                        None => out.lit(b"At least "),
                    }
                    return self.end_of_length(out, text, if let Some(max) = max { max } else { min }, node);
                }
                self.format_note(out, text, format);
            }
            Kind::Array {
                unique: Unique::Declared | Unique::Checked,
                ..
            } if self.strict || self.is_gemini() => {
                text.sentence(out);
                out.lit(b"Items are unique.");
            }
            Kind::Integer {
                multiple_of: Some(step),
                ..
            } if self.is_gemini() => {
                text.sentence(out);
                out.lit(b"A multiple of ");
                out.int(step);
                out.lit(b".");
            }
            Kind::Number {
                max,
                exclusive_max,
                multiple_of,
                ..
            } if self.is_gemini() => {
                if let Some(step) = multiple_of {
                    text.sentence(out);
                    out.lit(b"A multiple of ");
                    out.float(step);
                    out.lit(b".");
                }
                if let Some(max) = max
                    && exclusive_max
                {
                    text.sentence(out);
                    out.lit(b"Below ");
                    out.float(max);
                    out.lit(b".");
                }
            }
            Kind::Map { .. } if self.is_gemini() => {
                text.sentence(out);
                out.lit(b"An object with arbitrary keys.");
            }
            _ => {}
        }
    }

    const fn end_of_length(self, out: &mut Out<'_>, text: &mut Text, count: usize, node: &Node) {
        out.int(count as i128);
        if count == 1 {
            out.lit(b" character.");
        } else {
            out.lit(b" characters.");
        }
        if let Kind::String { format, .. } = node.kind {
            self.format_note(out, text, format);
        }
    }

    const fn format_note(self, out: &mut Out<'_>, text: &mut Text, format: Option<&str>) {
        if let Some(format) = format
            && !self.supports_format(format)
        {
            text.sentence(out);
            out.lit(b"Format: ");
            out.escaped(format);
            out.lit(b".");
        }
    }

    /// Writes the descriptions of enum values, one per line.
    const fn enum_descriptions(self, out: &mut Out<'_>, text: &mut Text, node: &Node) {
        let Kind::Enum(values) = node.kind else {
            return;
        };
        let mut at = 0;
        while at < values.len() {
            if let Some(description) = values[at].description {
                text.line(out);
                out.lit(b"- ");
                out.escaped(values[at].text);
                out.lit(b": ");
                out.escaped(description);
            }
            at += 1;
        }
    }

    pub(super) const fn supports_format(self, format: &str) -> bool {
        supports_format(self.dialect, format)
    }
}

/// Returns `true` if a dialect supports a format. The provider may reject other formats.
pub(crate) const fn supports_format(dialect: AnyDialect, format: &str) -> bool {
    const OPENAI: &[&str] = &[
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uuid",
    ];
    const STANDARD: &[&str] = &[
        "uri",
        "uri-reference",
        "uri-template",
        "iri",
        "iri-reference",
        "idn-email",
        "idn-hostname",
        "json-pointer",
        "relative-json-pointer",
        "regex",
    ];
    match dialect {
        AnyDialect::OpenAi => is_one_of(format, OPENAI),
        AnyDialect::Anthropic => is_one_of(format, OPENAI) || is_one_of(format, &["uri"]),
        AnyDialect::Gemini => is_one_of(format, &["date-time"]),
        AnyDialect::JsonSchema => is_one_of(format, OPENAI) || is_one_of(format, STANDARD),
    }
}

const fn is_one_of(text: &str, list: &[&str]) -> bool {
    let mut at = 0;
    while at < list.len() {
        if same_text(text, list[at]) {
            return true;
        }
        at += 1;
    }
    false
}

/// A description in progress, opened by its first sentence or line.
struct Text {
    open: bool,
    last_byte: u8,
}

impl Text {
    const fn sentence(&mut self, out: &mut Out<'_>) {
        if !self.open {
            return self.start(out);
        }
        if !matches!(self.last_byte, b'.' | b'!' | b'?' | b':' | b';' | b',') {
            out.lit(b".");
        }
        out.lit(b" ");
        self.last_byte = b'.';
    }

    const fn line(&mut self, out: &mut Out<'_>) {
        if !self.open {
            return self.start(out);
        }
        out.lit(b"\\n");
    }

    const fn start(&mut self, out: &mut Out<'_>) {
        self.open = true;
        out.key(b"\"description\":");
        out.lit(b"\"");
    }
}
