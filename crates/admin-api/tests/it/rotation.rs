//! A bearer token is rotated: both are good until the traffic has moved and somebody revokes the one before.

use domain::{Clock, SyncEventId};
use serde_json::{Value, json};
use store::testing::event;
use store::{SyncLogWriter, on_both};

use crate::desk::Desk;

async fn used(desk: &Desk, tenant: &domain::Tenant, credential: &str, times: usize) {
    let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 64);
    for _ in 0..times {
        let mut seen = event(Some(tenant.id), desk.clock.now(), 200);
        // An id of the clock's time, as a request of that time has it.
        let (millis, rest) = (u64::try_from(seen.at.as_micros() / 1_000).unwrap(), domain::secret::random_bytes().unwrap());
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid();
        (seen.id, seen.credential) = (SyncEventId::from(id), Some(credential.parse().unwrap()));
        sender.send(seen, false).await;
    }
    drop(sender);
    writer.run().await;
}

on_both! {
    async fn both_are_good_until_the_traffic_has_moved(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (token, before) = desk.credential(&connection).await;
        let old = before.id.to_string();
        let path = |rest: &str| format!("/tenants/acme/credentials/{old}/{rest}");
        let alone = desk.get(&operator, &path("rotation")).await;
        assert_eq!((alone.status, alone.body.get("successorId"), &alone.body["moved"]), (200, None, &json!(false)));
        used(&desk, &acme, &old, 3).await;
        desk.clock.advance_seconds(60);

        let made = desk.call(Some(&operator), "POST", &path("rotate"), Some(json!({}))).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let successor = &made.body["credential"];
        assert_eq!((&successor["replaces"], &successor["name"], &successor["rights"]), (&json!(old), &json!("Prod"), &json!("scim")));
        let ends = |of: &Value| of["endsAt"].as_str().unwrap()[..10].to_owned();
        assert_eq!(ends(successor), domain::Timestamp::to_rfc3339(desk.clock.now().plus_days(90))[..10]);
        let new = successor["id"].as_str().unwrap();
        for text in [token.as_str(), made.body["token"].as_str().unwrap()] {
            let shown = domain::token::PresentedToken::parse(text).unwrap();
            let known = desk.scratch.store.system().find_credential(shown.public_id()).await.unwrap().unwrap();
            assert!(known.credential.is_proved_by(&desk.key, &shown) && known.credential.check(desk.clock.now()).is_ok());
        }

        let waits = desk.get(&operator, &path("rotation")).await.body;
        assert_eq!((&waits["requests"], &waits["successorRequests"], &waits["moved"]), (&json!(0), &json!(0), &json!(false)));
        used(&desk, &acme, &old, 2).await;
        used(&desk, &acme, new, 1).await;
        let both = desk.get(&operator, &path("rotation")).await.body;
        assert_eq!((&both["successorId"], &both["requests"], &both["moved"]), (&json!(new), &json!(2), &json!(false)), "{both}");
        let successors = (&both["successorRequests"], &both["successorRequestsInAll"]);
        assert_eq!(successors, (&json!(0), &json!(1)), "one of three came with it, and none since the last old one");
        let moved_at = json!(desk.clock.now().to_rfc3339());
        desk.clock.advance_seconds(60);
        used(&desk, &acme, new, 4).await;
        let later = desk.get(&operator, &path("rotation")).await.body;
        assert_eq!((&later["successorRequests"], &later["moved"], &later["since"]), (&json!(4), &json!(true), &moved_at), "{later}");
        assert_eq!(later["successorRequestsInAll"], json!(5));

        let ended = desk.call(Some(&operator), "POST", &path("revoke"), None).await;
        assert_eq!(ended.body["state"], "revoked");
        let again = desk.call(Some(&operator), "POST", &path("rotate"), Some(json!({}))).await;
        assert_eq!((again.status, &again.body["errors"][0]["field"]), (400, &json!("credential")));
        let wrong = desk.call(Some(&operator), "POST", &format!("/tenants/acme/credentials/{new}/rotate"), Some(json!({ "lifetimeDays": 0 }))).await;
        assert_eq!((wrong.status, &wrong.body["errors"][0]["field"]), (400, &json!("lifetimeDays")));
    }

    async fn the_one_before_may_be_planned_to_go_once_it_is_quiet_and_that_is_called_off(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let (before, successor) = desk.rotated(&desk.connection(&acme).await).await;
        let path = |id: domain::CredentialId| format!("/tenants/acme/credentials/{id}/when-quiet");
        let put = async |id, body: Value| desk.call(Some(&operator), "PUT", &path(id), Some(body)).await;
        let asked = desk.clock.now();
        let planned = put(before.id, json!({ "hours": 24 })).await;
        let quiet = json!({
            "hours": 24, "since": asked.to_rfc3339(), "by": "op@sync.example.com", "notBefore": asked.plus_days(1).to_rfc3339(),
        });
        assert_eq!((planned.status, &planned.body["whenQuiet"], &planned.body["state"]), (200, &quiet, &json!("active")));
        desk.clock.advance_seconds(60);
        assert_eq!(put(before.id, json!({ "hours": 24 })).await.body["whenQuiet"], quiet, "asked twice it is as it was");
        let listed = desk.get(&operator, "/tenants/acme/credentials").await.body;
        let of = |id: domain::CredentialId| {
            listed["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id.to_string())).unwrap().clone()
        };
        assert_eq!((&of(before.id)["whenQuiet"], of(successor.id).get("whenQuiet")), (&quiet, None));
        for (id, hours, field) in [(before.id, 0, "hours"), (before.id, 721, "hours"), (successor.id, 24, "credential")] {
            let wrong = put(id, json!({ "hours": hours })).await;
            assert_eq!((wrong.status, &wrong.body["errors"][0]["field"]), (400, &json!(field)), "{hours}");
        }
        assert_eq!(put(domain::CredentialId::generate(), json!({ "hours": 24 })).await.status, 404);
        let off = put(before.id, json!({})).await;
        assert_eq!((off.status, off.body.get("whenQuiet")), (200, None));
        let audit = desk.get(&operator, &format!("/tenants/acme/audit?limit=2&subject={}", before.id)).await.body;
        let told = |n: usize| (audit["items"][n]["act"].clone(), audit["items"][n]["after"]["revokedWhenQuietHours"].clone());
        assert_eq!(told(0), (json!("credential.end_called_off"), Value::Null));
        assert_eq!(told(1), (json!("credential.end_planned"), json!(24)));
        // Revoked by somebody, it is nothing that waits.
        put(before.id, json!({ "hours": 24 })).await;
        let revoke = format!("/tenants/acme/credentials/{}/revoke", before.id);
        let revoked = desk.call(Some(&operator), "POST", &revoke, None).await;
        assert_eq!((revoked.body["revokedBy"].as_str(), revoked.body.get("whenQuiet")), (Some("op@sync.example.com"), None));
        assert_eq!(put(before.id, json!({ "hours": 24 })).await.status, 400);
    }
}
