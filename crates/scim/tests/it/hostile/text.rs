//! Text in or near the form that a parser takes, or far from it.

use super::dice::Dice;

/// What parsers look for.
pub const TOKENS: &[&str] = &[
    "userName",
    "emails",
    "emails.type",
    "name.givenName",
    "members",
    "meta.created",
    "manager",
    "active",
    "x",
    "$ref",
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:x:1.0",
    " ",
    " ",
    " ",
    "\t",
    " eq ",
    " pr",
    " co ",
    " ne ",
    " gt ",
    " and ",
    " or ",
    "not ",
    "not(",
    "(",
    ")",
    "[",
    "]",
    ".",
    ":",
    "\"",
    "\"a\"",
    "\\",
    "\\\"",
    "\\u0000",
    "\\ud800",
    "\\udfff\\ud800",
    "\\u0041",
    "true",
    "False",
    "null",
    "-",
    "0",
    "1e999",
    "-1.5e-7",
    "18446744073709551616",
    "\"2026-01-01T00:00:00Z\"",
    "W/",
    "W/\"3\"",
    "*",
    ",",
    "\n",
    "&",
    "=",
    "filter=",
    "sortBy=",
    "attributes=",
    "count=",
    "\0",
    "é",
    "bulkId:",
    "{",
    "}",
    "value",
    "type eq \"work\"",
];

/// Letters that grow, shrink, reorder or change again when they are folded.
const STRANGE: &[&str] = &[
    "\u{FDFA}",
    "\u{130}",
    "ß",
    "\u{1E9E}",
    "\u{345}",
    "\u{301}",
    "\u{327}",
    "\u{323}",
    "\u{1F82}",
    "\u{FB03}",
    "\u{3A3}",
    "\u{1100}",
    "\u{1161}",
    "\u{11A8}",
    "\u{AC00}",
    "\u{A0}",
    "\u{A8}",
    "\u{2126}",
    "\u{FF21}",
    "\u{1D15E}",
    "\u{10FFFF}",
    "\u{FEFF}",
    "\u{202E}",
    "a",
];

/// A text that is deep, long, crowded, strange or broken.
pub fn text(dice: &mut Dice) -> String {
    let length = dice.length();
    let fill = |part: &str| part.repeat(length / part.len() + 1);
    match dice.below(9) {
        0 => {
            let (open, close) = [("(", ")"), ("a[", "]"), ("not (", ")"), ("not ", ""), ("emails[", "]")][dice.below(5)];
            let most = [40, 2_000][dice.below(2)];
            let deep = dice.below(most);
            format!("{}type pr{}", open.repeat(deep), close.repeat(deep))
        }
        1 => {
            let term =
                dice.one(&["a pr", "emails[type pr]", "userName eq \"ß\"", "not (title eq \"\u{FDFA}\")", "active eq true"]);
            let words = [" or ", " and "];
            (0..length / term.len()).flat_map(|_| [term, dice.one(&words)]).collect::<String>() + term
        }
        2 => format!(
            "{}{}{}",
            dice.one(&["", "urn:", "a."]),
            fill(dice.one(&["a", "x-", "a:", "a.", "$", "_1"])),
            dice.one(&["", " pr", ".b", "[c pr]"])
        ),
        3 => format!(
            "userName eq \"{}{}",
            fill(dice.one(&["\\", "\\\\", "\\\"", "\"", "\\u", "\\ud800", "]"])),
            dice.one(&["", "\""])
        ),
        4 => format!(
            "{} {}{}{}",
            dice.one(&["count=", "x eq", "meta.created gt", "W/\""]),
            dice.one(&["-", "0.", "1e", "1e-", ""]),
            fill(dice.one(&["9", "0", "1"])),
            dice.one(&["", "\"", "e308", ".5"])
        ),
        5 => {
            format!("{}{}{}", dice.one(&["", "title eq \"", "filter=title co \""]), strange(dice, length), dice.one(&["", "\""]))
        }
        6 => fill(dice.one(&["W/\"3\",", "*,", "\"", "attributes=a&", "name,", "[", "]", "\t", "&", "\u{301}", "\u{FDFA}"])),
        _ => soup(dice, length),
    }
}

fn soup(dice: &mut Dice, length: usize) -> String {
    let mut made = String::new();
    while made.len() < length {
        made.push_str(dice.one(TOKENS));
    }
    made
}

/// Some strange letters again and again.
pub fn strange(dice: &mut Dice, length: usize) -> String {
    let some: Vec<&str> = (0..=dice.below(4)).map(|_| dice.one(STRANGE)).collect();
    let mut made = String::new();
    while made.len() < length {
        made.push_str(dice.one(&some));
    }
    made
}
