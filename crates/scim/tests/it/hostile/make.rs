//! Hostile input for each parser, of up to 8 KiB, by a seed that makes the same again.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::dice::{Dice, MOST};
use super::message::message;
use super::text::{TOKENS, text};

/// Text that one parser or another takes.
const KNOWN: [&str; 14] = [
    r#"userName eq "ada" and (emails[type eq "work" and value co "@x"] or not (active eq true))"#,
    r#"emails[type eq "work"].value sw "a" or name.familyName pr"#,
    r#"meta.created ge "2026-01-01T00:00:00Z" and x gt -1.5e3"#,
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq null",
    r#"emails[type eq "work" or primary eq true].value"#,
    "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
    "members.$ref",
    r#"addresses[not (type eq "a]b")]"#,
    "filter=userName pr&startIndex=1&count=10&sortBy=emails.value&sortOrder=descending&attributes=id,emails.type",
    "excludedAttributes=name.givenName,urn:x:1.0&cursor=&count=-3",
    "W/\"3\", \"18446744073709551615\"\n*",
    "2026-02-28T23:59:60.123456789+23:59",
    "dsk_AAAAAAAAAAAA_000000000000000000000000000000000AAAAAA",
    "Stra\u{DF}e \u{FDFA} \u{1F82}\u{345}",
];

/// Whether a parser takes JSON.
pub fn takes_json(parser: &str) -> bool {
    matches!(parser, "patch" | "body" | "bulk" | "json")
}

/// Inputs that a parser takes: for JSON the bodies in the folder of fixtures.
pub fn known(parser: &str, fixtures: &Path) -> Vec<Vec<u8>> {
    if !takes_json(parser) {
        return KNOWN.iter().map(|text| text.as_bytes().to_vec()).collect();
    }
    let folders = fs::read_dir(fixtures).unwrap();
    let mut paths: Vec<_> =
        folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap()).map(|file| file.unwrap().path()).collect();
    paths.sort();
    let body = |path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap()["body"].to_string();
    paths.into_iter().map(|path| body(path).into_bytes()).collect()
}

/// An input for the parser of this name; `known` are inputs that it takes.
pub fn input(parser: &str, dice: &mut Dice, known: &[Vec<u8>]) -> Vec<u8> {
    let is_json = takes_json(parser) || (parser == "query" && dice.below(3) == 0);
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
