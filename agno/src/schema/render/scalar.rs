//! Writes nodes without nested schemas: numbers, strings, enums and `Any`.

use super::describe::Site;
use super::{Context, Out};
use crate::schema::{EnumValue, Kind, Node};

// Many parsers lose precision for larger integers.
const MAX_SAFE_INTEGER: i128 = 9_007_199_254_740_992;

impl Context<'_> {
    pub(super) const fn any(self, out: &mut Out<'_>, node: &Node, site: Site) {
        if !self.is_gemini() {
            return self.annotations(out, node, site);
        }
        // Gemini requires a type for every value and allows no other keyword next to `anyOf`.
        out.key(b"\"anyOf\":");
        out.lit(b"[{\"type\":\"string\",\"nullable\":true");
        self.annotations(out, node, site);
        out.lit(
            b"},{\"type\":\"number\"},{\"type\":\"boolean\"},{\"type\":\"object\"},\
             {\"type\":\"array\",\"items\":{\"type\":\"string\"}}]",
        );
    }

    pub(super) const fn integer(
        self,
        out: &mut Out<'_>,
        min: Option<i128>,
        max: Option<i128>,
        step: Option<i128>,
    ) {
        if let Some(min) = min
            && min >= -MAX_SAFE_INTEGER
        {
            out.key(b"\"minimum\":");
            out.int(min);
        }
        if let Some(max) = max
            && max <= MAX_SAFE_INTEGER
        {
            out.key(b"\"maximum\":");
            out.int(max);
        }
        if let Some(step) = step
            && !self.is_gemini()
        {
            out.key(b"\"multipleOf\":");
            out.int(step);
        }
    }

    pub(super) const fn number(
        self,
        out: &mut Out<'_>,
        min: Option<f64>,
        max: Option<f64>,
        exclusive_max: bool,
        step: Option<f64>,
    ) {
        if let Some(min) = min {
            out.key(b"\"minimum\":");
            out.float(min);
        }
        if let Some(max) = max {
            if exclusive_max && !self.is_gemini() {
                out.key(b"\"exclusiveMaximum\":");
            } else {
                out.key(b"\"maximum\":");
            }
            out.float(max);
        }
        if let Some(step) = step
            && !self.is_gemini()
        {
            out.key(b"\"multipleOf\":");
            out.float(step);
        }
    }

    pub(super) const fn string(self, out: &mut Out<'_>, node: &Node) {
        let Kind::String {
            min,
            max,
            pattern,
            format,
            ..
        } = node.kind
        else {
            return;
        };
        if !self.strict {
            if min > 0 {
                out.key(b"\"minLength\":");
                out.int(min as i128);
            }
            if let Some(max) = max {
                out.key(b"\"maxLength\":");
                out.int(max as i128);
            }
        }
        if let Some(pattern) = pattern {
            out.key(b"\"pattern\":");
            out.string(pattern);
        }
        if let Some(format) = format
            && self.supports_format(format)
        {
            out.key(b"\"format\":");
            out.string(format);
        }
    }

    pub(super) const fn values(self, out: &mut Out<'_>, values: &[EnumValue], null: bool) {
        out.key(b"\"enum\":");
        out.open(b"[");
        let mut at = 0;
        while at < values.len() {
            out.comma();
            out.string(values[at].text);
            at += 1;
        }
        if null {
            out.comma();
            out.lit(b"null");
        }
        out.lit(b"]");
    }
}
