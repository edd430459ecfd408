//! Descriptions: the author's words, followed by what the dialect has no keyword for.

use super::{Context, Out};
use crate::schema::{AnyDialect, Kind, Node, Unique};

/// What a place adds to the node in it.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) description: &'static str,
    pub(super) examples: &'static [&'static str],
    pub(super) default: Option<&'static str>,
    pub(super) deprecated: bool,
    pub(super) nullable: bool,
}

impl Site {
    pub(super) const NONE: Self = Self {
        description: "",
        examples: &[],
        default: None,
        deprecated: false,
        nullable: false,
    };

    /// The place's words, and the node's own where the place has none.
    pub(super) const fn over(self, node: &Node) -> Self {
        Self {
            description: if self.description.is_empty() {
                node.description
            } else {
                self.description
            },
            examples: if self.examples.is_empty() {
                node.examples
            } else {
                self.examples
            },
            default: if self.default.is_none() {
                node.default
            } else {
                self.default
            },
            deprecated: self.deprecated || node.deprecated,
            nullable: self.nullable,
        }
    }

    pub(super) const fn is_plain(self) -> bool {
        self.description.is_empty() && self.examples.is_empty() && self.default.is_none() && !self.deprecated
    }
}

impl Context<'_> {
    /// Writes description, default and examples. `site` is already laid over `node`.
    pub(super) const fn annotations(self, out: &mut Out<'_>, node: &Node, site: Site) {
        if site.is_plain() && !self.has_notes(node) {
            return;
        }
        self.description(out, node, site);
        let examples = site.examples;
        match self.dialect {
            AnyDialect::OpenAi if self.strict => {}
            AnyDialect::Gemini => {
                if !examples.is_empty() {
                    out.key("example");
                    out.raw(examples[0]);
                }
            }
            _ => {
                if let Some(default) = site.default {
                    out.key("default");
                    out.raw(default);
                }
                if !examples.is_empty() {
                    out.key("examples");
                    out.raw("[");
                    let mut at = 0;
                    while at < examples.len() {
                        out.comma();
                        out.raw(examples[at]);
                        at += 1;
                    }
                    out.raw("]");
                }
                if site.deprecated {
                    out.key("deprecated");
                    out.raw("true");
                }
            }
        }
    }

    /// Whether the node itself may have something to say in words.
    const fn has_notes(self, node: &Node) -> bool {
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
            ends: b'.',
        };
        if !site.description.is_empty() {
            text.sentence(out);
            out.escaped(site.description);
            let bytes = site.description.as_bytes();
            text.ends = bytes[bytes.len() - 1];
        }
        self.rules(out, &mut text, node);
        let noted = self.strict || self.is_gemini();
        if noted && site.deprecated {
            text.sentence(out);
            out.raw("Deprecated.");
        }
        if noted && let Some(default) = site.default {
            text.sentence(out);
            out.raw("Default: ");
            out.escaped(default);
            out.raw(".");
        }
        if self.strict && !site.examples.is_empty() {
            text.sentence(out);
            out.raw("Example: ");
            out.escaped(site.examples[0]);
            out.raw(".");
        }
        self.meanings(out, &mut text, node);
        if text.open {
            out.raw("\"");
        }
    }

    /// The rules that the dialect would refuse as keywords.
    const fn rules(self, out: &mut Out<'_>, text: &mut Text, node: &Node) {
        match node.kind {
            Kind::String { min, max, format, .. } => {
                if self.strict && (min > 0 || max.is_some()) {
                    text.sentence(out);
                    match max {
                        Some(max) if max == min => {}
                        Some(max) if min > 0 => {
                            out.int(min as i128);
                            out.raw(" to ");
                            return self.end_of_length(out, text, max, node);
                        }
                        Some(_) => out.raw("At most "),
                        None => out.raw("At least "),
                    }
                    return self.end_of_length(out, text, if let Some(max) = max { max } else { min }, node);
                }
                self.format_note(out, text, format);
            }
            Kind::Array {
                unique: Unique::Told | Unique::Checked,
                ..
            } if self.strict || self.is_gemini() => {
                text.sentence(out);
                out.raw("No item twice.");
            }
            Kind::Integer {
                multiple_of: Some(step),
                ..
            } if self.is_gemini() => {
                text.sentence(out);
                out.raw("A multiple of ");
                out.int(step);
                out.raw(".");
            }
            Kind::Number {
                max,
                below,
                multiple_of,
                ..
            } if self.is_gemini() => {
                if let Some(step) = multiple_of {
                    text.sentence(out);
                    out.raw("A multiple of ");
                    out.float(step);
                    out.raw(".");
                }
                if let Some(max) = max
                    && below
                {
                    text.sentence(out);
                    out.raw("Below ");
                    out.float(max);
                    out.raw(".");
                }
            }
            Kind::Map { .. } if self.is_gemini() => {
                text.sentence(out);
                out.raw("An object whose keys are free to choose.");
            }
            _ => {}
        }
    }

    const fn end_of_length(self, out: &mut Out<'_>, text: &mut Text, count: usize, node: &Node) {
        out.int(count as i128);
        out.raw(if count == 1 { " character." } else { " characters." });
        if let Kind::String { format, .. } = node.kind {
            self.format_note(out, text, format);
        }
    }

    const fn format_note(self, out: &mut Out<'_>, text: &mut Text, format: Option<&str>) {
        if let Some(format) = format
            && !self.takes_format(format)
        {
            text.sentence(out);
            out.raw("Format: ");
            out.escaped(format);
            out.raw(".");
        }
    }

    /// What the values of an enum mean, one a line.
    const fn meanings(self, out: &mut Out<'_>, text: &mut Text, node: &Node) {
        let Kind::Enum(values) = node.kind else {
            return;
        };
        let mut at = 0;
        while at < values.len() {
            if !values[at].description.is_empty() {
                text.line(out);
                out.raw("- ");
                out.escaped(values[at].text);
                out.raw(": ");
                out.escaped(values[at].description);
            }
            at += 1;
        }
    }

    /// The formats that a dialect knows; it may refuse others.
    pub(super) const fn takes_format(self, format: &str) -> bool {
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
        match self.dialect {
            AnyDialect::OpenAi => is_one_of(format, OPENAI),
            AnyDialect::Anthropic => is_one_of(format, OPENAI) || is_one_of(format, &["uri"]),
            AnyDialect::Gemini => is_one_of(format, &["date-time"]),
            AnyDialect::JsonSchema => is_one_of(format, OPENAI) || is_one_of(format, STANDARD),
        }
    }
}

const fn is_one_of(text: &str, list: &[&str]) -> bool {
    let mut at = 0;
    while at < list.len() {
        if super::plan::same_text(text, list[at]) {
            return true;
        }
        at += 1;
    }
    false
}

/// A description under way, opened by its first sentence.
struct Text {
    open: bool,
    ends: u8,
}

impl Text {
    const fn sentence(&mut self, out: &mut Out<'_>) {
        if !self.open {
            return self.begin(out);
        }
        if !matches!(self.ends, b'.' | b'!' | b'?' | b':' | b';' | b',') {
            out.raw(".");
        }
        out.raw(" ");
        self.ends = b'.';
    }

    const fn line(&mut self, out: &mut Out<'_>) {
        if !self.open {
            return self.begin(out);
        }
        out.raw("\\n");
    }

    const fn begin(&mut self, out: &mut Out<'_>) {
        self.open = true;
        out.key("description");
        out.raw("\"");
    }
}
