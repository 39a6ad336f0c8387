//! What ends by itself: access tokens, the secrets of OAuth clients, and the keys that sign.

use std::sync::Arc;

use domain::oauth::LONGEST;
use domain::{Cause, ClientSecret, Clock, FixedClock, Rights, SigningKey, SystemClock, Timestamp};
use serde_json::{Value, json};
use store::testing::author;
use store::{SyncEventFilter, TenantStore, on_both};

use crate::client::Service;
use crate::tokens::{by_secret, call, client, token};

/// A clock at a whole second, as access tokens count.
fn clock() -> Arc<FixedClock> {
    let now = SystemClock.now().as_micros();
    Arc::new(FixedClock::new(Timestamp::from_micros(now - now.rem_euclid(1_000_000))))
}

/// The newest cause of this code in the tenant's sync log.
async fn told(store: &TenantStore, code: &str) -> Cause {
    let filter = SyncEventFilter { limit: 1, cause: Some(code.to_owned()), ..SyncEventFilter::default() };
    for _ in 0..200 {
        if let Some(event) = store.sync_events().list(&filter).await.unwrap().into_iter().next() {
            assert_eq!(event.status, 401);
            return event.cause.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{code} is not in the log");
}

/// The names of the keys that are published.
async fn published(service: &Service) -> Vec<String> {
    let (status, set) = call(service, "GET", "/oauth/acme/jwks", None, &[]).await;
    assert_eq!(status, 200);
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

fn refused(answer: &(u16, Value)) {
    assert_eq!((answer.0, &answer.1["error"]), (401, &json!("invalid_client")), "{}", answer.1);
}

on_both! {
    async fn an_access_token_is_good_until_its_end_and_the_log_says_when_that_was(on) {
        let clock = clock();
        let service = Service::open_by(on, clock.clone()).await;
        let connection = service.connection("acme").await;
        let made = client(&service, &connection, Rights::Write, None).await;
        let (text, end) = (token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await), clock.now().plus_seconds(3_600));
        let idp = service.with_token("acme", &text);
        clock.advance_seconds(3_599);
        assert_eq!(idp.send("GET", "/Users", None).await.status, 200);
        clock.advance_seconds(1);
        assert_eq!(idp.send("GET", "/Users", None).await.status, 401);
        let expected = Cause::TokenEnded { starts_with: made.id.clone(), at: end.to_rfc3339() };
        assert_eq!(told(&made.store, "token_ended").await, expected);
        // The client itself goes on.
        let next = token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await);
        assert_eq!(service.with_token("acme", &next).send("GET", "/Users", None).await.status, 200);
    }

    async fn a_secret_that_ended_or_was_revoked_gets_nothing_while_another_goes_on(on) {
        let clock = clock();
        let service = Service::open_by(on, clock.clone()).await;
        let connection = service.connection("acme").await;
        let made = client(&service, &connection, Rights::Write, None).await;
        let (clients, id) = (made.store.oauth_clients(), made.credential.id);
        let (first, ending) = ClientSecret::issue(&service.key, None, clock.now(), Some(1)).unwrap();
        let (second, revoked) = ClientSecret::issue(&service.key, None, clock.now(), Some(1)).unwrap();
        for secret in [&ending, &revoked] {
            clients.add_secret(id, secret, &author()).await.unwrap();
        }
        for secret in [first.expose(), second.expose(), made.secret.as_str()] {
            token(&by_secret(&service, "acme", &made.id, secret, &[]).await);
        }
        let revoked_at = clock.now();
        clients.revoke_secret(id, revoked.id, revoked_at, &author()).await.unwrap();
        refused(&by_secret(&service, "acme", &made.id, second.expose(), &[]).await);
        let expected = Cause::ClientSecretRevoked { starts_with: revoked.starts_with(), at: revoked_at.to_rfc3339() };
        assert_eq!(told(&made.store, "client_secret_revoked").await, expected);

        clock.advance_seconds(86_399);
        let last = by_secret(&service, "acme", &made.id, first.expose(), &[]).await;
        assert_eq!(last.1["expires_in"], 1, "no token outlives the secret that got it");
        let last = last.1["access_token"].as_str().unwrap().to_owned();
        assert_eq!(service.with_token("acme", &last).send("GET", "/Users", None).await.status, 200);
        clock.advance_seconds(1);
        assert_eq!(service.with_token("acme", &last).send("GET", "/Users", None).await.status, 401);
        refused(&by_secret(&service, "acme", &made.id, first.expose(), &[]).await);
        let expected = Cause::ClientSecretEnded { starts_with: ending.starts_with(), at: clock.now().to_rfc3339() };
        assert_eq!(told(&made.store, "client_secret_ended").await, expected);

        let text = token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await);
        assert_eq!(service.with_token("acme", &text).send("GET", "/Users", None).await.status, 200);
    }

    async fn the_next_key_signs_by_itself_and_the_one_before_checks_until_its_tokens_end(on) {
        let clock = clock();
        let service = Service::open_by(on, clock.clone()).await;
        let connection = service.connection("acme").await;
        let made = client(&service, &connection, Rights::Write, None).await;
        let get = async || token(&by_secret(&service, "acme", &made.id, &made.secret, &[]).await);
        let status = async |text: &str| service.with_token("acme", text).send("GET", "/Users", None).await.status;
        let (first, took_over) = (get().await, clock.now().plus_days(SigningKey::DAYS));
        clock.advance_seconds(SigningKey::DAYS * 86_400 - 600);
        let old = get().await;
        assert_eq!(kid(&old), kid(&first), "a key serves its whole time");
        assert_eq!(published(&service).await, [kid(&old)]);

        clock.advance_seconds(600);
        assert_eq!(clock.now(), took_over);
        let young = get().await;
        assert_ne!(kid(&young), kid(&old));
        assert_eq!(kid(&get().await), kid(&young), "one key at a time");
        assert_eq!(published(&service).await, [kid(&young), kid(&old)]);
        clock.advance_seconds(2_999);
        assert_eq!((status(&old).await, status(&young).await), (200, 200));
        clock.advance_seconds(1);
        assert_eq!((status(&old).await, status(&young).await), (401, 200), "a token ends at its own time");
        assert!(matches!(told(&made.store, "token_ended").await, Cause::TokenEnded { .. }));

        // An hour's grace after the longest life of a token.
        clock.advance_seconds(i64::from(LONGEST) + 3_600 - 3_000 - 1);
        assert_eq!(published(&service).await, [kid(&young), kid(&old)]);
        clock.advance_seconds(1);
        assert_eq!(published(&service).await, [kid(&young)]);
    }
}
