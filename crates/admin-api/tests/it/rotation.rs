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
}
