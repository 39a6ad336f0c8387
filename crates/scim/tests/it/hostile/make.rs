//! Hostile input for each parser, of up to 8 KiB, by a seed that makes the same again.

use serde_json::{Value, json};

/// The most bytes of an input.
pub const MOST: usize = 8 * 1024;

const TOKENS: &[&str] = &[
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

/// Chance that can be had again: SplitMix64.
pub struct Dice(u64);

impl Dice {
    /// The chance of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).unwrap()
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// A length that is short as often as it is the longest.
    fn length(&mut self) -> usize {
        let most = [8, 64, 300, 2_000, MOST][self.below(5)];
        self.below(most) + 1
    }
}

/// An input for the parser of this name; `known` are inputs that it takes.
pub fn input(parser: &str, dice: &mut Dice, known: &[Vec<u8>]) -> Vec<u8> {
    let is_json = matches!(parser, "patch" | "body" | "bulk") || (parser == "query" && dice.below(3) == 0);
    let mut made = match dice.below(4) {
        0 if !known.is_empty() => mutated(known[dice.below(known.len())].clone(), dice),
        _ if is_json => message(parser, dice),
        _ => text(dice).into_bytes(),
    };
    if dice.below(8) == 0 {
        made = mutated(made, dice);
    }
    made.truncate(MOST);
    made
}

fn text(dice: &mut Dice) -> String {
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

fn strange(dice: &mut Dice, length: usize) -> String {
    let some: Vec<&str> = (0..=dice.below(4)).map(|_| dice.one(STRANGE)).collect();
    let mut made = String::new();
    while made.len() < length {
        made.push_str(dice.one(&some));
    }
    made
}

/// JSON in or near the form that the parser takes.
fn message(parser: &str, dice: &mut Dice) -> Vec<u8> {
    let mut room = dice.length();
    let made = match dice.below(8) {
        0 => {
            let (open, close) = [("[", "]"), ("{\"emails\":", "}"), ("{\"Operations\":[", "]}")][dice.below(3)];
            let most = [127, 2_000][dice.below(2)];
            let deep = 1 + dice.below(most);
            return format!("{}1{}", open.repeat(deep), close.repeat(deep)).into_bytes();
        }
        1 | 2 if parser != "body" => crowd(parser, dice, room),
        _ if parser == "body" => object(dice, 4, &mut room),
        _ => {
            let operations: Vec<Value> = (0..=dice.below(12)).map(|_| operation(parser, dice, &mut room)).collect();
            json!({"schemas": [scim::PATCH_URN], "Operations": operations})
        }
    };
    let mut made = made.to_string();
    // Lone surrogates and numbers beyond all bounds cannot be had from values.
    if dice.below(6) == 0 {
        made = made.replacen("work", dice.one(&["\\ud800", "\\udc00\\ud800", "\\u0000"]), 1 + dice.below(3));
    }
    if dice.below(6) == 0 {
        made = made.replacen("77", dice.one(&["1e400", "-0", "1E-400", "123456789012345678901234567890"]), 1 + dice.below(3));
    }
    made.into_bytes()
}

/// Many operations on many elements or names.
fn crowd(parser: &str, dice: &mut Dice, length: usize) -> Value {
    let list = dice.one(&["ims", "emails", "roles", "members", "x509Certificates"]);
    let (half, mut operations) = (length / 2, Vec::new());
    if parser == "bulk" {
        let path: Vec<String> = (0..length / 12).map(|at| format!("\"bulkId:{}\"", at % 50)).collect();
        return json!({"Operations": [{"method": "PATCH", "path": "/Users/1", "data": {"Operations": [{"path": path.concat()}]}}]});
    }
    let elements: Vec<Value> =
        (0..half / 5).map(|at| if dice.below(9) == 0 { json!({"display": at}) } else { Value::from(at) }).collect();
    operations.push(json!({"op": "add", "path": list, "value": elements}));
    let steps = half / 16;
    let keyed: serde_json::Map<String, Value> = match dice.below(5) {
        0 => (0..steps).map(|at| (format!("{list}.{}", cased("display", at)), json!(at))).collect(),
        1 => (0..steps).map(|at| (format!("{list}[{}type pr]", " ".repeat(at % 20)), json!({"display": at}))).collect(),
        2 => (0..steps).map(|at| (format!("urn:{at}"), json!({"a": 1}))).collect(),
        3 => {
            let named: Vec<Value> = (0..steps).map(|at| json!({"display": at})).collect();
            operations.push(json!({"op": "remove", "path": list, "value": named}));
            serde_json::Map::new()
        }
        _ => {
            let terms = vec!["type pr"; steps.min(256)].join(" or ");
            operations
                .extend((0..2).map(|_| json!({"op": "replace", "path": format!("{list}[{terms}]"), "value": {"display": 1}})));
            serde_json::Map::new()
        }
    };
    operations.push(json!({"op": "replace", "value": keyed}));
    json!({"Operations": operations})
}

fn cased(name: &str, bits: usize) -> String {
    let upper = |(at, letter): (usize, char)| if bits >> at & 1 == 1 { letter.to_ascii_uppercase() } else { letter };
    name.chars().enumerate().map(upper).collect()
}

fn operation(parser: &str, dice: &mut Dice, room: &mut usize) -> Value {
    let value = value(dice, 4, room);
    if parser == "bulk" {
        let (method, id) = (dice.one(&["POST", "put", "PATCH", "DELETE", "GET"]), dice.below(4).to_string());
        let path = dice.one(&["/Users", "/Users/bulkId:1", "/Groups/bulkId:2/bulkId:1", "/", ""]);
        return json!({"method": method, "path": path, "bulkId": id, "data": value, "version": dice.one(TOKENS)});
    }
    let verb = dice.one(&["add", "Remove", "replace", "replace", "move"]);
    let paths = [
        "emails",
        "emails[type eq \"work\"]",
        "emails[type eq \"home\"].value",
        "name",
        "title",
        "active",
        "members",
        "members[value eq \"a\"]",
        "manager",
        "addresses[type eq \"work\"].locality",
        "roles.value",
        "urn:x:1.0",
        scim::ENTERPRISE_URN,
        "userName",
        "id",
        "emails.primary",
    ];
    match dice.below(4) {
        0 => json!({"op": verb, "value": value}),
        1 => json!({"op": verb, "path": text(dice), "value": value}),
        _ => json!({"op": verb, "path": dice.one(&paths), "value": value}),
    }
}

fn value(dice: &mut Dice, deep: usize, room: &mut usize) -> Value {
    *room = room.saturating_sub(8);
    match dice.below(if deep == 0 || *room == 0 { 6 } else { 10 }) {
        0 => json!([null, true, 77, -0.5, "True", ""])[dice.below(6)].take(),
        1 => Value::from(dice.one(&["work", "home", "a@work", "9", "2026-01-01T00:00:00Z", "bulkId:1", " "])),
        2 => Value::from(dice.below(1_000)),
        3 => Value::from(dice.below(2) == 0),
        4 => Value::from(dice.one(TOKENS)),
        5 => {
            let length = dice.below(40);
            *room = room.saturating_sub(length);
            Value::from(strange(dice, length))
        }
        6 | 7 => (0..dice.below(6)).map(|_| value(dice, deep - 1, room)).collect(),
        _ => object(dice, deep - 1, room),
    }
}

fn object(dice: &mut Dice, deep: usize, room: &mut usize) -> Value {
    let keys = [
        "userName",
        "USERNAME",
        "displayName",
        "emails",
        "roles",
        "members",
        "schemas",
        "active",
        "name",
        "name.givenName",
        "manager",
        "type",
        "value",
        "primary",
        "display",
        "$ref",
        "password",
        "meta",
        "id",
        "groups",
        "emails[type eq \"work\"].value",
        "urn:x:1.0",
        "Operations",
        scim::ENTERPRISE_URN,
        scim::USER_URN,
        "urn:scim:schemas:core:1.0",
        "x509Certificates",
        "managerId",
        "operation",
        "path",
    ];
    let pairs = (0..dice.below(9)).map(|_| (dice.one(&keys).to_owned(), value(dice, deep, room))).collect();
    Value::Object(pairs)
}

/// Bytes flipped, taken out, put in, doubled or swapped for those of a token.
fn mutated(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(40)).min(bytes.len());
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let part = bytes[at..end].repeat(1 + dice.below(200));
                bytes.splice(at..at, part.into_iter().take(MOST));
            }
            3 => drop(bytes.splice(at..end, text(dice).into_bytes())),
            _ => drop(bytes.splice(at..at, dice.one(TOKENS).bytes())),
        }
    }
    bytes.truncate(MOST);
    bytes
}
