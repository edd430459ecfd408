//! Messages for rules that do not apply to their node, with the value, the limit and the fix.

use crate::const_text::ConstMessage;
use crate::schema::{Kind, Node};

pub(super) const fn text(text: &str) -> ConstMessage {
    let mut message = ConstMessage::new();
    message.push(text);
    message
}

/// Appends an integer in decimal.
pub(crate) const fn push_integer(message: &mut ConstMessage, value: i128) {
    if value < 0 {
        message.push("-");
    }
    push_digits(message, value.unsigned_abs());
}

const fn push_digits(message: &mut ConstMessage, value: u128) {
    if value >= 10 {
        push_digits(message, value / 10);
    }
    message.push_number((value % 10) as usize);
}

/// Returns "the range starts at 300, above 255, the largest value of the type; lower its start".
pub(super) const fn outside(part: &str, value: i128, relation: &str, limit: i128, fix: &str) -> ConstMessage {
    let mut message = text("the range ");
    message.push(part);
    message.push(" at ");
    push_integer(&mut message, value);
    message.push(relation);
    push_integer(&mut message, limit);
    message.push(fix);
    message
}

pub(super) const BELOW: &str = ", below ";
pub(super) const ABOVE: &str = ", above ";

/// Returns the error for a rule on a node of another kind.
pub(super) const fn misplaced(key: &str, applies_to: &str, node: &Node, fix: &str) -> ConstMessage {
    let mut message = text("`");
    message.push(key);
    message.push("` applies to ");
    message.push(applies_to);
    message.push(", and the type is ");
    message.push(node.kind_name_with_article());
    message.push("; ");
    message.push(fix);
    message
}

pub(super) const fn range_of_another_kind(node: &Node) -> ConstMessage {
    let fix = match node.kind {
        Kind::String { .. } | Kind::Array { .. } => "write `len`",
        _ => "remove it",
    };
    misplaced("range", "numbers", node, fix)
}

impl Node {
    const fn kind_name_with_article(&self) -> &'static str {
        match self.kind {
            Kind::Any => "any value",
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Integer { .. } => "an integer",
            Kind::Number { .. } => "a number",
            Kind::String { .. } => "a string",
            Kind::Enum(_) | Kind::Union { .. } => "an enum",
            Kind::Array { .. } => "a list",
            Kind::Tuple(_) => "a tuple",
            Kind::Object { .. } => "an object",
            Kind::Map { .. } => "a map",
            Kind::Nullable(_) => "an `Option`",
            Kind::Raw(_) => "a literal schema",
            Kind::Enclosing(_) => "the type itself",
        }
    }
}
