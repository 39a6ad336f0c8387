//! Connections and credentials.

use domain::Clock;
use domain::token::PresentedToken;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::on_both;

on_both! {
    async fn a_token_is_shown_once_and_kept_as_a_digest(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let made = desk.call(Some(&operator), "POST", "/tenants/acme/connections", Some(json!({ "name": "Okta", "idp": "okta" })));
        let connection = made.await.body["id"].as_str().unwrap().to_owned();
        let body = json!({ "connectionId": connection, "name": "Prod", "rights": "scim:read", "lifetimeDays": 365 });
        let issued = desk.call(Some(&operator), "POST", "/tenants/acme/credentials", Some(body)).await;
        assert_eq!(issued.status, 201);
        let token = issued.body["token"].as_str().unwrap();
        let credential = &issued.body["credential"];
        assert!(token.starts_with(credential["startsWith"].as_str().unwrap()));
        assert_eq!((&credential["state"], &credential["rights"]), (&json!("active"), &json!("scim:read")));
        assert_eq!(credential["createdBy"], "op@sync.example.com");
        assert_eq!(credential["endsAt"], desk.clock.now().plus_days(365).to_rfc3339());
        assert!(credential.get("lastUsed").is_none() && credential.get("revokedAt").is_none());
        let presented = PresentedToken::parse(token).unwrap();
        let kept = desk.scratch.store.system().find_credential(presented.public_id()).await.unwrap().unwrap();
        assert!(kept.credential.is_proved_by(&desk.key, &presented));
        assert_eq!(kept.tenant.id, acme.id);
        let list = desk.get(&operator, "/tenants/acme/credentials").await;
        assert!(!list.body.to_string().contains(token.rsplit('_').next().unwrap()));
        assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
    }

    async fn revoking_ends_it_at_once_and_for_good(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (_, credential) = desk.credential(&connection).await;
        let known = async || desk.scratch.store.system().find_credential(&credential.public_id).await.unwrap().unwrap();
        assert!(known().await.credential.revoked_at.is_none());
        let path = format!("/tenants/acme/credentials/{}/revoke", credential.id);
        let revoked = desk.call(Some(&operator), "POST", &path, None).await;
        assert_eq!((revoked.status, &revoked.body["state"]), (200, &json!("revoked")));
        assert_eq!(revoked.body["revokedBy"], "op@sync.example.com");
        assert!(known().await.credential.revoked_at.is_some());
        desk.clock.advance_seconds(60);
        let again = desk.call(Some(&operator), "POST", &path, None).await;
        assert_eq!((again.status, &again.body["revokedAt"]), (200, &revoked.body["revokedAt"]));
    }

    async fn a_forgotten_window_issues_and_revokes_nothing(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (_, credential) = desk.credential(&connection).await;
        let issue = json!({ "connectionId": connection.id.to_string(), "name": "New", "rights": "scim" });
        let revoke = format!("/tenants/acme/credentials/{}/revoke", credential.id);
        let close = format!("/tenants/acme/connections/{}", connection.id);
        let acts = [
            ("POST", "/tenants/acme/credentials", Some(issue), 201),
            ("POST", revoke.as_str(), None, 200),
            ("PATCH", close.as_str(), Some(json!({ "state": "closed" })), 200),
        ];
        desk.clock.advance_seconds(15 * 60);
        for (method, path, body, _) in &acts {
            let refused = desk.call(Some(&operator), method, path, body.clone()).await;
            assert_eq!((refused.status, refused.code()), (403, "sign_in_again"), "{path}");
        }
        assert_eq!(desk.get(&operator, "/tenants/acme/credentials").await.body["items"].as_array().unwrap().len(), 1);
        let renamed = desk.call(Some(&operator), "PATCH", &close, Some(json!({ "name": "Other" }))).await;
        assert_eq!(renamed.status, 200, "what ends nothing needs no new sign-in");
        let anew = desk.person("anew@sync.example.com", None, &[]).await;
        let anew = desk.session(anew).await;
        for (method, path, body, status) in acts {
            assert_eq!(desk.call(Some(&anew), method, path, body).await.status, status, "{path}");
        }
    }

    async fn whoever_shows_a_leaked_token_ends_it(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (token, credential) = desk.credential(&connection).await;
        let (_, other) = desk.credential(&connection).await;
        let report = async |token: &str| desk.call(None, "POST", "/leaked-tokens", Some(json!({ "token": token }))).await;
        let mut mistyped = token.clone();
        mistyped.replace_range(20..21, if &token[20..21] == "x" { "y" } else { "x" });
        let foreign = domain::token::TokenForm::BEARER.issue(&desk.key).unwrap();
        for unknown in ["", "dsk_", &mistyped, foreign.token.expose()] {
            assert_eq!(report(unknown).await.status, 404, "{unknown}");
        }
        let listed = async || desk.get(&operator, "/tenants/acme/credentials").await.body["items"].as_array().unwrap().clone();
        assert!(listed().await.iter().all(|credential| credential["state"] == "active"));
        assert_eq!(report(&format!(" {token}\n")).await.status, 204);
        let known = desk.scratch.store.system().find_credential(&credential.public_id).await.unwrap().unwrap();
        assert!(known.credential.revoked_at.is_some());
        let of = |list: Vec<Value>, id: &str| list.into_iter().find(|credential| credential["id"] == id).unwrap();
        let ended = of(listed().await, &credential.id.to_string());
        assert_eq!((&ended["state"], &ended["revokedBy"]), (&json!("revoked"), &json!("leak report")));
        assert_eq!(of(listed().await, &other.id.to_string())["state"], "active");
        desk.clock.advance_seconds(60);
        assert_eq!(report(&token).await.status, 204, "a second report changes nothing");
        assert_eq!(of(listed().await, &credential.id.to_string())["revokedAt"], ended["revokedAt"]);
    }

    async fn a_form_that_is_wrong_changes_nothing(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let other = desk.scratch.tenant("other").await;
        let (own, foreign) = (desk.connection(&acme).await.id.to_string(), desk.connection(&other).await.id.to_string());
        let cases: [(Value, &str); 8] = [
            (json!({ "connectionId": own, "name": "", "rights": "scim" }), "name"),
            (json!({ "connectionId": own, "name": "x".repeat(101), "rights": "scim" }), "name"),
            (json!({ "connectionId": own, "name": "a\u{0}b", "rights": "scim" }), "name"),
            (json!({ "connectionId": own, "name": "A", "rights": "scim", "lifetimeDays": 0 }), "lifetimeDays"),
            (json!({ "connectionId": own, "name": "A", "rights": "all" }), "body"),
            (json!({ "connectionId": foreign, "name": "A", "rights": "scim" }), "connectionId"),
            (json!({ "connectionId": "1", "name": "A", "rights": "scim" }), "connectionId"),
            (json!({ "connectionId": own, "name": "A", "rights": "scim", "lifetimeDays": 90, "token": "x" }), "body"),
        ];
        for (body, field) in cases {
            let refused = desk.call(Some(&operator), "POST", "/tenants/acme/credentials", Some(body.clone())).await;
            assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some(field)), "{body}");
        }
        assert_eq!(desk.get(&operator, "/tenants/acme/credentials").await.body["items"], json!([]));
    }

    async fn a_connection_changes_only_where_it_is_told_to(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let path = format!("/tenants/acme/connections/{}", connection.id);
        let change = |body| desk.call(Some(&operator), "PATCH", &path, Some(body));
        let strict = change(json!({ "strict": true })).await.body;
        assert_eq!((&strict["strict"], &strict["name"], &strict["state"]), (&json!(true), &json!("Entra"), &json!("open")));
        assert_eq!(change(json!({ "name": " Entra EU " })).await.body["name"], "Entra EU");
        assert_eq!(change(json!({})).await.body["strict"], true);
        assert_eq!(change(json!({ "state": "open" })).await.status, 400);
        assert_eq!(change(json!({ "name": "" })).await.status, 400);
        assert_eq!(change(json!({ "state": "closed" })).await.body["state"], "closed");
        let issue = json!({ "connectionId": connection.id.to_string(), "name": "A", "rights": "scim" });
        let refused = desk.call(Some(&operator), "POST", "/tenants/acme/credentials", Some(issue)).await;
        assert_eq!((refused.status, refused.code()), (409, "connection_closed"));
    }

    async fn changes_of_a_connection_at_once_do_not_undo_each_other(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let path = format!("/tenants/acme/connections/{}", connection.id);
        let change = |body| desk.call(Some(&operator), "PATCH", &path, Some(body));
        for round in 0..8 {
            let name = format!("Name {round}");
            let strict = round % 2 == 0;
            let (a, b) = tokio::join!(change(json!({ "name": name })), change(json!({ "strict": strict })));
            assert_eq!((a.status, b.status), (200, 200));
            let now = change(json!({})).await.body;
            assert_eq!((now["name"].as_str(), now["strict"].as_bool()), (Some(name.as_str()), Some(strict)));
        }
    }
}
