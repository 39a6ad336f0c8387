//! Thousands of bad requests at the real door, by seeds that make the same again: each is answered in time, none breaks
//! anything, and what is refused changes nothing.

mod ask;
#[path = "../../../scim/tests/it/hostile/dice.rs"]
mod dice;
#[path = "../../../scim/tests/it/hostile/make.rs"]
mod make;
#[path = "../../../scim/tests/it/hostile/message.rs"]
mod message;
mod requests;
#[path = "../../../scim/tests/it/hostile/text.rs"]
mod text;

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::on_both;
use crate::server::{Server, Tenant};
use ask::{Answered, Asked, ask};
use requests::{Known, Targets, request};

/// In which each must be answered, by a build without optimisation too.
const IN_TIME: Duration = Duration::from_secs(5);
/// The same for what is megabytes long, of a build without optimisation.
const IN_TIME_IF_LONG: Duration = Duration::from_secs(10);

/// How many requests; `DIRECTORY_SYNC_HOSTILE_REQUESTS` asks for more.
fn requests() -> u64 {
    std::env::var("DIRECTORY_SYNC_HOSTILE_REQUESTS").ok().and_then(|requests| requests.parse().ok()).unwrap_or(400)
}

/// A refusal in the form of RFC 7644 §3.12; one to HEAD has no body.
fn is_well_formed(asked: &Asked, answered: &Answered, what: &str) {
    let kind = answered.header("content-type").unwrap_or_default();
    assert!(["application/scim+json", "application/json"].contains(&kind), "{what}: {kind}");
    assert!(answered.header("x-request-id").is_some(), "{what}");
    if asked.method == "HEAD" {
        return;
    }
    let body: Value = serde_json::from_slice(&answered.body).unwrap_or_else(|_| panic!("no JSON: {what}"));
    assert_eq!(body["schemas"], json!([scim::ERROR_URN]), "{what}");
    assert_eq!(body["status"], answered.status.to_string(), "{what}");
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{what}");
    let kinds = [
        "invalidFilter",
        "tooMany",
        "uniqueness",
        "mutability",
        "invalidSyntax",
        "invalidPath",
        "noTarget",
        "invalidValue",
        "invalidVers",
        "sensitive",
        "invalidCursor",
        "expiredCursor",
        "invalidCount",
    ];
    let known = |kind: &Value| kind.as_str().is_some_and(|kind| kinds.contains(&kind));
    assert!(body.get("scimType").is_none_or(known), "{what}: {body}");
}

/// A person or a group whole, with its entity tag.
async fn whole(tenant: &Tenant, path: &str) -> (Option<String>, String) {
    let answer = tenant.send("GET", path, None).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    (answer.header("etag").map(str::to_owned), answer.text)
}

/// A person and a group with them as its member; the paths of both.
async fn made(tenant: &Tenant, name: &str) -> (String, String) {
    let person =
        json!({ "userName": name, "title": "Smith", "emails": [{ "value": format!("{name}@acme.test"), "type": "work" }] });
    let person = tenant.send("POST", "/Users", Some(person)).await.body.unwrap()["id"].as_str().unwrap().to_owned();
    let group = json!({ "displayName": format!("{name}'s"), "members": [{ "value": person }] });
    let group = tenant.send("POST", "/Groups", Some(group)).await.body.unwrap()["id"].as_str().unwrap().to_owned();
    (format!("/Users/{person}"), format!("/Groups/{group}"))
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A creation of a person with this body.
fn creation(body: Vec<u8>) -> Asked {
    let content_type = ("content-type", b"application/scim+json".to_vec());
    Asked { method: "POST", target: "/Users".to_owned(), headers: vec![content_type], body }
}

on_both! {
    async fn no_hostile_request_breaks_the_door_and_what_is_refused_changes_nothing(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let (witness, group) = made(&tenant, "witness").await;
        let before = (whole(&tenant, &witness).await, whole(&tenant, &group).await);
        let (person, target) = made(&tenant, "target").await;
        let targets = Targets { person, group: target };
        let mut standing = (whole(&tenant, &targets.person).await, whole(&tenant, &targets.group).await);
        let store = server.store().await;
        let id = store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap().id;
        let door = store.tenant(id);
        let mut counted = door.counters().await.unwrap();
        let (known, mut refused) = (Known::read(), 0);
        for seed in 0..requests() {
            let asked = request(seed, &known, &targets);
            let what = format!("seed {seed}: {asked}");
            let answered = tokio::time::timeout(IN_TIME, ask(&tenant, &asked)).await;
            let answered = answered.unwrap_or_else(|_| panic!("not answered in time: {what}"));
            assert!(answered.status < 500, "{} {what}", answered.status);
            let counts = door.counters().await.unwrap();
            if answered.status >= 400 {
                refused += 1;
                is_well_formed(&asked, &answered, &format!("{} {what}", answered.status));
                assert_eq!(counts, counted, "{} {what}", answered.status);
            }
            if asked.may_write() {
                let now = (whole(&tenant, &targets.person).await, whole(&tenant, &targets.group).await);
                assert!(answered.status < 400 || now == standing, "{} {what}: {now:?}", answered.status);
                standing = now;
            }
            counted = counts;
        }
        assert!(refused > requests() / 4, "{refused} refusals are too few to say anything");
        let after = (whole(&tenant, &witness).await, whole(&tenant, &group).await);
        assert_eq!(before, after, "nothing of what was taken was about these two");
        store.close().await;
    }

    async fn a_condition_that_cannot_be_read_is_not_fulfilled(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let (person, _) = made(&tenant, "ada").await;
        let before = whole(&tenant, &person).await;
        let patch = |conditions: &[&[u8]]| {
            let body = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "Cook" }] }).to_string().into_bytes();
            let mut asked = Asked { method: "PATCH", target: person.clone(), ..creation(body) };
            asked.headers.extend(conditions.iter().map(|condition| ("if-match", condition.to_vec())));
            asked
        };
        for unread in [&b"\"\xff\""[..], b"\xff", b"", b"W/", b"W/\"1", b"*, *"] {
            let asked = patch(&[unread]);
            let answered = ask(&tenant, &asked).await;
            assert_eq!(answered.status, 412, "{asked}");
            is_well_formed(&asked, &answered, &asked.to_string());
        }
        assert_eq!(whole(&tenant, &person).await, before);
        let version = before.0.as_deref().unwrap().as_bytes();
        let answered = ask(&tenant, &patch(&[&b"\"9\""[..], version])).await;
        assert_eq!(answered.status, 200, "two lines are one list");
    }

    async fn an_encoded_body_is_refused_with_the_reason(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let zipped = gzipped(&json!({ "userName": "zipped" }).to_string());
        for coding in ["gzip", "GZIP", "x-gzip", "deflate", "br", "identity, gzip", "gzip, gzip", "none"] {
            let mut asked = creation(zipped.clone());
            asked.headers.push(("content-encoding", coding.as_bytes().to_vec()));
            let answered = ask(&tenant, &asked).await;
            assert_eq!((answered.status, answered.header("accept-encoding")), (415, Some("identity")), "{coding}");
            is_well_formed(&asked, &answered, coding);
            assert!(String::from_utf8_lossy(&answered.body).contains("Content-Encoding"), "{coding}");
        }
        // What does not say that it is encoded is no JSON.
        let unsaid = ask(&tenant, &creation(zipped)).await;
        assert_eq!((unsaid.status, unsaid.header("accept-encoding")), (400, None));
        assert_eq!(tenant.send("GET", "/Users?count=0", None).await.body.unwrap()["totalResults"], 0);
        let mut plain = creation(json!({ "userName": "plain" }).to_string().into_bytes());
        plain.headers.push(("content-encoding", b"identity".to_vec()));
        assert_eq!(ask(&tenant, &plain).await.status, 201, "identity is none");
    }

    async fn bodies_of_very_many_parts_are_refused_at_once(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let keys = |count: usize, key: &dyn Fn(usize) -> String| (0..count).map(key).collect::<Vec<_>>().join(",");
        let wide = format!("{{{}}}", keys(200_000, &|n: usize| format!("\"k{n}\":{n}")));
        // As many names of schemas as objects of other ones.
        let schemas = (0..50_000).map(|n| format!("\"urn:b:{n:06}\"")).collect::<Vec<_>>().join(",");
        let foreign = format!("{{\"schemas\":[{schemas}],{}}}", keys(60_000, &|n: usize| format!("\"urn:a:{n:06}\":{{\"a\":1}}")));
        let operations = |count: usize| {
            let data = |n: usize| json!({ "userName": format!("b{n}") });
            let make = |n: usize| json!({ "method": "POST", "path": "/Users", "bulkId": n.to_string(), "data": data(n) });
            json!({ "schemas": [scim::BULK_URN], "Operations": (0..count).map(make).collect::<Vec<_>>() }).to_string()
        };
        for (what, target, body, status) in [
            ("200,000 keys", "/Users", wide, 400),
            ("50,000 schemas and 60,000 objects", "/Users", foreign, 400),
            ("20,000 operations", "/Bulk", operations(20_000), 413),
            ("1,001 operations", "/Bulk", operations(1_001), 413),
            ("2,000,000 lists", "/Users", "[".repeat(2_000_000), 400),
            ("1,000,000 digits", "/Users", format!("{{\"userName\":\"x\",\"externalId\":{}}}", "9".repeat(1_000_000)), 400),
            ("9 MiB", "/Users", " ".repeat(9 << 20), 413),
        ] {
            let mut asked = creation(body.into_bytes());
            asked.target = target.to_owned();
            let answered = tokio::time::timeout(IN_TIME_IF_LONG, ask(&tenant, &asked)).await;
            let answered = answered.unwrap_or_else(|_| panic!("not answered in time: {what}"));
            assert_eq!(answered.status, status, "{what}");
            is_well_formed(&asked, &answered, what);
        }
        assert_eq!(tenant.send("GET", "/Users?count=0", None).await.body.unwrap()["totalResults"], 0);
    }
}
