//! What readers of the feed say they have applied: how far each is, how long it took, and who is late.

use domain::{AuditKey, Clock, FeedReader, ReaderKind, Role, Tenant};
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::testing::{CreateUser, meddle, origin};
use store::{AuditQuery, Origin};
use uuid::Uuid;

use crate::authorisation::api_key;
use crate::desk::{Answer, Desk};
use crate::on_both;

const PATH: &str = "/tenants/acme/changes/acknowledgements";

/// A person made at the desk's time: one change.
async fn user(desk: &Desk, tenant: &Tenant, name: &str) -> String {
    let origin = Origin { at: desk.clock.now(), ..origin(tenant.id) };
    desk.store(tenant).write(origin, CreateUser(json!({ "userName": name }))).await.unwrap().output.id.to_string()
}

async fn call(desk: &Desk, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let bearer = format!("Bearer {token}");
    let body = body.map(|body| body.to_string().into_bytes());
    desk.raw(method, &format!("/api/v1{path}"), &[("authorization", &bearer)], body).await
}

/// The number that is kept after acknowledging one.
async fn acknowledge(desk: &Desk, token: &str, seq: u64) -> u64 {
    let answer = call(desk, token, "POST", PATH, Some(json!({ "seq": seq }))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["seq"].as_u64().unwrap()
}

/// The buckets that something is in.
fn filled(report: &Value) -> Vec<(Option<u64>, u64)> {
    let buckets = report["last24h"]["buckets"].as_array().unwrap().iter();
    let of = |bucket: &Value| (bucket["upToSeconds"].as_u64(), bucket["count"].as_u64().unwrap());
    buckets.map(of).filter(|(_, count)| *count > 0).collect()
}

fn somebody() -> FeedReader {
    FeedReader { kind: ReaderKind::Person, id: Uuid::now_v7(), name: "Somebody".to_owned() }
}

on_both! {
    async fn a_reader_comes_further_and_never_back(on) {
        let desk = Desk::open(on).await;
        let (acme, globex) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("globex").await);
        for name in ["a", "b", "c", "d"] {
            user(&desk, &acme, name).await;
        }
        let (token, key) = api_key(&desk, Some(acme.id), Role::Developer, None).await;
        let empty = call(&desk, &token, "GET", PATH, None).await.body;
        assert_eq!((&empty["readers"], &empty["lastSeq"], &empty["targetSeconds"]), (&json!([]), &json!(4), &json!(300)));
        assert_eq!(acknowledge(&desk, &token, 2).await, 2);
        assert_eq!(acknowledge(&desk, &token, 1).await, 2, "what is kept");
        assert_eq!(acknowledge(&desk, &token, 2).await, 2);
        let beyond = call(&desk, &token, "POST", PATH, Some(json!({ "seq": 5 }))).await;
        let told = &beyond.body["errors"][0];
        assert_eq!((beyond.status, &told["field"]), (400, &json!("seq")));
        assert!(told["message"].as_str().unwrap().contains('4'), "{told}");
        for wrong in [json!({}), json!({ "seq": -1 }), json!({ "seq": "2" }), json!({ "seq": 1.5 }), json!({ "seq": 2, "x": 1 })] {
            assert_eq!(call(&desk, &token, "POST", PATH, Some(wrong.clone())).await.status, 400, "{wrong}");
        }
        let report = call(&desk, &token, "GET", PATH, None).await.body;
        let reader = &report["readers"][0];
        let expected = json!({ "kind": "apiKey", "id": key.id.to_string(), "name": "CI" });
        assert_eq!((&reader["reader"], &reader["seq"], &reader["waiting"]), (&expected, &json!(2), &json!(2)));
        assert_eq!(report["readers"].as_array().unwrap().len(), 1);
        // A person is a reader of their own; nobody sees another tenant's.
        let ada = desk.session(desk.person("ada@acme.test", None, &[(&acme, Role::Developer)]).await).await;
        let said = desk.call(Some(&ada), "POST", PATH, Some(json!({ "seq": 4 }))).await;
        assert_eq!((said.status, &said.body), (200, &json!({ "seq": 4 })));
        let kinds = call(&desk, &token, "GET", PATH, None).await.body;
        let mut kinds: Vec<_> = kinds["readers"].as_array().unwrap().iter().map(|reader| reader["reader"]["kind"].clone()).collect();
        kinds.sort_by_key(ToString::to_string);
        assert_eq!(kinds, [json!("apiKey"), json!("person")]);
        let (other, _) = api_key(&desk, Some(globex.id), Role::Developer, None).await;
        let theirs = call(&desk, &other, "GET", "/tenants/globex/changes/acknowledgements", None).await.body;
        assert_eq!((&theirs["readers"], &theirs["last24h"]["count"]), (&json!([]), &json!(0)));
        assert_eq!(call(&desk, &other, "POST", PATH, Some(json!({ "seq": 1 }))).await.status, 404);
    }

    async fn how_long_it_took_is_counted_once_a_change(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let (token, _) = api_key(&desk, Some(acme.id), Role::Developer, None).await;
        user(&desk, &acme, "long-before").await;
        desk.clock.advance_seconds(7_200);
        let ada = user(&desk, &acme, "ada").await;
        desk.clock.advance_seconds(2);
        user(&desk, &acme, "bob").await;
        user(&desk, &acme, "cyd").await;
        acknowledge(&desk, &token, 2).await;
        desk.clock.advance_seconds(10);
        for seq in [4, 4, 1] {
            assert_eq!(acknowledge(&desk, &token, seq).await, 4);
        }
        let report = call(&desk, &token, "GET", PATH, None).await.body;
        assert_eq!(filled(&report), [(Some(2), 1), (Some(10), 2)], "what is older than an hour came with a snapshot");
        let day = &report["last24h"];
        assert_eq!((&day["count"], &day["p50"], &day["p99"]), (&json!(3), &json!(10), &json!(10)));
        // Her story says so at each change.
        let story = call(&desk, &token, "GET", &format!("/tenants/acme/timeline?of={ada}"), None).await.body;
        let told = &story["items"][0]["changes"][0]["acknowledged"];
        assert_eq!((&told[0]["seconds"], &told[0]["reader"]["kind"]), (&json!(2), &json!("apiKey")));
        assert_eq!(told.as_array().unwrap().len(), 1);
        let eve = user(&desk, &acme, "eve").await;
        let story = call(&desk, &token, "GET", &format!("/tenants/acme/timeline?of={eve}"), None).await.body;
        assert_eq!(story["items"][0]["changes"][0]["acknowledged"], json!([]), "not yet");
        desk.clock.advance_seconds(25 * 3_600);
        let report = call(&desk, &token, "GET", PATH, None).await.body;
        assert_eq!((&report["last24h"]["count"], report["last24h"].get("p50")), (&json!(0), None));
    }

    async fn a_reader_is_late_until_it_has_caught_up_or_is_forgotten(on) {
        let desk = Desk::open(on).await;
        let (acme, operator) = (desk.scratch.tenant("acme").await, desk.operator().await);
        let (token, key) = api_key(&desk, Some(acme.id), Role::Developer, None).await;
        user(&desk, &acme, "a").await;
        acknowledge(&desk, &token, 1).await;
        user(&desk, &acme, "b").await;
        let made = desk.clock.now();
        let late = async || {
            let report = call(&desk, &token, "GET", PATH, None).await.body;
            let number = desk.scratch.store.system().late_readers(desk.clock.now()).await.unwrap().len();
            let told = report["readers"][0]["late"].as_bool().unwrap();
            assert_eq!(number, usize::from(told), "the service counts as the tenant is told");
            let noted = desk.store(&acme).acknowledgements().found_late().await.unwrap();
            assert_eq!(noted, u64::from(told), "the stream of health tells it");
            (told, report)
        };
        desk.clock.advance_seconds(300);
        assert!(!late().await.0);
        desk.clock.advance_seconds(1);
        let (is_late, report) = late().await;
        assert!(is_late);
        assert_eq!(report["readers"][0]["oldestWaitingSince"], json!(made.to_rfc3339()));
        let want = async |target: Value| {
            let body = json!({ "acknowledgementTargetSeconds": target });
            desk.call(Some(&operator), "PATCH", "/tenants/acme", Some(body)).await
        };
        for wrong in [json!(0), json!(2_592_001), json!(-1), json!("60")] {
            assert_eq!(want(wrong.clone()).await.status, 400, "{wrong}");
        }
        let never = want(Value::Null).await;
        assert_eq!((never.status, never.body.get("acknowledgementTargetSeconds")), (200, None));
        let (is_late, report) = late().await;
        assert_eq!((is_late, report.get("targetSeconds")), (false, None));
        let renamed = desk.call(Some(&operator), "PATCH", "/tenants/acme", Some(json!({ "name": "Acme 2" }))).await;
        assert_eq!(renamed.body.get("acknowledgementTargetSeconds"), None, "what is absent stays");
        assert_eq!(want(json!(60)).await.body["acknowledgementTargetSeconds"], 60);
        assert!(late().await.0);
        let query = AuditQuery { limit: 20, ..AuditQuery::default() };
        let store = desk.store(&acme);
        let chain = store.audit();
        assert_eq!(chain.verify(&AuditKey::of(&desk.key)).await.unwrap().flaw, None);
        let entries = chain.list(&query).await.unwrap();
        let changed = entries.iter().find(|entry| entry.act == domain::Act::TenantLogChanged).unwrap();
        let target = |text: &Option<String>| {
            let shown: Value = serde_json::from_str(text.as_deref().unwrap()).unwrap();
            shown["acknowledgementTargetSeconds"].clone()
        };
        assert_eq!((target(&changed.before), target(&changed.after)), (Value::Null, json!(60)));
        assert_eq!(acknowledge(&desk, &token, 2).await, 2);
        let (is_late, report) = late().await;
        assert_eq!((is_late, report["readers"][0].get("oldestWaitingSince")), (false, None));
        let path = format!("{PATH}/{}", key.id);
        for expected in [204, 404] {
            assert_eq!(call(&desk, &token, "DELETE", &path, None).await.status, expected);
        }
        assert_eq!(call(&desk, &token, "DELETE", &format!("{PATH}/nobody"), None).await.status, 404);
        assert_eq!(call(&desk, &token, "GET", PATH, None).await.body["readers"], json!([]));
        assert_eq!(acknowledge(&desk, &token, 1).await, 1, "it begins anew");
    }

    async fn of_many_calls_at_once_the_highest_is_kept_and_each_change_counted_once(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        for n in 0..20 {
            user(&desk, &acme, &format!("p{n}")).await;
        }
        let (store, reader) = (desk.store(&acme), somebody());
        let acknowledgements = store.acknowledgements();
        let mixed = (1..=20).map(|n| n * 8 % 21).chain([20, 3]);
        for kept in join_all(mixed.map(|seq| acknowledgements.acknowledge(&reader, seq))).await {
            assert!(kept.unwrap() <= 20);
        }
        let progress = acknowledgements.progress().await.unwrap();
        assert_eq!((progress.len(), progress[0].seq), (1, 20));
        assert_eq!(acknowledgements.latencies(desk.clock.now()).await.unwrap().count(), 20);
    }

    async fn who_was_away_for_long_comes_further_in_steps_and_what_is_noted_goes_with_the_changes(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        user(&desk, &acme, "a").await;
        let (store, reader) = (desk.store(&acme), somebody());
        let acknowledgements = store.acknowledgements();
        assert_eq!(acknowledgements.acknowledge(&reader, 1).await.unwrap(), 1);
        meddle(&desk.scratch.store, acme.id, "UPDATE tenant_counters SET seq = 12000 WHERE tenant_id = {tenant}").await;
        assert_eq!(acknowledgements.acknowledge(&reader, 12_000).await.unwrap(), 12_000);
        let system = desk.scratch.store.system();
        assert_eq!(system.purge_acknowledgements(acme.id, 100).await.unwrap(), 0, "the change is kept");
        meddle(&desk.scratch.store, acme.id, "DELETE FROM changes WHERE tenant_id = {tenant}").await;
        assert_eq!(system.purge_acknowledgements(acme.id, 3).await.unwrap(), 3);
        assert_eq!(system.purge_acknowledgements(acme.id, 3).await.unwrap(), 1);
        let later = desk.clock.now().plus_days(1);
        assert_eq!(system.purge_acknowledgement_hours(acme.id, later, 100).await.unwrap(), 1);
        assert_eq!(acknowledgements.progress().await.unwrap()[0].seq, 12_000, "how far it is stays");
    }

    async fn a_tenant_has_so_many_readers_and_no_more(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        user(&desk, &acme, "a").await;
        let (token, _) = api_key(&desk, Some(acme.id), Role::Developer, None).await;
        let store = desk.store(&acme);
        let readers: Vec<_> = (0..domain::acknowledgement::MOST_READERS).map(|_| somebody()).collect();
        for reader in &readers {
            store.acknowledgements().acknowledge(reader, 1).await.unwrap();
        }
        let refused = call(&desk, &token, "POST", PATH, Some(json!({ "seq": 1 }))).await;
        assert_eq!((refused.status, refused.code()), (409, "too_many_readers"));
        assert_eq!(call(&desk, &token, "DELETE", &format!("{PATH}/{}", readers[0].id), None).await.status, 204);
        assert_eq!(acknowledge(&desk, &token, 1).await, 1);
    }
}
