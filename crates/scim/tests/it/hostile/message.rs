//! JSON in or near the form of a message.

use serde_json::{Value, json};

use super::dice::Dice;
use super::text::{TOKENS, strange, text};

const LISTS: [&str; 5] = ["ims", "emails", "roles", "members", "x509Certificates"];

/// JSON in or near the form that the parser takes.
pub fn message(parser: &str, dice: &mut Dice) -> Vec<u8> {
    let mut room = dice.length();
    let made = match dice.below(8) {
        0 => {
            let (open, close) = [("[", "]"), ("{\"emails\":", "}"), ("{\"Operations\":[", "]}")][dice.below(3)];
            let most = [127, 2_000][dice.below(2)];
            let deep = 1 + dice.below(most);
            return format!("{}1{}", open.repeat(deep), close.repeat(deep)).into_bytes();
        }
        1 | 2 if parser != "body" => crowd(parser, dice, room),
        1..=4 if parser == "body" => {
            let mut made = json!({"userName": "a", "displayName": "a"});
            made[dice.one(&LISTS)] = elements(dice);
            made[dice.one(&["active", "title", "name", "members"])] = value(dice, 3, &mut room);
            made
        }
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
    let list = dice.one(&LISTS);
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
    match dice.below(5) {
        0 => json!({"op": verb, "value": value}),
        2 => json!({"op": verb, "path": dice.one(&LISTS), "value": elements(dice)}),
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
        6 => (0..dice.below(6)).map(|_| value(dice, deep - 1, room)).collect(),
        7 => elements(dice),
        _ => object(dice, deep - 1, room),
    }
}

/// Elements of a list that are nearly the same.
fn elements(dice: &mut Dice) -> Value {
    (0..dice.below(8)).map(|_| element(dice)).collect()
}

fn element(dice: &mut Dice) -> Value {
    let texts = [("value", ["a", "A"]), ("type", ["work", "Work"]), ("display", ["d", "e"])];
    let mut made = serde_json::Map::new();
    for (name, of) in texts {
        if dice.below(2) == 0 {
            made.insert(name.to_owned(), Value::from(dice.one(&of)));
        }
    }
    if dice.below(2) == 0 {
        made.insert("primary".to_owned(), Value::from(dice.below(3) > 0));
    }
    Value::Object(made)
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
