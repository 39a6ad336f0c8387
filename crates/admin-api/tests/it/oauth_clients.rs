//! OAuth clients over the API: what is shown once, what cannot be entered, and what ends.

use serde_json::{Value, json};
use store::on_both;

use crate::desk::{Answer, Desk};

struct Room {
    desk: Desk,
    operator: String,
    connection: String,
}

impl Room {
    async fn open(on: store::testing::On) -> Self {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await.id.to_string();
        Self { desk, operator, connection }
    }

    async fn make(&self, more: Value) -> Answer {
        let mut body = json!({ "connectionId": self.connection, "name": "Entra", "rights": "scim" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.desk.call(Some(&self.operator), "POST", "/tenants/acme/oauth-clients", Some(body)).await
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.desk.call(Some(&self.operator), method, &format!("/tenants/acme/oauth-clients/{path}"), body).await
    }
}

fn trust(more: &Value) -> Value {
    let mut trust = json!({ "issuer": "https://issuer.test", "subject": "sp", "audience": "api://x" });
    trust.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "trust": trust })
}

on_both! {
    async fn a_client_shows_its_secret_once_and_moves_to_the_next(on) {
        let room = Room::open(on).await;
        let made = room.make(json!({ "secretLifetimeDays": 365 })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let (client, secret) = (&made.body["client"], made.body["clientSecret"].as_str().unwrap());
        let id = client["credential"]["id"].as_str().unwrap();
        assert!(client["clientId"].as_str().unwrap().starts_with("dsc_") && secret.starts_with("dss_"));
        assert_eq!(client["tokenUrl"], "https://sync.example.com/oauth/acme/token");
        assert_eq!((&client["tokenSeconds"], &client["credential"]["kind"]), (&json!(3_600), &json!("oauth_client")));
        let listed = room.desk.get(&room.operator, "/tenants/acme/credentials").await;
        assert_eq!(listed.body["items"][0]["startsWith"], client["clientId"]);
        for _ in 1..10 {
            assert_eq!(room.call("POST", &format!("{id}/secrets"), Some(json!({ "lifetimeDays": 90 }))).await.status, 201);
        }
        let full = room.call("POST", &format!("{id}/secrets"), Some(json!({}))).await;
        assert_eq!((full.status, full.code()), (409, "too_many_secrets"));
        let first = client["secrets"][0]["id"].as_str().unwrap();
        let revoked = room.call("POST", &format!("{id}/secrets/{first}/revoke"), None).await;
        assert_eq!((&revoked.body["state"], &revoked.body["revokedBy"]), (&json!("revoked"), &json!("op@sync.example.com")));
        let next = room.call("POST", &format!("{id}/secrets"), Some(json!({}))).await;
        assert_eq!(next.status, 201);
        let next = next.body["clientSecret"].as_str().unwrap();
        let shown = room.call("GET", id, None).await;
        assert_eq!(shown.body["secrets"].as_array().unwrap().len(), 11);
        assert!(!shown.body.to_string().contains(&secret[16..]) && !shown.body.to_string().contains(&next[16..]));

        // Whoever finds a secret ends it by showing it.
        let report = room.desk.call(None, "POST", "/leaked-tokens", Some(json!({ "token": next }))).await;
        assert_eq!(report.status, 204);
        let shown = room.call("GET", id, None).await;
        assert_eq!(shown.body["secrets"][10]["revokedBy"], "leak report");
        let unknown = domain::token::TokenForm::CLIENT_SECRET.issue(&room.desk.key).unwrap();
        let body = json!({ "token": unknown.token.expose() });
        assert_eq!(room.desk.call(None, "POST", "/leaked-tokens", Some(body)).await.status, 404);
        assert_eq!(room.call("POST", &format!("{id}/secrets/{}/revoke", domain::ClientSecretId::generate()), None).await.status, 404);
    }

    async fn the_end_of_a_clients_secret_is_told_as_that_of_a_token_is(on) {
        let room = Room::open(on).await;
        let next = async || room.desk.get(&room.operator, "/tenants/acme").await.body["nextCredentialEnd"].clone();
        assert_eq!(next().await, Value::Null);
        let made = room.make(json!({ "name": "Old", "secretLifetimeDays": 5 })).await.body["client"].clone();
        let (id, secret) = (made["credential"]["id"].as_str().unwrap(), &made["secrets"][0]);
        let expected = json!({ "credentialId": id, "name": "Old", "endsAt": secret["endsAt"], "secretStartsWith": secret["startsWith"] });
        assert_eq!(next().await, expected);
        let body = json!({ "connectionId": room.connection, "name": "Token", "rights": "scim", "lifetimeDays": 20 });
        let token = room.desk.call(Some(&room.operator), "POST", "/tenants/acme/credentials", Some(body)).await.body["credential"].clone();
        assert_eq!(next().await, expected, "the first to end is told");
        // Another secret does not make the first last longer; without it the token is next.
        assert_eq!(room.call("POST", &format!("{id}/secrets"), Some(json!({ "lifetimeDays": 30 }))).await.status, 201);
        assert_eq!(next().await, expected);
        let first = secret["id"].as_str().unwrap();
        room.call("POST", &format!("{id}/secrets/{first}/revoke"), None).await;
        assert_eq!(next().await, json!({ "credentialId": token["id"], "name": "Token", "endsAt": token["endsAt"] }));
        // A secret of a client that was revoked opens nothing, so its end is no news.
        for id in [token["id"].as_str().unwrap(), id] {
            assert_eq!(room.desk.call(Some(&room.operator), "POST", &format!("/tenants/acme/credentials/{id}/revoke"), None).await.status, 200);
        }
        assert_eq!(next().await, Value::Null);
    }

    async fn a_trust_is_of_public_keys_at_public_places(on) {
        let room = Room::open(on).await;
        for (keys, field) in [
            (json!({}), "trust.jwksUri"),
            (json!({ "jwksUri": "https://1.1.1.1/keys", "jwks": { "keys": [{ "kty": "RSA" }] } }), "trust.jwksUri"),
            (json!({ "jwksUri": "http://1.1.1.1/keys" }), "trust.jwksUri"),
            (json!({ "jwksUri": "https://127.0.0.1/keys" }), "trust.jwksUri"),
            (json!({ "jwksUri": "https://169.254.169.254/keys" }), "trust.jwksUri"),
            (json!({ "jwksUri": "https://[::ffff:10.0.0.1]/keys" }), "trust.jwksUri"),
            (json!({ "jwks": { "keys": [] } }), "trust.jwks"),
            (json!({ "jwks": { "keys": [{ "kty": "RSA", "n": "x", "e": "AQAB", "d": "private" }] } }), "trust.jwks"),
            (json!({ "jwks": { "keys": [{ "kty": "RSA" }] }, "issuer": "x".repeat(501) }), "trust.issuer"),
        ] {
            let refused = room.make(trust(&keys)).await;
            assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (400, &json!(field)), "{keys}: {}", refused.body);
        }
        assert!(room.desk.get(&room.operator, "/tenants/acme/credentials").await.body["items"].as_array().unwrap().is_empty());
        for wrong in [json!({ "tokenSeconds": 3_599 }), json!({ "tokenSeconds": 21_601 }), json!({ "secretLifetimeDays": 0 })] {
            assert_eq!(room.make(wrong).await.status, 400);
        }

        let made = room.make(trust(&json!({ "jwksUri": "https://1.1.1.1/keys" }))).await;
        assert_eq!((made.status, made.body.get("clientSecret")), (201, None), "{}", made.body);
        let id = made.body["client"]["credential"]["id"].as_str().unwrap();
        let set_at = &made.body["client"]["trust"]["setAt"];
        room.desk.clock.advance_seconds(60);
        let same = json!({ "tokenSeconds": 7_200, "trust": trust(&json!({ "jwksUri": "https://1.1.1.1/keys" }))["trust"] });
        let same = room.call("PUT", id, Some(same)).await;
        assert_eq!((&same.body["trust"]["setAt"], &same.body["tokenSeconds"]), (set_at, &json!(7_200)), "what is the same keeps its age");
        let own = json!({ "tokenSeconds": 3_600, "trust": { "jwks": { "keys": [{ "kty": "EC" }] } } });
        let own = room.call("PUT", id, Some(own)).await;
        assert_eq!(own.body["trust"]["issuer"], made.body["client"]["clientId"]);
        assert_eq!(own.body["trust"]["audience"], made.body["client"]["tokenUrl"]);
        assert_ne!(&own.body["trust"]["setAt"], set_at);
        let none = room.call("PUT", id, Some(json!({ "tokenSeconds": 3_600 }))).await;
        assert_eq!((none.status, none.body.get("trust")), (200, None));

        // A bearer token is no client.
        let acme = room.desk.scratch.store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
        let connection = room.desk.store(&acme).connections().list().await.unwrap().remove(0);
        let (_, bearer) = room.desk.credential(&connection).await;
        assert_eq!(room.call("GET", &bearer.id.to_string(), None).await.status, 404);
        room.desk.clock.advance_seconds(1_000);
        let late = room.call("POST", &format!("{id}/secrets"), Some(json!({}))).await;
        assert_eq!((late.status, late.code()), (403, "sign_in_again"));
    }
}
