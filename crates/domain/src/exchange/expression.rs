//! Filters and paths: which attributes they name and how they compare stays readable, what they compare with does not.

use super::mask::{is_id, is_plain, length_of};

const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
const JOINTS: [&str; 4] = ["and", "or", "not", "pr"];

/// What stands at a place of an expression.
#[derive(Clone, Copy, PartialEq)]
enum Due {
    Attribute,
    Operator,
    Operand,
}

/// A filter or a path, or a list of attributes, with every value masked that it compares with.
pub(super) fn masked(text: &str) -> String {
    let (mut out, mut due, mut attribute, mut rest) = (String::with_capacity(text.len()), Due::Attribute, "", text);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => quoted(rest),
            ' ' | '\t' | '[' | ']' | '(' | ')' | ',' => first.len_utf8(),
            _ => rest.find([' ', '\t', '[', ']', '(', ')', ',', '"']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match first {
            ' ' | '\t' => out.push(' '),
            '[' | '(' | ')' | ',' => {
                out.push(first);
                due = Due::Attribute;
            }
            ']' => {
                out.push(first);
                // What follows a bracket without a space goes on with the path.
                due = if rest.starts_with(' ') { Due::Operator } else { Due::Attribute };
            }
            '"' => {
                out.push_str(&operand(token, attribute));
                due = Due::Operator;
            }
            _ => {
                due = word(token, due, attribute, &mut out);
                attribute = if due == Due::Operator { token } else { attribute };
            }
        }
    }
    out
}

fn word(token: &str, due: Due, attribute: &str, out: &mut String) -> Due {
    let lower = token.to_ascii_lowercase();
    let (is_operator, is_joint) = (OPERATORS.contains(&lower.as_str()), JOINTS.contains(&lower.as_str()));
    match due {
        Due::Operand => {
            out.push_str(&operand(token, attribute));
            Due::Operator
        }
        Due::Operator if is_operator => {
            out.push_str(token);
            Due::Operand
        }
        _ if is_joint => {
            out.push_str(token);
            if lower == "pr" { Due::Operator } else { Due::Attribute }
        }
        Due::Attribute if is_name(token) => {
            out.push_str(token);
            Due::Operator
        }
        _ => {
            out.push_str(&length_of("text", token));
            Due::Operator
        }
    }
}

/// The bytes of a quoted value with both its quotes, or to the end where the second one is missing.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn operand(token: &str, attribute: &str) -> String {
    let bare = token.trim_matches('"');
    let plain = ["true", "false", "null"].iter().any(|word| bare.eq_ignore_ascii_case(word));
    let of_type = attribute.rsplit(['.', ':']).next().is_some_and(|last| last.eq_ignore_ascii_case("type"));
    if plain || is_id(bare) || (of_type && is_plain(bare, 20, "")) {
        return token.to_owned();
    }
    let masked = length_of("text", bare);
    if token.starts_with('"') { format!("\"{masked}\"") } else { masked }
}

/// Whether it can be the name of an attribute, with what leads to it.
pub(super) fn is_name(text: &str) -> bool {
    is_plain(text, 200, "_.:$-/")
}
