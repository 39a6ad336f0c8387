//! A mirror that missed changes is told which, through the real server: changed people, moved members, numbers of any kind.

use std::collections::BTreeMap;

use domain::Fingerprint;
use serde_json::{Value, json};

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Holds all people or groups of a mirror against the directory; the answers, range by range.
pub(crate) async fn compared(person: &Person, kind: &str, held: &BTreeMap<String, Value>) -> Vec<Value> {
    let item = |(id, resource): (&String, &Value)| json!({ "id": id, "hash": Fingerprint::of(resource).unwrap().to_string() });
    let items: Vec<Value> = held.iter().map(item).collect();
    let (mut answers, mut sent) = (Vec::new(), 0);
    while answers.is_empty() || sent < items.len() {
        let some = &items[sent..items.len().min(sent + 1_000)];
        let mut question = json!({ "resourceType": kind, "items": some, "last": sent + some.len() == items.len() });
        if let Some(before) = sent.checked_sub(1) {
            question["after"] = items[before]["id"].clone();
        }
        let answer = person.call("POST", "/tenants/acme/drift", Some(question)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answers.extend(answer.body);
        sent += some.len();
    }
    answers
}

/// Whether the answers name nothing.
pub(crate) fn equal(answers: &[Value]) -> bool {
    let none = |answer: &Value| ["missing", "differing", "unknown"].iter().all(|kind| answer[kind] == json!([]));
    answers.iter().all(|answer| none(answer) && answer["more"] == false)
}

/// What the feed shows of everybody after their last change.
async fn mirrored(person: &Person) -> BTreeMap<String, Value> {
    let page = person.call("GET", "/tenants/acme/changes?after=0&limit=200", None).await.body.unwrap();
    let users = page["items"].as_array().unwrap().iter().filter(|change| change["resourceType"] == "User");
    users.map(|change| (change["resourceId"].as_str().unwrap().to_owned(), change["after"].clone())).collect()
}

async fn patch(tenant: &Tenant, path: &str, operations: Value) {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
    let answer = tenant.send("PATCH", path, Some(body)).await;
    assert!(matches!(answer.status, 200 | 204), "{}", answer.text);
}

on_both! {
    async fn a_mirror_that_missed_changes_is_told_which(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let (ada, bob) = (acme.person("ada@acme.test").await, acme.person("bob@acme.test").await);
        let staff = json!({ "displayName": "Staff", "members": [{ "value": ada }] });
        let staff = acme.send("POST", "/Groups", Some(staff)).await.body.unwrap()["id"].as_str().unwrap().to_owned();
        // Two people, a group, its member: four changes.
        let mirror = mirrored(&olga).await;
        assert!(equal(&compared(&olga, "User", &mirror).await));
        patch(&acme, &format!("/Users/{ada}"), json!([{ "op": "replace", "path": "title", "value": "Countess" }])).await;
        patch(&acme, &format!("/Groups/{staff}"), json!([{ "op": "remove", "path": format!("members[value eq \"{ada}\"]") }])).await;
        patch(&acme, &format!("/Groups/{staff}"), json!([{ "op": "add", "path": "members", "value": [{ "value": bob }] }])).await;
        let told = compared(&olga, "User", &mirror).await;
        assert_eq!(told[0]["differing"], json!([{ "id": ada, "seq": 5, "version": 2 }]));
        let members = json!({ "resourceType": "Member", "groupId": staff, "items": [{ "id": ada }], "last": true });
        let told = olga.call("POST", "/tenants/acme/drift", Some(members)).await.body.unwrap();
        assert_eq!((&told["missing"], &told["unknown"]), (&json!([{ "id": bob, "seq": 7 }]), &json!([{ "id": ada, "deletedSeq": 6 }])));
        assert_eq!((&told["seq"], &told["checked"]), (&json!(7), &json!(2)));
        assert!(equal(&compared(&olga, "User", &mirrored(&olga).await).await));
    }

    async fn numbers_and_text_of_any_kind_come_to_the_same_hash(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let urn = "urn:acme:hr:1.0:User";
        let attributes = json!([{ "name": "load", "type": "decimal" }, { "name": "badge", "type": "integer" }, { "name": "note" }]);
        let schema = json!({ "urn": urn, "resourceType": "User", "name": "HR", "attributes": attributes });
        let made = olga.call("POST", "/tenants/acme/schemas", Some(schema)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        for (n, (load, badge)) in [
            (json!(0.1), json!(7)), (json!(1e21), json!(0)), (json!(1e-7), json!(-3)), (json!(2.5e-5), json!(2_147_483_647)),
            (json!(123_456_789.123_456_79), json!(1)), (json!(5.0), json!(5)), (json!(0.300_000_000_000_000_04), json!(2)),
        ].into_iter().enumerate() {
            let note = "e\u{301} \u{e9} \u{1f600} \u{2028} \"\\/ \u{7f}";
            let body = json!({ "userName": format!("p{n}@acme.test"), "schemas": [scim::USER_URN, urn], urn: { "load": load, "badge": badge, "note": note } });
            let answer = acme.send("POST", "/Users", Some(body)).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
        }
        let mirror = mirrored(&olga).await;
        assert_eq!(mirror.len(), 7);
        assert!(mirror.values().all(|resource| resource[urn]["load"].is_number()));
        let told = compared(&olga, "User", &mirror).await;
        assert!(equal(&told), "{told:?}");
    }
}
