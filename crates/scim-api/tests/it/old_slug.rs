//! A tenant's old slug at the door, and the door of a tenant that is being deleted.

use domain::credential::Order;
use domain::{ClientSecret, Clock, Credential, OAuthClient, Rights, SystemClock};
use poem::{Endpoint, Request};
use serde_json::{Value, json};
use store::{SyncEventFilter, TenantChange, on_both};

use crate::client::{Answer, Client, Service};

async fn rename(service: &Service, tenant: domain::TenantId, to: &str) {
    let change = TenantChange { slug: Some(to.parse().unwrap()), ..TenantChange::default() };
    assert!(service.system().change_tenant(tenant, change, &store::testing::author()).await.unwrap());
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).map(|value| value.to_str().unwrap())
}

async fn unknown(idp: &Client<'_>) -> Answer {
    idp.at("/scim/nobody/v2").send("GET", "/Users", None).await
}

/// An OAuth client of a fresh tenant: the tenant's id, its `client_id` and its secret.
async fn oauth_client(service: &Service, slug: &str) -> (domain::TenantId, String, String) {
    let (connection, at) = (service.connection(slug).await, SystemClock.now());
    let order = Order { name: "Entra".to_owned(), rights: Rights::Write, created_by: None, at, days: None };
    let credential = Credential::client(&connection, order).unwrap();
    let (text, secret) = ClientSecret::issue(&service.key, None, at, None).unwrap();
    let client = OAuthClient { token_seconds: 3_600, trust: None, secrets: vec![secret] };
    service.store(slug).await.oauth_clients().insert(&credential, &client, &store::testing::author()).await.unwrap();
    (connection.tenant, domain::oauth::client_id(&credential.public_id), text.expose().to_owned())
}

/// Status, `Link` and access token of a token request.
async fn token(service: &Service, slug: &str, id: &str, secret: &str) -> (u16, Option<String>, String) {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let request = Request::builder().method(http::Method::POST).uri(format!("/oauth/{slug}/token").parse().unwrap());
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let response = service.tokens.call(request).await.unwrap();
    let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body: Value = serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap();
    (status, link, body["access_token"].as_str().unwrap_or_default().to_owned())
}

on_both! {
    async fn an_oauth_client_gets_tokens_at_an_old_slug_until_it_is_dropped(on) {
        let service = Service::open(on).await;
        let (tenant, id, secret) = oauth_client(&service, "acme").await;
        let (_, _, before) = token(&service, "acme", &id, &secret).await;
        rename(&service, tenant, "acme-ag").await;
        let (status, link, after) = token(&service, "acme", &id, &secret).await;
        let to = "<https://scim.example.com/oauth/acme-ag/token>; rel=\"successor-version\"";
        assert_eq!((status, link.as_deref()), (200, Some(to)));
        assert_eq!(token(&service, "acme-ag", &id, &secret).await.1, None);
        let wrong = token(&service, "acme", &id, "wrong").await;
        assert_eq!((wrong.0, wrong.1), (401, None), "who proves nothing learns no new name");
        for text in [&before, &after] {
            for slug in ["acme", "acme-ag"] {
                assert_eq!(service.with_token(slug, text).send("GET", "/Users", None).await.status, 200, "{slug}");
            }
        }
        service.settle().await;
        let old = service.system().old_slugs(tenant).await.unwrap().remove(0);
        assert!(old.last_used_at.is_some());
        assert!(service.system().drop_old_slug(tenant, &old.slug, &store::testing::author()).await.unwrap());
        assert_eq!(token(&service, "acme", &id, &secret).await.0, 401);
        assert_eq!(token(&service, "acme-ag", &id, &secret).await.0, 200);
        assert!(service.system().begin_removal(tenant, &"acme-ag".parse().unwrap(), &store::testing::author()).await.unwrap());
        assert_eq!(token(&service, "acme-ag", &id, &secret).await.0, 401);
        assert_eq!(service.with_token("acme-ag", &after).send("GET", "/Users", None).await.status, 401);
    }

    async fn an_old_slug_opens_the_door_with_a_notice_until_it_is_dropped(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let ada = idp.make("/Users", json!({ "userName": "ada" })).await;
        let before = idp.send("GET", &format!("/Users/{ada}"), None).await;
        assert_eq!((header(&before, "deprecation"), header(&before, "link")), (None, None));
        let tenant = service.store("acme").await.id();

        // The credential is believed already: what is changed on this node counts at once all the same.
        rename(&service, tenant, "acme-ag").await;
        let after = idp.send("GET", &format!("/Users/{ada}"), None).await;
        assert_eq!((after.status, &after.body), (200, &before.body), "the IdP reads what it read before, links included");
        let old = service.system().old_slugs(tenant).await.unwrap().remove(0);
        let since = format!("@{}", old.since.as_micros() / 1_000_000);
        let link = "<https://scim.example.com/scim/acme-ag/v2>; rel=\"successor-version\"";
        assert_eq!((header(&after, "deprecation"), header(&after, "link")), (Some(since.as_str()), Some(link)));
        let missing = idp.send("GET", "/Users/0", None).await;
        assert_eq!((missing.status, header(&missing, "link")), (404, Some(link)), "refusals say so too");
        let bob = idp.send("POST", "/Users", Some(json!({ "userName": "bob" }))).await;
        assert!(header(&bob, "location").unwrap().starts_with("https://scim.example.com/scim/acme/v2/Users/"));

        let moved = idp.at("/scim/acme-ag/v2");
        let shown = moved.send("GET", &format!("/Users/{ada}"), None).await;
        assert_eq!((shown.status, header(&shown, "link")), (200, None));
        let location = shown.body["meta"]["location"].as_str().unwrap();
        assert!(location.starts_with("https://scim.example.com/scim/acme-ag/v2/Users/"), "{location}");
        assert_eq!(old.last_used_at, None);
        service.settle().await;
        let old = service.system().old_slugs(tenant).await.unwrap().remove(0);
        assert!(old.last_used_at.is_some_and(|at| at >= old.since));

        assert!(service.system().drop_old_slug(tenant, &old.slug, &store::testing::author()).await.unwrap());
        let refused = idp.send("GET", "/Users", None).await;
        assert_eq!((refused.status, header(&refused, "link")), (401, None));
        assert_eq!(refused.body, unknown(&idp).await.body, "it answers as an address that never was");
        assert_eq!(moved.send("GET", "/Users", None).await.status, 200);
    }

    async fn another_tenants_token_learns_nothing_at_an_old_slug(on) {
        let service = Service::open(on).await;
        let (acme, other) = (service.client("acme").await, service.client("other").await);
        assert_eq!(acme.send("GET", "/Users", None).await.status, 200);
        rename(&service, service.store("acme").await.id(), "acme-ag").await;
        for base in ["/scim/acme/v2", "/scim/acme-ag/v2"] {
            let refused = other.at(base).send("GET", "/Users", None).await;
            assert_eq!((refused.status, header(&refused, "link"), header(&refused, "deprecation")), (401, None, None));
            assert_eq!(refused.body, unknown(&other).await.body);
        }
        assert_eq!(other.send("GET", "/Users", None).await.status, 200);
    }

    async fn the_door_of_a_tenant_that_is_being_deleted_is_as_one_that_never_was(on) {
        let service = Service::open(on).await;
        let idp = service.client("acme").await;
        let ada = idp.make("/Users", json!({ "userName": "ada" })).await;
        let store = service.store("acme").await;
        rename(&service, store.id(), "acme-ag").await;
        assert_eq!(idp.send("GET", "/Users", None).await.status, 200);
        let known = async || {
            let all = SyncEventFilter { limit: 50, ..SyncEventFilter::default() };
            for _ in 0..100 {
                let events = store.sync_events().list(&all).await.unwrap().len();
                if events >= 2 {
                    return events;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            0
        };
        assert_eq!(known().await, 2);
        assert!(service.system().begin_removal(store.id(), &"acme-ag".parse().unwrap(), &store::testing::author()).await.unwrap());
        let nobody = unknown(&idp).await;
        for base in ["/scim/acme/v2".to_owned(), "/scim/acme-ag/v2".to_owned(), format!("/scim/{}/v2", store.id())] {
            for (method, path, body) in
                [("GET", format!("/Users/{ada}"), None), ("POST", "/Users".to_owned(), Some(json!({ "userName": "x" })))]
            {
                let answer = idp.at(&base).send(method, &path, body).await;
                assert_eq!((answer.status, &answer.body), (nobody.status, &nobody.body), "{method} {base}{path}");
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert_eq!(known().await, 2, "nothing more goes into its log");
    }
}
