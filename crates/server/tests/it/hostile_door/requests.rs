//! Bad requests, and some good ones among them, by seed.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use super::ask::Asked;
use super::dice::Dice;
use super::make;

/// Characters that stand in a path or a query as they are.
const SAFE: &[u8] = b":~!$,;'@()*-._";
const PARSERS: [&str; 7] = ["body", "patch", "bulk", "query", "filter", "path", "precondition"];

/// For each parser, input that it takes.
pub(super) struct Known(HashMap<&'static str, Vec<Vec<u8>>>);

impl Known {
    /// Reads the fixtures of the protocol's own tests.
    pub(super) fn read() -> Self {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scim/fixtures");
        Self(PARSERS.into_iter().map(|parser| (parser, make::known(parser, &fixtures))).collect())
    }

    /// Input for a parser.
    fn input(&self, parser: &str, dice: &mut Dice) -> Vec<u8> {
        make::input(parser, dice, &self.0[parser])
    }
}

/// Paths of a person and a group that are there.
pub(super) struct Targets {
    pub(super) person: String,
    pub(super) group: String,
}

/// The request of a seed.
pub(super) fn request(seed: u64, known: &Known, targets: &Targets) -> Asked {
    let mut dice = Dice::new(seed);
    match dice.below(8) {
        0..=3 => with_body(&mut dice, known, targets),
        4 | 5 => with_query(&mut dice, known),
        6 => at_odd_place(&mut dice, known),
        _ => with_odd_header(&mut dice, known, targets),
    }
}

fn with_body(dice: &mut Dice, known: &Known, targets: &Targets) -> Asked {
    let (person, group) = (targets.person.as_str(), targets.group.as_str());
    let (method, target, parser) = [
        ("POST", "/Users", "body"),
        ("PUT", person, "body"),
        ("PATCH", person, "patch"),
        ("POST", "/Groups", "body"),
        ("PUT", group, "body"),
        ("PATCH", group, "patch"),
        ("POST", "/Bulk", "bulk"),
        ("POST", "/.search", "query"),
        ("POST", "/Users/.search", "query"),
    ][dice.below(9)];
    Asked { body: known.input(parser, dice), ..sending(method, target.to_owned()) }
}

fn with_query(dice: &mut Dice, known: &Known) -> Asked {
    let place = dice.one(&["/Users", "/Groups", "/Schemas"]);
    let names = ["filter", "filter", "sortBy", "attributes", "excludedAttributes", "cursor", "count", "startIndex", "sortOrder"];
    let query = match dice.below(4) {
        0 => encoded(&known.input("query", dice), b"&=+%?"),
        1 => format!("{}={}", dice.one(&names), encoded(&known.input("path", dice), b"%+")),
        _ => format!("filter={}", encoded(&known.input("filter", dice), b"")),
    };
    Asked { method: dice.one(&["GET", "GET", "HEAD"]), target: format!("{place}?{query}"), headers: Vec::new(), body: Vec::new() }
}

fn at_odd_place(dice: &mut Dice, known: &Known) -> Asked {
    let method = dice.one(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "JUMP"]);
    let places = ["/", "//", "/Users/", "/Groups/", "/Schemas/", "/ResourceTypes/", "/Bulk/", "/Users/../../../globex/v2/Users/"];
    let target = format!("{}{}", dice.one(&places), encoded(&known.input("path", dice), b"/%=&"));
    if matches!(method, "POST" | "PUT" | "PATCH") {
        return Asked { body: b"{\"userName\":\"odd\",\"displayName\":\"odd\"}".to_vec(), ..sending(method, target) };
    }
    Asked { method, target, headers: Vec::new(), body: Vec::new() }
}

fn with_odd_header(dice: &mut Dice, known: &Known, targets: &Targets) -> Asked {
    let names = [
        "if-match",
        "if-none-match",
        "content-type",
        "content-encoding",
        "accept",
        "authorization",
        "user-agent",
        "prefer",
        "x-forwarded-for",
    ];
    let (name, method) = (dice.one(&names), dice.one(&["GET", "PUT", "PATCH"]));
    let value = known.input("precondition", dice).into_iter().filter(|byte| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f));
    let value: Vec<u8> = value.take(4_000).collect();
    if method == "GET" {
        let headers = vec![(name, value)];
        return Asked { method, target: targets.person.clone(), headers, body: Vec::new() };
    }
    let body = match method {
        "PUT" => b"{\"userName\":\"target\",\"title\":\"Cook\"}".to_vec(),
        _ => b"{\"Operations\":[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Baker\"}]}".to_vec(),
    };
    let mut asked = Asked { body, ..sending(method, targets.person.clone()) };
    asked.headers.retain(|(usual, _)| *usual != name);
    asked.headers.push((name, value));
    asked
}

/// A request that says what its body is.
fn sending(method: &'static str, target: String) -> Asked {
    let headers = vec![("content-type", b"application/scim+json".to_vec())];
    Asked { method, target, headers, body: Vec::new() }
}

/// Bytes as they may stand in a request's target; those of `left` are left as they are.
fn encoded(bytes: &[u8], left: &[u8]) -> String {
    let mut target = String::new();
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || SAFE.contains(byte) || left.contains(byte) {
            target.push(char::from(*byte));
        } else {
            write!(target, "%{byte:02X}").unwrap();
        }
    }
    target
}
