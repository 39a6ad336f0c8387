//! Tenants that get another slug, and tenants that go.

use domain::{Clock, Role};
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, origin};

use crate::desk::Desk;
use crate::on_both;

on_both! {
    async fn a_tenant_gets_another_slug_and_its_admin_drops_the_old_one(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let (acme, globex) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("globex").await);
        let id = desk.person("admin@acme.test", None, &[(&acme, Role::Admin)]).await;
        let admin = desk.session(id).await;
        let change = async |slug: &str, body: Value| desk.call(Some(&admin), "PATCH", &format!("/tenants/{slug}"), Some(body)).await;
        let renamed = change("acme", json!({ "slug": "acme-ag", "name": "Acme AG" })).await;
        assert_eq!((renamed.status, &renamed.body["slug"], &renamed.body["name"]), (200, &json!("acme-ag"), &json!("Acme AG")));
        assert_eq!(renamed.body["scimUrl"], "https://sync.example.com/scim/acme-ag/v2");
        assert_eq!(desk.get(&admin, "/tenants/acme").await.status, 404, "an old slug leads to the SCIM door only");
        let old = desk.get(&admin, "/tenants/acme-ag/old-slugs").await.body;
        assert_eq!(old["items"], json!([{ "slug": "acme", "since": desk.clock.now().to_rfc3339() }]));
        let taken = change("acme-ag", json!({ "slug": "globex", "name": "X" })).await;
        assert_eq!((taken.status, taken.code()), (409, "slug_taken"));
        assert_eq!(desk.get(&admin, "/tenants/acme-ag").await.body["name"], "Acme AG", "half of it is nothing of it");

        desk.clock.advance_seconds(16 * 60);
        let drop = async |cookie: &str| desk.call(Some(cookie), "DELETE", "/tenants/acme-ag/old-slugs/acme", None).await;
        assert_eq!(drop(&admin).await.code(), "sign_in_again");
        let admin = desk.session(id).await;
        assert_eq!((drop(&admin).await.status, drop(&admin).await.status), (204, 404));
        let make = async || desk.call(Some(&operator), "POST", "/tenants", Some(json!({ "name": "New", "slug": "acme" }))).await;
        let held = make().await;
        assert_eq!((held.status, held.code()), (409, "slug_held"));
        let until = desk.clock.now().plus_days(90).to_rfc3339();
        assert!(held.body["detail"].as_str().unwrap().ends_with(&until), "{}", held.body);
        desk.clock.advance_seconds(90 * 86_400);
        let operator = desk.session(desk.person("op2@sync.example.com", None, &[]).await).await;
        let made = desk.call(Some(&operator), "POST", "/tenants", Some(json!({ "name": "New", "slug": "acme" }))).await;
        assert_eq!((made.status, &made.body["slug"]), (201, &json!("acme")));
        assert_eq!(desk.get(&operator, &format!("/tenants/{}", globex.id)).await.body["slug"], "globex");
    }

    async fn a_tenant_is_deleted_by_an_operator_who_types_its_slug(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let (acme, other) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("other").await);
        let person = desk.person("admin@acme.test", None, &[(&acme, Role::Admin), (&other, Role::Admin)]).await;
        let admin = desk.session(person).await;
        let store = desk.store(&acme);
        store.write(origin(acme.id), CreateUser(json!({ "userName": "ada" }))).await.unwrap();
        store.write(origin(acme.id), CreateGroup(json!({ "displayName": "All" }))).await.unwrap();
        let connection = desk.connection(&acme).await;
        desk.credential(&connection).await;
        let (_, revoked) = desk.credential(&connection).await;
        store.credentials().revoke(revoked.id, desk.clock.now(), &store::testing::author()).await.unwrap();
        let shown = desk.get(&operator, "/tenants/acme").await.body;
        let counted = (&shown["people"]["total"], &shown["groups"], &shown["liveCredentials"]);
        assert_eq!(counted, (&json!(1), &json!(1), &json!(1)));

        let delete = async |cookie: &str, query: &str| desk.call(Some(cookie), "DELETE", &format!("/tenants/acme{query}"), None).await;
        for query in ["", "?confirm=", "?confirm=other", "?confirm=ACME"] {
            assert_eq!(delete(&operator, query).await.status, 400, "{query}");
        }
        assert_eq!(delete(&admin, "?confirm=acme").await.status, 403);
        desk.clock.advance_seconds(16 * 60);
        assert_eq!(delete(&operator, "?confirm=acme").await.code(), "sign_in_again");
        let operator = desk.session(desk.person("op2@sync.example.com", None, &[]).await).await;
        assert_eq!(desk.get(&admin, "/tenants/acme").await.body["state"], "active", "nothing was done so far");
        let deleted = delete(&operator, "?confirm=acme").await;
        assert_eq!((deleted.status, &deleted.body["state"], &deleted.body["rights"]), (202, &json!("deleting"), &json!([])));
        assert_eq!(delete(&operator, "?confirm=acme").await.status, 202, "a second time changes nothing");

        let id = acme.id;
        for path in ["/tenants/acme".to_owned(), format!("/tenants/{id}"), "/tenants/acme/users".to_owned()] {
            assert_eq!(desk.get(&admin, &path).await.status, 404, "{path}");
        }
        let named = |list: &Value| list.as_array().unwrap().iter().map(|t| t["slug"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(named(&desk.get(&admin, "/tenants").await.body["items"]), ["other"]);
        assert_eq!(named(&desk.get(&admin, "/session").await.body["tenants"]), ["other"]);
        assert_eq!(named(&desk.get(&operator, "/tenants").await.body["items"]), ["acme", "other"]);
        assert_eq!(desk.get(&operator, "/tenants/acme").await.body["state"], "deleting");
        assert_eq!(desk.get(&operator, "/tenants/acme/users").await.status, 404);
        let change = desk.call(Some(&operator), "PATCH", "/tenants/acme", Some(json!({ "state": "active" }))).await;
        assert_eq!(change.status, 404, "there is no way back");
        let again = desk.call(Some(&operator), "POST", "/tenants", Some(json!({ "name": "Acme" }))).await;
        assert_eq!((again.status, again.code()), (409, "slug_held"));
    }
}
