//! The sync log as the console reads it.

use domain::exchange::{RawBody, RawMessage};
use domain::{BodyPolicy, Cause, Clock, Idp, Outcome, RawExchange, ResourceKind, Role, SyncEvent, SyncEventId, Timestamp};
use serde_json::{Value, json};
use store::SyncLogWriter;
use store::testing::{CreateUser, event, origin};

use crate::desk::Desk;
use crate::on_both;

/// An id as it is made at that moment.
fn made_at(at: Timestamp) -> SyncEventId {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap();
    uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid().into()
}

on_both! {
    async fn who_only_looks_sees_bodies_masked(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let message = |body: &'static str| RawMessage {
            headers: vec![("content-type".to_owned(), "application/scim+json".to_owned()), ("x-who".to_owned(), "Ada".to_owned())],
            body: Some(RawBody::of(&body.as_bytes().into())),
        };
        let request = message(r#"{"userName":"ada","password":"t0p","active":false}"#);
        let exchange = RawExchange { policy: BodyPolicy::Full, request, answer: message("{\"userName\": \"ada\",,}") };
        let seen = SyncEvent { exchange: Some(exchange), ..event(Some(acme.id), desk.clock.now(), 201) };
        let silent = event(Some(acme.id), desk.clock.now(), 201);
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 8);
        sender.send(seen.clone(), false).await;
        sender.send(silent.clone(), false).await;
        drop(sender);
        writer.run().await;
        for (role, bodies, user_name, who, text) in [
            (Role::Admin, "full", "ada", "Ada", Some("{\"userName\": \"ada\",,}")),
            (Role::Viewer, "masked", "<text 3>", "<text 3>", None),
        ] {
            let id = desk.person(&format!("{}@acme.test", role.as_str()), None, &[(&acme, role)]).await;
            let session = desk.session(id).await;
            let shown = desk.get(&session, &format!("/tenants/acme/sync-events/{}", seen.id)).await.body;
            let said = &shown["exchange"];
            assert_eq!(said["bodies"], bodies);
            let expected = json!({ "userName": user_name, "password": "<removed>", "active": false });
            assert_eq!(said["request"]["body"]["json"], expected);
            assert_eq!(said["request"]["headers"][1], json!({ "name": "x-who", "value": who }));
            let answer = &said["answer"]["body"];
            assert_eq!((answer["text"].as_str(), &answer["fault"]["line"], &answer["length"]), (text, &json!(1), &json!(21)));
            let other = desk.get(&session, &format!("/tenants/acme/sync-events/{}", silent.id)).await.body;
            assert_eq!(other.get("exchange"), None);
        }
    }

    async fn an_admin_says_what_the_log_keeps(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let [admin, viewer] = [Role::Admin, Role::Viewer].map(|role| (format!("{}@acme.test", role.as_str()), role));
        let admin = desk.session(desk.person(&admin.0, None, &[(&acme, admin.1)]).await).await;
        let viewer = desk.session(desk.person(&viewer.0, None, &[(&acme, viewer.1)]).await).await;
        let change = async |who: &str, body| desk.call(Some(who), "PATCH", "/tenants/acme", Some(body)).await;
        let shown = desk.get(&viewer, "/tenants/acme").await.body;
        assert_eq!((&shown["logBodies"], &shown["logDays"]), (&json!("masked"), &json!(90)));
        assert_eq!(change(&viewer, json!({ "logBodies": "full" })).await.status, 403);
        let changed = change(&admin, json!({ "logBodies": "off", "logDays": 7 })).await;
        assert_eq!((changed.status, &changed.body["logBodies"], &changed.body["logDays"]), (200, &json!("off"), &json!(7)));
        let kept = change(&admin, json!({ "changeDays": 365 })).await;
        assert_eq!((&shown["changeDays"], kept.status, &kept.body["changeDays"], &kept.body["logDays"]), (&json!(90), 200, &json!(365), &json!(7)));
        for body in [json!({ "changeDays": 0 }), json!({ "changeDays": 731 }), json!({ "logDays": 0 }), json!({ "logDays": 91 }), json!({ "logBodies": "some" })] {
            assert_eq!(change(&admin, body.clone()).await.status, 400, "{body}");
        }
        assert_eq!(desk.get(&admin, "/tenants/acme").await.body["logDays"], 7, "a wrong change changes nothing");
    }

    async fn requests_are_found_by_what_became_of_them(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (_, credential) = desk.credential(&connection).await;
        let made = desk.store(&acme).write(origin(acme.id), CreateUser(json!({ "userName": "ada" }))).await.unwrap();
        let now = desk.clock.now();
        let create = SyncEvent {
            credential: Some(credential.id),
            connection: Some(connection.id),
            resource_kind: Some(ResourceKind::User),
            resource_id: Some(made.output.id.as_uuid()),
            resource_name: Some("Ada".to_owned()),
            identifiers: vec!["ada@acme.test".to_owned()],
            changes: made.changes,
            duration_micros: 12_345,
            idp: Some(Idp::Okta),
            ..event(Some(acme.id), now, 201)
        };
        let cause = Cause::Uniqueness { attribute: "userName".to_owned(), value: "ada".to_owned(), holder: "x".to_owned() };
        let refused = SyncEvent {
            id: made_at(now.plus_seconds(-7_200)),
            at: now.plus_seconds(-7_200),
            method: "PATCH".to_owned(),
            scim_type: Some("uniqueness".to_owned()),
            cause: Some(cause),
            ..event(Some(acme.id), now, 409)
        };
        let failed = SyncEvent { method: "GET".to_owned(), cause: Some(Cause::Internal), ..event(Some(acme.id), now, 500) };
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 8);
        for event in [&create, &refused, &failed] {
            sender.send(event.clone(), false).await;
        }
        drop(sender);
        writer.run().await;
        let (create_id, refused_id, failed_id) = (create.id.to_string(), refused.id.to_string(), failed.id.to_string());
        let list = async |query: String| desk.get(&operator, &format!("/tenants/acme/sync-events?{query}")).await;
        let ids = async |query: String| {
            let body = list(query).await.body;
            body["items"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let resource = made.output.id.to_string();
        let hour = now.plus_seconds(-3_600).to_rfc3339();
        for (query, expected) in [
            (String::new(), vec![&failed_id, &create_id, &refused_id]),
            (format!("outcome={}", Outcome::Rejected.as_str()), vec![&refused_id]),
            ("cause=internal".to_owned(), vec![&failed_id]),
            ("method=PATCH".to_owned(), vec![&refused_id]),
            ("resourceType=User".to_owned(), vec![&create_id]),
            ("statusClass=5".to_owned(), vec![&failed_id]),
            (format!("credential={}", credential.id), vec![&create_id]),
            (format!("connection={}", connection.id), vec![&create_id]),
            (format!("resource={resource}"), vec![&create_id]),
            ("text=ADA@".to_owned(), vec![&create_id]),
            ("idp=okta".to_owned(), vec![&create_id]),
            ("atLeastMs=13".to_owned(), vec![]),
            ("atLeastMs=12".to_owned(), vec![&create_id]),
            ("atLeastMs=12&idp=entra".to_owned(), vec![]),
            (format!("text={refused_id}"), vec![&refused_id]),
            (format!("since={hour}"), vec![&failed_id, &create_id]),
            (format!("until={hour}"), vec![&refused_id]),
            (format!("outcome=failed&since={hour}&limit=1"), vec![&failed_id]),
        ] {
            assert_eq!(ids(query.clone()).await.iter().collect::<Vec<_>>(), expected, "{query}");
        }
        let page = list("limit=2".to_owned()).await.body;
        assert_eq!(ids(format!("after={}", page["next"].as_str().unwrap())).await, vec![refused_id.as_str()]);
        for query in ["outcome=good", "statusClass=9", "resourceType=Robot", "credential=1", "since=yesterday", "cause=bad_luck", "idp=x", "atLeastMs=-1"] {
            let refused = list(query.to_owned()).await;
            assert_eq!((refused.status, refused.code()), (400, "invalid"), "{query}");
        }
        let one = desk.get(&operator, &format!("/tenants/acme/sync-events/{create_id}")).await.body;
        assert_eq!((&one["credentialName"], &one["durationMs"]), (&json!("Prod"), &json!(12.3)));
        assert_eq!(one["changes"][0]["type"], "user.created");
        assert_eq!(one["identifiers"], json!(["ada@acme.test"]));
        let why = desk.get(&operator, &format!("/tenants/acme/sync-events/{refused_id}")).await.body;
        assert_eq!(why["cause"]["code"], "uniqueness");
        assert_eq!(why["cause"]["params"]["attribute"], "userName");
        assert_eq!(why.get("changes"), Some(&Value::Array(Vec::new())));
    }
}

on_both! {
    async fn what_ends_within_thirty_days_is_told_with_its_connection_to_who_may_see_credentials(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let (entra, okta) = (desk.connection(&acme).await, desk.connection(&acme).await);
        let (_, credential) = desk.credential(&entra).await;
        desk.credential(&okta).await;
        let [admin, viewer] = [("admin@acme.test", Role::Admin), ("viewer@acme.test", Role::Viewer)];
        let (admin, viewer) = (desk.person(admin.0, None, &[(&acme, admin.1)]).await, desk.person(viewer.0, None, &[(&acme, viewer.1)]).await);
        let ends = async |who: domain::AdminId| {
            let session = desk.session(who).await;
            desk.get(&session, "/tenants/acme/health").await.body["items"].as_array().unwrap().clone()
        };
        // Credentials of the desk last for 90 days.
        assert_eq!(ends(admin).await[0]["credentialEnds"], json!([]));
        desk.clock.advance_seconds(61 * 86_400);
        let told = ends(admin).await;
        let end = json!([{
            "credentialId": credential.id.to_string(), "name": "Prod", "kind": "bearer_token",
            "endsAt": credential.ends_at.unwrap().to_rfc3339(),
        }]);
        assert_eq!(told[0]["credentialEnds"], end);
        assert_ne!(told[1]["credentialEnds"], end, "each connection has its own");
        assert_eq!(told[1]["credentialEnds"].as_array().unwrap().len(), 1);
        assert!(ends(viewer).await.iter().all(|report| report.get("credentialEnds").is_none()));
        desk.clock.advance_seconds(30 * 86_400);
        assert_eq!(ends(admin).await[0]["credentialEnds"], json!([]), "what has ended ends no more");
    }

    async fn a_request_is_shown_with_the_look_ups_of_its_connection_just_before_it(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let (acme, globex) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("globex").await);
        let (entra, okta) = (desk.connection(&acme).await, desk.connection(&acme).await);
        let now = desk.clock.now();
        let ada = uuid::Uuid::now_v7();
        let asked = |operation: &str, seconds_ago: i64| SyncEvent {
            id: made_at(now.plus_seconds(-seconds_ago)),
            connection: Some(entra.id),
            method: "GET".to_owned(),
            operation: Some(operation.to_owned()),
            identifiers: vec!["ada".to_owned()],
            ..event(Some(acme.id), now.plus_seconds(-seconds_ago), 200)
        };
        let change = SyncEvent { resource_id: Some(ada), ..asked("update", 0) };
        let (_, credential) = desk.credential(&entra).await;
        let by_name = SyncEvent { credential: Some(credential.id), ..asked("look-up", 10) };
        let by_id = SyncEvent { resource_id: Some(ada), identifiers: Vec::new(), ..asked("read", 20) };
        let others = [
            SyncEvent { identifiers: vec!["bob".to_owned()], ..asked("look-up", 30) },
            SyncEvent { connection: Some(okta.id), ..asked("look-up", 40) },
            SyncEvent { resource_id: Some(ada), ..asked("update", 50) },
            SyncEvent { tenant: Some(globex.id), ..asked("look-up", 60) },
            asked("look-up", 16 * 60),
            asked("look-up", -10),
        ];
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 64);
        for event in others.iter().chain([&by_id, &by_name, &change]) {
            sender.send(event.clone(), false).await;
        }
        drop(sender);
        writer.run().await;
        let lookups = async |event: &SyncEvent| {
            let shown = desk.get(&operator, &format!("/tenants/acme/sync-events/{}", event.id)).await.body;
            shown["lookups"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(lookups(&change).await, [by_name.id.to_string(), by_id.id.to_string()]);
        assert_eq!(lookups(&by_id).await, Vec::<String>::new(), "nothing came before it");
        let shown = desk.get(&operator, &format!("/tenants/acme/sync-events/{}", change.id)).await.body;
        assert_eq!((shown.get("credentialName"), &shown["lookups"][0]["credentialName"]), (None, &json!("Prod")));
        let nobody = SyncEvent { connection: None, ..change.clone() };
        let nobody = SyncEvent { id: made_at(now.plus_seconds(1)), ..nobody };
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 64);
        let many: Vec<_> = (0..12).map(|n| asked("look-up", 100 + n)).collect();
        for event in many.iter().chain([&nobody]) {
            sender.send(event.clone(), false).await;
        }
        drop(sender);
        writer.run().await;
        assert_eq!(lookups(&nobody).await, Vec::<String>::new(), "a stranger's request has none");
        assert_eq!(lookups(&change).await.len(), 10);
    }

    async fn what_requests_add_up_to_is_told_by_hour_by_cause_and_by_connection(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (_, credential) = desk.credential(&connection).await;
        let now = desk.clock.now();
        let health = async || desk.get(&operator, "/tenants/acme/health").await.body["items"][0].clone();
        assert_eq!((&health().await["health"], &health().await["cycles"]), (&json!("waiting"), &json!([])));
        let of = |minutes_ago: i64, status: u16| SyncEvent {
            credential: Some(credential.id),
            connection: Some(connection.id),
            ..event(Some(acme.id), now.plus_seconds(-minutes_ago * 60), status)
        };
        let cause = Cause::Uniqueness { attribute: "userName".to_owned(), value: "ada".to_owned(), holder: "x".to_owned() };
        let refused = SyncEvent { cause: Some(cause), ..of(5, 409) };
        let repair = scim::Repair { rule: scim::RepairRule::DottedKey, attribute: "name".into(), sent: "a".into(), read: "b".into() };
        let repaired = SyncEvent { repairs: vec![repair], ..of(4, 200) };
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 64);
        let past = (1..=6).map(|round| of(60 * 24 * round, 200));
        for event in past.rev().chain([refused.clone(), of(5, 201), repaired.clone()]) {
            sender.send(event, false).await;
        }
        drop(sender);
        writer.run().await;

        let figures = desk.get(&operator, "/tenants/acme/figures").await.body;
        assert_eq!(figures["hours"].as_array().unwrap().len(), 48);
        assert_eq!((&figures["requests"], &figures["accepted"], &figures["rejected"]), (&json!(4), &json!(3), &json!(1)));
        assert_eq!(figures["mostWithinMs"], json!(2));
        let last: u64 = figures["hours"].as_array().unwrap()[46..].iter().map(|hour| hour["accepted"].as_u64().unwrap()).sum();
        assert_eq!(last, 2, "the present hour stands last");
        let all = desk.get(&operator, "/tenants/acme/figures?hours=2160").await.body;
        assert_eq!(all["requests"], json!(9));
        for hours in ["0", "2161", "x"] {
            assert_eq!(desk.get(&operator, &format!("/tenants/acme/figures?hours={hours}")).await.status, 400, "{hours}");
        }

        let problems = desk.get(&operator, "/tenants/acme/problems").await.body;
        let problems = problems["items"].as_array().unwrap();
        assert_eq!(problems.len(), 1);
        assert_eq!((&problems[0]["cause"], &problems[0]["count"]), (&json!("uniqueness"), &json!(1)));
        assert_eq!(problems[0]["newest"]["id"], json!(refused.id.to_string()));
        assert_eq!(problems[0]["connections"], json!([connection.id.to_string()]));

        let seen = health().await;
        assert_eq!((&seen["health"], &seen["strict"]), (&json!("working"), &json!(false)));
        assert_eq!(seen["cycles"].as_array().unwrap().len(), 7);
        assert_eq!((&seen["cycles"][0]["accepted"], &seen["cycles"][0]["rejected"]), (&json!(2), &json!(1)));
        assert_eq!(seen["cycles"][0]["running"], json!(true));
        assert_eq!(seen["rhythm"]["usualSeconds"].as_i64().unwrap() / 3_600, 24);
        assert_eq!((&seen["repairs"][0]["rule"], &seen["repairs"][0]["count"]), (&json!("dotted_key"), &json!(1)));
        assert_eq!(seen["repairs"][0]["lastEventId"], json!(repaired.id.to_string()));
        assert_eq!(desk.get(&operator, "/tenants/acme").await.body["health"], json!("working"));
        desk.clock.advance_seconds(49 * 3_600);
        let viewer = desk.session(desk.person("viewer@acme.test", None, &[(&acme, Role::Viewer)]).await).await;
        let silent = desk.get(&viewer, "/tenants/acme/health").await.body;
        assert_eq!(silent["items"][0]["health"], json!("silent"));
        assert_eq!(desk.get(&viewer, "/tenants/acme").await.body["health"], json!("silent"));
    }
}
