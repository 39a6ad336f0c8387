//! Tenants: making them, their list, how each one does.

use domain::{Clock, Role, SyncEvent};
use serde_json::json;
use store::SyncLogWriter;
use store::testing::event;

use crate::desk::Desk;
use crate::on_both;

async fn log(desk: &Desk, events: &[SyncEvent]) {
    let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 64);
    for event in events {
        sender.send(event.clone(), false).await;
    }
    drop(sender);
    writer.run().await;
}

on_both! {
    async fn a_tenant_is_made_with_a_slug_from_its_name(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let create = |body| desk.call(Some(&operator), "POST", "/tenants", Some(body));
        let made = create(json!({ "name": " Acme Corp. " })).await;
        assert_eq!(made.status, 201);
        assert_eq!((made.body["name"].as_str(), made.body["slug"].as_str()), (Some("Acme Corp."), Some("acme-corp")));
        assert_eq!(made.body["scimUrl"], "https://sync.example.com/scim/acme-corp/v2");
        assert_eq!(made.body["health"], "not_connected");
        assert_eq!(made.body["people"], json!({ "total": 0, "active": 0 }));
        let id = made.body["id"].as_str().unwrap();
        assert_eq!(desk.get(&operator, &format!("/tenants/{id}")).await.body["slug"], "acme-corp");
        let taken = create(json!({ "name": "Other", "slug": "acme-corp" })).await;
        assert_eq!((taken.status, taken.code()), (409, "slug_taken"));
        for (body, field) in [
            (json!({ "name": "  " }), "name"),
            (json!({ "name": "A\nB" }), "name"),
            (json!({ "name": "x".repeat(201) }), "name"),
            (json!({ "name": "A", "slug": "Not A Slug" }), "slug"),
            (json!({ "name": "***" }), "slug"),
            (json!({ "name": "A", "colour": "red" }), "body"),
            (json!({ "slug": "a" }), "body"),
        ] {
            let refused = create(body.clone()).await;
            assert_eq!((refused.status, refused.code()), (400, "invalid"), "{body}");
            assert_eq!(refused.body["errors"][0]["field"], field, "{body}");
        }
        assert_eq!(desk.get(&operator, "/tenants").await.body["items"].as_array().unwrap().len(), 1);
    }

    async fn a_tenant_is_renamed_by_its_admin_and_suspended_by_an_operator(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let id = desk.person("admin@acme.test", None, &[(&acme, Role::Admin)]).await;
        let admin = desk.session(id).await;
        let change = async |cookie: &str, body| desk.call(Some(cookie), "PATCH", "/tenants/acme", Some(body)).await;
        let renamed = change(&admin, json!({ "name": " Acme AG " })).await;
        assert_eq!((renamed.status, &renamed.body["name"], &renamed.body["slug"]), (200, &json!("Acme AG"), &json!("acme")));
        assert_eq!(change(&admin, json!({ "name": "X", "state": "suspended" })).await.status, 403);
        assert_eq!(desk.get(&admin, "/tenants/acme").await.body["name"], "Acme AG", "half of it is nothing of it");
        let suspended = change(&operator, json!({ "state": "suspended" })).await;
        assert_eq!((suspended.status, &suspended.body["state"], &suspended.body["name"]), (200, &json!("suspended"), &json!("Acme AG")));
        assert_eq!(change(&admin, json!({})).await.body["state"], "suspended", "nothing asked, nothing changed");
        assert_eq!(change(&operator, json!({ "state": "active" })).await.body["state"], "active");
        for body in [json!({ "state": "deleting" }), json!({ "name": "" }), json!({ "slug": "Not A Slug" }), json!({ "state": "asleep" })] {
            assert_eq!(change(&operator, body.clone()).await.status, 400, "{body}");
        }
    }

    async fn an_operator_sets_a_tenants_ceiling_and_its_admin_sees_it(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let id = desk.person("admin@acme.test", None, &[(&acme, Role::Admin)]).await;
        let admin = desk.session(id).await;
        let change = async |cookie: &str, ceiling| desk.call(Some(cookie), "PATCH", "/tenants/acme", Some(json!({ "ceiling": ceiling }))).await;
        assert_eq!(desk.get(&admin, "/tenants/acme").await.body["ceiling"], json!({ "rule": "general", "requestsPerSecond": 50, "general": 50 }));
        for (set, shown) in [
            (json!({ "rule": "own", "requestsPerSecond": 5 }), json!({ "rule": "own", "requestsPerSecond": 5, "general": 50 })),
            (json!({ "rule": "none" }), json!({ "rule": "none", "general": 50 })),
            (json!({ "rule": "own", "requestsPerSecond": 100_000 }), json!({ "rule": "own", "requestsPerSecond": 100_000, "general": 50 })),
            (json!({ "rule": "general" }), json!({ "rule": "general", "requestsPerSecond": 50, "general": 50 })),
        ] {
            let changed = change(&operator, set.clone()).await;
            assert_eq!((changed.status, &changed.body["ceiling"]), (200, &shown), "{set}");
            assert_eq!(desk.get(&admin, "/tenants/acme").await.body["ceiling"], shown);
            assert_eq!(change(&admin, set).await.status, 403);
        }
        for (wrong, field) in [
            (json!({ "rule": "own" }), "ceiling.requestsPerSecond"),
            (json!({ "rule": "own", "requestsPerSecond": 0 }), "ceiling.requestsPerSecond"),
            (json!({ "rule": "own", "requestsPerSecond": 100_001 }), "ceiling.requestsPerSecond"),
            (json!({ "rule": "none", "requestsPerSecond": 5 }), "ceiling.requestsPerSecond"),
            (json!({ "rule": "low" }), "body"),
            (json!({ "rule": "own", "requestsPerSecond": -1 }), "body"),
            (json!({ "rule": "none", "for": "ever" }), "body"),
        ] {
            let refused = change(&operator, wrong.clone()).await;
            assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (400, &json!(field)), "{wrong}: {}", refused.body);
        }
        let entries = desk.get(&admin, "/tenants/acme/audit?act=tenant.ceiling_changed").await.body;
        let seen: Vec<_> = entries["items"].as_array().unwrap().iter().rev().map(|entry| (&entry["before"]["requestCeiling"], &entry["after"]["requestCeiling"])).collect();
        let text = ["general", "5", "none", "100000", "general"].map(|text| json!(text));
        assert_eq!(seen, text.iter().zip(&text[1..]).collect::<Vec<_>>(), "who had what before and after");
    }

    async fn a_list_is_read_page_by_page_and_shows_only_ones_own(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let mut tenants = Vec::new();
        for n in 0..5 {
            tenants.push(desk.scratch.tenant(&format!("t{n}")).await);
        }
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = desk.get(&operator, &format!("/tenants?limit=2{after}")).await.body;
            seen.extend(page["items"].as_array().unwrap().iter().map(|t| t["slug"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ["t0", "t1", "t2", "t3", "t4"]);
        let found = desk.get(&operator, "/tenants?search=T3").await.body;
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let id = desk.person("ada@acme.test", None, &[(&tenants[1], Role::Viewer), (&tenants[3], Role::Admin)]).await;
        let own = desk.session(id).await;
        let body = desk.get(&own, "/tenants").await.body;
        let slugs: Vec<_> = body["items"].as_array().unwrap().iter().map(|t| t["slug"].as_str().unwrap()).collect();
        assert_eq!(slugs, ["t1", "t3"]);
        assert_eq!(body["items"][0]["rights"], json!(["directory:read", "changes:read", "log:read", "audit:read"]));
        assert_eq!(desk.get(&own, "/tenants?after=zzz").await.status, 400);
        assert_eq!(desk.get(&own, "/tenants?limit=0").await.status, 400);
        assert_eq!(desk.get(&own, "/tenants?limit=x").await.status, 400);
        assert_eq!(desk.get(&own, "/tenants?search=%00").await.status, 400);
        assert_eq!(desk.get(&own, &format!("/tenants?search={}", "a".repeat(300))).await.status, 400);
        assert_eq!(desk.get(&own, &format!("/tenants?sort=name&after={}:%00", tenants[1].id)).await.status, 400);
    }

    async fn an_order_tells_nobody_what_they_may_not_see(on) {
        let desk = Desk::open(on).await;
        let (acme, bravo) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("bravo").await);
        desk.credential(&desk.connection(&acme).await).await;
        let operator = desk.operator().await;
        let session = async |name: &str, roles: &[(&domain::Tenant, Role)]| desk.session(desk.person(name, None, roles).await).await;
        let admin = session("admin@acme.test", &[(&acme, Role::Admin), (&bravo, Role::Admin)]).await;
        let both = session("both@acme.test", &[(&acme, Role::Viewer), (&bravo, Role::Admin)]).await;
        let developer = session("dev@acme.test", &[(&acme, Role::Developer)]).await;
        let status = async |who: &str, order: &str| desk.get(who, &format!("/tenants?sort={order}")).await.status;
        for (who, end, requests) in [(&operator, 200, 200), (&admin, 200, 200), (&both, 403, 200), (&developer, 403, 403)] {
            assert_eq!(status(who, "credentialEnd").await, end);
            assert_eq!((status(who, "requests").await, status(who, "refused").await), (requests, requests));
            assert_eq!(status(who, "lastRequest").await, 200);
        }
        // The place in a cursor is read as the order says that is asked for, never as another.
        let next = desk.get(&both, "/tenants?limit=1&sort=name").await.body["next"].as_str().unwrap().to_owned();
        assert_eq!(next, format!("{}:acme", acme.id));
        let seen = async |who: &str| desk.get(who, "/tenants/acme").await.body["day"].clone();
        assert_eq!((seen(&both).await, seen(&developer).await), (json!({ "requests": 0, "refused": 0 }), json!(null)));
        assert_eq!(desk.get(&developer, "/tenants").await.body["items"][0]["day"], json!(null));
    }

    async fn health_follows_credentials_and_requests(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let health = async || desk.get(&operator, "/tenants/acme").await.body["health"].as_str().unwrap().to_owned();
        assert_eq!(health().await, "not_connected");
        let connection = desk.connection(&acme).await;
        desk.credential(&connection).await;
        assert_eq!(health().await, "waiting");
        let now = desk.clock.now();
        log(&desk, &[event(Some(acme.id), now, 401)]).await;
        assert_eq!(health().await, "waiting", "a stranger is no connection");
        let of = |status| SyncEvent { connection: Some(connection.id), ..event(Some(acme.id), now, status) };
        log(&desk, &[of(401), of(201), of(200)]).await;
        assert_eq!(health().await, "working");
        log(&desk, &[of(409)]).await;
        assert_eq!(health().await, "failing");
        let shown = desk.get(&operator, "/tenants/acme").await.body;
        assert_eq!(shown["lastRequestAt"], now.to_rfc3339());
        assert_eq!(shown["nextCredentialEnd"]["endsAt"], now.plus_days(90).to_rfc3339());
        assert_eq!(shown["connections"][0]["idp"], "entra");
    }
}
